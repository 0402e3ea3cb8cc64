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

/** The text of a model with a table: two writers of a register, each of which reads first, under one of three locks. */
export const tableModel: string = `import { cell, cells, defineModel, ids } from 'counterpoint'

export default defineModel({
  name: 'counter',
  about: 'Two workers increment a counter',
  constants: { lock: { default: 'long', oneOf: ['none', 'short', 'long'] }, rounds: { default: 1, min: 1, max: 9 } },
  bugs: { 'no-unlock': 'A worker never releases the lock' },
  state: (c) => ({ counter: cell(0), holder: cell<number | null>(null), seen: cells<number | null>(2, null), left: cells(2, c.rounds) }),
  actions: (on, c, bug) => ({
    read: on.action({
      each: ids(2),
      when: (s, i) => s.left[i] > 0 && s.seen[i] === null && s.holder === null,
      then: (s, i) => {
        s.seen[i] = s.counter
        if (c.lock === 'long') s.holder = i
      },
    }),
    write: on.action({
      each: ids(2),
      when: (s, i) => s.seen[i] !== null && (s.holder === null || s.holder === i),
      then: (s, i) => {
        s.counter = (s.seen[i] ?? 0) + 1
        s.seen[i] = null
        s.left[i] -= 1
        s.holder = bug('no-unlock') ? i : null
      },
    }),
  }),
  properties: (on, c) => ({
    noLostUpdate: on.always('no update is lost', (s) => s.left.some((left) => left > 0) || s.counter === 2 * c.rounds),
    bothWrite: on.sometimes('both workers write', (s) => s.left.every((left) => left === 0)),
    ...(c.lock === 'none' && { unlocked: on.always('nobody waits', (s) => s.holder === null) }),
  }),
  done: (s) => s.left.every((left) => left === 0),
  instances: [{ expect: 'holds' }],
  covers: ['Workers that read the counter and write it back', 'locks that are held while a worker writes, or from its read to its write'],
  omits: { 'more workers': 'two are enough for an update to be lost' },
  tables: {
    locks: {
      about: 'What each lock is good for',
      source: 'The textbook',
      rows: { 'no lock': { constants: { lock: 'none' } }, 'short | lock': { constants: { lock: 'short' } }, 'long lock': {} },
      columns: {
        'lost update': { property: 'noLostUpdate', words: { holds: 'not possible', violated: 'possible' } },
        'stuck for ever': {
          property: 'noDeadlock',
          variants: [{}, { bugs: ['no-unlock'] }],
          words: { holds: 'never', violated: 'always', differs: 'if it is not released' },
        },
        free: { property: 'unlocked' },
      },
      expect: {
        'no lock': ['possible', 'if it is not released', 'holds'],
        'short | lock': ['possible', 'if it is not released', null],
        'long lock': ['not possible', 'if it is not released', null],
      },
    },
  },
})
`
