/**
 * Counters, as Jepsen's checker of them judges: what a read returns lies between what had certainly been added when it began
 * and what may have been added when it ended. Adds that completed count from their end on for certain; any that did not fail
 * counts perhaps, from its call on. What is subtracted bounds from the other side.
 *
 * A read outside of what all adds of the history allow has no place in any order of them, and rules out read committed, under
 * which each add builds on what another one left. Of any other, only levels in real time forbid that it is stale.
 */
import { HistoryError } from '../../errors.ts'
import type { HistoryEvent } from '../../history.ts'
import { count } from '../../levels/phrases.ts'
import type { Operation } from '../../operation.ts'
import { showValue, type Value } from '../../value.ts'
import { Findings } from './findings.ts'
import { type Integer, integerOf, minus, plus } from './integer.ts'
import { malformed, objectsOf, theRead } from './objects.ts'
import type { WorkloadDecision } from './workload.ts'

export interface CounterOptions {
  /** What it holds before the history, an integer; 0 by default. */
  readonly initial?: number | bigint
}

/**
 * `add n`, `increment` and `decrement` (by one, or by n), and `read`, of which one that completed with null says nothing.
 * Finds `read-too-low` and `read-too-high`.
 * @throws HistoryError `history-events`; `history-operation` for other operations and for what is no integer; `option` for an
 * initial value that is none
 */
export function judgeCounter(history: Iterable<HistoryEvent<Value>>, options: CounterOptions = {}): WorkloadDecision {
  const initial = integerOf(options.initial ?? 0)
  if (initial === null) throw new HistoryError('option', `the initial value of a counter is an integer, not ${options.initial}`)
  const { objects, happened } = objectsOf(history, 'counter', ['add', 'increment', 'decrement', 'read'])
  const findings = new Findings()
  const judged = { reads: 0, adds: 0 }
  for (const { operations } of objects) judgeObject(operations, initial, findings, judged)
  const adds = count(judged.adds, 'add')
  const note = `${count(judged.reads, 'read')} of a counter with ${adds}${findings.any ? '' : ', each within what the adds allow'}`
  return findings.decision(
    happened,
    judged.reads === 0 ? `no read completed of a counter with ${adds}: nothing contradicts them` : note,
    null,
  )
}

/** A sum of what is added and one of what is subtracted, which is negative. */
interface Sums {
  readonly more: Integer
  readonly less: Integer
}

function judgeObject(all: readonly Operation[], initial: Integer, findings: Findings, judged: { reads: number; adds: number }): void {
  const operations = all.filter(({ completion }) => completion !== 'fail')
  let begun: Sums = { more: initial, less: 0 }
  let done: Sums = { more: initial, less: 0 }
  const doneBefore = new Map<Operation, Sums>()
  const outside: { readonly read: Operation; readonly returned: Integer; readonly least: Integer; readonly most: Integer }[] = []
  for (const { operation, ends } of inOrderOfTime(operations)) {
    if (operation.f !== 'read') {
      const amount = amountOf(operation)
      if (ends) done = including(done, amount)
      else begun = including(begun, amount)
      if (!ends) judged.adds++
    } else if (!ends) {
      doneBefore.set(operation, done)
    } else {
      const returned = returnedBy(operation)
      const before = doneBefore.get(operation) as Sums
      doneBefore.delete(operation)
      if (returned === null) continue
      judged.reads++
      const least = plus(before.more, begun.less)
      const most = plus(begun.more, before.less)
      if (returned < least || returned > most) outside.push({ read: operation, returned, least, most })
    }
  }
  for (const { read, returned, least, most } of outside) {
    const isImpossible = returned < plus(initial, begun.less) || returned > begun.more
    findings.add(returned < least ? 'read-too-low' : 'read-too-high', isImpossible ? ['read-committed'] : [], () => {
      const why =
        returned < least
          ? `what had been added for certain when it began, at event ${read.call}, makes at least ${least}: it misses ${minus(least, returned)}`
          : `all that may have been added when it ended makes at most ${most}: it has ${minus(returned, most)} too much`
      return { sentence: `${theRead(read)} returns ${returned}, but ${why}`, events: [read.call, read.return] }
    })
  }
}

/** Each operation at its call, and at its end if that was seen. */
function inOrderOfTime(operations: readonly Operation[]): { readonly at: number; readonly operation: Operation; readonly ends: boolean }[] {
  const moments = operations.map((operation) => ({ at: operation.call, operation, ends: false }))
  for (const operation of operations)
    if (operation.return !== Number.POSITIVE_INFINITY) moments.push({ at: operation.return, operation, ends: true })
  return moments.sort((a, b) => a.at - b.at)
}

function including({ more, less }: Sums, amount: Integer): Sums {
  return amount < 0 ? { more, less: plus(less, amount) } : { more: plus(more, amount), less }
}

function amountOf({ f, input, call }: Operation): Integer {
  const amount = input === null ? 1 : integerOf(input)
  if (amount === null) throw malformed(call, `${f} ${showValue(input)}, expected an integer; count in the smallest unit`)
  return f === 'decrement' ? minus(0, amount) : amount
}

function returnedBy({ output, return: end }: Operation): Integer | null {
  if (output === null) return null
  const returned = integerOf(output)
  if (returned === null) throw malformed(end, `a counter is read as ${showValue(output)}, expected an integer`)
  return returned
}
