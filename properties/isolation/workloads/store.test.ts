import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../../history.ts'
import { isRecord, type Value } from '../../value.ts'
import { judgeBank, judgeCounter, judgeLongFork, judgeSet, type WorkloadDecision } from './index.ts'
import { counterErrors, isExplainedBySomeOrder, setOutcomes } from './testing/brute-force.ts'
import { spans } from './testing/events.ts'
import { type Lived, lived, type Store } from './testing/store.ts'
import { bankStore, bankTotal, counterStore, forkStore, setStore } from './testing/stores.ts'

type History = HistoryEvent<Value>[]

interface Workload {
  readonly name: string
  readonly bugs: readonly string[]
  readonly live: (numbers: readonly number[], bug: { readonly name: string; readonly after: number } | null) => Lived
  readonly judge: (history: History) => WorkloadDecision
  /** Whether what the clients saw is wrong, found out by brute force. */
  readonly shows: (history: History) => boolean
}

function workload<State>(
  name: string,
  store: Store<State>,
  judge: (history: History) => WorkloadDecision,
  shows: (history: History) => boolean,
): Workload {
  return { name, bugs: Object.keys(store.bugs), live: (numbers, bug) => lived(store, numbers, bug), judge, shows }
}

const workloads: readonly Workload[] = [
  workload('bank', bankStore, (history) => judgeBank(history, { total: bankTotal }), misesTotal),
  workload('counter', counterStore, judgeCounter, (history) => {
    const { tooLow, tooHigh } = counterErrors(history)
    return tooLow + tooHigh > 0
  }),
  workload('set', setStore, judgeSet, (history) => {
    const counts = setOutcomes(history)
    return ['lost-element', 'unexpected-element', 'G1a', 'duplicate-elements'].some((name) => name in counts)
  }),
  workload('long fork', forkStore, judgeLongFork, forks),
]

const ticks = fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 30, maxLength: 70 }))
const after = fc.nat({ max: 3 })

describe.each(workloads)('what clients saw of a $name', ({ bugs, live, judge, shows }) => {
  it('that is right is never wrong', () => {
    const verdicts = { holds: 0, unknown: 0, violated: 0 }
    fc.assert(
      fc.property(ticks, (numbers) => {
        const { history } = live(numbers, null)
        expect(judge(history).findings).toEqual([])
        expect(shows(history)).toBe(false)
        verdicts[judge(history).verdict]++
      }),
      { numRuns: 300 },
    )
    expect(verdicts.holds).toBeGreaterThan(200)
  })

  it.each(bugs)('that has a %s is wrong exactly where brute force says that it shows', (name) => {
    let found = 0
    fc.assert(
      fc.property(ticks, after, (numbers, operations) => {
        const { history } = live(numbers, { name, after: operations })
        expect(judge(history).verdict === 'violated').toBe(shows(history))
        if (shows(history)) found++
      }),
      { numRuns: 300 },
    )
    expect(found).toBeGreaterThan(5)
  })
})

describe('the transfer that a wrong total is told to come from', () => {
  it.each(['lost credit', 'lost debit', 'doubled credit'])('is the one in which a %s was planted', (name) => {
    const told = { singled: 0, fitting: 0, none: 0 }
    fc.assert(
      fc.property(ticks, after, (numbers, operations) => {
        const { history, planted } = lived(bankStore, numbers, { name, after: operations })
        for (const { name: found, sentence, events } of judgeBank(history, { total: bankTotal }).findings) {
          expect(found).toBe('wrong-total')
          const calls = [...sentence.matchAll(/the transfer of \d+ from . to . \(event (\d+)\)(?!, which ran)/g)].map(([, call]) =>
            Number(call),
          )
          if (calls.length > 0) expect(calls).toEqual([planted])
          if (calls.length > 0) expect(events).toContain(planted)
          told[sentence.includes(' shows the transfer') ? 'singled' : calls.length > 0 ? 'fitting' : 'none']++
        }
      }),
      { numRuns: 300 },
    )
    expect(told.singled).toBeGreaterThan(50)
    expect(told.none).toBeLessThan((told.singled + told.fitting) / 4)
  })
})

function misesTotal(history: History): boolean {
  return spans(history).some(({ f, completion, output }) => {
    if (f !== 'read' || completion !== 'ok' || !isRecord(output)) return false
    return Object.values(output).reduce<number>((sum, balance) => sum + (balance as number), 0) !== bankTotal
  })
}

type Steps = readonly (readonly [f: string, key: number, value: number | null])[]

/** Two reads that no order of the writes explains, or one that sees a write that failed. */
function forks(history: History): boolean {
  const all = spans(history)
  const written = new Set(
    all
      .filter(({ completion }) => completion !== 'fail')
      .flatMap(({ input }) => (input as Steps).flatMap(([f, key]) => (f === 'w' ? [key] : []))),
  )
  const reads = all
    .filter(({ completion, output }) => completion === 'ok' && (output as Steps)[0]?.[0] === 'r')
    .map(({ output }) => output as Steps)
  if (reads.some((steps) => steps.some(([, key, value]) => value !== null && !written.has(key)))) return true
  return [2, 4].some((size) => {
    const views = reads.filter(({ length }) => length === size).map((steps) => steps.map(([, , value]) => value !== null))
    return !isExplainedBySomeOrder(views, size)
  })
}
