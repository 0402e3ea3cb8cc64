/**
 * `npm run bench:report`: how fluid a large report is. It opens one of 5,000 steps, 20,000 operations and 2,000 transactions in the
 * browser, goes through it by slider, keys and scrolling, and tells how long frames took. `--smoke` uses tiny sizes; `--out FILE`
 * names the JSON. Needs what `npm run build:page` makes.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { browserProgram, browserRemedy, startBrowser } from '../traces/html/testing/browser.ts'
import { reportHtml, writeWhole } from '../traces/index.ts'
import { type Frames, framesOf, watchFrames } from './frames.ts'
import { largeReport } from './report-data.ts'
import { print } from './table.ts'

const { values } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, out: { type: 'string', default: 'bench/results/report.json' } },
})
const { smoke, out } = values
const size = smoke ? { steps: 200, operations: 400, transactions: 60 } : { steps: 5000, operations: 20_000, transactions: 2000 }
/** Of each kind of input. */
const inputs = smoke ? 10 : 150
/** From one to the next: a key that is held down comes about as often. */
const pauseMs = 30

if (browserProgram === null) console.log(`Skipped: ${browserRemedy}`)
else await measure()

async function measure(): Promise<void> {
  process.stderr.write('making the report ...\n')
  const html = reportHtml(largeReport(size))
  const folder = mkdtempSync(join(tmpdir(), 'counterpoint-bench-'))
  const browser = await startBrowser()
  try {
    const file = join(folder, 'report.html')
    writeFileSync(file, html)
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const started = performance.now()
    await page.goto(pathToFileURL(file).href)
    await page.getByRole('slider', { name: 'step' }).waitFor()
    const openedMs = performance.now() - started
    await watchFrames(page)
    const rows = [...(await traceFrames(page)), ...(await historyFrames(page)), ...(await transactionsFrames(page))]
    report(html.length, openedMs, rows)
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
}

function report(bytes: number, openedMs: number, rows: readonly Frames[]): void {
  const load = loadavg()[0] ?? 0
  print(
    ['milliseconds a frame', 'frames', 'median', 'p95', 'worst'],
    rows.map(({ what, frames, medianMs, p95Ms, worstMs }) => [
      what,
      String(frames),
      ...[medianMs, p95Ms, worstMs].map((ms) => ms.toFixed(1)),
    ]),
  )
  console.log(`${(bytes / 1e6).toFixed(1)} MB, opened in ${(openedMs / 1000).toFixed(1)} s; load of the machine: ${load.toFixed(1)}.`)
  const file = resolve(import.meta.dirname, '..', out)
  mkdirSync(resolve(file, '..'), { recursive: true })
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, load }
  writeWhole(file, `${JSON.stringify({ ...machine, smoke, ...size, bytes, openedMs, rows }, null, 2)}\n`)
  console.log(`Figures: ${out}`)
}

async function traceFrames(page: Page): Promise<Frames[]> {
  const diagram = page.getByRole('region', { name: 'space-time diagram' })
  return [
    await framesOf(page, 'trace, slider', () => drag(page, page.getByRole('slider', { name: 'step' }))),
    await framesOf(page, 'trace, arrow keys', () => press(page, 'ArrowDown')),
    await framesOf(page, 'trace, scrolling', () => scroll(page, diagram, 0, -120)),
  ]
}

async function historyFrames(page: Page): Promise<Frames[]> {
  await openTab(page, 1)
  const bars = page.getByRole('region', { name: 'operations in time' })
  await bars.waitFor()
  await page.keyboard.press('Home')
  const near = [
    await framesOf(page, 'history, arrow keys', () => press(page, 'ArrowRight')),
    await framesOf(page, 'history, along the order', () => press(page, 'j')),
    await framesOf(page, 'history, scrolling', () => scroll(page, bars, 400, 0)),
  ]
  await page.keyboard.press('0')
  return [...near, await framesOf(page, 'history, all in sight, arrow keys', () => press(page, 'ArrowRight'))]
}

async function transactionsFrames(page: Page): Promise<Frames[]> {
  await openTab(page, 2)
  const bars = page.getByRole('region', { name: 'transactions from beginning to end' })
  await bars.waitFor()
  await page.keyboard.press('Home')
  return [
    await framesOf(page, 'transactions, arrow keys', () => press(page, 'ArrowRight')),
    await framesOf(page, 'transactions, along the cycle', () => press(page, 'j')),
    await framesOf(page, 'transactions, scrolling', () => scroll(page, bars, 400, 0)),
  ]
}

async function openTab(page: Page, tab: number): Promise<void> {
  await page.getByRole('tab').nth(tab).click()
  await leave(page)
}

/** So that keys are no longer those of what has the focus. */
async function leave(page: Page): Promise<void> {
  await page.locator('body').click({ position: { x: 2, y: 2 } })
}

async function press(page: Page, key: string): Promise<void> {
  for (let i = 0; i < inputs; i++) {
    await page.keyboard.press(key)
    await page.waitForTimeout(pauseMs)
  }
}

async function drag(page: Page, slider: Locator): Promise<void> {
  const box = await slider.boundingBox()
  if (box === null) throw new Error('there is no slider')
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + 4, y)
  await page.mouse.down()
  for (let i = 1; i <= inputs; i++) {
    await page.mouse.move(box.x + 4 + ((box.width - 8) * i) / inputs, y)
    await page.waitForTimeout(pauseMs)
  }
  await page.mouse.up()
  await leave(page)
}

async function scroll(page: Page, place: Locator, x: number, y: number): Promise<void> {
  await place.hover()
  for (let i = 0; i < inputs; i++) {
    await page.mouse.wheel(x, y)
    await page.waitForTimeout(pauseMs)
  }
}
