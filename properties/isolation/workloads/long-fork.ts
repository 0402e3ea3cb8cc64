/**
 * Long forks, as Jepsen's test of that name looks for them: of keys that are written at most once, transactions read groups, and of
 * two reads of a group one sees a write that the other does not, and the other way round. No order of the two writes explains both,
 * so prefix consistency is ruled out, and all above it; parallel snapshot isolation allows it (Sovran et al., SOSP 2011).
 *
 * The reads of a group are put in order of how much they see; they agree if each sees all that the one before it saw.
 */
import type { HistoryEvent } from '../../history.ts'
import { count } from '../../levels/phrases.ts'
import { type Interner, interner } from '../../monitors/intern.ts'
import type { Operation } from '../../operation.ts'
import { processName } from '../../operation-text.ts'
import { equal, isList, showValue, type Value } from '../../value.ts'
import { type Evidence, Findings } from './findings.ts'
import { malformed, objectsOf, theRead } from './objects.ts'
import type { WorkloadDecision } from './workload.ts'

/**
 * Transactions that write, `[[w k v] ...]`, or read, `[[r k v] ...]` with null for a key that was not there; by whatever name. Reads
 * are compared with those of the same keys. Finds `long-fork`, once for each group of keys, and, where the history has writes,
 * `thin-air-read` and `G1a` (a read of what nothing wrote, or of what failed). Groups of which a key is written twice or was read with several
 * values are not judged: then the verdict is `unknown`, unless others are violated.
 * @throws HistoryError `history-events`; `history-operation` for what is no such transaction
 */
export function judgeLongFork(history: Iterable<HistoryEvent<Value>>): WorkloadDecision {
  const { objects, happened } = objectsOf(history, 'long fork', null)
  const findings = new Findings()
  const judged: Judged = { reads: 0, groups: 0, compared: 0, unclear: [] }
  for (const { operations } of objects) judgeObject(operations, findings, judged)
  const { reads, groups, compared, unclear } = judged
  const seen = `${count(reads, 'read')} of ${count(groups, 'group')} of keys`
  if (reads === 0) return findings.decision(happened, 'no read of keys completed: nothing contradicts the writes', null)
  const note = findings.any ? seen : `${seen}, in each one order of the writes`
  return findings.decision(happened, note, unknown())

  function unknown(): string | null {
    const [first, ...more] = unclear
    if (first !== undefined) return `${first}${more.length === 0 ? '' : ` (and ${count(more.length, 'more group')} of keys like this)`}`
    return compared === 0 ? `no two reads are of the same two keys or more: ${seen}` : null
  }
}

interface Judged {
  reads: number
  groups: number
  /** Reads that were compared with others. */
  compared: number
  /** Why groups were not judged. */
  readonly unclear: string[]
}

interface Key {
  readonly value: Value
  readonly writes: Write[]
  /** The first value that was read of it, where no write says what it holds. */
  read: Value
  /** Another one. */
  other: Value
}

interface Write {
  readonly operation: Operation
  readonly value: Value
}

interface Group {
  readonly keys: readonly Key[]
  readonly reads: Read[]
}

interface Read {
  readonly operation: Operation
  /** Of each key of the group: 1 if it was there. */
  readonly seen: Uint8Array
  /** How many were. */
  readonly size: number
}

interface Step {
  readonly isWrite: boolean
  readonly key: Value
  readonly value: Value
}

const readNames: ReadonlySet<Value> = new Set(['r', ':r', 'read', ':read'])
const writeNames: ReadonlySet<Value> = new Set(['w', ':w', 'write', ':write'])

function judgeObject(operations: readonly Operation[], findings: Findings, judged: Judged): void {
  const ids = interner()
  const keys: Key[] = []
  const reading: { readonly operation: Operation; readonly steps: readonly Step[] }[] = []
  for (const operation of operations) {
    const steps = stepsOf(operation)
    const [first] = steps
    if (first === undefined) continue
    if (steps.some(({ isWrite }) => isWrite !== first.isWrite))
      throw malformed(operation.call, 'a transaction reads and writes, expected one that writes keys, or one that reads a group of them')
    if (!first.isWrite) reading.push({ operation, steps })
    else for (const { key, value } of steps) (keys[numberOf(key, ids, keys)] as Key).writes.push({ operation, value })
  }
  const hasWrites = keys.length > 0
  const groups = new Map<string, Group>()
  for (const { operation, steps } of reading) {
    if (operation.completion !== 'ok') continue
    judged.reads++
    const found = steps.map(({ key, value }) => ({ id: numberOf(key, ids, keys), value })).sort((a, b) => a.id - b.id)
    const twice = found.find(({ id }, i) => found[i + 1]?.id === id)
    if (twice !== undefined)
      throw malformed(operation.call, `key ${showValue(keys[twice.id]?.value)} is read twice, expected each key once`)
    const name = found.map(({ id }) => id).join()
    const group = groups.get(name) ?? { keys: found.map(({ id }) => keys[id] as Key), reads: [] }
    groups.set(name, group)
    const values = found.map(({ value }) => value)
    if (!hasWrites) noteValues(group, values)
    if (!hasWrites || areWritten(values, group, operation, findings)) group.reads.push(readOf(operation, values))
  }
  for (const group of groups.values()) judgeGroup(group, findings, judged)
}

