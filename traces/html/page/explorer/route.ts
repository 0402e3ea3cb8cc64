/**
 * Where somebody is in the explorer, and where they have been: the path, the state of it that is looked at, and the ends of the other
 * branches. All of it is in the hash of the URL, so that a link shows the same, also after the server was started again.
 */
import type { Path } from '../../../explorer/api.ts'

export interface Route {
  /** The number of the initial state, then of each choice. Never empty. */
  readonly path: Path
  /** The state that is looked at: 0 is the initial one. */
  readonly at: number
  /** Other paths; none of them, nor the path, is the beginning of another. */
  readonly branches: readonly Path[]
}

/** So many branches are remembered; the oldest is forgotten first. */
export const branchesMax = 100

/** `#path=0.2.1&at=1&branches=1:4.0`; what is missing or makes no sense is left as at the start. */
export function readRoute(hash: string): Route {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const path = numbers(given.get('path') ?? '') ?? [0]
  if (path.length === 0) return { path: [0], at: 0, branches: [] }
  const at = Number(given.get('at') ?? path.length - 1)
  const branches = (given.get('branches') ?? '').split('~').flatMap((text) => {
    const [shared = '', rest = ''] = text.split(':')
    const own = numbers(rest)
    return /^\d+$/.test(shared) && own !== null && own.length > 0 ? [[...path.slice(0, Number(shared)), ...own]] : []
  })
  return { path, at: Number.isInteger(at) && at >= 0 && at < path.length ? at : path.length - 1, branches: tips(branches, path) }
}

/** @param digest the beginning of the digest of the state that is looked at, by which a link notices that it leads elsewhere now */
export function writeRoute({ path, at, branches }: Route, digest = ''): string {
  const others = branches.map((branch) => {
    const shared = sharedLength(branch, path)
    return `${shared}:${branch.slice(shared).join('.')}`
  })
  const parts = [
    `path=${path.join('.')}`,
    ...(at === path.length - 1 ? [] : [`at=${at}`]),
    ...(others.length === 0 ? [] : [`branches=${others.join('~')}`]),
    ...(digest === '' ? [] : [`state=${digest}`]),
  ]
  return `#${parts.join('&')}`
}

/** The digest that a link was made with, if it has one. */
export function readDigest(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('state')
}

/** Looks at another state of the path. */
export function movedTo(route: Route, at: number): Route {
  return { ...route, at: Math.max(0, Math.min(route.path.length - 1, at)) }
}

/** Goes to the end of a path, which may lie on the one that is there, or on a branch; what is left is remembered as a branch. */
export function wentTo(route: Route, path: Path): Route {
  const known = [route.path, ...route.branches].find((other) => isBeginning(path, other)) ?? path
  return { path: known, at: path.length - 1, branches: tips([...route.branches, route.path], known) }
}

/** Leaves a branch out. */
export function forgotten(route: Route, branch: Path): Route {
  return { ...route, branches: route.branches.filter((other) => other !== branch) }
}

/** How many choices two paths begin with alike. */
export function sharedLength(a: Path, b: Path): number {
  let shared = 0
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++
  return shared
}

/** What is no beginning of another one, without doubles, in order. */
function tips(branches: readonly Path[], path: Path): readonly Path[] {
  const kept: Path[] = []
  for (const branch of branches.toReversed()) if (![path, ...kept].some((other) => isBeginning(branch, other))) kept.unshift(branch)
  return kept.filter((branch, i) => !kept.some((other, j) => i !== j && isBeginning(branch, other))).slice(-branchesMax)
}

function isBeginning(path: Path, of: Path): boolean {
  return sharedLength(path, of) === path.length
}

function numbers(text: string): number[] | null {
  if (!/^\d{1,9}(?:\.\d{1,9})*$/.test(text)) return null
  return text.split('.').map(Number)
}
