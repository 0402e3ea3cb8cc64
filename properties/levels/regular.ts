/**
 * Safe and regular registers (Lamport, On interprocess communication, 1986), with any number of writers: a read of a regular
 * register returns the value of a write that is concurrent with it, or of one that completed before it and that no other write which
 * completed before it follows in real time (the weakest of the multi-writer definitions, MWR-weak of Shao, Pierce & Welch,
 * Multi-writer consistency conditions for shared memory objects, DISC 2003). A read of a safe register that is concurrent with
 * a write may return anything. Writes with an unknown end are concurrent with everything after their call. Values may repeat.
 * The evidence against a safe register is what the read should have seen; that no other write ran at the time is not in it.
 */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { keyOf, type Value } from '../value.ts'
import { did } from './phrases.ts'
import { byKey, type Problem } from './problem.ts'
import { registerProblem } from './register-access.ts'

export function regularRegister(problem: Problem): Decision {
  return judge(problem, 'possible writes of each read', false)
}

export function safeRegister(problem: Problem): Decision {
  return judge(problem, 'possible writes of each quiet read', true)
}

function judge(unread: Problem, algorithm: string, safe: boolean): Decision {
  const problem = registerProblem(unread, algorithm)
  if ('verdict' in problem) return problem
  for (const operations of byKey(problem.operations)) {
    const violation = judgeObject(problem, operations, algorithm, safe)
    if (violation !== null) return violation
  }
  return { verdict: 'holds', algorithm, witness: null }
}

/** The writes of one value, by call, each with the latest return up to it. */
interface Writers {
  readonly operations: Operation[]
  readonly latest: number[]
}

function judgeObject({ spec, initial }: Problem, operations: readonly Operation[], algorithm: string, safe: boolean): Violated | null {
  const access = (operation: Operation): { reads?: Value; writes?: Value } => spec.access?.(operation) ?? {}
  const writers = new Map<string, Writers>()
  const writes = operations.filter((operation) => access(operation).writes !== undefined)
  for (const write of writes) {
    const name = keyOf(access(write).writes)
    const known = writers.get(name) ?? { operations: [], latest: [] }
    writers.set(name, known)
    known.operations.push(write)
    known.latest.push(Math.max(known.latest.at(-1) ?? -1, write.return))
  }
  const overwritten = new Overwriting(writes)
  const start = keyOf(initial)
  for (const read of operations) {
    const { reads } = access(read)
    if (reads === undefined || read.completion === 'info') continue
    const last = overwritten.before(read)
    if (keyOf(reads) === start && last === undefined) continue
    const known = writers.get(keyOf(reads))
    if (known !== undefined && isPossible(known, read, last?.call ?? -1)) continue
    if (safe && isConcurrent(writes, overwritten, read)) continue
    return { ...explained(read, keyOf(reads) === start, known?.operations ?? [], last), algorithm }
  }
  return null

  function explained(
    read: Operation,
    isInitial: boolean,
    candidates: readonly Operation[],
    last: Operation | undefined,
  ): Omit<Violated, 'algorithm'> {
    const failing = { verdict: 'violated', failing: read } as const
    const said = did(spec, read)
    const earlier = candidates.filter((write) => write !== read && write.call < read.return)
    if (earlier.length === 0 && !isInitial) {
      const [later] = candidates.filter((write) => write !== read)
      if (later === undefined) return { ...failing, sentence: `${said}, which nothing had written`, core: [read] }
      return { ...failing, sentence: `${said} before ${did(spec, later)}`, core: [read, later] }
    }
    const stale = last === undefined ? '' : `, although ${did(spec, last)} after that and before the read began`
    const core = [...new Set([...earlier, ...(last === undefined ? [] : [last]), read])].sort((a, b) => a.call - b.call)
    return { ...failing, sentence: `${said}${isInitial ? ', the initial value' : ''}${stale}`, core }
  }
}

/** Whether a write began before the read ended and did not end before a write began that ended before the read. */
function isPossible({ operations, latest }: Writers, read: Operation, lastCall: number): boolean {
  if (operations.includes(read)) return operations.some((write) => write !== read && write.call < read.return && write.return > lastCall)
  let [low, high] = [0, operations.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((operations[middle] as Operation).call < read.return) low = middle + 1
    else high = middle
  }
  return low > 0 && (latest[low - 1] as number) > lastCall
}

/** Whether a write other than the read itself was running while the read was. */
function isConcurrent(writes: readonly Operation[], overwriting: Overwriting, read: Operation): boolean {
  return overwriting.begunBefore(read.return) - overwriting.endedBefore(read.call) > (writes.includes(read) ? 1 : 0)
}

/** Of the writes that ended before a moment, the one that began last. */
class Overwriting {
  private readonly calls: readonly number[]
  private readonly byReturn: readonly Operation[]
  private readonly lastBegun: readonly Operation[]

  constructor(writes: readonly Operation[]) {
    this.calls = writes.map(({ call }) => call)
    this.byReturn = writes.filter((write) => write.completion !== 'info').sort((a, b) => a.return - b.return)
    let last = this.byReturn[0]
    this.lastBegun = this.byReturn.map((write) => {
      if (last === undefined || write.call > last.call) last = write
      return last
    })
  }

  before(read: Operation): Operation | undefined {
    return this.lastBegun[this.endedBefore(read.call) - 1]
  }

  endedBefore(moment: number): number {
    return below(this.byReturn.length, (i) => (this.byReturn[i] as Operation).return < moment)
  }

  begunBefore(moment: number): number {
    return below(this.calls.length, (i) => (this.calls[i] as number) < moment)
  }
}

/** How many of the first numbers a property holds for that holds for no number after one for which it fails. */
function below(size: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
