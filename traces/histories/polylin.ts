/**
 * Events from intervals: `method value start end` a line, under a line that names the object, as PolyLin reads them. All
 * operations are complete; -1 as a result says that the object was empty. Each operation runs in the lowest lane that is
 * free, which is its process. Source: the tests of PolyLin (Lee and Mathur, OOPSLA 2025).
 */
import type { Value } from '../../properties/value.ts'
import { modelOfObject, operationOfMethod, scalarOf } from './container-names.ts'
import { type RawEvent, rawEvent } from './raw-event.ts'
import { quoted, type TextSource } from './text-source.ts'

/** Whether two operations that touch at one point of time overlap, as in closed intervals, or follow one another. */
export type Ties = 'concurrent' | 'sequential'

interface Interval {
  readonly f: string
  readonly input: Value
  readonly output: Value
  readonly start: number | bigint
  readonly end: number | bigint
  readonly line: number
  lane: number
}

interface Edge {
  readonly time: number | bigint
  /** What comes first at one point of time. */
  readonly phase: number
  readonly interval: Interval
  readonly type: 'invoke' | 'ok'
}

const observers = /^(?:pop|deq|dequeue|poll|peek|remove|take)/

export function isPolylinEvent(line: string): boolean {
  return /^\s*[a-z]\w*\s+-?\d+(?:\s+[01])?\s+\d+\s+\d+\s*$/.test(line)
}

export function* polylinEvents(source: TextSource, ties: Ties): Generator<RawEvent, void, undefined> {
  const edges = readIntervals(source).flatMap((interval) => edgesOf(interval, ties))
  // The sort is stable: what happens at once stays in the order of the file.
  edges.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.phase - b.phase))
  const busy: boolean[] = []
  for (const { interval, type } of edges) {
    if (type === 'invoke') {
      const free = busy.indexOf(false)
      interval.lane = free < 0 ? busy.length : free
    }
    busy[interval.lane] = type === 'invoke'
    const event = rawEvent(interval.line, 1)
    event.process = interval.lane
    event.type = type
    event.f = interval.f
    event.value = type === 'invoke' ? interval.input : interval.output
    yield event
  }
}

function edgesOf(interval: Interval, ties: Ties): Edge[] {
  const { start, end } = interval
  const [invocation, completion] = ties === 'concurrent' ? [0, 1] : start === end ? [1, 1] : [2, 0]
  return [
    { time: start, phase: invocation, interval, type: 'invoke' },
    { time: end, phase: completion, interval, type: 'ok' },
  ]
}

function readIntervals(source: TextSource): Interval[] {
  const intervals: Interval[] = []
  let model: string | null = null
  for (let line = source.nextLine(), number = 1; line !== null; line = source.nextLine(), number++) {
    const text = line.trim()
    if (text === '') continue
    if (text.startsWith('#')) model ??= modelOfObject(text.slice(1).trim())
    else intervals.push(intervalOf(text, model, number, line.indexOf(text) + 1, source))
  }
  return intervals
}

function intervalOf(text: string, model: string | null, line: number, column: number, source: TextSource): Interval {
  const words = text.split(/\s+/)
  const [method = '', value = ''] = words
  const [flag, start, end] = words.length === 5 ? words.slice(2) : [undefined, ...words.slice(2)]
  if (
    words.length < 4 ||
    words.length > 5 ||
    ![start, end].every((word) => /^-?\d+$/.test(word ?? '')) ||
    !/^(?:[01]|true|false)$/.test(flag ?? '0')
  )
    throw source.refuse(line, column, `found ${quoted(text)}, expected a line such as enq 1 0 5 (method value start end) or insert 7 1 0 5`)
  const interval = { f: operationOfMethod(method, model), start: timeOf(start), end: timeOf(end), line, lane: 0 }
  if (interval.end < interval.start)
    throw source.refuse(line, column, `found ${method} that ends at ${end}, before it starts at ${start}; expected start before end`)
  const scalar = scalarOf(value)
  if (flag !== undefined) return { ...interval, input: scalar, output: flag === '1' || flag === 'true' }
  if (model === 'set')
    throw source.refuse(line, column, `found ${quoted(text)}, expected also what a set answered, 0 or 1, as in insert 7 1 0 5`)
  if (!observers.test(method)) return { ...interval, input: scalar, output: null }
  return { ...interval, input: null, output: scalar === -1 ? null : scalar }
}

function timeOf(word: string | undefined): number | bigint {
  const time = Number(word)
  return Number.isSafeInteger(time) ? time : BigInt(word ?? 0)
}
