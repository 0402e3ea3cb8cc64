/** A user's own model, as in their project: two clients and a lock. */
import { cell, cells, defineModel, ids } from 'counterpoint'

export default defineModel({
  name: 'lock',
  about: 'Clients take turns with a lock',
  constants: { clients: { default: 2, min: 1, max: 5, about: 'who wants the lock' } },
  bugs: { 'no-test': { about: 'A client takes the lock without looking', violates: 'exclusive' } },
  state: (c) => ({
    holder: cell<number | null>(null),
    inside: cells(c.clients, false as boolean),
  }),
  actions: (on, c, bug) => ({
    enter: on.action({
      each: ids(c.clients),
      when: (s, i) => !s.inside[i] && (s.holder === null || bug('no-test')),
      then: (s, i) => {
        s.holder = i
        s.inside[i] = true
      },
    }),
    leave: on.action({
      each: ids(c.clients),
      when: (s, i) => s.inside[i] === true,
      then: (s, i) => {
        s.holder = null
        s.inside[i] = false
      },
    }),
  }),
  properties: (on) => ({
    exclusive: on.always('one client at a time is inside', (s) => s.inside.filter((inside) => inside).length <= 1),
    entered: on.sometimes('a client enters', (s) => s.inside.some((inside) => inside)),
  }),
})
