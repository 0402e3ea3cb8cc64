/** How large a picture of pixels can be: browsers draw none that are larger. */

const sideMax = 16_000
const areaMax = 60_000_000
/** So that it can be looked at closely. */
const scaleMax = 2

/** Of the lines above a picture that is saved, at most. */
export const titleHeightMax = 74

interface Size {
  readonly width: number
  readonly height: number
}

/** By how much a picture is enlarged, at least 1; null: it is too large to be drawn. */
export function pngScale({ width, height }: Size): number | null {
  const scale = Math.min(scaleMax, sideMax / width, sideMax / height, Math.sqrt(areaMax / (width * height)))
  return scale < 1 ? null : scale
}

/** How high a picture of some width can be at most, below its title. */
export function pngHeight(width: number): number {
  return Math.floor(Math.min(sideMax, areaMax / width)) - titleHeightMax
}

/** The largest part of a picture that can be drawn, with its title: less of its width before less of its height. */
export function pngPart({ width, height }: Size): Size {
  const high = Math.min(height, sideMax - titleHeightMax)
  const wide = Math.floor(Math.min(width, sideMax, areaMax / (high + titleHeightMax)))
  return { width: wide, height: high }
}
