/** The report of a history that was judged. */
import { type AnyVerdict, levelVerdicts } from '../histories/any-verdict.ts'
import { verdictText } from '../histories/picture-verdict.ts'
import { workloadLevel } from '../histories/show-workload.ts'
import { worstVerdict } from '../histories/verdict-document.ts'
import type { FileVerdict } from '../histories/verify-file.ts'
import type { TransactionsVerdict } from '../histories/verify-transactions.ts'
import type { WorkloadVerdict } from '../histories/verify-workload.ts'
import type { Fact, ReportDocument, ReportView } from './document.ts'
import { findingsView } from './findings-view.ts'
import { historyView, tones } from './history-view.ts'
import { transactionsView } from './transactions-view.ts'

/** Levels that have a view of their own where several were judged. */
const levelsMax = 4
/** Operations in a page, all its views together. */
const operationsMax = 20_000

/** @param command what judges the file again */
export function verdictReport(found: AnyVerdict, command: string): ReportDocument {
  const { sentence, facts, views } = partsOf(found)
  const verdicts = levelVerdicts(found)
  const tone = tones[verdicts.length === 1 ? (verdicts[0] ?? 'unknown') : worstVerdict(verdicts)]
  return { header: { title: found.file, tone, sentence, facts, command }, views }
}

interface Parts {
  readonly sentence: string
  readonly facts: readonly Fact[]
  readonly views: readonly ReportView[]
}

function partsOf(found: AnyVerdict): Parts {
  if (!('kind' in found)) return historyParts(found)
  return found.kind === 'workload' ? workloadParts(found) : transactionsParts(found)
}

function historyParts(found: FileVerdict): Parts {
  const { judgements, model, format, events } = found
  const [first] = judgements
  const told = toldOf(judgements)
  return {
    sentence: sentenceOf(judgements),
    facts: [
      { name: 'model', value: model },
      { name: 'operations', value: counted(first?.operations ?? 0) },
      ...(first !== undefined && first.objects > 1 ? [{ name: 'keys', value: counted(first.objects) }] : []),
      { name: 'events', value: counted(events) },
      { name: 'format', value: format },
      ...levelFacts(judgements, ['violated', 'holds', 'unknown', 'inapplicable']),
      ...timeFacts(judgements),
    ],
    views: told.map((judgement) => historyView(found, judgement, Math.floor(operationsMax / told.length))),
  }
}

function transactionsParts(found: TransactionsVerdict): Parts {
  const { judgement, model, format, events } = found
  const { levels, transactions, anomalies, seconds, strongest, weakest } = judgement
  const names = [...new Set(anomalies.map(({ name }) => name))]
  return {
    sentence: sentenceOf(levels),
    facts: [
      { name: 'model', value: model },
      ...Object.entries(transactions).flatMap(([name, count]) => (count === 0 ? [] : [{ name, value: counted(count) }])),
      { name: 'events', value: counted(events) },
      { name: 'format', value: format },
      ...(levels.length === 1
        ? []
        : [
            { name: 'strongest that hold', value: strongest.join(', ') || 'none' },
            { name: 'weakest violated', value: weakest.join(', ') || 'none' },
            ...levelFacts(levels, ['unknown', 'inapplicable']),
          ]),
      ...(names.length === 0 ? [] : [{ name: 'anomalies', value: names.join(', ') }]),
      ...(levels.length === 1 && levels[0] !== undefined ? [{ name: 'by', value: levels[0].algorithm }] : []),
      { name: 'time', value: elapsed(seconds) },
    ],
    views: toldOf(levels).map((level) => transactionsView(found, level)),
  }
}

function workloadParts(found: WorkloadVerdict): Parts {
  const { model, format, history, decision, seconds } = found
  return {
    sentence: verdictText({ level: workloadLevel(model), verdict: decision.verdict }).text,
    facts: [
      { name: 'model', value: model },
      { name: 'operations', value: counted(decision.operations) },
      { name: 'events', value: counted(history.length) },
      { name: 'format', value: format },
      { name: 'time', value: elapsed(seconds) },
    ],
    views: [findingsView(found)],
  }
}

type Level = Parameters<typeof verdictText>[0]

/** Those that are violated, but for what others show already; else the first that holds, or else that is unknown. */
function toldOf<L extends Level & { readonly because?: { readonly kind: string } }>(levels: readonly L[]): readonly L[] {
  const violated = levels.filter(({ verdict }) => verdict === 'violated')
  const [first] = levels
  if (violated.length > 0) {
    const own = violated.filter(({ because }) => because?.kind !== 'implied')
    return (own.length === 0 ? violated : own).slice(0, levelsMax)
  }
  const one = levels.find(({ verdict }) => verdict === 'holds') ?? levels.find(({ verdict }) => verdict === 'unknown') ?? first
  return one === undefined ? [] : [one]
}

function sentenceOf(levels: readonly Level[]): string {
  const [first] = levels
  if (first !== undefined && levels.length === 1) return verdictText(first).text
  const violated = levels.filter(({ verdict }) => verdict === 'violated').length
  const judged = levels.filter(({ verdict }) => verdict !== 'inapplicable').length
  if (violated > 0) return `${violated} of ${judged} levels are violated`
  const unknown = levels.filter(({ verdict }) => verdict === 'unknown').length
  return unknown > 0 ? `of ${judged} levels ${unknown} are unknown, and none is violated` : `all ${judged} levels that apply hold`
}

/** Of several levels: which. */
function levelFacts(levels: readonly Level[], verdicts: readonly Level['verdict'][]): Fact[] {
  if (levels.length === 1) return []
  return verdicts.flatMap((wanted) => {
    const names = levels.filter(({ verdict }) => verdict === wanted).map(({ level }) => level)
    return names.length === 0 ? [] : [{ name: factNames[wanted], value: names.join(', ') }]
  })
}

const factNames = { violated: 'violated', holds: 'hold', unknown: 'unknown', inapplicable: 'do not apply' } as const

function timeFacts(judgements: FileVerdict['judgements']): Fact[] {
  const [only] = judgements
  const seconds = judgements.reduce((sum, one) => sum + one.seconds, 0)
  return [
    ...(only !== undefined && judgements.length === 1 ? [{ name: 'by', value: only.algorithm }] : []),
    { name: 'time', value: elapsed(seconds) },
  ]
}

function counted(count: number): string {
  return count.toLocaleString('en')
}

function elapsed(seconds: number): string {
  return seconds < 0.1 ? `${(1000 * seconds).toFixed(1)} ms` : `${seconds.toFixed(2)} s`
}
