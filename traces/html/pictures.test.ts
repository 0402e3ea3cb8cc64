import { resolve } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, program } from '../../checker/index.ts'
import { peterson, raft } from '../../models/index.ts'
import { verifyFile } from '../histories/verify-file.ts'
import { verifyTransactionsFile } from '../histories/verify-transactions.ts'
import { checkReport } from './check-report.ts'
import type { ReportDocument, TraceView } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, openHtml, openSvg, savedBy, startBrowser } from './testing/browser.ts'
import { hostile, syntheticHistory, syntheticTrace, syntheticTransactions } from './testing/synthetic.ts'
import { verdictReport } from './verdict-report.ts'

const example = (name: string): string => resolve(import.meta.dirname, '../../examples', name)
const checked = (model: typeof raft | typeof peterson, bug: string): ReportDocument =>
  checkReport(check(model, { bugs: [bug] }), program(model, { bugs: [bug] }), 'counterpoint check')
const staleRead = (): ReportDocument => verdictReport(verifyFile(example('stale-read.edn'), { file: 'stale-read.edn' }), 'counterpoint')
const writeSkew = (): ReportDocument =>
  verdictReport(verifyTransactionsFile(example('write-skew.edn'), { file: 'write-skew.edn' }), 'counterpoint')

describe.skipIf(browserProgram === null)(`saved pictures${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
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
  const button = (page: Page, name: 'SVG' | 'PNG', nth = 0): Locator => page.getByRole('button', { name, exact: true }).nth(nth)

  /** Opens a saved picture alone, and counts what it draws. */
  async function alone(svg: string, counts: Readonly<Record<string, number>>, title: string): Promise<void> {
    expect(svg).not.toMatch(/var\(|light-dark|url\((?!#)/)
    const { page, requests, errors, close } = await openSvg(browser, svg)
    expect(await page.locator(':root').evaluate((root) => root.localName)).toBe('svg')
    expect(await page.locator('svg > title').first().textContent()).toBe(title)
    await expect.poll(() => page.locator('.picture-title').first().isVisible()).toBe(true)
    for (const [selector, count] of Object.entries(counts))
      expect([selector, await page.locator(selector).count()]).toEqual([selector, count])
    // No text is cut off at a side.
    const { box, outside } = await page.locator(':root').evaluate((root) => {
      const { width } = root.getBoundingClientRect()
      const texts = [...root.querySelectorAll('text')].map((text) => text.getBoundingClientRect())
      return { box: width, outside: texts.filter(({ left, right }) => left < -1 || right > width + 1).length }
    })
    expect(box).toBeGreaterThan(300)
    expect(outside).toBe(0)
    expect({ requests, errors }).toEqual({ requests: [], errors: [] })
    await close()
  }
  const sizeOf = (png: Buffer): readonly [width: number, height: number] => {
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    return [png.readUInt32BE(16), png.readUInt32BE(20)]
  }

  it('of a trace have every step, also those that stand together on the page', async () => {
    const document = checked(raft, 'commit-on-half')
    const { steps, messages } = document.views[0] as TraceView
    await opened(document, async (page) => {
      const svg = (await savedBy(page, button(page, 'SVG'))).toString()
      await alone(svg, { '.row': steps.length + 1, '.message': messages.length }, `${document.header.title}: ${document.header.sentence}`)
      const [width, height] = sizeOf(await savedBy(page, button(page, 'PNG')))
      expect(width).toBeGreaterThan(1200)
      expect(height).toBeGreaterThan(2 * 26 * steps.length)
    })
  })

  it('of a lasso have its arrow back', async () => {
    await opened(checked(peterson, 'after-you'), async (page) => {
      const svg = (await savedBy(page, button(page, 'SVG'))).toString()
      expect(svg).toContain('back to the state after step 4, for ever')
      expect(svg.match(/<g class="lasso"><path/g)).toHaveLength(1)
    })
  })

  it('of a history have every operation with its label, and the order', async () => {
    await opened(staleRead(), async (page) => {
      const svg = (await savedBy(page, button(page, 'SVG'))).toString()
      const title = `stale-read.edn: ${(await page.locator('.oracle bdi').textContent()) ?? ''}`
      await alone(svg, { '.bar': 5, '.label': 5, '.bar.failing': 1, '.point': 3 }, title)
      expect(svg).toContain('✗ read → 1')
      expect(sizeOf(await savedBy(page, button(page, 'PNG')))[0]).toBeGreaterThan(600)
    })
  })

  it('of transactions are of the cycle, and of all of them in time', async () => {
    await opened(writeSkew(), async (page) => {
      await page.keyboard.press('j')
      await expect.poll(() => page.locator('.cycle .chosen').count()).toBeGreaterThan(0)
      const title = `write-skew.edn: ${(await page.locator('.oracle bdi').textContent()) ?? ''}`
      const cycle = (await savedBy(page, button(page, 'SVG', 0))).toString()
      await alone(cycle, { '.transaction': 3, '.edge.proof .line': 2, '.marked': 2 }, title)
      expect(cycle).toContain('color: rgb(')
      await alone((await savedBy(page, button(page, 'SVG', 1))).toString(), { '.bar': 3, '.label': 3 }, title)
      for (const nth of [0, 1]) expect(sizeOf(await savedBy(page, button(page, 'PNG', nth)))[0]).toBeGreaterThan(600)
    })
  })

  it('of explored states have all of them, however near one has looked', async () => {
    const document = checked(peterson, 'after-you')
    await opened(
      document,
      async (page) => {
        const states = await page.locator('.node').count()
        for (let i = 0; i < 5; i++) await page.keyboard.press('+')
        const svg = (await savedBy(page, button(page, 'SVG'))).toString()
        await alone(svg, { '.node': states }, `${document.header.title}: ${document.header.sentence}`)
        const { page: picture } = await openSvg(browser, svg)
        const inside = await picture.locator(':root').evaluate((root) => {
          const { width, height } = root.getBoundingClientRect()
          const nodes = [...root.querySelectorAll('.node')].map((node) => node.getBoundingClientRect())
          return nodes.every(({ left, right, top, bottom }) => left >= 0 && top >= 0 && right <= width && bottom <= height)
        })
        expect(inside).toBe(true)
        expect(sizeOf(await savedBy(page, button(page, 'PNG')))[0]).toBeGreaterThan(600)
      },
      '#view=1',
    )
  })

  it('have the colours of the dark where the page is dark', async () => {
    await opened(staleRead(), async (page) => {
      const light = (await savedBy(page, button(page, 'SVG'))).toString()
      await page.emulateMedia({ colorScheme: 'dark' })
      const dark = (await savedBy(page, button(page, 'SVG'))).toString()
      expect(light).toContain('fill="rgb(255, 255, 255)"')
      expect(dark).toContain('fill="rgb(20, 23, 27)"')
    })
  })

  it('hold hostile text as text', async () => {
    for (const document of [syntheticTrace(60, hostile), syntheticHistory(60, hostile, hostile), syntheticTransactions(60, hostile)])
      await opened(document, async (page) => {
        for (let nth = 0; nth < (await page.getByRole('button', { name: 'SVG', exact: true }).count()); nth++) {
          const svg = (await savedBy(page, button(page, 'SVG', nth))).toString()
          const { page: picture, requests, errors } = await openSvg(browser, svg)
          await expect.poll(() => picture.locator('svg > title').first().textContent()).toContain('</script><img src=x')
          await expect.poll(() => picture.locator('img, script, parsererror').count()).toBe(0)
          expect({ requests, errors }).toEqual({ requests: [], errors: [] })
        }
      })
  })

  it('of 20,000 operations: all as SVG, those around the chosen one as PNG, and the page says so', async () => {
    await opened(
      syntheticHistory(20_000, 'write'),
      async (page) => {
        await expect.poll(() => page.locator('.exports').textContent()).toContain('The PNG is of the operations around the chosen one')
        const svg = (await savedBy(page, button(page, 'SVG'))).toString()
        expect(svg.match(/<text class="label/g)).toHaveLength(20_000)
        const [width, height] = sizeOf(await savedBy(page, button(page, 'PNG')))
        expect(width * height).toBeLessThan(61_000_000)
        expect(Math.max(width, height)).toBeLessThanOrEqual(16_000)
      },
      '#view=0&operation=10000',
    )
  })

  it('of 5,000 steps: all as SVG, those around the one that is looked at as PNG, and the page says so', async () => {
    await opened(
      syntheticTrace(5000),
      async (page) => {
        await expect
          .poll(() => page.locator('.exports').textContent())
          .toMatch(/The PNG is of the states after steps 2,[\d,]+ to 2,[\d,]+, around/)
        const svg = (await savedBy(page, button(page, 'SVG'))).toString()
        expect(svg.match(/<g class="row /g)).toHaveLength(5001)
        const [, height] = sizeOf(await savedBy(page, button(page, 'PNG')))
        expect(height).toBeGreaterThan(15_000)
        expect(height).toBeLessThanOrEqual(16_000)
      },
      '#view=0&step=2500',
    )
  })
})
