/**
 * Banks, as Jepsen's test of them judges: accounts between which transfers move money, and reads of all balances, which have the same
 * total for ever. Where it changes, the transfer that is seen by half, or twice by half, is searched for (`bank-total.ts`).
 *
 * A transfer reads and writes both accounts, and nothing else writes them. Then a read of another total rules out parallel snapshot
 * isolation and all above it: what a transaction sees there has, with each transfer, all of it, and all that it built on, and of two
 * transfers of one account one builds on the other. Causal and prefix consistency let one overwrite the other. What else
 * can be wrong of a read (an account unknown or without a balance, or overdrawn) are errors of the application.
 */
import { HistoryError } from '../../errors.ts'
import type { HistoryEvent } from '../../history.ts'
import { count } from '../../levels/phrases.ts'
import type { Operation } from '../../operation.ts'
import { showValue, type Value } from '../../value.ts'
import { accountName, type Balances, balancesIn, balancesOf, type Transfer, transferOf } from './bank-operations.ts'
import { judgeTotals, type TotalRead } from './bank-total.ts'
import { Findings } from './findings.ts'
import { type Integer, integerOf, plus } from './integer.ts'
import { listed, objectsOf, theRead } from './objects.ts'
import type { WorkloadDecision } from './workload.ts'

export interface BankOptions {
  /** Whether accounts may be overdrawn; by default they may not, as in Jepsen. */
  readonly negativeBalances?: boolean
  /** What all accounts hold together, an integer; by default what they hold at first. */
  readonly total?: number | bigint
  /** What they hold at first: a map of balances by account, or a list of them; by default what the first read to end shows. */
  readonly initial?: Value
  /** All accounts; by default those that there are at first, and those that transfers have named before a read ends. */
  readonly accounts?: readonly Value[]
}

/**
 * `transfer {from, to, amount}`, and `read`, which returns the balances by account; one that completed with null says nothing. Finds
 * `wrong-total` (all are counted, and told of when the total changes), `wrong-accounts` (one that nobody named, or a missing one
 * without which the total is wrong), `null-balance`, and `negative-balance`.
 * @throws HistoryError `history-events`; `history-operation` for other operations and for what are no transfers or balances; `option`
 * for a total that is no integer, and initial balances that are none
 */
export function judgeBank(history: Iterable<HistoryEvent<Value>>, options: BankOptions = {}): WorkloadDecision {
  const total = options.total === undefined ? null : integerOf(options.total)
  if (options.total !== undefined && total === null)
    throw new HistoryError('option', `the total of a bank is an integer, in the smallest unit, not ${options.total}`)
  const { objects, happened } = objectsOf(history, 'bank', ['transfer', 'read'])
  const findings = new Findings()
  const judged: Judged = { reads: 0, compared: 0, totals: [] }
  const initial = options.initial === undefined ? null : initialBalances(options.initial)
  for (const { operations } of objects) judgeObject(operations, { ...options, initial, total }, findings, judged)
  const { reads, compared, totals } = judged
  if (reads === 0) return findings.decision(happened, 'no read of the accounts completed: nothing contradicts the transfers', null)
  const which = totals.length > 1 ? 'its total' : `total ${totals[0]}${total === null && initial === null ? ', that of the first' : ''}`
  const note = `${count(reads, 'read')}, ${findings.any ? 'compared with' : 'all of'} ${which}`
  return findings.decision(happened, note, compared === 0 ? 'nobody knows which total is right: there are no two reads to compare' : null)
}

interface Judged {
  reads: number
  /** Reads that were compared with a known total, or with the first read. */
  compared: number
  /** Of each bank. */
  readonly totals: Integer[]
}

interface Known {
  readonly negativeBalances?: boolean
  readonly total: Integer | null
  readonly initial: Balances | null
  readonly accounts?: readonly Value[]
}

