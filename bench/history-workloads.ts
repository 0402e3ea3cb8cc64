/**
 * Histories of clients that are always busy: each calls, its operation takes effect on a real object at one moment, and it
 * returns, a random client one step further at a time. They are linearizable by construction, and a seed makes them again.
 * About two thirds of the clients have an operation open at any time, the other third is about to call.
 */
import type { HistoryEvent, Spec, Value } from 'counterpoint/properties'
import { keyValue, queue, register } from 'counterpoint/properties'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export interface HistoryWorkload {
  readonly title: string
  readonly spec: Spec
  /** The largest history that it makes sense with. */
  readonly operationsMax: number
  /** The type has a polynomial monitor for such histories. */
  readonly isMonitored: boolean
  /** A new object and its clients' wishes. */
  readonly start: (random: Random) => LiveObject
}

/** A number from 0 to below a count. */
export type Random = (count: number) => number

export interface Command {
  readonly f: string
  readonly input: Value
  readonly key?: Value
}

/** The object under test. */
export interface LiveObject {
  wish(): Command
  /** Takes effect, and answers what is returned. */
  apply(command: Command): Value
}

export interface HistorySize {
  readonly operations: number
  readonly processes: number
  readonly seed: number
}

const million = 1_000_000

export const historyWorkloads: Readonly<Record<string, HistoryWorkload>> = {
  'register, 5 values': {
    title: 'register, 5 values',
    spec: register as unknown as Spec,
    operationsMax: million,
    isMonitored: false,
    start: (random) => liveRegister(random, () => random(5)),
  },
  'register, unique values': {
    title: 'register, unique values',
    spec: register as unknown as Spec,
    operationsMax: million,
    isMonitored: true,
    start: (random) => liveRegister(random, counter()),
  },
  'map, 10 keys': {
    title: 'map, 10 keys, 5 values',
    spec: keyValue as unknown as Spec,
    operationsMax: million,
    isMonitored: false,
    start: (random) => liveMap(random, 10),
  },
  'map, 1000 keys': {
    title: 'map, 1,000 keys, 5 values',
    spec: keyValue as unknown as Spec,
    operationsMax: million,
    isMonitored: false,
    start: (random) => liveMap(random, 1000),
  },
  'queue, unique values': {
    title: 'queue, unique values',
    spec: queue as unknown as Spec,
    operationsMax: million,
    isMonitored: true,
    start: (random) => liveQueue(random, counter()),
  },
  'queue, 3 values': {
    title: 'queue, 3 values',
    spec: queue as unknown as Spec,
    operationsMax: 10_000,
    isMonitored: false,
    start: (random) => liveQueue(random, () => random(3)),
  },
}

/** The events of a history, one after the other. */
export function* historyEvents(workload: HistoryWorkload, { operations, processes, seed }: HistorySize): Generator<HistoryEvent<Value>> {
  const generator = xoroshiro128plus(seed)
  const random: Random = (count) => uniformInt(generator, 0, count - 1)
  const object = workload.start(random)
  const commands: Command[] = []
  const results: Value[] = []
  const phases = new Uint8Array(processes)
  let called = 0
  let returned = 0
  for (let index = 0; returned < operations; ) {
    const process = random(processes)
    const command = commands[process]
    if (phases[process] === idle) {
      if (called === operations) continue
      called++
      const next = object.wish()
      commands[process] = next
      phases[process] = running
      yield eventOf(index++, process, 'invoke', next, next.input)
    } else if (command !== undefined && phases[process] === running) {
      results[process] = object.apply(command)
      phases[process] = effected
    } else if (command !== undefined) {
      returned++
      phases[process] = idle
      yield eventOf(index++, process, 'ok', command, results[process] ?? null)
    }
  }
}

const idle = 0
const running = 1
const effected = 2

function eventOf(index: number, process: number, type: 'invoke' | 'ok', { f, key }: Command, value: Value): HistoryEvent<Value> {
  return key === undefined ? { index, process, type, f, value } : { index, process, type, f, value, key }
}

/** Half of its operations read. */
function liveRegister(random: Random, nextValue: () => Value): LiveObject {
  let value: Value = null
  return {
    wish: () => (random(2) === 0 ? { f: 'read', input: null } : { f: 'write', input: nextValue() }),
    apply: ({ f, input }) => {
      if (f === 'write') value = input
      return f === 'read' ? value : input
    },
  }
}

/** Half of its operations read; the keys are chosen alike. */
function liveMap(random: Random, keys: number): LiveObject {
  const values = new Map<Value, Value>()
  return {
    wish: () => {
      const key = `k${random(keys)}`
      return random(2) === 0 ? { f: 'get', input: null, key } : { f: 'put', input: random(5), key }
    },
    apply: ({ f, input, key = null }) => {
      if (f === 'put') values.set(key, input)
      return f === 'get' ? (values.get(key) ?? null) : input
    },
  }
}

/** As many removals as insertions, but more removals where it holds more than twenty items. */
function liveQueue(random: Random, nextValue: () => Value): LiveObject {
  const items: Value[] = []
  let head = 0
  return {
    wish: () => {
      const isLong = items.length - head > 20
      return random(isLong ? 4 : 2) === 0 ? { f: 'enqueue', input: nextValue() } : { f: 'dequeue', input: null }
    },
    apply: ({ f, input }) => {
      if (f === 'enqueue') {
        items.push(input)
        return input
      }
      return head < items.length ? (items[head++] ?? null) : null
    },
  }
}

function counter(): () => number {
  let last = 0
  return () => ++last
}
