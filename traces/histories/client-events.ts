/**
 * From raw events to a history: names and types are checked, indexes and times made relative, and every call is paired with
 * its return, so that whoever reads the history later can rely on its being one that clients can have produced.
 */
import type { HistoryEvent } from '../../properties/history.ts'
import { equal, isList, showValue, type Value } from '../../properties/value.ts'
import { isNemesis, isTuple } from './independent.ts'
import type { RawEvent } from './raw-event.ts'
import { quoted, type TextSource } from './text-source.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Type = HistoryEvent['type']

/** A process, with its last call. */
interface Client {
  state: 'open' | 'closed' | 'crashed'
  f: string
  key: Value | undefined
  /** The lines of the call and of its return. */
  line: number
  endLine: number
  time: number
}

/** Clients that are remembered at least; closed ones beyond that are forgotten, so that memory stays bounded. */
const clientsKept = 1 << 16

export interface ClientEventOptions {
  /** Values are tuples `[key value]`. */
  readonly tuples: boolean
  /** Times count from the first event, instead of being as given. */
  readonly relativeTimes: boolean
}

export class ClientEvents {
  /** What was no client's: the nemesis and its like; with the index of the client event that follows. */
  readonly annotations: HistoryEvent[] = []
  readonly #source: TextSource
  readonly #options: ClientEventOptions
  readonly #clients = new Map<number | string, Client>()
  /** One string for each name, so that none keeps the text alive that it was cut from. */
  readonly #names = new Map<string, string>()
  #sweepAt = clientsKept
  #index = 0
  #firstTime: number | bigint | undefined
  /** Whether events say which process they are of; undefined before the first. */
  #named: boolean | undefined
  /** The process of events that do not say. */
  #unnamed = 0

  constructor(source: TextSource, options: ClientEventOptions) {
    this.#source = source
    this.#options = options
  }

  /**
   * The event, checked; `null` for an annotation.
   * @throws HistoryError `history-syntax` for an event that is none, `history-events` for one that cannot follow those before it
   */
  accept(raw: RawEvent): HistoryEvent<Value> | null {
    const time = this.#timeOf(raw)
    if (isNemesis(raw.process)) return this.#annotate(raw, 'nemesis', time)
    const type = this.#typeOf(raw)
    const process = this.#processOf(raw, type)
    const client = this.#clients.get(process)
    if (type === 'info' && client === undefined && (typeof process === 'string' || process < 0)) return this.#annotate(raw, process, time)
    const event = type === 'invoke' ? this.#invocation(raw, process, client) : this.#completion(raw, type, process, client)
    if (time !== undefined) {
      const clock = this.#clients.get(process) as Client
      if (time < clock.time)
        throw this.#impossible(raw, `process ${process} goes back in time, by ${clock.time - time} ns; put its events in the order of time`)
      clock.time = time
      event.time = time
    }
    return event
  }