function numberOf(key: Value, ids: Interner, keys: Key[]): number {
  const id = ids.of(key)
  if (id === keys.length) keys.push({ value: key, writes: [], read: null, other: null })
  return id
}

/** None where nobody knows what was read. */
function stepsOf({ call, return: end, completion, input, output }: Operation): Step[] {
  const saysNothing = output === undefined || output === null
  if (saysNothing && (input === null || (completion === 'ok' && isList(input) && input.every(isRead)))) return []
  const [value, event] = saysNothing ? [input, call] : [output, end]
  if (!isList(value)) throw malformed(event, `found ${showValue(value)}, expected a transaction [[r key value] ...] or [[w key value]]`)
  return value.map((step) => {
    if (!isList(step) || step.length !== 3 || !(isRead(step) || writeNames.has(step[0] ?? null)))
      throw malformed(event, `found ${showValue(step)} in a transaction, expected [r key value] or [w key value]`)
    const [, key = null, written = null] = step
    const isWrite = !isRead(step)
    if (isWrite && written === null) throw malformed(event, `null is written to key ${showValue(key)}, which reads take for no write`)
    return { isWrite, key, value: written }
  })
}

function isRead(step: Value | undefined): boolean {
  return isList(step) && readNames.has(step[0] ?? null)
}

function noteValues({ keys }: Group, values: readonly Value[]): void {
  keys.forEach((key, i) => {
    const value = values[i] ?? null
    if (key.read === null) key.read = value
    else if (value !== null && !equal(value, key.read)) key.other = value
  })
}

/** Whether each value was written by somebody who did not fail; tells of those that were not. */
function areWritten(values: readonly Value[], { keys }: Group, operation: Operation, findings: Findings): boolean {
  const foreign = keys.filter(({ writes }, i) => {
    const value = values[i] ?? null
    return value !== null && !writes.some((write) => write.operation.completion !== 'fail' && equal(write.value, value))
  })
  for (const key of foreign) {
    const value = values[keys.indexOf(key)] ?? null
    const failed = key.writes.find((write) => equal(write.value, value))?.operation
    const sees = `${theRead(operation)} sees ${showValue(value)} in key ${showValue(key.value)}`
    findings.add(failed === undefined ? 'thin-air-read' : 'G1a', ['read-committed'], () =>
      failed === undefined
        ? { sentence: `${sees}, which nothing wrote`, events: [operation.return] }
        : {
            sentence: `${sees}, which ${processName(failed.process)} wrote at event ${failed.call}, but that failed`,
            events: [failed.call, failed.return, operation.return],
          },
    )
  }
  return foreign.length === 0
}

function readOf(operation: Operation, values: readonly Value[]): Read {
  const seen = Uint8Array.from(values, (value) => (value === null ? 0 : 1))
  return { operation, seen, size: seen.reduce((sum, bit) => sum + bit, 0) }
}

function judgeGroup({ keys, reads }: Group, findings: Findings, judged: Judged): void {
  judged.groups++
  if (keys.length < 2) return
  const reason = keys.map(unclear).find((each) => each !== null)
  if (reason !== undefined) {
    judged.unclear.push(reason)
    return
  }
  if (reads.length > 1) judged.compared += reads.length
  const bySize = [...reads].sort((a, b) => a.size - b.size)
  const at = bySize.findIndex((more, i) => i > 0 && first(bySize[i - 1] as Read, more) >= 0)
  if (at < 0) return
  findings.add('long-fork', ['prefix'], () => fork(keys, bySize[at - 1] as Read, bySize[at] as Read))
}

/** Why its writes have no single order that reads could tell; `null` where they can. */
function unclear({ value, writes, read, other }: Key): string | null {
  const [one, two] = writes.filter(({ operation }) => operation.completion !== 'fail')
  if (one !== undefined && two !== undefined)
    return `key ${showValue(value)} is written more than once, at events ${one.operation.call} and ${two.operation.call}: reads of it do not tell which writes they saw`
  if (other === null) return null
  return `key ${showValue(value)} was read as ${showValue(read)} and as ${showValue(other)}, and the history does not say who wrote them`
}

/** The first key of the group that the one sees and the other does not; -1 if there is none. */
function first(one: Read, other: Read): number {
  return one.seen.findIndex((bit, i) => bit > (other.seen[i] as number))
}

/** Two reads, each of which sees a key that the other does not. */
function fork(keys: readonly Key[], one: Read, other: Read): Evidence {
  const [a, b] = [keys[first(one, other)] as Key, keys[first(other, one)] as Key]
  const [nameA, nameB] = [showValue(a.value), showValue(b.value)]
  const writes = [a, b].flatMap((key) => key.writes.map(({ operation }) => operation).filter(({ completion }) => completion !== 'fail'))
  const [earlier, later] = one.operation.return < other.operation.return ? [one, other] : [other, one]
  const [seenFirst, seenLast] = earlier === one ? [nameA, nameB] : [nameB, nameA]
  return {
    sentence: `${theRead(earlier.operation)} sees the write of key ${seenFirst} but not that of ${seenLast}, and ${theRead(later.operation)} sees that of ${seenLast} but not that of ${seenFirst}: no order of the two writes explains both`,
    events: [one.operation.return, other.operation.return, ...writes.flatMap(({ call, return: end }) => [call, end])],
  }
}
