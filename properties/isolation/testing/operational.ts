/**
 * The main levels by what systems do, not by dependencies: the second opinion on reference.ts, of histories of up to four transactions.
 * A list is a value like any other here: an append makes a new version on top of the last one, whether its transaction sees that or
 * not. What it then reads is the version that it made, so that it can read it only if it sees the last one.
 */
import { equal, isList, keyOf, type Value } from '../../value.ts'
import type { IsolationLevel, LevelBase, LevelOrder } from '../level.ts'
import type { Transaction } from '../table/transaction.ts'

type Decision = Partial<Record<LevelBase, boolean>>
type Before = (a: Transaction, b: Transaction) => boolean
type Contents = ReadonlyMap<string, Value>

/** One transaction after another on a store: serializable, and update serializable, where each reader may see another such execution. */
export function levelsByReplay(transactions: readonly Transaction[]): ReadonlyMap<IsolationLevel, boolean> {
  return forEveryOrder(transactions, (happened, before) => {
    const executions = (some: readonly Transaction[]): Set<string> =>
      new Set(linearExtensions(some, before).flatMap((sequence) => (isExecution(sequence) ? [writeOrders(happened, sequence)] : [])))
    const updates = happened.filter(isUpdate)
    const readers = happened.filter((transaction) => !isUpdate(transaction))
    const views = readers.map((reader) => executions(happened.filter((other) => other === reader || isUpdate(other))))
    return {
      serializable: executions(happened).size > 0,
      'update-serializable': [...executions(updates)].some((orders) => views.every((view) => view.has(orders))),
    }
  })
}

/**
 * Starts and commits in some order: each transaction reads the store as it was at its start, and commits only if nothing that it
 * writes has changed since then (Berenson et al., SIGMOD 1995). What is before another by the order of the variant commits before
 * that starts.
 */
export function levelsBySnapshots(transactions: readonly Transaction[]): ReadonlyMap<IsolationLevel, boolean> {
  return forEveryOrder(transactions, (happened, before) => {
    const proceed = (waiting: readonly Transaction[], running: ReadonlyMap<Transaction, Contents>, store: Contents): boolean =>
      (waiting.length === 0 && running.size === 0) ||
      waiting.some(
        (transaction) =>
          ![...waiting, ...running.keys()].some((other) => before(other, transaction)) &&
          run(transaction, (key) => store.get(key)) !== null &&
          proceed(without(waiting, transaction), new Map(running).set(transaction, store), store),
      ) ||
      [...running].some(([transaction, snapshot]) => {
        const written = run(transaction, (key) => snapshot.get(key)) ?? new Map()
        const rest = new Map([...running].filter(([other]) => other !== transaction))
        return (
          [...written.keys()].every((key) => store.get(key) === snapshot.get(key)) &&
          proceed(waiting, rest, new Map([...store, ...written]))
        )
      })
    return { 'snapshot-isolation': proceed(happened, new Map(), new Map()) }
  })
}

/**
 * A total order of the transactions, arbitration, and for each transaction a set of earlier ones that it sees, with those that the
 * variant's order puts before it; it reads of each key the last version that it sees (Cerone, Bernardi and Gotsman, A Framework for
 * Transactional Consistency Models with Atomic Visibility, CONCUR 2015: EXT and INT; SESSION is the order of the variant).
 */
export function levelsByVisibility(transactions: readonly Transaction[]): ReadonlyMap<IsolationLevel, boolean> {
  return forEveryOrder(transactions, (happened, before) => {
    const decision: Decision = {
      'read-atomic': false,
      causal: false,
      prefix: false,
      'parallel-snapshot-isolation': false,
      'snapshot-isolation': false,
      serializable: false,
    }
    for (const arbitration of linearExtensions(happened, before)) {
      const versions = versionsOf(arbitration)
      const isExplained = (transaction: Transaction, visible: readonly Transaction[]): boolean =>
        readsItsVersions(transaction, versions) && run(transaction, (key) => lastVersion(versions, visible, key)) !== null
      const choices = arbitration.map((transaction, i) =>
        subsets(arbitration.slice(0, i)).filter(
          (visible) =>
            happened.every((other) => !before(other, transaction) || visible.includes(other)) && isExplained(transaction, visible),
        ),
      )
      for (const choice of product(choices)) {
        const sees = (a: Transaction, b: Transaction): boolean => choice[arbitration.indexOf(a)]?.includes(b) === true
        const all = (axiom: (t: Transaction, s: Transaction, r: Transaction) => boolean): boolean =>
          arbitration.every((t, k) => arbitration.slice(0, k).every((s, j) => arbitration.slice(0, j).every((r) => axiom(t, s, r))))
        const transitive = all((t, s, r) => !(sees(t, s) && sees(s, r)) || sees(t, r))
        const prefix = all((t, s, r) => !sees(t, s) || sees(t, r))
        const pairs = arbitration.flatMap((t, k) => arbitration.slice(0, k).map((s) => [t, s] as const))
        const noConflict = pairs.every(([t, s]) => sees(t, s) || ![...(versions.get(t) ?? [])].some(([key]) => versions.get(s)?.has(key)))
        const total = pairs.every(([t, s]) => sees(t, s))
        const axioms: Readonly<Decision> = {
          'read-atomic': true,
          causal: transitive,
          prefix,
          'parallel-snapshot-isolation': transitive && noConflict,
          'snapshot-isolation': prefix && noConflict,
          serializable: total,
        }
        for (const [base, holds] of Object.entries(axioms)) decision[base as LevelBase] ||= holds
      }
    }
    return decision
  })
}

