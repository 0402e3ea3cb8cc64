/** The formats of recorded histories: their names, how a person knows each, and what each leaves open in its own tradition. */
import type { Reading } from '../../properties/operation.ts'

export type FormatName = 'jepsen-edn' | 'jepsen-json' | 'jepsen-log' | 'porcupine-kv' | 'limo' | 'polylin' | 'counterpoint'

export interface Format {
  readonly name: FormatName
  /** What an event looks like in it. */
  readonly looksLike: string
  /** What the programs that write it mean by failures and by nil. */
  readonly reading: Reading
}

/** By name; in the order in which a person is told of them. */
export const formats: Readonly<Record<FormatName, Format>> = {
  'jepsen-edn': {
    name: 'jepsen-edn',
    looksLike: '{:process 0, :type :invoke, :f :write, :value 1}',
    reading: { fail: 'did-not-happen', nil: 'unknown' },
  },
  'jepsen-json': {
    name: 'jepsen-json',
    looksLike: '{"process": 0, "type": "invoke", "f": "write", "value": 1}',
    reading: { fail: 'did-not-happen', nil: 'unknown' },
  },
  'jepsen-log': {
    name: 'jepsen-log',
    looksLike: 'INFO  jepsen.util - 0 :invoke :write 1',
    // In these logs a cas that fails has run and found another value; any other failure did not happen.
    reading: { fail: { cas: 'observed' }, nil: 'value' },
  },
  'porcupine-kv': {
    name: 'porcupine-kv',
    looksLike: '{:process 0, :type :invoke, :f :put, :key "a", :value "x"}',
    reading: { nil: 'value', initial: '' },
  },
  limo: { name: 'limo', looksLike: '[1] call push(1)', reading: { nil: 'value' } },
  polylin: { name: 'polylin', looksLike: 'a line # queue, then enq 1 0 5', reading: { nil: 'value' } },
  counterpoint: { name: 'counterpoint', looksLike: '{"counterpoint": "history", "version": 1, ...}', reading: { nil: 'value' } },
}

/** All formats in one line, each with an example. */
export function listFormats(): string {
  return Object.values(formats)
    .map(({ name, looksLike }) => `${name} (${looksLike})`)
    .join(', ')
}
