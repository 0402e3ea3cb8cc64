/**
 * Session guarantees (Terry, Demers, Petersen, Spreitzer, Theimer & Welch, Session guarantees for weakly consistent replicated
 * data, PDIS 1994), each by itself and as far as clients can see. Nobody knows in which order the servers applied the writes, and
 * different processes may see them in different orders (as in PRAM, which implies these three). So for each process some order of
 * the writes of each key has to exist that the guarantee allows; what a guarantee does not speak of, it leaves free.
 *
 * - monotonic reads: for each process and key there is an order of the writes, the initial value first, in which no read returns an
 *   earlier value than one before it. There is none iff a process goes back to a value after it has read another one.
 * - read your writes: for each process and key there is an order of the writes that keeps those of the process in their own
 *   order, in which no read returns an earlier value than the last write of its process. There is none iff a process reads
 *   the initial value after it has written, or its own write after a newer one of its own.
 * - monotonic writes: everybody observes the writes of a session in their order. Let a process read what a session wrote by w2.
 *   From then on it must not read of a key what w1 overwrote, where w1 is w2 or a write of the same session before it: neither
 *   what the session wrote there before w1 nor, w1 being before w2, the initial value.
 *
 * The fourth guarantee is in writes-follow-reads.ts. Their conjunction is weaker than PRAM, since each may find its own order.
 */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { did, done } from './phrases.ts'
import type { Problem } from './problem.ts'
import { fromInitial, fromNothing, judgeRegisters, type RegisterHistory } from './register-history.ts'

export function monotonicReads(problem: Problem): Decision {
  return judgeSessions(problem, 'values that come back', goesBack)
}

export function readYourWrites(problem: Problem): Decision {
  return judgeSessions(problem, 'own writes not read', missesOwnWrite)
}

export function monotonicWrites(problem: Problem): Decision {
  return judgeSessions(problem, 'writes seen out of order', seesOutOfOrder)
}

/** The operations of each process in program order, by index. */
export function sessions(history: RegisterHistory): number[][] {
  const found = new Map<number | string, number[]>()
  for (const [i, { process }] of history.operations.entries()) {
    const session = found.get(process)
    if (session === undefined) found.set(process, [i])
    else session.push(i)
  }
  return [...found.values()]
}

/** What breaks a guarantee: the operations that matter, the last of which failed, and how. */
interface Breach {
  readonly operations: readonly number[]
  readonly failing: number
  readonly how: string
}

function judgeSessions(problem: Problem, algorithm: string, find: (history: RegisterHistory) => Breach | null): Decision {
  return judgeRegisters(problem, algorithm, true, (history): Decision => {
    const breach = find(history)
    return breach === null ? { verdict: 'holds', algorithm, witness: null } : violated(history, breach, algorithm)
  })
}

function violated(history: RegisterHistory, { operations, failing, how }: Breach, algorithm: string): Violated {
  const operation = (i: number): Operation => history.operations[i] as Operation
  const core = [...new Set(operations)].sort((a, b) => a - b).map(operation)
  const sentence = `${did(history.problem.spec, operation(failing))}${how}`
  return { verdict: 'violated', algorithm, sentence, failing: operation(failing), core }
}

function goesBack(history: RegisterHistory): Breach | null {
  const { source, key, operations } = history
  const had = (i: number): string => `had ${done(history.problem.spec, operations[i] as Operation)}`
  for (const session of sessions(history)) {
    const lastRead = new Map<number, number>()
    /** By source: a read of it, after which the process has read another one. */
    const left = new Map<number, number>()
    for (const i of session) {
      const from = source[i] as number
      if (from === fromNothing) continue
      const last = lastRead.get(key[i] as number)
      if (last !== undefined && source[last] !== from) {
        if (from === fromInitial)
          return { operations: [last, i], failing: i, how: `, the initial value, after it ${had(last)}: its reads went backwards` }
        const before = left.get(from)
        if (before !== undefined)
          return {
            operations: [before, last, i],
            failing: i,
            how: ` again, after it ${had(before)} and ${had(last)}: its reads went backwards`,
          }
      }
      if (isCrashed(history, i)) continue
      if (last !== undefined && source[last] !== from) left.set(source[last] as number, last)
      lastRead.set(key[i] as number, i)
    }
  }
  return null
}

