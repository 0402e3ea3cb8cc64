/** Shows what was found of a workload: the verdict, and of each thing found the sentence and the events that show it. */
import type { HistoryEvent } from '../../properties/history.ts'
import type { WorkloadDecision, WorkloadFinding, WorkloadName } from '../../properties/isolation/workloads/index.ts'
import { processName } from '../../properties/operation-text.ts'
import { showValue, type Value } from '../../properties/value.ts'
import { paint, type Rich, span, trimEnd, visible, wrap } from '../text.ts'
import { eventsAt } from './events-at.ts'
import { verdictText } from './picture-verdict.ts'

/** What was judged, and what was found. */
export interface JudgedWorkload {
  readonly model: WorkloadName
  readonly history: readonly HistoryEvent<Value>[]
  readonly decision: WorkloadDecision
  readonly seconds: number
}

export interface WorkloadTextOptions {
  /** The name of the file, as the reader knows it. */
  readonly file?: string
  /** Columns that the text may take; 80 by default. */
  readonly width?: number
  readonly colours: boolean
}

/** Things of one name that are shown. */
const shownMax = 3

/** A verdict, ready to print. */
export function showWorkload(judged: JudgedWorkload, { file, width = 80, colours }: WorkloadTextOptions): string {
  const { model, history, decision, seconds } = judged
  const { verdict, findings, counts, operations, note } = decision
  const { sign, text, style } = verdictText({ level: workloadLevel(model), verdict })
  const facts = [model, `${operations.toLocaleString('en-US')} ${operations === 1 ? 'operation' : 'operations'}`, elapsed(seconds)]
  const names = [...new Set(findings.map(({ name }) => name))]
  const others = [...counts].filter(([name]) => !names.includes(name)).map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`)
  const lines: Rich[] = [
    ...wrap([span(`${sign} ${text}`, style), span(file === undefined ? '' : `: ${visible(file)}`)], { width, indent: 2 }),
    ...wrap([span(`  ${facts.join(' · ')}`, 'dim')], { width, indent: 2 }),
    ...wrap([span(`  ${visible(note)}`)], { width, indent: 2 }),
    ...names.flatMap((name) =>
      ofName(
        findings.filter((finding) => finding.name === name),
        counts.get(name) ?? 1,
        history,
        width,
      ),
    ),
    ...(others.length === 0 ? [] : [[], ...wrap([span(`also counted, and not wrong: ${others.join(', ')}`)], { width, indent: 2 })]),
  ]
  return lines.map((line) => `${paint(trimEnd(line), colours)}\n`).join('')
}

/** The level, as verdicts speak of it. */
export function workloadLevel(model: WorkloadName): string {
  return `the ${model} invariant`
}

function ofName(findings: readonly WorkloadFinding[], count: number, history: readonly HistoryEvent<Value>[], width: number): Rich[] {
  const [{ name, violates }] = findings as [WorkloadFinding]
  const times = count === 1 ? '' : ` (${count.toLocaleString('en-US')})`
  const rulesOut = violates.length === 0 ? '' : `, which rules out ${violates.join(', ')} and all levels above`
  const shown = findings.slice(0, shownMax)
  const rest = findings.length - shown.length
  return [
    [],
    ...wrap([span(`${name}${times}`, 'bold'), span(rulesOut)], { width, indent: 2 }),
    ...shown.flatMap((finding, i) => [...(i === 0 ? [] : [[]]), ...proof(finding, history, width)]),
    ...(rest === 0 ? [] : [[], ...wrap([span(`${rest} more of these ${rest === 1 ? 'is' : 'are'} told in --json`, 'dim')], { width })]),
  ]
}

function proof({ sentence, events }: WorkloadFinding, history: readonly HistoryEvent<Value>[], width: number): Rich[] {
  const text = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
  const digits = Math.max(...events.map((event) => String(event).length))
  return [
    ...wrap([span(`  ${visible(text)}`)], { width, indent: 2 }),
    ...eventsAt(history, events).flatMap((event) => {
      const head = `    event ${String(event.index).padStart(digits)}  `
      return wrap([span(head, 'dim'), span(visible(eventText(event)))], { width, indent: head.length + 2 })
    }),
  ]
}

/** `process 3 ok read [1 2]` */
export function eventText({ process, type, f, value, key }: HistoryEvent<Value>): string {
  const said = value === null ? '' : ` ${showValue(value, valueMax)}`
  return `${processName(process)} ${type} ${f}${key === undefined ? '' : ` of ${showValue(key)}`}${said}`
}

/** Characters that are shown of a value: a set of many elements is cut. */
const valueMax = 200

function elapsed(seconds: number): string {
  return seconds < 0.1 ? `${(1000 * seconds).toFixed(1)} ms` : `${seconds.toFixed(2)} s`
}
