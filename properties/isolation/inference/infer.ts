/** From a table of transactions to what it shows beyond doubt, and to what is wrong without any cycle. Linear in the steps. */
import { Budget } from '../../budget.ts'
import type { Edge } from '../edge.ts'
import type { TransactionTable } from '../table/transaction-table.ts'
import { judgeChainOrder } from './chain-order.ts'
import { chainsOf } from './chains.ts'
import type { InferContext } from './context.ts'
import { judgeFractured } from './fractured.ts'
import { happenedIn } from './happened.ts'
import type { Inference, InferOptions } from './inference.ts'
import { readsOf } from './reads.ts'
import { slotsOf } from './slots.ts'
import { AnomalyTally } from './tally.ts'
import { orderVersions } from './version-order.ts'

/** Of what is inferred, for each transaction and each step. */
const bytesEach = 32

/**
 * Infers dependencies as Elle does (Kingsbury and Alvaro, VLDB 2020): of keys that are appended to, the order of the writes from the longest
 * list read; of registers, none but what an option assumes. A history may have both.
 * @throws LimitReached
 */
export function infer(table: TransactionTable, options: InferOptions = {}, budget: Budget = new Budget()): Inference {
  budget.requireBytes(bytesEach * (table.count + table.kind.length))
  const happened = happenedIn(table)
  const chains = chainsOf(table, happened)
  budget.requireTime()
  const slots = slotsOf(table, happened, chains)
  const tally = new AnomalyTally()
  const extra: Edge[] = []
  const context: InferContext = { table, happened, chains, slots, isPartial: options.neverWritten === 'ignored', tally, extra }
  judgeChainOrder(context)
  budget.requireTime()
  const reads = readsOf(context)
  budget.requireTime()
  if (options.fracturedReads !== false) judgeFractured(context, reads)
  budget.requireTime()
  if (options.versions) orderVersions(context, reads, options.versions)
  return {
    facts: {
      table,
      happened,
      slots: slots.count,
      slotsFrom: slots.from,
      writer: slots.writer,
      place: slots.place,
      readsFrom: reads.from,
      readSlot: reads.slot,
      readKey: reads.key,
      extra,
    },
    anomalies: tally.anomalies,
    counts: tally.counts,
  }
}
