/** The text of a user's model file: two clients and a lock. */
export const lockModel: string = `import { cell, defineModel, ids } from 'counterpoint'

type Holder = number | null

export default defineModel({
  name: 'lock',
  about: 'Two clients and a test-and-set lock',
  constants: { clients: { default: 2, min: 1, max: 4 } },
  bugs: { 'no-guard': 'Anyone may acquire the lock' },
  state: (c) => ({ holder: cell<Holder>(null), inside: cell(0), clients: cell(c.clients) }),
  actions: (on, c, bug) => ({
    acquire: on.action({
      each: ids(c.clients),
      when: (s) => bug('no-guard') || s.holder === null,
      then: (s, i) => {
        s.holder = i
        s.inside += 1
      },
    }),
    release: on.action({
      each: ids(c.clients),
      when: (s, i) => s.holder === i,
      then: (s) => {
        s.holder = null
        s.inside -= 1
      },
    }),
  }),
  properties: (on) => ({
    exclusive: on.always('one client at a time holds the lock', (s) => s.inside < 2 || \`\${s.inside} clients are inside\`),
    held: on.sometimes('client 1 holds the lock', (s) => s.holder === 1),
  }),
  boundary: (s) => s.inside < 4,
})
`
