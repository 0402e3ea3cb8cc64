import type { Edge } from '../edge.ts'
import { type Facts, initialSlot } from '../facts.ts'
import { transactionAt } from '../inference/context.ts'
import { infer } from '../inference/infer.ts'
import type { InferOptions } from '../inference/inference.ts'
import { tableOf } from '../table/table-builder.ts'
import type { TransactionTable } from '../table/transaction-table.ts'
import { written } from './written-transactions.ts'

/** The anomalies of transactions that are written down: name, key, transactions, and steps as `transaction.step`. */
export function anomaliesIn(text: string, options: InferOptions = {}): string[] {
  const table = tableOf(written(text))
  return infer(table, options).anomalies.map(
    ({ name, key, transactions, steps = [] }) =>
      `${name} ${table.keys[key]}: ${transactions.join(' ')} | ${steps.map((step) => shownStep(table, step)).join(' ')}`,
  )
}

export function factsIn(text: string, options: InferOptions = {}): Facts {
  return infer(tableOf(written(text)), options).facts
}

/** The writers of a key: in their order, then those without a place in brackets. */
export function writersOf({ table, slotsFrom, writer, place }: Facts, key: string): string {
  const k = table.keys.indexOf(key)
  const shown: string[] = []
  for (let slot = slotsFrom[k] as number; slot < (slotsFrom[k + 1] as number); slot++)
    shown.push(place[slot] === -1 ? `(${writer[slot]})` : `${writer[slot]}`)
  return shown.join(' ')
}

/** Reader, key and writer of each read; `-` for what was there before the history. */
export function readsOf({ table, readsFrom, readSlot, readKey, writer }: Facts): string[] {
  return Array.from({ length: table.count }, (_, t) =>
    Array.from(readSlot.subarray(readsFrom[t], readsFrom[t + 1]), (slot, i) => {
      const key = table.keys[readKey[(readsFrom[t] as number) + i] as number]
      return `${t} ${key} ${slot === initialSlot ? '-' : writer[slot]}`
    }),
  ).flat()
}

export function extraOf({ table, extra }: Facts): string[] {
  const names: Readonly<Record<Edge['kind'], string>> = { 1: 'ww', 2: 'wr', 4: 'rw', 8: 'so', 16: 'rt' }
  return extra.map(({ from, to, kind, key }) => `${from} ${names[kind]} ${table.keys[key]} ${to}`)
}

function shownStep(table: TransactionTable, step: number): string {
  const transaction = transactionAt(table, step)
  return `${transaction}.${step - (table.stepsFrom[transaction] as number)}`
}
