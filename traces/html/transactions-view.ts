/** Transactions, judged at one level, as the page of a report shows them: the cycle that is forbidden, and all of them in time. */
import { type EdgeKind, rt, rw, so, wr, ww } from '../../properties/isolation/edge.ts'
import { type DrawnEdge, drawnEdges } from '../../properties/isolation/evidence/draw-cycle-edges.ts'
import type { Story } from '../../properties/isolation/evidence/explain.ts'
import { Cast } from '../../properties/isolation/evidence/explain-cast.ts'
import { keyText, stepText } from '../../properties/isolation/evidence/explain-words.ts'
import { storyOfLevel } from '../../properties/isolation/evidence/story-of-level.ts'
import type { LevelJudgement } from '../../properties/isolation/judge-isolation.ts'
import { aborted, committed, type TransactionTable } from '../../properties/isolation/table/transaction-table.ts'
import type { TransactionsVerdict } from '../histories/verify-transactions.ts'
import type { DependencyEdge, TransactionBar, TransactionsView } from './document.ts'
import { tones } from './history-view.ts'

/** Of more transactions those near the cycle are shown. */
const transactionsMax = 2000

export function transactionsView({ judgement }: TransactionsVerdict, level: LevelJudgement): TransactionsView {
  const { table } = judgement
  const story = storyOfLevel(level, judgement)
  const edges = story === null ? [] : drawnEdges(story)
  // The edges may have brought in others: who appears is known only now.
  const cast = story?.cast ?? new Cast(table)
  const shown = nearTo(table, cast.transactions)
  return {
    kind: 'transactions',
    level: level.level,
    tone: tones[level.verdict],
    sentence: story?.explanation.title ?? (judgement.transactions.committed === 0 ? nothingJudged : sentenceOf(level)),
    explanation: story === null ? [] : [...story.explanation.because, story.explanation.conclusion].filter((line) => line !== ''),
    transactions: barsOf(table, cast, shown),
    edges: story === null ? [] : edges.map((edge) => edgeOf(story, edge)),
    hasTimes: table.hasTimes,
    notes: notesOf(table, shown.length, story, level),
  }
}

const nothingJudged = 'nothing was judged: no transaction has committed'

function sentenceOf({ because }: LevelJudgement): string {
  switch (because.kind) {
    case 'implied':
      return `it holds, since ${because.by} does`
    case 'limit':
      return `stopped by the limit on ${because.limit}: ${because.reached}`
    case 'inapplicable':
      return because.reason
    default:
      return 'it holds'
  }
}

/** In the order of their beginnings; of too many, those nearest to the ones that are spoken of. */
function nearTo(table: TransactionTable, spokenOf: readonly number[]): number[] {
  const place = (transaction: number): number => (table.hasTimes ? (table.began[transaction] as number) : transaction)
  const all = Array.from({ length: table.count }, (_, transaction) => transaction).sort((a, b) => place(a) - place(b))
  if (all.length <= transactionsMax) return all
  const rank = new Map(all.map((transaction, i) => [transaction, i]))
  const centres = spokenOf.length === 0 ? [0] : spokenOf.map((transaction) => rank.get(transaction) as number)
  const away = all.map((_, i) => Math.min(...centres.map((centre) => Math.abs(centre - i))))
  const nearest = [...all.keys()].sort((a, b) => (away[a] as number) - (away[b] as number)).slice(0, transactionsMax)
  return nearest.sort((a, b) => a - b).map((i) => all[i] as number)
}

function barsOf(table: TransactionTable, cast: Cast, shown: readonly number[]): TransactionBar[] {
  const orders = new Map<number, number>()
  return shown.map((transaction) => {
    const session = table.session[transaction] as number
    const order = orders.get(session) ?? 0
    orders.set(session, order + 1)
    return barOf(table, cast, transaction, order)
  })
}

/** @param order how many of its session come before it */
function barOf(table: TransactionTable, cast: Cast, transaction: number, order: number): TransactionBar {
  const session = table.session[transaction] as number
  const status = table.status[transaction]
  const [began, ended] = [table.began[transaction] as number, table.ended[transaction] as number]
  return {
    id: transaction,
    name: cast.has(transaction) ? cast.name(transaction) : null,
    process: session === -1 ? '?' : String(table.sessions[session]),
    operations: cast.has(transaction) ? cast.steps(transaction).map(({ text }) => text) : firstSteps(table, transaction),
    status: status === committed ? 'committed' : status === aborted ? 'aborted' : 'unknown',
    call: table.hasTimes ? began : 2 * order,
    return: table.hasTimes ? (ended === -1 ? null : ended) : 2 * order + 1,
  }
}

/** Steps of those that the proof does not speak of. */
const stepsMax = 8

function firstSteps(table: TransactionTable, transaction: number): string[] {
  const [from, end] = [table.stepsFrom[transaction] as number, table.stepsFrom[transaction + 1] as number]
  const count = Math.min(end - from, stepsMax)
  const texts = Array.from({ length: count }, (_, i) => stepText(table, from + i, () => false))
  return count < end - from ? [...texts, '…'] : texts
}

function edgeOf({ facts: { table }, cast }: Story, edge: DrawnEdge): DependencyEdge {
  const { from, to, kind, key, text, fromStep, toStep, isProof } = edge
  const index = (transaction: number, step: number): number | null => {
    const at = step === -1 ? -1 : cast.steps(transaction).findIndex((shown) => shown.step === step)
    return at === -1 ? null : at
  }
  return {
    from,
    to,
    kind: kindNames[kind],
    key: key === -1 ? null : keyText(table, key),
    reason: text,
    isProof,
    fromOperation: index(from, fromStep),
    toOperation: index(to, toStep),
  }
}

const kindNames: Readonly<Record<EdgeKind, string>> = { [ww]: 'ww', [wr]: 'wr', [rw]: 'rw', [so]: 'session', [rt]: 'real-time' }

function notesOf(table: TransactionTable, shown: number, story: Story | null, { because }: LevelJudgement): string[] {
  const notes: string[] = []
  if (because.kind === 'implied' && story !== null) notes.push(`${because.by} is violated by this, and so is every level above it.`)
  if (shown < table.count)
    notes.push(
      `Of ${table.count.toLocaleString('en')} transactions ${shown.toLocaleString('en')} are in this page: ${story === null ? 'the first ones' : 'those nearest to the ones that the proof speaks of'}.`,
    )
  if (!table.hasTimes)
    notes.push('The history does not say when transactions began and ended: in the picture only the order within a lane means something.')
  return notes
}
