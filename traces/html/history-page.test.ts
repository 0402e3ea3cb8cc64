import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyFile } from '../histories/verify-file.ts'
import type { ReportDocument } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, openHtml, seriousFaults, startBrowser } from './testing/browser.ts'
import { hostile, syntheticHistory } from './testing/synthetic.ts'
import { verdictReport } from './verdict-report.ts'

const staleRead = (): ReportDocument =>
  verdictReport(
    verifyFile(resolve(import.meta.dirname, '../../examples/stale-read.edn'), { file: 'stale-read.edn' }),
    'counterpoint verify',
  )

describe.skipIf(browserProgram === null)(`the view of a history${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
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
  const details = (page: Page) => page.getByRole('region', { name: 'operation', exact: true })
  const chosen = (page: Page): Promise<string | null> => details(page).locator('h2').textContent()

  it('shows at once the sentence, the operation that cannot be placed, what matters, and the line of the order', async () => {
    await opened(staleRead(), async (page) => {
      await expect.poll(() => page.locator('h1').textContent()).toContain('not linearizable')
      await expect.poll(() => page.locator('.oracle').textContent()).toContain('the read by process 3 returned 1')
      await expect.poll(() => page.locator('.label.failing').textContent()).toBe('✗ read → 1')
      await expect.poll(() => page.locator('.bar.core').count()).toBe(3)
      await expect.poll(() => page.locator('.bar.open').count()).toBe(1)
      await expect.poll(() => page.locator('.point').count()).toBe(3)
      await expect.poll(() => page.locator('.order').getAttribute('d')).toMatch(/^M[\d.,]+L[\d.,]+L[\d.,]+$/)
      await expect.poll(() => details(page).textContent()).toContain('cannot be placed')
      await expect.poll(() => details(page).textContent()).toContain('possible states then3')
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
    })
  })

  it('goes from operation to operation by keys and buttons, and says where it is in the URL', async () => {
    await opened(staleRead(), async (page) => {
      const at: (string | null)[] = []
      for (const key of ['Home', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'ArrowLeft', 'v', 'k', 'k', 'j', 'm', 'm']) {
        await page.keyboard.press(key)
        at.push(await chosen(page))
      }
      expect(at).toEqual([
        'write 1',
        'cas [1 2] → ?',
        'read → 3',
        'read → 1',
        'read → 3',
        'read → 1',
        'read → 3',
        'read → 1',
        'read → 3',
        'write 3',
        'read → 3',
        'read → 1',
        'write 1',
      ])
      for (const [name, expected] of [
        ['last operation', 'read → 1'],
        ['operation before', 'read → 3'],
        ['next operation', 'read → 1'],
        ['first operation', 'write 1'],
        ['on in the order', 'write 3'],
        ['back in the order', 'write 1'],
        ['next that matters', 'write 3'],
        ['✗ the failing one', 'read → 1'],
      ] as const) {
        await page.getByRole('button', { name, exact: true }).click()
        await expect.poll(() => chosen(page)).toBe(expected)
      }
      await expect.poll(() => page.url()).toContain('operation=4')
    })
    await opened(
      staleRead(),
      async (page) => {
        await expect.poll(() => chosen(page)).toBe('write 3')
        await expect.poll(() => details(page).textContent()).toMatch(/in the order2 of 3.*state before1.*state after3/)
      },
      '#view=0&operation=2',
    )
  })

  it('shows what the mouse is on, and chooses what is clicked', async () => {
    await opened(staleRead(), async (page) => {
      const bars = page.locator('.bars .inside')
      const box = await bars.first().boundingBox()
      if (box === null) throw new Error('there is no bar')
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
      await expect.poll(() => chosen(page)).toBe('write 1')
      await expect.poll(() => details(page).textContent()).toMatch(/state beforenull.*state after1/)
      await expect.poll(() => page.url()).not.toContain('operation=')
      await page.mouse.move(box.x, box.y + 400)
      await expect.poll(() => chosen(page)).toBe('read → 1')
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
      await expect.poll(() => page.url()).toContain('operation=0')
      await expect.poll(() => page.locator('.label.chosen').textContent()).toBe('write 1')
    })
  })

  it('zooms by buttons and keys, and keeps what is in the middle', async () => {
    await opened(
      syntheticHistory(300),
      async (page) => {
        const place = page.getByRole('region', { name: 'operations in time' })
        const width = (): Promise<number> => place.evaluate((element) => element.scrollWidth)
        const share = (): Promise<number> =>
          place.evaluate((element) => (element.scrollLeft + element.clientWidth / 2) / element.scrollWidth)
        const [plain, middle] = [await width(), await share()]
        await page.keyboard.press('+')
        await expect.poll(width).toBeGreaterThan(1.4 * plain)
        expect(await share()).toBeCloseTo(middle, 1)
        await page.getByRole('button', { name: 'zoom out' }).click()
        await expect.poll(width).toBeLessThan(1.1 * plain)
        await page.keyboard.press('-')
        await expect.poll(width).toBeLessThan(0.9 * plain)
        await page.getByRole('button', { name: 'show all' }).click()
        await expect.poll(() => place.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(1)
        await page.keyboard.press('1')
        await expect.poll(width).toBe(plain)
        await page.getByRole('button', { name: 'zoom in' }).click()
        await page.getByRole('button', { name: 'every label' }).click()
        await expect.poll(width).toBe(plain)
        await page.keyboard.press('0')
        await expect.poll(width).toBeLessThan(plain)
      },
      '#view=0&operation=150',
    )
  })

  it('shows one key at a time, and another one where it is chosen', async () => {
    await opened(syntheticHistory(20, 'write', 'first'), async (page) => {
      await expect.poll(() => chosen(page)).toBe('write 19')
      await page.getByRole('combobox', { name: 'key' }).selectOption('1')
      await expect.poll(() => page.url()).toContain('operation=37')
      await expect.poll(() => page.locator('.failing').count()).toBe(0)
      await page.getByRole('combobox', { name: 'key' }).selectOption('0')
      await expect.poll(() => page.locator('.label.failing').count()).toBe(1)
    })
  })

  it('draws of 20,000 operations those in sight, and says so', async () => {
    await opened(syntheticHistory(20_000), async (page) => {
      await expect.poll(() => page.getByText('Only what is in sight is drawn').count()).toBe(1)
      await expect.poll(() => chosen(page)).toBe('write 1 19999')
      await expect.poll(() => page.locator('.label.failing').textContent()).toBe('✗ write 1 19999')
      await expect.poll(() => page.locator('.bar').count()).toBeLessThan(400)
      await page.keyboard.press('Home')
      await expect.poll(() => page.locator('.label.chosen').textContent()).toBe('write 1 0')
      for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowRight')
      await expect.poll(() => chosen(page)).toBe('write 1 40')
      await page.keyboard.press('0')
      // All of them, as what they cover together.
      const crowd = page.locator('.bars .many')
      await expect.poll(() => crowd.evaluate((path) => path.getAttribute('d')?.match(/M/g)?.length ?? 0)).toBeGreaterThan(9)
      await expect
        .poll(async () => ((await crowd.boundingBox())?.width ?? 0) / ((await page.locator('.bars').boundingBox())?.width ?? 1))
        .toBeGreaterThan(0.8)
      await expect.poll(() => page.locator('.bar').count()).toBeLessThan(10)
    })
  })

  it('shows hostile text as text, in the dark and in print, too', async () => {
    await opened(syntheticHistory(60, hostile, hostile), async (page) => {
      await expect.poll(() => page.locator('img').count()).toBe(0)
      await expect.poll(() => page.locator('.oracle bdi').textContent()).toBe(hostile)
      await expect.poll(() => chosen(page)).toBe(`${hostile} 59`)
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ media: 'print' })
      await expect.poll(() => page.locator('.controls').first().isVisible()).toBe(false)
    })
  })
})
