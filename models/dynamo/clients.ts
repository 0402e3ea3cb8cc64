/** What clients do: some write, one may delete what there is, others only read. */
import type { Client } from '../parts/clients.ts'
import type { Request } from './request.ts'
import type { Versions } from './versions.ts'

export interface Operation {
  readonly f: 'write' | 'read'
  readonly key: number
  /** The number of the write, which is also what it writes; 0 of a read. */
  readonly write: number
  readonly isDelete: boolean
}

export interface Process extends Client {
  /** What it has read and not yet written anew: the context of its next put. */
  context: Versions
  request: Request | null
}

export interface Programs {
  readonly keys: number
  readonly writers: number
  readonly writes: number
  readonly context: boolean
  readonly deletes: boolean
  readonly readers: number
  readonly reads: number
}

/** The operations of a client, in its order: writers first. With `context`, each write is of what its client has read before. */
export function programOf(client: number, c: Programs): readonly Operation[] {
  const key = client % c.keys
  const read: Operation = { f: 'read', key: client < c.writers ? key : 0, write: 0, isDelete: false }
  if (client >= c.writers) return Array.from({ length: c.reads }, () => read)
  return Array.from({ length: c.writes }, (_, i): Operation => {
    return { f: 'write', key, write: client * c.writes + i + 1, isDelete: c.deletes && client === 0 && i === c.writes - 1 }
  }).flatMap((write) => (c.context ? [read, write] : [write]))
}
