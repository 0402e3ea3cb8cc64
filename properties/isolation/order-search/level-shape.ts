/**
 * Each level as a graph in which it forbids cycles. A transaction is `stride` nodes there, and each dependency one edge or a few between
 * them, its arcs.
 *
 *     serializable        one node. acyclic(D ∪ RW) as it stands.
 *     snapshot-isolation  start (0) and commit (1), an arc from start to commit; D leads from commit to start, RW from start to
 *                         commit. What leaves a commit is D only, what leaves a start is RW or the arc to its commit: so walks from
 *                         commit to commit are those of D ; RW?, and the graph has a cycle exactly if D ; RW? has.
 *     prefix              likewise, but WW leads from commit to commit: walks between commits are those of (WR ∪ O) ; RW? ∪ WW.
 *     parallel-…          two layers: D leads from a layer to itself, RW from the first (0) to the second (1). A cycle of D+ ; RW? is a
 *                         cycle in the first layer or a walk from a transaction's first node to its second.
 *     update-serializable those that write have a node in a layer before any that does not (0), after it (1), and in a graph of D
 *                         alone (2), which read committed asks to be acyclic too. One that does not write has a node between the
 *                         layers (0) and one in the graph of D (2). A cycle is one in a layer, or a walk from 0 to 1 of a transaction.
 *
 * Of the last two, walks between the nodes of one transaction are forbidden beside cycles: `closings` of a dependency from u to v are
 * the walks from v back to u that would make it a forbidden one, cycles among them.
 */
import type { LevelBase } from '../level.ts'

/** The levels that are NP-complete to decide where the order of the writes is not known (Biswas and Enea, OOPSLA 2019). */
export type StrongBase = Extract<
  LevelBase,
  'prefix' | 'parallel-snapshot-isolation' | 'snapshot-isolation' | 'update-serializable' | 'repeatable-read' | 'serializable'
>

/** Pairs of nodes, one after another: which of the first transaction, which of the second. */
export type NodePairs = readonly number[]

/** By whether the first transaction only reads (2) plus whether the second does (1). */
export type ByReadOnly = readonly [NodePairs, NodePairs, NodePairs, NodePairs]

export interface LevelShape {
  /** How many nodes a transaction has. */
  readonly stride: number
  /** Which of them is when it writes: those of the writes of a key are in the order of the writes. */
  readonly writeNode: number
  /** Between the nodes of each transaction. */
  readonly inner: NodePairs
  /** Of WR and O. */
  readonly dep: ByReadOnly
  readonly ww: ByReadOnly
  readonly rw: ByReadOnly
  /** Walks back, from a node of the second transaction to one of the first. */
  readonly closings: { readonly ww: ByReadOnly; readonly rw: ByReadOnly }
  /** Those of them that are not arcs turned round, and so no cycles. */
  readonly walksBack: { readonly ww: ByReadOnly; readonly rw: ByReadOnly }
  /** Of each node of a transaction: whether walks back can begin there. */
  readonly isSource: readonly boolean[]
  /** Whether walks from node 0 to node 1 of a transaction are forbidden. */
  readonly hasLayers: boolean
  /** Whether a transaction that reads a version and overwrites it lets no other write come between. */
  readonly hasRuns: boolean
  /** Whether it matters which transactions only read. */
  readonly distinguishesReadOnly: boolean
}

export function shapeOf(base: StrongBase): LevelShape {
  switch (base) {
    case 'prefix':
      return prefix
    case 'parallel-snapshot-isolation':
      return parallel
    case 'snapshot-isolation':
      return snapshot
    case 'update-serializable':
      return updates
    case 'repeatable-read':
    case 'serializable':
      return serializable
  }
}

const always = (pairs: NodePairs): ByReadOnly => [pairs, pairs, pairs, pairs]
const reversed = (pairs: NodePairs): NodePairs => pairs.map((_, i) => pairs[i ^ 1] as number)

function plain(
  shape: Pick<LevelShape, 'stride' | 'writeNode' | 'inner' | 'hasRuns' | 'isSource'>,
  dep: NodePairs,
  ww: NodePairs,
  rw: NodePairs,
): LevelShape {
  return {
    ...shape,
    dep: always(dep),
    ww: always(ww),
    rw: always(rw),
    closings: { ww: always(reversed(ww)), rw: always(reversed(rw)) },
    walksBack: { ww: always([]), rw: always([]) },
    hasLayers: false,
    distinguishesReadOnly: false,
  }
}

const serializable = plain({ stride: 1, writeNode: 0, inner: [], hasRuns: true, isSource: [true] }, [0, 0], [0, 0], [0, 0])
const snapshot = plain({ stride: 2, writeNode: 0, inner: [0, 1], hasRuns: true, isSource: [true, true] }, [1, 0], [1, 0], [0, 1])
const prefix = plain({ stride: 2, writeNode: 1, inner: [0, 1], hasRuns: false, isSource: [true, true] }, [1, 0], [1, 1], [0, 1])

const parallel: LevelShape = {
  stride: 2,
  writeNode: 0,
  inner: [],
  dep: always([0, 0, 1, 1]),
  ww: always([0, 0, 1, 1]),
  rw: always([0, 1]),
  closings: { ww: always([0, 0, 0, 1]), rw: always([0, 0]) },
  walksBack: { ww: always([0, 1]), rw: always([0, 0]) },
  isSource: [true, false],
  hasLayers: true,
  hasRuns: true,
  distinguishesReadOnly: false,
}

const updates: LevelShape = {
  stride: 3,
  writeNode: 0,
  inner: [],
  dep: [
    [0, 0, 1, 1, 2, 2],
    [0, 0, 2, 2],
    [0, 1, 2, 2],
    [2, 2],
  ],
  ww: always([0, 0, 1, 1, 2, 2]),
  rw: [[0, 0, 1, 1], [], [0, 1], []],
  closings: {
    ww: always([0, 0, 0, 1, 2, 2]),
    rw: [[0, 0, 0, 1], [], [0, 0], []],
  },
  walksBack: { ww: always([0, 1]), rw: [[0, 1], [], [0, 0], []] },
  isSource: [true, false, true],
  hasLayers: true,
  hasRuns: true,
  distinguishesReadOnly: true,
}
