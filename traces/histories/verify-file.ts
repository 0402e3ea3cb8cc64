/**
 * Judges the history in a file: reads it as its format means it, unless told otherwise, and by the specification that it names or
 * that its operations fit. A file that is too large to hold is judged while it is read.
 */
import { statSync } from 'node:fs'
import type { Decision, Judgement } from '../../properties/decision.ts'
import { HistoryError } from '../../properties/errors.ts'
import type { HistoryEvent } from '../../properties/history.ts'
import type { LevelName } from '../../properties/levels/names.ts'
import { LinearizabilityStream } from '../../properties/linearizability/stream.ts'
import { type Operation, operationsOf, type Reading } from '../../properties/operation.ts'
import type { Spec } from '../../properties/spec.ts'
import { specs } from '../../properties/specs/index.ts'
import { keyOf, type Value } from '../../properties/value.ts'
import { type JudgeOptions, judge } from '../../properties/verify.ts'
import { fileChunks } from './file-chunks.ts'
import type { FormatName } from './formats.ts'
import { isTransaction } from './history-kind.ts'
import { placed } from './placed.ts'
import type { Ties } from './polylin.ts'
import { type OpenHistory, openHistory, type ReadOptions } from './read.ts'
import { watched } from './watched.ts'

export interface VerifyFileOptions extends Omit<JudgeOptions, 'level'>, Partial<ReadOptions> {
  /** Instead of what the file says, or its operations fit. */
  readonly spec?: Spec
  /** `linearizable` by default. */
  readonly levels?: readonly LevelName[]
  /** Instead of what the format means. */
  readonly reading?: Reading
  /** Whether to judge while reading, without holding the history; by default files of 64 MiB and more, for linearizability. */
  readonly stream?: boolean
  /** How much of the file is read, from 0 to 1, and how many events that were. */
  readonly onProgress?: (share: number, events: number) => void
}

export interface FileVerdict {
  readonly file: string
  readonly format: FormatName
  readonly model: string
  /** What it was judged by. */
  readonly spec: Spec
  /** What the history left open, and how it was read. */
  readonly reading: Reading
  /** Of a format that gives intervals: whether those that touch overlap. */
  readonly ties: Ties | null
  readonly independent: boolean | null
  readonly events: number
  /** Events of the nemesis and its like. */
  readonly annotations: number
  readonly judgements: readonly Judgement[]
  /** What was judged; `null` where the history was not held. */
  readonly operations: readonly Operation[] | null
}

const streamedFrom = 64 * 2 ** 20

/**
 * @param path of the file; errors call it by `options.file`, or by its path
 * @throws HistoryError that names the file and the place in it
 */
export function verifyFile(path: string, options: VerifyFileOptions = {}): FileVerdict {
  const { levels = ['linearizable'], onProgress } = options
  const file = options.file ?? path
  let read = 0
  let events = 0
  const size = sizeOf(path)
  const open = openHistory(
    watched(fileChunks(path, file), ({ length }) => {
      read += length
      onProgress?.(size === 0 ? 1 : Math.min(1, read / size), events)
    }),
    { ...options, file },
  )
  const peeked = new Peeked(open.events, () => events++)
  if (!open.timed)
    throw new HistoryError('option', `${file}: has transactions without times; judge it at a level of transactions such as serializable`)
  const spec = options.spec ?? specOf(open, peeked, file)
  const reading = readingOf(open.reading, options, spec)
  const { initial } = reading
  const judged = { ...options, ...(initial === undefined ? {} : { initial }) }
  const whole = whyHeld(levels, reading)
  if (options.stream && whole !== null) throw new HistoryError('option', `${whole}; leave out --stream`)
  const streams = options.stream ?? (size >= streamedFrom && whole === null)
  const again = (): Iterable<HistoryEvent<Value>> => openHistory(fileChunks(path, file), { ...options, file }).events
  const found = placed(file, () => {
    if (!streams) return held(peeked, spec, reading, levels, judged)
    const judgement = streamed(peeked, spec, reading, judged)
    return { judgements: [withEvidence(judgement, again, events, spec, reading, judged)], operations: null }
  })
  const { format, independent, annotations } = open
  const { ties = 'concurrent' } = options
  return {
    file,
    format,
    model: spec.name,
    spec,
    reading,
    ties: format === 'polylin' ? ties : null,
    independent,
    events,
    annotations: annotations.length,
    ...found,
  }
}

/** What the options say, and for the rest what the format means; of failures, operation by operation. */
function readingOf(format: Reading, { reading = {}, initial = reading.initial }: VerifyFileOptions, spec: Spec): Reading {
  const { fail } = reading
  if (typeof fail === 'object') {
    const known = Object.keys(spec.operations)
    const unknown = Object.keys(fail).find((f) => !known.includes(f))
    if (unknown !== undefined)
      throw new HistoryError('option', `--fail ${unknown}: is not an operation of ${spec.name}; it has ${known.join(', ')}`)
  }
  if (reading.nil === 'value' && spec.observers.size === 0)
    throw new HistoryError('option', `--nil value: a nil in the operations of ${spec.name} is always unknown; leave the option out`)
  return {
    ...format,
    ...withoutUndefined(reading),
    ...(typeof fail === 'object' && typeof format.fail === 'object' ? { fail: { ...format.fail, ...fail } } : {}),
    ...(initial === undefined ? {} : { initial }),
  }
}

