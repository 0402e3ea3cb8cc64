/**
 * Positions on the time line of a history: calls and returns numbered from 0 without gaps, and which positions are still
 * free where presences of values forbid some of them.
 */

/**
 * Renumbers positions in place: equal ones alike, from 0 without gaps, and `Infinity` as the number after all others, which
 * is returned.
 */
export function rank(...positions: readonly Float64Array[]): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let size = 0
  for (const list of positions) {
    size += list.length
    for (const position of list) {
      if (position === Number.POSITIVE_INFINITY) continue
      if (position < low) low = position
      if (position > high) high = position
    }
  }
  if (low > high) {
    for (const list of positions) list.fill(0)
    return 0
  }
  return high - low <= 16 * size + 64 ? rankDense(positions, low, high) : rankSparse(positions, size)
}

/** Stable: the indices of the keys, which are integers in 0..limit, by ascending key. */
export function orderBy(keys: ArrayLike<number>, limit: number): Int32Array {
  const starts = new Int32Array(limit + 2)
  for (let i = 0; i < keys.length; i++) starts[at(keys, i) + 1] = at(starts, at(keys, i) + 1) + 1
  for (let key = 0; key <= limit; key++) starts[key + 1] = at(starts, key + 1) + at(starts, key)
  const order = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const key = at(keys, i)
    const place = at(starts, key)
    order[place] = i
    starts[key] = place + 1
  }
  return order
}

/** The indices, in order, that each number below `size` has in a list of such numbers. */
export function groupsOf(list: Int32Array, size: number): (number: number) => Int32Array {
  const order = orderBy(list, size)
  const starts = new Int32Array(size + 2)
  for (const number of list) starts[number + 1] = at(starts, number + 1) + 1
  for (let number = 0; number < size; number++) starts[number + 1] = at(starts, number + 1) + at(starts, number)
  return (number) => order.subarray(at(starts, number), at(starts, number + 1))
}

/** Positions 0..size-1, of which open intervals are taken away; the nearest free ones are found in nearly constant time. */
export class FreePositions {
  /** Parent links of a union-find forest to the right and to the left; shifted by one for the sentinel at -1. */
  readonly #right: Int32Array
  readonly #left: Int32Array

  constructor(size: number) {
    this.#right = Int32Array.from({ length: size + 2 }, (_, i) => i)
    this.#left = Int32Array.from({ length: size + 2 }, (_, i) => i)
  }

  /** Takes the positions strictly between the two. */
  takeBetween(low: number, high: number): void {
    for (let p = this.atOrAfter(low + 1); p < high; p = this.atOrAfter(p + 1)) this.take(p)
  }

  take(position: number): void {
    this.#right[position + 1] = position + 2
    this.#left[position + 1] = position
  }

  /** The first free position from here on; at least `size` where there is none. */
  atOrAfter(position: number): number {
    return root(this.#right, position + 1) - 1
  }

  /** The last free position up to here; -1 where there is none. */
  atOrBefore(position: number): number {
    return root(this.#left, position + 1) - 1
  }
}

/** Reads an index that is known to be inside. */
export function at(list: ArrayLike<number>, index: number): number {
  return list[index] as number
}

function root(parents: Int32Array, start: number): number {
  let node = start
  for (let parent = at(parents, node); parent !== node; parent = at(parents, node)) {
    const grandparent = at(parents, parent)
    parents[node] = grandparent
    node = grandparent
  }
  return node
}

function rankDense(positions: readonly Float64Array[], low: number, high: number): number {
  const ranks = new Int32Array(high - low + 2)
  for (const list of positions) for (const position of list) if (position !== Number.POSITIVE_INFINITY) ranks[position - low + 1] = 1
  for (let i = 1; i < ranks.length; i++) ranks[i] = at(ranks, i) + at(ranks, i - 1)
  const end = at(ranks, ranks.length - 1)
  for (const list of positions) {
    for (let i = 0; i < list.length; i++) list[i] = at(list, i) === Number.POSITIVE_INFINITY ? end : at(ranks, at(list, i) - low)
  }
  return end
}

function rankSparse(positions: readonly Float64Array[], size: number): number {
  const sorted = new Float64Array(size)
  let filled = 0
  for (const list of positions) {
    sorted.set(list, filled)
    filled += list.length
  }
  sorted.sort()
  let end = 0
  for (let i = 0; i < size; i++) {
    const position = at(sorted, i)
    if (position !== Number.POSITIVE_INFINITY && (end === 0 || at(sorted, end - 1) !== position)) sorted[end++] = position
  }
  for (const list of positions) {
    for (let i = 0; i < list.length; i++) list[i] = at(list, i) === Number.POSITIVE_INFINITY ? end : search(sorted, end, at(list, i))
  }
  return end
}

function search(sorted: Float64Array, length: number, wanted: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(sorted, middle) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
