/**
 * What has been walked as a tree that branches where the paths part. At each parting one way goes on in the same line, which is the
 * present path wherever it leads, and the others hang below the place; so the picture is no deeper than it has to be. Long pieces without
 * a parting stand together.
 */
import type { Path } from '../../../explorer/api.ts'
import type { Route } from './route.ts'

/** A place on a path: the first `length` numbers of it. */
export interface Place {
  readonly along: Path
  readonly length: number
}

export type Line =
  | {
      readonly kind: 'place'
      readonly place: Place
      /** Whether it is the one that is looked at. */
      readonly isHere: boolean
      /** The branch whose end it is; null: none, or that of the present path. */
      readonly end: Path | null
      /** The other ways that were taken from here. */
      readonly ways: readonly Limb[]
    }
  | { readonly kind: 'run'; readonly places: readonly Place[] }

/** Lines from top to bottom. */
export type Limb = readonly Line[]

export interface PathTree {
  /** The present path. */
  readonly path: Limb
  /** What began in other initial states. */
  readonly elsewhere: readonly Limb[]
}

/** Fewer steps are quicker to read than to open. */
const runMin = 3

export function pathTree({ path, at, branches }: Route): PathTree {
  const [own = [], ...elsewhere] = parted([path, ...branches], 0)
  return {
    path: limbOf(own, 1, (place) => place.along === path && place.length === at + 1, path),
    elsewhere: elsewhere.map((paths) => limbOf(paths, 1, () => false, path)),
  }
}

/** The path to a place. */
export function pathOf({ along, length }: Place): Path {
  return along.slice(0, length)
}

/** @param paths those that begin alike, for `from` numbers; the first one goes on in this limb */
function limbOf(paths: readonly Path[], from: number, isHere: (place: Place) => boolean, present: Path): Limb {
  const lines: Line[] = []
  let gathered: Place[] = []
  const flush = (): void => {
    if (gathered.length >= runMin) lines.push({ kind: 'run', places: gathered })
    else for (const place of gathered) lines.push({ kind: 'place', place, isHere: false, end: null, ways: [] })
    gathered = []
  }
  let [alike, hasParted] = [paths, true]
  for (let length = from; alike[0] !== undefined && length <= alike[0].length; length++) {
    const along = alike[0]
    const place = { along, length }
    const [onward = [], ...others] = length < along.length ? parted(alike, length) : []
    const isEnd = length === along.length
    if (hasParted || isEnd || others.length > 0 || isHere(place)) {
      flush()
      lines.push({
        kind: 'place',
        place,
        isHere: isHere(place),
        end: isEnd && along !== present ? along : null,
        ways: others.map((way) => limbOf(way, length + 1, isHere, present)),
      })
    } else gathered.push(place)
    hasParted = others.length > 0
    if (!isEnd) alike = onward
  }
  return lines
}

/** Groups paths by their number at a place: that of the first path first, the others in the model's order. */
function parted(paths: readonly Path[], place: number): readonly (readonly Path[])[] {
  const groups = new Map<number, Path[]>()
  for (const path of paths) {
    const choice = path[place] ?? 0
    const group = groups.get(choice)
    if (group === undefined) groups.set(choice, [path])
    else group.push(path)
  }
  const [first = [], ...others] = groups.values()
  return [first, ...others.sort((a, b) => (a[0]?.[place] ?? 0) - (b[0]?.[place] ?? 0))]
}
