/** The monitor of sessions against the oracle. FUZZ_RUNS sets how many histories are judged, FUZZ_SEED which. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../history.ts'
import { queue, register } from '../specs/index.ts'
import { eventsOf } from '../testing/histories.ts'
import { recorded } from '../testing/recorded.ts'
import { keyOf } from '../value.ts'
import { verify } from '../verify.ts'
import { type SessionsMonitor, sessions } from './sessions.ts'
import { told } from './testing/feed.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 300)
const parameters = { numRuns, seed: Number(process.env['FUZZ_SEED'] ?? 2026) }

const questions = [
  ['sequential', 'sequential'],
  ['causal', 'causal'],
  ['pram', 'pram'],
  ['readYourWrites', 'read-your-writes'],
  ['monotonicReads', 'monotonic-reads'],
  ['monotonicWrites', 'monotonic-writes'],
  ['writesFollowReads', 'writes-follow-reads'],
] as const

describe('sessions on a register', () => {
  it.each(questions)('are asked for %s what the oracle says of everything seen so far', (question, level) => {
    const verdicts = { holds: 0, violated: 0 }
    fc.assert(
      fc.property(registerHistory, (events) => {
        const monitor = sessions(register)
        let value = monitor.initial
        for (const [i, event] of events.entries()) {
          value = told(monitor.events, value, event)
          if (event.type === 'invoke') continue
          const expected = verify(events.slice(0, i + 1), register, { level, evidence: 'any' }).verdict
          expect(monitor.questions[question](value) === true ? 'holds' : 'violated').toBe(expected)
          verdicts[expected as 'holds']++
        }
      }),
      parameters,
    )
    expect(verdicts.holds).toBeGreaterThan(numRuns / 10)
    expect(verdicts.violated).toBeGreaterThan(numRuns / 50)
  })

  it('know no time: interleavings of the same sessions are one value', () => {
    const first = valueAfter(sessions(register), '0 write 1, 0 ok, 1 read, 1 ok 1')
    const second = valueAfter(sessions(register), '1 read, 0 write 1, 1 ok 1, 0 ok')
    expect(keyOf(first)).toBe(keyOf(second))
  })

  it('say in a sentence what is wrong', () => {
    const monitor = sessions(register)
    const value = valueAfter(monitor, '0 write 1, 0 ok, 0 read, 0 ok null')
    expect(monitor.questions.readYourWrites(value)).toBe('process 0 read null, the initial value, after it had written 1')
    expect(monitor.questions.monotonicReads(value)).toBe(true)
  })

  it('are refused an answer that the oracle cannot give', () => {
    const monitor = sessions(queue)
    const value = valueAfter(monitor, '0 enqueue 1, 0 ok, 0 dequeue, 0 ok 1')
    expect(monitor.questions.sequential(value)).toBe(true)
    expect(() => monitor.questions.readYourWrites(value)).toThrow(/cannot be told: queue is not read and written like a register/)
  })

  it('refuse what no clients can do', () => {
    expect(() => valueAfter(sessions(register), '0 ok')).toThrow()
    expect(() => sessions(register).events.invoke(sessions(register).initial, 0, 'red')).toThrow('did you mean read?')
  })
})

/** Each value is written once; what reads return is anything that may be written. */
const registerHistory = fc
  .array(fc.record({ process: fc.nat({ max: 2 }), isWrite: fc.boolean(), saw: fc.nat({ max: 4 }), crashes: fc.nat({ max: 9 }) }), {
    minLength: 3,
    maxLength: 9,
  })
  .map((steps): HistoryEvent[] => {
    const events: HistoryEvent[] = []
    const names = [0, 1, 2]
    let written = 0
    const add = (type: HistoryEvent['type'], process: number, f: string, value: unknown): void => {
      events.push({ index: events.length, type, process, f, value })
    }
    for (const { process, isWrite, saw, crashes } of steps) {
      const name = names[process] as number
      const f = isWrite ? 'write' : 'read'
      add('invoke', name, f, isWrite ? ++written : null)
      if (crashes === 0) {
        add('info', name, f, null)
        names[process] = name + 3
      } else add('ok', name, f, isWrite ? null : saw === 0 ? null : Math.min(saw, written + 1))
    }
    return events
  })

function valueAfter<V>(monitor: { readonly initial: V; readonly events: SessionsMonitor['events'] }, text: string): V {
  let value: unknown = monitor.initial
  for (const event of eventsOf(recorded(text))) value = told(monitor.events, value as never, event)
  return value as V
}
