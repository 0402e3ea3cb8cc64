/** The monitor of transactions against the oracle. FUZZ_RUNS sets how many histories are judged, FUZZ_SEED which. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../history.ts'
import { judgeIsolation } from '../isolation/judge-isolation.ts'
import type { IsolationLevel } from '../isolation/level.ts'
import { tableOf } from '../isolation/table/table-builder.ts'
import { transactionsOf } from '../isolation/table/transactions-of.ts'
import { keyOf, type Value } from '../value.ts'
import type { Plain } from './monitor.ts'
import { type TransactionsValue, transactions } from './transactions.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 150)
const parameters = { numRuns, seed: Number(process.env['FUZZ_SEED'] ?? 2026) }

const levels: readonly IsolationLevel[] = [
  'serializable',
  'snapshot-isolation',
  'read-committed',
  'read-atomic',
  'causal',
  'strong-session-serializable',
  'strong-snapshot-isolation',
  'strict-serializable',
]

describe('transactions', () => {
  it.each(levels)('are %s as long as the oracle says so of everything seen so far', (level) => {
    const monitor = transactions(level)
    const verdicts = { holds: 0, violated: 0 }
    fc.assert(
      fc.property(runs, (run) => {
        let value = monitor.initial
        for (const [i, step] of run.entries()) {
          value = told(level, value, step)
          if (step.is !== 'commit' && step.is !== 'abort' && step.is !== 'info') continue
          const table = tableOf(transactionsOf(eventsOf(run.slice(0, i + 1))))
          const expected = judgeIsolation(table, { levels: [level] }).levels[0]?.verdict as 'holds'
          const answer = monitor.questions.isolated(value)
          expect(answer === true ? 'holds' : 'violated').toBe(expected)
          if (answer !== true) expect(answer).toMatch(/\w+ \w+/)
          verdicts[expected]++
        }
      }),
      parameters,
    )
    expect(verdicts.holds).toBeGreaterThan(numRuns / 10)
    expect(verdicts.violated).toBeGreaterThan(numRuns / 20)
  })

  it('of a level without an order are a set: nobody asks who ran them, and when', () => {
    const first = valueAfter('serializable', [begin(0), write(0, 'x', 1), commit(0), begin(1), read(1, 'x', 1), commit(1)])
    const second = valueAfter('serializable', [begin(2), begin(1), write(1, 'x', 1), commit(1), read(2, 'x', 1), commit(2)])
    expect(keyOf(first)).toBe(keyOf(second))
  })

  it('of a level in real time are told apart by which had ended before which began, and by nothing else', () => {
    const apart = valueAfter('strict-serializable', [begin(0), commit(0), begin(1), commit(1)])
    const together = valueAfter('strict-serializable', [begin(0), begin(1), commit(0), commit(1)])
    const crossed = valueAfter('strict-serializable', [begin(1), begin(0), commit(1), commit(0)])
    expect(keyOf(apart)).not.toBe(keyOf(together))
    expect(keyOf(crossed)).toBe(keyOf(together))
  })

  it('say in sentences what is wrong', () => {
    const skew = [begin(0), begin(1), read(0, 'x', null), read(0, 'y', null), read(1, 'x', null), read(1, 'y', null)]
    const writes = [write(0, 'x', 1), write(1, 'y', 2), commit(0), commit(1)]
    const value = valueAfter('serializable', [...skew, ...writes])
    expect(transactions('serializable').questions.isolated(value)).toBe(
      'write-skew (A5B). Let T1 = transaction 2: read x (initial), read y (initial), write y 2; T2 = transaction 1: read x (initial), read y (initial), write x 1. T1 < T2, because T1 read x before anything was written to it, and T2 wrote 1. However, T2 < T1, because T2 read y before anything was written to it, and T1 wrote 2: a contradiction.',
    )
    expect(transactions('snapshot-isolation').questions.isolated(valueAfter('snapshot-isolation', [...skew, ...writes]))).toBe(true)
  })

  it.each(levels)('are %s before there are any, and while the first is running', (level) => {
    const { initial, questions } = transactions(level)
    expect(questions.isolated(initial)).toBe(true)
    expect(questions.isolated(valueAfter(level, [begin(0)]))).toBe(true)
  })

  it('refuse what no clients can do', () => {
    expect(() => valueAfter('serializable', [begin(0), begin(0)])).toThrow('process 0 begins a transaction while another is running')
    expect(() => valueAfter('serializable', [commit(0)])).toThrow('process 0 has no transaction running')
  })
})

type Happening =
  | { readonly is: 'begin' | 'commit' | 'abort' | 'info'; readonly process: number }
  | { readonly is: 'read' | 'write'; readonly process: number; readonly key: string; readonly value: Plain }

const begin = (process: number): Happening => ({ is: 'begin', process })
const commit = (process: number): Happening => ({ is: 'commit', process })
const read = (process: number, key: string, value: Plain): Happening => ({ is: 'read', process, key, value })
const write = (process: number, key: string, value: Plain): Happening => ({ is: 'write', process, key, value })

function told(level: IsolationLevel, value: TransactionsValue, step: Happening): TransactionsValue {
  const { events } = transactions(level)
  if (step.is === 'read' || step.is === 'write') return events[step.is](value, step.process, step.key, step.value)
  return events[step.is](value, step.process)
}

function valueAfter(level: IsolationLevel, steps: readonly Happening[]): TransactionsValue {
  return steps.reduce((value, step) => told(level, value, step), transactions(level).initial)
}

/** Three processes; every write writes another value, and reads return something that was written before, or null. */
const runs = fc
  .array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 11 }), fc.constantFrom('x', 'y'), fc.nat({ max: 99 })), { minLength: 8, maxLength: 26 })
  .map((choices): Happening[] => {
    const run: Happening[] = []
    const isRunning = [false, false, false]
    const written: Record<string, number[]> = { x: [], y: [] }
    for (const [process, what, key, which] of choices) {
      if (!isRunning[process]) {
        isRunning[process] = true
        run.push(begin(process))
      } else if (what < 4) {
        const values = [null, ...(written[key] ?? [])]
        run.push(read(process, key, values[Math.max(0, values.length - 1 - (which % 3))] ?? null))
      } else if (what < 8) {
        const value = run.length + 1
        written[key]?.push(value)
        run.push(write(process, key, value))
      } else {
        isRunning[process] = false
        run.push(what === 8 ? { is: 'abort', process } : what === 9 && which % 3 === 0 ? { is: 'info', process } : commit(process))
      }
    }
    return run
  })

