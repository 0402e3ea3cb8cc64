/** Of a list that is too long, the part around what is looked at. */

export interface Part {
  readonly from: number
  /** The last one. */
  readonly to: number
}

/** At most so many of a list, with what is looked at in the middle where there is as much on either side. */
export function around(count: number, at: number, most: number): Part {
  const size = Math.min(count, most)
  const from = Math.max(0, Math.min(count - size, at - Math.floor(size / 2)))
  return { from, to: from + size - 1 }
}
