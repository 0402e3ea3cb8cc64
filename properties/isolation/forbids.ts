/** Which levels an anomaly rules out, by the conditions in level.ts: what is told of the anomaly alone, without the rest of the history. */
import type { Anomaly, AnomalyName, CycleStep } from './anomaly.ts'
import { rt, rw, so, wr, ww } from './edge.ts'
import type { LevelBase, LevelMeaning } from './level.ts'

const fromReadCommitted: readonly LevelBase[] = [
  'read-committed',
  'monotonic-atomic-view',
  'read-atomic',
  'causal',
  'prefix',
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'update-serializable',
  'repeatable-read',
  'serializable',
]
const fromReadUncommitted: readonly LevelBase[] = ['read-uncommitted', ...fromReadCommitted]
const fromAtomicView = fromReadCommitted.slice(1)
const noLostUpdates: readonly LevelBase[] = [
  'parallel-snapshot-isolation',
  'snapshot-isolation',
  'update-serializable',
  'repeatable-read',
  'serializable',
]

/** Of anomalies that are no cycles: the levels that have none of them, in all variants. */
const ruledOut: Readonly<Partial<Record<AnomalyName, readonly LevelBase[]>>> = {
  'duplicate-elements': fromReadUncommitted,
  'cyclic-versions': fromReadUncommitted,
  G1a: fromReadCommitted,
  G1b: fromReadCommitted,
  'thin-air-read': fromReadCommitted,
  'future-read': fromReadCommitted,
  'dirty-update': fromReadCommitted,
  'incompatible-order': fromReadCommitted,
  internal: fromAtomicView,
  'non-repeatable-read': ['item-cut-isolation'],
  'lost-update': noLostUpdates,
}

/** @param isReadOnly whether a transaction writes nothing */
export function forbids(level: LevelMeaning, anomaly: Anomaly, isReadOnly: (transaction: number) => boolean): boolean {
  if (anomaly.cycle) return forbidsCycle(level, anomaly.cycle, isReadOnly)
  return ruledOut[anomaly.name]?.includes(level.base) ?? false
}

/** Whether the level has no cycle of these kinds of edges; false also where that depends on more than kinds. */
export function forbidsCycle(
  { base, order }: LevelMeaning,
  cycle: readonly CycleStep[],
  isReadOnly: (transaction: number) => boolean,
): boolean {
  const kinds = cycle.map(({ kind }) => kind)
  if (kinds.includes(rt) && order !== 'real-time') return false
  if (kinds.includes(so) && order === 'none' && base !== 'causal') return false
  const antiDependencies = kinds.filter((kind) => kind === rw).length
  const others = kinds.filter((kind) => kind !== rw)
  const before = (i: number): number => kinds.at(i - 1) as number
  switch (base) {
    case 'item-cut-isolation':
      return false
    case 'read-uncommitted':
      return !kinds.includes(rw) && !kinds.includes(wr)
    case 'read-committed':
    case 'monotonic-atomic-view':
      return antiDependencies === 0
    case 'read-atomic':
      // Session order is transitive, and so is real time, but not the two together.
      return (
        antiDependencies === 0 ||
        (antiDependencies === 1 &&
          !kinds.includes(ww) &&
          (others.length === 1 || others.every((kind) => (kind === so || kind === rt) && kind === others[0])))
      )
    case 'causal':
      return antiDependencies === 0 || (antiDependencies === 1 && !kinds.includes(ww))
    case 'prefix':
      return kinds.every((kind, i) => kind !== rw || (before(i) !== rw && before(i) !== ww))
    case 'parallel-snapshot-isolation':
      return antiDependencies <= 1
    case 'snapshot-isolation':
      return kinds.every((kind, i) => kind !== rw || before(i) !== rw)
    case 'update-serializable':
      // Without anti-dependencies it is not read committed either, whoever is in it.
      return antiDependencies === 0 || cycle.filter(({ transaction }) => isReadOnly(transaction)).length <= 1
    case 'repeatable-read':
    case 'serializable':
      return true
  }
}
