/** Lists as text: what belongs together is not broken across lines. */
import { type Rich, span, type WrapOptions, wrap } from '../text.ts'

// Stands for a space at which no line may end.
const bond = '\u00a0'

/** A piece of text that `wrapWhole` breaks only where it is wider than a line. */
export function whole(text: string): string {
  return text.replaceAll(' ', bond)
}

export function wrapWhole(text: Rich, options: WrapOptions): Rich[] {
  return wrap(text, options).map((line) => line.map(({ text: piece, style }) => span(piece.replaceAll(bond, ' '), style)))
}