/**
 * As by visibility, but what a transaction sees may grow from read to read (Bailis et al., Highly Available Transactions, VLDB 2013):
 * what it has seen of another transaction is there from then on, with all else that this one wrote.
 */
export function levelsByGrowingVisibility(transactions: readonly Transaction[]): ReadonlyMap<IsolationLevel, boolean> {
  return forEveryOrder(transactions, (happened, before) => ({
    'monotonic-atomic-view': linearExtensions(happened, before).some((arbitration) => {
      const versions = versionsOf(arbitration)
      return arbitration.every(
        (transaction, i) => readsItsVersions(transaction, versions) && growingViewExplains(transaction, arbitration.slice(0, i), versions),
      )
    }),
  }))
}

function growingViewExplains(
  transaction: Transaction,
  earlier: readonly Transaction[],
  versions: ReadonlyMap<Transaction, Contents>,
): boolean {
  interface View {
    readonly visible: readonly Transaction[]
    /** What the reads so far found there before the transaction's own writes. */
    readonly found: Contents
    readonly written: Contents
    readonly appended: ReadonlyMap<string, readonly Value[]>
  }
  const proceed = (at: number, view: View): boolean => {
    const step = transaction.steps[at]
    if (step === undefined) return true
    const key = keyOf(step.key)
    const appended = view.appended.get(key) ?? []
    if (step.f === 'write') return proceed(at + 1, { ...view, written: new Map(view.written).set(key, step.value) })
    if (step.f === 'append') return proceed(at + 1, { ...view, appended: new Map(view.appended).set(key, [...appended, step.value]) })
    if (step.value === undefined) return proceed(at + 1, view)
    const own = view.written.get(key)
    if (own !== undefined) return equal(own, step.value) && proceed(at + 1, view)
    const isFixed = appended.length > 0 && view.found.has(key)
    const more = isFixed ? [] : earlier.filter((other) => !view.visible.includes(other))
    return [null, ...more].some((other) => {
      const visible = earlier.filter((seen) => seen === other || view.visible.includes(seen))
      const found = isFixed ? view.found.get(key) : lastVersion(versions, visible, key)
      const expected = appended.length === 0 ? found : [...listOf(found), ...appended]
      return isSame(step.value, expected) && proceed(at + 1, { ...view, visible, found: new Map(view.found).set(key, found ?? null) })
    })
  }
  return proceed(0, { visible: [], found: new Map(), written: new Map(), appended: new Map() })
}

/** Decides the variants of levels of what happened: what had an unknown outcome may have happened or not. */
function forEveryOrder(
  transactions: readonly Transaction[],
  decide: (happened: readonly Transaction[], before: Before) => Decision,
): ReadonlyMap<IsolationLevel, boolean> {
  const levels = new Map<IsolationLevel, boolean>()
  const unknown = transactions.filter(({ status }) => status === 'unknown')
  for (const some of subsets(unknown)) {
    const happened = transactions.filter((transaction) => transaction.status === 'committed' || some.includes(transaction))
    for (const order of ['none', 'session', 'real-time'] as const) {
      const decision = decide(happened, (a, b) => isBefore(transactions, a, b, order))
      for (const [base, holds] of Object.entries(decision)) {
        const level = nameOf(base as LevelBase, order)
        if (level !== null) levels.set(level, levels.get(level) === true || holds)
      }
    }
  }
  return levels
}

function isBefore(transactions: readonly Transaction[], a: Transaction, b: Transaction, order: LevelOrder): boolean {
  if (order === 'none' || a === b) return false
  if (a.process !== null && a.process === b.process) return transactions.indexOf(a) < transactions.indexOf(b)
  return order === 'real-time' && a.status === 'committed' && a.ended !== null && b.began !== null && a.ended < b.began
}

