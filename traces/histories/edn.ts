/**
 * A reader of EDN, the notation of Clojure's data, into plain values. Integers keep every digit; keywords are strings with
 * their colon (`":x"`), but as keys of maps without it; lists, vectors and sets are arrays, characters strings; tags are
 * dropped, and so is what `#_` discards. Not read: ratios, metadata, infinities.
 * Source: the edn format specification (edn-format/edn).
 */
import sortBy from 'lodash/sortBy.js'
import { keyOf, type Value } from '../../properties/value.ts'
import { needMore, quoted, type TextSource } from './text-source.ts'

/** Values nested deeper than this are refused, before they exhaust the stack of whoever reads them. */
export const nestingMax = 512

const quote = 34
const hash = 35
const comma = 44
const colon = 58
const semicolon = 59
const backslash = 92
const underscore = 95
const closers: Readonly<Record<number, number>> = { 40: 41, 91: 93, 123: 125 }

const isSpace = 1
const isDelimiter = 2
/** What each ASCII character is between two tokens. */
const kinds = new Uint8Array(128)
for (const space of ' \t\n\v\f\r,') kinds[space.charCodeAt(0)] = isSpace
for (const delimiter of '()[]{}";') kinds[delimiter.charCodeAt(0)] = isDelimiter

const namedCharacters: Readonly<Record<string, string>> = {
  newline: '\n',
  return: '\r',
  space: ' ',
  tab: '\t',
  formfeed: '\f',
  backspace: '\b',
}
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', b: '\b', f: '\f', '/': '/' }

/**
 * Reads from `pos` on in the window of a source. Every method throws `needMore` when the window ends too early, so the caller
 * wraps what it reads in one `element`.
 */
export class EdnReader {
  readonly source: TextSource
  pos = 0
  #text = ''
  #depth = 0

  constructor(source: TextSource) {
    this.source = source
  }

  /** What `parse` reads, starting where the source is, and the source is moved behind it. */
  element<T>(parse: () => T): T {
    const result = this.source.retry(() => {
      this.#text = this.source.text
      this.pos = this.source.at
      this.#depth = 0
      return parse()
    })
    this.source.at = this.pos
    return result
  }

  /** The code of the next character; -1 at the end of the file. */
  code(): number {
    if (this.pos < this.#text.length) return this.#text.charCodeAt(this.pos)
    if (this.source.ended) return -1
    throw needMore
  }

  /** Moves past whitespace, commas, comments and what is discarded. */
  skip(): void {
    for (;;) {
      const code = this.code()
      if (code > comma && code !== semicolon) return
      if (kinds[code] === isSpace) this.pos++
      else if (code === semicolon) this.#comment()
      else if (code === hash && this.#codeAt(this.pos + 1) === underscore) {
        this.pos += 2
        this.value()
      } else return
    }
  }

  /** Moves past a tag such as `#inst`, if one stands here. */
  tag(): void {
    while (this.code() === hash) {
      const next = this.#codeAt(this.pos + 1)
      // A set, or one of `##Inf`, `#"..."` and `#(...)`, which are no tags.
      if (next === hash || next === 40 || next === 123 || next === quote) return
      this.pos = this.#tokenEnd(this.pos + 1)
      this.skip()
    }
  }

  value(): Value {
    this.skip()
    const code = this.code()
    switch (code) {
      case quote:
        return this.#string()
      case colon:
        return this.#token()
      case 40:
      case 91:
        return this.#list(this.pos + 1, closers[code] as number)
      case 123:
        return this.#map()
      case hash:
        return this.#dispatch()
      case backslash:
        return this.#character()
      case 41:
      case 93:
      case 125:
      case -1:
        return this.unexpected('a value')
      default:
        if (code >= 48 && code <= 57) return this.#number()
        return this.#symbol(code)
    }
  }

  /** A keyword without its colon, or any other value as it is. */
  name(): Value {
    this.skip()
    if (this.code() !== colon) return this.value()
    const start = this.pos + 1
    this.pos = this.#tokenEnd(start)
    return this.#text.slice(start, this.pos)
  }

  /** @throws HistoryError that says what stands here and what should */
  unexpected(expected: string): never {
    const code = this.code()
    if (code < 0) this.fail(`the file ends, expected ${expected}; it may have been cut off`)
    const end = kinds[code] === isDelimiter ? this.pos + 1 : this.#tokenEnd(this.pos + 1)
    this.fail(`found ${quoted(this.#text.slice(this.pos, end))}, expected ${expected}`)
  }

  fail(message: string, offset: number = this.pos): never {
    this.source.fail(offset, message)
  }

  #codeAt(offset: number): number {
    if (offset >= this.#text.length && !this.source.ended) throw needMore
    return this.#text.charCodeAt(offset)
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.pos)
    if (end < 0 && !this.source.ended) throw needMore
    this.pos = end < 0 ? this.#text.length : end + 1
  }

