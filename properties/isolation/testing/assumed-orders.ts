/**
 * What an option assumes of the order of the writes of registers (InferOptions.versions), pair by pair: a version that a transaction read
 * or wrote comes before the one that it read or wrote next, and before those that transactions after it read or wrote, in their session or
 * in real time.
 */
import type { InferOptions } from '../inference/inference.ts'
import type { Observations, Write } from './reference-observations.ts'
import type { Orders } from './reference-orders.ts'
import { has, isAcyclic, type Relation, relation } from './reference-relations.ts'

export interface AssumedOrders {
  /** Whether the writes are in an order that may be. */
  readonly allow: (orders: Orders) => boolean
  /** Whether there is a register that cannot be in any such order; of that one nothing is assumed. */
  readonly isRefuted: boolean
}

export function assumedOrders(observations: Observations, versions: NonNullable<InferOptions['versions']>): AssumedOrders {
  const registers = [...new Set(observations.writes.map(({ key }) => key))].filter((key) => !observations.isListKey(key))
  const assumed = registers.map((key) => ({ key, before: pairsOf(observations, key, versions) }))
  return {
    allow: (orders) =>
      assumed.every(
        ({ key, before }) =>
          !isAcyclic(before) || (orders.get(key) ?? []).every((write, i, all) => !isLate(write, all.slice(0, i), before)),
      ),
    isRefuted: assumed.some(({ before }) => !isAcyclic(before)),
  }
}

function isLate({ transaction }: Write, earlier: readonly Write[], before: Relation): boolean {
  return earlier.some((other) => has(before, transaction, other.transaction))
}

/** Of versions, which are called by their transactions; the one from before the history is the last number, and comes before all. */
function pairsOf({ transactions, happened, writes, externalReads, source }: Observations, key: string, versions: string): Relation {
  const initial = transactions.length
  const touched = transactions.map((_, t): number[] => {
    const isOwn = (one: { readonly transaction: number; readonly key: string }): boolean => one.transaction === t && one.key === key
    const sources = externalReads.filter(isOwn).map((read) => ({ step: read.step, version: source(read) }))
    // What it reads of its own before it writes it is wrong by itself.
    const seen = sources.filter(({ version }) => version?.transaction !== t)
    const last = writes.filter((write) => isOwn(write) && write.isLast).map((write) => ({ step: write.step, version: write }))
    return [...seen, ...last]
      .filter(({ version }) => version !== undefined)
      .sort((a, b) => a.step - b.step)
      .map(({ version }) => version?.transaction ?? initial)
  })
  const hasTimes = transactions.every(({ began }) => began !== null)
  const precedes = (s: number, t: number): boolean => {
    const [first, second] = [transactions[s], transactions[t]]
    if (s === t || first?.status !== 'committed' || !happened(t)) return false
    if (versions === 'sequential') return s < t && first.process !== null && first.process === second?.process
    return hasTimes && first.ended !== null && (first.ended as number) < (second?.began as number)
  }
  const follows = (a: number, b: number): boolean =>
    touched.some(
      (own, s) =>
        own.some((version, i) => version === a && own[i + 1] === b) ||
        (own.includes(a) && touched.some((others, t) => others.includes(b) && precedes(s, t))),
    )
  const wasInitial = (b: number): boolean => b !== initial && touched.some((own) => own.includes(b))
  return relation(initial + 1, (a, b) => a !== b && (a === initial ? wasInitial(b) : follows(a, b)))
}
