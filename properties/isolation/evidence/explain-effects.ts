/** How it is known that transactions took effect of which nobody saw the outcome: others read what they wrote. */

import type { Facts } from '../facts.ts'
import { committed, readListStep, readStep, unknownOutcome } from '../table/transaction-table.ts'
import type { Scene } from './explain-orders.ts'
import { Phrases } from './explain-phrases.ts'
import { transactionOfStep } from './explain-steps.ts'

/** A sentence for each of the cast that took effect without a known outcome; up to a reader that committed. */
export function effectSentences(scene: Scene): string[] {
  const { cast, facts } = scene
  const { status, versions } = facts.table
  const sentences = new Map<number, string>()
  for (const transaction of cast.transactions) {
    if (status[transaction] !== unknownOutcome || facts.happened[transaction] === 0) continue
    for (const { read, version } of sightings(facts, transaction)) {
      const write = versions.writer[version] as number
      const writer = versions.transaction[version] as number
      if (sentences.has(writer)) break
      cast.show(read, write)
      sentences.set(writer, `${cast.name(writer)} took effect, because ${new Phrases(scene, [write]).observed(read, write)}.`)
    }
  }
  return [...sentences.values()]
}

interface Sighting {
  /** A step that read a version of the transaction before. */
  readonly read: number
  readonly version: number
}

/** A read of what a transaction wrote, one of what that reader wrote, and so on up to a reader that committed: as few as possible. */
function sightings(facts: Facts, transaction: number): Sighting[] {
  const { status } = facts.table
  const found = new Map<number, readonly Sighting[]>([[transaction, []]])
  // A map also goes through what is added to it on the way.
  for (const [writer, path] of found) {
    for (const sighting of readsFrom(facts, writer)) {
      const reader = transactionOfStep(facts.table, sighting.read)
      if (status[reader] === committed) return [...path, sighting]
      if (!found.has(reader)) found.set(reader, [...path, sighting])
    }
  }
  return []
}

/** Those by others that took effect, the first of those that committed before all others. */
function readsFrom({ table, happened }: Facts, writer: number): Sighting[] {
  const { kind, version: versionOf, versions, lists, status } = table
  const found: Sighting[] = []
  for (let step = 0; step < kind.length; step++) {
    const read = versionOf[step] as number
    const seen = kind[step] === readStep ? (read >= 0 ? [read] : []) : kind[step] === readListStep ? lists.elements(read) : []
    const version = seen.find((one) => versions.transaction[one] === writer)
    if (version === undefined) continue
    const reader = transactionOfStep(table, step)
    if (reader === writer || happened[reader] === 0) continue
    if (status[reader] === committed) return [{ read: step, version }]
    found.push({ read: step, version })
  }
  return found
}
