import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, type Model } from '../../checker/index.ts'
import { chubby, peterson, raft } from '../../models/index.ts'
import { replay } from '../replay.ts'
import type { ReportDocument, TraceView } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, type OpenPage, openHtml, seriousFaults, startBrowser } from './testing/browser.ts'
import { traceReport } from './trace-report.ts'

function reportOf(model: Model, bug: string): ReportDocument {
  const [violation] = check(model, { bugs: [bug] }).violations
  if (violation === undefined) throw new Error('the bug is not found')
  return traceReport(replay(model, violation.trace))
}

const hostile = '</script><img src=x onerror=alert(1)> \u202egnirts 👩‍💻 "quotes" \u2028 &amp;'

/** A trace of so many steps, with a message every third and hostile text everywhere. */
function synthetic(steps: number, text = 'work'): ReportDocument {
  const view: TraceView = {
    kind: 'trace',
    lanes: [text, 'b', 'c'].map((name) => ({ name, kind: 'node' })),
    steps: Array.from({ length: steps }, (_, i) => ({
      action: text,
      text,
      lane: i % 3,
      mark: i % 50 === 7 ? 'crash' : null,
      writes: { [text]: { count: i, [text]: text } },
      changes: [{ path: text, before: text, after: text }],
    })),
    messages: Array.from({ length: Math.floor(steps / 3) }, (_, i) => ({
      name: `m${i}`,
      from: i % 3,
      to: (i + 1) % 3,
      text,
      content: text,
      sent: 3 * i + 1,
      ended: i % 5 === 0 ? null : Math.min(steps, 3 * i + 4),
      isLost: i % 5 === 1,
      copyOf: null,
    })),
    partitions: [{ lanes: [1], from: 2, to: null }],
    initial: { [text]: { count: -1, [text]: text } },
    properties: [
      {
        name: text,
        kind: 'always',
        sentence: text,
        holds: Array.from({ length: steps + 1 }, (_, i) => i < steps),
        first: steps,
        message: text,
      },
    ],
    loop: null,
    exports: {},
  }
  return { header: { title: text, tone: 'bad', sentence: text, facts: [{ name: text, value: text }], command: text }, views: [view] }
}

