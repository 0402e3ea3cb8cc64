/** What is found out about a weak level: that it holds, or why it does not. */
import type { CycleStep } from '../anomaly.ts'
import type { LevelBase } from '../level.ts'

/** The levels that are decided in polynomial time even where the order of the writes is not known. */
export type WeakBase = Extract<
  LevelBase,
  'read-uncommitted' | 'read-committed' | 'monotonic-atomic-view' | 'item-cut-isolation' | 'read-atomic' | 'causal'
>

/**
 * An order of two writes that no read shows, but that the level forces: the reader read from the later one although the level made
 * the earlier one visible to it.
 */
export interface ForcedOrder {
  /** The transactions that wrote the key, in the order that is forced. */
  readonly before: number
  readonly after: number
  readonly key: number
  /** The transaction that read the key from `after`. */
  readonly reader: number
  /**
   * How `before` became visible to the reader: a path of dependencies from `before`, the last one's edge leading to the reader.
   * Of monotonic atomic view a read that the reader made earlier, of read atomic one edge, of causal any number.
   */
  readonly because: readonly CycleStep[]
}

export type WeakDecision =
  | { readonly holds: true }
  /**
   * A cycle that the level forbids, each edge leading to the next one's transaction. Each ww edge that is not known is among `forced`,
   * with the same transactions and key. A last edge that is an rw edge leads to what the path before it makes visible.
   */
  | { readonly holds: false; readonly proof: 'cycle'; readonly cycle: readonly CycleStep[]; readonly forced: readonly ForcedOrder[] }
  /** Of cut isolation: two steps (of the table) of a transaction that read different versions of a key. */
  | {
      readonly holds: false
      readonly proof: 'reads'
      readonly transaction: number
      readonly key: number
      readonly steps: readonly [number, number]
    }
