/**
 * `@coaty/consensus.raft`, a port of etcd's Raft: a state machine that is stepped, and tells each time what must be on disk before its
 * messages may leave. Time, disk and network are its user's anyway.
 */
import { createRequire } from 'node:module'
import type { Packet, RaftLibrary, RaftNode, Seen } from './library.ts'

/** Users have the package only if they want to replay on it: it is loaded when it is asked for. */
const require = createRequire(import.meta.url)

export const coatyRemedy = 'run: npm install @coaty/consensus.raft'

export function hasCoaty(): boolean {
  try {
    return require.resolve('@coaty/consensus.raft') !== ''
  } catch {
    return false
  }
}

export function coatyRaft(): RaftLibrary {
  // The main module needs a broker and SQLite; the algorithm alone needs neither.
  const { RawNode } = require('@coaty/consensus.raft/ported/rawnode.js') as Pick<Ported, 'RawNode'>
  const { RaftConfig, StateType } = require('@coaty/consensus.raft/ported/raft.js') as Pick<Ported, 'RaftConfig' | 'StateType'>
  const { MemoryStorage } = require('@coaty/consensus.raft/ported/storage.js') as Pick<Ported, 'MemoryStorage'>
  const { MessageType } = require('@coaty/consensus.raft/ported/raftpb/raft.pb.js') as Pick<Ported, 'MessageType'>
  const { version } = require('@coaty/consensus.raft/package.json') as { readonly version: string }
  const ported: Ported = { RawNode, RaftConfig, StateType, MemoryStorage, MessageType }
  return {
    name: `@coaty/consensus.raft ${version}`,
    makeDisk: (servers) => {
      const storage = ported.MemoryStorage.NewMemoryStorage()
      storage.snapshot.metadata.confState.voters = Array.from({ length: servers }, (_, server) => nameOf(server))
      return storage
    },
    start: (self, _, disk, send) => new CoatyNode(self, ported, disk as Storage, send),
  }
}

class CoatyNode implements RaftNode {
  readonly #self: number
  readonly #ported: Ported
  readonly #node: RawNode
  readonly #storage: Storage
  readonly #send: (packet: Packet) => void

  constructor(self: number, ported: Ported, storage: Storage, send: (packet: Packet) => void) {
    const { RawNode, RaftConfig } = ported
    this.#self = self
    this.#ported = ported
    this.#storage = storage
    this.#send = send
    const sizes = { maxSizePerMsg: 2 ** 20, maxInflightMsgs: 256 }
    this.#node = RawNode.NewRawNode(new RaftConfig({ id: nameOf(self), electionTick: 10, heartbeatTick: 1, storage, ...sizes }))
  }

  async electionTimeout(): Promise<void> {
    this.#node.campaign()
    this.#write()
  }

  async heartbeatTimeout(): Promise<void> {
    this.#node.tick()
    this.#write()
  }

  async request(): Promise<void> {
    const refused = this.#node.propose({ request: this.#self })
    if (refused !== null) throw refused
    this.#write()
  }

  begin({ content }: Packet): () => Promise<void> {
    this.#node.step(content as RaftMessage)
    return async () => this.#write()
  }

  async see(): Promise<Seen> {
    const { state, term, vote } = this.#node.raft
    const role = this.#ported.StateType[state]?.replace('State', '').toLowerCase()
    return {
      role: role === 'leader' || role === 'candidate' ? role : 'follower',
      term,
      votedFor: vote === '' ? null : numberOf(vote),
      log: this.#storage.ents.flatMap((entry) => (entry.data === null ? [] : [entry.term])),
    }
  }

  async crash(): Promise<void> {}

  /** What it says must be kept is written, and only then what it says may go out is sent. */
  #write(): void {
    while (this.#node.hasReady()) {
      const ready = this.#node.ready()
      if (!ready.hardState.isEmptyHardState()) this.#storage.SetHardState(ready.hardState)
      this.#storage.Append(ready.entries)
      for (const message of ready.messages) this.#emit(message)
      this.#node.advance(ready)
    }
  }

  #emit(message: RaftMessage): void {
    const { MsgVote, MsgVoteResp, MsgApp, MsgAppResp } = this.#ported.MessageType
    const kinds = new Map<number | undefined, Packet['kind']>([
      [MsgVote, 'requestVote'],
      [MsgVoteResp, 'requestVoteResult'],
      [MsgApp, 'appendEntries'],
      [MsgAppResp, 'appendEntriesResult'],
    ])
    const { to, type, term, reject, entries } = message
    this.#send({
      from: this.#self,
      to: numberOf(to),
      kind: kinds.get(type) ?? 'other',
      term,
      granted: type === MsgVoteResp || type === MsgAppResp ? !reject : null,
      entries: entries.filter(({ data }) => data !== null).length,
      content: message,
    })
  }
}

const nameOf = (server: number): string => `node-${server}`
const numberOf = (name: string): number => Number(name.slice('node-'.length))

interface Entry {
  readonly term: number
  readonly data: unknown
}

interface RaftMessage {
  readonly to: string
  readonly type: number
  readonly term: number
  readonly reject: boolean
  readonly entries: readonly Entry[]
}

interface HardState {
  isEmptyHardState(): boolean
}

interface Storage {
  readonly snapshot: { readonly metadata: { readonly confState: { voters: readonly string[] } } }
  readonly ents: readonly Entry[]
  SetHardState(state: HardState): void
  Append(entries: readonly Entry[]): void
}

interface Ready {
  readonly hardState: HardState
  readonly entries: readonly Entry[]
  readonly messages: readonly RaftMessage[]
}

interface RawNode {
  readonly raft: { readonly state: number; readonly term: number; readonly vote: string }
  tick(): void
  campaign(): Error | null
  propose(data: unknown): Error | null
  step(message: RaftMessage): Error | null
  hasReady(): boolean
  ready(): Ready
  advance(ready: Ready): void
}

interface Ported {
  readonly RawNode: { NewRawNode(config: object): RawNode }
  readonly RaftConfig: new (config: object) => object
  readonly StateType: Readonly<Record<number, string>>
  readonly MemoryStorage: { NewMemoryStorage(): Storage }
  readonly MessageType: Readonly<Record<string, number>>
}
