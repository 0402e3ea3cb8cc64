/**
 * Sets that only grow, as Jepsen's set and set-full judge: what is known to be in the set, because its addition was acknowledged or
 * because a read has seen it, is not missing from the reads that begin later. It is lost if the last of them to begin lacks it; if
 * a later one has it again, it was stale (not yet visible) or flickering (seen, not seen, seen), which a set may be that
 * is not linearizable. Unlike there, an element whose addition failed did not get in, and to see it is an aborted read.
 *
 * Losses and stale reads are errors of durability and of real time, which no level without real time forbids: it allows to take a
 * read as the first of all.
 */
import type { HistoryEvent } from '../../history.ts'
import { count } from '../../levels/phrases.ts'
import { type Interner, interner } from '../../monitors/intern.ts'
import type { Operation } from '../../operation.ts'
import { processName } from '../../operation-text.ts'
import { isList, showValue, type Value } from '../../value.ts'
import { type Evidence, Findings } from './findings.ts'
import { malformed, objectsOf, thatRead, theRead } from './objects.ts'
import type { WorkloadDecision } from './workload.ts'

export interface SetOptions {
  /** Whether elements must be in every read that begins after they are known to be in the set; by default only in the last ones. */
  readonly linearizable?: boolean
  /** What is in it before the history; nothing by default. */
  readonly initial?: readonly Value[]
}

/**
 * `add v` and `read`, which returns all elements; one that completed with null says nothing. Finds `lost-element`,
 * `unexpected-element` (nothing added it, or only later), `G1a` (its addition failed), `duplicate-elements`; counts and, if the set
 * is to be linearizable, finds `stale-element` and `flickering-element`; counts `recovered-element` (its addition has an unknown
 * end) and `never-read` (no read tells). Each element counts once for a name.
 * @throws HistoryError `history-events`; `history-operation` for other operations and for a read of what is no list
 */
export function judgeSet(history: Iterable<HistoryEvent<Value>>, options: SetOptions = {}): WorkloadDecision {
  const { objects, happened } = objectsOf(history, 'set', ['add', 'read'])
  const findings = new Findings()
  const judged: Judged = { reads: 0, acknowledged: 0, stable: 0 }
  for (const { operations } of objects) judgeObject(operations, options, findings, judged)
  const { reads, acknowledged, stable } = judged
  const set = `a set with ${count(acknowledged, 'acknowledged element')}`
  const late = ['stale-element', 'flickering-element'].reduce((sum, name) => sum + (findings.counts.get(name) ?? 0), 0)
  const stay = `${stable.toLocaleString('en-US')} stay in it to the end`
  const note = `${count(reads, 'read')} of ${set}: ${stay}${late === 0 ? '' : `, ${late} of them missing from a read before`}`
  return findings.decision(happened, note, unknown())

  function unknown(): string | null {
    if (reads === 0) return `no read completed of ${set}`
    return stable === 0 ? `${count(reads, 'read')} of ${set}: no element was in it for certain` : null
  }
}

interface Judged {
  reads: number
  acknowledged: number
  /** Elements that all reads see from some time on. */
  stable: number
}

interface Element {
  readonly value: Value
  /** The additions that may have happened, and those that failed. */
  readonly adds: Operation[]
  readonly failed: Operation[]
  /** The first addition to be acknowledged. */
  acknowledged: Operation | null
  /** Of the reads that see it: the first to end, and the last to begin. */
  firstSeen: Operation | null
  lastSeen: Operation | null
  /** Of the reads that do not: the last to begin. */
  lastMissed: Operation | null
  /** A read that has it twice. */
  doubled: Operation | null
}

/** A read with the numbers of the elements that it returned. */
interface Read {
  readonly read: Operation
  readonly found: Int32Array
}

function judgeObject(
  operations: readonly Operation[],
  { initial = [], linearizable = false }: SetOptions,
  findings: Findings,
  judged: Judged,
): void {
  const ids = interner()
  const elements: Element[] = []
  for (const value of initial) addTo(elements[numberOf(value, ids, elements)] as Element, { ...beforeAll, input: value })
  for (const operation of operations) {
    if (operation.f === 'add') addTo(elements[numberOf(operation.input, ids, elements)] as Element, operation)
  }
  const reads = operations
    .filter(({ f, completion, output }) => f === 'read' && completion === 'ok' && output !== null)
    .map((read) => ({ read, found: foundBy(read, ids, elements) }))
  noteSeen(reads, elements)
  noteMissed(reads, elements)
  judged.reads += reads.length
  for (const element of elements) judgeElement(element, reads, linearizable, findings, judged)
}

/** The addition of what is in a set before the history. */
const beforeAll: Operation = {
  id: -1,
  process: '',
  key: undefined,
  f: 'add',
  input: null,
  output: null,
  completion: 'ok',
  call: -1,
  return: -1,
}

function numberOf(value: Value, ids: Interner, elements: Element[]): number {
  const id = ids.of(value)
  if (id === elements.length)
    elements.push({ value, adds: [], failed: [], acknowledged: null, firstSeen: null, lastSeen: null, lastMissed: null, doubled: null })
  return id
}

function addTo(element: Element, add: Operation): void {
  if (add.completion === 'fail') element.failed.push(add)
  else element.adds.push(add)
  if (add.completion === 'ok' && (element.acknowledged === null || add.return < element.acknowledged.return)) element.acknowledged = add
}

function foundBy(read: Operation, ids: Interner, elements: Element[]): Int32Array {
  if (!isList(read.output)) throw malformed(read.return, `a set is read as ${showValue(read.output)}, expected the list of its elements`)
  return Int32Array.from(read.output, (value) => numberOf(value, ids, elements))
}

