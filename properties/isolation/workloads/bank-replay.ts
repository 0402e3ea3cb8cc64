/**
 * Replays the transfers between two reads of a bank to tell why their totals differ: all that ran wholly between them, some of
 * those that ran at the same time as a read, and one that the second read shows by half, or by half a second time.
 */
import type { Operation } from '../../operation.ts'
import { balancesOf, type Transfer } from './bank-operations.ts'
import { type Integer, minus, plus } from './integer.ts'

/** How often the accounts show a transfer: rightly, each as often as the other. */
export interface Explanation {
  readonly transfer: Transfer
  readonly debits: number
  readonly credits: number
}

type Changes = Map<string, Integer>

/** Combinations of transfers that are tried, at most: each of these may or may not be in a read. */
const triedMax = 50_000
/** Of which so many take part, those of the latest calls: a bit for each. */
const perhapsMax = 30

/**
 * Every transfer that alone can explain the difference; none where no single one can, or where there are too many combinations.
 * @param before a read that ended before `after` began
 */
export function explain(before: Operation, after: Operation, transfers: readonly Transfer[]): Explanation[] {
  const change: Changes = new Map()
  for (const [account, balance] of balancesOf(after)) add(change, account, balance ?? 0)
  for (const [account, balance] of balancesOf(before)) add(change, account, minus(0, balance ?? 0))
  const total = [...change.values()].reduce<Integer>(plus, 0)
  const near = transfers.filter(({ operation: { call, return: end } }) => call < after.return && end > before.call)
  const happened = near.filter(({ operation }) => operation.completion !== 'fail')
  const certain = new Set(happened.filter(({ operation: { call, return: end } }) => call > before.return && end < after.call))
  const perhaps = happened.filter((transfer) => !certain.has(transfer))
  for (const transfer of certain) apply(change, transfer, -1, -1)
  const budget = { tried: 0, isSpent: false }
  const explanations = near.flatMap((transfer) => {
    const counted = certain.has(transfer) ? 1 : 0
    const others = perhaps.filter((other) => other !== transfer)
    return faultsOf(transfer, total).filter(({ debits, credits }) => {
      const rest = new Map(change)
      apply(rest, transfer, counted - debits, counted - credits)
      return canAddUp(rest, others, budget)
    })
  })
  // What was not tried might explain it as well.
  return budget.isSpent ? [] : explanations
}

/** The ways to see a transfer that change the total by so much. */
function faultsOf(transfer: Transfer, total: Integer): Explanation[] {
  const { amount, from, to, operation } = transfer
  if (from === to || (amount !== total && minus(0, amount) !== total)) return []
  const [debits, credits] = amount === total ? [0, 1] : [1, 0]
  const half: Explanation = { transfer, debits, credits }
  return operation.completion === 'fail' ? [half] : [half, { transfer, debits: debits + 1, credits: credits + 1 }]
}

/** Whether some of the transfers, each once, make these changes. */
function canAddUp(changes: Changes, transfers: readonly Transfer[], budget: { tried: number; isSpent: boolean }): boolean {
  const latest = transfers.slice(-perhapsMax)
  const tried = new Set<number>()
  const isFound = search(0)
  if (!isFound && latest.length < transfers.length) budget.isSpent = true
  return isFound

  /** @param used a bit for each transfer that is among them already */
  function search(used: number): boolean {
    const account = accountOf(changes)
    if (account === null) return true
    if (tried.has(used)) return false
    tried.add(used)
    if (++budget.tried > triedMax) budget.isSpent = true
    if (budget.isSpent) return false
    // One of those that remain must be of this account.
    return latest.some((transfer, i) => {
      if ((used & (1 << i)) !== 0 || (transfer.from !== account && transfer.to !== account)) return false
      apply(changes, transfer, -1, -1)
      if (search(used | (1 << i))) return true
      apply(changes, transfer, 1, 1)
      return false
    })
  }
}

/** An account that is not yet explained. */
function accountOf(changes: Changes): string | null {
  for (const [account, change] of changes) if (change !== 0) return account
  return null
}

/** Adds a transfer that debits and credits so many times; negative ones take it back. */
function apply(changes: Changes, { from, to, amount }: Transfer, debits: number, credits: number): void {
  add(changes, from, times(amount, -debits))
  add(changes, to, times(amount, credits))
}

function add(changes: Changes, account: string, amount: Integer): void {
  changes.set(account, plus(changes.get(account) ?? 0, amount))
}

/** @param factor from -2 to 2 */
function times(amount: Integer, factor: number): Integer {
  let product: Integer = 0
  for (let i = 0; i < Math.abs(factor); i++) product = plus(product, amount)
  return factor < 0 ? minus(0, product) : product
}
