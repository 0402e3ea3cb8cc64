import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, type Model } from '../../checker/index.ts'
import { chubby, dynamo, peterson, raft } from '../../models/index.ts'
import { replay } from '../replay.ts'
import type { ReportDocument, TraceView } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, type OpenPage, openHtml, savedBy, seriousFaults, startBrowser } from './testing/browser.ts'
import { hostile, syntheticTrace } from './testing/synthetic.ts'
import { traceReport } from './trace-report.ts'

function reportOf(model: Model, bug: string): ReportDocument {
  const [violation] = check(model, { bugs: [bug] }).violations
  if (violation === undefined) throw new Error('the bug is not found')
  return traceReport(replay(model, violation.trace))
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
        await expect.poll(() => step(page)).toBe(`${expected} of ${last}`)
      }
      await page.getByRole('slider', { name: 'step' }).focus()
      await page.keyboard.press('ArrowLeft')
      await expect.poll(() => step(page)).toBe(`${last - 1} of ${last}`)
      await page.locator('.row').nth(4).click()
      await expect.poll(() => step(page)).toBe(`4 of ${last}`)
      await expect.poll(() => page.url()).toContain('step=4')
      await page.getByRole('button', { name: /violated after step/ }).click()
      await expect.poll(() => step(page)).toBe(`${last} of ${last}`)
    })
  })

  it('starts where the URL says', async () => {
    await opened(reportOf(raft, 'commit-on-half'), async (page) => expect.poll(() => step(page)).toMatch(/^3 of /), '#view=0&step=3')
    await opened(
      reportOf(raft, 'commit-on-half'),
      async (page) => expect.poll(() => step(page)).toMatch(/^0 of /),
      '#view=x&step=-1&with=y',
    )
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
        await expect.poll(() => page.url()).toContain('with=0')
        await expect.poll(() => page.locator('.tree .changed').count()).toBeGreaterThan(changed)
      },
      '#view=0&step=1',
    )
  })

  it('draws a lasso as an arrow back, and says what is wrong with it', async () => {
    await opened(reportOf(peterson, 'after-you'), async (page) => {
      await expect.poll(() => page.locator('.lasso path').count()).toBe(1)
      await expect.poll(() => page.locator('.lasso').textContent()).toContain('back to the state after step 4, for ever')
      await page.keyboard.press('v')
      await expect.poll(() => page.url()).toContain('step=6')
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

  it('names the lanes of clients and nodes apart, and tells what they ask and answer at once', async () => {
    const document = reportOf(dynamo, 'last-message-wins')
    const { lanes, messages } = document.views[0] as TraceView
    expect(lanes.map(({ name }) => name)).toEqual(['node 0', 'node 1', 'client 0'])
    expect(messages.filter(({ sent, isCall }) => sent === 1 && isCall).map(({ from, to }) => [from, to])).toEqual([
      [2, 0],
      [0, 2],
    ])
    await opened(document, async (page) => {
      await page.keyboard.press('j')
      await expect.poll(() => page.locator('.diagram.head .number').count()).toBe(0)
      await expect.poll(() => page.locator('.diagram.head .lane-name').first().textContent()).toContain('node 0')
      await expect.poll(() => page.locator('.changes').textContent()).toContain('client 0 to node 0')
      await expect.poll(() => page.locator('.changes').textContent()).toContain('node 0 to client 0 answer')
      await expect.poll(() => page.locator('.diagram .message.now').count()).toBe(3)
    })
  })

  it('keeps the names of the lanes in sight, shows the environment, and calls messages by their names', async () => {
    const document = reportOf(chubby, 'no-sequencer-check')
    const { lanes, steps } = document.views[0] as TraceView
    expect(lanes.at(-1)).toEqual({ name: 'env', short: 'env', kind: 'environment' })
    expect(lanes.map(({ name }) => name).slice(0, -1)).toEqual(['client 0', 'client 1', 'master', 'resource'])
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

  it('saves text for other tools', async () => {
    await opened(reportOf(raft, 'commit-on-half'), async (page) => {
      const saved = (name: string): Promise<Buffer> => savedBy(page, page.getByRole('button', { name, exact: true }))
      expect((await saved('Mermaid')).toString()).toMatch(/^sequenceDiagram/)
      expect(JSON.parse((await saved('ITF')).toString())['#meta'].format).toBe('ITF')
      expect(JSON.parse((await saved('trace')).toString()).schema).toBe(1)
    })
  })

  it('shows hostile text as text, in the dark and in print, too', async () => {
    await opened(syntheticTrace(60, hostile), async (page) => {
      await expect.poll(() => page.locator('img').count()).toBe(0)
      await expect.poll(() => page.locator('.strip strong').first().textContent()).toBe(hostile)
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ media: 'print' })
      await expect.poll(() => page.locator('.controls').isVisible()).toBe(false)
    })
  })

  it('draws of 5,000 steps those in sight, and says so', async () => {
    await opened(syntheticTrace(5000), async (page) => {
      await expect.poll(() => page.getByText('Only what is near is drawn').count()).toBe(1)
      await expect.poll(() => page.locator('.row').count()).toBeLessThan(300)
      for (let i = 0; i < 20; i++) await page.keyboard.press('j')
      await page.keyboard.press('End')
      // What is in sight follows the scrolling, a moment later.
      await expect.poll(() => page.locator('.row').last().textContent()).toContain('5000')
    })
  })
})
