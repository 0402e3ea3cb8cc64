/** How it is known that one transaction's write of a key comes before another's. */

import type { Facts } from '../facts.ts'
import type { Cast } from './explain-cast.ts'
import { chainOf, isAppend, lastVersion, readHaving, readsOf, seenBy, transactionOfStep, versionSeen, writesOf } from './explain-steps.ts'
import { keyText, resultText, versionText } from './explain-words.ts'

/** What an explanation speaks of. */
export interface Scene {
  readonly facts: Facts
  readonly cast: Cast
  /** Why an order of writes that no read shows is as it is, where something beside the facts says so. */
  readonly argued?: ((before: number, after: number, key: number) => string | null) | undefined
}

export interface WriteOrder {
  /** The writes, steps of the table. */
  readonly before: number
  readonly after: number
  /** How their order is known, as a clause; `null` where that cannot be told. */
  readonly how: string | null
}

export function orderOfWrites(scene: Scene, before: number, after: number, key: number): WriteOrder {
  const { cast, facts } = scene
  const { table } = facts
  const argued = scene.argued?.(before, after, key)
  const shown = inLists(scene, before, after, key)
  if (shown !== null && !argued) return shown
  const earlier = writesOf(table, before, key).at(-1) ?? -1
  const later = writesOf(table, after, key).at(-1) ?? -1
  cast.show(earlier, later)
  return { before: earlier, after: later, how: argued ?? overwritten(scene, before, after, key) ?? assumed(scene, before, after, key) }
}

/** `T1's append of 3 to x`, of a step. */
export function writeText({ cast, facts: { table } }: Scene, step: number): string {
  const version = versionText(table, table.version[step] as number)
  return `${cast.name(transactionOfStep(table, step))}'s ${isAppend(table, step) ? 'append' : 'write'} of ${version}`
}

/** Where lists were read that have both, or that have all of the one and nothing of the other. */
function inLists(scene: Scene, before: number, after: number, key: number): WriteOrder | null {
  const { cast, facts } = scene
  const { table } = facts
  const chain = chainOf(facts, key)
  const pair = pairInChain(facts, chain, before, after)
  if (pair !== null) {
    const [first, second] = pair.map((version) => table.versions.writer[version] as number) as [number, number]
    const read = readHaving(facts, pair, (transaction) => cast.has(transaction))
    if (read === -1) return null
    cast.show(first, second, read)
    const list = resultText(table, read, (version) => version === pair[0] || version === pair[1])
    return { before: first, after: second, how: `${cast.name(transactionOfStep(table, read))} read ${keyText(table, key)} as ${list}` }
  }
  const isInChain = (step: number): boolean => chain.includes(table.version[step] as number)
  const seen = writesOf(table, before, key).findLast((step) => isAppend(table, step) && isInChain(step))
  const unseen = writesOf(table, after, key).findLast((step) => isAppend(table, step) && !isInChain(step))
  if (seen === undefined || unseen === undefined) return null
  const version = table.version[seen] as number
  const read = readHaving(facts, [version], (transaction) => cast.has(transaction))
  if (read === -1) return null
  cast.show(seen, unseen, read)
  const reader = cast.name(transactionOfStep(table, read))
  const list = resultText(table, read, (element) => element === version)
  return { before: seen, after: unseen, how: `${reader} read ${keyText(table, key)} as ${list}, and no read has the latter` }
}

/** Elements of the two, the first one's before the other's; next to each other if possible, as where they are mixed. */
function pairInChain({ table }: Facts, chain: Int32Array, before: number, after: number): readonly [number, number] | null {
  const writer = (i: number): number => table.versions.transaction[chain[i] as number] as number
  let earlier = -1
  let pair: readonly [number, number] | null = null
  for (let i = 0; i < chain.length; i++) {
    if (writer(i) === before) earlier = i
    if (writer(i) !== after || earlier === -1) continue
    pair ??= [chain[earlier] as number, chain[i] as number]
    if (earlier === i - 1) return [chain[earlier] as number, chain[i] as number]
  }
  return pair
}

/** The second read what the first wrote, and then wrote itself. */
function overwritten({ cast, facts }: Scene, before: number, after: number, key: number): string | null {
  const { table } = facts
  const read = readsOf(table, after, key).find((step) => seenBy(facts, step) === before)
  if (read === undefined) return null
  cast.show(read)
  return `${cast.name(after)} read the former before it wrote the latter`
}

/** An option says that each key by itself keeps to real time, or to the order of sessions. */
function assumed(scene: Scene, before: number, after: number, key: number): string | null {
  const { table, extra } = scene.facts
  if (!extra.some((edge) => edge.from === before && edge.to === after && edge.key === key)) return null
  const versions = [lastVersion(table, before, key), lastVersion(table, after, key)] as const
  return assumedOrder(scene, key, ...versions) ?? 'an assumption about the order of versions says so'
}

/** The transactions that wrote or read two versions, of which the first precedes the second; what they did is called the former and the latter. */
export function assumedOrder({ cast, facts }: Scene, key: number, former: number, latter: number): string | null {
  const x = keyText(facts.table, key)
  const second = accessing(facts, latter, key)
  for (const isInTime of [false, true]) {
    for (const a of accessing(facts, former, key)) {
      const b = second.find((other) => other !== a && (isInTime ? precedes(facts, a, other) : isEarlierInSession(facts, a, other)))
      if (b === undefined) continue
      const verb = (transaction: number, version: number): string => (writes(facts, transaction, version) ? 'wrote' : 'read')
      const touched = `${cast.name(a)} ${verb(a, former)} the former and ${cast.name(b)} ${verb(b, latter)} the latter`
      return isInTime
        ? `${touched}, and ${cast.name(a)} ended before ${cast.name(b)} began, where ${x} by itself is taken to be linearizable`
        : `${touched}, both of one process and ${cast.name(a)} first, where ${x} by itself is taken to be sequential`
    }
  }
  return null
}

/** The transactions that wrote or read a version. */
function accessing(facts: Facts, version: number, key: number): number[] {
  const { table } = facts
  const found = new Set<number>()
  for (let step = 0; step < table.kind.length; step++)
    if (table.key[step] === key && versionSeen(facts, step) === version) found.add(transactionOfStep(table, step))
  return [...found].filter((transaction) => facts.happened[transaction] === 1)
}

function writes({ table: { versions } }: Facts, transaction: number, version: number): boolean {
  return version >= 0 && versions.transaction[version] === transaction
}

function precedes({ table: { began, ended } }: Facts, a: number, b: number): boolean {
  return ended[a] !== -1 && began[b] !== -1 && (ended[a] as number) < (began[b] as number)
}

function isEarlierInSession({ table: { session } }: Facts, a: number, b: number): boolean {
  return session[a] !== -1 && session[a] === session[b] && a < b
}
