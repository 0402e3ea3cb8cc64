/** Text on a terminal: how wide it is, where it may break, and spans that carry a style without being bytes yet. */
import { styleText } from 'node:util'

// Named here, so that those who use the package need no types of Node.
type Name = 'bold' | 'dim' | 'inverse' | 'underline' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'gray'
export type Style = Name | Name[]

export interface Span {
  readonly text: string
  readonly style?: Style
}
/** A line, or a text that `wrap` makes lines of. */
export type Rich = readonly Span[]

export function span(text: string, style?: Style): Span {
  return style === undefined ? { text } : { text, style }
}

/** The bytes for a terminal, or plain text. */
export function paint(line: Rich, colour: boolean): string {
  return line
    .map(({ text, style }) => (colour && style !== undefined && text !== '' ? styleText(style, text, { validateStream: false }) : text))
    .join('')
}

/** Control, direction and invisible characters made visible: what a file holds must not drive the reader's terminal. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** Columns that a text takes. */
export function textWidth(text: string): number {
  let columns = 0
  for (const character of text) columns += columnsOf(character)
  return columns
}

export function richWidth(line: Rich): number {
  return line.reduce((columns, { text }) => columns + textWidth(text), 0)
}

/** Cuts a text that is too wide, with an ellipsis. */
export function clip(text: string, max: number): string {
  if (textWidth(text) <= max) return text
  let kept = ''
  let columns = 0
  for (const character of text) {
    columns += columnsOf(character)
    if (columns > max - 1) break
    kept += character
  }
  return `${kept}…`
}

export interface WrapOptions {
  readonly width: number
  /** In front of every line but the first. */
  readonly indent?: number
  /** What does not fit into so many lines is cut, with an ellipsis. */
  readonly linesMax?: number
}

/** Breaks a text at its spaces, and in the middle of words that are wider than a line. */
export function wrap(text: Rich, { width, indent = 0, linesMax = Number.POSITIVE_INFINITY }: WrapOptions): Rich[] {
  const lines: Span[][] = [[]]
  let columns = 0
  const put = (piece: string, style: Style | undefined): void => {
    const line = lines.at(-1) as Span[]
    const last = line.at(-1)
    if (last !== undefined && last.style === style) line[line.length - 1] = span(last.text + piece, style)
    else line.push(span(piece, style))
    columns += textWidth(piece)
  }
  const next = (): void => {
    lines.push([span(' '.repeat(indent))])
    columns = indent
  }
  for (const { text: whole, style } of text) {
    for (const token of whole.split(/(?<= )/)) {
      const bare = textWidth(token.trimEnd())
      if (columns + bare > width && columns > indent && bare <= width - indent) next()
      let rest = token
      while (columns + textWidth(rest.trimEnd()) > width) {
        // At least one character a line, or it would never end.
        const head = cut(rest, width - columns) || (columns > indent ? '' : (Array.from(rest)[0] ?? ''))
        if (head !== '') put(head, style)
        rest = rest.slice(head.length)
        next()
      }
      put(rest, style)
    }
  }
  return limit(lines, width, linesMax)
}

function limit(lines: readonly Span[][], width: number, linesMax: number): Rich[] {
  const kept = lines.slice(0, linesMax).map(trimEnd)
  const last = kept.at(-1)
  if (kept.length === lines.length || last === undefined) return kept
  const room = width - 2
  let columns = 0
  const shortened = last.flatMap(({ text, style }) => {
    const piece = columns >= room ? '' : cut(text, room - columns)
    columns += textWidth(piece)
    return piece === '' ? [] : [span(piece, style)]
  })
  return [...kept.slice(0, -1), [...shortened, span(' …')]]
}

/** The line without spaces at its end. */
export function trimEnd(line: Rich): Rich {
  const last = line.at(-1)
  if (last === undefined) return line
  const text = last.text.trimEnd()
  if (text === last.text) return line
  return text === '' ? trimEnd(line.slice(0, -1)) : [...line.slice(0, -1), span(text, last.style)]
}

/** The longest beginning of a text that is at most so wide. */
function cut(text: string, width: number): string {
  let kept = ''
  let columns = 0
  for (const character of text) {
    columns += columnsOf(character)
    if (columns > width) break
    kept += character
  }
  return kept
}

// East Asian wide characters and emoji take two columns; combining marks none.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u
const combining = /\p{M}/u

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  return wide.test(character) ? 2 : combining.test(character) ? 0 : 1
}
