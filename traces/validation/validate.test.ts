import { describe, expect, it } from 'vitest'
import { cells, defineModel, type Model, UserError } from '../../checker/index.ts'
import { raft, tokenRing } from '../../models/index.ts'
import { readTrace, writeTrace } from '../format.ts'
import { showTrace } from '../show.ts'
import { election } from '../testing/models.ts'
import { walk } from '../testing/paths.ts'
import '../vitest.ts'
import type { LogEvent } from './log.ts'
import { showValidation } from './show-validation.ts'
import { type ValidateOptions, type Validation, validate, validating } from './validate.ts'

const ask = { kind: 'ask', term: 1 }
const elected: readonly LogEvent[] = [
  { action: 'timeout', args: [0], state: { 'server[0].role': 'candidate' } },
  { action: 'receive', args: [1, { from: 0, message: ask }], state: { 'server[1].votedFor': 0 } },
  { action: 'receive', args: { over: { message: { kind: 'grant' } } }, state: { server: { '0': { role: 'leader', votes: [0, 1] } } } },
]

const untimed = (text: string): string => text.replace(/\d+\.\d+ s/, '? s')
const shown = (validation: Validation): string => untimed(showValidation(validation, { where: 'log.jsonl', width: 100 }))

describe('a log that the model explains', () => {
  it('comes with a path that is a trace like any other', () => {
    const found = validate(election, elected)
    expect(found).toMatchObject({ verdict: 'explained', explained: 3, stepEvents: [0, 1, 2], failure: null })
    const trace = readTrace(writeTrace(found.trace), 'x')
    expect(trace).toEqual(found.trace)
    expect(trace.steps.map(({ action, process }) => `${action} by ${process}`)).toEqual(['timeout by 0', 'receive by 1', 'receive by 0'])
    const picture = showTrace(election, trace)
    expect(picture).toContain('election: a path that it allows')
    expect(picture).toContain('after step 3: explains all 3 events of the log')
  })

  it('may leave out what is declared as hidden, and only that', () => {
    const [first, , last] = elected as [LogEvent, LogEvent, LogEvent]
    expect(validate(election, [first, last]).verdict).toBe('impossible')
    const found = validate(election, [first, last], { hidden: ['receive'] })
    expect(found).toMatchObject({ verdict: 'explained', stepEvents: [0, null, 1] })
    expect(shown(found)).toMatchInlineSnapshot(`
      "✓ explained: log.jsonl
        election · nodes=3 order=unordered drops=0 duplicates=0 partitions=0 padding=0 · 7 pairs of event
          and state in ? s

      2 events are explained by 3 steps of the model, 1 of them not logged: receive
      "
    `)
    expect(validate(election, [last], { hidden: ['*'] }).stepEvents).toEqual([null, null, 0])
    expect(validate(election, [{ state: { 'server[0].role': 'leader' } }], { hidden: ['*'] }).stepEvents).toEqual([null, null, null])
  })

  it('may be one of states only, or of nothing', () => {
    expect(validate(election, [{ state: { 'server[2].term': 0 } }]).verdict).toBe('explained')
    expect(validate(election, [])).toMatchObject({ verdict: 'explained', events: 0, stepEvents: [] })
  })

  it('is not bound by the boundary of the model, but by its constants', () => {
    const timeouts: LogEvent[] = [0, 1, 2].map((i) => ({ action: 'timeout', args: [i] }))
    const found = validate(raft, timeouts)
    expect(found.verdict).toBe('explained')
    expect(showTrace(raft, found.trace)).toContain('after step 3')
    const again: LogEvent[] = [...timeouts, ...timeouts, { action: 'timeout', args: [0] }]
    expect(validate(raft, again)).toMatchObject({ verdict: 'impossible', explained: 6 })
    expect(validate(raft, again, { constants: { maxTerm: 3 } }).verdict).toBe('explained')
  })

  it('of ten thousand events takes seconds, also where half of them are missing', () => {
    const { steps } = walk(tokenRing, { property: 'mutualExclusion' }, 1, 10_000)
    const events = steps.map(([action, ...args]): LogEvent => ({ action, args }))
    expect(validate(tokenRing, events)).toMatchObject({ verdict: 'explained', explained: 10_000, pairs: 10_001 })
    const partial = events.filter(({ action }) => action !== 'pass')
    const found = validate(tokenRing, partial, { hidden: ['pass'] })
    expect(found).toMatchObject({ verdict: 'explained', explained: partial.length })
    expect(found.seconds).toBeLessThan(20)
    const at = partial.findIndex(({ action }, i) => i > 9000 && action === 'enter')
    const others = [0, 1, 2].filter((node) => !JSON.stringify(partial[at]).includes(`[${node}]`))
    const wrong = partial.toSpliced(at + 1, 0, { action: 'enter', args: others.slice(0, 1) })
    expect(validate(tokenRing, wrong, { hidden: ['pass'] })).toMatchObject({ verdict: 'impossible', explained: at + 1 })
  })
})