  #invocation(raw: RawEvent, process: number | string, client: Client | undefined): Mutable<HistoryEvent<Value>> {
    const { line } = raw
    const f = this.#calledF(raw)
    if (client !== undefined && client.state !== 'closed') throw this.#occupied(raw, f, process, client)
    let key = raw.key
    let value = raw.value ?? null
    if (this.#options.tuples) {
      if (!isTuple(value))
        throw this.#noTuple(raw, `the value ${showValue(value, 40)}, expected a tuple [key value] as in the events before`)
      key = value[0]
      value = value[1]
    }
    if (client === undefined) {
      this.#clients.set(process, { state: 'open', f, key, line, endLine: 0, time: Number.NEGATIVE_INFINITY })
      if (this.#clients.size > this.#sweepAt) this.#sweep()
    } else {
      client.state = 'open'
      client.f = f
      client.key = key
      client.line = line
    }
    const event: Mutable<HistoryEvent<Value>> = { index: this.#index++, process, type: 'invoke', f, value }
    if (key !== undefined) event.key = key
    return event
  }

  #completion(raw: RawEvent, type: Type, process: number | string, client: Client | undefined): Mutable<HistoryEvent<Value>> {
    if (client === undefined || client.state !== 'open') throw this.#unasked(raw, type, process, client)
    const f = raw.f ?? client.f
    if (f !== client.f)
      throw this.#impossible(
        raw,
        `process ${process} returns ${type} of ${name(f)}, but what it has open is its ${client.f} (line ${client.line}); a return names the operation of its call`,
      )
    let value = raw.value ?? null
    const { key } = client
    if (this.#options.tuples) {
      if (isTuple(value)) {
        if (!equal(key, value[0]))
          throw this.#noTuple(
            raw,
            `the key ${showValue(value[0], 40)}, expected ${showValue(key, 40)} as in its call (line ${client.line})`,
          )
        value = value[1]
      } else if (type === 'ok') {
        throw this.#noTuple(raw, `the value ${showValue(value, 40)}, expected a tuple [key value] as in the events before`)
      }
    } else if (raw.key !== undefined && raw.key !== key && !equal(raw.key, key ?? null)) {
      throw this.#impossible(
        raw,
        `the ${f} of process ${process} returns with key ${showValue(raw.key, 40)}, expected ${key === undefined ? 'none' : showValue(key, 40)} as in its call (line ${client.line}); a return has the key of its call`,
      )
    }
    client.state = type === 'info' ? 'crashed' : 'closed'
    client.endLine = raw.line
    const event: Mutable<HistoryEvent<Value>> = { index: this.#index++, process, type, f: client.f, value }
    if (key !== undefined) event.key = key
    return event
  }

  #annotate(raw: RawEvent, process: number | string, time: number | undefined): null {
    const f = typeof raw.f === 'string' ? raw.f : ''
    const event: Mutable<HistoryEvent> = { index: this.#index, process, type: 'info', f, value: raw.value ?? null }
    if (time !== undefined) event.time = time
    this.annotations.push(event)
    return null
  }

  /** Elle's own histories do not say that a transaction is one. */
  #calledF(raw: RawEvent): string {
    const { f } = raw
    if (typeof f === 'string' && f !== '') return this.#nameOf(f)
    if (f === undefined && isTransaction(raw.value)) return 'txn'
    throw this.#malformed(
      raw,
      `found ${f === undefined ? 'a call without f' : `the f ${showValue(f, 40)}`}, expected the name of an operation such as read; give it one`,
    )
  }

  #nameOf(f: string): string {
    const known = this.#names.get(f)
    if (known === undefined) this.#names.set(f, f)
    return known ?? f
  }

  #typeOf(raw: RawEvent): Type {
    const { type } = raw
    switch (type) {
      case 'invoke':
      case 'ok':
      case 'fail':
      case 'info':
        return type
      case undefined:
        throw this.#malformed(raw, 'found an event without a type, expected invoke, ok, fail or info; give it one')
      default:
        throw this.#malformed(raw, `found the type ${name(type)}, expected invoke, ok, fail or info; correct it`)
    }
  }

  #processOf(raw: RawEvent, type: Type): number | string {
    const process = raw.process ?? undefined
    this.#named ??= process !== undefined
    if (this.#named !== (process !== undefined))
      throw this.#malformed(
        raw,
        `found an event with${this.#named ? 'out' : ''} a process after others with${this.#named ? '' : 'out'}; give every event its process`,
      )
    if (process === undefined) return this.#unnamedProcess(raw, type)
    if (typeof process === 'string' && process !== '') return process
    if (typeof process === 'number' && Number.isInteger(process)) return process
    if (typeof process === 'bigint') return process.toString()
    throw this.#malformed(raw, `found the process ${showValue(process, 40)}, expected an integer or a name; correct it`)
  }

  /** Where no event says its process, calls and returns that alternate are one after another, of one client. */
  #unnamedProcess(raw: RawEvent, type: Type): number {
    if (type !== 'invoke') return this.#unnamed
    const client = this.#clients.get(this.#unnamed)
    if (client?.state === 'open')
      throw this.#malformed(
        raw,
        `found an event without a process, called while the ${client.f} of line ${client.line} is open; give every event its process`,
      )
    return client?.state === 'crashed' ? ++this.#unnamed : this.#unnamed
  }

  #timeOf(raw: RawEvent): number | undefined {
    const time = raw.time ?? undefined
    if (time === undefined) return undefined
    if (typeof time !== 'number' && typeof time !== 'bigint')
      throw this.#malformed(raw, `found the time ${showValue(time, 40)}, expected nanoseconds as a number; correct it`)
    if (!this.#options.relativeTimes) return Number(time)
    this.#firstTime ??= time
    const first = this.#firstTime
    if (typeof time === 'number' && typeof first === 'number') return time - first
    return isWhole(time) && isWhole(first) ? Number(BigInt(time) - BigInt(first)) : Number(time) - Number(first)
  }

  /** Forgets closed clients: of histories with a process an operation, only those that can still matter are kept. */
  #sweep(): void {
    for (const [process, { state }] of this.#clients) if (state === 'closed') this.#clients.delete(process)
    this.#sweepAt = Math.max(clientsKept, 2 * this.#clients.size)
  }

  #occupied(raw: RawEvent, f: string, process: number | string, client: Client): Error {
    const problem =
      client.state === 'crashed'
        ? `crashed; a process invokes nothing after info, so give this operation a fresh one`
        : `is still open; put its return before this call, or give this operation a process of its own`
    return this.#impossible(raw, `process ${process} invokes ${f}, but its ${client.f} (line ${client.line}) ${problem}`)
  }

  #unasked(raw: RawEvent, type: Type, process: number | string, client: Client | undefined): Error {
    const what = raw.f === undefined ? type : `${type} of ${name(raw.f)}`
    return this.#impossible(
      raw,
      client === undefined
        ? `process ${process} returns ${what}, but it has called nothing; put the call before it, or remove this event`
        : `process ${process} returns ${what}, but its ${client.f} (line ${client.line}) has returned already (line ${client.endLine}); remove one of the two returns`,
    )
  }

  #noTuple(raw: RawEvent, found: string): Error {
    return this.#impossible(raw, `found ${found}; pass --no-independent if the values of this history are no tuples`)
  }

  #malformed(raw: RawEvent, message: string): Error {
    return this.#source.refuse(raw.line, raw.column, message)
  }

  #impossible(raw: RawEvent, message: string): Error {
    return this.#source.refuse(raw.line, raw.column, message, 'history-events')
  }
}

function name(value: Value | undefined): string {
  return typeof value === 'string' ? quoted(value) : showValue(value, 40)
}

function isTransaction(value: Value | undefined): boolean {
  return isList(value) && value.length > 0 && value.every((step) => isList(step))
}

function isWhole(time: number | bigint): boolean {
  return typeof time === 'bigint' || Number.isInteger(time)
}
