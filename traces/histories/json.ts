/**
 * Reads JSON one value at a time: a scanner finds the end of the value, JSON.parse reads its text. A reader of our own
 * takes over where that would lose digits of an integer, and where the text is wrong, to say at which place.
 */
import type { Value } from '../../properties/value.ts'
import { nestingMax } from './edn.ts'
import { quoted, type TextSource } from './text-source.ts'

const quote = 34
const backslash = 92

export class JsonReader {
  readonly source: TextSource

  constructor(source: TextSource) {
    this.source = source
  }

  /** The code of the next character behind whitespace; -1 at the end of the file. */
  code(): number {
    const { source } = this
    for (;;) {
      while (source.at < source.text.length) {
        const code = source.text.charCodeAt(source.at)
        if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code
        source.at++
      }
      if (source.ended) return -1
      source.fill()
    }
  }

  /** Moves past the next character if it is this one. */
  take(character: string): boolean {
    if (this.code() !== character.charCodeAt(0)) return false
    this.source.at++
    return true
  }

  /** Reads the value that stands here, whole. */
  value(): Value {
    if (this.code() < 0) this.unexpected('a value')
    const length = Math.max(1, this.#length())
    const { source } = this
    const text = source.text.slice(source.at, source.at + length)
    const value = /\d{16}|\de\+?\d{3}/i.test(text) ? this.#exact(text) : this.#parse(text)
    source.at += length
    return value
  }

  /** @throws HistoryError that says what stands here and what should */
  unexpected(expected: string): never {
    if (this.code() < 0) this.source.fail(this.source.at, `the file ends, expected ${expected}; it may have been cut off`)
    const found = /^(?:[\w.+-]+|.)/s.exec(this.source.text.slice(this.source.at, this.source.at + 60))?.[0] ?? ''
    this.source.fail(this.source.at, `found ${quoted(found)}, expected ${expected}`)
  }

  #parse(text: string): Value {
    try {
      return JSON.parse(text) as Value
    } catch {
      return this.#exact(text)
    }
  }

  #exact(text: string): Value {
    const { source } = this
    return parseJson(text, (offset, message) => source.fail(source.at + offset, message))
  }

  /** How long the value is that starts here; malformed text is cut where that shows. */
  #length(): number {
    const { source } = this
    let depth = 0
    let inString = false
    for (let length = 0; ; ) {
      const { text, at } = source
      for (let offset = at + length; offset < text.length; offset++) {
        const code = text.charCodeAt(offset)
        if (inString) {
          if (code === backslash) offset++
          else if (code === quote) {
            inString = false
            length = offset + 1 - at
            if (depth === 0) return length
          }
          continue
        }
        switch (code) {
          case quote:
            inString = true
            break
          case 91:
          case 123:
            // Something opens where nothing can: what stands before has lost its end, and the rest of the file is not part of it.
            if (++depth > nestingMax || (offset > at && !mayOpen(text, offset))) return offset + 1 - at
            break
          case 93:
          case 125:
            if (--depth <= 0) return offset + (depth < 0 ? 0 : 1) - at
            break
          case 44:
          case 32:
          case 10:
          case 13:
            if (depth === 0) return offset - at
            break
        }
        length = offset + 1 - at
      }
      // A string that the window cuts is scanned again, from its start.
      if (source.ended) return text.length - at
      source.fill()
    }
  }
}

/** Whether the last character before an opening bracket is one that it can follow. */
function mayOpen(text: string, offset: number): boolean {
  for (let at = offset - 1; at >= 0; at--) {
    const code = text.charCodeAt(at)
    if (code > 32) return code === 44 || code === 58 || code === 91
  }
  return true
}

/**
 * Reads one JSON value with every digit of its integers: those beyond 2^53 become bigints.
 * @param fail is told the offset of what is wrong
 */
export function parseJson(text: string, fail: (offset: number, message: string) => never): Value {
  const token = /[ \t\r\n]*(?:([{}[\],:])|("[^"\\]*(?:\\.[^"\\]*)*")|([^\s{}[\],:"]+)|$|)/sy
  let start = 0
  let mark = ''
  let depth = 0
  advance()
  const result = value()
  if (mark !== '') unexpected('the end of the value')
  return result

  function advance(): void {
    const at = token.lastIndex
    const match = token.exec(text)
    mark = match?.[1] ?? match?.[2] ?? match?.[3] ?? ''
    start = match === null ? at : token.lastIndex - mark.length
    if (mark === '' && start < text.length) fail(start, 'the string that starts here has no end, expected "; it may have been cut off')
  }

  function value(): Value {
    if (mark === '[') return nested(list)
    if (mark === '{') return nested(record)
    if (mark.startsWith('"')) return string()
    const read = scalar(mark) ?? unexpected('a value')
    advance()
    return read.value
  }

  function nested(read: () => Value): Value {
    if (++depth > nestingMax) fail(start, `found values nested more than ${nestingMax} levels deep, expected plain data`)
    advance()
    const members = read()
    advance()
    depth--
    return members
  }

  function list(): Value {
    const members: Value[] = []
    while (mark !== ']') {
      if (members.length > 0) skip(',', '] or ,')
      members.push(value())
    }
    return members
  }

  function record(): Value {
    const members: { [key: string]: Value } = {}
    for (let first = true; mark !== '}'; first = false) {
      if (!first) skip(',', '} or ,')
      if (!mark.startsWith('"')) unexpected('a key in double quotes')
      const key = string()
      skip(':', ':')
      Object.defineProperty(members, key, { value: value(), writable: true, enumerable: true, configurable: true })
    }
    return members
  }

  function string(): string {
    const [at, literal] = [start, mark]
    advance()
    try {
      return JSON.parse(literal) as string
    } catch {
      return fail(at, `found the string ${quoted(literal)}, expected one without line breaks and unknown escapes`)
    }
  }

  function skip(character: string, expected: string): void {
    if (mark !== character) unexpected(expected)
    advance()
  }

  function unexpected(expected: string): never {
    return fail(
      start,
      mark === '' ? `the text ends, expected ${expected}; it may have been cut off` : `found ${quoted(mark)}, expected ${expected}`,
    )
  }
}

/** A number or a word of JSON; `null` where it is neither. */
function scalar(text: string): { readonly value: Value } | null {
  if (/^-?(?:0|[1-9]\d*)$/.test(text)) {
    const value = Number(text)
    return { value: Number.isSafeInteger(value) ? value : BigInt(text) }
  }
  try {
    const value = JSON.parse(text) as Value
    // `1e999` is JSON, but no number is as large.
    return typeof value === 'number' && !Number.isFinite(value) ? null : { value }
  } catch {
    return null
  }
}
