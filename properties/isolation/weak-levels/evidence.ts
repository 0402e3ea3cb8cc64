/** Why a weak level does not hold: a short cycle, and why each order of writes in it is forced. */
import type { Budget } from '../../budget.ts'
import { invariant } from '../../errors.ts'
import type { CycleStep } from '../anomaly.ts'
import type { BareCsr } from '../cycles/csr.ts'
import { strongComponents } from '../cycles/strong-components.ts'
import { rw, wr, ww } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import type { ForcedOrder, WeakBase, WeakDecision } from './decision.ts'
import { type PathStep, Paths, type Within } from './paths.ts'
import { ForcedOrders, type Missed, readerOf } from './saturate-orders.ts'
import type { Written } from './saturate-written.ts'

/** After how many looks at transactions no shorter cycle is looked for. */
const patience = 4_000_000

/** What a level is about, and the facts that it is judged on. */
export interface Judged {
  readonly facts: Facts
  readonly written: Written
  readonly base: WeakBase
  /** A mask of edge kinds: those that the level forbids cycles of. */
  readonly kinds: number
  /** Where it is used up, the evidence is longer than it could be. */
  readonly budget: Budget
}

/** @param graph with a cycle; its first nodes are the transactions, and it reaches what the kinds and the forced orders reach */
export function evidenceOfCycle(judged: Judged, graph: BareCsr, orders: ForcedOrders): WeakDecision {
  const { facts, written, kinds, budget } = judged
  const paths = new Paths(facts, written, kinds, orders)
  const { within, members } = smallestComponent(graph, facts.table.count)
  let shortest: readonly PathStep[] | null = null
  for (const t of members) {
    if (shortest !== null && (shortest.length === 2 || paths.looks > patience || budget.exhausted())) break
    const cycle = paths.shortest(t, t, within)
    if (cycle !== null && (shortest === null || cycle.length < shortest.length)) shortest = cycle
  }
  invariant(shortest !== null, 'a strong component of several nodes has a cycle through each of its transactions')
  const causes = causesOf(judged)
  const forced = shortest.filter(({ forcedBy }) => forcedBy !== -1).map((step) => forcedOrder(judged, causes, step))
  return { holds: false, proof: 'cycle', cycle: shortest.map(plainStep), forced }
}

/** A write was visible to a reader, which all the same has not seen it. */
export function evidenceOfMissed(judged: Judged, { by, reader, key, read }: Missed): WeakDecision {
  const cycle = [...visibility(judged, causesOf(judged), by, reader, read), { transaction: reader, kind: rw, key } as const]
  return { holds: false, proof: 'cycle', cycle, forced: [] }
}

function forcedOrder(judged: Judged, causes: Paths, { transaction: before, key, forcedBy }: PathStep): ForcedOrder {
  const { facts } = judged
  const reader = readerOf(facts, forcedBy)
  const after = facts.writer[facts.readSlot[forcedBy] as number] as number
  return { before, after, key, reader, because: visibility(judged, causes, before, reader, forcedBy) }
}

/** How a transaction is visible to a reader at one of its reads. */
function visibility({ facts, base }: Judged, causes: Paths, transaction: number, reader: number, read: number): readonly CycleStep[] {
  if (base === 'monotonic-atomic-view') return [{ transaction, kind: wr, key: keyReadFrom(facts, transaction, reader, read) }]
  const path = causes.shortest(transaction, reader)
  invariant(path !== null, 'an order is forced, and a write missed, only where the writer is visible to the reader')
  return path.map(plainStep)
}

/** A key that a reader read from a transaction before another read. */
function keyReadFrom({ writer, readsFrom, readSlot, readKey }: Facts, transaction: number, reader: number, read: number): number {
  for (let earlier = readsFrom[reader] as number; earlier < read; earlier++) {
    const slot = readSlot[earlier] as number
    if (slot !== initialSlot && writer[slot] === transaction) return readKey[earlier] as number
  }
  throw new Error('invariant violated: monotonic atomic view forces orders only by earlier reads')
}

/** Paths of what makes writes visible: reads, and the order that the level adds. */
function causesOf({ facts, written, kinds }: Judged): Paths {
  return new Paths(facts, written, kinds & ~ww, new ForcedOrders(facts))
}

function plainStep({ transaction, kind, key }: PathStep): CycleStep {
  return { transaction, kind, key }
}

/** The strong component with the fewest transactions of those that have a cycle. */
function smallestComponent(graph: BareCsr, transactions: number): { readonly within: Within; readonly members: Int32Array } {
  const components = strongComponents(graph)
  let smallest = -1
  for (let c = 0; c < components.count; c++) {
    if (components.size(c) > 1 && (smallest === -1 || components.size(c) < components.size(smallest))) smallest = c
  }
  invariant(smallest !== -1, 'a graph without loops that has a cycle has a strong component of several nodes')
  const members = components.members(smallest).filter((node) => node < transactions)
  return { within: { component: components.component, number: smallest }, members }
}
