/** Places the transactions of a proof on a circle, so that no two boxes touch, and bends edges between the same two apart. */

export interface Box {
  /** Of the middle. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** An arrow as a quadratic curve: from a box's border to another's. */
export interface Arrow {
  readonly from: Spot
  readonly bend: Spot
  readonly to: Spot
  /** Where its label stands. */
  readonly middle: Spot
}

export interface Spot {
  readonly x: number
  readonly y: number
}

const gap = 120
/** Between edges of the same two boxes. */
const apart = 46

/** @param sizes of the boxes, in the order in which they go round, from the top, or from the left where they are two */
export function onCircle(sizes: readonly { readonly width: number; readonly height: number }[]): readonly Box[] {
  const diagonal = Math.max(0, ...sizes.map(({ width, height }) => Math.hypot(width, height))) + gap
  const count = sizes.length
  const radius = count < 2 ? 0 : diagonal / (2 * Math.sin(Math.PI / count))
  const turn = count === 2 ? Math.PI : -Math.PI / 2
  return sizes.map(({ width, height }, i) => {
    const angle = turn + (2 * Math.PI * i) / count
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), width, height }
  })
}

/** The curves of edges between different boxes, in the order of the edges. */
export function arrows(boxes: readonly Box[], edges: readonly { readonly from: number; readonly to: number }[]): readonly Arrow[] {
  return edges.map(({ from, to }, i) => {
    const [a, b] = [boxes[from], boxes[to]]
    if (a === undefined || b === undefined) throw new RangeError('an edge of a box that there is not')
    const same = edges.flatMap((edge, j) => (isBetween(edge, from, to) ? [j] : []))
    // Seen from the lower of the two boxes, so that edges in both directions do not bend onto one another.
    const side = (same.indexOf(i) - (same.length - 1) / 2) * apart * 2 * (from < to ? 1 : -1)
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
    const bend = { x: (a.x + b.x) / 2 - ((b.y - a.y) / length) * side, y: (a.y + b.y) / 2 + ((b.x - a.x) / length) * side }
    const [start, end] = [borderTowards(a, bend), borderTowards(b, bend)]
    return { from: start, bend, to: end, middle: { x: (start.x + 2 * bend.x + end.x) / 4, y: (start.y + 2 * bend.y + end.y) / 4 } }
  })
}

/** Where a line from the middle of a box to a place outside leaves it. */
export function borderTowards({ x, y, width, height }: Box, to: Spot): Spot {
  const [dx, dy] = [to.x - x, to.y - y]
  const scale = Math.min(width / 2 / (Math.abs(dx) || 1e-9), height / 2 / (Math.abs(dy) || 1e-9))
  return { x: x + dx * Math.min(1, scale), y: y + dy * Math.min(1, scale) }
}

function isBetween(edge: { readonly from: number; readonly to: number }, a: number, b: number): boolean {
  return (edge.from === a && edge.to === b) || (edge.from === b && edge.to === a)
}
