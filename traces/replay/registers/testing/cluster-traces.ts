/** The shortest traces of clients of Raft, and of locks with leases, that clusters of real servers are taken along. */
import { type CheckOptions, check, type Model } from '../../../../checker/index.ts'
import { chubby, raftClients } from '../../../../models/index.ts'
import { type Replay, replay } from '../../../replay.ts'
import { lockPlan } from '../../locks/lock-plan.ts'
import type { Scenario } from '../../scenario.ts'

type Named = readonly (readonly [name: string, Scenario])[]

export function traceOf(model: Model, property: string, options: CheckOptions): Replay {
  const [violation] = check(model, { ...options, properties: [property] }).violations
  if (violation === undefined) throw new Error(`${property} of ${model.name} is not violated`)
  return replay(model, { ...violation.trace, part: violation.part })
}

export const localReads: Readonly<Record<string, string | boolean>> = { reads: 'local', isElected: true }
const sessions = { ...localReads, judged: 'sessions' }

/** Reads at a follower that return what is old, by the level that they violate. */
export function staleReads(plan: (replayed: Replay) => Scenario): Named {
  return [
    ['linearizable', plan(traceOf(raftClients, 'linearizable', { constants: localReads }))],
    ['read-your-writes', plan(traceOf(raftClients, 'readYourWrites', { constants: sessions }))],
    ['monotonic-reads', plan(traceOf(raftClients, 'monotonicReads', { constants: { ...sessions, readsEach: 2 } }))],
  ]
}

/** Holders of a lock that act after the next one has. */
export const lateHolders: Named = [
  ['requests without sequencers', lockPlan(traceOf(chubby, 'ordered', { bugs: ['no-sequencer-check'] }))],
  ['no lock-delay', lockPlan(traceOf(chubby, 'ordered', { bugs: ['no-lock-delay'] }))],
]

/** Who does something in a scenario. */
export function actorsOf({ steps }: Scenario): readonly string[] {
  return [...new Set(steps.flatMap(({ step }) => (step.kind === 'operation' ? [step.actor] : [])))]
}
