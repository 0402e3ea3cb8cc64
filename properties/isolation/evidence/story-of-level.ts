/** Why a level is violated, as a story that can be told and drawn. */

import type { IsolationJudgement, LevelJudgement } from '../judge-isolation.ts'
import { type Story, storyOf } from './explain.ts'
import { storyOfProof } from './explain-proof.ts'
import { storyOfWeak } from './explain-weak.ts'

/** `null` where there is nothing to tell: the level holds, is not decided, or is told of with the level that implies it. */
export function storyOfLevel({ level, because }: LevelJudgement, judgement: IsolationJudgement): Story | null {
  const { facts, levels } = judgement
  switch (because.kind) {
    case 'anomaly':
      return storyOf(because.anomaly, facts)
    case 'weak':
      return storyOfWeak(level, because.decision, facts)
    case 'strong':
      return storyOfProof(level, because.decision.proof, facts)
    case 'implied': {
      const other = levels.find((one) => one.level === because.by)
      return other && other.verdict === 'violated' ? storyOfLevel(other, judgement) : null
    }
    default:
      return null
  }
}
