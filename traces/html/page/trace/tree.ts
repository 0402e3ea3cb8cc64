/** Two values as one tree: what is the same, what changed, what came and what went. */
import type { Json } from '../../../../checker/language/json.ts'

export interface TreeNode {
  readonly name: string
  /** Names from the root on, as JSON: it tells nodes apart. */
  readonly path: string
  readonly before: Json | undefined
  readonly after: Json | undefined
  readonly isChanged: boolean
  /** Empty for what has no parts, and where one side has none: then it is shown as a whole. */
  readonly children: readonly TreeNode[]
}

/** The slots of two states. Members of a family stand under its name. */
export function stateTree(before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>): readonly TreeNode[] {
  return children(before, after, [])
}

function node(name: string, before: Json | undefined, after: Json | undefined, above: readonly string[]): TreeNode {
  const names = [...above, name]
  const isChanged = before !== after && JSON.stringify(before) !== JSON.stringify(after)
  return { name, path: JSON.stringify(names), before, after, isChanged, children: children(before, after, names) }
}

function children(before: Json | undefined, after: Json | undefined, above: readonly string[]): TreeNode[] {
  const [was, is] = [parts(before), parts(after)]
  if (was === null && is === null) return []
  if ((was === null && before !== undefined) || (is === null && after !== undefined)) return []
  const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])]
  return names.map((name) => node(name, was?.[name], is?.[name], above))
}

function parts(value: Json | undefined): Readonly<Record<string, Json>> | null {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Json>>) : null
}

/** The node of a path, where there is one. */
export function nodeAt(roots: readonly TreeNode[], path: string): TreeNode | null {
  for (const root of roots) {
    if (root.path === path) return root
    if (path.startsWith(`${root.path.slice(0, -1)},`)) return nodeAt(root.children, path)
  }
  return null
}

/** A value on one line. Control, direction and invisible characters are escaped, as in a terminal: they would turn round what stands beside them. */
export function short(value: Json | undefined, max = 80): string {
  if (value === undefined) return '—'
  const text = JSON.stringify(value)
    .replace(/"([A-Za-z_][\w-]*)":/g, '$1: ')
    .replace(/,/g, ', ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
  return text.length > max ? `${text.slice(0, max - 1)}…` : text
}
