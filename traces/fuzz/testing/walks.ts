/** Walks of models on the targets of the replayer, for tests of what holds on all of them. */
import fc from 'fast-check'
import { type Model, program, type Simulation, simulation } from '../../../checker/index.ts'
import { chubby, chubbyCell, dynamo, growOnlyCounter, raft, raftClients, replication, transactions } from '../../../models/index.ts'
import { PathArbitrary } from '../../fast-check-paths.ts'
import type { Adapter } from '../../replay/adapter.ts'
import type { Target } from '../../replay/target.ts'
import { targetNamed } from '../../replay/targets.ts'
import type { Path } from '../path.ts'

export interface Walks {
  readonly title: string
  readonly target: Target
  /** What to install; null where it is there. */
  readonly missing: string | null
  readonly sim: Simulation
  /** Different ones, that begin in one state. */
  readonly paths: readonly Path[]
}

type Constants = Readonly<Record<string, number | boolean | string>>

const lostUpdate = { control: 'mvcc-read-committed', workload: 'lost-update' }
const locks = { isHeld: true, prompt: true }

/** By the name of the target, models and constants, and how many steps a walk has at the most. */
const all: readonly (readonly [name: string, model: Model, constants: Constants, steps: number])[] = [
  ['liferaft', raft, { maxLog: 0, crashes: 0 }, 15],
  ['coaty-raft', raft, { maxLog: 0, maxTerm: 1 }, 15],
  ['yjs', growOnlyCounter, {}, 15],
  ['postgres', transactions, lostUpdate, 15],
  ['mariadb', transactions, lostUpdate, 15],
  ['redis-lock', chubby, locks, 20],
  ['redlock', chubbyCell, { replicas: 3, lease: 1, crashes: 1, prompt: true }, 15],
  ['redis-quorum', dynamo, { reads: 2, crashes: 1 }, 12],
  ['redis-replication', replication, { mode: 'async' }, 10],
  ['etcd', chubby, locks, 20],
  ['etcd', raftClients, { reads: 'local', isElected: true }, 12],
  ['zookeeper', chubby, locks, 20],
]

export const walksOnAll: readonly Walks[] = all.map(([name, model, constants, steps]) => {
  const target = targetNamed(name)
  const missing = target.missing()
  const sim = simulation(program(model, { constants, bugs: [], properties: [] }))
  const arbitrary = new PathArbitrary(sim, { maxLength: steps, needed: () => undefined, isThorough: false })
  const drawn = missing === null ? fc.sample(arbitrary, { seed: 1, numRuns: 10 }) : []
  const [first] = drawn
  const paths = drawn.filter((path) => JSON.stringify(path.states[0]) === JSON.stringify(first?.states[0]))
  const title = `${name}, ${model.name}${missing === null ? '' : ` (skipped: ${missing})`}`
  return { title, target, missing, sim, paths: paths.slice(0, target.isInProcess ? 3 : 2) }
})

/** Those of a target that needs no server. */
export function walksOn(name: string): Walks {
  const found = walksOnAll.find(({ target }) => target.name === name)
  if (found === undefined) throw new Error(`there are no walks on ${name}`)
  return found
}

/** The target with other adapters in the place of its own. */
export function withAdapter(target: Target, change: (adapter: Adapter) => Adapter): Target {
  return {
    ...target,
    open: async (...how) => {
      const open = await target.open(...how)
      return { ...open, adapter: change(open.adapter) }
    },
  }
}

/** The adapter with some of its functions replaced. */
export function changed(adapter: Adapter, changes: { readonly [name in keyof Adapter]?: Adapter[name] | undefined }): Adapter {
  return new Proxy(adapter, {
    get: (of, name) => {
      if (name in changes) return changes[name as keyof Adapter]
      const value: unknown = Reflect.get(of, name, of)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}
