/** Progress on standard error: one line redrawn on a terminal, a plain line now and then elsewhere. */
import type { Progress, Strategy } from '../checker/index.ts'
import { clip } from '../traces/text.ts'
import type { Output } from './io.ts'
import { counted, elapsed, sized } from './quantities.ts'

export interface ProgressLine {
  /** Shows where the search is, if it is time to. */
  report(progress: Progress): void
  /** Shows any other text in its place, if it is time to. */
  say(text: string): void
  /** Takes the line away, so that what follows begins on a clean one. */
  clear(): void
}

const redrawMs = 100
const plainMs = 10_000

/** @param now milliseconds of a clock that only rises */
export function progressLine(output: Output, strategy: Strategy, now: () => number): ProgressLine {
  const every = output.isTTY ? redrawMs : plainMs
  // A short search shows no progress at all.
  let last = now()
  let drawn = false
  const say = (text: string): void => {
    const time = now()
    if (time - last < every) return
    last = time
    drawn = output.isTTY
    output.write(output.isTTY ? `\r\x1b[2K${clip(text, output.columns - 1)}` : `${text}\n`)
  }
  return {
    report: (progress) => say(progressText(progress, strategy)),
    say,
    clear: () => {
      if (drawn) output.write('\r\x1b[2K')
      drawn = false
    },
  }
}

export function silentProgress(): ProgressLine {
  return { report: () => {}, say: () => {}, clear: () => {} }
}

export function progressText({ distinct, generated, frontier, depth, seconds, memoryBytes }: Progress, strategy: Strategy): string {
  const rate = seconds > 0 ? ` (${counted(distinct / seconds)}/s)` : ''
  const left = strategy === 'random' || strategy === 'pct' ? 'walks left' : 'frontier'
  return `${counted(distinct)} states${rate}, ${counted(generated)} generated, ${left} ${counted(frontier)}, depth ${depth}, ${elapsed(seconds)}, ${sized(memoryBytes)}`
}
