/**
 * Sessions, KeepAlives and fail-overs (the paper, sections 2.8 and 2.9), for the models of locks and of caches.
 *
 * A client has one KeepAlive under way at all times. The master keeps it until the client's lease is about to end, or until it
 * has something to tell, and then returns it, which extends the lease; the client calls again at once. In a model of these
 * sessions, node i is client i, and the node after the clients is the master: at any time at most one replica of the cell is the
 * master (see the model chubby-cell), so one node stands for all of them. It fails, and some time later another replica is elected.
 *
 * Nothing is lost on the network. A call at a master that fails is made again to the next one, as soon as there is one; a call that is
 * still on its way reaches the next one as a very old packet.
 */
import { type FamilyView, type Id, UserError } from '../../checker/index.ts'
import { reckoned } from '../parts/clocks.ts'

export interface Terms {
  readonly clients: number
  /** Ticks for which the master extends a session's lease. */
  readonly lease: number
  /** Ticks for which a client whose lease has run out waits for the master. */
  readonly grace: number
  /** In how many ticks a clock may gain one on another, as clients reckon; 0 for never. */
  readonly boundEvery: number
}

/** A session as its client sees it. */
export interface Client {
  /** The master's epoch, as far as the client knows. */
  epoch: number
  /** The last event of that epoch that it has been told of. */
  seen: number
  /** Ticks of its clock until it gives the session up: what is left of its lease, and then the grace period. */
  left: number
  /** Ticks of its clock since it made its call. */
  age: number
}

/** A session as the master sees it. That it exists is in the database, everything else in the master's memory. */
export interface Session {
  /** Ticks of the master's clock until it may end the session. */
  left: number
  /** For how many ticks it has kept the client's call; null if there is no call here. */
  held: number | null
  /** How many events it has for the client in this epoch: the first one tells that the session is up, or that the master failed over. */
  events: number
  /** How many of these the client is known to have seen. */
  seen: number
}

export interface Master {
  isUp: boolean
  /** A new master takes a new epoch, and refuses calls of earlier ones. */
  epoch: number
  /** Ticks for which there has been no master; counted where a constant bounds them. */
  outage: number
}

export type SessionMessage =
  | { kind: 'keepAlive'; epoch: number; seen: number }
  /** Returns a call that was kept for `held` ticks. */
  | { kind: 'extended'; held: number; events: number }
  /** The call was of another epoch than this one. */
  | { kind: 'rejected'; epoch: number }
  /** There is no such session any more. */
  | { kind: 'ended' }

interface View {
  readonly master: Master
  readonly session: FamilyView<Session | null>
}

interface Slots<C extends Client> {
  readonly master: Master
  readonly steady: { [index: number]: number }
  readonly session: { [index: number]: Session | null }
  readonly client: { [index: number]: C }
  readonly net: { send(from: number, to: number, message: SessionMessage): void }
}

interface Options<C> {
  readonly terms: Terms
  /** Empties the client's cache. */
  readonly flush: (client: C) => void
  readonly isLeaseFromReceipt: boolean
  readonly isEpochIgnored: boolean
}

/** Whether the lease of the client has not run out: it may rely on what it holds and has cached. */
export function isSafe(client: Client, { grace }: Terms): boolean {
  return client.left > grace
}

/** Whether the lease has run out, and the session may yet be saved. */
export function isInJeopardy(client: Client, { grace }: Terms): boolean {
  return client.left > 0 && client.left <= grace
}

/** Whether the client has given its session up, or died, which nobody else can tell apart. */
export function isOver(client: Client): boolean {
  return client.left === 0
}

/** Refuses leases that end before a client can make use of them. */
export function requireTerms(terms: Terms): void {
  if (callBack(terms) < 1)
    throw new UserError('bad-constant', 'a lease has to be longer by at least two ticks than the drift that clients reckon with')
}

/**
 * After how many ticks of its own clock the master returns a call, so that the reply may find the client before the lease runs out there,
 * though the client's clock may be the faster one.
 */
function callBack({ lease, boundEvery }: Terms): number {
  return reckoned(reckoned(lease, boundEvery), boundEvery) - 1
}

/** A session that has just been opened: its next call is with the master. */
export function newClient({ lease, grace, boundEvery }: Terms): Client {
  return { epoch: 1, seen: 1, left: reckoned(lease, boundEvery) + grace, age: 0 }
}

export function newSession({ lease }: Terms): Session {
  return { left: lease, held: 0, events: 1, seen: 1 }
}

export const newMaster: Master = { isUp: true, epoch: 1, outage: 0 }

/** Section 2.9, steps 4 to 7: whether every session has acknowledged the fail-over, or ended. Until then the master takes KeepAlives only. */
export function isReady({ master, session }: View): boolean {
  return master.isUp && session.every((each) => each === null || each.seen > 0)
}

