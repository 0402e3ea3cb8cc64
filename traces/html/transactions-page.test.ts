import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyTransactionsFile } from '../histories/verify-transactions.ts'
import type { ReportDocument } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, openHtml, seriousFaults, startBrowser } from './testing/browser.ts'
import { hostile, syntheticTransactions } from './testing/synthetic.ts'
import { verdictReport } from './verdict-report.ts'

const writeSkew = (): ReportDocument =>
  verdictReport(
    verifyTransactionsFile(resolve(import.meta.dirname, '../../examples/write-skew.edn'), { file: 'write-skew.edn' }),
    'counterpoint verify write-skew.edn',
  )

describe.skipIf(browserProgram === null)(`the view of transactions${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  async function opened(document: ReportDocument, use: (page: Page) => Promise<void>, hash = ''): Promise<void> {
    const { page, requests, errors, close } = await openHtml(browser, reportHtml(document), hash)
    await use(page)
    expect({ requests, errors }).toEqual({ requests: [], errors: [] })
    await close()
  }
  const pressed = (page: Page): Promise<string[]> => page.locator('.edges button[aria-pressed="true"]').allTextContents()

  it('shows at once what is wrong, why, and the cycle with thick arrows', async () => {
    await opened(writeSkew(), async (page) => {
      await expect.poll(() => page.locator('.oracle').textContent()).toContain('write-skew (A5B)')
      await expect.poll(() => page.locator('.proof li').last().textContent()).toContain('a contradiction')
      await expect.poll(() => page.locator('.cycle .transaction').count()).toBe(3)
      await expect.poll(() => page.locator('.cycle .edge.proof .line').count()).toBe(2)
      await expect
        .poll(() => page.locator('.edge-label.proof').allTextContents())
        .toEqual([expect.stringMatching(/^rw :bob/), expect.stringMatching(/^rw :alice/)])
      await expect.poll(() => page.locator('.bar.core').count()).toBe(3)
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
    })
  })

  it('highlights a dependency with its operations, chosen in the list, in the graph, by keys or by the URL', async () => {
    await opened(writeSkew(), async (page) => {
      await expect.poll(() => page.locator('.cycle .marked').count()).toBe(0)
      await page
        .getByRole('button', { name: /^T1 → T2/ })
        .first()
        .click()
      await expect.poll(() => page.url()).toContain('edge=0')
      // Its first transaction is shown in time.
      await expect.poll(() => page.locator('.label.chosen').textContent()).toMatch(/^T1: /)
      await expect.poll(() => page.locator('.cycle .edge.chosen .line').count()).toBe(1)
      await expect
        .poll(() => page.locator('.cycle .marked').allTextContents())
        .toEqual([expect.stringContaining('read :bob'), expect.stringContaining('write :bob')])
      await expect.poll(() => page.locator('.bar.core').count()).toBe(2)
      await page.locator('.edge-label.proof').nth(1).click()
      await expect.poll(() => pressed(page)).toEqual([expect.stringContaining('T2 → T1')])
      await page.keyboard.press('j')
      await expect.poll(() => page.url()).toContain('edge=2')
      for (const edge of [1, 0, 5]) {
        await page.keyboard.press('k')
        await expect.poll(() => page.url()).toContain(`edge=${edge}`)
      }
    })
    await opened(
      writeSkew(),
      async (page) => expect.poll(() => pressed(page)).toEqual([expect.stringContaining('T2 → T1')]),
      '#view=0&edge=1',
    )
    await opened(writeSkew(), async (page) => expect.poll(() => pressed(page)).toEqual([]), '#view=0&edge=99')
  })

  it('goes from transaction to transaction in time by keys, buttons and mouse, and zooms', async () => {
    await opened(writeSkew(), async (page) => {
      const details = page.getByRole('region', { name: 'transaction', exact: true })
      for (const [key, at] of [
        ['End', 'T2'],
        ['ArrowUp', 'T1'],
        ['ArrowUp', 'T3'],
        ['ArrowDown', 'T1'],
        ['Home', 'T3'],
        ['ArrowRight', 'T1'],
        ['ArrowLeft', 'T3'],
      ] as const) {
        await page.keyboard.press(key)
        await expect.poll(() => details.locator('h2').textContent()).toMatch(new RegExp(`^${at}`))
      }
      await page.getByRole('button', { name: 'next transaction' }).click()
      await expect.poll(() => details.textContent()).toMatch(/T1 of process 1.*committed; from event \d+ to event \d+.*write :alice off/s)
      await page.getByRole('button', { name: 'transaction before' }).click()
      await expect.poll(() => details.locator('h2').textContent()).toContain('T3')
      await page.locator('.bars .inside').nth(2).click()
      await expect.poll(() => details.locator('h2').textContent()).toContain('T2')
      const width = (): Promise<number> =>
        page.locator('.bars-place .room').evaluate((element) => Number(element.getAttribute('width') ?? '0'))
      const plain = await width()
      await page.getByRole('button', { name: 'zoom in' }).click()
      await expect.poll(width).toBeGreaterThan(plain)
      await page.keyboard.press('1')
      await expect.poll(width).toBe(plain)
    })
  })

  it('shows hostile text of many transactions as text, under a tab for each level', async () => {
    await opened(syntheticTransactions(2000, hostile), async (page) => {
      await expect.poll(() => page.getByRole('tab').allTextContents()).toEqual([hostile, `other ${hostile}`, 'Findings'])
      await expect.poll(() => page.locator('img').count()).toBe(0)
      await expect.poll(() => page.locator('.oracle bdi').textContent()).toBe(hostile)
      await expect.poll(() => page.locator('.cycle .transaction').count()).toBe(7)
      await expect.poll(() => page.locator('.bar').count()).toBeLessThan(400)
      await expect.poll(() => page.getByText('Only what is in sight is drawn').count()).toBe(1)
      expect(await seriousFaults(page)).toEqual([])
      await page.getByRole('tab').nth(1).click()
      await expect.poll(() => page.locator('.cycle .transaction').count()).toBe(7)
      await page.getByRole('tab', { name: 'Findings' }).click()
      await expect.poll(() => page.locator('.findings p bdi').allTextContents()).toEqual([hostile, hostile])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ media: 'print' })
      await expect.poll(() => page.getByRole('tablist').isVisible()).toBe(false)
    })
  })
})
