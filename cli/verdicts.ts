/** What `verify` prints: one file in full, several levels as a table, several files as a line each. */
import { showValue } from '../properties/index.ts'
import { verdictText as verdictOf } from '../traces/histories/picture-verdict.ts'
import {
  type AnyVerdict,
  type FileVerdict,
  isolationReason,
  levelVerdicts,
  showAnomalies,
  showIsolation,
  showJudgement,
  showWorkload,
  type TransactionsVerdict,
  type WorkloadVerdict,
  workloadLevel,
  worstVerdict,
} from '../traces/index.ts'
import { clip, paint, type Rich, span, trimEnd, visible, wrap } from '../traces/text.ts'
import { counted, elapsed, plural } from './quantities.ts'
import type { Printing } from './summary.ts'

/** One file, in full. */
export function anyText(
  found: AnyVerdict,
  printing: Printing,
  { hint, anomalies }: { readonly hint: string; readonly anomalies: boolean },
): string {
  if ('kind' in found) return found.kind === 'workload' ? workloadText(found, printing) : transactionsText(found, printing, hint, anomalies)
  return found.judgements.length === 1 ? verdictText(found, printing, hint) : levelsText(found, printing)
}

function transactionsText(found: TransactionsVerdict, { width, colour }: Printing, hint: string, anomalies: boolean): string {
  const { file, model, judgement, events, annotations, reading } = found
  const options = { file, model, width, colours: colour, hint }
  const parts = [
    plural(events, 'event'),
    ...(annotations === 0 ? [] : [`${plural(annotations, 'annotation')} set aside`]),
    `--never-written ${reading.neverWritten}`,
    ...(reading.versions === undefined ? [] : [`--versions ${reading.versions}`]),
    ...(reading.initial === undefined ? [] : [`--initial ${visible(showValue(reading.initial))}`]),
  ]
  const read = lines(
    [[], ...nothingJudged(judgement.transactions.committed === 0, 'transaction', width), ...readLine(parts, width)],
    colour,
  )
  return `${showIsolation(judgement, options)}${anomalies ? showAnomalies(judgement, options) : ''}${read}`
}

function workloadText(found: WorkloadVerdict, { width, colour }: Printing): string {
  const { file, history, annotations, independent, options } = found
  const { initial, negativeBalances } = options
  const parts = [
    plural(history.length, 'event'),
    ...(annotations === 0 ? [] : [`${plural(annotations, 'annotation')} set aside`]),
    ...(independent ? ['keys split'] : []),
    ...(initial === undefined ? [] : [`--initial ${visible(showValue(initial))}`]),
    ...(negativeBalances ? ['--negative-balances'] : []),
  ]
  return `${showWorkload(found, { file, width, colours: colour })}${lines([[], ...readLine(parts, width)], colour)}`
}

/** A file judged at one level. */
export function verdictText(found: FileVerdict, { width, colour }: Printing, hint: string): string {
  const [judgement] = found.judgements
  if (judgement === undefined) return ''
  const { file, operations } = found
  const shown = showJudgement(judgement, { file, width, colours: colour, hint, ...(operations && { operations }) })
  return `${shown}${lines(readingLines(found, width), colour)}`
}

/** A file judged at several levels. */
export function levelsText(found: FileVerdict, { width, colour }: Printing): string {
  const { judgements, file, model } = found
  const nameWidth = Math.max(...judgements.map(({ level }) => level.length))
  const title = wrap([span(visible(file), 'bold'), span(` · ${model} · ${plural(judgements[0]?.operations ?? 0, 'operation')}`)], { width })
  const table = judgements.flatMap((judgement): Rich[] => {
    const { sign, style } = verdictOf(judgement)
    const { decision } = judgement
    const why =
      decision.verdict === 'violated'
        ? decision.sentence
        : decision.verdict === 'inapplicable'
          ? `does not apply: ${decision.reason}`
          : decision.verdict === 'unknown'
            ? `unknown: ${decision.reached}`
            : (decision.note ?? 'holds')
    const text = [span(`${sign} ${judgement.level.padEnd(nameWidth)}  `, style), span(visible(why))]
    return wrap(text, { width, indent: nameWidth + 4 })
  })
  return lines([...title, [], ...table, ...readingLines(found, width)], colour)
}

