/** Workloads whose transactions are judged by an invariant of what they read, by name. */
import type { HistoryEvent } from '../../history.ts'
import type { Value } from '../../value.ts'
import { judgeBank } from './bank.ts'
import { judgeCounter } from './counter.ts'
import { judgeLongFork } from './long-fork.ts'
import { judgeSet } from './set.ts'
import type { WorkloadDecision } from './workload.ts'

export type { BankOptions } from './bank.ts'
export type { CounterOptions } from './counter.ts'
export type { SetOptions } from './set.ts'
export type { WorkloadDecision, WorkloadFinding } from './workload.ts'
export { judgeBank, judgeCounter, judgeLongFork, judgeSet }

export type WorkloadName = 'bank' | 'counter' | 'set' | 'long-fork'

/** Each with the options that it has by default. */
export const workloads: Readonly<Record<WorkloadName, (history: Iterable<HistoryEvent<Value>>) => WorkloadDecision>> = {
  bank: judgeBank,
  counter: judgeCounter,
  set: judgeSet,
  'long-fork': judgeLongFork,
}
