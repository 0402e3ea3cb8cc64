import { ww } from '../edge.ts'
import { appendStep } from '../table/transaction-table.ts'
import { type InferContext, transactionAt } from './context.ts'
import { precedes } from './slots.ts'

/**
 * What the chains alone tell: orders of writes that the places of slots do not imply, since other transactions' appends separate those of
 * one; appends on top of aborted ones (dirty-update); and appends of one transaction that are there in another order than it made them, or
 * without those that it made before (cyclic-versions: each must precede the other).
 */
export function judgeChainOrder(context: InferContext): void {
  const { table, chains, slots, tally, extra } = context
  const { keys, versions } = table
  for (let key = 0; key < keys.length; key++) {
    const reader = chains.reader[key] as number
    /** The last element before this one whose writer took effect: its slot; and whether an aborted one came after it: its append. */
    let slotBefore = -1
    let aborted = -1
    for (let i = chains.from[key] as number; i < (chains.to[key] as number); i++) {
      const element = chains.elements[i] as number
      const step = versions.writer[element] as number
      if (step === -1 || chains.at[element] !== i) continue
      const slot = slots.ofStep[step] as number
      if (slot === -1) {
        aborted = step
        continue
      }
      if (aborted !== -1) {
        const writer = slots.writer[slot] as number
        tally.add('dirty-update', key, [transactionAt(table, aborted), writer, transactionAt(table, reader)], [aborted, step, reader])
      }
      aborted = -1
      if (slotBefore !== -1 && slotBefore !== slot && !precedes(slots, slotBefore, slot))
        extra.push({ from: slots.writer[slotBefore] as number, to: slots.writer[slot] as number, kind: ww, key })
      slotBefore = slot
    }
    if (slotBefore !== -1 && slots.place[slotBefore] === -1) addBeforeUnseen(context, key, slotBefore)
  }
  judgeOwnOrder(context)
}

/** The chain ends with an append of a transaction that appended more, which nobody has seen: it comes before what nobody has seen of others. */
function addBeforeUnseen({ slots, extra }: InferContext, key: number, last: number): void {
  const from = slots.writer[last] as number
  for (let slot = slots.from[key] as number; slot < (slots.from[key + 1] as number); slot++)
    if (slots.place[slot] === -1 && slot !== last) extra.push({ from, to: slots.writer[slot] as number, kind: ww, key })
}

function judgeOwnOrder({ table, chains, slots, tally }: InferContext): void {
  const { kind, key, version } = table
  if (chains.elements.length === 0) return
  for (let step = 0; step < kind.length; step++) {
    const earlier = slots.before[step] as number
    if (earlier === -1 || kind[step] !== appendStep) continue
    const at = chains.at[version[step] as number] as number
    if (at === -1) continue
    const earlierAt = chains.at[version[earlier] as number] as number
    if (earlierAt !== -1 && earlierAt < at) continue
    const reader = chains.reader[key[step] as number] as number
    const writer = slots.writer[slots.ofStep[step] as number] as number
    tally.add('cyclic-versions', key[step] as number, [writer, transactionAt(table, reader)], [earlier, step, reader])
  }
}
