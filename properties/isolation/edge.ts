/** How one transaction depends on another (Adya, Weak Consistency, MIT 1999, section 3.1; Cerone and Gotsman, PODC 2016). */

/** The second overwrites what the first wrote. */
export const ww = 1
/** The second reads what the first wrote. */
export const wr = 2
/** The second overwrites what the first read: an anti-dependency. */
export const rw = 4
/** The first comes before the second in their session. */
export const so = 8
/** The first ended before the second began. */
export const rt = 16

export type EdgeKind = typeof ww | typeof wr | typeof rw | typeof so | typeof rt

/** A dependency with what proves it. */
export interface Edge {
  readonly from: number
  readonly to: number
  readonly kind: EdgeKind
  /** The key of a ww, wr or rw edge; -1 else. */
  readonly key: number
}
