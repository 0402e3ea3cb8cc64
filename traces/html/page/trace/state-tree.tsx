/** A state as a tree: what changed is open and says what it was; what did not is folded. */
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { Scrolled } from '../scrolled.tsx'
import type { StateRecord } from './states.ts'
import { nodeAt, short, stateTree, type TreeNode } from './tree.ts'

interface Properties {
  readonly before: StateRecord
  readonly after: StateRecord
  /** What it is compared with, in words. */
  readonly since: string
}

export function StateTree({ before, after, since }: Properties): JSX.Element {
  const [pinned, setPinned] = useState<readonly string[]>([])
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map())
  const roots = useMemo(() => stateTree(before, after), [before, after])
  const pin = (path: string): void => setPinned(pinned.includes(path) ? pinned.filter((one) => one !== path) : [...pinned, path])
  const context: Context = {
    pinned,
    pin,
    // What came or went as a whole is told on one line.
    isOpen: (node) => opened.get(node.path) ?? (node.isChanged && node.before !== undefined && node.after !== undefined),
    toggle: (node, isOpen) => setOpened(new Map([...opened, [node.path, isOpen]])),
  }
  return (
    <section aria-label="state" class="state">
      <h2>
        State <span class="faint">{since}</span>
      </h2>
      {pinned.length > 0 && (
        <ul class="pinned" aria-label="watched">
          {pinned.map((path) => (
            <Pinned key={path} path={path} node={nodeAt(roots, path)} onPin={() => pin(path)} />
          ))}
        </ul>
      )}
      <Scrolled label="the state as a tree">
        <ul class="tree">
          {roots.map((node) => (
            <Branch key={node.path} node={node} context={context} />
          ))}
        </ul>
      </Scrolled>
    </section>
  )
}

interface Context {
  readonly pinned: readonly string[]
  readonly pin: (path: string) => void
  readonly isOpen: (node: TreeNode) => boolean
  readonly toggle: (node: TreeNode, isOpen: boolean) => void
}

function Branch({ node, context }: { readonly node: TreeNode; readonly context: Context }): JSX.Element {
  const isOpen = node.children.length > 0 && context.isOpen(node)
  const isPinned = context.pinned.includes(node.path)
  return (
    <li class={node.isChanged ? 'changed' : undefined}>
      {node.children.length > 0 ? (
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => context.toggle(node, !isOpen)}>
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> <bdi>{node.name}</bdi>
        </button>
      ) : (
        <span class="leaf">
          <bdi>{node.name}</bdi>
        </span>
      )}
      {!isOpen && <Value node={node} />}
      <button
        type="button"
        class="pin"
        aria-pressed={isPinned}
        aria-label={`watch ${node.name}`}
        title={isPinned ? 'watched: stays on top' : 'watch'}
        onClick={() => context.pin(node.path)}
      >
        {isPinned ? '★' : '☆'}
      </button>
      {isOpen && (
        <ul>
          {node.children.map((child) => (
            <Branch key={child.path} node={child} context={context} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Value({ node: { before, after, isChanged } }: { readonly node: TreeNode }): JSX.Element {
  if (!isChanged) return <code class="value">{short(after)}</code>
  return (
    <code class="value">
      {before !== undefined && <del>{short(before)}</del>}
      {before !== undefined && after !== undefined && ' → '}
      {after !== undefined && <ins>{before === undefined ? `+ ${short(after)}` : short(after)}</ins>}
    </code>
  )
}

function Pinned({ path, node, onPin }: { readonly path: string; readonly node: TreeNode | null; readonly onPin: () => void }): JSX.Element {
  const name = (JSON.parse(path) as string[]).join(' · ')
  return (
    <li class={node?.isChanged ? 'changed' : undefined}>
      <bdi>{name}</bdi> {node === null ? <span class="faint">is not there</span> : <Value node={node} />}
      <button type="button" class="pin" aria-label={`no longer watch ${name}`} onClick={onPin}>
        ★
      </button>
    </li>
  )
}
