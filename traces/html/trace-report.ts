/** The report of a trace. */
import type { RecordedRun } from '../replay/recorded-run.ts'
import type { Replay } from '../replay.ts'
import { visible } from '../text.ts'
import type { Fact, ReportDocument, ReportHeader, ReportView } from './document.ts'
import { replayView } from './replay-view.ts'
import { traceView } from './trace-view.ts'

export interface TraceReportOptions {
  /** The command that finds the trace again. */
  readonly command?: string
  /** How it was found: by default what the trace itself says. */
  readonly facts?: readonly Fact[]
  /** Other properties that are violated, whose traces are not shown. */
  readonly others?: readonly string[]
  /** Views beside that of the trace. */
  readonly views?: readonly ReportView[]
}

export function traceReport(replayed: Replay, { command, facts, others = [], views = [] }: TraceReportOptions = {}): ReportDocument {
  const header = headerOf(replayed)
  const { real } = replayed.trace
  return {
    header: {
      ...(real === undefined ? header : realHeader(header, real)),
      facts: [
        ...header.facts,
        ...(others.length > 0 ? [{ name: 'violated, too', value: others.join(', ') }] : []),
        ...(facts ?? howFound(replayed)),
      ],
      command: command ?? null,
    },
    views: [...(real === undefined ? [] : [replayView(real)]), traceView(replayed), ...views],
  }
}

/** What the model was asked with. */
export function modelFacts(bugs: readonly string[], constants: Readonly<Record<string, unknown>>): Fact[] {
  return [
    ...bugs.map((bug) => ({ name: 'bug', value: bug })),
    ...Object.entries(constants).map(([name, value]) => ({ name, value: String(value) })),
  ]
}

/** What a real system made of it is what the report is about then. */
function realHeader(header: ReportHeader, { target, verdict, reason }: RecordedRun): ReportHeader {
  const tones = { reproduced: 'bad', prevented: 'good', conforms: 'good', diverged: 'unsure', inconclusive: 'unsure' } as const
  return { ...header, title: `${header.title} on ${target}`, tone: tones[verdict], sentence: `${verdict}: ${reason}` }
}

function headerOf({ trace, program, finding, refused }: Replay): ReportHeader {
  const { property, kind, message, constants, bugs, steps, loop } = trace
  const says = program.properties.get(property)?.sentence ?? ''
  const because = says === '' ? '' : `: ${says}`
  const gone = `${property} is not ${kind === 'sometimes' ? 'witnessed' : 'violated'} any more${refused === undefined ? '' : `, since ${refused}`}`
  const found = `${property} is ${kind === 'sometimes' ? 'witnessed' : 'violated'}${because}${reasonOf(says, finding?.message ?? '')}`
  const forEver = loop === undefined ? '' : loop === steps.length ? ', and then nothing for ever' : `, those after step ${loop} for ever`
  return {
    title: trace.model,
    tone: kind === 'path' || (finding !== null && kind === 'sometimes') ? 'good' : finding === null ? 'unsure' : 'bad',
    sentence: kind === 'path' ? `${trace.model} allows these steps; ${message}` : finding === null ? gone : found,
    facts: [...modelFacts(bugs, constants), { name: 'steps', value: `${steps.length}${forEver}` }],
    command: null,
  }
}

/** What is wrong here, after what holds in general. */
function reasonOf(general: string, message: string): string {
  return message === '' || message === general ? '' : `; here, ${visible(message)}`
}

function howFound({ trace: { strategy, seed } }: Replay): Fact[] {
  return [{ name: 'strategy', value: strategy }, ...(seed === null ? [] : [{ name: 'seed', value: String(seed) }])]
}
