/**
 * The modules of `@coaty/consensus.raft` that are the algorithm. They load the package's own controller, and with it a native SQLite,
 * which npm may not have been allowed to build and which nothing here uses: while they load, an empty module stands in for the adapter
 * of that database.
 */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

export function hasCoaty(): boolean {
  try {
    return require.resolve('@coaty/consensus.raft') !== ''
  } catch {
    return false
  }
}

/** The parts that we use, and their types as far as we use them. */
export interface CoatyModules {
  readonly version: string
  readonly RawNode: { NewRawNode(config: object): RawNode }
  readonly RaftConfig: new (config: object) => object
  readonly StateType: Readonly<Record<number, string>>
  readonly MemoryStorage: { NewMemoryStorage(): Storage }
  readonly MessageType: Readonly<Record<string, number>>
}

/** @throws Error where it is not installed */
export function coatyModules(): CoatyModules {
  return withoutDatabase(() => {
    const { RawNode } = require('@coaty/consensus.raft/ported/rawnode.js') as Pick<CoatyModules, 'RawNode'>
    const { RaftConfig, StateType } = require('@coaty/consensus.raft/ported/raft.js') as Pick<CoatyModules, 'RaftConfig' | 'StateType'>
    const { MemoryStorage } = require('@coaty/consensus.raft/ported/storage.js') as Pick<CoatyModules, 'MemoryStorage'>
    const { MessageType } = require('@coaty/consensus.raft/ported/raftpb/raft.pb.js') as Pick<CoatyModules, 'MessageType'>
    const { version } = require('@coaty/consensus.raft/package.json') as Pick<CoatyModules, 'version'>
    return { version, RawNode, RaftConfig, StateType, MemoryStorage, MessageType }
  })
}

function withoutDatabase<T>(load: () => T): T {
  const own = createRequire(require.resolve('@coaty/consensus.raft'))
  const adapter = own.resolve('@coaty/core/db/adapter-sqlite-node')
  if (adapter in require.cache) return load()
  const empty = { id: adapter, filename: adapter, loaded: true, exports: {}, children: [], paths: [] }
  require.cache[adapter] = empty as unknown as NodeJS.Module
  try {
    return load()
  } finally {
    delete require.cache[adapter]
  }
}

export interface Entry {
  readonly term: number
  readonly index: number
  /** What a client asked for; null where a new leader has made the entry. */
  readonly data: unknown
}

export interface RaftMessage {
  readonly to: string
  readonly type: number
  readonly term: number
  readonly reject: boolean
  readonly entries: readonly Entry[]
}

interface HardState {
  isEmptyHardState(): boolean
}

/** A disk, as the package has it for those who have none. */
export interface Storage {
  readonly snapshot: { readonly metadata: { readonly confState: { voters: readonly string[] } } }
  readonly ents: readonly Entry[]
  SetHardState(state: HardState): void
  Append(entries: readonly Entry[]): void
}

/** What must be on disk before the messages may leave. */
interface Ready {
  readonly hardState: HardState
  readonly entries: readonly Entry[]
  readonly messages: readonly RaftMessage[]
}

export interface RawNode {
  readonly raft: {
    readonly state: number
    readonly term: number
    readonly vote: string
    readonly raftLog: { readonly committed: number }
  }
  tick(): void
  campaign(): Error | null
  propose(data: unknown): Error | null
  step(message: RaftMessage): Error | null
  hasReady(): boolean
  ready(): Ready
  advance(ready: Ready): void
}
