/** Locks: what keeps two clients from entering at once. All of them know who holds them, by the process of the operation. */
import { HistoryError } from '../errors.ts'
import type { Operation } from '../operation.ts'
import { type Apply, defineSpec, type Outcome, type Spec } from '../spec.ts'

type Owner = number | string | null

/** `acquire` and `release`. An acquisition that the client saw fail is right while another holds the lock. */
export const mutex: Spec<Owner> = defineSpec<Owner>({
  name: 'mutex',
  about: 'A lock: acquire, release',
  initial: null,
  operations: {
    acquire: (owner, _, { process }) => (owner === null ? { state: process } : refused({ owner })),
    release: (owner, _, { process }) => (owner === process ? { state: null } : notHeld({ owner })),
  },
  perProcess: true,
})

type Fenced = {
  readonly owner: Owner
  /** The greatest token that was given out. */
  readonly granted: number
  /** The greatest token that the protected resource has seen. */
  readonly seen: number
}

/**
 * `acquire` returns a fencing token that is greater than all before it, `release`, and `use token` at the protected resource,
 * which refuses tokens older than one it has seen (Kleppmann, How to do distributed locking, 2016; Burrows, The Chubby lock
 * service, OSDI 2006, sequencers).
 */
export const fencedLock: Spec<Fenced> = defineSpec<Fenced>({
  name: 'fenced-lock',
  about: 'A lock with fencing tokens: acquire (returns a token), release, use token',
  initial: { owner: null, granted: 0, seen: 0 },
  operations: {
    acquire: (lock, _, { process, output }) => {
      if (lock.owner !== null) return refused(lock)
      // Nobody knows which token a crashed acquisition was given.
      if (typeof output !== 'number') return { state: { ...lock, owner: process } }
      if (output <= lock.granted) return `the token ${output} is not greater than ${lock.granted}, which was given out before`
      return { state: { ...lock, owner: process, granted: output } }
    },
    release: (lock, _, { process }) => (lock.owner === process ? { state: { ...lock, owner: null } } : notHeld(lock)),
    use: (lock, token: number) => (token < lock.seen ? { completes: 'fail' } : { state: { ...lock, seen: token } }),
  },
  perProcess: true,
})

type Leased = {
  readonly owner: Owner
  /** Nanoseconds: the lease cannot have expired before. */
  readonly until: number
  /** Nanoseconds: when the lease that was taken over had expired, at the earliest. What returned before did not see this one. */
  readonly since: number
}

const nanosecondsAMillisecond = 1e6

/**
 * A lock that expires: `acquire ms`, `renew ms`, `release`. The history must have times. A lease that was asked for at time t is
 * taken to end at t + ms, the earliest that it can; another client that acquires it before has certainly shared it. Overlaps
 * shorter than the operations themselves are therefore not seen (Gray & Cheriton, Leases, SOSP 1989). How long it lasts nobody
 * knows: another client may be refused for ever, and its owner once it can have expired.
 */
export const lease: Spec<Leased> = defineSpec<Leased>({
  name: 'lease',
  about: 'A lock that expires: acquire ms, renew ms, release; needs times',
  initial: { owner: null, until: 0, since: 0 },
  operations: {
    acquire: timely((held, ms, operation) => {
      const { process } = operation
      if (held.owner === null || held.owner === process) return { state: { owner: process, until: from(operation, ms), since: held.since } }
      if (end(operation) < held.until) return refused(held)
      return [{ state: { owner: process, until: from(operation, ms), since: Math.max(held.since, held.until) } }, refused(held)]
    }),
    renew: timely((held, ms, operation) => owned(held, operation, () => ({ ...held, until: from(operation, ms) }))),
    release: timely((held, _, operation) => owned(held, operation, () => ({ ...held, owner: null, until: 0 }))),
  },
  perProcess: true,
  timed: true,
})

/** `acquire n` and `release n` of permits, one by default; the state is how many are free. */
export const semaphore: Spec<number> = defineSpec<number>({
  name: 'semaphore',
  about: 'Permits: acquire n, release n; starts with one unless the initial value says otherwise',
  initial: 1,
  operations: {
    acquire: (free, n: number | null) =>
      free >= (n ?? 1) ? { state: free - (n ?? 1) } : { completes: 'fail', because: `only ${free} of the permits are free` },
    release: (free, n: number | null) => ({ state: free + (n ?? 1) }),
  },
})

/** An operation that returned before the lease can have been what it is did not see it so. */
function timely(apply: Apply<Leased>): Apply<Leased> {
  return (held: Leased, ms: never, operation) =>
    end(operation) < held.since ? 'the lease before this one had not expired when it returned' : apply(held, ms, operation)
}

/** What its owner does succeeds; once the lease can have expired, it may also be refused. */
function owned(held: Leased, operation: Operation, after: () => Leased): Outcome<Leased> | readonly Outcome<Leased>[] {
  if (held.owner !== operation.process) return notHeld(held)
  const done = { state: after() }
  return end(operation) < held.until ? done : [done, { completes: 'fail', because: 'it may have expired' }]
}

function end({ returnTime }: Operation): number {
  return returnTime ?? Number.POSITIVE_INFINITY
}

function from({ callTime, call }: Operation, ms: number): number {
  if (callTime === undefined) throw new HistoryError('history-operation', `event ${call} has no time, and leases are judged by time`)
  return callTime + ms * nanosecondsAMillisecond
}

function refused({ owner }: { readonly owner: Owner }): Outcome<never> {
  return { completes: 'fail', because: `process ${owner} holds it` }
}

function notHeld({ owner }: { readonly owner: Owner }): Outcome<never> {
  return { completes: 'fail', because: owner === null ? 'nobody holds it' : `process ${owner} holds it` }
}
