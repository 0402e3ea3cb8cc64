/** What a history, a specification or an option can have wrong: one line that says where, what was expected and what to do. */

export type HistoryErrorCode =
  /** A file that is not in the format it looks like. */
  | 'history-syntax'
  /** Events that no clients can have produced: two returns for one call, a return without a call, a time that runs backwards. */
  | 'history-events'
  /** An operation that the specification does not know, or with an argument of another shape. */
  | 'history-operation'
  /** A value that is not plain data. */
  | 'not-plain-data'
  /** A specification that contradicts itself. */
  | 'specification'
  /** An unknown model, level or option. */
  | 'option'

/** An error of whoever wrote the history, the specification or the options; never a defect of this library. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
  readonly code: HistoryErrorCode

  constructor(code: HistoryErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export function isHistoryError(error: unknown): error is HistoryError {
  return error instanceof HistoryError
}

/** @throws Error, as a defect of this library, unless the condition holds */
export function invariant(condition: unknown, because: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${because}`)
}