  #tokenEnd(from: number): number {
    const text = this.#text
    let end = from
    while (end < text.length) {
      const code = text.charCodeAt(end)
      if (code < 128 && kinds[code] !== 0) return end
      end++
    }
    if (!this.source.ended) throw needMore
    return end
  }

  #token(): string {
    const start = this.pos
    this.pos = this.#tokenEnd(start + 1)
    return this.#text.slice(start, this.pos)
  }

  #number(): Value {
    const text = this.#text
    const start = this.pos
    let value = 0
    let end = start
    for (; end < text.length; end++) {
      const digit = text.charCodeAt(end) - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    const code = this.#codeAt(end)
    const isPlain = end - start <= 15 && (end === text.length || (code < 128 && kinds[code] !== 0))
    if (!isPlain || (end - start > 1 && text.charCodeAt(start) === 48)) return this.#anyNumber()
    this.pos = end
    return value
  }

  #anyNumber(): Value {
    const start = this.pos
    const token = this.#token()
    if (/^[+-]?(?:0|[1-9]\d*)N?$/.test(token)) {
      const digits = token.replace(/^\+|N$/g, '')
      const value = Number(digits)
      return Number.isSafeInteger(value) ? value + 0 : BigInt(digits)
    }
    if (/^[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?M?$/.test(token)) {
      const value = Number(token.replace('M', ''))
      if (Number.isFinite(value)) return value
    }
    this.fail(`found ${quoted(token)}, expected an integer or a decimal; ratios, other bases and infinities are not read`, start)
  }

  #symbol(code: number): Value {
    const next = this.#codeAt(this.pos + 1)
    if ((code === 43 || code === 45) && next >= 48 && next <= 57) return this.#anyNumber()
    const token = this.#token()
    switch (token) {
      case 'nil':
        return null
      case 'true':
        return true
      case 'false':
        return false
      default:
        return token
    }
  }

  #string(): string {
    const text = this.#text
    const start = this.pos
    let value = ''
    let from = start + 1
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) {
        this.pos = at + 1
        return value + text.slice(from, at)
      }
      if (code !== backslash) continue
      const letter = text.charAt(at + 1)
      const hex = letter === 'u' ? text.slice(at + 2, at + 6) : ''
      if (at + 5 >= text.length && !this.source.ended) throw needMore
      const character = /^[\da-fA-F]{4}$/.test(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : escapes[letter]
      if (character === undefined) this.fail(`found \\${quoted(letter)}, expected an escape such as \\n, \\" or \\u0041`, at)
      value += text.slice(from, at) + character
      at += 1 + hex.length
      from = at + 1
    }
    if (!this.source.ended) throw needMore
    this.fail('the file ends inside the string that starts here, expected "; it may have been cut off', start)
  }

  #character(): string {
    const start = this.pos
    // The character itself may be a delimiter.
    this.#codeAt(start + 1)
    this.pos = this.#tokenEnd(start + 2)
    const name = this.#text.slice(start + 1, this.pos)
    if (/^u[\da-fA-F]{4}$/.test(name)) return String.fromCharCode(Number.parseInt(name.slice(1), 16))
    const character = [...name].length === 1 ? name : namedCharacters[name]
    return character ?? this.fail(`found \\${quoted(name)}, expected a character such as \\a or \\newline`, start)
  }

  #list(from: number, closer: number): Value[] {
    const start = this.pos
    this.#enter(start)
    this.pos = from
    const values: Value[] = []
    for (;;) {
      this.skip()
      const code = this.code()
      if (code === closer) break
      if (code < 0) this.#unclosed(start, closer)
      values.push(this.value())
    }
    this.pos++
    this.#depth--
    return values
  }

  #map(): Value {
    const start = this.pos
    this.#enter(start)
    this.pos++
    const entries: { [key: string]: Value } = {}
    for (;;) {
      this.skip()
      const code = this.code()
      if (code === 125) break
      if (code < 0) this.#unclosed(start, 125)
      const at = this.pos
      const name = this.name()
      const key = typeof name === 'string' ? name : keyOf(name)
      if (Object.hasOwn(entries, key)) this.fail(`found the key ${quoted(key)} a second time, expected it once in a map`, at)
      set(entries, key, this.value())
    }
    this.pos++
    this.#depth--
    return entries
  }

  #dispatch(): Value {
    const next = this.#codeAt(this.pos + 1)
    // In which order a set is printed says nothing.
    if (next === 123) return sortBy(this.#list(this.pos + 2, 125), (element) => keyOf(element))
    const start = this.pos
    this.tag()
    if (this.pos === start) return this.unexpected('a value')
    return this.value()
  }

  #enter(start: number): void {
    if (++this.#depth > nestingMax) this.fail(`found values nested more than ${nestingMax} levels deep, expected plain data`, start)
  }

  #unclosed(start: number, closer: number): never {
    this.fail(`the file ends inside what starts here, expected ${String.fromCharCode(closer)}; it may have been cut off`, start)
  }
}

/** Also a key named `__proto__` is only a key. */
function set(record: { [key: string]: Value }, key: string, value: Value): void {
  if (key === '__proto__') Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true })
  else record[key] = value
}
