/** What operations of a bank say: which transfer, and which balances. */
import type { Operation } from '../../operation.ts'
import { isList, isRecord, showValue, type Value } from '../../value.ts'
import { type Integer, integerOf } from './integer.ts'
import { malformed } from './objects.ts'

export interface Transfer {
  readonly operation: Operation
  readonly from: string
  readonly to: string
  readonly amount: Integer
}

/** @throws HistoryError `history-operation` unless its argument is `{from, to, amount}` */
export function transferOf(operation: Operation): Transfer {
  const { input, call } = operation
  const [from, to, amount] = isRecord(input) ? [input['from'], input['to'], integerOf(input['amount'])] : []
  if (from === undefined || to === undefined || amount === undefined || amount === null)
    throw malformed(call, `transfer ${showValue(input)}, expected {from, to, amount} with an integer amount, in the smallest unit`)
  return { operation, from: accountName(from), to: accountName(to), amount }
}

/** Accounts are keys of records where they are read: names, without the colon that a keyword has elsewhere. */
export function accountName(account: Value): string {
  return typeof account === 'string' ? account.replace(/^:/, '') : showValue(account, Number.POSITIVE_INFINITY)
}

export type Balances = readonly (readonly [account: string, balance: Integer | null])[]

/** Balances that are written down; a list is of the accounts 0, 1, 2 and so on. `null` for what are none. */
export function balancesIn(value: Value): Balances | null {
  if (!isRecord(value) && !isList(value)) return null
  const balances = Object.entries(value).map(([account, balance]) => [account, integerOf(balance)] as const)
  return balances.every(([, balance]) => balance !== null) ? balances : null
}

/**
 * The balances of all accounts that a read returned, null for an account without one; a list is of the accounts 0, 1, 2 and so on.
 * @throws HistoryError `history-operation` for what are no balances
 */
export function balancesOf({ output, return: end }: Operation): Balances {
  if (!isRecord(output) && !isList(output))
    throw malformed(end, `accounts are read as ${showValue(output)}, expected a map of balances by account`)
  return Object.entries(output).map(([account, value]) => {
    const balance = integerOf(value)
    if (balance === null && value !== null)
      throw malformed(end, `account ${account} is read as ${showValue(value)}, expected an integer, in the smallest unit`)
    return [account, balance]
  })
}
