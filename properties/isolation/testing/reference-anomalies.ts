/** The anomalies of a small history by their definitions in anomaly.ts: every simple cycle, under every order of the writes. */
import type { AnomalyName } from '../anomaly.ts'
import type { Transaction } from '../table/transaction.ts'
import { type Observations, observe } from './reference-observations.ts'
import { type Dependencies, dependencies, ordersOf, realTimeOrder, sessionOrder } from './reference-orders.ts'
import { has, type Relation, union } from './reference-relations.ts'

export interface ReferenceAnomalies {
  /** Those under every order of the writes that agrees with what was read. */
  readonly certain: ReadonlySet<AnomalyName>
  /** Those under some order; the certain ones too. */
  readonly possible: ReadonlySet<AnomalyName>
}

/**
 * Every class of cycle of which there is one, in its plain, -session and -realtime variant, also where another says more; and all
 * that are no cycles. Cyclic versions only of lists: without assumptions about the order of writes no registers show them.
 */
export function referenceAnomalies(transactions: readonly Transaction[]): ReferenceAnomalies {
  const observations = observe(transactions)
  const session = sessionOrder(observations)
  const realTime = realTimeOrder(observations)
  let certain: ReadonlySet<AnomalyName> | null = null
  const possible = new Set<AnomalyName>()
  for (const orders of ordersOf(observations)) {
    const dependent = dependencies(observations, orders)
    const found = new Set([
      ...observations.anomalies,
      ...patternsOfReads(observations, dependent),
      ...namesOfCycles([
        ['ww', dependent.WW],
        ['wr', dependent.WR],
        ['rw', dependent.RW],
        ['so', session],
        ['rt', realTime],
      ]),
    ])
    for (const name of found) possible.add(name)
    certain = new Set([...(certain ?? found)].filter((name) => found.has(name)))
  }
  return { certain: certain ?? new Set(), possible }
}

export type Kind = 'ww' | 'wr' | 'rw' | 'so' | 'rt'

/** What the simple cycles are examples of: sequences of transactions, each once, beginning with the lowest; with every kind of each step. */
export function namesOfCycles(relations: readonly (readonly [Kind, Relation])[]): Set<AnomalyName> {
  const names = new Set<AnomalyName>()
  const [first, ...others] = relations.map(([, r]) => r)
  const all = union(first as Relation, ...others)
  const extend = (start: number, path: readonly number[], kinds: readonly Kind[]): void => {
    const last = path.at(-1) as number
    for (let next = start; next < all.length; next++) {
      if (!has(all, last, next) || (next !== start && path.includes(next))) continue
      for (const [kind, r] of relations) {
        if (!has(r, last, next)) continue
        if (next === start) names.add(nameOfCycle([...kinds, kind]))
        else extend(start, [...path, next], [...kinds, kind])
      }
    }
  }
  for (let start = 0; start < all.length; start++) extend(start, [start], [])
  return names
}

export function nameOfCycle(kinds: readonly Kind[]): AnomalyName {
  const anti = kinds.filter((kind) => kind === 'rw').length
  const hasAdjacent = kinds.some((kind, i) => kind === 'rw' && kinds[(i + 1) % kinds.length] === 'rw')
  const name = anti >= 2 ? (hasAdjacent ? 'G2-item' : 'G-nonadjacent') : anti === 1 ? 'G-single' : kinds.includes('wr') ? 'G1c' : 'G0'
  return kinds.includes('rt') ? `${name}-realtime` : kinds.includes('so') ? `${name}-session` : name
}

/** Those that are cycles of a certain form, with the keys of their dependencies. */
function patternsOfReads({ externalReads, source }: Observations, { unseenBy }: Dependencies): AnomalyName[] {
  const reads = externalReads.flatMap((read) => {
    const writer = source(read)?.transaction
    return writer === undefined || writer === read.transaction ? [] : [{ key: read.key, writer, reader: read.transaction }]
  })
  const misses = externalReads.flatMap((read) =>
    unseenBy(read).flatMap(({ transaction }) =>
      transaction === read.transaction ? [] : [{ key: read.key, reader: read.transaction, writer: transaction }],
    ),
  )
  const isFractured = reads.some((a) => misses.some((b) => a.reader === b.reader && a.writer === b.writer && a.key !== b.key))
  const isSkewed = misses.some((a) => misses.some((b) => a.reader === b.writer && a.writer === b.reader && a.key !== b.key))
  // One reader saw the first write and missed the second, another the other way round.
  const isForked = reads.some((a) =>
    reads.some(
      (b) =>
        new Set([a.reader, a.writer, b.reader, b.writer]).size === 4 &&
        misses.some((miss) => miss.reader === a.reader && miss.writer === b.writer && miss.key === b.key) &&
        misses.some((miss) => miss.reader === b.reader && miss.writer === a.writer && miss.key === a.key),
    ),
  )
  return [
    ...(isFractured ? ['fractured-read' as const] : []),
    ...(isSkewed ? ['write-skew' as const] : []),
    ...(isForked ? ['long-fork' as const] : []),
  ]
}
