/** Histories that are judged while they are read: the same verdicts, as early as can be, in little memory. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HistoryError } from '../errors.ts'
import type { HistoryEvent } from '../history.ts'
import { type Operation, operationsOf } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { casRegister, queue, register } from '../specs/index.ts'
import { objects } from '../testing/commands.ts'
import { type Commands, eventsOf, histories } from '../testing/histories.ts'
import type { Value } from '../value.ts'
import { judge, verify } from '../verify.ts'
import { LinearizabilityStream } from './stream.ts'

const registers = register as unknown as Spec
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 300)

function events(
  ...rows: readonly (readonly [process: number | string, type: HistoryEvent['type'], f: string, value?: Value, key?: Value])[]
) {
  return rows.map(([who, type, f, value = null, key], index) => ({
    index,
    process: who,
    type,
    f,
    value,
    ...(key === undefined ? {} : { key }),
  }))
}

describe('a stream', () => {
  const objectOfKey = [objects[0], objects[1], objects[9]] as Commands[]

  it.each(objectOfKey.map((object) => [object.spec.name, object] as const))('judges several %ss as they are judged whole', (_, object) => {
    const { spec, initial = spec.initial } = object
    const one = histories(object, { processes: 3, ticks: 30, changes: 1 })
    const verdicts = new Set<string>()
    const property = fc.property(fc.tuple(one, one, one), fc.infiniteStream(fc.nat({ max: 2 })), (parts, choices) => {
      const merged = interleaved(parts, choices)
      const stream = new LinearizabilityStream(spec, { reading: { initial, fail: 'observed' } })
      for (const event of merged) stream.push(event)
      const decision = stream.end()
      const whole = verify(merged, spec, { initial, reading: { fail: 'observed' }, algorithm: 'general' })
      verdicts.add(decision.verdict)
      expect(decision.verdict).toBe(whole.verdict)
      if (decision.verdict === 'violated') {
        expect(decision.failing?.key).toBe(stream.key)
        const violated = operationsOf(merged, spec, { fail: 'observed' }).filter(({ key }) => key === stream.key)
        expect(judge(violated, spec, { initial }).verdict).toBe('violated')
      } else {
        expect(stream.objects).toBe(whole.objects)
        expect(stream.operations).toBe(whole.operations)
      }
    })
    fc.assert(property, { numRuns })
    expect([...verdicts].sort()).toEqual(['holds', 'violated'])
  })

  it('has its decision when the operation that fails returns', () => {
    const stream = new LinearizabilityStream(registers)
    const all = events(
      [0, 'invoke', 'write', 1],
      [0, 'ok', 'write', 1],
      [1, 'invoke', 'read'],
      [1, 'ok', 'read', null],
      [0, 'invoke', 'write', 2],
    )
    expect(all.map((event) => [stream.push(event), stream.decision?.verdict ?? null][1])).toEqual([
      null,
      null,
      null,
      'violated',
      'violated',
    ])
    expect(stream.decision).toMatchObject({ failing: { f: 'read', output: null }, states: ['1'] })
    expect(stream.end().verdict).toBe('violated')
  })

  it('waits until it is known what came of what was called before', () => {
    const stream = new LinearizabilityStream(registers)
    const all = events([0, 'invoke', 'write', 2], [1, 'invoke', 'read'], [1, 'ok', 'read', 1], [1, 'invoke', 'read'], [0, 'ok', 'write', 2])
    expect(all.map((event) => [stream.push(event), stream.decision?.verdict ?? null][1])).toEqual([null, null, null, null, 'violated'])
  })

  it('decides at the end what an operation that never returned leaves open', () => {
    const stream = new LinearizabilityStream(registers)
    for (const event of events([0, 'invoke', 'write', 1], [1, 'invoke', 'read'], [1, 'ok', 'read', 1])) stream.push(event)
    expect(stream.decision).toBeNull()
    expect(stream.end().verdict).toBe('holds')
  })

  it('goes by the readings', () => {
    const verdict = (spec: Spec, reading: object, rows: HistoryEvent[]): string => {
      const stream = new LinearizabilityStream(spec, { reading })
      for (const event of rows) stream.push(event)
      return stream.end().verdict
    }
    const failed = events([0, 'invoke', 'cas', [0, 1]], [0, 'fail', 'cas', [0, 1]])
    const spec = casRegister as unknown as Spec
    expect(verdict(spec, { initial: 0 }, failed)).toBe('holds')
    expect(verdict(spec, { initial: 0, fail: 'observed' }, failed)).toBe('violated')
    const nil = events([0, 'invoke', 'write', 1], [0, 'ok', 'write', 1], [0, 'invoke', 'read'], [0, 'ok', 'read', null])
    expect(verdict(spec, {}, nil)).toBe('violated')
    expect(verdict(spec, { nil: 'unknown' }, nil)).toBe('holds')
  })

  it('does not know what will never be written', () => {
    expect(() => new LinearizabilityStream(registers, { reading: { neverWritten: 'ignored' } })).toThrow(HistoryError)
  })

  it.each<[string, string, HistoryEvent[]]>([
    ['a return without a call', 'event 0: process 4 completes read', events([4, 'ok', 'read', 1])],
    ['a second call', 'event 1: process 4 invokes write while its read is open', events([4, 'invoke', 'read'], [4, 'invoke', 'write', 1])],
    ['a second return', 'event 2: process 4 completes read', events([4, 'invoke', 'read'], [4, 'ok', 'read'], [4, 'ok', 'read'])],
    ['a return after a crash', 'event 2: process 4 completes', events([4, 'invoke', 'write', 1], [4, 'info', 'write'], [4, 'ok', 'write'])],
    [
      'a call after a crash',
      'event 2: process 4 invokes read while its write is open',
      events([4, 'invoke', 'write', 1], [4, 'info', 'write'], [4, 'invoke', 'read']),
    ],
    ['an unknown operation', 'event 0: erase is not an operation of register', events([4, 'invoke', 'erase'], [4, 'ok', 'erase'])],
  ])('refuses %s, as a judgement of the whole does', (_, message, rows) => {
    const push = (): void => {
      const stream = new LinearizabilityStream(registers)
      for (const event of rows) stream.push(event)
    }
    expect(push).toThrow(HistoryError)
    expect(push).toThrow(message)
    expect(() => verify(rows, register)).toThrow(HistoryError)
    expect(() => verify(rows, register)).toThrow(message)
  })

  it('stops at a limit, and says how far it came', () => {
    const stream = new LinearizabilityStream(queue as unknown as Spec, { limits: { seconds: 0.05 } })
    let index = 0
    const push = (who: number, type: HistoryEvent['type'], f: string, value: Value): void =>
      stream.push({ index: index++, process: who, type, f, value })
    for (let round = 0; round < 50 && stream.decision === null; round++) {
      for (let who = 0; who < 20; who++)
        push(who, 'invoke', who % 4 === 3 ? 'dequeue' : 'enqueue', who % 4 === 3 ? null : (who + round) % 7)
      for (let who = 0; who < 20; who++) push(who, 'ok', who % 4 === 3 ? 'dequeue' : 'enqueue', (5 * who + round) % 7)
    }
    expect(stream.decision ?? stream.end()).toMatchObject({
      verdict: 'unknown',
      limit: 'time',
      reached: expect.stringMatching(/operations were read, .* configurations are open/),
    })
  })

  it('forgets the past: 300,000 operations of as many values take little memory', () => {
    const stream = new LinearizabilityStream(registers)
    const before = heapAfterCollection()
    let index = 0
    for (let i = 0; i < 150_000; i++) {
      const value = `value ${i}`
      stream.push({ index: index++, process: 0, type: 'invoke', f: 'write', value })
      stream.push({ index: index++, process: 1, type: 'invoke', f: 'read', value: null })
      stream.push({ index: index++, process: 0, type: 'ok', f: 'write', value })
      stream.push({ index: index++, process: 1, type: 'ok', f: 'read', value: i % 2 === 0 || i === 0 ? value : `value ${i - 1}` })
    }
    expect(stream.decision).toBeNull()
    // Its last states and classes, 2^17 at most; those of all operations would take more than twice as much.
    const megabytes = (heapAfterCollection() - before) / 2 ** 20
    expect(megabytes).toBeLessThan(45)
    expect(stream.end()).toMatchObject({ verdict: 'holds' })
    expect(stream.operations).toBe(300_000)
  })
})

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

/** The events of several objects in one history, each with its key and clients of its own. */
function interleaved(parts: readonly Operation[][], choices: Iterator<number>): HistoryEvent[] {
  const queues = parts.map((operations, key) =>
    eventsOf(operations).map((event) => ({ ...event, key, process: `${key}-${event.process}` })),
  )
  const found: HistoryEvent[] = []
  while (queues.some(({ length }) => length > 0)) {
    const event = queues[choices.next().value]?.shift()
    if (event) found.push({ ...event, index: found.length })
  }
  return found
}