describe('a log that the model does not explain', () => {
  it('shows what the model allows where it stops, when nothing like it is enabled', () => {
    expect(shown(validate(election, [...elected.slice(0, 2), { action: 'timeout', args: [1], line: 3 }]))).toMatchInlineSnapshot(`
      "✗ impossible: log.jsonl:3 timeout(1)
        election · nodes=3 order=unordered drops=0 duplicates=0 partitions=0 padding=0 · 3 pairs of event
          and state in ? s

      the 2 events before it are explained by 2 steps of the model

      no path of the model explains this event after them
        timeout(1) is not enabled there

      the model allows there
        timeout(2)
        receive(0, {from: 1, message: grant{term: 1}})
        receive(2, {from: 0, message: ask{candidate: {id: 0, log: []}, term: 1}})

      actions that may have happened without being logged have to be declared as hidden
      "
    `)
  })

  it('shows which argument is not as in the model', () => {
    const found = validate(election, [
      elected[0] as LogEvent,
      { action: 'receive', args: [1, { message: { kind: 'ask', trm: 2 } }], line: 2 },
    ])
    expect(shown(found)).toMatchInlineSnapshot(`
      "✗ impossible: log.jsonl:2 receive(1, {message: ask{trm: 2}})
        election · nodes=3 order=unordered drops=0 duplicates=0 partitions=0 padding=0 · 2 pairs of event
          and state in ? s

      the 1 event before it is explained by 1 step of the model

      no path of the model explains this event after them
        of receive(1, {from: 0, message: ask{candidate: {id: 0, log: []}, term: 1}}), args[1].message.trm:
          the log says 2, and the model has no such value

      the model allows there
        receive(1, {from: 0, message: ask{candidate: {id: 0, log: []}, term: 1}})
        receive(2, {from: 0, message: ask{candidate: {id: 0, log: []}, term: 1}})
        timeout(1)
        timeout(2)

      actions that may have happened without being logged have to be declared as hidden
      "
    `)
  })

  it('shows which value the model has after a step that is as logged', () => {
    const found = validate(election, [elected[0] as LogEvent, { action: 'receive', args: [1], state: { 'server[1].votedFor': 2 } }])
    expect(found.failure?.differences).toEqual([
      { step: expect.objectContaining({ action: 'receive', process: 1 }), of: 'state', path: 'server[1].votedFor', logged: 2, model: 0 },
    ])
    expect(shown(found)).toMatchInlineSnapshot(`
      "✗ impossible: log.jsonl, event 2 receive(1) → {"server[1].votedFor": 2}
        election · nodes=3 order=unordered drops=0 duplicates=0 partitions=0 padding=0 · 2 pairs of event
          and state in ? s

      the 1 event before it is explained by 1 step of the model

      no path of the model explains this event after them
        after receive(1, {from: 0, message: ask{candidate: {id: 0, log: []}, term: 1}}),
          server[1].votedFor: the log says 2, and it is 0 in the model

      the model allows there
        receive(1, {from: 0, message: ask{candidate: {id: 0, log: []}, term: 1}})
        receive(2, {from: 0, message: ask{candidate: {id: 0, log: []}, term: 1}})
        timeout(1)
        timeout(2)

      actions that may have happened without being logged have to be declared as hidden
      "
    `)
  })

  it('shows which value the model has where the log tells of the state only', () => {
    const found = validate(election, [elected[0] as LogEvent, { state: { 'server[0]': { role: 'leader' } } }])
    expect(found.failure?.differences).toEqual([{ step: null, of: 'state', path: 'server[0].role', logged: 'leader', model: 'candidate' }])
  })

  it('is shown by its longest prefix that is explained, whichever way that goes', () => {
    const found = validate(election, [...elected, { action: 'receive', args: [2, { from: 1 }] }])
    expect(found).toMatchObject({ verdict: 'impossible', explained: 3, events: 4 })
    expect(found.trace.steps).toHaveLength(3)
    expect(showTrace(election, found.trace)).toContain('explains the first 3 of 4 events of the log')
  })
})

