/**
 * Session guarantees (Terry, Demers, Petersen, Spreitzer, Theimer & Welch, Session guarantees for weakly consistent replicated data,
 * PDIS 1994) of reads that return siblings. A version *descends* from the write that made it, from those that its client had been shown
 * in the get before (the context of its put), and from those that these descend from. A set of siblings *includes* a write iff one of
 * them descends from it: it is there, or somebody who was shown it has replaced it. Then
 *
 * - read your writes: a read includes all writes of its session that had been acknowledged;
 * - monotonic reads: it includes all that earlier reads of its session included;
 * - monotonic writes: whatever read includes a write includes those that its session had written before;
 * - writes follow reads: whatever read includes a write includes what its session had read before.
 *
 * That one write comes before another is as much as to say that it does not replace it; siblings do not, whichever came first.
 * What descends from what is told by the clients, and not by clocks, which may be wrong. A client whose request was lost goes on in a new
 * session, as the monitors of registers have it.
 */

interface Session {
  readonly process: number
  /** Its writes that have been acknowledged. */
  readonly own: Writes
  /** What its reads included. */
  readonly seen: Writes
}

interface Write {
  readonly write: number
  /** The other writes that its version descends from. */
  readonly past: Writes
  /** What its session had written and read before. */
  readonly own: Writes
  readonly seen: Writes
}

/** In their order, so that equal sets are equal values. */
type Writes = readonly number[]

type Guarantee = 'readYourWrites' | 'monotonicReads' | 'monotonicWrites' | 'writesFollowReads'

export interface SiblingsValue {
  readonly sessions: readonly Session[]
  readonly writes: readonly Write[]
  /** How guarantees were broken. */
  readonly broken: Readonly<Partial<Record<Guarantee, string>>>
}

type Question = (value: SiblingsValue) => true | string

export interface SiblingsMonitor {
  readonly name: string
  readonly initial: SiblingsValue
  readonly events: {
    /** A client asks for a write, having been shown the versions of its context. */
    readonly write: (value: SiblingsValue, process: number, write: number, context: Writes) => SiblingsValue
    readonly written: (value: SiblingsValue, process: number, write: number) => SiblingsValue
    /** A read returns these siblings. */
    readonly read: (value: SiblingsValue, process: number, siblings: Writes) => SiblingsValue
    /** Nobody will know what becomes of the request. */
    readonly lost: (value: SiblingsValue, process: number) => SiblingsValue
  }
  readonly questions: Readonly<Record<Guarantee, Question>>
}

/** Watches the sessions of one key. */
export const siblingSessions: SiblingsMonitor = {
  name: 'sessions that see siblings',
  initial: { sessions: [], writes: [], broken: {} },
  events: {
    write: (value, process, write, context) => {
      const { own, seen } = sessionOf(value, process)
      const made: Write = { write, past: included(value, context), own, seen }
      return { ...value, writes: [...value.writes, made].sort((a, b) => a.write - b.write) }
    },
    written: (value, process, write) => {
      const { own, seen } = sessionOf(value, process)
      return withSession(value, { process, own: union(own, [write]), seen })
    },
    read: (value, process, siblings) => {
      const { own, seen } = sessionOf(value, process)
      const now = included(value, siblings)
      const broken = { ...breaches(value, { process, own, seen }, now), ...value.broken }
      return { ...withSession(value, { process, own, seen: union(seen, now) }), broken }
    },
    lost: (value, process) => ({ ...value, sessions: value.sessions.filter((session) => session.process !== process) }),
  },
  questions: {
    readYourWrites: ({ broken }) => broken.readYourWrites ?? true,
    monotonicReads: ({ broken }) => broken.monotonicReads ?? true,
    monotonicWrites: ({ broken }) => broken.monotonicWrites ?? true,
    writesFollowReads: ({ broken }) => broken.writesFollowReads ?? true,
  },
}

/** What a read of this session breaks that includes these. */
function breaches({ writes }: SiblingsValue, { own, seen }: Session, now: Writes): SiblingsValue['broken'] {
  const misses = (some: Writes): number | undefined => some.find((write) => !now.includes(write))
  const there = writes.filter(({ write }) => now.includes(write))
  const [ownMissed, seenMissed] = [misses(own), misses(seen)]
  const reordered = there.find((write) => misses(write.own) !== undefined)
  const groundless = there.find((write) => misses(write.seen) !== undefined)
  return {
    ...(ownMissed !== undefined && { readYourWrites: `a read misses write ${ownMissed} of its own session` }),
    ...(seenMissed !== undefined && { monotonicReads: `a read misses write ${seenMissed}, which its session had read before` }),
    ...(reordered && {
      monotonicWrites: `a read includes write ${reordered.write} and misses ${misses(reordered.own)}, which the same session had written before`,
    }),
    ...(groundless && {
      writesFollowReads: `a read includes write ${groundless.write} and misses ${misses(groundless.seen)}, which the session that wrote it had read before`,
    }),
  }
}

/** All that these siblings descend from. */
function included({ writes }: SiblingsValue, siblings: Writes): Writes {
  return union(
    siblings,
    writes.flatMap(({ write, past }) => (siblings.includes(write) ? past : [])),
  )
}

function sessionOf({ sessions }: SiblingsValue, process: number): Session {
  return sessions.find((session) => session.process === process) ?? { process, own: [], seen: [] }
}

function withSession(value: SiblingsValue, session: Session): SiblingsValue {
  const others = value.sessions.filter(({ process }) => process !== session.process)
  return { ...value, sessions: [...others, session].sort((a, b) => a.process - b.process) }
}

function union(some: Writes, others: Writes): Writes {
  return [...new Set([...some, ...others])].sort((a, b) => a - b)
}
