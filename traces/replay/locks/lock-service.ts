/** What a service with locks must let us do, and what the locks of all of them share. */
import type { Outcome } from '../adapter.ts'

/** A service with locks that end with a lease, and a resource that holders act on. */
export interface LockService {
  /** With version and level: `etcd 3.4.23, fenced`. */
  readonly name: string
  ready(): Promise<void>
  /** A token that is greater than all before it; null where another client holds the lock. */
  acquire(client: string): Promise<number | null>
  /** Whether the client held it. */
  release(client: string, token: number): Promise<boolean>
  /** A release that does not ask who holds the lock, where there can be one. */
  delete?(client: string): Promise<void>
  /** Ends the lease of the client that holds the lock. */
  expire(client: string, token: number): Promise<void>
  /** Acts on the resource. Returns why the resource refuses; null where it does not. */
  use(client: string, token: number): Promise<string | null>
  /** What the service says that it stores. */
  observe(): Promise<StoredLock>
  /** Nobody holds the lock, and the resource has acted for nobody; connections stay. */
  clear(): Promise<void>
  /** Ends connections and removes what was made. Safe to call more than once. */
  remove(): Promise<void>
}

export interface StoredLock {
  readonly holder: string | null
  /** The token of the last act on the resource; null before the first one. */
  readonly acted: number | null
}

/** A request that has failed in a way that is an outcome of the step. */
export class LockFailure extends Error {
  override readonly name = 'LockFailure'
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(outcome.kind === 'error' ? outcome.message : outcome.kind)
    this.outcome = outcome
  }
}

export interface LockOptions {
  readonly level: string
  /** Whether the resource checks tokens. */
  readonly isFenced: boolean
  /** What the names of its keys or nodes begin with. */
  readonly root: string
  readonly keep?: boolean
}

/** Where a service keeps the lock and the resource, and what it is called. */
export class LockPlace {
  readonly lock: string
  readonly resource: string
  readonly isFenced: boolean
  readonly isKept: boolean
  readonly #level: string

  constructor({ level, isFenced, root, keep = false }: LockOptions) {
    this.lock = `${root}lock`
    this.resource = `${root}resource`
    this.isFenced = isFenced
    this.isKept = keep
    this.#level = level
  }

  /** @param version empty before it is known */
  name(product: string, version: string): string {
    return `${product} ${version}`.trimEnd().concat(`, ${this.#level}`)
  }
}

/** Of some servers, which one a client asks: they take turns. Who is no client asks the first. */
export function turnOf(client: string, servers: number, first = 0): number {
  const number = Number.parseInt(client.replace(/\D/g, ''), 10)
  return Number.isNaN(number) ? 0 : (number + first) % servers
}
