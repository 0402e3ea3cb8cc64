import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf, type Value } from '../../properties/value.ts'
import { JsonReader, parseJson } from './json.ts'
import { errorOf } from './testing/read-text.ts'
import { TextSource } from './text-source.ts'

/** JSON.parse rounds these. */
const longInteger = /(?<![.\d])\d{16,}/

describe('the JSON reader', () => {
  it('keeps every digit of integers', () => {
    expect(read('{"a": [9007199254740993, -9007199254740993, 9007199254740991], "b": 1234567890123456.5}')).toEqual({
      a: [9007199254740993n, -9007199254740993n, 9007199254740991],
      b: 1234567890123456.5,
    })
  })

  it('reads what JSON.parse reads, and refuses what it refuses', () => {
    const fail = (): never => {
      throw new Error('refused')
    }
    const attempt = (parse: () => unknown): string => {
      try {
        return keyOf(parse())
      } catch {
        return 'refused'
      }
    }
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', '{', '[', ':', '1', ' ', '\\', 'tru', '\n'))
      .map(([text, at, insert]) => text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + 1))
    fc.assert(
      fc.property(fc.oneof(fc.json(), mutated), (text) => {
        fc.pre(!longInteger.test(text))
        expect(attempt(() => parseJson(text, fail))).toBe(attempt(() => JSON.parse(text)))
      }),
      { numRuns: 5000 },
    )
  })

  it('finds the end of a value whatever follows and whatever the chunks', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(',', ']', ' ', '\n{', '}'), fc.integer({ min: 1, max: 7 }), (text, next, size) => {
        fc.pre(!longInteger.test(text))
        const bytes = Buffer.from(text + next)
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
        const reader = new JsonReader(new TextSource(chunks, 'h'))
        expect(keyOf(reader.value())).toBe(keyOf(JSON.parse(text)))
        expect(reader.code()).toBe((next.trim() || ' ').charCodeAt(0) === 32 ? -1 : next.trim().charCodeAt(0))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['{"a": }', 'h:1:7: found }, expected a value'],
    ['{"a": 1,\n "b" 2}', 'h:2:6: found 2, expected :'],
    ['{"a": 1,}', 'h:1:9: found }, expected a key in double quotes'],
    ['{a: 1}', 'h:1:2: found a, expected a key in double quotes'],
    ['{"a": 1 {"b": 2}', 'h:1:9: found {, expected } or ,'],
    ['[1 2]', 'h:1:4: found 2, expected ] or ,'],
    ['{"a": [1', 'h:1:9: the text ends, expected ] or ,; it may have been cut off'],
    ['{"a": "b', 'h:1:7: the string that starts here has no end, expected "; it may have been cut off'],
    ['{"a": "b\nc"}', 'h:1:7: found the string "b c", expected one without line breaks and unknown escapes'],
    ['[01]', 'h:1:2: found 01, expected a value'],
    ['[nul]', 'h:1:2: found nul, expected a value'],
    ['', 'h:1:1: the file ends, expected a value; it may have been cut off'],
    ['['.repeat(600), 'h:1:513: found values nested more than 512 levels deep, expected plain data'],
  ])('refuses %j', (text, message) => {
    expect(errorOf(() => read(text))).toBe(`history-syntax ${message}`)
  })
})

function read(text: string): Value {
  return new JsonReader(new TextSource([Buffer.from(text)], 'h')).value()
}
