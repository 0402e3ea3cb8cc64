/** Why one transaction comes before another: a clause for each kind of dependency, with the steps that prove it. */

import { processName } from '../../operation-text.ts'
import { type Edge, rt, rw, so, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { readListStep } from '../table/transaction-table.ts'
import { orderOfWrites, type Scene, writeText } from './explain-orders.ts'
import { appendsTo, chainOf, initialWriter, isAppend, readsOf, seenBy, unknownWriter, versionSeen, writesOf } from './explain-steps.ts'
import { keyText, resultText, versionText } from './explain-words.ts'

export interface Reason {
  /** Such as `T2 observed T1's append of 4 to x`. */
  readonly text: string
  /** The step of each of the two transactions that proves it; -1 where that is none. */
  readonly fromStep: number
  readonly toStep: number
}

/** @param scene whose cast the transactions that are spoken of join */
export function reasonOf(scene: Scene, { from, to, kind, key }: Edge): Reason {
  // Names are given in the order of the sentence.
  scene.cast.name(from)
  scene.cast.name(to)
  switch (kind) {
    case ww:
      return overwrites(scene, from, to, key)
    case wr:
      return reads(scene, from, to, key)
    case rw:
      return misses(scene, from, to, key)
    case so:
      return { ...noSteps, text: inSession(scene, from) }
    case rt:
      return { ...noSteps, text: inTime(scene, from, to) }
  }
}

const noSteps = { fromStep: -1, toStep: -1 }

function overwrites(scene: Scene, from: number, to: number, key: number): Reason {
  const { before, after, how } = orderOfWrites(scene, from, to, key)
  const { table } = scene.facts
  if (before === -1 || after === -1) return { ...noSteps, text: `${scene.cast.name(to)} wrote ${keyText(table, key)} later` }
  const latter = `${scene.cast.name(to)}'s of ${versionText(table, table.version[after] as number)}`
  const text = `${writeText(scene, before)} to ${keyText(table, key)} comes before ${latter}${how === null ? '' : ` (${how})`}`
  return { text, fromStep: before, toStep: after }
}

function reads(scene: Scene, from: number, to: number, key: number): Reason {
  const { cast, facts } = scene
  const { table } = facts
  const x = keyText(table, key)
  const read = readsOf(table, to, key).find((step) => seenBy(facts, step) === from)
  if (read === undefined) return { ...noSteps, text: `${cast.name(to)} read ${x} as ${cast.name(from)} wrote it` }
  const version = versionSeen(facts, read)
  const write = table.versions.writer[version] as number
  cast.show(read, write)
  const value = versionText(table, version)
  const text = isAppend(table, write)
    ? `${cast.name(to)} observed ${cast.name(from)}'s append of ${value} to ${x}`
    : `${cast.name(to)} read ${x} as ${value}, which ${cast.name(from)} wrote`
  return { text, fromStep: write, toStep: read }
}

function misses(scene: Scene, from: number, to: number, key: number): Reason {
  const { cast, facts } = scene
  const { table } = facts
  const read = missingRead(scene, from, to, key)
  if (read === undefined) return { ...noSteps, text: `${cast.name(to)} overwrote what ${cast.name(from)} read of ${keyText(table, key)}` }
  const write = missedWrite(scene, read, to, key)
  cast.show(read, write)
  return { text: missText(scene, from, to, key, read, write), fromStep: read, toStep: write }
}

/** Of several reads of the key the one that is known to have seen less, the first of them where that is not known. */
function missingRead({ facts, argued }: Scene, from: number, to: number, key: number): number | undefined {
  const { table } = facts
  const all = readsOf(table, from, key)
  const candidates = all.filter((step) => ![unknownWriter, to].includes(seenBy(facts, step)))
  const place = placeOf(facts, to, key)
  return (
    candidates.find((step) => placeOf(facts, seenBy(facts, step), key) < place) ??
    candidates.find((step) => argued?.(seenBy(facts, step), to, key)) ??
    candidates.find((step) =>
      facts.extra.some((edge) => edge.kind === ww && edge.from === seenBy(facts, step) && edge.to === to && edge.key === key),
    ) ??
    candidates.find((step) => readsOf(table, to, key).some((read) => seenBy(facts, read) === seenBy(facts, step))) ??
    candidates[0] ??
    all[0]
  )
}

/** The place of a transaction's write in the order of its key; that of no write is before all, and where it is unknown after them. */
function placeOf({ slotsFrom, writer, place }: Facts, transaction: number, key: number): number {
  if (transaction === initialWriter) return -1
  const end = slotsFrom[key + 1] as number
  for (let slot = slotsFrom[key] as number; slot < end; slot++)
    if (writer[slot] === transaction && place[slot] !== -1) return place[slot] as number
  return Number.POSITIVE_INFINITY
}

/** Of appends that are not in a list that was read the first in the order of the key. */
function missedWrite({ facts }: Scene, read: number, to: number, key: number): number {
  const { table } = facts
  const { lists, versions } = table
  const writes = writesOf(table, to, key)
  if (table.kind[read] !== readListStep) return writes.at(-1) ?? -1
  const list = lists.elements(table.version[read] as number)
  const missed = writes.filter((step) => !list.includes(table.version[step] as number))
  const first = chainOf(facts, key).find((version) => missed.includes(versions.writer[version] as number))
  return first === undefined ? (missed[0] ?? writes.at(-1) ?? -1) : (versions.writer[first] as number)
}

function missText(scene: Scene, from: number, to: number, key: number, read: number, write: number): string {
  const { cast, facts } = scene
  const { table } = facts
  const [reader, writer, x] = [cast.name(from), cast.name(to), keyText(table, key)]
  const value = write === -1 ? '?' : versionText(table, table.version[write] as number)
  const result = resultText(table, read, (version) => version === versionSeen(facts, read))
  if (result === '(initial)' || result === '[]') {
    const [done, did] = appendsTo(table, to, key) ? ['appended', 'appended'] : ['written', 'wrote']
    return `${reader} read ${x} before anything was ${done} to it, and ${writer} ${did} ${value}`
  }
  if (table.kind[read] === readListStep) {
    const saw = versionSeen(facts, read)
    const isSeen = write !== -1 && table.lists.elements(table.version[read] as number).includes(table.version[write] as number)
    // Where a list contradicts the order in which its elements were appended.
    if (isSeen && saw >= 0) return `${reader} read ${x} as ${result}, and ${writer} appended ${value} after ${versionText(table, saw)}`
    return `${reader} read ${x} as ${result}, and ${writer} appended ${value} after it`
  }
  const source = seenBy(facts, read)
  const { how } = orderOfWrites(scene, source, to, key)
  return `${reader} read ${x} as ${result}, which ${cast.name(source)} wrote and ${writer} overwrote with ${value}${how === null ? '' : ` (${how})`}`
}

function inSession({ cast, facts: { table } }: Scene, from: number): string {
  const session = table.sessions[table.session[from] as number]
  const whose = session === undefined ? 'one process' : processName(session)
  return `both are of ${whose}, ${cast.name(from)} first`
}

function inTime({ cast, facts: { table } }: Scene, from: number, to: number): string {
  return `${cast.name(from)} ended (event ${table.ended[from]}) before ${cast.name(to)} began (event ${table.began[to]})`
}
