import { cell, cells, defineModel, ids } from 'counterpoint'

interface Worker {
  at: 'start' | 'read' | 'done'
  seen: number
}

export default defineModel({
  name: 'lost-update',
  about: 'Workers increment a shared counter: read it, add one, write it back',
  constants: { workers: { default: 2, min: 1, max: 6 } },
  state: (c) => ({
    counter: cell(0),
    worker: cells<Worker>(c.workers, { at: 'start', seen: 0 }),
  }),
  actions: (on, c) => ({
    read: on.action({
      each: ids(c.workers),
      when: (s, i) => s.worker[i].at === 'start',
      then: (s, i) => {
        s.worker[i] = { at: 'read', seen: s.counter }
      },
    }),
    write: on.action({
      each: ids(c.workers),
      when: (s, i) => s.worker[i].at === 'read',
      then: (s, i) => {
        s.counter = s.worker[i].seen + 1
        s.worker[i].at = 'done'
      },
    }),
  }),
  properties: (on) => ({
    noLostUpdate: on.always('every finished worker is counted', (s) => {
      const finished = s.worker.filter(({ at }) => at === 'done').length
      return s.counter >= finished || `${finished} workers have finished, but the counter is ${s.counter}`
    }),
    allFinish: on.sometimes('all workers finish', (s) => s.worker.every(({ at }) => at === 'done')),
  }),
  done: (s) => s.worker.every(({ at }) => at === 'done'),
})
