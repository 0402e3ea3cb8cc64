import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../../properties/history.ts'
import type { FormatName } from './formats.ts'
import { openHistory, readHistory } from './read.ts'
import { errorOf, readText, shortly } from './testing/read-text.ts'

/** One small history of each format, with characters of several bytes and lines that are no events. */
const samples: Record<string, { format: FormatName; model: string | null; text: string; events: string[] }> = {
  'EDN, one map a line': {
    format: 'jepsen-edn',
    model: null,
    text: [
      '; ä comment 🎲',
      '{:process 0, :type :invoke, :f :write, :value "ä🎲", :time 1000, :index 4}',
      '{:process :nemesis, :type :info, :f :start, :time 1100, :value nil}',
      '#jepsen.history.Op{:index 9, :time 1200, :type :ok, :process 0, :f :write, :value "ä🎲", :error nil}',
      '#_{:never "read"}',
      '{:type :invoke :f :read :process 1 :value #{:a 9007199254740993}}',
    ].join('\r\n'),
    events: ['0 invoke write "ä🎲" at 0', '0 ok write "ä🎲" at 200', '1 invoke read [":a",9007199254740993]'],
  },
  'EDN, one vector': {
    format: 'jepsen-edn',
    model: null,
    text: ' ;c\n[{:type :invoke,\n  :f :read,\n  :process 3}\n {:type :ok, :f :read, :process 3, :value nil},\n ; end\n] ; after',
    events: ['3 invoke read null', '3 ok read null'],
  },
  'EDN, one list': {
    format: 'jepsen-edn',
    model: null,
    text: '({:type :invoke, :f :read, :process 3})',
    events: ['3 invoke read null'],
  },
  'EDN, a vector of tuples': {
    format: 'jepsen-edn',
    model: null,
    text: '[[0 :invoke :write 1]\n [0 :ok :write 1]]',
    events: ['0 invoke write 1', '0 ok write 1'],
  },
  'EDN, one tuple a line': {
    format: 'jepsen-edn',
    model: null,
    text: '[0 :invoke :cas [1 2]]\n[0 :fail :cas [1 2]]\n',
    events: ['0 invoke cas [1,2]', '0 fail cas [1,2]'],
  },
  'EDN without events': { format: 'jepsen-edn', model: null, text: '[]', events: [] },
  'JSON, one array': {
    format: 'jepsen-json',
    model: null,
    text: '[{"type": "invoke", "f": "read", "process": "ä", "time": 5},\n {"type": "info", "f": "read", "process": "ä", "value": {"a": [null, "🎲"]}}]\n',
    events: ['ä invoke read null at 0', 'ä info read {"a":[null,"🎲"]}'],
  },
  'JSON, one object a line': {
    format: 'jepsen-json',
    model: null,
    text: '\ufeff{"process":0,"type":"invoke","f":"add","value":9007199254740993}\n{"process":0,"type":"ok","f":"add","value":9007199254740993}',
    events: ['0 invoke add 9007199254740993', '0 ok add 9007199254740993'],
  },
  'a log of Jepsen': {
    format: 'jepsen-log',
    model: 'cas-register',
    text: [
      'INFO  jepsen.core - Starting ä',
      'INFO  jepsen.util - 3\t:invoke\t:write\t4',
      '2020-01-01 00:00:00 INFO [jepsen worker 1] jepsen.util: 1\t:invoke\t:cas\t[0 4]',
      'INFO  jepsen.util - :nemesis\t:info\t:start\tCut off [:n1 -> #{:n2}]',
      'INFO  jepsen.util - 3\t:ok\t:write\t4',
      'INFO  jepsen.util - 1\t:info\t:cas\t:timed-out',
    ].join('\n'),
    events: ['3 invoke write 4', '1 invoke cas [0,4]', '3 ok write 4', '1 info cas ":timed-out"'],
  },
  'the history.txt of Jepsen': {
    format: 'jepsen-log',
    model: 'cas-register',
    text: '0\t:invoke\t:read\tnil\n0\t:fail\t:read\tnil\t:timed-out\n',
    events: ['0 invoke read null', '0 fail read null'],
  },
  'a log of Porcupine': {
    format: 'porcupine-kv',
    model: 'key-value',
    text: '{:process 0, :type :invoke, :f :append, :key "ä", :value "x"}\n{:process 0, :type :ok, :f :append, :key "ä", :value "x"}\n',
    events: ['0 invoke append "x" of "ä"', '0 ok append "x" of "ä"'],
  },
  LiMo: {
    format: 'limo',
    model: 'stack',
    text: '# @object atomic-stack\n\n  [1] call push(ä🎲)\n[2] call pop\n[2] return empty\n [1] return\n[2] call pop()\n[2] return ä🎲\n',
    events: ['1 invoke push "ä🎲"', '2 invoke pop null', '2 ok pop null', '1 ok push null', '2 invoke pop null', '2 ok pop "ä🎲"'],
  },
  PolyLin: {
    format: 'polylin',
    model: 'queue',
    text: '# queue\nenq 1 0 5\ndeq -1 1 2\ndeq 1 6 7',
    events: [
      '0 invoke enqueue 1',
      '1 invoke dequeue null',
      '1 ok dequeue null',
      '0 ok enqueue null',
      '0 invoke dequeue null',
      '0 ok dequeue 1',
    ],
  },
  Plume: {
    format: 'plume',
    model: 'rw-register',
    text: 'w(1,1152921504606846977,-1,5)\nr(1,1152921504606846977,-1,5)\n\nr(2,0,18446744073709551615,5)\nr(1,3,-1,7)\n',
    events: [
      '-1 invoke txn [["w",1,"1152921504606846977"],["r",1,null]]',
      '-1 ok txn [["w",1,"1152921504606846977"],["r",1,"1152921504606846977"]]',
      '-1 invoke txn [["r",1,null]]',
      '-1 ok txn [["r",1,3]]',
      '18446744073709551615 invoke txn [["r",2,null]]',
      '18446744073709551615 ok txn [["r",2,0]]',
    ],
  },
  AWDIT: {
    format: 'awdit',
    model: 'rw-register',
    text: '# ä\nw 1 0\r\nr 1 0\n-----\nr 2 -3\n=====\nr 1152921504606846977 0',
    events: [
      '0 invoke txn [["w",1,0],["r",1,null]]',
      '0 ok txn [["w",1,0],["r",1,0]]',
      '0 invoke txn [["r",2,null]]',
      '0 ok txn [["r",2,-3]]',
      '1 invoke txn [["r","1152921504606846977",null]]',
      '1 ok txn [["r","1152921504606846977",0]]',
    ],
  },
  Counterpoint: {
    format: 'counterpoint',
    model: null,
    text: '{"counterpoint": "history", "version": 1, "events": [\n {"process": "ä", "type": "invoke", "f": "read", "value": null, "key": "🎲", "time": 7}]}\n',
    events: ['ä invoke read null of "🎲" at 7'],
  },
}

