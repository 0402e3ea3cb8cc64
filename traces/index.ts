export { readTrace, type TraceDocument, traceSchema, writeTrace } from './format.ts'
export { minimize, minimizing, minimizingResult } from './minimize.ts'
export { findingText, type Replay, replay, stepText } from './replay.ts'
export { type ShowOptions, showReplay, showTrace } from './show.ts'
