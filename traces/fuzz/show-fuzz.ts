/** What many walks on an implementation came to, as text. */
import { showRun } from '../replay/show-run.ts'
import { paint, type Rich, span, visible, wrap } from '../text.ts'
import type { FuzzResult } from './fuzz.ts'

export interface FuzzTextOptions {
  /** 80 columns unless told. */
  readonly width?: number
  readonly colours?: boolean
}

const marks = { conforms: ['✓', 'green'], diverged: ['≠', 'yellow'], inconclusive: ['?', 'yellow'] } as const

export function showFuzz(result: FuzzResult, { width = 80, colours = false }: FuzzTextOptions = {}): string {
  const { divergence } = result
  const summary = [...lines(result), ...verdict(result)].flatMap((line) => wrap(line, { width, indent: 14 }))
  const picture = divergence === null ? '' : `${showRun(divergence.trace.real, { width, colours })}\n`
  return `${picture}${summary.map((line) => paint(line, colours)).join('\n')}\n`
}

function lines({
  model,
  target,
  constants,
  bugs,
  runs,
  steps,
  branches,
  actions,
  prevented,
  notComparable,
  divergence,
}: FuzzResult): Rich[] {
  const settings = [...Object.entries(constants).map(([name, value]) => `${name}=${value}`), ...bugs.map((bug) => `bug ${bug}`)]
  const never = Object.entries(actions).flatMap(([name, count]) => (count === 0 ? [name] : []))
  const taken = Object.entries(actions).flatMap(([name, count]) => (count === 0 ? [] : [`${name} ${counted(count)}`]))
  const branched = branches === 0 ? '' : `, ${counted(branches)} on another branch that the model allows`
  const row = (name: string, text: string): Rich[] => (text === '' ? [] : [[span(name.padEnd(14), 'dim'), span(visible(text))]])
  return [
    ...row('model', [model, ...settings].join(' ')),
    ...row('on', target),
    ...row('runs', runsText(runs)),
    ...row('prevented', reasons(prevented)),
    ...row('not compared', reasons(notComparable)),
    ...row('steps', `${counted(steps)}${branched}`),
    ...row('actions', `${taken.join(', ')}${never.length > 0 ? `; never: ${never.join(', ')}` : ''}`),
    ...(divergence === null ? [] : row('smallest', sizeText(divergence))),
    [],
  ]
}

function runsText({ taken, conforming, prevented, notComparable, diverged }: FuzzResult['runs']): string {
  const parts: readonly (readonly [number, string])[] = [
    [conforming, 'as in the model'],
    [prevented, 'prevented'],
    [notComparable, 'not comparable to the end'],
    [diverged, 'diverged'],
  ]
  return `${counted(taken)}: ${parts.flatMap(([count, word]) => (count === 0 ? [] : [`${counted(count)} ${word}`])).join(', ') || 'none'}`
}

function sizeText({ trace, stepsBefore, shrinks, isRepeatable }: NonNullable<FuzzResult['divergence']>): string {
  const times = shrinks === 0 ? [] : [`made smaller ${shrinks === 1 ? 'once' : `${shrinks} times`}`]
  const once = isRepeatable ? 'it diverges again' : 'taken once more it does not diverge: something is not deterministic'
  return [`${trace.steps.length} of ${stepsBefore} steps`, ...times, ...(isRepeatable === null ? [] : [once])].join('; ')
}

function verdict({ verdict: word, reason, seconds }: FuzzResult): Rich[] {
  const [mark, style] = marks[word]
  return [[span(`${mark} ${word}`, ['bold', style]), span(`: ${visible(reason)} (${seconds.toFixed(1)} s)`)]]
}

function reasons(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([reason, count]) => `${counted(count)}: ${reason}`)
    .join('; ')
}

function counted(count: number): string {
  return count.toLocaleString('en-US')
}
