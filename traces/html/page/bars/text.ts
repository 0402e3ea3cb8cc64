/** How wide text is, about, without asking the browser for each. */

/** Pixels of a character of labels, whose font is monospaced. */
const narrow = 7.3

export function textPixels(text: string): number {
  let width = 0
  for (const character of text) width += isWide(character) ? 2 * narrow : narrow
  return width
}

/** As much of a text as fits, with `…` for what is taken out of its middle; empty where not even that fits. */
export function fitted(text: string, pixels: number): string {
  if (textPixels(text) <= pixels) return text
  const characters = Array.from(text)
  let kept = Math.min(characters.length, Math.floor(pixels / narrow) - 1)
  for (; kept > 0; kept--) {
    const tail = Math.floor(kept / 2)
    const short = `${characters.slice(0, kept - tail).join('')}…${characters.slice(characters.length - tail).join('')}`
    if (textPixels(short) <= pixels) return short
  }
  return ''
}

/** A text on at most so many lines, broken between words where there are any; the last one is shortened where it does not fit. */
export function wrapped(text: string, pixels: number, linesMax: number): readonly string[] {
  const lines: string[] = []
  let rest = text.trim()
  while (lines.length < linesMax - 1 && textPixels(rest) > pixels) {
    const fits = lengthWithin(rest, pixels)
    const space = rest.lastIndexOf(' ', fits)
    const end = space > 0 ? space : fits
    if (end === 0) break
    lines.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return [...lines, fitted(rest, pixels)]
}

/** How much of a text's beginning is at most so wide, in units of its length. */
function lengthWithin(text: string, pixels: number): number {
  let [length, width] = [0, 0]
  for (const character of text) {
    width += isWide(character) ? 2 * narrow : narrow
    if (width > pixels) break
    length += character.length
  }
  return length
}

/** East Asian characters and emoji. */
function isWide(character: string): boolean {
  return (character.codePointAt(0) ?? 0) >= 0x1100
}

/** `4 ms`, `1.25 s`; of nanoseconds. */
export function timeText(nanoseconds: number): string {
  const size = Math.abs(nanoseconds)
  const [unit, name] = size >= 1e9 ? [1e9, 's'] : size >= 1e6 ? [1e6, 'ms'] : size >= 1e3 ? [1e3, 'µs'] : [1, 'ns']
  return `${Number((nanoseconds / unit).toPrecision(6))} ${name}`
}

/** A text of at most so many characters, without its middle where it is longer. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(text)
  if (characters.length <= most) return text
  const tail = Math.floor((most - 1) / 2)
  return `${characters.slice(0, most - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`
}
