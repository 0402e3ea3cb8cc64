/** Facts written down by hand, without a history: who wrote each key in which order, and who read what. */
import { invariant } from '../../errors.ts'
import type { Edge } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import { committed, initialVersion, readStep, type TransactionTable, unknownOutcome, writeStep } from '../table/transaction-table.ts'

export interface WrittenTransaction {
  readonly session?: number | string
  /** Where in the history; transactions have times if any of them says so. */
  readonly began?: number
  readonly ended?: number
  /** By default it committed, and happened. `unknown`: it happened, but nobody saw it end. */
  readonly fate?: 'committed' | 'unknown' | 'never happened'
}

export interface WrittenKey {
  /** Transactions, in the order of their writes. */
  readonly order?: readonly number[]
  /** Those that wrote it too, nobody knows where in the order but after the others. */
  readonly unplaced?: readonly number[]
}

/** This transaction reads this key as that one wrote it, or before the history (`null`). */
export type WrittenRead = readonly [reader: number, key: string, writer: number | null]

export interface WrittenFacts {
  /** How many, or what each is like. */
  readonly transactions: number | readonly WrittenTransaction[]
  readonly keys?: Readonly<Record<string, WrittenKey>>
  /** Those of a transaction in program order. */
  readonly reads?: readonly WrittenRead[]
  readonly extra?: readonly Edge[]
}

/** The table has a step for each read and then for each write of a transaction; versions have the numbers of slots. */
export function factsOf({ transactions, keys = {}, reads = [], extra = [] }: WrittenFacts): Facts {
  const all: readonly WrittenTransaction[] =
    typeof transactions === 'number' ? Array.from({ length: transactions }, () => ({})) : transactions
  const names = [...new Set([...Object.keys(keys), ...reads.map(([, key]) => key)])]
  const ofKeys = names.map((name) => slotsOf(keys[name] ?? {}))
  const slots = ofKeys.flat()
  const slotsFrom = bounds(ofKeys.map(({ length }) => length))
  const byReader = all.map((_, t) => reads.filter(([reader]) => reader === t))
  const ordered = byReader.flat()
  invariant(ordered.length === reads.length, 'every reader is one of the transactions')
  const readKey = ordered.map(([, key]) => names.indexOf(key))
  const readSlot = ordered.map(([, key, writer]) => {
    if (writer === null) return initialSlot
    const k = names.indexOf(key)
    const at = (ofKeys[k] as Slot[]).findIndex((slot) => slot.writer === writer)
    invariant(at >= 0, `transaction ${writer} writes ${key}`)
    return (slotsFrom[k] as number) + at
  })
  return {
    table: tableOf(
      all,
      names,
      slots.map(({ writer }) => writer),
      ofKeys.flatMap((own, k) => own.map(() => k)),
      byReader.map(({ length }) => length),
      readKey,
      readSlot,
    ),
    happened: Uint8Array.from(all, ({ fate }) => (fate === 'never happened' ? 0 : 1)),
    slots: slots.length,
    slotsFrom,
    writer: Int32Array.from(slots, ({ writer }) => writer),
    place: Int32Array.from(slots, ({ place }) => place),
    readsFrom: bounds(byReader.map(({ length }) => length)),
    readSlot: Int32Array.from(readSlot),
    readKey: Int32Array.from(readKey),
    extra,
  }
}

interface Slot {
  readonly writer: number
  readonly place: number
}

function slotsOf({ order = [], unplaced = [] }: WrittenKey): Slot[] {
  return [...order.map((writer, place) => ({ writer, place })), ...unplaced.map((writer) => ({ writer, place: -1 }))]
}

function bounds(lengths: readonly number[]): Int32Array {
  const from = new Int32Array(lengths.length + 1)
  for (const [i, length] of lengths.entries()) from[i + 1] = (from[i] as number) + length
  return from
}

function tableOf(
  all: readonly WrittenTransaction[],
  names: readonly string[],
  writers: readonly number[],
  slotKey: readonly number[],
  readCounts: readonly number[],
  readKey: readonly number[],
  readSlot: readonly number[],
): TransactionTable {
  const sessions = [...new Set(all.flatMap(({ session }) => (session === undefined ? [] : [session])))]
  const firstRead = bounds(readCounts)
  const steps = all.map((_, t) => [
    ...readKey
      .slice(firstRead[t], firstRead[t + 1])
      .map((key, i) => ({ kind: readStep, key, version: versionOf(readSlot[(firstRead[t] as number) + i] as number) })),
    ...writers.flatMap((writer, slot) => (writer === t ? [{ kind: writeStep, key: slotKey[slot] as number, version: slot }] : [])),
  ])
  const flat = steps.flat()
  return {
    count: all.length,
    session: Int32Array.from(all, ({ session }) => (session === undefined ? -1 : sessions.indexOf(session))),
    sessions,
    status: Uint8Array.from(all, ({ fate }) => (fate === 'unknown' || fate === 'never happened' ? unknownOutcome : committed)),
    began: Int32Array.from(all, ({ began }) => began ?? -1),
    ended: Int32Array.from(all, ({ ended }) => ended ?? -1),
    hasTimes: all.some(({ began, ended }) => began !== undefined || ended !== undefined),
    stepsFrom: bounds(steps.map(({ length }) => length)),
    kind: Uint8Array.from(flat, ({ kind }) => kind),
    key: Int32Array.from(flat, ({ key }) => key),
    version: Int32Array.from(flat, ({ version }) => version),
    lists: {
      count: 0,
      key: new Int32Array(),
      length: new Int32Array(),
      isPrefix: new Uint8Array(),
      chainFrom: new Int32Array(names.length + 1),
      chain: new Int32Array(),
      elements: () => new Int32Array(),
    },
    keys: names,
    versions: {
      count: writers.length,
      key: Int32Array.from(slotKey),
      writer: Int32Array.from(writers, (_, slot) => flat.findIndex(({ kind, version }) => kind === writeStep && version === slot)),
      transaction: Int32Array.from(writers),
      value: (version) => version,
    },
  }
}

function versionOf(slot: number): number {
  return slot === initialSlot ? initialVersion : slot
}
