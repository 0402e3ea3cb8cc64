import { HistoryError } from '../../errors.ts'
import { showValue, type Value } from '../../value.ts'
import type { Transaction } from './transaction.ts'

const statuses: readonly string[] = ['committed', 'aborted', 'unknown'] satisfies readonly Transaction['status'][]
const kinds: readonly string[] = ['read', 'write', 'append'] satisfies readonly Transaction['steps'][number]['f'][]
const positionMax = 2 ** 31 - 1

/**
 * Refuses what only looks like a transaction, as data from JSON can.
 * @param number of the transaction among all, from 0
 * @throws HistoryError `history-events` or `history-operation`
 */
export function requireTransaction({ status, steps, began, ended }: Transaction, number: number): void {
  const where = began === null ? `transaction ${number}` : `the transaction that began at ${began}`
  if (!statuses.includes(status)) refuse('history-operation', where, `its status is ${shown(status)}, expected ${statuses.join(', ')}`)
  for (const { f } of steps)
    if (!kinds.includes(f)) refuse('history-operation', where, `it has a step ${shown(f)}, expected ${kinds.join(', ')}`)
  for (const position of [began, ended])
    if (position !== null && !(Number.isInteger(position) && position >= 0 && position <= positionMax))
      refuse(
        'history-events',
        where,
        `${position} is no position in a history; number the beginnings and ends from 0 in order of their times`,
      )
  if (began !== null && ended !== null && ended <= began)
    refuse('history-events', where, `it ended at ${ended}; the end comes after the beginning`)
}

function refuse(code: 'history-events' | 'history-operation', where: string, what: string): never {
  throw new HistoryError(code, `${where}: ${what}`)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : showValue((value ?? null) as Value)
}
