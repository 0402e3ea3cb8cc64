/** Snapshot isolation where the first committer wins. Source: TLA+ Examples, KeyValueStore/KeyValueStore. */
import { cell, cells, defineModel, ids, type Model } from '../../index.ts'

/** Per key. */
type Values = (number | null)[]
type Keys = boolean[]

export const keyValueStore: Model = defineModel({
  name: 'key-value-store',
  about: 'Transactions work on snapshots and merge what they wrote',
  constants: { keys: { default: 1, min: 1 }, values: { default: 1, min: 1 }, transactions: { default: 1, min: 1 } },
  state: (c) => ({
    store: cell<Values>(empty(c.keys)),
    /** Whether the transaction is open, and what it sees, has written, and was written since it opened. */
    open: cells(c.transactions, false as boolean),
    snapshot: cells<Values>(c.transactions, empty(c.keys)),
    written: cells<Keys>(c.transactions, none(c.keys)),
    missed: cells<Keys>(c.transactions, none(c.keys)),
  }),
  actions: (on, c) => {
    const transactions = ids(c.transactions)
    const accesses = transactions.flatMap((t) => ids(c.keys).map((k) => [t, k] as const))
    const writes = accesses.flatMap(([t, k]) => ids(c.values).map((v) => [t, k, v] as const))
    return {
      open: on.action({
        each: transactions,
        when: (s, t) => !s.open[t],
        then: (s, t) => {
          s.open[t] = true
          s.snapshot[t] = s.store
        },
      }),
      add: on.action({
        each: writes,
        when: (s, [t, k]) => s.open[t] && s.snapshot[t][k] === null,
        then: (s, [t, k, v]) => {
          s.snapshot[t][k] = v
          s.written[t][k] = true
        },
      }),
      update: on.action({
        each: writes,
        when: (s, [t, k, v]) => s.open[t] && s.snapshot[t][k] !== null && s.snapshot[t][k] !== v,
        then: (s, [t, k, v]) => {
          s.snapshot[t][k] = v
          s.written[t][k] = true
        },
      }),
      remove: on.action({
        each: accesses,
        when: (s, [t, k]) => s.open[t] && s.snapshot[t][k] !== null,
        then: (s, [t, k]) => {
          s.snapshot[t][k] = null
          s.written[t][k] = true
        },
      }),
      rollback: on.action({
        each: transactions,
        when: (s, t) => s.open[t],
        then: (s, t) => {
          s.open[t] = false
          s.snapshot[t] = empty(c.keys)
          s.written[t] = none(c.keys)
          s.missed[t] = none(c.keys)
        },
      }),
      close: on.action({
        each: transactions,
        when: (s, t) => s.open[t] && !s.missed[t].some((isMissed, k) => isMissed && s.written[t][k]),
        then: (s, t) => {
          for (const [k, isWritten] of s.written[t].entries()) {
            if (!isWritten) continue
            s.store[k] = s.snapshot[t][k] ?? null
            for (const other of transactions) if (other !== t && s.open[other]) s.missed[other][k] = true
          }
          s.open[t] = false
          s.snapshot[t] = empty(c.keys)
          s.written[t] = none(c.keys)
          s.missed[t] = none(c.keys)
        },
      }),
    }
  },
  properties: (on, c) => ({
    lifecycle: on.always('what differs from the snapshot was written here or missed', (s) =>
      ids(c.transactions).every(
        (t) => !s.open[t] || s.store.every((value, k) => value === s.snapshot[t][k] || s.written[t][k] || s.missed[t][k]),
      ),
    ),
  }),
})

function empty(keys: number): Values {
  return ids(keys).map(() => null)
}

function none(keys: number): Keys {
  return ids(keys).map(() => false)
}