/** As Jepsen records them: calls with all that is known of their steps, and returns with what was read. */
function eventsOf(run: readonly Happening[]): HistoryEvent<Value>[] {
  const events: { -readonly [K in keyof HistoryEvent<Value>]: HistoryEvent<Value>[K] }[] = []
  const names = [0, 1, 2]
  const open = new Map<number, { at: number; steps: Value[] }>()
  for (const step of run) {
    const name = names[step.process] as number
    const transaction = open.get(step.process)
    if (step.is === 'begin') {
      open.set(step.process, { at: events.length, steps: [] })
      events.push({ index: events.length, process: name, type: 'invoke', f: 'txn', value: [] })
    } else if (step.is === 'read' || step.is === 'write') {
      transaction?.steps.push([step.is === 'read' ? 'r' : 'w', step.key, step.value])
    } else {
      const type = step.is === 'commit' ? 'ok' : step.is === 'abort' ? 'fail' : 'info'
      events.push({ index: events.length, process: name, type, f: 'txn', value: transaction?.steps ?? [] })
      if (type === 'info') names[step.process] = name + 3
    }
    const call = events[transaction?.at ?? -1]
    if (call && transaction) call.value = [...transaction.steps]
    if (step.is === 'commit' || step.is === 'abort' || step.is === 'info') open.delete(step.process)
  }
  return events
}
