/** The formats of recorded histories: their names, how a person knows each, and what each leaves open in its own tradition. */
import type { Reading } from '../../properties/operation.ts'

export type FormatName =
  | 'jepsen-edn'
  | 'jepsen-json'
  | 'jepsen-log'
  | 'porcupine-kv'
  | 'limo'
  | 'polylin'
  | 'plume'
  | 'awdit'
  | 'counterpoint'

export interface Format {
  readonly name: FormatName
  /** What an event looks like in it. */
  readonly looksLike: string
  /** What the programs that write it mean by failures and by nil. */
  readonly reading: Reading
  /** Whether the order of its events is that of time; else only those of one process are in order. */
  readonly timed: boolean
}

/** By name; in the order in which a person is told of them. */
export const formats: Readonly<Record<FormatName, Format>> = {
  'jepsen-edn': {
    name: 'jepsen-edn',
    looksLike: '{:process 0, :type :invoke, :f :write, :value 1}',
    reading: { fail: 'did-not-happen', nil: 'unknown' },
    timed: true,
  },
  'jepsen-json': {
    name: 'jepsen-json',
    looksLike: '{"process": 0, "type": "invoke", "f": "write", "value": 1}',
    reading: { fail: 'did-not-happen', nil: 'unknown' },
    timed: true,
  },
  'jepsen-log': {
    name: 'jepsen-log',
    looksLike: 'INFO  jepsen.util - 0 :invoke :write 1',
    // In these logs a cas that fails has run and found another value; any other failure did not happen.
    reading: { fail: { cas: 'observed' }, nil: 'value' },
    timed: true,
  },
  'porcupine-kv': {
    name: 'porcupine-kv',
    looksLike: '{:process 0, :type :invoke, :f :put, :key "a", :value "x"}',
    reading: { nil: 'value', initial: '' },
    timed: true,
  },
  limo: { name: 'limo', looksLike: '[1] call push(1)', reading: { nil: 'value' }, timed: true },
  polylin: { name: 'polylin', looksLike: 'a line # queue, then enq 1 0 5', reading: { nil: 'value' }, timed: true },
  plume: {
    name: 'plume',
    looksLike: 'r(1,2,3,4), with key, value, session, transaction',
    // What is read before anything is written is 0.
    reading: { nil: 'value', initial: 0 },
    timed: false,
  },
  awdit: {
    name: 'awdit',
    looksLike: 'w 1 2, with ----- between transactions and ===== between sessions',
    reading: { nil: 'value' },
    timed: false,
  },
  counterpoint: {
    name: 'counterpoint',
    looksLike: '{"counterpoint": "history", "version": 1, ...}',
    reading: { nil: 'value' },
    timed: true,
  },
}

/** All formats in one line, each with an example. */
export function listFormats(): string {
  return Object.values(formats)
    .map(({ name, looksLike }) => `${name} (${looksLike})`)
    .join(', ')
}
