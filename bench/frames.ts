/** Frames that a page draws while it is driven. */
import type { Page } from 'playwright-core'
import { median } from './statistics.ts'

export interface Frames {
  readonly what: string
  /** How many frames. */
  readonly frames: number
  /** From one to the next, in milliseconds. */
  readonly medianMs: number
  readonly p95Ms: number
  readonly worstMs: number
}

/** Runs in the page: text, since names that a loader would give its functions are not there. */
const watch = `
  let last = 0
  const frame = (time) => {
    globalThis.frameTimes?.push(time - last)
    last = time
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
`

/** To be called once for a page. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(watch)
}

/** The frames while something is done, which asks for more than one. */
export async function framesOf(page: Page, what: string, drive: () => Promise<void>): Promise<Frames> {
  // What was asked for before has been drawn.
  await page.waitForTimeout(300)
  await page.evaluate('globalThis.frameTimes = []')
  await drive()
  const frames = await page.evaluate<number[]>('globalThis.frameTimes')
  await page.evaluate('globalThis.frameTimes = undefined')
  if (frames.length < 2) throw new Error(`${what}: the page has drawn ${frames.length} frames`)
  const sorted = [...frames].sort((a, b) => a - b)
  return {
    what,
    frames: frames.length,
    medianMs: median(frames),
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    worstMs: sorted.at(-1) ?? 0,
  }
}
