/**
 * What the transactions of a small history wrote and saw, and what is wrong with it whatever the order of its writes. A register is
 * treated as a list of which a read shows only the last element: each value that was written is an element, and a read saw a
 * sequence of elements, the last of which is the version that it saw.
 */
import { isList, keyOf, type Value } from '../../value.ts'
import type { AnomalyName } from '../anomaly.ts'
import type { Transaction } from '../table/transaction.ts'

/** A step that wrote. */
export interface Write {
  readonly transaction: number
  readonly step: number
  readonly key: string
  readonly value: string
  /** Its transaction writes the key no more. */
  readonly isLast: boolean
}

/** A step of a transaction that took effect, and that read something known. */
export interface Read {
  readonly transaction: number
  readonly step: number
  readonly key: string
  /** What it saw; empty for what was there before the history. */
  readonly saw: readonly string[]
}

export interface Observations {
  readonly transactions: readonly Transaction[]
  /** Committed, or with an unknown outcome and seen by a read of a committed transaction. */
  readonly happened: (transaction: number) => boolean
  readonly isListKey: (key: string) => boolean
  /** Those of transactions that took effect, in the order of the transactions and their steps. */
  readonly writes: readonly Write[]
  /** Likewise. */
  readonly reads: readonly Read[]
  /**
   * What reads saw of others: those before an own write of the key; also, where there is none, what stood before the own appends in
   * the first read of a list after them, if it has them.
   */
  readonly externalReads: readonly Read[]
  /** The write whose version a read saw; `null` for what was there before the history; `undefined` where no such write took effect. */
  readonly source: (read: Read) => Write | null | undefined
  /** What is wrong that is no cycle and needs no order of the writes. */
  readonly anomalies: ReadonlySet<AnomalyName>
}

export function observe(transactions: readonly Transaction[]): Observations {
  const steps = transactions.flatMap((transaction, t) => transaction.steps.map((step, s) => ({ ...step, name: keyOf(step.key), t, s })))
  const listKeys = new Set(steps.filter(({ f, value }) => f === 'append' || (f === 'read' && isList(value))).map(({ name }) => name))
  const isListKey = (key: string): boolean => listKeys.has(key)

  const allWrites = steps.flatMap(({ f, name, value, t, s }): Write[] => {
    if (f === 'read') return []
    const isLast = !steps.some((later) => later.t === t && later.s > s && later.name === name && later.f !== 'read')
    return [{ transaction: t, step: s, key: name, value: keyOf(value), isLast }]
  })
  const writeOf = (key: string, value: string): Write | undefined => allWrites.find((write) => write.key === key && write.value === value)
  const allReads = steps.flatMap(({ f, name, value, t, s }): Read[] =>
    f !== 'read' || value === undefined ? [] : [{ transaction: t, step: s, key: name, saw: elements(value, isListKey(name)) }],
  )

  const isSeen = (t: number): boolean =>
    allReads.some(
      (read) =>
        transactions[read.transaction]?.status === 'committed' && read.saw.some((value) => writeOf(read.key, value)?.transaction === t),
    )
  const happenings = transactions.map(({ status }, t) => status === 'committed' || (status === 'unknown' && isSeen(t)))
  const happened = (t: number): boolean => happenings[t] === true

  const writes = allWrites.filter(({ transaction }) => happened(transaction))
  const reads = allReads.filter(({ transaction }) => happened(transaction))
  const anomalies = new Set<AnomalyName>()

  const externalReads: Read[] = []
  for (const read of reads) {
    const own = writes
      .filter(({ transaction, key, step }) => transaction === read.transaction && key === read.key && step < read.step)
      .map(({ value }) => value)
    if (own.length === 0) externalReads.push(read)
    else if (!isListKey(read.key)) {
      if (read.saw[0] !== own.at(-1)) anomalies.add('internal')
    } else if (!isSame(read.saw.slice(-own.length), own)) anomalies.add('internal')
    else {
      const saw = read.saw.slice(0, -own.length)
      const previous = externalReads.findLast(({ transaction, key }) => transaction === read.transaction && key === read.key)
      if (previous === undefined) externalReads.push({ ...read, saw })
      else if (!isSame(previous.saw, saw)) anomalies.add('internal')
    }
  }

  for (const read of reads) {
    if (new Set(read.saw).size < read.saw.length) anomalies.add('duplicate-elements')
    const found = read.saw.map((value) => writeOf(read.key, value))
    if (found.includes(undefined)) anomalies.add('thin-air-read')
    const written = found.filter((write) => write !== undefined)
    const firstAborted = written.findIndex(({ transaction }) => !happened(transaction))
    if (firstAborted >= 0) anomalies.add('G1a')
    if (firstAborted >= 0 && written.slice(firstAborted).some(({ transaction }) => happened(transaction))) anomalies.add('dirty-update')
    if (written.some(({ transaction, step }) => transaction === read.transaction && step > read.step)) anomalies.add('future-read')
    const others = reads.filter(({ key }) => key === read.key && isListKey(key))
    if (others.some(({ saw }) => !isBeginning(read.saw, saw) && !isBeginning(saw, read.saw))) anomalies.add('incompatible-order')
  }

  for (const key of listKeys) {
    const order = believed(reads, key).flatMap((value) => writes.find((write) => write.key === key && write.value === value) ?? [])
    const isOutOfOrder = order.some((later, i) =>
      writes.some(
        (write) =>
          write.key === key && write.transaction === later.transaction && write.step < later.step && !order.slice(0, i).includes(write),
      ),
    )
    if (isOutOfOrder) anomalies.add('cyclic-versions')
  }

  const source = ({ key, saw }: Read): Write | null | undefined => {
    if (saw.length === 0) return null
    const seen = saw.map((value) => writes.find((write) => write.key === key && write.value === value))
    return isListKey(key) ? (seen.findLast((write) => write !== undefined) ?? null) : seen[0]
  }
  for (const read of reads) {
    const seen = source(externalReads.find(({ transaction, step }) => transaction === read.transaction && step === read.step) ?? read)
    if (seen?.isLast === false && seen.transaction !== read.transaction) anomalies.add('G1b')
  }

  const overwrites = (read: Read): boolean => {
    const own = writes.filter(({ transaction, key }) => transaction === read.transaction && key === read.key)
    return own.length > 0 && own.every(({ step }) => step > read.step)
  }
  for (const a of externalReads)
    for (const b of externalReads.filter(({ key }) => key === a.key)) {
      if (a.transaction === b.transaction) {
        if (!isSame(a.saw, b.saw)) anomalies.add('non-repeatable-read')
      } else if (isSame(a.saw, b.saw) && overwrites(a) && overwrites(b)) anomalies.add('lost-update')
    }

  return { transactions, happened, isListKey, writes, reads, externalReads, source, anomalies }
}

/** The longest list that was read of a key, the first of several: where lists contradict each other, its order is believed. */
export function believed(reads: readonly Read[], key: string): readonly string[] {
  const lists = reads.filter((read) => read.key === key).map(({ saw }) => saw)
  return lists.find((list) => lists.every(({ length }) => length <= list.length)) ?? []
}

function elements(value: Value, isOfList: boolean): string[] {
  if (value === null) return []
  return isOfList && isList(value) ? value.map((element) => keyOf(element)) : [keyOf(value)]
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && isBeginning(a, b)
}

function isBeginning(short: readonly string[], long: readonly string[]): boolean {
  return short.every((value, i) => long[i] === value)
}
