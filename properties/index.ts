/** `counterpoint/properties`: oracles that judge recorded histories, and the specifications that they judge by. */

export type { Decision, Holds, Inapplicable, Judgement, Limits, OracleVerdict, Unknown, Violated } from './decision.ts'
export { HistoryError, type HistoryErrorCode, isHistoryError } from './errors.ts'
export { type Completion, type History, type HistoryEvent, type HistoryOperation, operations } from './history.ts'
export { atomic, available, converged, durable } from './in-models/convergence.ts'
export { type HistoryMonitor, type HistoryOptions, type HistoryValue, history, type OperationEvents } from './in-models/history.ts'
export type { Answer, Plain } from './in-models/monitor.ts'
export { type SessionsMonitor, type SessionsValue, sessions } from './in-models/sessions.ts'
export { type TransactionsMonitor, type TransactionsValue, transactions } from './in-models/transactions.ts'
export { type WholeEvent, wholeHistory } from './in-models/whole-history.ts'
export type { Anomaly, AnomalyName, CycleStep } from './isolation/anomaly.ts'
export { type AnomalyDocument, anomalyDocument } from './isolation/evidence/anomaly-document.ts'
export { cycleDot, cycleMermaid } from './isolation/evidence/draw-cycle.ts'
export { type Explanation, explainAnomaly, explanationText, type Story, storyOf } from './isolation/evidence/explain.ts'
export { storyOfLevel } from './isolation/evidence/story-of-level.ts'
export { subHistory } from './isolation/evidence/sub-history.ts'
export {
  type Because,
  type IsolationJudgement,
  type IsolationOptions,
  judgeIsolation,
  type LevelJudgement,
} from './isolation/judge-isolation.ts'
export { aboutIsolation, implies, isolationLevelOf, isolationLevels } from './isolation/lattice.ts'
export { type IsolationLevel, levelBases } from './isolation/level.ts'
export { TableBuilder, type TableOptions, tableOf, transactionOf } from './isolation/table/table-builder.ts'
export type { Step, Transaction, TransactionStatus } from './isolation/table/transaction.ts'
export type { TransactionTable } from './isolation/table/transaction-table.ts'
export { transactionsOf } from './isolation/table/transactions-of.ts'
export type { ForcedOrder } from './isolation/weak-levels/weak-levels.ts'
export {
  type BankOptions,
  type CounterOptions,
  judgeBank,
  judgeCounter,
  judgeLongFork,
  judgeSet,
  type SetOptions,
  type WorkloadDecision,
  type WorkloadFinding,
  type WorkloadName,
  type WorkloadOptions,
  workloads,
} from './isolation/workloads/index.ts'
export { smallestStaleness } from './levels/bounded-staleness.ts'
export { smallestK } from './levels/k-atomic.ts'
export { type LevelName, levelNames } from './levels/names.ts'
export type { LevelOptions } from './levels/problem.ts'
export { LinearizabilityStream, type StreamOptions } from './linearizability/stream.ts'
export { faultIn, statesAfter } from './linearizability/witness.ts'
export { type FailReading, type Operation, operationsOf, type Reading } from './operation.ts'
export { operationName, operationText, processName } from './operation-text.ts'
export {
  type Access,
  type Apply,
  defineSpec,
  isSpec,
  type Monitor,
  type MonitorDecision,
  type Outcome,
  type Spec,
  type SpecDefinition,
  startingFrom,
  type Widened,
} from './spec.ts'
export {
  bank,
  casRegister,
  counter,
  deque,
  fencedLock,
  growOnlySet,
  keyValue,
  lease,
  log,
  minPriorityQueue,
  multiRegister,
  mutex,
  priorityQueue,
  queue,
  register,
  semaphore,
  set,
  specs,
  stack,
} from './specs/index.ts'
export { equal, isList, isRecord, keyOf, showValue, type Value } from './value.ts'
export { aboutLevel, type JudgeOptions, judge, type VerifyOptions, verify } from './verify.ts'
