import { HistoryError } from '../../properties/errors.ts'

/** Errors of the oracles name the event; people need the file as well. */
export function placed<T>(file: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof HistoryError) || error.message.startsWith(`${file}:`)) throw error
    throw new HistoryError(error.code, `${file}: ${error.message}`)
  }
}