/** @param reads in order of invocation */
function noteSeen(reads: readonly Read[], elements: readonly Element[]): void {
  const lastIn = new Int32Array(elements.length).fill(-1)
  reads.forEach(({ read, found }, at) => {
    for (const id of found) {
      const element = elements[id] as Element
      if (lastIn[id] === at) element.doubled ??= read
      lastIn[id] = at
      element.lastSeen = read
      if (element.firstSeen === null || read.return < element.firstSeen.return) element.firstSeen = read
    }
  })
}

/** Goes back from the last read, with the elements that all reads so far have seen: there are never more of them than the last one saw. */
function noteMissed(reads: readonly Read[], elements: readonly Element[]): void {
  const lastIn = new Int32Array(elements.length).fill(-1)
  let inAll = Array.from(elements, (_, id) => id)
  for (let at = reads.length - 1; at >= 0; at--) {
    const { read, found } = reads[at] as Read
    for (const id of found) lastIn[id] = at
    inAll = inAll.filter((id) => {
      if (lastIn[id] === at) return true
      ;(elements[id] as Element).lastMissed = read
      return false
    })
  }
}

function judgeElement(element: Element, reads: readonly Read[], linearizable: boolean, findings: Findings, judged: Judged): void {
  const { adds, acknowledged, firstSeen, lastSeen, lastMissed, doubled } = element
  if (acknowledged !== null) judged.acknowledged++
  if (doubled !== null) findings.add('duplicate-elements', [], () => duplicate(element, doubled))
  if (firstSeen !== null && !adds.some(({ call }) => call < firstSeen.return)) {
    tellUnexpected(element, firstSeen, findings)
    return
  }
  if (firstSeen !== null && acknowledged === null) findings.count('recovered-element')
  if (lastMissed === null) {
    if (lastSeen === null) findings.count('never-read')
    else judged.stable++
    return
  }
  const known = [firstSeen, acknowledged].find((operation) => operation !== null && operation.return < lastMissed.call) ?? null
  if (lastSeen !== null && lastMissed.call < lastSeen.call) {
    judged.stable++
    if (known === null) return
    const name = known === firstSeen ? 'flickering-element' : 'stale-element'
    findings.count(name)
    if (linearizable) findings.tell(name, [], () => stale(element, known, lastMissed, lastSeen))
  } else if (known === null) findings.count('never-read')
  else findings.add('lost-element', [], () => lost(element, reads))
}

function duplicate({ value, adds }: Element, read: Operation): Evidence {
  const [only] = adds
  const isInitial = only?.call === beforeAll.call && adds.length === 1
  const times = isInitial
    ? 'in which it was once at first'
    : adds.length === 1
      ? 'which was added once'
      : `which was added ${adds.length} times`
  return {
    sentence: `${theRead(read)} has ${showValue(value)} more than once, ${times}`,
    events: [read.return, ...adds.slice(0, 2).map(({ call }) => call)],
  }
}

function tellUnexpected({ value, adds: [add], failed }: Element, read: Operation, findings: Findings): void {
  const sees = `${theRead(read)} sees ${showValue(value)}`
  const attempt = failed.find(({ call }) => call < read.return)
  if (attempt !== undefined) {
    findings.add('G1a', ['read-committed'], () => ({
      sentence: `${sees}, whose addition by ${processName(attempt.process)} (event ${attempt.call}) failed`,
      events: [attempt.call, attempt.return, read.return],
    }))
  } else if (add !== undefined) {
    findings.add('unexpected-element', [], () => ({
      sentence: `${sees} before anybody added it: ${processName(add.process)} did at event ${add.call}`,
      events: [read.return, add.call],
    }))
  } else findings.add('unexpected-element', ['read-committed'], () => ({ sentence: `${sees}, which nobody added`, events: [read.return] }))
}

function lost(element: Element, reads: readonly Read[]): Evidence {
  const { value, acknowledged, firstSeen, lastSeen } = element
  const known = Math.min(acknowledged?.return ?? Number.POSITIVE_INFINITY, firstSeen?.return ?? Number.POSITIVE_INFINITY)
  const later = reads.filter(({ read }) => read.call > Math.max(known, lastSeen?.call ?? -1))
  const [first] = later as [Read, ...Read[]]
  const added = acknowledged === null ? [] : [wasAdded(acknowledged)]
  const seen = lastSeen === null ? [] : [`was seen by ${theRead(lastSeen)}`]
  const all = later.length === 1 ? 'the only read that began later lacks' : `all ${later.length} reads that began later lack`
  return {
    sentence: `${showValue(value)} ${[...added, ...seen].join(' and ')}, but ${all} it, from ${thatRead(first.read)} on`,
    events: [acknowledged, firstSeen, lastSeen, first.read].flatMap((operation) => (operation === null ? [] : [operation.return])),
  }
}

function wasAdded({ process, return: end }: Operation): string {
  return end === beforeAll.return ? 'was in it at first' : `was added by ${processName(process)}, acknowledged at event ${end}`
}

/** @param known what showed that it was in the set before the read that misses it began */
function stale({ value }: Element, known: Operation, missing: Operation, again: Operation): Evidence {
  const isSeen = known.f === 'read'
  const shown = isSeen ? `was seen by ${theRead(known)}` : wasAdded(known)
  return {
    sentence: `${showValue(value)} ${shown}, but ${theRead(missing)}, which began later, lacks it; ${thatRead(again)} sees it${isSeen ? ' again' : ''}`,
    events: [known.return, missing.return, again.return],
  }
}
