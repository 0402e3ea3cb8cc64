export { readTrace, type TraceDocument, traceSchema, writeTrace } from './format.ts'
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
  readHistory,
  readHistoryFile,
  type Ties,
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
  TimeoutError,
} from './histories/recorder.ts'
export { type JudgementOptions, type OperationsOptions, showJudgement, showOperations } from './histories/show-history.ts'
export { jsonText, verdictDocument, worstVerdict } from './histories/verdict-document.ts'
export { type FileVerdict, type VerifyFileOptions, verifyFile } from './histories/verify-file.ts'
export { minimize, minimizing, minimizingResult } from './minimize.ts'
export { findingText, type Replay, replay, stepText } from './replay.ts'
export { type ShowOptions, showReplay, showTrace } from './show.ts'
export { writeWhole } from './whole-file.ts'
