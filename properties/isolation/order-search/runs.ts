/**
 * Writes of a key that follow one another with nothing between, in runs: those with a known place, and, where the level forbids lost
 * updates, each write of a transaction that read the version which it overwrites, directly after that version. What is left to find
 * out is the order of the runs of a key. One of them comes first, its head, if it has the known places or overwrites what was there
 * before the history.
 *
 * Two that read the same version and overwrite it cannot both come directly after it: the second begins a run of its own, and the
 * search finds that it has no place.
 */
import { type Facts, initialSlot } from '../facts.ts'

export interface Runs {
  /** How many, heads aside. */
  readonly count: number
  /** Bounds of the runs of each key, its head aside. */
  readonly runsFrom: Int32Array
  /** Of each run: its first slot, its last, and its key. */
  readonly first: Int32Array
  readonly last: Int32Array
  readonly keyOf: Int32Array
  /** Of each slot: its run, or -1 if it is in the head of its key. */
  readonly runOf: Int32Array
  /** Of each slot: the slot directly after it in its run, or -1. */
  readonly after: Int32Array
  /** Of each key: the first slot of its head, and the last; -1 where it has none. */
  readonly headFirst: Int32Array
  readonly headLast: Int32Array
  readonly readers: Readers
}

export interface Readers {
  /** Bounds of the readers of each slot; after them, by key, those of what was there before the history. */
  readonly from: Int32Array
  /** Transactions, in order of their numbers; once each, also those that read it several times. */
  readonly of: Int32Array
}

/** @param readsBind whether a write comes directly after the version that its transaction read */
export function runsOf(facts: Facts, readsBind: boolean): Runs {
  const { slots, slotsFrom, place } = facts
  const keys = slotsFrom.length - 1
  const readers = readersOf(facts)
  const after = new Int32Array(slots).fill(-1)
  const isFirst = new Uint8Array(slots).fill(1)
  const headFirst = new Int32Array(keys).fill(-1)
  for (let key = 0; key < keys; key++) {
    const start = slotsFrom[key] as number
    const end = slotsFrom[key + 1] as number
    for (let slot = start; slot < end && place[slot] !== -1; slot++) {
      if (slot === start) headFirst[key] = slot
      else after[slot - 1] = slot
      isFirst[slot] = 0
    }
  }
  if (readsBind) bind(facts, readers, after, isFirst, headFirst)
  return { ...numbered(facts, after, isFirst, headFirst), after, headFirst, readers }
}

function readersOf({ slots, slotsFrom, table, readsFrom, readSlot, readKey, writer }: Facts): Readers {
  const places = slots + slotsFrom.length - 1
  const latest = new Int32Array(places).fill(-1)
  const from = new Int32Array(places + 1)
  const count = readsFrom[table.count] as number
  const placeOf = new Int32Array(count).fill(-1)
  for (let transaction = 0; transaction < table.count; transaction++) {
    for (let read = readsFrom[transaction] as number; read < (readsFrom[transaction + 1] as number); read++) {
      const slot = readSlot[read] as number
      const place = slot === initialSlot ? slots + (readKey[read] as number) : slot
      if (latest[place] === transaction || (slot !== initialSlot && writer[slot] === transaction)) continue
      latest[place] = transaction
      placeOf[read] = place
      from[place + 1] = (from[place + 1] as number) + 1
    }
  }
  for (let place = 0; place < places; place++) from[place + 1] = (from[place + 1] as number) + (from[place] as number)
  const of = new Int32Array(from[places] as number)
  const next = from.slice(0, places)
  for (let transaction = 0; transaction < table.count; transaction++) {
    for (let read = readsFrom[transaction] as number; read < (readsFrom[transaction + 1] as number); read++) {
      const place = placeOf[read] as number
      if (place !== -1) of[(next[place] as number)++] = transaction
    }
  }
  return { from, of }
}

/** Puts each write directly after the version that its transaction read, where nothing else is there. */
function bind({ slots, slotsFrom, writer }: Facts, readers: Readers, after: Int32Array, isFirst: Uint8Array, headFirst: Int32Array): void {
  // Of each transaction: the slot of the key at hand, or one of another key.
  const own = new Int32Array(
    readers.of.reduce(
      (a, b) => Math.max(a, b),
      writer.reduce((a, b) => Math.max(a, b), -1),
    ) + 1,
  ).fill(-1)
  for (let key = 0; key < slotsFrom.length - 1; key++) {
    const start = slotsFrom[key] as number
    const end = slotsFrom[key + 1] as number
    for (let slot = start; slot < end; slot++) own[writer[slot] as number] = slot
    const ownOf = (transaction: number): number => {
      const slot = own[transaction] as number
      return slot >= start && slot < end && isFirst[slot] ? slot : -1
    }
    if (headFirst[key] === -1) headFirst[key] = firstOf(readers, slots + key, ownOf)
    if (headFirst[key] !== -1) isFirst[headFirst[key] as number] = 0
    for (let slot = start; slot < end; slot++) {
      if (after[slot] !== -1) continue
      const next = firstOf(readers, slot, ownOf)
      if (next === -1) continue
      after[slot] = next
      isFirst[next] = 0
    }
  }
}

function firstOf(readers: Readers, place: number, ownOf: (transaction: number) => number): number {
  for (let i = readers.from[place] as number; i < (readers.from[place + 1] as number); i++) {
    const slot = ownOf(readers.of[i] as number)
    if (slot !== -1) return slot
  }
  return -1
}

function numbered(
  { slots, slotsFrom }: Facts,
  after: Int32Array,
  isFirst: Uint8Array,
  headFirst: Int32Array,
): Pick<Runs, 'count' | 'runsFrom' | 'first' | 'last' | 'keyOf' | 'runOf' | 'headLast'> {
  const keys = slotsFrom.length - 1
  const runOf = new Int32Array(slots).fill(-2)
  const runsFrom = new Int32Array(keys + 1)
  const headLast = new Int32Array(keys).fill(-1)
  const first = new Int32Array(slots)
  const last = new Int32Array(slots)
  const keyOf = new Int32Array(slots)
  let count = 0
  const walk = (start: number, run: number): number => {
    let end = start
    for (let slot = start; slot !== -1; slot = after[slot] as number) {
      // A ring of transactions that read each other's writes, which is wrong at every level: it is cut here.
      if (runOf[slot] !== -2) {
        after[end] = -1
        break
      }
      runOf[slot] = run
      end = slot
    }
    return end
  }
  const add = (start: number, key: number): void => {
    first[count] = start
    keyOf[count] = key
    last[count] = walk(start, count)
    count++
  }
  for (let key = 0; key < keys; key++) {
    if (headFirst[key] !== -1) headLast[key] = walk(headFirst[key] as number, -1)
    const end = slotsFrom[key + 1] as number
    for (let slot = slotsFrom[key] as number; slot < end; slot++) if (isFirst[slot]) add(slot, key)
    for (let slot = slotsFrom[key] as number; slot < end; slot++) if (runOf[slot] === -2) add(slot, key)
    runsFrom[key + 1] = count
  }
  return { count, runsFrom, first: first.slice(0, count), last: last.slice(0, count), keyOf: keyOf.slice(0, count), runOf, headLast }
}
