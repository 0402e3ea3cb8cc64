/** Serves the explorer to this machine: its page, and the answers to its questions. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isUserError, type Program, UserError } from '../../checker/index.ts'
import { pageHtml } from '../html/report.ts'
import { visible } from '../text.ts'
import { type Admission, refusal } from './admission.ts'
import type { Questions, Refusal } from './api.ts'
import { bodyMax, readBody } from './body.ts'
import { type QuestionName, Session, type SessionOptions } from './session.ts'

export interface ExplorerOptions extends SessionOptions {
  /** A free one by default. */
  readonly port?: number
}

export interface RunningExplorer {
  /** The address to open, with its token. */
  readonly url: string
  /** Ends it, and what is being searched. */
  close(): Promise<void>
}

/**
 * Starts the explorer of a model, on 127.0.0.1 only.
 * @throws UserError where the model is wrong in itself, the page is not built, or the port is taken
 */
export async function startExplorer(program: Program, options: ExplorerOptions = {}): Promise<RunningExplorer> {
  const session = new Session(program, options)
  const { document } = session
  const page = pageHtml(`Explore ${document.model}`, 'explorer', document, "'self'")
  const token = randomBytes(24).toString('base64url')
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 })
  const port = await listening(server, options.port ?? 0)
  const admission: Admission = { port, token }
  server.on('request', (request, response) => {
    const gone = new AbortController()
    // Whoever asked has gone away, or does not want to know any more.
    response.once('close', () => gone.abort())
    const served = { session, page, admission, signal: gone.signal }
    respond(request, served).then(
      (reply) => send(response, reply),
      // The connection broke while the question came in.
      () => response.destroy(),
    )
  })
  return { url: `http://127.0.0.1:${port}/?token=${token}`, close: () => closed(server) }
}

interface Reply {
  readonly status: number
  readonly type: 'text/html' | 'text/plain' | 'application/json'
  readonly text: string
}

interface Served {
  readonly session: Session
  readonly page: string
  readonly admission: Admission
  readonly signal: AbortSignal
}

async function respond(request: IncomingMessage, { session, page, admission, signal }: Served): Promise<Reply> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const [, bearer = null] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
  const isPage = request.method === 'GET' && path === '/'
  const refused = refusal(request, isPage ? new URLSearchParams(query).get('token') : bearer, admission)
  if (refused !== null) return plain(403, refused)
  if (isPage) return { status: 200, type: 'text/html', text: page }
  const [, question = ''] = /^\/api\/(\w+)$/.exec(path) ?? []
  if (request.method !== 'POST' || !session.knows(question)) return plain(404, 'there is nothing here')
  if (request.headers['content-type'] !== 'application/json') return plain(415, 'a question is of the type application/json')
  const body = await readBody(request)
  if (body === null) return plain(413, `the question is larger than ${bodyMax} bytes`)
  const answer = await answered(session, question, { body, signal })
  return { status: 200, type: 'application/json', text: JSON.stringify(answer) }
}

interface Asked {
  readonly body: string
  readonly signal: AbortSignal
}

async function answered(
  session: Session,
  name: QuestionName,
  { body, signal }: Asked,
): Promise<Questions[QuestionName]['answer'] | Refusal> {
  try {
    return await session.answer(name, parsed(body), signal)
  } catch (error) {
    // A refusal is an answer like any other: the page shows it.
    if (isUserError(error)) return { error: visible(error.message.replace(/\s*\n\s*/g, ' ')) }
    const message = error instanceof Error ? error.message : String(error)
    return { error: visible(`internal error, a defect of counterpoint; please report it: ${message}`) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UserError('bad-option', 'the question is not JSON')
  }
}

function plain(status: number, text: string): Reply {
  return { status, type: 'text/plain', text: `${text}\n` }
}

function send(response: ServerResponse, { status, type, text }: Reply): void {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Security-Policy': "frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    // A body that was not read to its end would be taken for the next request.
    ...(status !== 200 && { Connection: 'close' }),
  })
  response.end(text)
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken =
        error.code === 'EADDRINUSE' ? 'is taken' : error.code === 'EACCES' ? 'is not for everyone' : `cannot be used (${error.message})`
      reject(new UserError('bad-option', `port ${port} of 127.0.0.1 ${taken}; choose another one, or leave --port out`))
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })
}
