/** A history of operations, judged at one level, as the page of a report shows it. */
import type { Judgement } from '../../properties/decision.ts'
import { objectsOf } from '../../properties/linearizability/linearizable.ts'
import type { Operation } from '../../properties/operation.ts'
import { operationText } from '../../properties/operation-text.ts'
import type { Spec } from '../../properties/spec.ts'
import { keyOf, showValue, type Value } from '../../properties/value.ts'
import type { FileVerdict } from '../histories/verify-file.ts'
import { visible } from '../text.ts'
import type { HistoryObject, HistoryOperation, HistoryView, OperationOrder, Tone } from './document.ts'
import { orderPlaces } from './order-places.ts'

/** Characters of an operation's text: the page shortens it further where its bar is. */
const textWidth = 120
const keyWidth = 60

export const tones: Readonly<Record<Judgement['verdict'], Tone>> = {
  holds: 'good',
  violated: 'bad',
  unknown: 'unsure',
  inapplicable: 'unsure',
}

/** @param operationsMax how many operations the view holds at most; around the one that fails, where there are more */
export function historyView(found: FileVerdict, judgement: Judgement, operationsMax: number): HistoryView {
  const parts = objectsOf(found.operations ?? knownOf(judgement))
  const about = judgement.key === undefined ? null : keyOf(judgement.key)
  const isAbout = ([first]: readonly Operation[]): boolean => about !== null && first?.key !== undefined && keyOf(first.key) === about
  const sorted = [...parts.filter(isAbout), ...parts.filter((part) => !isAbout(part))]
  const objects: HistoryObject[] = []
  let left = operationsMax
  for (const part of sorted) {
    if (left === 0) break
    const object = objectOf(found, judgement, part, left)
    left -= object.operations.length
    objects.push(object)
  }
  const shown = operationsMax - left
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  return {
    kind: 'history',
    level: judgement.level,
    tone: tones[judgement.verdict],
    sentence: sentenceOf(judgement),
    objects,
    notes: notesOf(found, judgement, { shown, total, keys: objects.length, keysTotal: parts.length }),
  }
}

/** Of a history that was not held, the evidence. */
function knownOf({ decision }: Judgement): readonly Operation[] {
  if (decision.verdict !== 'violated') return []
  const { core, failing } = decision
  const known = failing === null || core.some(({ id }) => id === failing.id) ? core : [...core, failing]
  return [...known].sort((a, b) => a.call - b.call)
}

function sentenceOf({ decision, objects, operations }: Judgement): string {
  if (operations === 0) return 'nothing was judged: no operation has completed'
  switch (decision.verdict) {
    case 'violated':
      return visible(decision.sentence)
    case 'holds':
      return decision.note ?? `it holds${decision.witness === null ? '' : `: an order explains ${objects > 1 ? 'each key' : 'it'}`}`
    case 'unknown':
      return `stopped by the limit on ${decision.limit}: ${decision.reached}`
    case 'inapplicable':
      return decision.reason
  }
}

function objectOf(found: FileVerdict, judgement: Judgement, operations: readonly Operation[], most: number): HistoryObject {
  const { decision } = judgement
  const violated = decision.verdict === 'violated' ? decision : null
  const ids = new Set(operations.map(({ id }) => id))
  const failing = violated?.failing != null && ids.has(violated.failing.id) ? violated.failing : null
  const core = new Set(violated?.core.map(({ id }) => id))
  const shown = partOf(operations, failing, core, most)
  const [first] = operations
  return {
    name: first?.key === undefined ? null : showValue(first.key, keyWidth),
    operations: shown.map((operation) => operationOf(operation, core)),
    order: found.operations === null ? null : orderOf(judgement, ids, shown, found.spec, found.reading.initial ?? found.spec.initial),
    failing: failing?.id ?? null,
    possible: failing === null ? [] : (violated?.states ?? []),
  }
}

/** As many operations: those that matter, and then those nearest to the one that fails. */
function partOf(
  operations: readonly Operation[],
  failing: Operation | null,
  core: ReadonlySet<number>,
  most: number,
): readonly Operation[] {
  if (operations.length <= most) return operations
  const at = failing === null ? 0 : operations.findIndex(({ id }) => id === failing.id)
  const ranked = operations.map(({ id }, i) => ({ i, matters: core.has(id) || id === failing?.id, away: Math.abs(i - at) }))
  ranked.sort((a, b) => Number(b.matters) - Number(a.matters) || a.away - b.away)
  return ranked
    .slice(0, most)
    .sort((a, b) => a.i - b.i)
    .map(({ i }) => operations[i] as Operation)
}

function orderOf(
  { decision }: Judgement,
  ids: ReadonlySet<number>,
  shown: readonly Operation[],
  spec: Spec,
  initial: Value,
): OperationOrder | null {
  const order = decision.verdict === 'holds' ? decision.witness : decision.verdict === 'violated' ? decision.longest : undefined
  const own = order?.filter(({ id }) => ids.has(id)) ?? []
  if (own.length === 0) return null
  const shownIds = new Set(shown.map(({ id }) => id))
  return {
    isWhole: decision.verdict === 'holds',
    length: own.length,
    places: orderPlaces(own, spec, initial).filter(({ id }) => shownIds.has(id)),
  }
}

function operationOf(operation: Operation, core: ReadonlySet<number>): HistoryOperation {
  const { id, process, call, callTime, returnTime } = operation
  return {
    id,
    process: String(process),
    text: operationText({ ...operation, key: undefined }, textWidth),
    call,
    return: Number.isFinite(operation.return) ? operation.return : null,
    callTime: callTime ?? null,
    returnTime: returnTime ?? null,
    isCore: core.has(id),
  }
}

interface Counts {
  readonly shown: number
  readonly total: number
  readonly keys: number
  readonly keysTotal: number
}

function notesOf({ operations }: FileVerdict, { decision }: Judgement, { shown, total, keys, keysTotal }: Counts): string[] {
  const count = (value: number): string => value.toLocaleString('en')
  const notes: string[] = []
  if (operations === null)
    notes.push(
      shown === 0
        ? 'The file was judged while it was read, and its operations were not held: there is nothing to draw. --no-stream holds them.'
        : 'The file was judged while it was read: only the operations that the violation takes are shown. --no-stream holds all of them.',
    )
  else if (shown < total)
    notes.push(
      `Of ${count(total)} operations ${count(shown)} are in this page${decision.verdict === 'violated' ? ', around the one that fails' : ''}${keys < keysTotal ? `; ${count(keysTotal - keys)} of ${count(keysTotal)} keys are left out` : ''}.`,
    )
  if (decision.verdict === 'violated' && decision.isMinimal === false)
    notes.push('Whether fewer operations would show the same took too long to tell: drawn heavier is what ran beside the one that fails.')
  if (decision.verdict === 'violated' && decision.since !== undefined)
    notes.push(
      `The operations that matter are those since event ${decision.since.event}, when the possible states were ${decision.since.states.join(', ')}.`,
    )
  if (decision.verdict === 'violated' && keysTotal > 1) notes.push(`One of ${count(keysTotal)} keys fails; of the others no order is told.`)
  return notes
}
