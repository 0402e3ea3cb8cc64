/** Every order of the writes of a small history that agrees with what was read, and how the transactions then depend on each other. */
import { believed, type Observations, type Read, type Write } from './reference-observations.ts'
import { type Relation, relation } from './reference-relations.ts'

/** The writes of each key in an order ≪. Of registers only the last one of each transaction. */
export type Orders = ReadonlyMap<string, readonly Write[]>

export interface Dependencies {
  readonly WR: Relation
  readonly WW: Relation
  readonly RW: Relation
  /** The writes of the read's key that follow in ≪ what the read saw. */
  readonly unseenBy: (read: Read) => readonly Write[]
}

/** Every choice of an order for each key. */
export function* ordersOf(observations: Observations): Generator<Orders> {
  const keys = [...new Set(observations.writes.map(({ key }) => key))]
  const choices = keys.map((key) => [...ordersOfKey(observations, key)])
  for (const choice of product(choices)) yield new Map(keys.map((key, i) => [key, choice[i] as readonly Write[]]))
}

/** Pairs of transactions that took effect, the first before the second in their session. */
export function sessionOrder({ transactions, happened }: Observations): Relation {
  const process = (t: number): number | string | null => transactions[t]?.process ?? null
  return relation(transactions.length, (s, t) => s < t && happened(s) && happened(t) && process(s) !== null && process(s) === process(t))
}

/**
 * Pairs of transactions that took effect, the first of which ended before the second began. One with an unknown outcome may take
 * effect long after its client has given up: nothing comes after its end.
 */
export function realTimeOrder({ transactions, happened }: Observations): Relation {
  return relation(transactions.length, (s, t) => {
    const ended = transactions[s]?.status === 'committed' ? (transactions[s]?.ended ?? null) : null
    const began = transactions[t]?.began ?? null
    return happened(s) && happened(t) && ended !== null && began !== null && ended < began
  })
}

export function dependencies(observations: Observations, orders: Orders): Dependencies {
  const { transactions, externalReads, source } = observations
  const size = transactions.length
  const unseenBy = (read: Read): readonly Write[] => {
    const order = orders.get(read.key) ?? []
    const saw = source(read)
    if (saw === undefined) return []
    // Of registers an intermediate version has the place of its transaction's last one.
    const place = order.findIndex((write) => write === saw || (!observations.isListKey(read.key) && write.transaction === saw?.transaction))
    return order.slice(place + 1)
  }
  const sources = externalReads.map((read) => ({ reader: read.transaction, writer: source(read)?.transaction }))
  const overwriters = externalReads.flatMap((read) => unseenBy(read).map(({ transaction }) => ({ reader: read.transaction, transaction })))
  return {
    unseenBy,
    WR: relation(size, (s, t) => s !== t && sources.some(({ reader, writer }) => writer === s && reader === t)),
    WW: relation(
      size,
      (s, t) =>
        s !== t &&
        [...orders.values()].some(
          (order) =>
            order.findIndex(({ transaction }) => transaction === s) !== -1 &&
            order.findIndex(({ transaction }) => transaction === s) < order.findLastIndex(({ transaction }) => transaction === t),
        ),
    ),
    RW: relation(size, (s, t) => s !== t && overwriters.some(({ reader, transaction }) => reader === s && transaction === t)),
  }
}

/**
 * Of a list: first the longest list that was read of it, then
 * what nobody has seen, in any order of its transactions. A transaction's unseen writes stay together, in program order: to put others
 * between them could only add dependencies. Of a register: the transactions that wrote it, in any order.
 */
export function* ordersOfKey(observations: Observations, key: string): Generator<Write[]> {
  const free = freeWrites(observations, key)
  const seen = seenWrites(observations, key)
  for (const order of permutations([...new Set(free.map(({ transaction }) => transaction))]))
    yield [...seen, ...order.flatMap((t) => free.filter(({ transaction }) => transaction === t))]
}

function seenWrites({ reads, writes, isListKey }: Observations, key: string): Write[] {
  if (!isListKey(key)) return []
  return [...new Set(believed(reads, key))].flatMap((value) => writes.filter((write) => write.key === key && write.value === value))
}

function freeWrites(observations: Observations, key: string): Write[] {
  const seen = new Set(seenWrites(observations, key))
  const ofKey = observations.writes.filter((write) => write.key === key)
  return observations.isListKey(key) ? ofKey.filter((write) => !seen.has(write)) : ofKey.filter(({ isLast }) => isLast)
}

export function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield []
  for (const [i, item] of items.entries()) for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest]
}

function* product<T>(choices: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...others] = choices
  if (first === undefined) yield []
  else for (const rest of product(others)) for (const item of first) yield [item, ...rest]
}
