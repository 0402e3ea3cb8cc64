/** The bytes of a file, a mebibyte at a time; what gzip has packed is unpacked. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { HistoryError } from '../../properties/errors.ts'

const chunkBytes = 1 << 20

/**
 * @param shown what errors call the file
 * @throws HistoryError `history-syntax` for a file that cannot be read
 */
export function* fileChunks(path: string, shown: string = path): Generator<Uint8Array, void, undefined> {
  const descriptor = attempt(shown, () => openSync(path, 'r'))
  try {
    let first = true
    for (;;) {
      // A fresh buffer a chunk: whoever is given one may keep it.
      const buffer = Buffer.allocUnsafe(chunkBytes)
      const length = attempt(shown, () => readSync(descriptor, buffer, 0, chunkBytes, null))
      if (length === 0) return
      if (first && buffer[0] === 0x1f && length > 1 && buffer[1] === 0x8b) {
        const rest = attempt(shown, () => readFileSync(descriptor))
        yield attempt(shown, () => gunzipSync(Buffer.concat([buffer.subarray(0, length), rest])))
        return
      }
      first = false
      yield buffer.subarray(0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}

function attempt<T>(shown: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw new HistoryError('history-syntax', `cannot read ${shown}: ${reason(error)}`)
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return 'no such file'
    case 'EISDIR':
      return 'it is a directory'
    case 'EACCES':
      return 'permission denied'
    default:
      return code?.startsWith('Z_') ? `it is not gzip to its end (${message})` : message
  }
}
