/**
 * A connection to a ZooKeeper server that does nothing by itself: no pings, no other server when this one is gone. So a client that is
 * paused is one that is not asked to do anything; and what npm's clients lack is there, `sync` and sessions that another connection takes over.
 */
import { connect, type Socket } from 'node:net'
import { JuteReader, JuteWriter } from './jute.ts'

/** What identifies a session: whoever has it can take the session over. */
export interface Session {
  readonly id: bigint
  readonly password: Buffer
}

export interface Stat {
  /** The transaction that created the node: no other one has the same. */
  readonly created: number
  readonly version: number
  /** The session that the node ends with; 0 for none. */
  readonly owner: bigint
}

export class ZookeeperError extends Error {
  override readonly name = 'ZookeeperError'
  /** As ZooKeeper calls it: `NONODE`. */
  readonly code: string

  constructor(code: string) {
    super(meanings[code] ?? `the server has answered ${code}`)
    this.code = code
  }
}

interface Pending {
  readonly resolve: (answer: JuteReader) => void
  readonly reject: (error: ZookeeperError) => void
}

export class ZookeeperConnection {
  readonly #socket: Socket
  readonly #pending = new Map<number, Pending>()
  #rest: Buffer = Buffer.alloc(0)
  #requests = 0
  #isClosed = false
  #session: Session | null = null
  #opened: Pending | null = null

  private constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk) => this.#receive(chunk))
    // Its close follows.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => this.#end())
  }

  /**
   * @param session one that is to be taken over; a new one unless told
   * @throws ZookeeperError
   */
  static async open(port: number, session: Session = { id: 0n, password: Buffer.alloc(16) }): Promise<ZookeeperConnection> {
    const connection = new ZookeeperConnection(port)
    const answer = new Promise<JuteReader>((resolve, reject) => {
      connection.#opened = { resolve, reject }
    })
    const hello = new JuteWriter().int(0).long(0n).int(sessionMs).long(session.id).bytes(session.password).boolean(false)
    connection.#socket.write(hello.packet())
    await answer
    return connection
  }

  get session(): Session {
    if (this.#session === null) throw new Error('because a connection is only returned with its session')
    return this.#session
  }

  async create(path: string, data: string, options: { readonly isEphemeral?: boolean } = {}): Promise<void> {
    const { isEphemeral = false } = options
    await this.#request(operations.create, (request) => everybodyMay(request.bytes(path).bytes(data)).int(isEphemeral ? ephemeral : 0))
  }

  async remove(path: string): Promise<void> {
    await this.#request(operations.remove, (request) => request.bytes(path).int(anyVersion))
  }

  /** Null where there is no such node. */
  async stat(path: string): Promise<Stat | null> {
    const answer = await nullIfMissing(this.#request(operations.exists, (request) => request.bytes(path).boolean(false)))
    return answer === null ? null : statOf(answer)
  }

  async get(path: string): Promise<{ readonly data: string; readonly stat: Stat }> {
    const answer = await this.#request(operations.get, (request) => request.bytes(path).boolean(false))
    return { data: answer.bytes().toString(), stat: statOf(answer) }
  }

  async set(path: string, data: string, version: number = anyVersion): Promise<void> {
    await this.#request(operations.set, (request) => request.bytes(path).bytes(data).int(version))
  }

  /** The server has applied all that the leader has done by now. */
  async sync(path: string): Promise<void> {
    await this.#request(operations.sync, (request) => request.bytes(path))
  }

  /** Ends the session: its ephemeral nodes are removed. */
  async closeSession(): Promise<void> {
    await this.#request(operations.closeSession, (request) => request)
    this.drop()
  }

  /** Ends the connection, and leaves the session as it is. */
  drop(): void {
    this.#socket.destroy()
  }

  #request(operation: number, write: (request: JuteWriter) => JuteWriter): Promise<JuteReader> {
    if (this.#isClosed) return Promise.reject(new ZookeeperError(connectionLoss))
    this.#requests += 1
    const number = this.#requests
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { resolve, reject })
      this.#socket.write(write(new JuteWriter().int(number).int(operation)).packet())
    })
  }

  #receive(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    while (this.#rest.length >= 4) {
      const end = 4 + this.#rest.readInt32BE(0)
      if (this.#rest.length < end) return
      const answer = new JuteReader(this.#rest.subarray(4, end))
      this.#rest = this.#rest.subarray(end)
      if (this.#session === null) this.#open(answer)
      else this.#answer(answer)
    }
  }

  #open(answer: JuteReader): void {
    answer.int()
    const timeout = answer.int()
    const id = answer.long()
    this.#session = { id, password: Buffer.from(answer.bytes()) }
    if (timeout > 0) this.#opened?.resolve(answer)
    else this.#opened?.reject(new ZookeeperError('SESSIONEXPIRED'))
  }

  #answer(answer: JuteReader): void {
    const number = answer.int()
    answer.long()
    const error = answer.int()
    const pending = this.#pending.get(number)
    this.#pending.delete(number)
    if (error === 0) pending?.resolve(answer)
    else pending?.reject(new ZookeeperError(codes[error] ?? `error ${error}`))
  }

  #end(): void {
    this.#isClosed = true
    const lost = new ZookeeperError(connectionLoss)
    this.#opened?.reject(lost)
    for (const { reject } of this.#pending.values()) reject(lost)
    this.#pending.clear()
  }
}

/** Longer than any run: a session ends by a step. */
const sessionMs = 600_000

const operations = { create: 1, remove: 2, exists: 3, get: 4, set: 5, sync: 9, closeSession: -11 } as const
const anyVersion = -1
const ephemeral = 1
const allPermissions = 31
const connectionLoss = 'CONNECTIONLOSS'

const codes: Readonly<Record<number, string>> = {
  [-4]: connectionLoss,
  [-101]: 'NONODE',
  [-103]: 'BADVERSION',
  [-110]: 'NODEEXISTS',
  [-112]: 'SESSIONEXPIRED',
  [-118]: 'SESSIONMOVED',
}

const meanings: Readonly<Record<string, string>> = {
  [connectionLoss]: 'the server has closed the connection',
  NONODE: 'there is no such node',
  BADVERSION: 'the node has another version',
  NODEEXISTS: 'there is such a node already',
  SESSIONEXPIRED: 'the session has ended',
  SESSIONMOVED: 'another connection has taken the session over',
}

/** A list of one permission. */
function everybodyMay(request: JuteWriter): JuteWriter {
  return request.int(1).int(allPermissions).bytes('world').bytes('anyone')
}

async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ZookeeperError && error.code === 'NONODE') return null
    throw error
  }
}

function statOf(answer: JuteReader): Stat {
  const created = Number(answer.long())
  for (const _ of ['modified', 'created at', 'modified at']) answer.long()
  const version = answer.int()
  for (const _ of ['version of children', 'version of permissions']) answer.int()
  return { created, version, owner: answer.long() }
}
