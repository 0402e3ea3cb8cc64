import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { History, HistoryEvent } from '../../properties/history.ts'
import type { Transaction } from '../../properties/isolation/table/transaction.ts'
import { transactionsOf } from '../../properties/isolation/table/transactions-of.ts'
import { keyOf, type Value } from '../../properties/value.ts'
import { errorOf, readText } from './testing/read-text.ts'
import { type WrittenFormat, writeHistory } from './write.ts'

const formats: readonly WrittenFormat[] = ['jepsen-edn', 'jepsen-json', 'counterpoint']

describe('writing a history', () => {
  const history: History = [
    { index: 0, process: 0, type: 'invoke', f: 'write', value: 1, time: 1 },
    { index: 1, process: "1'2", type: 'invoke', f: 'cas', value: [9007199254740993n, ':x'], time: 2 },
    { index: 2, process: 0, type: 'info', f: 'write', value: null, time: 3 },
  ]

  it('writes what Jepsen writes', () => {
    expect(writeHistory(history, 'jepsen-edn')).toBe(
      [
        '{:process 0, :type :invoke, :f :write, :value 1, :time 1, :index 0}\n',
        '{:process "1\'2", :type :invoke, :f :cas, :value [9007199254740993 :x], :time 2, :index 1}\n',
        '{:process 0, :type :info, :f :write, :value nil, :time 3, :index 2}\n',
      ].join(''),
    )
    expect(writeHistory(history, 'jepsen-json').split('\n')[1]).toBe(
      '{"process":"1\'2","type":"invoke","f":"cas","value":[9007199254740993,":x"],"time":2,"index":1}',
    )
  })

  it('writes keys as tuples for Jepsen, and as fields in our own format', () => {
    const keyed: History = [{ index: 0, process: 0, type: 'invoke', f: 'read', value: null, key: 'a' }]
    expect(writeHistory(keyed, 'jepsen-edn')).toBe('{:process 0, :type :invoke, :f :read, :value ["a" nil], :index 0}\n')
    expect(writeHistory(keyed, 'counterpoint')).toBe(
      '{"counterpoint": "history", "version": 1, "events": [\n  {"process": 0, "type": "invoke", "f": "read", "value": null, "key": "a"}\n]}\n',
    )
  })

  it.each(formats)('reads back as it was written, in %s', (format) => {
    fc.assert(
      fc.property(histories(format), ({ history, keyed }) => {
        const read = readText(
          writeHistory(history, format),
          history.length === 0 || format === 'counterpoint' ? { format } : { independent: keyed },
        )
        expect(read.format).toBe(format)
        expect(read.history.map(canonical)).toEqual(history.map(canonical))
      }),
      { numRuns: 1500 },
    )
  })

  it('writes the steps of transactions as Elle has them, and other lists as they are', () => {
    const value = [[':r', 1, null], ['append', 'w', 2], ['read', 'x', 3], 'w', []]
    const of = (f: string): History => [{ index: 0, process: 0, type: 'invoke', f, value }]
    expect(writeHistory(of('txn'), 'jepsen-edn')).toContain(':value [[:r 1 nil] [:append "w" 2] ["read" "x" 3] "w" []]')
    expect(writeHistory(of('txn'), 'jepsen-json')).toContain('"value":[["r",1,null],["append","w",2],["read","x",3],"w",[]]')
    expect(writeHistory(of('list'), 'jepsen-edn')).toContain(':value [[:r 1 nil] ["append" "w" 2] ["read" "x" 3] "w" []]')
    expect(writeHistory(of('list'), 'jepsen-json')).toContain('"value":[[":r",1,null],["append","w",2],["read","x",3],"w",[]]')
  })

  it.each(formats)('reads transactions back as they were written, in %s', (format) => {
    const scalar = fc.oneof(fc.integer(), fc.bigInt(), fc.string(), fc.constantFrom(':x', 'r', ':append'))
    const step = fc.oneof(
      fc.tuple(fc.constant('r'), scalar, fc.oneof(fc.constant(null), fc.array(scalar))),
      fc.tuple(fc.constantFrom('append', 'w'), scalar, scalar),
    )
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 4 }), { minLength: 1, maxLength: 6 }), (values) => {
        const history = values.flatMap((value, i): HistoryEvent<Value>[] => [
          { index: 2 * i, process: i, type: 'invoke', f: 'txn', value },
          { index: 2 * i + 1, process: i, type: i % 3 === 0 ? 'info' : 'ok', f: 'txn', value },
        ])
        const read = readText(writeHistory(history, format))
        if (format === 'counterpoint') expect(read.history.map(canonical)).toEqual(history.map(canonical))
        expect([...transactionsOf(read.history)].map(keysOf)).toEqual([...transactionsOf(history)].map(keysOf))
      }),
      { numRuns: 300 },
    )
  })

  it('refuses what a file cannot hold', () => {
    expect(
      errorOf(() => writeHistory([{ index: 4, process: 0, type: 'invoke', f: 'write', value: { a: Number.NaN } }], 'jepsen-edn')),
    ).toBe('not-plain-data event 4: value.a is NaN; histories and specification states hold plain data only')
    const mixed: History = [
      { index: 0, process: 0, type: 'invoke', f: 'read', value: null, key: 1 },
      { index: 1, process: 1, type: 'invoke', f: 'read', value: null },
    ]
    expect(errorOf(() => writeHistory(mixed, 'jepsen-json'))).toMatch(/^history-events event 1 has no key, other than event 0;/)
    expect(readText(writeHistory(mixed, 'counterpoint')).history).toEqual(mixed)
  })
})

