/** Accounts between which money moves, as in Jepsen's bank tests: what is read sums up to the same total for ever. */
import { defineSpec, type Outcome, type Spec } from '../spec.ts'
import { equal, isRecord, type Value } from '../value.ts'

type Accounts = { readonly [account: string]: number } | null

/**
 * `transfer {from, to, amount}`, which no account's balance allows to go below zero, and `read`, which returns all balances.
 * Unless the initial value says otherwise, the first read tells what the accounts hold.
 */
export const bank: Spec<Accounts> = defineSpec<Accounts>({
  name: 'bank',
  about: 'Accounts: transfer {from, to, amount}, read (all balances)',
  initial: null,
  operations: {
    read: (accounts, _, { output }) => {
      if (accounts !== null) return { returns: (seen) => equal(seen, accounts) }
      if (!isRecord(output)) return {}
      const overdrawn = Object.entries(output).find(([, balance]) => (balance as number) < 0)
      return overdrawn ? `account ${overdrawn[0]} holds ${String(overdrawn[1])}` : { state: output as Accounts }
    },
    transfer: (accounts, transfer: { readonly from: Value; readonly to: Value; readonly amount: number }) => moved(accounts, transfer),
  },
})

function moved(
  accounts: Accounts,
  { from, to, amount }: { readonly from: Value; readonly to: Value; readonly amount: number },
): Outcome<Accounts> | string {
  if (accounts === null) return 'nothing is known of the accounts before the first read'
  const balance = accounts[String(from)] ?? 0
  if (balance < amount) return { completes: 'fail', because: `account ${String(from)} holds ${balance}` }
  const paid = { ...accounts, [String(from)]: balance - amount }
  return { state: { ...paid, [String(to)]: (paid[String(to)] ?? 0) + amount } }
}
