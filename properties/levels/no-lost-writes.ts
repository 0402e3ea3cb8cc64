/**
 * No acknowledged write is lost, as Jepsen's tests of sets and logs ask. What counts are final reads: those that began after every
 * change that is known to have completed had done so.
 *
 * - Sets and logs (`add` or `append` of an element, reads of a list): each element whose addition completed is in each final
 *   read. Elements that some earlier read lacked after their addition had completed are counted as stale.
 * - Registers: a final read returns no value that was overwritten, one of which every write completed before some other
 *   acknowledged write of the key began; nor the initial value after an acknowledged write. The overwriting write is lost.
 */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { isList, keyOf, showValue } from '../value.ts'
import { quietReads } from './eventual.ts'
import { count, did, objectOf } from './phrases.ts'
import { byKey, inapplicable, type Problem } from './problem.ts'
import { registerProblem } from './register-access.ts'

const algorithm = 'acknowledged writes against final reads'

export function noLostWrites(unread: Problem): Decision {
  const registers = registerProblem(unread, algorithm)
  if (!('verdict' in registers)) return judgeAll(registers, judgeRegister, () => true)
  const { spec, operations } = unread
  const other = operations.find(({ f }) => !spec.observers.has(f) && !additions.has(f))
  if (other !== undefined)
    return inapplicable(
      algorithm,
      `${other.f} is neither an addition to a set or a log nor a write of a register: what it may take away is unknown`,
    )
  // Of a counter or a text nobody can tell which additions are in it.
  const isElements = ({ output }: Operation): boolean => isList(output)
  const reads = operations.filter(({ f, completion, output }) => spec.observers.has(f) && completion === 'ok' && output !== undefined)
  if (reads.length > 0 && !reads.some(isElements)) return inapplicable(algorithm, 'no read returned a list of elements')
  return judgeAll(unread, judgeCollection, isElements)
}

const additions = new Set(['add', 'append'])

interface Count {
  finalReads: number
  acknowledged: number
  stale: number
}

type Judge = (problem: Problem, operations: readonly Operation[], finals: readonly Operation[], counted: Count) => Violated | null

/** @param counts whether a final read says what is there */
function judgeAll(problem: Problem, judge: Judge, counts: (read: Operation) => boolean): Decision {
  const counted: Count = { finalReads: 0, acknowledged: 0, stale: 0 }
  for (const operations of byKey(problem.operations)) {
    const finals = quietReads(problem, operations).filter(counts)
    counted.finalReads += finals.length
    const violation = judge(problem, operations, finals, counted)
    if (violation !== null) return violation
  }
  if (counted.finalReads === 0) return inapplicable(algorithm, 'no read began after the last write completed')
  const stale = counted.stale === 0 ? '' : `; ${counted.stale} of them were missing from a read that began after they were acknowledged`
  const note = `${count(counted.acknowledged, 'acknowledged write')}, none lost in ${count(counted.finalReads, 'final read')}${stale}`
  return { verdict: 'holds', algorithm, witness: null, note }
}

const judgeCollection: Judge = ({ spec }, operations, finals, counted) => {
  const acknowledged = operations.filter(({ f, completion }) => additions.has(f) && completion === 'ok')
  counted.acknowledged += acknowledged.length
  const readOf = finals.map((read) => ({ read, elements: elementsOf(read) }))
  for (const { read, elements } of readOf) {
    const lost = acknowledged.filter(({ input }) => !elements.has(keyOf(input)))
    const [first] = lost
    if (first === undefined) continue
    const others = lost.length === 1 ? '' : ` (${lost.length - 1} more acknowledged elements are missing too)`
    const sentence = `process ${first.process} added ${showValue(first.input)} to ${objectOf(first)}, which was acknowledged, but process ${read.process} read ${objectOf(read)} without it at the end${others}`
    return { verdict: 'violated', algorithm, sentence, failing: read, core: [first, read] }
  }
  counted.stale += staleOf(
    acknowledged,
    operations.filter((read) => spec.observers.has(read.f) && read.completion === 'ok' && isList(read.output)),
  )
  return null
}

/** How many elements a read lacked that began after their addition had completed. */
function staleOf(acknowledged: readonly Operation[], reads: readonly Operation[]): number {
  const byReturn = [...acknowledged].sort((a, b) => a.return - b.return)
  const stale = new Set<string>()
  for (const read of reads) {
    const elements = elementsOf(read)
    for (const { input, return: end } of byReturn) {
      if (end > read.call) break
      const name = keyOf(input)
      if (!elements.has(name)) stale.add(name)
    }
  }
  return stale.size
}

function elementsOf({ output }: Operation): ReadonlySet<string> {
  return new Set(isList(output) ? output.map((element) => keyOf(element)) : [])
}

const judgeRegister: Judge = ({ spec, initial }, operations, finals, counted) => {
  const writes = operations.filter((operation) => spec.access?.(operation).writes !== undefined)
  const acknowledged = writes.filter(({ completion }) => completion === 'ok')
  counted.acknowledged += acknowledged.length
  const lastBegun = acknowledged.at(-1)
  const writersOf = new Map<string, Operation[]>()
  for (const write of writes) {
    const name = keyOf(spec.access?.(write).writes)
    const others = writersOf.get(name)
    if (others === undefined) writersOf.set(name, [write])
    else others.push(write)
  }
  for (const read of finals) {
    const value = spec.access?.(read).reads
    if (value === undefined || lastBegun === undefined) continue
    const writers = writersOf.get(keyOf(value)) ?? []
    const isInitial = keyOf(value) === keyOf(initial)
    // A value that nothing wrote is no sign of a loss; other levels speak of it.
    if (writers.some((write) => write.return > lastBegun.call) || (writers.length === 0 && !isInitial)) continue
    const stale = writers.length === 0 ? 'the initial value' : 'which it had overwritten'
    const sentence = `${did(spec, lastBegun)}, which was acknowledged, but at the end ${did(spec, read)}, ${stale}`
    return { verdict: 'violated', algorithm, sentence, failing: read, core: [...writers, lastBegun, read] }
  }
  return null
}