function judgeObject(operations: readonly Operation[], known: Known, findings: Findings, judged: Judged): void {
  const transfers = operations.filter(({ f }) => f === 'transfer').map(transferOf)
  const reads = operations
    .filter(({ f, completion, output }) => f === 'read' && completion === 'ok' && output !== null)
    .sort((a, b) => a.return - b.return)
  judged.reads += reads.length
  const first = known.initial ?? firstWhole(reads)
  const accounts = new Set(known.accounts?.map(accountName) ?? first.map(([account]) => account))
  const named = known.accounts === undefined ? firstNamed(transfers) : new Map<string, number>()
  const expected = known.total ?? sumOf(first)
  const isKnown = known.total !== null || known.initial !== null
  judged.totals.push(expected)
  const totals: TotalRead[] = []
  for (const operation of reads) {
    const balances = balancesOf(operation)
    if (known.negativeBalances !== true) tellOverdrawn(operation, balances, findings)
    const unknown = balances.filter(([account]) => !accounts.has(account) && !((named.get(account) ?? operation.return) < operation.return))
    const empty = balances.filter(([, balance]) => balance === null)
    const total = sumOf(balances)
    if (unknown.length > 0) tellAccounts(operation, `shows ${accountList(unknown)}, which nobody named before`, findings)
    else if (empty.length > 0) {
      const sentence = `${theRead(operation)} shows no balance of ${accountList(empty)}`
      findings.add('null-balance', [], () => ({ sentence, events: [operation.return] }))
    } else if (total !== expected && balances.length < accounts.size) {
      const shown = new Set(balances.map(([account]) => account))
      const missing = [...accounts].filter((account) => !shown.has(account)).map((account): [string] => [account])
      tellAccounts(operation, `lacks ${accountList(missing)}, and totals ${total} without, not ${expected}`, findings)
    } else if (isKnown || first.length > 0) totals.push({ operation, total })
  }
  judged.compared += isKnown ? totals.length : Math.max(0, totals.length - 1)
  judgeTotals(totals, transfers, expected, findings)
}

/** @throws HistoryError `option` */
function initialBalances(initial: Value): Balances {
  const balances = balancesIn(initial)
  if (balances !== null) return balances
  throw new HistoryError(
    'option',
    `the initial balances of a bank are a map of integers by account, such as {"0": 50, "1": 50}, not ${showValue(initial)}`,
  )
}

/** The balances of the first read that has any, and all of them; none where there is no such read. */
function firstWhole(reads: readonly Operation[]): Balances {
  for (const read of reads) {
    const balances = balancesOf(read)
    if (balances.length > 0 && balances.every(([, balance]) => balance !== null)) return balances
  }
  return []
}

/** The first call of a transfer that may have happened, by each account that it names. */
function firstNamed(transfers: readonly Transfer[]): Map<string, number> {
  const named = new Map<string, number>()
  for (const { operation, from, to } of transfers)
    for (const account of [from, to]) if (operation.completion !== 'fail' && !named.has(account)) named.set(account, operation.call)
  return named
}

function sumOf(balances: readonly (readonly [string, Integer | null])[]): Integer {
  return balances.reduce<Integer>((sum, [, balance]) => plus(sum, balance ?? 0), 0)
}

function tellOverdrawn(operation: Operation, balances: readonly (readonly [string, Integer | null])[], findings: Findings): void {
  const negative = balances.filter(([, balance]) => balance !== null && balance < 0)
  if (negative.length === 0) return
  findings.add('negative-balance', [], () => {
    const overdrawn = negative.map(([account, balance]) => `${balance} in account ${account}`)
    return { sentence: `${theRead(operation)} shows ${listed(overdrawn)}`, events: [operation.return] }
  })
}

function tellAccounts(operation: Operation, what: string, findings: Findings): void {
  findings.add('wrong-accounts', [], () => ({ sentence: `${theRead(operation)} ${what}`, events: [operation.return] }))
}

/** `account 1`, `accounts 1 and 2`. */
function accountList(accounts: readonly (readonly [string, ...unknown[]])[]): string {
  return `${accounts.length === 1 ? 'account' : 'accounts'} ${listed(accounts.map(([account]) => account))}`
}
