/** Why a level is violated, as a story that can be told and drawn. */
import type { AnomalyName, CycleStep } from './anomaly.ts'
import { rt, rw, so, wr } from './edge.ts'
import { type Story, storyOf } from './explain.ts'
import { storyOfWeak } from './explain-weak.ts'
import type { IsolationJudgement, LevelJudgement } from './judge-isolation.ts'

/** `null` where there is nothing to tell: the level holds, is not decided, or is told of with the level that implies it. */
export function storyOfLevel({ level, because }: LevelJudgement, judgement: IsolationJudgement): Story | null {
  const { facts, levels } = judgement
  switch (because.kind) {
    case 'anomaly':
      return storyOf(because.anomaly, facts)
    case 'weak':
      return storyOfWeak(level, because.decision, facts)
    case 'strong': {
      const { cycle } = because.decision
      return storyOf({ name: nameOf(cycle), transactions: cycle.map(({ transaction }) => transaction), cycle, key: -1 }, facts)
    }
    case 'implied': {
      const other = levels.find((one) => one.level === because.by)
      return other && other.verdict === 'violated' ? storyOfLevel(other, judgement) : null
    }
    default:
      return null
  }
}

/** What a cycle is called by the kinds of its edges. */
function nameOf(cycle: readonly CycleStep[]): AnomalyName {
  const kinds = cycle.map(({ kind }) => kind)
  const antiDependencies = kinds.filter((kind) => kind === rw).length
  const suffix = kinds.includes(rt) ? '-realtime' : kinds.includes(so) ? '-session' : ''
  if (antiDependencies === 0) return `${kinds.includes(wr) ? 'G1c' : 'G0'}${suffix}`
  if (antiDependencies === 1) return `G-single${suffix}`
  if (kinds.every((kind, i) => kind !== rw || kinds.at(i - 1) !== rw)) return `G-nonadjacent${suffix}`
  return cycle.length === 2 && cycle[0]?.key !== cycle[1]?.key ? 'write-skew' : `G2-item${suffix}`
}