function canonical({ index, process, type, f, value, key, time }: HistoryEvent): string {
  return keyOf({ index, process, type, f, value: value as Value, key: key === undefined ? [] : [key], time: time ?? null })
}

function keysOf({ steps, ...rest }: Transaction): unknown {
  return { ...rest, steps: steps.map(({ f, key, value }) => [f, keyOf(key), value === undefined ? null : keyOf(value)]) }
}

interface Step {
  readonly process: number
  readonly completion: 'ok' | 'fail' | 'info'
  readonly f: string
  readonly input: Value
  readonly output: Value
  readonly key: Value
}

/** Well-formed histories: each step calls on a free process or completes what is open on it. */
function histories(format: WrittenFormat): fc.Arbitrary<{ history: History; keyed: boolean }> {
  const value = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Value>(null, true, ':x', ':a/b', 'timed-out', 9007199254740993n, -(2n ** 70n), 2 ** 60, 1e21, 0.1, 'ä🎲\u0000\ud800'),
      fc.integer(),
      fc.bigInt(),
      fc.string({ unit: 'binary' }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
    ),
  })).value
  const step = fc.record<Step>({
    process: fc.nat({ max: 3 }),
    completion: fc.constantFrom('ok', 'fail', 'info'),
    f: fc.oneof(fc.constantFrom('read', 'write', 'push-front', 'a b', 'ä', ':f', '0', 'nil'), fc.string({ minLength: 1 })),
    input: value,
    output: value,
    key: value,
  })
  return fc
    .record({ steps: fc.array(step, { maxLength: 14 }), keyed: fc.boolean(), timed: fc.boolean(), named: fc.boolean() })
    .map((drawn) => {
      const history: HistoryEvent[] = []
      const open = new Map<number, Step>()
      const crashes = new Map<number, number>()
      for (const next of drawn.steps) {
        const called = open.get(next.process)
        const lives = crashes.get(next.process) ?? 0
        const process = drawn.named ? `${next.process}'${lives}` : next.process + 10 * lives
        const { f, input, key } = called ?? next
        const index = history.length
        const keyPart = drawn.keyed ? { key } : {}
        // Jepsen's times count from the first event.
        const timePart = drawn.timed ? { time: index * 7 + (format === 'counterpoint' ? 3 : 0) } : {}
        const type = called === undefined ? 'invoke' : called.completion
        history.push({ index, process, type, f, value: called === undefined ? input : called.output, ...keyPart, ...timePart })
        if (called === undefined) open.set(next.process, next)
        else open.delete(next.process)
        if (type === 'info') crashes.set(next.process, lives + 1)
      }
      return { history, keyed: drawn.keyed }
    })
}
