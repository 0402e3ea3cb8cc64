import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../checker/language/json.ts'
import type { TraceMessage, TraceStep } from '../../document.ts'
import { rowIndex, rowsOf } from './rows.ts'
import { statesOf } from './states.ts'
import { stripRuns } from './strip-runs.ts'
import { nodeAt, short, stateTree, type TreeNode } from './tree.ts'

const local = (lane: number | null): TraceStep => ({ action: 'work', text: 'work()', lane, mark: null, writes: {}, changes: [] })
const message = (sent: number, ended: number | null): TraceMessage => ({
  name: 'm1',
  from: 0,
  to: 1,
  text: 'ping',
  content: 'ping',
  sent,
  ended,
  isLost: false,
  copyOf: null,
})

describe('rows of a diagram', () => {
  const steps = [...Array.from({ length: 5 }, () => local(0)), ...Array.from({ length: 5 }, () => local(1))]

  it('let long local runs of a node stand together, until they are opened or one of their steps is looked at', () => {
    const runs = (opened: readonly number[], shown: number) =>
      rowsOf(steps, [], new Set(opened), shown).flatMap((row) => (row.kind === 'run' ? [[row.first, row.last]] : []))
    expect(runs([], 0)).toEqual([
      [1, 5],
      [6, 10],
    ])
    expect(runs([6], 0)).toEqual([[1, 5]])
    expect(runs([], 3)).toEqual([[6, 10]])
  })

  it('show every step that sends, receives, or is a fault', () => {
    const rows = rowsOf([...steps, { ...local(1), mark: 'crash' }], [message(1, 9)], new Set(), 0)
    expect(rows.flatMap((row) => (row.kind === 'step' ? [row.step] : []))).toEqual([1, 6, 7, 8, 9, 10, 11])
  })

  it('have each step once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(null, 0, 1), { maxLength: 60 }), fc.nat(60), fc.nat(60), (lanes, sent, shown) => {
        const rows = rowsOf(lanes.map(local), sent <= lanes.length ? [message(sent, null)] : [], new Set([shown]), shown)
        const index = rowIndex(rows)
        expect(index).toHaveLength(lanes.length + 1)
        for (const [step, at] of index.entries()) {
          const row = rows[at]
          expect(row?.kind === 'start' ? 0 : row?.kind === 'run' ? step >= row.first && step <= row.last && step : row?.step).toBe(step)
        }
      }),
      { seed: 2026 },
    )
  })
})

describe('states', () => {
  it('are those before, with what each step wrote', () => {
    const steps = [{ ...local(0), writes: { b: 2 } }, local(0), { ...local(0), writes: { a: null } }]
    expect(statesOf({ initial: { a: 0, b: 1 }, steps })).toEqual([
      { a: 0, b: 1 },
      { a: 0, b: 2 },
      { a: 0, b: 2 },
      { a: null, b: 2 },
    ])
  })
})

describe('a state tree', () => {
  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
  const leaves = (nodes: readonly TreeNode[]): TreeNode[] =>
    nodes.flatMap((node) => (node.children.length > 0 ? leaves(node.children) : [node]))

  it('marks what differs, up to the root, and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), fc.dictionary(fc.string(), value), (before, after) => {
        const tree = stateTree(before, after)
        for (const leaf of leaves(tree)) expect(leaf.isChanged).toBe(JSON.stringify(leaf.before) !== JSON.stringify(leaf.after))
        const isConsistent = (node: TreeNode): boolean =>
          node.children.length === 0 || (node.children.some(({ isChanged }) => isChanged) ? node.isChanged : true)
        expect(tree.every(isConsistent)).toBe(true)
        for (const leaf of leaves(tree)) expect(nodeAt(tree, leaf.path)).toBe(leaf)
      }),
      { seed: 2026 },
    )
  })

  it('shows a value on one line', () => {
    expect(short({ kind: 'leader', log: [1, 2] })).toBe('{kind: "leader", log: [1, 2]}')
    expect(short(undefined)).toBe('—')
    expect(short('x'.repeat(100), 10)).toHaveLength(10)
    expect(short({ '\u202eyek': '\u2066eulav' })).toBe('{"\\u{202e}yek":"\\u{2066}eulav"}')
  })
})

describe('runs of a strip', () => {
  it('cover every state once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(true, false, null)), (holds) => {
        expect(stripRuns(holds).flatMap(({ from, to, holds: value }) => Array.from({ length: to - from + 1 }, () => value))).toEqual(holds)
        expect(stripRuns(holds).every((run, i, all) => i === 0 || all[i - 1]?.holds !== run.holds)).toBe(true)
      }),
      { seed: 2026 },
    )
  })
})