describe.each(Object.entries(samples))('%s', (_, { format, model, text, events }) => {
  // JSON has no bigints.
  const plain = (history: readonly HistoryEvent[]): string[] =>
    shortly(history.map((event) => JSON.parse(withNumbers(event)) as HistoryEvent))
  const withNumbers = (event: HistoryEvent): string =>
    JSON.stringify(event, (_name, value: unknown) => (typeof value === 'bigint' ? `big ${value}` : value)).replace(/"big (\d+)"/g, '"$1"')
  const expected = events.map((event) => event.replace('9007199254740993', '"9007199254740993"'))

  it('is recognized and read', () => {
    const read = readText(text)
    expect(read.format).toBe(format)
    expect(read.model).toBe(model)
    expect(plain(read.history)).toEqual(expected)
    expect(read.history.map(({ index }) => index)).toEqual(events.map((_event, index) => index))
  })

  it('reads the same when its format is named', () => {
    const { history, model: told } = readText(text, { format })
    expect(plain(history)).toEqual(expected)
    expect(told).toBe(model)
  })

  it('reads the same wherever the chunks are cut', () => {
    const bytes = Buffer.from(text)
    for (let at = 1; at < bytes.length; at++)
      expect(
        plain(readHistory([bytes.subarray(0, at), new Uint8Array(), bytes.subarray(at)], { file: 'h' }).history),
        `cut at ${at}`,
      ).toEqual(expected)
  })

  it('reads the same beyond the part that is looked at first, in chunks of any size', () => {
    const padding = `${format === 'polylin' || format === 'limo' || format === 'jepsen-log' ? '\n' : ' '.repeat(7)}`.repeat(20_000)
    const bytes = Buffer.from(format === 'jepsen-edn' || format.endsWith('json') ? text.replace(/\n/, `\n${padding}`) : text + padding)
    for (const size of [1, 4099]) expect(plain(readHistory(cut(bytes, size), { file: 'h' }).history), `chunks of ${size}`).toEqual(expected)
  })
})

describe('a file that is no history', () => {
  const list = 'jepsen-edn ({:process 0, :type :invoke, :f :write, :value 1}), jepsen-json ('
  it.each([
    ['', `h:1:1: the file is empty, expected a history; the formats are ${list}`],
    [' \n\n', `h:1:1: the file is empty, expected a history; the formats are ${list}`],
    ['what is this?\n', `h:1:1: its format cannot be told, expected one of ${list}`],
    [
      '{\n  "schema": 1,\n  "model": "raft",\n  "steps": []\n}',
      'h:1:1: this is a trace of a model, not a recorded history; show it with counterpoint show',
    ],
  ])('%j is refused in one line', (text, message) => {
    const error = errorOf(() => readText(text))
    expect(error).toContain(`history-syntax ${message}`)
    expect(error).not.toContain('\n')
  })
})

