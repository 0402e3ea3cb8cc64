/**
 * `@coaty/consensus.raft`, a port of etcd's Raft: a state machine that is stepped, and tells each time what must be on disk before its
 * messages may leave. Time, disk and network are its user's anyway.
 */
import { type CoatyModules, coatyModules, type RaftMessage, type RawNode, type Storage } from './coaty-modules.ts'
import type { Packet, RaftLibrary, RaftNode, Seen } from './library.ts'

export const coatyRemedy = 'run: npm install @coaty/consensus.raft'

export function coatyRaft(): RaftLibrary {
  const modules = coatyModules()
  return {
    name: `@coaty/consensus.raft ${modules.version}`,
    makeDisk: (servers) => {
      const storage = modules.MemoryStorage.NewMemoryStorage()
      storage.snapshot.metadata.confState.voters = Array.from({ length: servers }, (_, server) => nameOf(server))
      return storage
    },
    start: (self, _, disk, send) => new CoatyNode(self, modules, disk as Storage, send),
  }
}

class CoatyNode implements RaftNode {
  readonly #self: number
  readonly #modules: CoatyModules
  readonly #node: RawNode
  readonly #storage: Storage
  readonly #send: (packet: Packet) => void

  constructor(self: number, modules: CoatyModules, storage: Storage, send: (packet: Packet) => void) {
    const { RawNode, RaftConfig } = modules
    this.#self = self
    this.#modules = modules
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
    const { state, term, vote, raftLog } = this.#node.raft
    const entries = this.#storage.ents.filter(({ data }) => data !== null)
    const role = this.#modules.StateType[state]?.replace('State', '').toLowerCase()
    return {
      role: role === 'leader' || role === 'candidate' ? role : 'follower',
      term,
      votedFor: vote === '' ? null : numberOf(vote),
      log: entries.map((entry) => entry.term),
      committed: entries.filter(({ index }) => index <= raftLog.committed).length,
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
    const { MsgVote, MsgVoteResp, MsgApp, MsgAppResp } = this.#modules.MessageType
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