function missesOwnWrite(history: RegisterHistory): Breach | null {
  const { source, key, writes, operations } = history
  const had = (i: number): string => `had ${done(history.problem.spec, operations[i] as Operation)}`
  for (const session of sessions(history)) {
    const lastWrite = new Map<number, number>()
    const own = new Set<number>()
    for (const i of session) {
      const from = source[i] as number
      const last = lastWrite.get(key[i] as number)
      if (last !== undefined && from === fromInitial)
        return { operations: [last, i], failing: i, how: `, the initial value, after it ${had(last)}` }
      if (last !== undefined && from !== last && own.has(from))
        return { operations: [from, last, i], failing: i, how: `, its own older write, after it ${had(last)}` }
      if (writes[i] === 0 || isCrashed(history, i)) continue
      lastWrite.set(key[i] as number, i)
      own.add(i)
    }
  }
  return null
}

function seesOutOfOrder(history: RegisterHistory): Breach | null {
  const { source, key, keys, operations } = history
  const { session, rank, place, byKey } = writeOrder(history)
  const say = (i: number): string => did(history.problem.spec, operations[i] as Operation)
  const written = (i: number): string => did(history.problem.spec, operations[i] as Operation, false)
  for (const reader of sessions(history)) {
    /** By writing session: the read that saw its latest write. */
    const seen = new Map<number, number>()
    const rankSeen = (read: number): number => rank[source[read] as number] as number
    for (const i of reader) {
      const from = source[i] as number
      if (from === fromNothing) continue
      const suspects = from === fromInitial ? seen.keys() : [session[from] as number]
      for (const writer of suspects) {
        const read = seen.get(writer)
        if (read === undefined) continue
        const list = byKey.get(writer * keys + (key[i] as number)) ?? []
        const overwriting = from === fromInitial ? list[0] : list[(place[from] as number) + 1]
        if (overwriting === undefined) continue
        const ahead = rankSeen(read) - (rank[overwriting] as number)
        if (ahead < 0 || (ahead === 0 && from === fromInitial)) continue
        const later = source[read] as number
        // Where the write that was read is one of the key, it is evidence enough.
        const newer = from >= 0 && key[later] === key[i] ? later : overwriting
        const order = newer === later ? written(later) : `${from < 0 ? say(newer) : written(newer)}, and then ${written(later)}`
        return {
          operations: [...(from < 0 ? [] : [from]), newer, later, read, i],
          failing: i,
          how: `${from < 0 ? ', the initial value,' : ''} after it had ${written(read)}; but ${from < 0 ? '' : `${say(from)}, and then `}${order}`,
        }
      }
      if (from < 0 || isCrashed(history, i)) continue
      const known = seen.get(session[from] as number)
      if (known === undefined || rankSeen(known) < (rank[from] as number)) seen.set(session[from] as number, i)
    }
  }
  return null
}

/** The writes of each session in their order; one with an unknown end that is not the last of its process is a session of its own. */
function writeOrder(history: RegisterHistory): {
  session: Int32Array
  rank: Int32Array
  place: Int32Array
  byKey: ReadonlyMap<number, readonly number[]>
} {
  const { key, keys, writes } = history
  const session = new Int32Array(key.length)
  const rank = new Int32Array(key.length)
  const place = new Int32Array(key.length)
  const byKey = new Map<number, number[]>()
  let next = 0
  for (const operations of sessions(history)) {
    const regular = next++
    for (const [at, i] of operations.entries()) {
      if (writes[i] === 0) continue
      session[i] = isCrashed(history, i) && at < operations.length - 1 ? next++ : regular
      rank[i] = at
      const name = (session[i] as number) * keys + (key[i] as number)
      const list = byKey.get(name)
      if (list === undefined) byKey.set(name, [i])
      else place[i] = list.push(i) - 1
    }
  }
  return { session, rank, place, byKey }
}

function isCrashed(history: RegisterHistory, i: number): boolean {
  return history.operations[i]?.completion === 'info'
}
