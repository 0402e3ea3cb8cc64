import { committed, readListStep, readStep, type TransactionTable, unknownOutcome } from '../table/transaction-table.ts'

/**
 * Of each transaction 1 if it took effect: it committed, or nobody knows its outcome and a transaction that took effect read what it
 * wrote, so that it must have committed too. What aborted transactions read proves nothing.
 */
export function happenedIn(table: TransactionTable): Uint8Array {
  const { count, status, stepsFrom, kind, key, version, versions, lists } = table
  const happened = new Uint8Array(count)
  /** Those that took effect, each once; what the first `examined` read is known. */
  const queue = new Int32Array(count)
  let queued = 0
  for (let t = 0; t < count; t++)
    if (status[t] === committed) {
      happened[t] = 1
      queue[queued++] = t
    }
  if (!status.includes(unknownOutcome)) return happened

  /** Of each key: how much of its longest list has been seen. */
  const seen = new Int32Array(table.keys.length)
  const see = (element: number): void => {
    const writer = versions.transaction[element] as number
    if (writer === -1 || happened[writer] === 1 || status[writer] !== unknownOutcome) return
    happened[writer] = 1
    queue[queued++] = writer
  }
  for (let examined = 0; examined < queued; examined++) {
    const reader = queue[examined] as number
    const end = stepsFrom[reader + 1] as number
    for (let step = stepsFrom[reader] as number; step < end; step++) {
      const read = version[step] as number
      if (kind[step] === readStep) {
        if (read >= 0) see(read)
      } else if (kind[step] === readListStep) {
        if (lists.isPrefix[read] === 0) for (const element of lists.elements(read)) see(element)
        else {
          const k = key[step] as number
          const from = lists.chainFrom[k] as number
          const length = lists.length[read] as number
          for (let i = seen[k] as number; i < length; i++) see(lists.chain[from + i] as number)
          if (length > (seen[k] as number)) seen[k] = length
        }
      }
    }
  }
  return happened
}