/** A model whose unlogged steps go on for ever. */
const endless: Model = defineModel({
  name: 'endless',
  about: 'A clock that nobody logs',
  state: () => ({ tick: cells(1, 0) }),
  actions: (on) => ({
    tick: on.action({
      then: (s) => {
        s.tick[0] += 1
      },
    }),
    reach: on.action({ when: (s) => s.tick[0] > 50, then: () => {} }),
    never: on.action({ when: (s) => s.tick[0] < 0, then: () => {} }),
  }),
  properties: (on) => ({ rises: on.always('time rises', (s) => s.tick[0] >= 0) }),
})

describe('a search that does not see everything', () => {
  const inconclusive = (options: ValidateOptions): unknown => {
    const found = validate(endless, [{ action: 'never' }], { hidden: ['tick'], ...options })
    expect(shown(found)).toMatch(/^\? inconclusive: log\.jsonl, event 1 never\n/)
    return [found.verdict, found.limit]
  }

  it('is inconclusive, by each limit', () => {
    expect(inconclusive({ maxStates: 500 })).toEqual(['inconclusive', 'states'])
    expect(inconclusive({ maxHidden: 100 })).toEqual(['inconclusive', 'hidden'])
    expect(inconclusive({ timeMs: 100 })).toEqual(['inconclusive', 'time'])
    expect(inconclusive({ memoryBytes: 1 })).toEqual(['inconclusive', 'memory'])
    expect(inconclusive({ signal: AbortSignal.abort() })).toEqual(['inconclusive', 'interrupted'])
  })

  it('explains what can be explained within the limits', () => {
    expect(validate(endless, [{ action: 'reach' }], { hidden: ['tick'], maxHidden: 51 }).verdict).toBe('explained')
    expect(validate(endless, [{ action: 'reach' }], { hidden: ['tick'], maxHidden: 50 })).toMatchObject({
      verdict: 'inconclusive',
      limit: 'hidden',
    })
    expect(validate(endless, [{ action: 'reach' }], { hidden: ['tick'] }).trace.steps).toHaveLength(52)
    expect(validate(endless, [{ action: 'never' }], {}).verdict).toBe('impossible')
  })

  it('tells how far it has come', () => {
    const run = validating(endless, [{ action: 'never' }], { hidden: ['tick'], timeMs: 300 })
    const first = run.next()
    expect(first.done).toBe(false)
    expect(first.value).toMatchObject({ explained: 0, pairs: expect.any(Number), seconds: expect.any(Number) })
    expect(() => validate(endless, [], { timeMs: 0 })).toThrow(UserError)
  })
})

describe('expect(log).toBeExplainedBy(model)', () => {
  it('passes for a log that is explained, and not for one that is not', () => {
    expect(elected).toBeExplainedBy(election)
    const late = [...elected, { action: 'timeout', args: [1] }]
    expect(late).not.toBeExplainedBy(election)
    expect(() => expect(late).toBeExplainedBy(election, { where: 'run 7' })).toThrow(
      /impossible: run 7, event 4 timeout\(1\)[\s\S]*is not enabled there/,
    )
    expect(() => expect(elected).not.toBeExplainedBy(election)).toThrow('explained: log')
  })

  it('passes neither way where a limit ended the search', () => {
    const options = { hidden: ['tick'], maxHidden: 9 }
    expect(() => expect([{ action: 'never' }]).toBeExplainedBy(endless, options)).toThrow('inconclusive')
    expect(() => expect([{ action: 'never' }]).not.toBeExplainedBy(endless, options)).toThrow('inconclusive')
  })

  it('takes events and a model, and nothing else', () => {
    expect(() => expect('log.jsonl').toBeExplainedBy(election)).toThrow('expected a list of events')
    expect(() => expect(elected).toBeExplainedBy({} as Model)).toThrow('expected a model, made by defineModel')
  })
})
