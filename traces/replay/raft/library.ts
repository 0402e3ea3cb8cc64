/** What a Raft library must let us do: run nodes whose messages, timers and disk are ours, and look at them. */
import type { Json } from '../../../checker/index.ts'

/** What of a node can be seen from outside. */
export type Seen = {
  readonly role: 'follower' | 'candidate' | 'leader'
  readonly term: number
  readonly votedFor: number | null
  /** The terms of the entries that clients asked for. */
  readonly log: readonly number[]
  /** How many of these it knows to be committed. */
  readonly committed: number
}

/** A message of a real node, and what it is in the words of the model. */
export interface Packet {
  readonly from: number
  readonly to: number
  /** `refusal`: an answer to a request that is not handled, of either kind. */
  readonly kind: 'requestVote' | 'requestVoteResult' | 'appendEntries' | 'appendEntriesResult' | 'refusal' | 'other'
  readonly term: number
  /** Of results: whether it is what was asked for. */
  readonly granted: boolean | null
  /** Of AppendEntries: how many entries it carries. */
  readonly entries: number
  /** As the library made it. */
  readonly content: unknown
}

/** A running node. */
export interface RaftNode {
  /** Strikes as if nothing had been heard of a leader. */
  electionTimeout(): Promise<void>
  /** Strikes for a leader, who tells its followers that it is there, and what is committed. */
  heartbeatTimeout(): Promise<void>
  /** A client's request. */
  request(): Promise<void>
  /** Hands over a message. The node handles it until it waits for its disk for the first time; what is returned lets it go on to the end. */
  begin(packet: Packet): () => Promise<void>
  see(): Promise<Seen>
  /** Ends it without a word to anybody. What has reached its disk stays there. */
  crash(): Promise<void>
}

export interface RaftLibrary {
  /** With its version. */
  readonly name: string
  /** A disk with nothing on it. */
  makeDisk(servers: number): unknown
  /** A node that knows what is on its disk. It sends by calling `send`. */
  start(self: number, servers: number, disk: unknown, send: (packet: Packet) => void): RaftNode
}

export const serverName = (server: number): string => `server ${server}`

/** By name, what can be seen of a server. */
export function factsOf(server: number, { role, term, votedFor, log, committed }: Seen): Readonly<Record<string, Json>> {
  const of = serverName(server)
  return { [`${of}: role`]: role, [`${of}: term`]: term, [`${of}: vote`]: votedFor, [`${of}: log`]: log, [`${of}: committed`]: committed }
}
