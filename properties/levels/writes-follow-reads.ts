/**
 * Writes follow reads (Terry et al. 1994; as in Viotti & Vukolić, Consistency in non-transactional distributed storage systems,
 * 2016), as far as clients can see. A write w2 follows a write w1 (w1 → w2) when its process had read w1 before; w1 →+ w2 through others.
 * Violated iff
 *
 * - some write follows itself; or
 * - a process reads w2, and later of some key something older than what w2 follows: a value w0 with w0 →+ w1 →* w2, or the initial value
 *   with w1 →+ w2, where w1 is a write of that key.
 *
 * Program order between the writes of a process counts for nothing here; that is what monotonic writes are about. Causal
 * consistency, also the weak one, implies it.
 */
import type { Decision } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { contradicted } from './explain-order.ts'
import { did, done } from './phrases.ts'
import type { Problem } from './problem.ts'
import { fromInitial, fromNothing, judgeRegisters, type RegisterHistory } from './register-history.ts'
import { causalOrder, causalPath, type Edge } from './saturation.ts'
import { sessions } from './session-guarantees.ts'
import { smallCore } from './shrink.ts'

export function writesFollowReads(problem: Problem): Decision {
  return judgeRegisters(problem, algorithm, true, (history) => judge(history))
}

const algorithm = 'clocks of what was read'
/** Entries of all clocks together, of four bytes each. */
const mostEntries = 1 << 26

function judge(history: RegisterHistory): Decision {
  const reading = onlyReadingOrders(history)
  const { order, contradiction } = causalOrder(reading)
  if (contradiction !== null) return contradicted(reading, contradiction, algorithm, writesFollowReads)
  const readers = sessions(history).map((session) => session.filter((i) => (history.source[i] as number) >= fromInitial))
  if (readers.length * order.length > mostEntries)
    return { verdict: 'unknown', algorithm, limit: 'memory', reached: `${readers.length} processes are too many` }
  const breach = new Knowledge(reading, order, readers).breach()
  if (breach === null) return { verdict: 'holds', algorithm, witness: null }
  const { read, overwriting, path } = breach
  const { spec } = history.problem
  const operation = (i: number): Operation => history.operations[i] as Operation
  const candidates = new Set([read, overwriting, ...path.flatMap(({ from, to }) => [from, to])])
  const core = smallCore(history.problem, [...candidates].sort((a, b) => a - b).map(operation), writesFollowReads)
  const older = history.source[read] === fromInitial ? ', the initial value,' : ''
  const via = path.findLast(({ kind, to }) => kind === 'read' && operation(to).process === operation(read).process)
  const seen = via === undefined ? '' : ` after it had ${done(spec, operation(via.to))}`
  const sentence = `${did(spec, operation(read))}${older}${seen}, which was written by someone who knew that ${did(spec, operation(overwriting))}`
  return { verdict: 'violated', algorithm, sentence, failing: operation(read), core }
}

/** The history in which program order leads from reads to what comes after them, and from writes nowhere. */
function onlyReadingOrders(history: RegisterHistory): RegisterHistory {
  const before = new Int32Array(history.operations.length).fill(-1)
  for (const session of sessions(history)) {
    let last = -1
    for (const i of session) {
      before[i] = last
      if (history.source[i] !== fromNothing && history.operations[i]?.completion !== 'info') last = i
    }
  }
  return { ...history, before }
}

/** A read of one key in one session, with what the writes that the session had read of the key until then follow. */
interface KeyReads {
  readonly session: number
  /** Positions among the reads of the session. */
  readonly at: number[]
  readonly sources: number[]
  readonly follows: Int32Array[]
}

/** Clocks that count reads: what is known after an operation is what the first so many reads of each session returned. */
class Knowledge {
  private readonly history: RegisterHistory
  private readonly width: number
  private readonly clocks: Int32Array
  private readonly at: Int32Array
  private readonly session: Int32Array
  private readonly readers: readonly (readonly number[])[]
  private readonly readsOf: KeyReads[][]
  private readonly firstReaders = new Map<number, number[]>()

