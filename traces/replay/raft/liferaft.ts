/**
 * `@markwylde/liferaft`: a node is told of messages by an event, and answers through a callback; the next step of an election is a public
 * method; its log is in an abstract-leveldown store, here one in memory that outlives the node. The term and the vote it keeps nowhere.
 */
import { createRequire } from 'node:module'
import type { Packet, RaftLibrary, RaftNode, Seen } from './library.ts'

/** Users have the packages only if they want to replay on them: they are loaded when they are asked for. */
const require = createRequire(import.meta.url)

export const liferaftRemedy = 'run: npm install @markwylde/liferaft memdown'

export function hasLiferaft(): boolean {
  try {
    return require.resolve('@markwylde/liferaft') !== '' && require.resolve('memdown') !== ''
  } catch {
    return false
  }
}

export function liferaft(): RaftLibrary {
  const raft = require('@markwylde/liferaft') as RaftClass
  const log = require('@markwylde/liferaft/log') as LogClass
  const memdown = require('memdown') as () => object
  const { version } = require('@markwylde/liferaft/package.json') as { readonly version: string }
  return {
    name: `@markwylde/liferaft ${version}`,
    makeDisk: () => memdown(),
    start: (self, servers, disk, send) => new LiferaftNode(self, servers, { raft, log, disk, send }),
  }
}

interface Parts {
  readonly raft: RaftClass
  readonly log: LogClass
  readonly disk: unknown
  readonly send: (packet: Packet) => void
}

class LiferaftNode implements RaftNode {
  readonly #self: number
  readonly #raft: Raft
  readonly #send: (packet: Packet) => void
  readonly #disk: Disk

  constructor(self: number, servers: number, { raft: RaftOfPackage, log: LogOfPackage, disk, send }: Parts) {
    this.#self = self
    this.#send = send
    const held: Disk = { isHeld: false, release: [], closed: Promise.resolve(), busy: new Set() }
    this.#disk = held
    const busy = <T>(promise: Promise<T>): Promise<T> => {
      held.busy.add(promise)
      const done = (): void => void held.busy.delete(promise)
      promise.then(done, done)
      return promise
    }
    /** The package's log, of which a read may be made to wait, and which knows what it has not finished. */
    class Log extends LogOfPackage {
      override async getLastInfo(): Promise<unknown> {
        if (held.isHeld) await new Promise<void>((resolve) => held.release.push(resolve))
        return super.getLastInfo()
      }

      override commit(index: number): Promise<unknown> {
        return busy(super.commit(index))
      }

      override removeEntriesAfter(index: number): Promise<unknown> {
        return busy(super.removeEntriesAfter(index))
      }

      override end(): Promise<void> {
        held.closed = super.end()
        return held.closed
      }
    }
    this.#raft = new RaftOfPackage(nameOf(self), { ...never, Log, adapter: () => disk })
    // It tells of every message with an old term.
    this.#raft.on('error', () => {})
    for (let other = 0; other < servers; other++) if (other !== self) this.#raft.join(nameOf(other), (packet) => this.#emit(other, packet))
  }

  async electionTimeout(): Promise<void> {
    await this.#raft.promote()
  }

  async heartbeatTimeout(): Promise<void> {
    const { states, FOLLOWER } = this.#raft.constructor
    if (states[this.#raft.state] === 'LEADER') this.#raft.message(FOLLOWER, await this.#raft.packet('append'))
  }

  async request(): Promise<void> {
    await this.#raft.command({ request: this.#self })
  }

  begin({ from, content }: Packet): () => Promise<void> {
    const [handle] = this.#raft.listeners('data')
    const answers: Promise<void>[] = []
    const answer = (packet: unknown): void => {
      answers.push(Promise.resolve(packet).then((one) => (one === undefined ? undefined : this.#emit(from, one as RealPacket))))
    }
    const disk = this.#disk
    // It asks its disk before anything else that takes time, so that whatever it asks for is asked for by now.
    disk.isHeld = true
    const handled = Promise.resolve(handle?.call(this.#raft, content, answer))
    disk.isHeld = false
    const release = disk.release.splice(0)
    // Where it fails before it is let go on, it is told then.
    handled.catch(() => {})
    return async () => {
      for (const letGo of release) letGo()
      await handled
      await Promise.all(answers)
      while (disk.busy.size > 0) await Promise.all(disk.busy)
    }
  }

  async see(): Promise<Seen> {
    const { state, term, votes, constructor: raft, log } = this.#raft
    const role = raft.states[state]?.toLowerCase()
    const entries = await log.getEntriesAfter(0)
    return {
      role: role === 'leader' || role === 'candidate' ? role : 'follower',
      term,
      votedFor: votes.for === null ? null : numberOf(votes.for),
      log: entries.map((entry) => entry.term),
      committed: log.committedIndex,
    }
  }

  async crash(): Promise<void> {
    this.#raft.end()
    await this.#disk.closed
  }

  #emit(to: number, packet: RealPacket): void {
    const content = structuredClone(packet)
    const { type, term, data } = content
    this.#send({
      from: this.#self,
      to,
      kind: kinds[type] ?? 'other',
      term,
      granted: type === 'voted' ? (data as { granted: boolean }).granted : (answers[type] ?? null),
      entries: type === 'append' && Array.isArray(data) ? data.length : 0,
      content,
    })
  }
}

/** What is under way between a node and its log. */
interface Disk {
  isHeld: boolean
  /** Lets the reads that are held go on. */
  release: (() => void)[]
  closed: Promise<void>
  readonly busy: Set<Promise<unknown>>
}

const kinds: Readonly<Record<string, Packet['kind']>> = {
  vote: 'requestVote',
  voted: 'requestVoteResult',
  append: 'appendEntries',
  'append ack': 'appendEntriesResult',
  'append fail': 'appendEntriesResult',
  error: 'refusal',
}

const answers: Readonly<Record<string, boolean>> = { 'append ack': true, 'append fail': false, error: false }

/** Timers strike by steps, and not by themselves. */
const never = { 'election min': '5 days', 'election max': '6 days', heartbeat: '5 days' }

const nameOf = (server: number): string => `node-${server}`
const numberOf = (name: string): number => Number(name.slice('node-'.length))

interface RealPacket {
  readonly type: string
  readonly term: number
  readonly data?: unknown
}

interface Log {
  readonly committedIndex: number
  getLastInfo(): Promise<unknown>
  getEntriesAfter(index: number): Promise<readonly { readonly term: number }[]>
  removeEntriesAfter(index: number): Promise<unknown>
  commit(index: number): Promise<unknown>
  end(): Promise<void>
}

type LogClass = new (node: unknown, options: unknown) => Log

interface Raft {
  readonly constructor: RaftClass
  readonly state: number
  readonly term: number
  readonly votes: { readonly for: string | null }
  readonly log: Log
  on(event: 'error', listener: (error: Error) => void): void
  listeners(event: 'data'): readonly ((packet: unknown, answer: (packet: unknown) => void) => unknown)[]
  join(name: string, write: (packet: RealPacket) => void): void
  promote(): Promise<unknown>
  packet(type: string): Promise<RealPacket>
  message(to: unknown, packet: RealPacket): void
  command(command: unknown): Promise<void>
  end(): void
}

interface RaftClass {
  readonly states: readonly string[]
  readonly FOLLOWER: unknown
  new (name: string, options: object): Raft
}
