/**
 * Everything a user can cause arrives as a `UserError`: one line, a stable code, the place and the remedy.
 * Anything else that is thrown is a defect of ours.
 */
import { closest, distance } from 'fastest-levenshtein'

export type ErrorCode =
  | 'unknown-constant'
  | 'bad-constant'
  | 'unknown-bug'
  | 'unknown-property'
  | 'unknown-action'
  | 'bad-option'
  | 'bad-model'
  | 'model-threw'
  | 'impure'
  | 'not-plain-data'
  | 'bad-operation'
  | 'bad-trace'
  | 'bad-log'
  | 'bad-file'

export class UserError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.name = 'UserError'
    this.code = code
  }
}

/** True also for errors of a second copy of this package, which a user's model file may have loaded. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError' && 'code' in error
}

/** Stops on the impossible; `because` says why it cannot happen. */
export function invariant(condition: unknown, because: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${because}`)
}

/** `, did you mean "x"?` where a candidate is near, else the whole choice. */
export function suggest(name: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '; there are none'
  const nearest = closest(name, candidates)
  if (distance(name, nearest) <= Math.max(2, name.length / 3)) return `, did you mean "${nearest}"?`
  return `; there are ${candidates.join(', ')}`
}

/** @throws UserError `bad-model` for a key that means nothing: a misspelt option would otherwise be no option at all */
export function onlyKeys(what: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw new UserError('bad-model', `${what} has no option "${key}"${suggest(key, known)}`)
  }
}

/** The model's own exception as one line that names the function; our errors get the place in front. */
export function blame(error: unknown, where: string): Error {
  if (isUserError(error)) {
    const placed =
      error.code === 'model-threw' ||
      error.code === 'bad-constant' ||
      error.code === 'unknown-constant' ||
      error.code === 'unknown-bug' ||
      error.message.startsWith(where)
    return placed ? error : new UserError(error.code, `${where}: ${error.message}`)
  }
  const message = error instanceof Error ? error.message : String(error)
  return new UserError('model-threw', `${where} threw: ${message.split('\n')[0]}`)
}