  constructor(history: RegisterHistory, order: readonly number[], readers: readonly (readonly number[])[]) {
    this.history = history
    this.readers = readers
    this.width = readers.length
    this.clocks = new Int32Array(order.length * this.width)
    this.at = new Int32Array(order.length).fill(-1)
    this.session = new Int32Array(order.length)
    for (const [number, reads] of readers.entries())
      for (const [at, i] of reads.entries()) {
        this.session[i] = number
        this.at[i] = at
      }
    for (const i of order) {
      this.merge(i, history.before[i] as number)
      this.merge(i, history.source[i] as number)
      if ((this.at[i] as number) >= 0) this.clocks[i * this.width + (this.session[i] as number)] = (this.at[i] as number) + 1
    }
    this.readsOf = Array.from({ length: history.keys }, () => [])
    for (const [number, reads] of readers.entries()) this.collect(number, reads)
  }

  /** A read that returned what had been overwritten for all that its process knew. */
  breach(): { read: number; overwriting: number; path: readonly Edge[] } | null {
    const { source } = this.history
    for (const reads of this.readers) {
      /** What the writes that the process has read follow. */
      const learnt = new Int32Array(this.width)
      for (const read of reads) {
        const from = source[read] as number
        const overwriting = from === fromInitial ? this.known(read, learnt) : this.newer(read, from)
        if (overwriting !== undefined) return { read, overwriting, path: this.pathTo(read, overwriting, reads) }
        if (from >= 0)
          for (let c = 0; c < this.width; c++) learnt[c] = Math.max(learnt[c] as number, this.clocks[from * this.width + c] as number)
      }
    }
    return null
  }

  /** How the process knew of the overwriting write, and that this one knew of what it overwrote. */
  private pathTo(read: number, overwriting: number, reads: readonly number[]): Edge[] {
    const { source, before } = this.history
    const from = source[read] as number
    if (from >= 0) return [...causalPath(this.history, from, overwriting), ...causalPath(this.history, overwriting, before[read] as number)]
    for (const via of reads) {
      const write = source[via] as number
      const path = write < 0 || via === read ? [] : causalPath(this.history, overwriting, write)
      if (path.length > 0) return [...path, { from: write, to: via, kind: 'read', because: via }]
      if (via === read) break
    }
    return []
  }

  /** A write of the key that others are known to have read. */
  private known(read: number, learnt: Int32Array): number | undefined {
    for (const { session, at, sources } of this.readsOf[this.history.key[read] as number] as KeyReads[])
      if ((at[0] as number) < (learnt[session] as number)) return sources[0]
    return undefined
  }

  /** A known write of the key that follows the one that was read. */
  private newer(read: number, from: number): number | undefined {
    const before = this.history.before[read] as number
    if (before < 0) return undefined
    for (const { session, at, sources, follows } of this.readsOf[this.history.key[read] as number] as KeyReads[]) {
      const last = lastBelow(at, this.clocks[before * this.width + session] as number)
      if (last < 0) continue
      for (const reader of this.firstReaders.get(from) ?? []) {
        const [column, position] = [this.session[reader] as number, this.at[reader] as number]
        if (((follows[last] as Int32Array)[column] as number) <= position) continue
        return sources.find((write) => (this.clocks[write * this.width + column] as number) > position)
      }
    }
    return undefined
  }

  private merge(into: number, from: number): void {
    if (from < 0) return
    for (let c = 0; c < this.width; c++) {
      const count = this.clocks[from * this.width + c] as number
      if (count > (this.clocks[into * this.width + c] as number)) this.clocks[into * this.width + c] = count
    }
  }

  private collect(session: number, reads: readonly number[]): void {
    const { source, key } = this.history
    const groups = new Map<number, KeyReads>()
    const seen = new Set<number>()
    for (const [position, read] of reads.entries()) {
      const from = source[read] as number
      if (from < 0) continue
      if (!seen.has(from)) this.firstReaders.set(from, [...(this.firstReaders.get(from) ?? []), read])
      seen.add(from)
      let group = groups.get(key[read] as number)
      if (group === undefined) {
        group = { session, at: [], sources: [], follows: [] }
        groups.set(key[read] as number, group)
        this.readsOf[key[read] as number]?.push(group)
      }
      const previous = group.follows.at(-1)
      const clock = this.clocks.slice(from * this.width, (from + 1) * this.width)
      if (previous !== undefined) for (let c = 0; c < this.width; c++) clock[c] = Math.max(clock[c] as number, previous[c] as number)
      group.at.push(position)
      group.sources.push(from)
      group.follows.push(clock)
    }
  }
}

/** The index of the last entry below the limit, or -1. */
function lastBelow(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) < limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