/** Causal consistency has session order. */
function nameOf(base: LevelBase, order: LevelOrder): IsolationLevel | null {
  if (order === 'none') return base === 'causal' ? null : base
  if (order === 'session') return base === 'causal' ? base : (`strong-session-${base}` as IsolationLevel)
  return base === 'serializable' ? 'strict-serializable' : (`strong-${base}` as IsolationLevel)
}

/** What a transaction leaves in the keys that it writes, if all its reads return what they should; else null. */
function run(transaction: Transaction, base: (key: string) => Value | undefined): Contents | null {
  const written = new Map<string, Value>()
  for (const step of transaction.steps) {
    const key = keyOf(step.key)
    const current = written.get(key) ?? base(key)
    if (step.f === 'write') written.set(key, step.value)
    else if (step.f === 'append') written.set(key, [...listOf(current), step.value])
    else if (step.value !== undefined && !isSame(step.value, current)) return null
  }
  return written
}

function isExecution(sequence: readonly Transaction[]): boolean {
  const store = new Map<string, Value>()
  return sequence.every((transaction) => {
    const written = run(transaction, (key) => store.get(key))
    for (const [key, value] of written ?? []) store.set(key, value)
    return written !== null
  })
}

/** What each transaction leaves in the keys that it writes, whatever it reads, if they write one after the other. */
function versionsOf(sequence: readonly Transaction[]): ReadonlyMap<Transaction, Contents> {
  const store = new Map<string, Value>()
  return new Map(
    sequence.map((transaction) => {
      const written = run(writesOf(transaction), (key) => store.get(key)) ?? new Map()
      for (const [key, value] of written) store.set(key, value)
      return [transaction, written]
    }),
  )
}

/** A list that a transaction reads after it has appended to it begins the version that it leaves. */
function readsItsVersions(transaction: Transaction, versions: ReadonlyMap<Transaction, Contents>): boolean {
  const { steps } = transaction
  return steps.every(({ f, key, value }, at) => {
    const isAppended = steps.slice(0, at).some((earlier) => earlier.f === 'append' && equal(earlier.key, key))
    if (f !== 'read' || value === undefined || !isAppended) return true
    const version = listOf(versions.get(transaction)?.get(keyOf(key)))
    return equal(value, version.slice(0, listOf(value).length))
  })
}

function lastVersion(versions: ReadonlyMap<Transaction, Contents>, visible: readonly Transaction[], key: string): Value | undefined {
  return visible.map((transaction) => versions.get(transaction)?.get(key)).findLast((value) => value !== undefined)
}

/** The order of the writers of each key. */
function writeOrders(all: readonly Transaction[], sequence: readonly Transaction[]): string {
  const keys = new Set(all.flatMap((transaction) => writesOf(transaction).steps.map(({ key }) => keyOf(key))))
  const writes = (transaction: Transaction, key: string): boolean => writesOf(transaction).steps.some((step) => keyOf(step.key) === key)
  return [...keys]
    .map((key) => sequence.filter((transaction) => writes(transaction, key)).map((transaction) => all.indexOf(transaction)))
    .join(';')
}

function writesOf(transaction: Transaction): Transaction {
  return { ...transaction, steps: transaction.steps.filter(({ f }) => f !== 'read') }
}

function isUpdate(transaction: Transaction): boolean {
  return transaction.steps.some(({ f }) => f !== 'read')
}

function isSame(value: Value | undefined, expected: Value | undefined): boolean {
  const isEmpty = (list: Value | undefined): boolean => list === undefined || list === null || (isList(list) && list.length === 0)
  return (isEmpty(value) && isEmpty(expected)) || equal(value ?? null, expected ?? null)
}

function listOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : []
}

/** Every order of the items that keeps what is before what. */
function linearExtensions(items: readonly Transaction[], before: Before): Transaction[][] {
  if (items.length === 0) return [[]]
  return items
    .filter((item) => !items.some((other) => before(other, item)))
    .flatMap((first) => linearExtensions(without(items, first), before).map((rest) => [first, ...rest]))
}

function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, choice) => items.filter((_item, i) => (choice >> i) & 1))
}

function product<T>(choices: readonly (readonly T[])[]): T[][] {
  return choices.reduce<T[][]>((chosen, some) => chosen.flatMap((rest) => some.map((item) => [...rest, item])), [[]])
}

function without<T>(items: readonly T[], item: T): T[] {
  return items.filter((other) => other !== item)
}
