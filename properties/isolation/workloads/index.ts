/** Workloads whose transactions are judged by an invariant of what they read, by name. */
import type { HistoryEvent } from '../../history.ts'
import type { Value } from '../../value.ts'
import { type BankOptions, judgeBank } from './bank.ts'
import { type CounterOptions, judgeCounter } from './counter.ts'
import { judgeLongFork } from './long-fork.ts'
import { judgeSet, type SetOptions } from './set.ts'
import type { WorkloadDecision } from './workload.ts'

export type { WorkloadDecision, WorkloadFinding } from './workload.ts'
export type { BankOptions, CounterOptions, SetOptions }
export { judgeBank, judgeCounter, judgeLongFork, judgeSet }

/** What can be said of each. */
export interface WorkloadOptions {
  readonly bank: BankOptions
  readonly counter: CounterOptions
  readonly set: SetOptions
  readonly 'long-fork': Readonly<Record<never, never>>
}

export type WorkloadName = keyof WorkloadOptions

export const workloads: {
  readonly [Name in WorkloadName]: (history: Iterable<HistoryEvent<Value>>, options?: WorkloadOptions[Name]) => WorkloadDecision
} = {
  bank: judgeBank,
  counter: judgeCounter,
  set: judgeSet,
  'long-fork': judgeLongFork,
}
