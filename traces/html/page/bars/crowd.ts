/** Bars too small to tell apart: what they cover, in few shapes. */

export interface Span {
  readonly from: number
  readonly to: number
}

/** What spans of a line cover, from left to right, those that are less than a pixel apart as one; each is a pixel wide at least. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const all: { from: number; to: number }[] = []
  for (const { from, to } of spans) {
    const end = Math.max(to, from + 1)
    const last = all.at(-1)
    if (last !== undefined && from < last.to + 1) last.to = Math.max(last.to, end)
    else all.push({ from, to: end })
  }
  return all
}
