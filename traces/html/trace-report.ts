/** The report of a trace. */
import type { Replay } from '../replay.ts'
import type { Fact, ReportDocument, ReportHeader, ReportView } from './document.ts'
import { traceView } from './trace-view.ts'

export interface TraceReportOptions {
  /** The command that finds the trace again. */
  readonly command?: string
  /** Statistics of the check. */
  readonly facts?: readonly Fact[]
  /** Views beside that of the trace. */
  readonly views?: readonly ReportView[]
}

export function traceReport(replayed: Replay, { command, facts = [], views = [] }: TraceReportOptions = {}): ReportDocument {
  const header = headerOf(replayed)
  return {
    header: { ...header, facts: [...header.facts, ...facts], command: command ?? null },
    views: [traceView(replayed), ...views],
  }
}

function headerOf({ trace, program, finding, refused }: Replay): ReportHeader {
  const { property, kind, constants, bugs, strategy, seed, steps, loop } = trace
  const says = program.properties.get(property)?.sentence ?? ''
  const because = says === '' ? '' : `: ${says}`
  const sentences = {
    gone: `${property} is not ${kind === 'sometimes' ? 'witnessed' : 'violated'} any more${refused === undefined ? '' : `, since ${refused}`}`,
    found: `${property} is ${kind === 'sometimes' ? 'witnessed' : 'violated'}${because}`,
  }
  const forEver = loop === undefined ? '' : loop === steps.length ? ', and then nothing for ever' : `, those after step ${loop} for ever`
  return {
    title: trace.model,
    tone: finding === null ? 'unsure' : kind === 'sometimes' ? 'good' : 'bad',
    sentence: finding === null ? sentences.gone : sentences.found,
    facts: [
      ...bugs.map((bug) => ({ name: 'bug', value: bug })),
      ...Object.entries(constants).map(([name, value]) => ({ name, value: String(value) })),
      { name: 'steps', value: `${steps.length}${forEver}` },
      { name: 'strategy', value: strategy },
      ...(seed === null ? [] : [{ name: 'seed', value: String(seed) }]),
    ],
    command: null,
  }
}