/** One of several files, in a line; where that is a terminal, no longer than it is wide. */
export function fileLine(found: AnyVerdict, { width, colour }: Printing, isTerminal: boolean): string {
  if ('kind' in found && found.kind === 'workload') {
    const { file, model, decision, seconds } = found
    const { sign, text: verdict, style } = verdictOf({ level: workloadLevel(model), verdict: decision.verdict })
    const why = decision.verdict === 'unknown' ? decision.note : decision.findings[0]?.sentence
    const text = ` ${visible(file)}: ${verdict}, ${plural(decision.operations, 'operation')}, ${elapsed(seconds)}${why === undefined ? '' : `: ${visible(why)}`}`
    return lines([[span(sign, style), span(isTerminal ? clip(text, width - 1) : text)]], colour)
  }
  if ('kind' in found) {
    const { file, judgement } = found
    const [first] = judgement.levels
    if (first === undefined) return ''
    const worst = worstVerdict(levelVerdicts(found))
    const { sign, text: verdict, style } = verdictOf(judgement.levels.find((one) => one.verdict === worst) ?? first)
    const reason = isolationReason(judgement)
    const why = reason === '' || reason.endsWith(' is violated') ? '' : `: ${visible(reason)}`
    const { committed, aborted, unknown } = judgement.transactions
    const text = ` ${visible(file)}: ${verdict}, ${plural(committed + aborted + unknown, 'transaction')}, ${elapsed(judgement.seconds)}${why}`
    return lines([[span(sign, style), span(isTerminal ? clip(text, width - 1) : text)]], colour)
  }
  const { file, judgements } = found
  const all = judgements.map((judgement) => {
    const { sign, text, style } = verdictOf(judgement)
    return { sign, text, style, judgement }
  })
  const worst = all.find(({ judgement }) => judgement.verdict === worstVerdict(judgements.map(({ verdict }) => verdict))) ?? all[0]
  if (worst === undefined) return ''
  const { decision, operations, seconds } = worst.judgement
  const why = decision.verdict === 'violated' ? `: ${decision.sentence}` : ''
  const text = ` ${visible(file)}: ${worst.text}, ${plural(operations, 'operation')}, ${elapsed(seconds)}${visible(why)}`
  return lines([[span(worst.sign, worst.style), span(isTerminal ? clip(text, width - 1) : text)]], colour)
}

/** The summary of several files. */
export function filesText(found: readonly AnyVerdict[], unread: number, { colour }: Printing): string {
  const verdicts = found.map((one) => worstVerdict(levelVerdicts(one)))
  const count = (verdict: string): number => verdicts.filter((one) => one === verdict).length
  const seconds = found.reduce((sum, one) => sum + secondsOf(one), 0)
  const parts = [
    `${counted(count('holds'))} hold`,
    `${counted(count('violated'))} violated`,
    `${counted(count('unknown'))} unknown`,
    ...(unread === 0 ? [] : [`${counted(unread)} could not be read`]),
  ]
  return lines([[], [span(`${plural(found.length + unread, 'file')}: ${parts.join(', ')} (${elapsed(seconds)} of judging)`)]], colour)
}

function secondsOf(found: AnyVerdict): number {
  if ('kind' in found) return found.kind === 'workload' ? found.seconds : found.judgement.seconds
  return found.judgements.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** How what the history left open was read: each choice can flip a verdict. */
function readingLines({ reading, ties, events, annotations, independent, judgements }: FileVerdict, width: number): Rich[] {
  const { fail, nil, initial, neverWritten } = reading
  const failures =
    typeof fail === 'object'
      ? Object.entries(fail)
          .map(([f, meaning]) => `${f}=${meaning}`)
          .join(' ')
      : fail
  const parts = [
    `${plural(events, 'event')}`,
    ...(annotations === 0 ? [] : [`${plural(annotations, 'annotation')} set aside`]),
    ...(independent ? ['keys split'] : []),
    ...(failures === undefined ? [] : [`--fail ${failures}`]),
    ...(nil === undefined ? [] : [`--nil ${nil}`]),
    ...(neverWritten === undefined ? [] : [`--never-written ${neverWritten}`]),
    ...(initial === undefined ? [] : [`--initial ${visible(showValue(initial))}`]),
    ...(ties === null ? [] : [`--ties ${ties}`]),
  ]
  const isEmpty = judgements.every(({ operations }) => operations === 0)
  return [[], ...nothingJudged(isEmpty, 'operation that says anything', width), ...readLine(parts, width)]
}

function nothingJudged(isEmpty: boolean, what: string, width: number): Rich[] {
  return isEmpty ? wrap([span(`Nothing was judged: no ${what} has completed.`, 'yellow')], { width }) : []
}

function readLine(parts: readonly string[], width: number): Rich[] {
  return wrap([span(`read: ${parts.join(', ')}`, 'dim')], { width, indent: 2 })
}

function lines(rows: readonly Rich[], colour: boolean): string {
  return rows.map((row) => `${paint(trimEnd(row), colour)}\n`).join('')
}
