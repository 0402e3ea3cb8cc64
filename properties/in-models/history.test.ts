/** The monitor against the oracle. FUZZ_RUNS sets how many histories of each object are judged, FUZZ_SEED which. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../history.ts'
import type { Spec } from '../spec.ts'
import { fencedLock, lease, register } from '../specs/index.ts'
import { objects } from '../testing/commands.ts'
import { histories } from '../testing/histories.ts'
import { keyOf, type Value } from '../value.ts'
import { verify } from '../verify.ts'
import { type HistoryMonitor, type HistoryValue, history } from './history.ts'
import { plainOf } from './monitor.ts'
import { eventsWithCrashes, told } from './testing/feed.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 60)
// The same histories each time, unless told: whether enough of them are wrong must not be a matter of luck.
const parameters = { numRuns, seed: Number(process.env['FUZZ_SEED'] ?? 2026) }

const named = objects.map((object, i) => [`${object.spec.name} (${i})`, object] as const)

describe.each(named)('histories of a %s', (_, { spec, initial = spec.initial, ...object }) => {
  it.each(['observed', 'did-not-happen'] as const)(
    'are violated from the event on from which the oracle says so, failures being %s',
    (fail) => {
      const verdicts = { holds: 0, violated: 0 }
      const monitor = history(spec, { fail, initial: plainOf(initial) })
      const shape = { processes: 3, ticks: 22, changes: 2 }
      fc.assert(
        fc.property(histories({ spec, initial, ...object }, shape), (operations) => {
          const events = eventsWithCrashes(operations)
          let value = monitor.initial
          const first = events.findIndex((event) => {
            value = told(monitor.events, value, event)
            return monitor.questions.linearizable(value) !== true
          })
          const expected = events.findIndex(
            ({ type }, i) => type !== 'invoke' && type !== 'info' && !isLinearizable(events.slice(0, i + 1), spec, initial, fail),
          )
          expect(first).toBe(expected)
          verdicts[first === -1 ? 'holds' : 'violated']++
        }),
        parameters,
      )
      expect(verdicts.holds).toBeGreaterThan(numRuns / 20)
      // Transactions that write without reading are seldom wrong.
      expect(verdicts.violated).toBeGreaterThan(spec.name === 'multi-register' ? -1 : numRuns / 100)
    },
  )
})

describe('the value of a history', () => {
  it.each([
    ['whoever wrote first', '0 write 1, 0 ok, 1 write 2, 1 ok', '1 write 1, 1 ok, 0 write 2, 0 ok'],
    ['whatever was read', '0 write 1, 0 ok, 1 read, 1 ok 1', '0 write 1, 0 ok'],
    ['whether a read began before the write that it has not seen', '0 read, 1 write 1, 0 ok null', '1 write 1, 0 read, 0 ok null'],
    [
      'whether an open write is seen first by one or by the other',
      '0 write 1, 1 read, 1 ok 1, 2 read, 2 ok 1',
      '0 write 1, 2 read, 2 ok 1',
    ],
    ['the order of two crashed writes', '0 write 1, 1 write 2, 0 info, 1 info', '1 write 2, 0 write 1, 1 info, 0 info'],
    ['a crashed read', '0 read, 0 info, 1 write 1, 1 ok', '1 write 1, 1 ok'],
  ])('is the same %s, where that no longer matters', (_, first, second) => {
    expect(keyOf(valueAfter(first))).toBe(keyOf(valueAfter(second)))
  })

  it.each([
    ['a write that has been seen and one that has not', '0 write 1, 1 read, 1 ok 1', '0 write 1, 1 read, 1 ok null'],
    ['a write that overlapped another and one that came before', '0 write 1, 1 write 2, 0 ok, 1 ok', '0 write 1, 0 ok, 1 write 2, 1 ok'],
    ['a write that crashed and one that failed', '0 write 1, 0 info', '0 write 1, 0 fail'],
  ])('tells apart %s', (_, first, second) => {
    expect(keyOf(valueAfter(first))).not.toBe(keyOf(valueAfter(second)))
  })

  it('is no longer than what is open: a finished history of a register is its state', () => {
    expect(valueAfter('0 write 1, 1 write 2, 0 ok, 1 ok, 1 write 3, 1 ok')).toEqual({
      open: [],
      possible: [{ state: 3, placed: [], crashed: [], steps: [] }],
    })
  })

  it('stays violated, with the return that could not be explained', () => {
    const violated = valueAfter('0 write 1, 0 ok, 1 read, 1 ok null')
    const sentence = 'no order of what came before leaves a place for read → null by process 1: in state 1, would have returned 1'
    expect(violated).toEqual({ violated: sentence })
    expect(valueAfter('0 write 1, 0 ok, 1 read, 1 ok null, 2 write 3, 2 ok, 1 read, 1 ok 7')).toEqual(violated)
    expect(history(register).questions.linearizable(violated)).toBe(sentence)
  })

  it('keeps what followed an operation whose effect depends on what it will return', () => {
    const monitor = history(fencedLock, { fail: 'observed' })
    const refused = valueAfter('0 acquire, 1 acquire, 1 fail', monitor)
    expect(refused).toMatchObject({ possible: [{ state: { granted: 0 }, steps: [{ ending: 'unknown' }, { ending: 'fail' }] }] })
    const granted = valueAfter('0 acquire, 1 acquire, 1 fail, 0 ok 5', monitor)
    expect(granted).toMatchObject({ possible: [{ state: { granted: 5, owner: 0 }, steps: [] }] })
  })

  it('takes back what failed: an order that needed it is none', () => {
    expect(valueAfter('0 write 1, 1 read, 1 ok 1, 0 fail')).toEqual({
      violated: 'write 1 → fail by process 0 did not happen, but no order explains what the others saw without it',
    })
  })
})

describe('a history', () => {
  it('refuses what no clients can do', () => {
    expect(() => valueAfter('0 write 1, 0 read')).toThrow('process 0 invokes read while its write is open')
    expect(() => valueAfter('0 ok')).toThrow('process 0 ends an operation (ok) without having invoked one')
    expect(() => valueAfter('0 info')).toThrow('process 0 ends an operation (info) without having invoked one')
    expect(() => valueAfter('0 raed')).toThrow('raed is not an operation of register; it has read, write; did you mean read?')
  })

  it('refuses specifications that look at times, since models have none', () => {
    expect(() => history(lease)).toThrow('lease looks at the times of operations, and models have none')
  })

  it('lets a process go on after a crash, as if it were another', () => {
    const value = valueAfter('0 write 1, 0 info, 0 read, 0 ok null, 0 read, 0 ok 1')
    expect(history(register).questions.linearizable(value)).toBe(true)
  })
})

/** The value after events such as `0 write 1, 1 read, 1 ok null, 0 info`. */
function valueAfter(text: string, { initial, events }: HistoryMonitor = history(register)): HistoryValue {
  return text.split(', ').reduce((value: HistoryValue, event) => {
    const [process, word = '', given = 'null'] = event.split(' ')
    if (word === 'fail' || word === 'info') return events[word](value, Number(process))
    if (word === 'ok') return events.ok(value, Number(process), JSON.parse(given))
    return events.invoke(value, Number(process), word, JSON.parse(given))
  }, initial)
}

function isLinearizable(events: readonly HistoryEvent[], spec: Spec, initial: Value, fail: 'observed' | 'did-not-happen'): boolean {
  return verify(events, spec, { initial, algorithm: 'general', evidence: 'any', reading: { fail, initial } }).verdict === 'holds'
}