/** The rules of both sides. */
export interface SessionRules<S> {
  /** A tick of a client's clock. */
  readonly passAtClient: (s: S, i: Id) => void
  /** A tick of the master's clock. While there is no master, its timers stand still. */
  readonly passAtMaster: (s: S) => void
  /** What the master has to tell the client from now on. */
  readonly addEvent: (s: S, i: Id) => void
  readonly takeKeepAlive: (s: S, i: Id, call: { readonly epoch: number; readonly seen: number }) => void
  readonly takeExtended: (s: S, i: Id, reply: { readonly held: number; readonly events: number }) => void
  readonly takeRejected: (s: S, i: Id, reply: { readonly epoch: number }) => void
  readonly giveUp: (s: S, i: Id) => void
  readonly fail: (s: S) => void
  readonly elect: (s: S) => void
}

export function sessionRules<C extends Client, S extends Slots<C>>(options: Options<C>): SessionRules<S> {
  const { terms, flush, isLeaseFromReceipt, isEpochIgnored } = options
  const { clients, lease, grace, boundEvery } = terms
  const master = clients as Id
  const clientAt = (s: S, i: number): C => s.client[i] as C
  const sessionAt = (s: S, i: number): Session | null => s.session[i] ?? null
  const all = Array.from({ length: clients }, (_, i) => i as Id)

  const tell = (s: S, i: Id, message: SessionMessage): void => {
    if (!isOver(clientAt(s, i))) s.net.send(master, i, message)
  }

  const call = (s: S, i: Id): void => {
    const client = clientAt(s, i)
    client.age = 0
    s.net.send(i, master, { kind: 'keepAlive', epoch: client.epoch, seen: client.seen })
  }

  const giveUp = (s: S, i: Id): void => {
    const client = clientAt(s, i)
    client.left = 0
    client.age = 0
    flush(client)
  }

  /** The master returns a call when the client's lease is about to end, and early if there is an event: the reply tells it. */
  const returnIfDue = (s: S, i: Id): void => {
    const session = sessionAt(s, i)
    if (session === null || session.held === null) return
    if (lease - session.left < callBack(terms) && session.seen === session.events) return
    tell(s, i, { kind: 'extended', held: session.held, events: session.events })
    session.left = lease
    session.held = null
  }

  return {
    passAtClient: (s, i) => {
      const client = clientAt(s, i)
      if (isOver(client)) return
      client.left -= 1
      // A reply that is older than this, less the time for which the call was kept, extends nothing.
      client.age = Math.min(client.age + 1, 2 * lease)
      if (client.left === 0) giveUp(s, i)
      else if (!isSafe(client, terms)) flush(client)
    },
    passAtMaster: (s) => {
      for (const i of s.master.isUp ? all : []) {
        const session = sessionAt(s, i)
        if (session === null) continue
        session.left = Math.max(0, session.left - 1)
        if (session.held !== null) session.held += 1
        returnIfDue(s, i)
      }
    },
    addEvent: (s, i) => {
      const session = sessionAt(s, i)
      if (session === null) return
      session.events += 1
      returnIfDue(s, i)
    },
    takeKeepAlive: (s, i, { epoch, seen }) => {
      const session = sessionAt(s, i)
      if (session === null) tell(s, i, { kind: 'ended' })
      else if (epoch !== s.master.epoch && !isEpochIgnored) tell(s, i, { kind: 'rejected', epoch: s.master.epoch })
      else {
        session.seen = Math.max(session.seen, Math.min(seen, session.events))
        session.held = 0
        returnIfDue(s, i)
      }
    },
    takeExtended: (s, i, { held, events }) => {
      const client = clientAt(s, i)
      if (isOver(client)) return
      // The reply may have been on its way ever since the call was made, but for the time for which the master kept it.
      const extended = isLeaseFromReceipt ? reckoned(lease, boundEvery) : reckoned(held + lease, boundEvery) - client.age
      if (extended > 0) client.left = Math.max(client.left, extended + grace)
      if (events > client.seen) {
        client.seen = events
        flush(client)
      }
      call(s, i)
    },
    takeRejected: (s, i, { epoch }) => {
      const client = clientAt(s, i)
      if (isOver(client)) return
      client.epoch = epoch
      client.seen = 0
      call(s, i)
    },
    giveUp,
    fail: (s) => {
      s.master.isUp = false
      for (const i of all) {
        const session = sessionAt(s, i)
        if (session === null) continue
        const wasHeld = session.held !== null
        s.session[i] = { left: lease, held: null, events: 1, seen: 0 }
        if (wasHeld && !isOver(clientAt(s, i))) call(s, i)
      }
    },
    elect: (s) => {
      s.master.isUp = true
      s.master.epoch += 1
      s.master.outage = 0
      // Its clock is another one.
      s.steady[master] = 0
    },
  }
}
