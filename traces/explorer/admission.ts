/**
 * Who may ask the explorer's server: the page that it has served itself, and nobody else. The token keeps out other users of the
 * machine, and pages of other origins, which cannot know it; that the host is the loopback address keeps out names that somebody lets
 * point there (DNS rebinding); and the origin is a second reason to refuse what another page sends.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Admission {
  readonly port: number
  readonly token: string
}

/** Why a request is refused, in one line; null: it may come in. */
export function refusal({ headers }: IncomingMessage, given: string | null, { port, token }: Admission): string | null {
  const { host, origin } = headers
  const own = ['127.0.0.1', 'localhost'].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])])
  if (host === undefined || !own.includes(host))
    return `the host is not 127.0.0.1:${port}; open the address that counterpoint explore has printed`
  if (origin !== undefined && origin !== `http://${host}`)
    return 'the request comes from another page; open the address that counterpoint explore has printed'
  if (given === null || !isSame(given, token))
    return 'the token is missing or wrong; open the address that counterpoint explore has printed'
  return null
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
