/**
 * Clients, each of which does one operation after the other: its program is a word such as `wr`, a write and then a read. All
 * writes of all programs write something else, so that a read tells which write it has seen.
 */
import type { Id } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { has, type Server } from './server.ts'

/** What a session has read or written last (Terry et al. 1994: its read set and its write set; as logs are prefixes, one position says both). */
export interface Token {
  readonly id: number
  /** How many transactions the log had, up to this one. */
  readonly count: number
  /** The epoch of the transaction. */
  readonly epoch: number
}

export interface Client {
  /** How many of its operations have ended. */
  answers: number
  /** The server at which its write waits to be acknowledged. */
  waitsAt: Id | null
  /** Sticky sessions: the server that it talks to. */
  home: Id | null
  /** Sessions with tokens: what it asks servers to have executed. */
  token: Token | null
}

export const newClient: Client = { answers: 0, waitsAt: null, home: null, token: null }

export interface Operation {
  readonly f: 'write' | 'read'
  /** What is written, which names the transaction, too. */
  readonly id: number
}

/** The programs of all clients, given as `w rr`. */
export function programs(clients: string): readonly (readonly Operation[])[] {
  let writes = 0
  return clients.split(' ').map((word) => [...word].map((letter) => (letter === 'w' ? { f: 'write', id: ++writes } : { f: 'read', id: 0 })))
}

/** What a client does next; nothing while it waits, and once it is done. */
export function next({ answers, waitsAt }: Client, program: readonly Operation[] = []): readonly Operation[] {
  return waitsAt === null ? program.slice(answers, answers + 1) : []
}

/** A client as clients of any register are told of. */
export function waits({ answers, waitsAt }: Client): { readonly answers: number; readonly isWaiting: boolean } {
  return { answers, isWaiting: waitsAt !== null }
}

/** The write that a client waits for, with the server at which it does. */
export function awaited({ answers, waitsAt }: Client, program: readonly Operation[]): { readonly id: number; readonly at: Id } | null {
  const operation = program[answers]
  return waitsAt === null || operation === undefined ? null : { id: operation.id, at: waitsAt }
}

/** Where a transaction is in the log of a server, for the session that has seen it there. */
export function positionOf({ log }: Server, id: number | null): Token | null {
  const at = log.findIndex((entry) => entry.id === id)
  const entry = log[at]
  return entry === undefined ? null : { id: entry.id, count: at + 1, epoch: entry.epoch }
}

/** Whether a server has executed what a session has seen. A position is a transaction, not a number of them. */
export function satisfies({ log, epoch }: Server, token: Token | null, bug: Bugs): boolean {
  if (token === null) return true
  if (bug('token-dropped-on-failover') && epoch > token.epoch) return true
  return bug('token-without-epoch') ? log.length >= token.count : has(log, token.id)
}
