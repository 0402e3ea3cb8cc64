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

/** Room for labels between boxes: as much from side to side, or as much from top to bottom. */
const gapX = 110
const gapY = 80
/** So many stand well on a circle; more take too much room there. */
const circleMax = 3
/** Between edges of the same two boxes. */
const apart = 46
/** From the middle of a label to that of the one below. */
const labelHeight = 26

interface Size {
  readonly width: number
  readonly height: number
}

/** @param sizes of the boxes, in the order in which they go round, from the top, or from the left where they are two */
export function onCircle(sizes: readonly Size[]): readonly Box[] {
  const diagonal = Math.max(0, ...sizes.map(({ width, height }) => Math.hypot(width, height))) + Math.hypot(gapX, gapY)
  const count = sizes.length
  const radius = count < 2 ? 0 : diagonal / (2 * Math.sin(Math.PI / count))
  const turn = count === 2 ? Math.PI : -Math.PI / 2
  const round = sizes.map(({ width, height }, i) => {
    const angle = turn + (2 * Math.PI * i) / count
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), width, height }
  })
  return count <= circleMax ? round : narrowed(round)
}

/** The circle as the ellipse that takes the least room. */
function narrowed(boxes: readonly Box[]): readonly Box[] {
  const shares = Array.from({ length: 15 }, (_, i) => (i + 1) / 15)
  const tries = shares.flatMap((byX) => shares.map((byY) => ({ byX, byY }))).sort((a, b) => a.byX * a.byY - b.byX * b.byY || a.byY - b.byY)
  for (const { byX, byY } of tries) {
    const tried = boxes.map((box) => ({ ...box, x: box.x * byX, y: box.y * byY }))
    if (tried.every((box, i) => tried.slice(i + 1).every((other) => isApart(box, other)))) return tried
  }
  return boxes
}

function isApart(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) >= (a.width + b.width) / 2 + gapX || Math.abs(a.y - b.y) >= (a.height + b.height) / 2 + gapY
}

/** The curves of edges between different boxes, in the order of the edges. */
export function arrows(boxes: readonly Box[], edges: readonly { readonly from: number; readonly to: number }[]): readonly Arrow[] {
  return edges.map(({ from, to }, i) => {
    const [a, b] = [boxes[from], boxes[to]]
    if (a === undefined || b === undefined) throw new RangeError('an edge of a box that there is not')
    const same = edges.flatMap((edge, j) => (isBetween(edge, from, to) ? [j] : []))
    const place = same.indexOf(i) - (same.length - 1) / 2
    const bend = between(a, b, place * apart * 2)
    const [start, end] = [borderTowards(a, bend), borderTowards(b, bend)]
    return { from: start, bend, to: end, middle: onCurve(start, bend, end, isBelow(a, b) ? labelShare(end.y - start.y, place) : 0.5) }
  })
}

/** How far along the curve a label stands: those of curves side by side would cover each other, and so stand one below the other. */
function labelShare(down: number, place: number): number {
  return 0.5 + Math.max(-0.4, Math.min(0.4, (place * labelHeight) / (down || 1)))
}

function onCurve(start: Spot, bend: Spot, end: Spot, share: number): Spot {
  const [before, by, after] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2]
  return { x: before * start.x + by * bend.x + after * end.x, y: before * start.y + by * bend.y + after * end.y }
}

/** Whether there is more room between two boxes from top to bottom than from side to side. */
function isBelow(a: Box, b: Box): boolean {
  return Math.abs(a.y - b.y) - (a.height + b.height) / 2 >= Math.abs(a.x - b.x) - (a.width + b.width) / 2
}

/** In the middle of the gap between two boxes, and so far aside: never inside of one. */
function between(a: Box, b: Box, aside: number): Spot {
  const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2]
  const [left, right] = a.x <= b.x ? [a, b] : [b, a]
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a]
  const gapsX = { from: left.x + left.width / 2, to: right.x - right.width / 2 }
  const gapsY = { from: upper.y + upper.height / 2, to: lower.y - lower.height / 2 }
  if (isBelow(a, b)) return { x: x + aside, y: (gapsY.from + gapsY.to) / 2 }
  return { x: (gapsX.from + gapsX.to) / 2, y: y + aside }
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
