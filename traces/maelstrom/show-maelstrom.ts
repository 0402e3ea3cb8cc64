/** What came of runs with Maelstrom nodes, as text: the verdict, the evidence of the oracle, and the steps that lead there. */
import { clip, paint, type Rich, span, textWidth, visible, wrap } from '../text.ts'
import type { MaelstromResult } from './maelstrom.ts'
import { stepText } from './schedule.ts'
import type { LogEntry } from './simulation.ts'
import type { TextOptions } from './workloads/workload.ts'

const marks = { holds: ['✓', 'green'], violated: ['✗', 'red'], inconclusive: ['?', 'yellow'] } as const
/** Steps after the schedule that are shown. */
const closingMax = 12

export function showMaelstrom(result: MaelstromResult, options: TextOptions): string {
  const { verdict, reason, workload, nodes, clock, schedules, operations, seconds, run } = result
  const [mark, style] = marks[verdict]
  const times = clock === 'virtual' ? 'virtual clock' : 'real clocks, so that a seed need not give the same run again'
  const facts = [
    workload,
    counted(nodes, 'node'),
    times,
    counted(schedules, 'schedule'),
    counted(operations, 'operation'),
    `${seconds.toFixed(1)} s`,
  ]
  const { width } = options
  const head: Rich[] = [
    ...wrap([span(`${mark} ${verdict}`, ['bold', style]), span(`: ${visible(reason)}`)], { width, indent: 2 }),
    ...wrap([span(`  ${facts.join(' · ')}`, 'dim')], { width, indent: 2 }),
  ]
  const steps = run !== null && verdict === 'violated' ? [[], ...stepLines(result, run.log, width)] : []
  const evidence = run?.judged?.verdict === 'violated' ? `\n${run.judged.show(options)}` : ''
  return `${text(head, options)}${evidence}${text(steps, options)}`
}

function stepLines({ shrunk, document }: MaelstromResult, log: readonly LogEntry[], width: number): Rich[] {
  const decided = log.filter(({ isClosing }) => !isClosing)
  const closing = log.filter(({ isClosing }) => isClosing)
  const small =
    shrunk === null
      ? `the schedule, ${counted(decided.length, 'step')}:`
      : `the smallest schedule found, ${shrunk.to} of ${counted(shrunk.from, 'step')}${shrunk.isMinimal ? '; none can be left out' : ''} (seed ${document?.seed}, ${counted(shrunk.runs, 'run')} to find it):`
  const texts = [...decided, ...closing.slice(0, closingMax)].map(({ step }) => stepText(step))
  const column = Math.min(Math.floor(width / 2), Math.max(0, ...texts.map(textWidth)))
  const line = ({ step, message }: LogEntry, number: string): Rich => {
    const shown = clip(visible(stepText(step)), column)
    const content = message === null ? '' : contentOf(message.body)
    return [
      span(`${number.padStart(4)}  ${shown}${' '.repeat(Math.max(0, column - textWidth(shown)))}  `),
      span(clip(visible(content), Math.max(10, width - column - 9)), 'dim'),
    ]
  }
  return [
    ...wrap([span(small, 'bold')], { width, indent: 2 }),
    ...decided.map((entry, i) => line(entry, String(i + 1))),
    ...(closing.length === 0 ? [] : [[span('and then everything that is on its way, in order:', 'bold')]]),
    ...closing.slice(0, closingMax).map((entry) => line(entry, '')),
    ...(closing.length > closingMax ? [[span(`      and ${counted(closing.length - closingMax, 'step')} more`)]] : []),
  ]
}

/** What a message says besides its type and its numbers. */
function contentOf(body: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(body).filter(([name]) => !['type', 'msg_id', 'in_reply_to'].includes(name))
  return said.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

function text(lines: readonly Rich[], { colours }: TextOptions): string {
  return lines.map((line) => `${paint(line, colours).trimEnd()}\n`).join('')
}
