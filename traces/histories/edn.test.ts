import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf, type Value } from '../../properties/value.ts'
import { EdnReader } from './edn.ts'
import { errorOf } from './testing/read-text.ts'
import { TextSource } from './text-source.ts'
import { showEdn } from './write-edn.ts'

describe('the EDN reader', () => {
  it.each<[string, Value]>([
    ['nil', null],
    ['true', true],
    ['false', false],
    ['0', 0],
    ['-0', 0],
    ['+7', 7],
    ['-12', -12],
    ['42N', 42],
    ['999999999999999', 999999999999999],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-123456789012345678901234567890N', -123456789012345678901234567890n],
    ['1.5', 1.5],
    ['-2.', -2],
    ['1e3', 1000],
    ['1.25M', 1.25],
    [':x', ':x'],
    [':db.fn/x-y?', ':db.fn/x-y?'],
    ['some/symbol', 'some/symbol'],
    ['-', '-'],
    ['->Op', '->Op'],
    ['"a b"', 'a b'],
    ['"q\\"\\\\\\n\\t\\u00e9\\u0041"', 'q"\\\n\téA'],
    ['"zwölf 🎲"', 'zwölf 🎲'],
    ['\\a', 'a'],
    ['[\\) \\newline \\u00e9]', [')', '\n', 'é']],
    ['[1, 2 3]', [1, 2, 3]],
    ['(1 (2))', [1, [2]]],
    ['#{1 2}', [1, 2]],
    ['{:a 1, "b" [2], 3 nil, nil 4, :c/d #{}}', { a: 1, b: [2], 3: null, null: 4, 'c/d': [] }],
    ['{:__proto__ 1}', JSON.parse('{"__proto__": 1}') as Value],
    ['#inst "2020-01-01"', '2020-01-01'],
    ['#jepsen.history.Op {:a 1}', { a: 1 }],
    ['#a #b 1', 1],
    ['#:user{:a 1}', { a: 1 }],
    ['; before\n 1', 1],
    ['[1 #_ 2 #_ [3 4] 5 ; 6\n]', [1, 5]],
    ['[1;2\n3]', [1, 3]],
    ['[1"a":b[2]]', [1, 'a', ':b', [2]]],
  ])('reads %s', (text, value) => {
    expect(read(text)).toEqual(value)
  })

  it('reads the same whatever the chunks', () => {
    const text = '{:a "zwölf 🎲 \\u00e9", ;c\n :b [1 22 9007199254740993 #_ x #t nil] \\newline -1.5e3}'
    const bytes = Buffer.from(text)
    for (let at = 1; at < bytes.length; at++)
      expect(keyOf(readChunks([bytes.subarray(0, at), bytes.subarray(at)])), `cut at ${at}`).toBe(keyOf(read(text)))
    expect(keyOf(readChunks([...bytes].map((byte) => Uint8Array.of(byte))))).toBe(keyOf(read(text)))
  })

  it('reads back every value that is written', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(keyOf(read(showEdn(value)))).toBe(keyOf(value))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['1/2', 'h:1:1: found 1/2, expected an integer or a decimal; ratios, other bases and infinities are not read'],
    ['\n  0x1F', 'h:2:3: found 0x1F, expected an integer or a decimal; ratios, other bases and infinities are not read'],
    ['010', 'h:1:1: found 010, expected an integer or a decimal; ratios, other bases and infinities are not read'],
    ['1e999', 'h:1:1: found 1e999, expected an integer or a decimal; ratios, other bases and infinities are not read'],
    ['##Inf', 'h:1:1: found ##Inf, expected a value'],
    ['#"x"', 'h:1:1: found #, expected a value'],
    ['[1 2', 'h:1:1: the file ends inside what starts here, expected ]; it may have been cut off'],
    ['[1\n {:a', 'h:2:5: the file ends, expected a value; it may have been cut off'],
    ['{:a 1 :a 2}', 'h:1:7: found the key a a second time, expected it once in a map'],
    ['[1 2)', 'h:1:5: found ), expected a value'],
    ['"abc', 'h:1:1: the file ends inside the string that starts here, expected "; it may have been cut off'],
    ['"a\\q"', 'h:1:3: found \\q, expected an escape such as \\n, \\" or \\u0041'],
    ['\\nope', 'h:1:1: found \\nope, expected a character such as \\a or \\newline'],
    ['', 'h:1:1: the file ends, expected a value; it may have been cut off'],
    ['['.repeat(600), 'h:1:513: found values nested more than 512 levels deep, expected plain data'],
  ])('refuses %j', (text, message) => {
    expect(errorOf(() => read(text))).toBe(`history-syntax ${message}`)
  })
})

const scalars = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(':x', ':a/b', ':', '::', ':1', ': x', ':a)b', ':"', ':a;b', 'nil', '"', '\\', '\ud800', '', '#_', ';'),
)
const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('0', '-1', '01', ':x', 'x y', '')), tie('value')),
  ),
})).value

function read(text: string): Value {
  return readChunks([Buffer.from(text)])
}

function readChunks(chunks: Iterable<Uint8Array>): Value {
  const reader = new EdnReader(new TextSource(chunks, 'h'))
  return reader.element(() => reader.value())
}
