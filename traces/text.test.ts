import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literal } from './literal.ts'
import { clip, paint, type Rich, richWidth, span, textWidth, visible, wrap } from './text.ts'

const plain = (lines: readonly Rich[]): string[] => lines.map((line) => paint(line, false))

describe('literal', () => {
  it('leaves words unquoted, and quotes what could be misread', () => {
    expect(literal({ role: 'leader', next: null, ok: true, word: 'true', none: 'null', empty: '', two: 'two words', n: '1' })).toBe(
      '{role: leader, next: null, ok: true, word: "true", none: "null", empty: "", two: "two words", n: "1"}',
    )
    expect(literal([{ 'a b': 1 }, []])).toBe('[{"a b": 1}, []]')
    expect(literal({ 'a-b': 'c-d' })).toBe('{a-b: c-d}')
  })

  it('shows the tag of a variant in front', () => {
    expect(literal({ kind: 'ping' })).toBe('ping')
    expect(literal({ term: 1, type: 'ping' })).toBe('ping{term: 1}')
    expect(literal({ kind: 'two words', term: 1 })).toBe('{kind: "two words", term: 1}')
    expect(literal({ kind: 3 })).toBe('{kind: 3}')
  })

  it('cuts what is too wide', () => {
    expect(literal([1, 2, 3, 4], 8)).toBe('[1, 2, …')
  })
})

describe('text', () => {
  it('knows how wide characters are', () => {
    expect([textWidth('abc'), textWidth('日本'), textWidth('e\u0301'), textWidth('🦊'), textWidth('│─►●')]).toEqual([3, 4, 1, 2, 4])
    expect(clip('日本語', 5)).toBe('日本…')
    expect(clip('abc', 3)).toBe('abc')
  })

  it('makes invisible characters visible', () => {
    expect(visible('a\x1b[2Jb\u202ec\n\u0085')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{a}\\u{85}')
  })

  it('wraps at spaces, and in the middle of what has none', () => {
    expect(plain(wrap([span('one two three')], { width: 8, indent: 2 }))).toEqual(['one two', '  three'])
    expect(plain(wrap([span('abcdefghij')], { width: 4 }))).toEqual(['abcd', 'efgh', 'ij'])
    expect(plain(wrap([span('a abcdefgh')], { width: 4, indent: 1 }))).toEqual(['a ab', ' cde', ' fgh'])
    expect(plain(wrap([], { width: 4 }))).toEqual([''])
  })

  it('cuts off what does not fit into the lines, with an ellipsis', () => {
    expect(plain(wrap([span('one two three four')], { width: 8, linesMax: 1 }))).toEqual(['one tw …'])
    expect(plain(wrap([span('one two')], { width: 8, linesMax: 1 }))).toEqual(['one two'])
  })

  it('keeps every character but spaces, and the width, however it breaks', () => {
    const spans = fc.array(
      fc.record({ text: fc.string({ unit: fc.constantFrom('a', 'b', ' ', ' ', '日', 'e\u0301') }), style: fc.constantFrom('red', 'bold') }),
    )
    fc.assert(
      fc.property(spans, fc.integer({ min: 4, max: 30 }), fc.integer({ min: 0, max: 2 }), (text, width, indent) => {
        const lines = wrap(text as Rich, { width, indent })
        for (const line of lines) expect(richWidth(line)).toBeLessThanOrEqual(width)
        const bare = (rich: readonly Rich[]): string => plain(rich).join('').replaceAll(' ', '')
        expect(bare(lines)).toBe(bare([text as Rich]))
        const colours = (rich: readonly Rich[]): string =>
          rich
            .flat()
            .map(({ text: piece, style }) => (style === 'red' ? piece : ''))
            .join('')
            .replaceAll(' ', '')
        expect(colours(lines)).toBe(colours([text as Rich]))
      }),
    )
  })

  it('paints only where colour is wanted', () => {
    expect(paint([span('a', 'red'), span('b')], true)).toBe('\x1b[31ma\x1b[39mb')
    expect(paint([span('a', 'red'), span('b')], false)).toBe('ab')
  })
})
