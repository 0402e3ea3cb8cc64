/** Multi-version snapshot isolation that logs what transactions read and write. Source: TLA+ Examples, KeyValueStore/KVsnap. */
import { cell, cells, defineModel, type Id, ids, type Model } from '../../index.ts'

/** `value` is the transaction that wrote it; `null` stands for the initial value. */
interface Access {
  kind: 'read' | 'write'
  key: number
  value: number | null
}
interface Transaction {
  pc: 'start' | 'read' | 'update' | 'commit' | 'done'
  open: boolean
  snapshot: (number | null)[]
  reads: Id[]
  writes: Id[]
  missed: Id[]
  log: Access[]
}

export const kvSnap: Model = defineModel({
  name: 'kv-snap',
  about: 'Snapshot isolation permits write skew',
  constants: { keys: { default: 2, min: 1 }, transactions: { default: 2, min: 1 } },
  state: (c) => {
    const unborn: Transaction = {
      pc: 'start',
      open: false,
      snapshot: ids(c.keys).map(() => null),
      reads: [],
      writes: [],
      missed: [],
      log: [],
    }
    return { store: cell(unborn.snapshot), tx: cells(c.transactions, unborn) }
  },
  actions: (on, c) => {
    const transactions = ids(c.transactions)
    const keySets = nonEmptySubsets(ids(c.keys))
    return {
      start: on.action({
        each: transactions,
        over: (s, t) => (s.tx[t].pc === 'start' ? keySets.flatMap((reads) => keySets.map((writes) => ({ reads, writes }))) : []),
        then: (s, t, { reads, writes }) => {
          Object.assign(s.tx[t], { pc: 'read', open: true, snapshot: s.store, reads, writes })
        },
      }),
      read: on.action({
        each: transactions,
        when: (s, t) => s.tx[t].pc === 'read',
        then: (s, t) => {
          const { reads, snapshot } = s.tx[t]
          s.tx[t].log.push(...reads.map((key): Access => ({ kind: 'read', key, value: snapshot[key] ?? null })))
          s.tx[t].pc = 'update'
        },
      }),
      update: on.action({
        each: transactions,
        when: (s, t) => s.tx[t].pc === 'update',
        then: (s, t) => {
          for (const key of s.tx[t].writes) s.tx[t].snapshot[key] = t
          s.tx[t].pc = 'commit'
        },
      }),
      commit: on.action({
        each: transactions,
        when: (s, t) => s.tx[t].pc === 'commit',
        then: (s, t) => {
          const tx = s.tx[t]
          tx.pc = 'done'
          if (tx.missed.some((key) => tx.writes.includes(key))) return
          tx.open = false
          for (const other of transactions) if (s.tx[other].open) s.tx[other].missed = union(s.tx[other].missed, tx.writes)
          for (const key of tx.writes) s.store[key] = t
          tx.log.push(...tx.writes.map((key): Access => ({ kind: 'write', key, value: t })))
        },
      }),
      terminating: on.action({ when: (s) => s.tx.every(({ pc }) => pc === 'done'), then: () => {} }),
    }
  },
  properties: (on, c) => ({
    serializable: on.always('some order of the transactions explains what they read', (s) =>
      isSerializable(
        s.tx.map(({ log }) => log),
        ids(c.keys).map(() => null),
      ),
    ),
  }),
})

function isSerializable(logs: readonly (readonly Access[])[], store: readonly (number | null)[]): boolean {
  return (
    logs.length === 0 ||
    logs.some((log, i) => {
      if (log.some(({ kind, key, value }) => kind === 'read' && store[key] !== value)) return false
      const after = [...store]
      for (const { kind, key, value } of log) if (kind === 'write') after[key] = value
      return isSerializable(
        logs.filter((_, j) => j !== i),
        after,
      )
    })
  )
}

function nonEmptySubsets(all: readonly Id[]): Id[][] {
  return Array.from({ length: 2 ** all.length - 1 }, (_, mask) => all.filter((_id, i) => ((mask + 1) >> i) & 1))
}

function union(a: readonly Id[], b: readonly Id[]): Id[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y)
}
