/** Whether the evidence of a decision holds good by the definitions alone. */
import { expect } from 'vitest'
import type { CycleStep } from '../../anomaly.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from '../../edge.ts'
import { type Facts, initialSlot } from '../../facts.ts'
import type { LevelOrder } from '../../level.ts'
import { Restrictions } from '../restrict-facts.ts'
import type { OrderProof, StrongBase, StrongDecision, StrongEvidence } from '../strong-levels.ts'
import { fulfilsLiterally, isFulfilled, isOrdered, literalOrders, updatesOf } from './literal-levels.ts'

export function checkEvidence(facts: Facts, base: StrongBase, order: LevelOrder, decision: StrongDecision): void {
  expect(decision.verdict).not.toBe('unknown')
  if (decision.verdict === 'holds') {
    expect(isOrderOf(facts, decision.orders)).toBe(true)
    expect(fulfilsLiterally(facts, base, order, decision.orders)).toBe(true)
  }
  if (decision.verdict === 'violated') {
    const { core, isMinimal, proof } = decision.evidence()
    const violates = (part: Int32Array): boolean => literalOrders(new Restrictions(facts).to(part).facts, base, order) === null
    expect(Array.from(core)).toEqual([...new Set(core)].sort((a, b) => a - b))
    expect(violates(core)).toBe(true)
    expect(isMinimal).toBe(true)
    for (const t of core) expect(violates(core.filter((other) => other !== t))).toBe(false)
    expect(isProven(facts, base, order, { core, isMinimal, proof })).toBe(true)
  }
}

/** Whether the proof of a violation holds good; one that was only searched is none. */
export function isProven(facts: Facts, base: StrongBase, order: LevelOrder, { core, proof }: StrongEvidence): boolean {
  return provesViolation({ facts, base, order, core: new Set(core) }, proof, [])
}

interface Claim {
  readonly facts: Facts
  readonly base: StrongBase
  readonly order: LevelOrder
  readonly core: ReadonlySet<number>
}

interface WriteOrder {
  readonly key: number
  readonly first: number
  readonly second: number
}

/** @param given orders of writes that the proof may use */
function provesViolation(claim: Claim, proof: OrderProof, given: readonly WriteOrder[]): boolean {
  if (proof.kind === 'searched') return false
  if (proof.kind === 'either') {
    const { key, first, second } = proof
    return (
      [first, second].every((t) => claim.core.has(t) && slotOf(claim.facts, t, key) !== -1) &&
      provesViolation(claim, proof.ifBefore, [...given, { key, first, second }]) &&
      provesViolation(claim, proof.ifAfter, [...given, { key, first: second, second: first }])
    )
  }
  let known = given
  for (const { key, first, second, otherwise } of proof.orders) {
    if (!isForbidden(claim, otherwise, [...known, { key, first: second, second: first }])) return false
    known = [...known, { key, first, second }]
  }
  return isForbidden(claim, proof.cycle, known)
}

function isForbidden({ facts, base, order, core }: Claim, cycle: readonly CycleStep[], given: readonly WriteOrder[]): boolean {
  const edges = cycle.map(({ transaction, kind, key }, i) => {
    return { from: transaction, to: (cycle[i + 1] ?? (cycle[0] as CycleStep)).transaction, kind, key }
  })
  if (!edges.every((edge) => core.has(edge.from) && isDependency(facts, order, edge, given))) return false
  // Relations are of 30 at most: the transactions of the cycle are numbered anew.
  const members = [...new Set(edges.map(({ from }) => from))]
  expect(members.length).toBeLessThanOrEqual(30)
  const own = edges.map((edge) => ({ ...edge, from: members.indexOf(edge.from), to: members.indexOf(edge.to) }))
  const updates = updatesOf(facts)
  const ownUpdates = new Set(members.flatMap((t, i) => (updates.has(t) ? [i] : [])))
  return !isFulfilled(own, members.length, ownUpdates, base)
}

interface KeyedEdge {
  readonly from: number
  readonly to: number
  readonly kind: EdgeKind
  readonly key: number
}

function isDependency(facts: Facts, order: LevelOrder, edge: KeyedEdge, given: readonly WriteOrder[]): boolean {
  const { from, to, kind, key } = edge
  const { writer, place, extra } = facts
  if (from === to) return false
  if (extra.some((one) => one.from === from && one.to === to && one.kind === kind && one.key === key)) return true
  const isBefore = (first: number, second: number): boolean =>
    (place[first] !== -1 && (place[second] === -1 || (place[first] as number) < (place[second] as number))) ||
    given.some((one) => one.key === key && one.first === writer[first] && one.second === writer[second])
  const written = slotOf(facts, to, key)
  switch (kind) {
    case so:
      return order !== 'none' && isOrdered(facts, from, to, so)
    case rt:
      return order === 'real-time' && isOrdered(facts, from, to, rt)
    case wr:
      return seenBy(facts, to, key).some((slot) => slot !== initialSlot && writer[slot] === from)
    case ww:
      return written !== -1 && slotOf(facts, from, key) !== -1 && isBefore(slotOf(facts, from, key), written)
    case rw:
      return written !== -1 && seenBy(facts, from, key).some((slot) => slot === initialSlot || isBefore(slot, written))
  }
}

/** The slots that a transaction saw of a key. */
function seenBy({ readsFrom, readSlot, readKey }: Facts, transaction: number, key: number): number[] {
  const reads = Array.from(readSlot.keys()).slice(readsFrom[transaction], readsFrom[transaction + 1])
  return reads.filter((read) => readKey[read] === key).map((read) => readSlot[read] as number)
}

function slotOf({ slotsFrom, writer }: Facts, transaction: number, key: number): number {
  return writer.findIndex((t, slot) => t === transaction && slot >= (slotsFrom[key] as number) && slot < (slotsFrom[key + 1] as number))
}

function isOrderOf({ slots, slotsFrom, place }: Facts, ranks: Int32Array): boolean {
  if (ranks.length !== slots) return false
  if (place.some((at, slot) => at !== -1 && ranks[slot] !== at)) return false
  return Array.from(slotsFrom.subarray(1), (end, key) => ranks.slice(slotsFrom[key], end).sort()).every((own) =>
    own.every((rank, i) => rank === i),
  )
}
