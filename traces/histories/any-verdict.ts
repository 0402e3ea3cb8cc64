/** A file that was judged, whether it is of single operations, of transactions, or of a workload with an invariant. */
import { anomalyDocument } from '../../properties/isolation/evidence/anomaly-document.ts'
import { cycleDot, cycleMermaid } from '../../properties/isolation/evidence/draw-cycle.ts'
import { storyOfLevel } from '../../properties/isolation/evidence/story-of-level.ts'
import { subHistory } from '../../properties/isolation/evidence/sub-history.ts'
import type { IsolationJudgement, LevelJudgement } from '../../properties/isolation/judge-isolation.ts'
import { verdictDocument, worstVerdict } from './verdict-document.ts'
import type { FileVerdict } from './verify-file.ts'
import type { TransactionsVerdict } from './verify-transactions.ts'
import type { WorkloadVerdict } from './verify-workload.ts'
import { workloadDocument } from './workload-document.ts'

export type AnyVerdict = FileVerdict | TransactionsVerdict | WorkloadVerdict

/** What was found of each level. */
export function levelVerdicts(found: AnyVerdict): readonly LevelJudgement['verdict'][] {
  if ('kind' in found && found.kind === 'workload') return [found.decision.verdict]
  const judged = 'kind' in found ? found.judgement.levels : found.judgements
  return judged.map(({ verdict }) => verdict)
}

/** The document of one file, as plain data for other programs. */
export function anyDocument(found: AnyVerdict): Readonly<Record<string, unknown>> {
  if (!('kind' in found)) return verdictDocument(found)
  return found.kind === 'workload' ? workloadDocument(found) : transactionsDocument(found)
}

/** A picture of the first cycle of dependencies that violates one of the levels judged; null where there is none. */
export function cycleGraph({ judgement }: TransactionsVerdict, language: 'dot' | 'mermaid'): string | null {
  for (const level of judgement.levels) {
    const story = level.verdict === 'violated' ? storyOfLevel(level, judgement) : null
    if (story !== null && story.edges.length > 0) return language === 'dot' ? cycleDot(story) : cycleMermaid(story)
  }
  return null
}

function transactionsDocument(found: TransactionsVerdict): Readonly<Record<string, unknown>> {
  const { file, format, model, events, annotations, reading, judgement } = found
  const { transactions, operations, levels, strongest, weakest, anomalies, seconds } = judgement
  const names = [...new Set(anomalies.map(({ name }) => name))]
  const [only] = levels
  const about = {
    transactions,
    anomalies: Object.fromEntries(names.map((name) => [name, judgement.counts.get(name) ?? 1])),
    format,
    reading,
    events,
    annotations,
  }
  if (only && levels.length === 1) {
    const { level, verdict, algorithm } = only
    return { file, model, level, verdict, operations, algorithm, seconds, evidence: evidence(only, judgement), ...about }
  }
  return {
    file,
    model,
    level: 'all',
    verdict: worstVerdict(levelVerdicts(found)),
    operations,
    seconds,
    strongest,
    weakest,
    levels: levels.map((one) => ({
      level: one.level,
      verdict: one.verdict,
      algorithm: one.algorithm,
      seconds: one.seconds,
      evidence: evidence(one, judgement),
    })),
    ...about,
  }
}

/** Of a level that another implies: which. */
function evidence(level: LevelJudgement, judgement: IsolationJudgement): Readonly<Record<string, unknown>> | null {
  const { because } = level
  switch (because.kind) {
    case 'decided':
      return null
    case 'implied':
      return { impliedBy: because.by }
    case 'limit':
      return { limit: because.limit, reached: because.reached }
    case 'inapplicable':
      return { reason: because.reason }
    default: {
      const story = storyOfLevel(level, judgement)
      if (story === null) return null
      const graphs = story.edges.length === 0 ? {} : { dot: cycleDot(story), mermaid: cycleMermaid(story) }
      return { ...anomalyDocument(story), ...graphs, history: subHistory(story) }
    }
  }
}