/** Why a history cannot be judged while it is read; null: it can. */
function whyHeld(levels: readonly LevelName[], { neverWritten }: Reading): string | null {
  const other = levels.find((level) => level !== 'linearizable')
  if (other !== undefined) return `only linearizability is judged while a file is read, and ${other} needs the whole history`
  return neverWritten === 'ignored' ? 'which values are never written can be told from the whole history only' : null
}

function held(
  events: Iterable<HistoryEvent<Value>>,
  spec: Spec,
  reading: Reading,
  levels: readonly LevelName[],
  options: JudgeOptions,
): Pick<FileVerdict, 'judgements' | 'operations'> {
  const operations = operationsOf([...events], spec, reading)
  return { judgements: levels.map((level) => judge(operations, spec, { ...options, level })), operations }
}

function streamed(events: Iterable<HistoryEvent<Value>>, spec: Spec, reading: Reading, { limits = {} }: JudgeOptions): Judgement {
  const started = performance.now()
  const stream = new LinearizabilityStream(spec, { reading, limits })
  for (const event of events) {
    stream.push(event)
    if (stream.decision) break
  }
  const decision: Decision = stream.decision ?? stream.end()
  return {
    model: spec.name,
    level: 'linearizable',
    verdict: decision.verdict,
    operations: stream.operations,
    objects: stream.objects,
    algorithm: decision.algorithm,
    seconds: (performance.now() - started) / 1000,
    ...(stream.key === undefined ? {} : { key: stream.key }),
    decision,
  }
}

/** A beginning of so many events is held to find what matters in it. */
const heldMax = 500_000

/** What is judged while it is read has no evidence but the end; as much of the file as that took is read again. */
function withEvidence(
  judgement: Judgement,
  again: () => Iterable<HistoryEvent<Value>>,
  events: number,
  spec: Spec,
  reading: Reading,
  options: JudgeOptions,
): Judgement {
  const { decision, key } = judgement
  if (decision.verdict !== 'violated' || events > heldMax) return judgement
  const beginning: HistoryEvent<Value>[] = []
  for (const event of again()) {
    beginning.push(event)
    if (beginning.length === events) break
  }
  const about = key === undefined ? null : keyOf(key)
  const operations = operationsOf(beginning, spec, reading)
  const concerned = about === null ? operations : operations.filter((operation) => keyOf(operation.key ?? null) === about)
  const found = judge(concerned, spec, { ...options, level: 'linearizable' })
  if (found.verdict !== 'violated') return judgement
  return { ...judgement, decision: { ...found.decision, algorithm: decision.algorithm } as Decision }
}

/** How many events are looked at to tell what kind of object they are about. */
const peekedMax = 1000

/** Events of which the first can be seen before they are asked for. */
class Peeked implements Iterable<HistoryEvent<Value>> {
  readonly head: HistoryEvent<Value>[] = []
  readonly #rest: Iterator<HistoryEvent<Value>>
  readonly #onEvent: () => void

  constructor(events: Iterable<HistoryEvent<Value>>, onEvent: () => void) {
    this.#rest = events[Symbol.iterator]()
    this.#onEvent = onEvent
  }

  peek(): readonly HistoryEvent<Value>[] {
    while (this.head.length < peekedMax) {
      const next = this.#rest.next()
      if (next.done) break
      this.head.push(next.value)
    }
    return this.head
  }

  *[Symbol.iterator](): Iterator<HistoryEvent<Value>> {
    try {
      for (const event of this.head) {
        this.#onEvent()
        yield event
      }
      for (let next = this.#rest.next(); !next.done; next = this.#rest.next()) {
        this.#onEvent()
        yield next.value
      }
    } finally {
      this.#rest.return?.()
    }
  }
}

/** Where several specifications have the operations of a history, these are what most people mean. */
const preferred = ['register', 'cas-register']

function specOf(open: OpenHistory, events: Peeked, file: string): Spec {
  const said = open.model === null ? undefined : specs.get(open.model)
  if (said) return said
  const names = [...new Set(events.peek().map(({ f }) => f))]
  if (!names.includes('txn') && events.peek().some(({ value }) => isTransaction(value)))
    throw new HistoryError(
      'option',
      `${file}: its values are transactions; judge it at a level of transactions such as serializable, or name the model`,
    )
  const fitting = [...specs.values()].filter((spec) => names.every((f) => Object.hasOwn(spec.operations, f)))
  const chosen = fitting.find(({ name }) => preferred.includes(name)) ?? (fitting.length === 1 ? fitting[0] : undefined)
  if (chosen && names.length > 0) return chosen
  const choice = fitting.length > 1 ? fitting : [...specs.values()]
  const why = names.length === 0 ? 'it has no events' : `its operations are ${names.slice(0, 8).join(', ')}`
  throw new HistoryError(
    'option',
    `${file}: does not say what it is a history of (${why}); name the model: ${choice.map(({ name }) => name).join(', ')}, or a file of your own`,
  )
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function withoutUndefined(reading: Reading): Reading {
  return Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== undefined))
}
