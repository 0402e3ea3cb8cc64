/** The body of a request, up to a limit. */
import type { IncomingMessage } from 'node:http'

/** Room for the digests of every state that a person may have looked at. */
export const bodyMax: number = 4 * 2 ** 20

/** The text; null: it is longer than the limit, and was not read to its end. */
export function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyMax) chunks.push(chunk)
      else {
        request.pause()
        resolve(null)
      }
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', reject)
  })
}
