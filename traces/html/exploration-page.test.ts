import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CheckOptions, check, type Model, program } from '../../checker/index.ts'
import { peterson, raft, twoPhaseCommit } from '../../models/index.ts'
import { checkReport } from './check-report.ts'
import type { ExplorationView, ReportDocument } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, openHtml, seriousFaults, startBrowser } from './testing/browser.ts'

function reportOf(model: Model, options: CheckOptions = {}): ReportDocument {
  return checkReport(check(model, options), program(model, options), 'counterpoint check')
}

function explored({ views }: ReportDocument): ExplorationView {
  const view = views.find(({ kind }) => kind === 'exploration')
  if (view?.kind !== 'exploration') throw new Error('there is no such view')
  return view
}

describe('what a check has explored', () => {
  it('is the whole graph of a small space, as many states and steps as the engine counts', () => {
    const options = { constants: { resourceManagers: 3 } }
    const { graph, levels } = explored(reportOf(twoPhaseCommit, options))
    const { distinct, levels: counted } = check(twoPhaseCommit, options)
    expect(graph).toMatchObject({ isWhole: true })
    expect(graph?.nodes).toHaveLength(distinct)
    expect(levels).toEqual(counted)
    for (const [depth, count] of counted.entries()) expect(graph?.nodes.filter((node) => node.depth === depth)).toHaveLength(count)
  })

  it('is the part around the counterexample where the space is large or has not been seen whole', () => {
    const report = reportOf(raft, { bugs: ['commit-on-half'] })
    const { graph } = explored(report)
    const [trace] = report.views
    expect(graph?.isWhole).toBe(false)
    expect(graph?.edges.filter(({ isOnTrace }) => isOnTrace)).toHaveLength(trace?.kind === 'trace' ? trace.steps.length : -1)
    expect(graph?.nodes.filter(({ isBad }) => isBad).length).toBeGreaterThan(0)
  })

  it('has no graph where nothing was found in a large space, and says that it is not certain where a limit was reached', () => {
    const report = reportOf(raft, { maxStates: 5000 })
    expect(explored(report).graph).toBeNull()
    expect(report.header).toMatchObject({ tone: 'unsure', sentence: expect.stringContaining('inconclusive') })
  })
})

describe.skipIf(browserProgram === null)(`the view of it${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  it('is looked around in by mouse, buttons and keys, and walked from state to state', async () => {
    const { page, requests, errors, close } = await openHtml(browser, reportHtml(reportOf(peterson, { bugs: ['after-you'] })))
    const tab = page.getByRole('tab', { name: 'Exploration' })
    await page.getByRole('tab', { name: 'Trace' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true')
    expect(await seriousFaults(page)).toEqual([])
    const states = page.locator('.states')
    const whole = await states.getAttribute('viewBox')
    const changes = async (act: () => Promise<unknown>): Promise<void> => {
      const before = await states.getAttribute('viewBox')
      await act()
      await expect.poll(() => states.getAttribute('viewBox')).not.toBe(before)
    }
    await changes(() => page.getByRole('button', { name: 'zoom in' }).click())
    await changes(() => page.getByRole('button', { name: 'zoom out' }).click())
    await states.hover()
    await changes(() => page.mouse.wheel(0, 100))
    await changes(async () => {
      await page.mouse.down()
      await page.mouse.move(400, 500)
      await page.mouse.up()
    })
    for (const key of ['ArrowLeft', 'ArrowUp', '+', '-']) await changes(() => page.keyboard.press(key))
    await changes(() => page.getByRole('button', { name: 'show all' }).click())
    await expect.poll(() => states.getAttribute('viewBox')).toBe(whole)
    await page.getByRole('button', { name: 'raise(0)' }).first().click()
    await expect.poll(() => page.locator('.beside pre').textContent()).toContain('flag[0]: true')
    await page.locator('.node').first().click()
    await expect.poll(() => page.locator('.beside h2').textContent()).toContain('State 0')
    expect({ requests, errors }).toEqual({ requests: [], errors: [] })
    await close()
  })
})
