import { describe, expect, it } from 'vitest'
import { errorOf, readText, shortly } from './testing/read-text.ts'

const edn = (...events: string[]): string =>
  events
    .map((event) => {
      const [process, type, f, ...value] = event.split(' ')
      return `{:process ${process} :type :${type} :f :${f} :value ${value.join(' ')}}`
    })
    .join('\n')

describe('tuples [key value]', () => {
  it('are split where reads of a key show what they are', () => {
    const { history, independent } = readText(
      edn(
        '0 invoke write [7 1]',
        '1 invoke read [8 nil]',
        '0 ok write [7 1]',
        '1 ok read [8 2]',
        '0 invoke cas [7 [1 2]]',
        '0 info cas :timed-out',
      ),
    )
    expect(independent).toBe(true)
    expect(shortly(history)).toEqual([
      '0 invoke write 1 of 7',
      '1 invoke read null of 8',
      '0 ok write 1 of 7',
      '1 ok read 2 of 8',
      '0 invoke cas [1,2] of 7',
      '0 info cas ":timed-out" of 7',
    ])
  })

  it('are split in JSON and in logs too, and beside a nemesis', () => {
    const json =
      '{"process":0,"type":"invoke","f":"read","value":["a",null]}\n{"process":"nemesis","type":"info","f":"start","value":3}\n{"process":0,"type":"ok","f":"read","value":["a",1]}'
    expect(shortly(readText(json).history)).toEqual(['0 invoke read null of "a"', '0 ok read 1 of "a"'])
    const log = 'jepsen.util - 0\t:invoke\t:cas\t[:x [1 2]]\njepsen.util - 0\t:ok\t:cas\t[:x [1 2]]\n'
    expect(shortly(readText(log).history)).toEqual(['0 invoke cas [1,2] of ":x"', '0 ok cas [1,2] of ":x"'])
  })

  it.each<[string, string[]]>([
    ['the arguments of compare-and-set', ['0 invoke cas [1 2]', '0 ok cas [1 2]']],
    ['compare-and-set beside reads of nothing', ['0 invoke cas [1 2]', '1 invoke read nil', '0 ok cas [1 2]', '1 ok read 2']],
    ['lists that a set returns', ['0 invoke read nil', '0 ok read [1 2]']],
    ['a key that changes on the way', ['0 invoke read [1 nil]', '0 ok read [2 nil]']],
    ['a single event', ['0 invoke read [1 nil]']],
    ['two writes of a transaction', ['0 invoke txn [[:w :x 1] [:w :y 1]]', '0 ok txn [[:w :x 1] [:w :y 1]]']],
    ['transactions', ['0 invoke txn [[:r :x nil] [:w :y 1]]', '0 ok txn [[:r :x 1] [:w :y 1]]']],
  ])('are not what %s are', (_, events) => {
    const { history, independent } = readText(edn(...events))
    expect(independent).toBe(false)
    expect(history.every(({ key }) => key === undefined)).toBe(true)
  })

  it('are split or left as they are where the options say so', () => {
    const cas = edn('0 invoke cas [1 2]', '0 ok cas [1 2]')
    expect(shortly(readText(cas, { independent: true }).history)).toEqual(['0 invoke cas 2 of 1', '0 ok cas 2 of 1'])
    const keyed = edn('0 invoke read [1 nil]', '0 ok read [1 2]')
    expect(shortly(readText(keyed, { independent: false }).history)).toEqual(['0 invoke read [1,null]', '0 ok read [1,2]'])
  })

  it('are not a question in formats without them', () => {
    expect(readText('# queue\nenq 1 0 5\n').independent).toBeNull()
  })

  it.each([
    ['0 invoke write 3', 'found the value 3, expected a tuple [key value] as in the events before'],
    ['1 ok read [8 3]', 'found the key 8, expected 7 as in its call (line 1)'],
    ['1 ok read 3', 'found the value 3, expected a tuple [key value] as in the events before'],
  ])('that do not go on with %s are an error that names the line and the option', (event, message) => {
    const tuples = Array.from({ length: 1200 }, (_, i) => `${2 + (i >> 1)} ${i % 2 ? 'ok' : 'invoke'} read [7 nil]`)
    expect(errorOf(() => readText(edn('1 invoke read [7 nil]', ...tuples, event)))).toBe(
      `history-events h:1202:1: ${message}; pass --no-independent if the values of this history are no tuples`,
    )
  })
})