describe.skipIf(browserProgram === null)(`the view of a trace${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
  let browser: Browser
  let open: OpenPage
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  async function opened(document: ReportDocument, use: (page: Page) => Promise<void>, hash = ''): Promise<void> {
    open = await openHtml(browser, reportHtml(document), hash)
    await use(open.page)
    expect({ requests: open.requests, errors: open.errors }).toEqual({ requests: [], errors: [] })
    await open.close()
  }
  const step = (page: Page): Promise<string | null> => page.locator('output').textContent()

  it('goes through the steps by keys, buttons, the slider and the diagram, and says where it is in the URL', async () => {
    const document = reportOf(raft, 'commit-earlier-term')
    const last = (document.views[0] as TraceView).steps.length
    await opened(document, async (page) => {
      expect(await seriousFaults(page)).toEqual([])
      const at: (string | null)[] = []
      for (const key of ['j', 'ArrowDown', 'ArrowRight', 'k', 'ArrowUp', 'End', 'ArrowLeft', 'Home', 'v']) {
        await page.keyboard.press(key)
        at.push(await step(page))
      }
      expect(at).toEqual([1, 2, 3, 2, 1, last, last - 1, 0, last].map((i) => `${i} of ${last}`))
      for (const [name, expected] of [
        ['step back', last - 1],
        ['step forward', last],
        ['first state', 0],
        ['last state', last],
        ['first state', 0],
        ['first violation', last],
      ] as const) {
        await page.getByRole('button', { name, exact: true }).click()
        expect(await step(page)).toBe(`${expected} of ${last}`)
      }
      await page.getByRole('slider', { name: 'step' }).focus()
      await page.keyboard.press('ArrowLeft')
      expect(await step(page)).toBe(`${last - 1} of ${last}`)
      await page.locator('.row').nth(4).click()
      expect(await step(page)).toBe(`4 of ${last}`)
      expect(page.url()).toContain('step=4')
      await page.getByRole('button', { name: /violated after step/ }).click()
      expect(await step(page)).toBe(`${last} of ${last}`)
    })
  })

  it('starts where the URL says', async () => {
    await opened(reportOf(raft, 'commit-on-half'), async (page) => expect(await step(page)).toMatch(/^3 of /), '#view=0&step=3')
    await opened(reportOf(raft, 'commit-on-half'), async (page) => expect(await step(page)).toMatch(/^0 of /), '#view=x&step=-1&with=y')
  })

  it('shows what a step changed, folds the rest, watches parts, and compares two states', async () => {
    await opened(
      reportOf(raft, 'commit-on-half'),
      async (page) => {
        await expect.poll(() => page.locator('.tree .changed').count()).toBeGreaterThan(0)
        await expect.poll(() => page.locator('.tree ins').first().textContent()).not.toBe('')
        const folded = page.locator('.tree > li:not(.changed) > .fold').first()
        await expect.poll(() => folded.getAttribute('aria-expanded')).toBe('false')
        await folded.focus()
        await page.keyboard.press('Enter')
        await expect.poll(() => folded.getAttribute('aria-expanded')).toBe('true')
        await page
          .getByRole('button', { name: /^watch server/ })
          .first()
          .click()
        await expect.poll(() => page.getByRole('list', { name: 'watched' }).textContent()).toContain('server')
        await page.keyboard.press('End')
        await expect.poll(() => page.getByRole('list', { name: 'watched' }).textContent()).toContain('server')
        await page.getByRole('button', { name: /^no longer watch/ }).click()
        await expect.poll(() => page.getByRole('list', { name: 'watched' }).count()).toBe(0)
        const changed = await page.locator('.tree .changed').count()
        await page.getByRole('combobox').selectOption('0')
        expect(page.url()).toContain('with=0')
        await expect.poll(() => page.locator('.tree .changed').count()).toBeGreaterThan(changed)
      },
      '#view=0&step=1',
    )
  })

  it('draws a lasso as an arrow back, and says what is wrong with it', async () => {
    await opened(reportOf(peterson, 'after-you'), async (page) => {
      await expect.poll(() => page.locator('.lasso path').count()).toBe(1)
      await expect.poll(() => page.locator('.lasso').textContent()).toContain('back to the state after step 4, for ever')
      await expect
        .poll(() => page.locator('.strip').first().textContent())
        .toContain('for ever: asked for after step 1, and never so from then on')
    })
  })

  it('says in the step and below why a property is violated, and marks it in the diagram', async () => {
    const document = reportOf(raft, 'commit-on-half')
    const [strip] = (document.views[0] as TraceView).properties
    await opened(document, async (page) => {
      await expect.poll(() => page.locator('.row .violation').count()).toBeGreaterThan(0)
      await expect.poll(() => page.locator('.changes .violation').count()).toBe(0)
      await page.keyboard.press('v')
      expect(strip?.message).not.toBe('')
      await expect.poll(() => page.locator('.changes .violation').first().textContent()).toContain(strip?.message)
      await expect.poll(() => page.locator('.strip').first().textContent()).toContain(`after step ${strip?.first}: ${strip?.message}`)
    })
  })

  it('keeps the names of the lanes in sight, shows the environment, and calls messages by their names', async () => {
    const document = reportOf(chubby, 'no-sequencer-check')
    const { lanes, steps } = document.views[0] as TraceView
    expect(lanes.at(-1)).toEqual({ name: 'env', kind: 'environment' })
    expect(steps.filter(({ action }) => action === 'tick').map(({ lane }) => lane)).toContain(lanes.length - 1)
    expect(steps.find(({ action }) => action === 'receive')?.text).toMatch(/^receive\(\d, m\d+\)$/)
    await opened(document, async (page) => {
      await page.setViewportSize({ width: 900, height: 500 })
      await page.keyboard.press('End')
      const [head, place] = [
        await page.locator('.diagram.head').boundingBox(),
        await page.getByRole('region', { name: 'space-time diagram' }).boundingBox(),
      ]
      expect((head?.y ?? 0) - (place?.y ?? 0)).toBeLessThan(5)
      await expect.poll(() => page.locator('.diagram.head .lane-name').allTextContents()).toHaveLength(lanes.length)
      await expect.poll(() => page.locator('.legend').textContent()).toContain('from outside')
    })
  })

  it('saves pictures and text that are whole', async () => {
    await opened(reportOf(raft, 'commit-on-half'), async (page) => {
      const saved = async (name: string): Promise<Buffer> => {
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()])
        return readFileSync(await download.path())
      }
      const svg = (await saved('SVG')).toString()
      expect(svg).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
      expect(svg).not.toContain('var(--')
      const png = await saved('PNG')
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      expect(png.length).toBeGreaterThan(10_000)
      expect((await saved('Mermaid')).toString()).toMatch(/^sequenceDiagram/)
      expect(JSON.parse((await saved('ITF')).toString())['#meta'].format).toBe('ITF')
      expect(JSON.parse((await saved('trace')).toString()).schema).toBe(1)
    })
  })

  it('shows hostile text as text, in the dark and in print, too', async () => {
    await opened(synthetic(60, hostile), async (page) => {
      await expect.poll(() => page.locator('img').count()).toBe(0)
      await expect.poll(() => page.locator('.strip strong').first().textContent()).toBe(hostile)
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ media: 'print' })
      await expect.poll(() => page.locator('.controls').isVisible()).toBe(false)
    })
  })

  it('draws of 5,000 steps those in sight, and says so', async () => {
    await opened(synthetic(5000), async (page) => {
      await expect.poll(() => page.getByText('Only what is near is drawn').count()).toBe(1)
      await expect.poll(() => page.locator('.row').count()).toBeLessThan(300)
      for (let i = 0; i < 20; i++) await page.keyboard.press('j')
      await page.keyboard.press('End')
      // What is in sight follows the scrolling, a moment later.
      await expect.poll(() => page.locator('.row').last().textContent()).toContain('5000')
    })
  })
})
