/**
 * The text of a file as it comes in: a window that holds what is not read yet, so that files of any size need the memory
 * of their largest element only. Knows the line and the column of everything in the window.
 */
import { HistoryError, type HistoryErrorCode } from '../../properties/errors.ts'

/** Bytes decoded at once, so that a chunk of any size never becomes one string. */
const decodedAtOnce = 1 << 20

/** Thrown by a parser that reaches the end of the window before the end of the file; see `TextSource.retry`. */
export const needMore: unique symbol = Symbol('needMore')

export class TextSource {
  readonly file: string
  /** The window; what lies before `at` has been read. */
  text = ''
  /** Offset in the window of the next character. */
  at = 0
  /** Nothing follows the window. */
  ended = false
  /** The column, from 1, of what `locate` was asked for last. */
  column = 1
  readonly #pieces: Iterator<Uint8Array>
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #line = 1
  /** Offset in the window at which that line starts; negative where the window starts inside it. */
  #lineStart = 0
  /** Offset of the newline that ends that line; the length of the window where it does not end in it. */
  #lineEnd = 0
  #fresh = true

  constructor(chunks: Iterable<Uint8Array>, file: string) {
    this.file = file
    this.#pieces = pieces(chunks)
  }

  /** A part of a file, up to the end of a line, that starts at this place in it. */
  static part(text: string, file: string, line: number, column: number): TextSource {
    const source = new TextSource([], file)
    source.text = text
    source.ended = true
    source.#line = line
    source.#lineStart = 1 - column
    source.#lineEnd = text.length
    return source
  }

  /** Drops what has been read and adds at least as much as remains, which keeps repeated attempts linear; or ends. */
  fill(): void {
    this.locate(this.at)
    this.#lineStart -= this.at
    const rest = this.text.slice(this.at)
    this.at = 0
    const added: string[] = []
    for (let length = 0; length <= rest.length && !this.ended; ) {
      const { text: piece, isWhole } = this.#next()
      added.push(piece)
      length += piece.length
      if (!isWhole) this.#refuseBytes(rest + added.join(''))
    }
    this.#show(rest + added.join(''))
  }

  /** The line, from 1, of an offset at or after `at`; its column is in `column`. */
  locate(offset: number): number {
    while (this.#lineEnd < offset) {
      this.#line++
      this.#lineStart = this.#lineEnd + 1
      this.#lineEnd = this.#newlineFrom(this.#lineStart)
    }
    this.column = offset - this.#lineStart + 1
    return this.#line
  }

  /** The next line without its end, or `null` after the last; `at` is then behind it. */
  nextLine(): string | null {
    let end = this.text.indexOf('\n', this.at)
    while (end < 0 && !this.ended) {
      this.fill()
      end = this.text.indexOf('\n', this.at)
    }
    const start = this.at
    if (end < 0) {
      this.at = this.text.length
      return start === this.at ? null : this.text.slice(start)
    }
    this.at = end + 1
    return this.text.slice(start, this.text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end)
  }

  /** What a parser that starts at `at` makes of the window, which grows until it needs no more. */
  retry<T>(parse: () => T): T {
    for (;;) {
      try {
        return parse()
      } catch (error) {
        if (error !== needMore) throw error
        this.fill()
      }
    }
  }

  /** Asks for no more chunks, so that whoever gives them can close what they come from. */
  close(): void {
    this.ended = true
    this.#pieces.return?.()
  }

  /** @throws HistoryError at an offset of the window */
  fail(offset: number, message: string): never {
    const line = this.locate(offset)
    throw this.refuse(line, this.column, message)
  }

  /** The one line that every error of a file is: the place, what was found, what was expected, what to do. */
  refuse(line: number, column: number, message: string, code: HistoryErrorCode = 'history-syntax'): HistoryError {
    return new HistoryError(code, `${this.file}:${line}:${column}: ${message}`)
  }

  #newlineFrom(offset: number): number {
    const newline = this.text.indexOf('\n', offset)
    return newline < 0 ? this.text.length : newline
  }

  #show(text: string): void {
    this.text = text
    this.#lineEnd = this.#newlineFrom(Math.max(this.#lineStart, 0))
  }

  /** Bytes that are not UTF-8 would make different values equal. */
  #refuseBytes(before: string): never {
    this.#show(before)
    this.fail(before.length, 'found bytes that are not UTF-8, expected text in UTF-8; convert the file')
  }

  /** The next piece, up to the first bytes that are not UTF-8. */
  #next(): { readonly text: string; readonly isWhole: boolean } {
    const { done, value } = this.#pieces.next()
    const decoded = this.#decoded(done ? undefined : value)
    let { text } = decoded
    if (done) this.ended = true
    // A byte order mark is no part of the text.
    if (this.#fresh && text.length > 0) {
      this.#fresh = false
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    }
    return { text, isWhole: decoded.isWhole }
  }

  #decoded(bytes: Uint8Array | undefined): { readonly text: string; readonly isWhole: boolean } {
    try {
      return { text: this.#decoder.decode(bytes, { stream: bytes !== undefined }), isWhole: true }
    } catch {
      const [before = ''] = new TextDecoder().decode(bytes).split('\ufffd')
      return { text: before, isWhole: false }
    }
  }
}

/** A piece of text as errors quote it: one line, shortened. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ')
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`
}

function* pieces(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) for (let at = 0; at < chunk.length; at += decodedAtOnce) yield chunk.subarray(at, at + decodedAtOnce)
}
