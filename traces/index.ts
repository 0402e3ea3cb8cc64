export { type ExplorerOptions, openBrowser, type RunningExplorer, startExplorer } from './explorer/index.ts'
export { readTrace, type TraceDocument, traceSchema, writeTrace } from './format.ts'
export { type Divergence, type FuzzOptions, type FuzzProgress, type FuzzResult, fuzz } from './fuzz/fuzz.ts'
export { type ImplementationSpec, implementation, isTarget, type StepSeen } from './fuzz/implementation.ts'
export { type FuzzTextOptions, showFuzz } from './fuzz/show-fuzz.ts'
export { type AnyVerdict, anyDocument, cycleGraph, levelVerdicts } from './histories/any-verdict.ts'
export { type HistoryKind, historyKind } from './histories/history-kind.ts'
export {
  type Format,
  type FormatName,
  fileChunks,
  formats,
  listFormats,
  type OpenHistory,
  openHistory,
  type ReadHistory,
  type ReadOptions,
  type ReadTransactions,
  type ReadTransactionsOptions,
  readHistory,
  readHistoryFile,
  readTransactions,
  readTransactionsFile,
  type Ties,
  type TransactionModel,
  type WrittenFormat,
  writeHistory,
} from './histories/index.ts'
export {
  type CallOptions,
  type RecordedCall,
  type Recorder,
  type RecorderOptions,
  type RecordingClient,
  recorder,
} from './histories/recorder.ts'
export { saveHistory } from './histories/save-history.ts'
export { type JudgementOptions, type OperationsOptions, showJudgement, showOperations } from './histories/show-history.ts'
export { type IsolationTextOptions, isolationReason, showAnomalies, showIsolation } from './histories/show-isolation.ts'
export { type JudgedWorkload, showWorkload, type WorkloadTextOptions, workloadLevel } from './histories/show-workload.ts'
export {
  type RecordedTransaction,
  type TransactionRecorder,
  type TransactionRecorderOptions,
  transactionRecorder,
} from './histories/transaction-recorder.ts'
export { jsonText, verdictDocument, worstVerdict } from './histories/verdict-document.ts'
export { type FileVerdict, type VerifyFileOptions, verifyFile } from './histories/verify-file.ts'
export { type TransactionsVerdict, type VerifyTransactionsOptions, verifyTransactionsFile } from './histories/verify-transactions.ts'
export { type VerifyWorkloadOptions, verifyWorkloadFile, type WorkloadVerdict } from './histories/verify-workload.ts'
export { TimeoutError } from './histories/within-time.ts'
export { checkReport, type ReportDocument, reportHtml, type TraceReportOptions, traceReport, verdictReport } from './html/index.ts'
export { traceItf } from './itf.ts'
export { readSchedule, type ScheduleDocument, writeSchedule } from './maelstrom/document.ts'
export { strategies as maelstromStrategies } from './maelstrom/explorer.ts'
export {
  type JudgedRun,
  type MaelstromOptions,
  type MaelstromResult,
  maelstromWorkloads,
  replayMaelstrom,
  runMaelstrom,
} from './maelstrom/maelstrom.ts'
export { clocks as maelstromClocks } from './maelstrom/program.ts'
export { showMaelstrom } from './maelstrom/show-maelstrom.ts'
export { traceMermaid } from './mermaid.ts'
export { minimize, minimizing, minimizingResult } from './minimize.ts'
export {
  type QuorumAnswer,
  type QuorumOperation,
  type QuorumOptions,
  type QuorumReplica,
  QuorumRequest,
  type QuorumVersion,
} from './replay/quorum/quorum-request.ts'
export { ReadyTarget } from './replay/ready-target.ts'
export { type RecordedRow, type RecordedRun, recordedRun } from './replay/recorded-run.ts'
export { type RealRun, type RealVerdict, replayOn, type TakenStep } from './replay/replayer.ts'
export type { Scenario } from './replay/scenario.ts'
export { type RunTextOptions, showRun } from './replay/show-run.ts'
export { type OpenTarget, scenarioOf, type Target, type TargetOptions } from './replay/target.ts'
export { targetNamed, targets } from './replay/targets.ts'
export { findingText, type Replay, replay, stepText } from './replay.ts'
export { type ShowOptions, showReplay, showTrace } from './show.ts'
export type { Difference, Failure } from './validation/failure.ts'
export { type Log, type LogEvent, type LogHeader, readLog } from './validation/log.ts'
export type { SearchProgress } from './validation/search.ts'
export { showValidation, type ValidationTextOptions } from './validation/show-validation.ts'
export { type ValidateOptions, type Validation, validate, validating } from './validation/validate.ts'
export { writeWhole } from './whole-file.ts'
