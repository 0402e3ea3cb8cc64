/** The moments at which the total of a bank's accounts changed, and which transfer explains each. */
import sortedIndex from 'lodash/sortedIndex.js'
import { count } from '../../levels/phrases.ts'
import type { Operation } from '../../operation.ts'
import { balancesOf, type Transfer } from './bank-operations.ts'
import { type Explanation, explain } from './bank-replay.ts'
import type { Evidence, Findings } from './findings.ts'
import { type Integer, minus } from './integer.ts'
import { thatRead, theRead } from './objects.ts'

export interface TotalRead {
  readonly operation: Operation
  readonly total: Integer
}

/**
 * Counts reads of another total, and tells of one each time that the total changes: of others only if a read between them was right.
 * @param reads in order of their ends
 */
export function judgeTotals(reads: readonly TotalRead[], transfers: readonly Transfer[], expected: Integer, findings: Findings): void {
  const latest = new Map<Integer, Operation>()
  const right = reads.filter(({ total }) => total === expected).map(({ operation }) => operation)
  const rightEnds = right.map(({ return: end }) => end)
  // Of those up to each, the last call.
  const lastCalls: number[] = []
  for (const { call } of right) lastCalls.push(Math.max(lastCalls.at(-1) ?? -1, call))
  for (const read of reads) {
    const { operation, total } = read
    if (total === expected) continue
    findings.count('wrong-total')
    const same = latest.get(total)
    latest.set(total, operation)
    const lastRightCall = lastCalls[sortedIndex(rightEnds, operation.call) - 1] ?? -1
    if (same !== undefined && lastRightCall < same.return) continue
    // Of a total that no transaction can have seen under parallel snapshot isolation; see bank.ts.
    findings.tell('wrong-total', ['parallel-snapshot-isolation'], () => evidenceOf(read, reads, transfers, expected))
  }
}

interface Cause {
  readonly text: string
  readonly transfers: readonly Transfer[]
  /** What it is called if no later read is right again. */
  readonly lasting: string
}

function evidenceOf(read: TotalRead, reads: readonly TotalRead[], transfers: readonly Transfer[], expected: Integer): Evidence {
  const previous = latestBefore(read, reads, ({ total }) => total !== read.total)
  const lastRight = latestBefore(read, reads, ({ total }) => total === expected)
  const cause = causeOf(read, previous, lastRight, transfers, expected)
  const later = reads.filter(({ operation }) => operation.call > read.operation.return)
  const again = later.filter(({ total }) => total === expected).sort((a, b) => a.operation.call - b.operation.call)[0]
  const earlier = previous === null ? 'no read ended before it began' : `${thatRead(previous.operation)} ${wasRight(previous, expected)}`
  return {
    sentence: `${theRead(read.operation)} totals ${read.total}, not ${expected}: ${cause.text}; ${earlier}, ${afterwards()}`,
    events: [
      read.operation.return,
      ...[previous, again].flatMap((other) => (other === null || other === undefined ? [] : [other.operation.return])),
      ...cause.transfers.flatMap(({ operation }) => [operation.call, operation.return]),
    ],
  }

  function afterwards(): string {
    if (again !== undefined) return `and ${thatRead(again.operation)} totals ${expected} again: a read skew`
    if (later.length === 0) return 'and none began later'
    if (later.some(({ total }) => total !== read.total)) return `and no read that began later totals ${expected} again`
    const all = later.length === 1 ? 'the only read that began later totals' : `all ${later.length} reads that began later total`
    return `and ${all} ${read.total} too: ${cause.lasting}`
  }
}

function wasRight({ total }: TotalRead, expected: Integer): string {
  return total === expected ? `still totalled ${total}` : `totalled ${total}`
}

/** Of the reads that ended before this one began, the last to begin. */
function latestBefore(read: TotalRead, reads: readonly TotalRead[], accepts: (read: TotalRead) => boolean): TotalRead | null {
  let latest: TotalRead | null = null
  for (const each of reads) {
    if (each.operation.return >= read.operation.call) break
    if (accepts(each) && (latest === null || each.operation.call > latest.operation.call)) latest = each
  }
  return latest
}

