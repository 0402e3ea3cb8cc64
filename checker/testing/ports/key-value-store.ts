/** Snapshot isolation where the first committer wins. Source: TLA+ Examples, KeyValueStore/KeyValueStore. */
import { cell, cells, defineModel, ids, type Model } from '../../index.ts'

interface Transaction {
  open: boolean
  snapshot: (number | null)[]
  /** Per key. */
  written: boolean[]
  missed: boolean[]
}

export const keyValueStore: Model = defineModel({
  name: 'key-value-store',
  about: 'Transactions work on snapshots and merge what they wrote',
  constants: { keys: { default: 1, min: 1 }, values: { default: 1, min: 1 }, transactions: { default: 1, min: 1 } },
  state: (c) => ({
    store: cell<(number | null)[]>(ids(c.keys).map(() => null)),
    tx: cells(c.transactions, closed(c.keys)),
  }),
  actions: (on, c) => {
    const transactions = ids(c.transactions)
    const accesses = transactions.flatMap((t) => ids(c.keys).map((k) => [t, k] as const))
    const writes = accesses.flatMap(([t, k]) => ids(c.values).map((v) => [t, k, v] as const))
    return {
      open: on.action({
        each: transactions,
        when: (s, t) => !s.tx[t].open,
        then: (s, t) => {
          s.tx[t].open = true
          s.tx[t].snapshot = s.store
        },
      }),
      add: on.action({
        each: writes,
        when: (s, [t, k]) => s.tx[t].open && s.tx[t].snapshot[k] === null,
        then: (s, [t, k, v]) => {
          s.tx[t].snapshot[k] = v
          s.tx[t].written[k] = true
        },
      }),
      update: on.action({
        each: writes,
        when: (s, [t, k, v]) => s.tx[t].open && s.tx[t].snapshot[k] !== null && s.tx[t].snapshot[k] !== v,
        then: (s, [t, k, v]) => {
          s.tx[t].snapshot[k] = v
          s.tx[t].written[k] = true
        },
      }),
      remove: on.action({
        each: accesses,
        when: (s, [t, k]) => s.tx[t].open && s.tx[t].snapshot[k] !== null,
        then: (s, [t, k]) => {
          s.tx[t].snapshot[k] = null
          s.tx[t].written[k] = true
        },
      }),
      rollback: on.action({
        each: transactions,
        when: (s, t) => s.tx[t].open,
        then: (s, t) => {
          s.tx[t] = closed(c.keys)
        },
      }),
      close: on.action({
        each: transactions,
        when: (s, t) => s.tx[t].open && !s.tx[t].missed.some((isMissed, k) => isMissed && s.tx[t].written[k]),
        then: (s, t) => {
          const { snapshot, written } = s.tx[t]
          s.store = s.store.map((value, k) => (written[k] ? (snapshot[k] ?? null) : value))
          for (const other of transactions) {
            if (other !== t && s.tx[other].open) s.tx[other].missed = s.tx[other].missed.map((isMissed, k) => isMissed || written[k] === true)
          }
          s.tx[t] = closed(c.keys)
        },
      }),
    }
  },
  properties: (on) => ({
    lifecycle: on.always('what differs from the snapshot was written here or missed', (s) =>
      s.tx.every(
        ({ open, snapshot, written, missed }) => !open || s.store.every((value, k) => value === snapshot[k] || written[k] || missed[k]),
      ),
    ),
  }),
})

function closed(keys: number): Transaction {
  const none = (): boolean[] => ids(keys).map(() => false)
  return { open: false, snapshot: ids(keys).map(() => null), written: none(), missed: none() }
}
