import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, program } from '../../checker/index.ts'
import { peterson } from '../../models/index.ts'
import { verifyTransactionsFile } from '../histories/verify-transactions.ts'
import { checkReport } from './check-report.ts'
import type { ReportDocument } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, openHtml, startBrowser } from './testing/browser.ts'
import { hostile, syntheticHistory, syntheticTrace, syntheticTransactions } from './testing/synthetic.ts'
import { verdictReport } from './verdict-report.ts'

/** What is between the margins of a page of A4, in pixels. */
const paper = { width: 703, height: 1031 }

describe.skipIf(browserProgram === null)(`reports on paper${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  /** Opens a report as it is on paper, and comes back to the screen. */
  async function printed(document: ReportDocument, use: (page: Page) => Promise<void>, hash = ''): Promise<void> {
    const { page, requests, errors, close } = await openHtml(browser, reportHtml(document), hash)
    await page.setViewportSize(paper)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await use(page)
    // Paper is white, whatever the screen is.
    expect(await page.locator('body').evaluate((body) => body.ownerDocument.defaultView?.getComputedStyle(body).color)).toBe(
      'rgb(27, 31, 36)',
    )
    // Nothing is wider than the paper, and no text is beyond its edge.
    expect(await page.locator(':root').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(paper.width)
    const beyond = await page
      .locator('body')
      .evaluate(
        (body, width) =>
          [...body.querySelectorAll(':not(.unseen, svg *)')].filter(
            (element) => element.getClientRects().length > 0 && element.getBoundingClientRect().right > width + 1,
          ).length,
        paper.width,
      )
    expect(beyond).toBe(0)
    await page.emulateMedia({ media: 'screen' })
    await expect.poll(() => page.locator('.printed').count()).toBe(0)
    expect({ requests, errors }).toEqual({ requests: [], errors: [] })
    await close()
  }
  /** How many pages the browser prints, of which it hears by itself. */
  async function pages(page: Page): Promise<number> {
    await page.emulateMedia({ media: null })
    const pdf = (await page.pdf({ preferCSSPageSize: true, format: 'A4' })).toString('latin1')
    await page.emulateMedia({ media: 'print' })
    return pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0
  }

  it('have every step of a trace, in as many pages as it takes, with the names of the lanes at the head of each', async () => {
    await printed(syntheticTrace(1200), async (page) => {
      await expect.poll(() => page.locator('.printed .row').count()).toBe(1201)
      await expect.poll(() => page.locator('.diagram-place').isVisible()).toBe(false)
      await expect.poll(() => page.locator('.printed thead .lane-name').allTextContents()).toHaveLength(3)
      await expect
        .poll(() => page.locator('.printed thead').evaluate((head) => head.ownerDocument.defaultView?.getComputedStyle(head).display))
        .toBe('table-header-group')
      const printedPages = await pages(page)
      expect(printedPages).toBeGreaterThan((1201 * 26) / paper.height)
      expect(printedPages).toBeLessThan(60)
    })
  })

  it('have 2,000 rows of a longer trace, around the step that is looked at, and say so', async () => {
    await printed(
      syntheticTrace(5000),
      async (page) => {
        await expect.poll(() => page.locator('.printed .row').count()).toBe(2000)
        await expect.poll(() => page.locator('.trace').textContent()).toContain('the states after steps 2,000 to 3,999 are on this paper')
        await expect.poll(() => page.locator('.printed .row').first().textContent()).toContain('2000')
        await expect.poll(() => page.locator('.printed .row').last().textContent()).toContain('3999')
      },
      '#view=0&step=3000',
    )
  })

  it('make wide traces small enough, and keep what buttons say', async () => {
    const { header, views } = syntheticTrace(30)
    const [view] = views
    if (view?.kind !== 'trace') throw new Error('it is a trace')
    const lanes = Array.from({ length: 20 }, (_, i) => ({ name: `server ${i}`, short: `s${i}`, kind: 'node' as const }))
    await printed(
      { header: { ...header, command: `counterpoint check ${'raft '.repeat(60)}` }, views: [{ ...view, lanes }] },
      async (page) => {
        const rows = page.locator('.printed .target')
        await expect.poll(() => rows.count()).toBe(31)
        const box = await rows.first().boundingBox()
        expect(box?.width).toBeGreaterThan(paper.width - 5)
        expect(box?.width).toBeLessThanOrEqual(paper.width + 1)
        await expect.poll(() => page.locator('.tree .fold').first().isVisible()).toBe(true)
        await expect.poll(() => page.locator('.exports').isVisible()).toBe(false)
      },
    )
  })

  it('have every operation of a history, with the order, each label whole at least once', async () => {
    await printed(syntheticHistory(700, 'write', 'key'), async (page) => {
      await expect.poll(async () => new Set(await page.locator('.printed .label').allTextContents()).size).toBeGreaterThan(0)
      const labels = new Set(await page.locator('.printed .label').allTextContents())
      const missing = Array.from({ length: 700 }, (_, i) => `${i === 699 ? '✗ ' : ''}write ${i}`).filter((label) => !labels.has(label))
      expect(missing).toEqual([])
      expect(
        await page.locator('.printed .order').evaluateAll((paths) => paths.filter((path) => path.getAttribute('d') !== '').length),
      ).toBeGreaterThan(5)
      await expect.poll(() => page.locator('.bars-place').isVisible()).toBe(false)
      expect(await pages(page)).toBeGreaterThan(3)
    })
  })

  it('have 2,000 operations of a larger history, around the chosen one, and say so', async () => {
    await printed(
      syntheticHistory(20_000, 'w'),
      async (page) => {
        await expect.poll(() => page.locator('.history').textContent()).toContain('Of 20,000 operations, 8,001 to 10,000 are on this paper')
        await expect.poll(() => page.locator('.printed .bar.chosen').count()).toBeGreaterThan(0)
        // Times are those of the whole: operation 8,000 is called after 8 ms.
        await expect.poll(() => page.locator('.printed .axis').nth(1).textContent()).toBe('8 ms')
      },
      '#view=0&operation=9000',
    )
  })

  it('have the cycle of transactions with its dependencies, and all of them in time', async () => {
    const example = resolve(import.meta.dirname, '../../examples/write-skew.edn')
    await printed(verdictReport(verifyTransactionsFile(example, { file: 'write-skew.edn' }), 'counterpoint'), async (page) => {
      await expect.poll(() => page.locator('.edges li').first().innerText()).toContain('T1 → T2')
      await expect.poll(() => page.locator('.cycle .transaction').count()).toBe(3)
      await expect.poll(() => page.locator('.printed .bar').count()).toBe(3)
    })
    await printed(syntheticTransactions(300, hostile), async (page) => {
      await expect.poll(() => page.locator('.printed .bar').count()).toBeGreaterThanOrEqual(300)
    })
  })

  it('have the whole graph of states, however near one has looked', async () => {
    const options = { bugs: ['after-you'] }
    await printed(
      checkReport(check(peterson, options), program(peterson, options), 'counterpoint check'),
      async (page) => {
        const whole = await page.locator('.states').getAttribute('viewBox')
        await page.emulateMedia({ media: 'screen' })
        for (let i = 0; i < 5; i++) await page.keyboard.press('+')
        await expect.poll(() => page.locator('.states').getAttribute('viewBox')).not.toBe(whole)
        await page.emulateMedia({ media: 'print' })
        await expect.poll(() => page.locator('.states').getAttribute('viewBox')).toBe(whole)
      },
      '#view=1',
    )
  })
})