function causeOf(
  read: TotalRead,
  previous: TotalRead | null,
  lastRight: TotalRead | null,
  transfers: readonly Transfer[],
  expected: Integer,
): Cause {
  for (const before of new Set([previous, lastRight])) {
    if (before === null) continue
    const explanations = explain(before.operation, read.operation, transfers)
    const [explanation] = explanations
    if (explanation === undefined) continue
    const suspects = [...new Set(explanations.map(({ transfer }) => transfer))]
    return suspects.length === 1 ? shownUnevenly(explanation, transfers) : oneOf(suspects, 'the balances fit')
  }
  const difference = minus(read.total, expected)
  const fitting = byAmount(read, lastRight, transfers, difference)
  if (fitting.length > 0) return oneOf(fitting, 'the difference fits')
  return { text: `no transfer of ${difference < 0 ? minus(0, difference) : difference} was near it`, transfers: [], lasting }
}

const lasting = 'an update was lost, or applied by half or twice'

function shownUnevenly({ transfer, debits, credits }: Explanation, transfers: readonly Transfer[]): Cause {
  const { from, to, operation } = transfer
  const what = `${transferText(transfer)}${operation.completion === 'fail' ? ', which failed' : ''}`
  const [more, less] = debits > credits ? [from, to] : [to, from]
  if (Math.max(debits, credits) === 2)
    return {
      text: `account ${more} shows ${what} twice, account ${less} once`,
      transfers: [transfer],
      lasting: 'half of it was applied twice',
    }
  const text = `account ${more} shows ${what}, account ${less} does not`
  const over = transfers.find((other) => isRival(other, transfer, less))
  return over === undefined
    ? { text, transfers: [transfer], lasting: 'half of it is lost' }
    : { text, transfers: [transfer, over], lasting: `a lost update, if ${transferText(over)}, which ran at the same time, overwrote it` }
}

/** Whether another transfer that may have happened ran at the same time and wrote the account too. */
function isRival(other: Transfer, transfer: Transfer, account: string): boolean {
  if (other === transfer || other.operation.completion === 'fail') return false
  const isOfAccount = other.from === account || other.to === account
  return isOfAccount && other.operation.call < transfer.operation.return && other.operation.return > transfer.operation.call
}

/** @param what fits if it is one of these */
function oneOf(suspects: readonly Transfer[], what: string): Cause {
  const shown = suspects.slice(0, 3)
  const others = suspects.length - shown.length
  const names = [...shown.map(transferText), ...(others === 0 ? [] : [count(others, 'other')])]
  return { text: `${what} if half of ${names.join(', or of ')} is missing, or there twice`, transfers: shown, lasting }
}

/** Transfers of that amount that ran since the last right read began, of accounts that have changed since; failed ones if there are no others. */
function byAmount(read: TotalRead, lastRight: TotalRead | null, transfers: readonly Transfer[], difference: Integer): Transfer[] {
  const since = lastRight?.operation.call ?? -1
  const before = new Map(lastRight === null ? [] : balancesOf(lastRight.operation))
  const after = new Map(balancesOf(read.operation))
  const changed = (account: string): boolean => lastRight === null || before.get(account) !== after.get(account)
  const fitting = transfers.filter(({ operation, from, to, amount }) => {
    const isNear = operation.call < read.operation.return && operation.return > since
    return isNear && (amount === difference || minus(0, amount) === difference) && from !== to && (changed(from) || changed(to))
  })
  const happened = fitting.filter(({ operation }) => operation.completion !== 'fail')
  return happened.length > 0 ? happened : fitting
}

function transferText({ from, to, amount, operation }: Transfer): string {
  return `the transfer of ${amount} from ${from} to ${to} (event ${operation.call})`
}
