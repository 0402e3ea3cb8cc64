/** Reads recorded histories of any known format; of large files, event by event, as they are asked for. */
import type { History, HistoryEvent } from '../../properties/history.ts'
import type { Reading } from '../../properties/operation.ts'
import type { Value } from '../../properties/value.ts'
import { awditEvents } from './awdit.ts'
import { ClientEvents } from './client-events.ts'
import { counterpointEvents } from './counterpoint.ts'
import { fileChunks } from './file-chunks.ts'
import { type FormatName, formats } from './formats.ts'
import { independentEvents, TupleEvidence } from './independent.ts'
import { jepsenEdnEvents } from './jepsen-edn.ts'
import { jepsenJsonEvents } from './jepsen-json.ts'
import { jepsenLogEvents } from './jepsen-log.ts'
import { limoEvents } from './limo.ts'
import { plumeEvents } from './plume.ts'
import { polylinEvents, type Ties } from './polylin.ts'
import type { RawEvent } from './raw-event.ts'
import { modelIn, type Recognized, recognize, unrecognized } from './recognize.ts'
import { TextSource } from './text-source.ts'
import { nilIsValue } from './write.ts'

export interface ReadOptions {
  /** What errors call the history, usually the name of its file. */
  readonly file: string
  /** Instead of what the file looks like. */
  readonly format?: FormatName
  /** Whether operations given as intervals that touch at a point of time overlap; by default they do. */
  readonly ties?: Ties
  /** Whether values are tuples `[key value]` of several objects; by default the first events decide. */
  readonly independent?: boolean
}

export interface OpenHistory {
  readonly format: FormatName
  /** What the file says that it is a history of, by the name of a specification; `null` where it does not say. */
  readonly model: string | null
  /** How the programs that write this format mean what it leaves open. */
  readonly reading: Reading
  /** Whether the order of events is that of time; else it says nothing of events of two processes. */
  readonly timed: boolean
  /** The clients' events, each checked as it is asked for; can be iterated once. */
  readonly events: Iterable<HistoryEvent<Value>>
  /** Of the nemesis and its like, as far as `events` has come; an index is that of the client event that follows. */
  readonly annotations: readonly HistoryEvent[]
  /** Whether tuples `[key value]` are split into `key` and `value`; `null` in formats that have none. */
  readonly independent: boolean | null
}

export interface ReadHistory extends OpenHistory {
  readonly history: History<Value>
}

/** How much of a file is looked at to tell its format, in characters: at first, and at last. */
const headLength = 1 << 16
const headLengthMax = 1 << 22

/**
 * Opens a history that comes in chunks; reads no more of them than it needs to tell what it is.
 * @throws HistoryError `history-syntax` and `history-events`, also while `events` is iterated: one line with file, line and column
 */
export function openHistory(chunks: Iterable<Uint8Array>, options: ReadOptions): OpenHistory {
  const source = new TextSource(chunks, options.file)
  try {
    return opened(source, options)
  } catch (error) {
    source.close()
    throw error
  }
}

/** Reads a whole history. */
export function readHistory(chunks: Iterable<Uint8Array>, options: ReadOptions): ReadHistory {
  const open = openHistory(chunks, options)
  const history = [...open.events]
  return { ...open, events: history, history }
}

/** Reads a whole file, which errors call by its path unless the options say otherwise; also one packed by gzip. */
export function readHistoryFile(path: string, options: Partial<ReadOptions> = {}): ReadHistory {
  const file = options.file ?? path
  return readHistory(fileChunks(path, file), { ...options, file })
}

function opened(source: TextSource, options: ReadOptions): OpenHistory {
  const { format, model } = told(source, options)
  const isMarked = format === 'jepsen-edn' && source.text.startsWith(nilIsValue)
  const raw = rawEvents(source, format, model, options.ties ?? 'concurrent')
  const { events, independent } = hasTuples(format) ? peeked(raw, options.independent) : { events: raw, independent: null }
  const clients = new ClientEvents(source, { tuples: independent === true, relativeTimes: format !== 'counterpoint' })
  return {
    format,
    model,
    reading: isMarked ? { ...formats[format].reading, nil: 'value' } : formats[format].reading,
    timed: formats[format].timed,
    events: accepted(events, clients, source),
    annotations: clients.annotations,
    independent,
  }
}

/** The format, from as much of the beginning as it takes: logs may begin with pages of noise. */
function told(source: TextSource, { file, format }: ReadOptions): Recognized {
  for (let length = headLength; ; length *= 2) {
    while (source.text.length < length && !source.ended) source.fill()
    const { text, ended } = source
    // A line that the window cuts says nothing.
    const head = ended ? text : text.slice(0, text.lastIndexOf('\n') + 1) || text
    const recognized = format === undefined ? recognize(head, file) : { format, model: modelIn(head, format) }
    if (recognized !== null) return recognized
    if (ended || length >= headLengthMax) throw unrecognized(head, file)
  }
}

function rawEvents(source: TextSource, format: FormatName, model: string | null, ties: Ties): Iterable<RawEvent> {
  switch (format) {
    case 'jepsen-edn':
    case 'porcupine-kv':
      return jepsenEdnEvents(source)
    case 'jepsen-json':
      return jepsenJsonEvents(source)
    case 'jepsen-log':
      return jepsenLogEvents(source)
    case 'limo':
      return limoEvents(source, model)
    case 'polylin':
      return polylinEvents(source, ties)
    case 'plume':
      return plumeEvents(source)
    case 'awdit':
      return awditEvents(source)
    case 'counterpoint':
      return counterpointEvents(source)
  }
}

function hasTuples(format: FormatName): boolean {
  return format === 'jepsen-edn' || format === 'jepsen-json' || format === 'jepsen-log'
}

/** The same events, and whether their values are tuples. */
function peeked(events: Iterable<RawEvent>, chosen: boolean | undefined): { events: Iterable<RawEvent>; independent: boolean } {
  if (chosen !== undefined) return { events, independent: chosen }
  const rest = events[Symbol.iterator]()
  const first: RawEvent[] = []
  const evidence = new TupleEvidence()
  while (evidence.possible && first.length < independentEvents) {
    const { done, value } = rest.next()
    if (done) break
    first.push(value)
    evidence.add(value)
  }
  return { events: joined(first, rest), independent: evidence.tuples }
}

function* joined(first: readonly RawEvent[], rest: Iterator<RawEvent>): Generator<RawEvent, void, undefined> {
  yield* first
  for (let next = rest.next(); !next.done; next = rest.next()) yield next.value
}

function* accepted(events: Iterable<RawEvent>, clients: ClientEvents, source: TextSource): Generator<HistoryEvent<Value>, void, undefined> {
  try {
    for (const raw of events) {
      const event = clients.accept(raw)
      if (event !== null) yield event
    }
  } finally {
    source.close()
  }
}
