import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cell, defineModel, program } from '../../checker/index.ts'
import { raft } from '../../models/index.ts'
import { bodyMax } from './body.ts'
import { type RunningExplorer, startExplorer } from './server.ts'
import { ask } from './testing/asking.ts'

interface Told {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

let explorer: RunningExplorer
let port = 0
let token = ''
beforeAll(async () => {
  explorer = await startExplorer(program(raft))
  const { port: given, searchParams } = new URL(explorer.url)
  port = Number(given)
  token = searchParams.get('token') ?? ''
})
afterAll(() => explorer.close())

/** Unlike fetch, this sends whatever host and origin it is told to. */
function send(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<Told> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: response.headers }),
        )
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

const own = (): Record<string, string> => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })
const place = JSON.stringify({ path: [0] })

describe('the server of the explorer', () => {
  it('serves its page and its answers to whoever has the token', async () => {
    const page = await send('GET', `/?token=${token}`)
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(page.text).toContain("connect-src 'self'")
    expect(page.text).not.toContain(token)
    const { status, text } = await send('POST', '/api/path', { ...own(), origin: `http://127.0.0.1:${port}` }, place)
    expect({ status, digests: JSON.parse(text).digests.length }).toEqual({ status: 200, digests: 1 })
    const local = await send('POST', '/api/path', { ...own(), host: `localhost:${port}`, origin: `http://localhost:${port}` }, place)
    expect(local.status).toBe(200)
  })

  it('has another token each time, of 192 bits', async () => {
    const other = await startExplorer(program(raft))
    const [a, b] = [explorer, other].map(({ url }) => new URL(url).searchParams.get('token') ?? '')
    expect(a).toMatch(/^[\w-]{32}$/)
    expect(b).not.toBe(a)
    await other.close()
  })

  it('is not reached by any address but that of the loopback', async () => {
    expect(new URL(explorer.url).hostname).toBe('127.0.0.1')
    const isReached = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.2', port })
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    expect(isReached).toBe(false)
  })

  const foreign: readonly (readonly [string, () => Record<string, string>, string])[] = [
    ['another host', () => ({ ...own(), host: 'evil.example' }), 'the host is not'],
    ['a host of another port', () => ({ ...own(), host: '127.0.0.1:1' }), 'the host is not'],
    ['a host that only begins well', () => ({ ...own(), host: `127.0.0.1:${port}.evil.example` }), 'the host is not'],
    ['another origin', () => ({ ...own(), origin: 'https://evil.example' }), 'the request comes from another page'],
    ['the origin of no page', () => ({ ...own(), origin: 'null' }), 'the request comes from another page'],
    ['an origin of another port', () => ({ ...own(), origin: 'http://127.0.0.1:1' }), 'the request comes from another page'],
    ['no token', () => ({ 'content-type': 'application/json' }), 'the token is missing or wrong'],
    ['a wrong token', () => ({ ...own(), authorization: `Bearer ${token.slice(0, -1)}` }), 'the token is missing or wrong'],
    ['a token of the wrong kind', () => ({ ...own(), authorization: `Basic ${token}` }), 'the token is missing or wrong'],
  ]
  it.each(foreign)('refuses %s in one line', async (_, headers, said) => {
    const { status, text, headers: sent } = await send('POST', '/api/path', headers(), place)
    expect({ status, text }).toEqual({
      status: 403,
      text: expect.stringMatching(new RegExp(`^${said}.*counterpoint explore has printed\n$`)),
    })
    expect(Object.keys(sent).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('refuses its page without the token, and with one in the wrong place', async () => {
    for (const path of ['/', '/?token=', '/?token=x', '/?Token=x']) expect((await send('GET', path)).status).toBe(403)
    expect((await send('GET', '/', { authorization: `Bearer ${token}` })).status).toBe(403)
    expect((await send('POST', `/api/path?token=${token}`, { 'content-type': 'application/json' }, place)).status).toBe(403)
  })

  it('answers nothing but GET / and POST /api', async () => {
    const asked = [
      ['GET', '/api/path'],
      ['POST', '/'],
      ['PUT', '/api/path'],
      ['OPTIONS', '/api/path'],
      ['DELETE', '/'],
      ['POST', '/api/'],
      ['POST', '/api/constructor'],
      ['POST', '/api/__proto__'],
      ['POST', '/api/path/../path'],
      ['GET', '/favicon.ico'],
      ['GET', '/../../etc/passwd'],
      ['POST', 'http://evil.example/api/none'],
    ] as const
    for (const [method, path] of asked)
      expect((await send(method, path, own(), ['POST', 'PUT'].includes(method) ? place : '')).status).toBe(404)
  })

  it('says the same careful things in every head, and lets no other page read it', async () => {
    for (const reply of [await send('GET', `/?token=${token}`), await send('GET', '/'), await send('POST', '/api/path', own(), place)]) {
      expect(reply.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'content-security-policy': "frame-ancestors 'none'",
      })
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('takes no question that is too long, or of another type, and goes on', async () => {
    expect((await send('POST', '/api/path', own(), ' '.repeat(bodyMax + 1))).status).toBe(413)
    expect((await send('POST', '/api/path', { ...own(), 'content-type': 'text/plain' }, place)).status).toBe(415)
    expect((await send('POST', '/api/path', own(), place)).status).toBe(200)
  })

  it.each([
    ['', 'the question is not JSON'],
    ['{"path":', 'the question is not JSON'],
    ['null', 'path: the question: '],
    ['[]', 'path: the question: '],
    ['{}', 'path: path: '],
    ['{"path":[]}', 'path: path: '],
    ['{"path":[-1]}', 'path: path.0: '],
    ['{"path":[0.5]}', 'path: path.0: '],
    ['{"path":["0"]}', 'path: path.0: '],
    [`{"path":[${'0,'.repeat(6000)}0]}`, 'path: path: '],
    ['{"path":{"length":1}}', 'path: path: '],
    [`${'['.repeat(20_000)}`, 'the question is not JSON'],
  ])('answers the hostile body %.30s with one line', async (body, said) => {
    const { status, text } = await send('POST', '/api/path', own(), body)
    const { error } = JSON.parse(text) as { error: string }
    expect({ status, error }).toEqual({ status: 200, error: expect.stringContaining(said) })
    expect(error).not.toContain('\n')
  })

  it('answers a bad predicate, and one that never ends, with one line, and goes on', async () => {
    expect(await ask(explorer, 'find', { path: [0], predicate: 's.' })).toEqual({
      error: expect.stringMatching(/^the predicate s\.: cannot be read/),
    })
    expect(await ask(explorer, 'find', { path: [0], predicate: '(() => { for (;;); })()' })).toEqual({
      error: expect.stringContaining('takes more than 1000 ms; it may never end'),
    })
    expect(await ask(explorer, 'find', { path: [0], predicate: 's.server[0].currentTerm === 1' })).toMatchObject({ path: [0, 0] })
  })

  it('says in one line what a model throws, and goes on', async () => {
    const model = defineModel({
      name: 'throws',
      about: 'It throws',
      state: () => ({ x: cell(0) }),
      actions: (on) => ({
        go: on.action({
          then: (s) => {
            if (s.x === 1) throw new Error('first line\nsecond line')
            s.x += 1
          },
        }),
      }),
      properties: () => ({}),
    })
    const other = await startExplorer(program(model))
    expect(await ask(other, 'choices', { path: [0, 0] })).toEqual({ error: 'action go of model throws threw: first line' })
    expect(await ask(other, 'choices', { path: [0] })).toMatchObject({ possible: [{ choice: 0 }] })
    await other.close()
  })

  it('ends a search when nobody waits for it any more, and answers others meanwhile', async () => {
    const { origin } = new URL(explorer.url)
    const stop = new AbortController()
    const searching = fetch(`${origin}/api/find`, {
      method: 'POST',
      headers: own(),
      body: JSON.stringify({ path: [0], predicate: 'false' }),
      signal: stop.signal,
    })
    await expect(ask(explorer, 'path', { path: [0] })).resolves.toMatchObject({ cut: null })
    stop.abort()
    await expect(searching).rejects.toThrow()
  })

  it('refuses a port that is taken, in one line', async () => {
    await expect(startExplorer(program(raft), { port })).rejects.toThrow(/^port \d+ of 127\.0\.0\.1 is taken; choose another one/)
  })
})