describe('the order of events', () => {
  it('is that of time but in formats that say no times', () => {
    const timed = Object.values(samples).map(({ format, text }) => [format, readText(text).timed])
    expect(timed.filter(([, isTimed]) => isTimed === false).map(([format]) => format)).toEqual(['plume', 'awdit'])
    expect(timed.length).toBeGreaterThan(10)
  })
})

describe('a log that begins with pages of noise', () => {
  it('is recognized by its first event', () => {
    const noise = '-----\nINFO  jepsen.core - installing\n'.repeat(10_000)
    expect(shortly(readText(`${noise}INFO  jepsen.util - 0\t:invoke\t:read\tnil\n`).history)).toEqual(['0 invoke read null'])
  })
})

describe('the source of a history', () => {
  it.each([
    ['is not read on', '{:process 0 :type :invoke :f :read}\n'.repeat(3)],
    ['has an error', '{:process 0 :type :wrong :f :read}\n'],
    ['is of no format', '???\n'],
  ])('is closed where the history %s', (_, text) => {
    let isClosed = false
    function* chunks(): Generator<Uint8Array> {
      try {
        for (;;) yield Buffer.from(text.repeat(2000))
      } finally {
        isClosed = true
      }
    }
    errorOf(() => {
      for (const _event of openHistory(chunks(), { file: 'h' }).events) break
    })
    expect(isClosed).toBe(true)
  })
})

describe('a large file', () => {
  it('of JSON lines with a broken one is not read to its end', () => {
    let produced = 0
    function* chunks(): Generator<Uint8Array> {
      const lines = '{"process":0,"type":"invoke","f":"read"}\n{"process":0,"type":"ok","f":"read"}\n'.repeat(2000)
      for (; produced < 50; produced++) yield Buffer.from(produced === 10 ? `{"process":0,"type":"invoke"\n${lines}` : lines)
    }
    expect(errorOf(() => readHistory(chunks(), { file: 'h' }))).toBe('history-syntax h:40002:1: found {, expected } or ,')
    expect(produced).toBeLessThan(15)
  })

  const lines: Record<string, (i: number) => string> = {
    'EDN lines': (i) => `{:process ${(i >> 1) % 9}, :type :${i % 2 ? 'ok' : 'invoke'}, :f :write, :value ${i >> 1}, :time ${i}}\n`,
    'an EDN vector': (i) =>
      `${i === 0 ? '[' : ' '}{:process ${(i >> 1) % 9}, :type :${i % 2 ? 'ok' : 'invoke'}, :f :write, :value ${i >> 1}}\n`,
    'JSON lines': (i) => `{"process":${(i >> 1) % 9},"type":"${i % 2 ? 'ok' : 'invoke'}","f":"write","value":${i >> 1}}\n`,
    'a JSON array': (i) =>
      `${i === 0 ? '[' : ','}{"process":${(i >> 1) % 9},"type":"${i % 2 ? 'ok' : 'invoke'}","f":"write","value":${i >> 1}}`,
    'a log': (i) => `INFO  jepsen.util - ${(i >> 1) % 9}\t:${i % 2 ? 'ok' : 'invoke'}\t:write\t${i >> 1}\n`,
    LiMo: (i) => `[${i >> 1}] ${i % 2 ? 'return' : `call push(${i >> 1})`}\n`,
  }

  it.each(Object.keys(lines))('of %s is read in little memory', (kind) => {
    const line = lines[kind] as (i: number) => string
    const chunkEvents = 10_000
    const chunksMax = 60
    let produced = 0
    function* chunks(): Generator<Uint8Array> {
      for (; produced < chunksMax; produced++) {
        const first = produced * chunkEvents
        yield Buffer.from(Array.from({ length: chunkEvents }, (_, i) => line(first + i)).join(''))
      }
      if (kind.startsWith('a')) yield Buffer.from(kind.endsWith('log') ? '' : ']')
    }
    const { events } = openHistory(chunks(), { file: 'h' })
    // What is looked at first is a small part.
    expect(produced).toBeLessThan(5)
    const before = process.memoryUsage().heapUsed
    let count = 0
    let heapMax = 0
    for (const event of events) {
      if (count % 2 === 0 && (event.value as number) !== count / 2) throw new Error(`event ${count} has value ${event.value}`)
      if (++count % 20_000 === 0) heapMax = Math.max(heapMax, process.memoryUsage().heapUsed)
      if (count % chunkEvents === 1) expect(produced - count / chunkEvents).toBeLessThan(5)
    }
    expect(count).toBe(chunkEvents * chunksMax)
    expect(heapMax - before).toBeLessThan(150e6)
  })
})

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
