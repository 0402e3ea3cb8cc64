import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, program } from '../../checker/index.ts'
import { peterson, raft } from '../../models/index.ts'
import { readTrace, type TraceDocument, writeTrace } from '../format.ts'
import { browserProgram, browserRemedy, seriousFaults, startBrowser } from '../html/testing/browser.ts'
import { replay } from '../replay.ts'
import { showTrace } from '../show.ts'
import type { ChoicesAnswer, WalkAnswer } from './api.ts'
import { Session } from './session.ts'
import { at, choice, exploringIn, said } from './testing/exploring.ts'

/** Each raises its flag, and one of them withdraws for ever: a lasso from the state after step 4. */
const politeness = check(peterson, { bugs: ['after-you'], properties: ['process0GetsIn'] }).violations.flatMap(({ trace }) =>
  trace.steps.map(({ action, args }) => `${action}(${args.join(', ')})`),
)

describe.skipIf(browserProgram === null)(`paths in the explorer${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  it('are shown as a tree: by keyboard, with names that a link brings back, and long pieces in one line', async () => {
    let hash = ''
    const treeOf = (page: Page) => page.getByRole('region', { name: 'what has been walked' })
    const summary = async (page: Page): Promise<string> => (await treeOf(page).textContent()) ?? ''
    const session = new Session(program(raft))
    const signal = new AbortController().signal
    const { path } = (await session.answer('walk', { path: [0], steps: 10, seed: 1 }, signal)) as WalkAnswer
    const { possible } = (await session.answer('choices', { path: path.slice(0, 3) }, signal)) as ChoicesAnswer
    const other = possible.find((one) => one.choice !== path[3] && !one.isOutside && !one.isIdle)?.step.text ?? ''
    await exploringIn(browser, raft, async ({ page }) => {
      await page.getByRole('spinbutton', { name: 'seed' }).fill('1')
      await page.getByRole('button', { name: 'walk at random' }).click()
      await at(page, 10, 10)
      await page.locator('.row').nth(2).click()
      await at(page, 2, 10)
      await choice(page, other).focus()
      await page.keyboard.press('Enter')
      await at(page, 3, 3)
      const tree = treeOf(page)
      await tree.getByRole('heading', { name: 'the present path ● and 1 other branch ○' }).waitFor()
      await expect.poll(() => tree.locator('[aria-current=step]').textContent()).toMatch(/^step 3: /)
      const branch = tree.getByRole('list', { name: 'branch 1 after step 2', exact: true })
      await expect.poll(() => branch.locator(':scope > li').count()).toBe(3)
      await branch.getByText(/6 steps$/).waitFor()
      await branch.locator('summary').focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => branch.locator('details li').count()).toBe(6)
      await expect.poll(async () => /choice \d/.test(await summary(page))).toBe(false)
      hash = new URL(page.url()).hash
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
      await branch.getByRole('button', { name: /^step 5: / }).focus()
      await page.keyboard.press('Enter')
      await at(page, 5, 10)
    })
    await exploringIn(
      browser,
      raft,
      async ({ page }) => {
        const branch = treeOf(page).getByRole('list', { name: 'branch 1 after step 2', exact: true })
        await expect.poll(() => branch.locator('.place').count()).toBe(2)
        await expect.poll(async () => /choice \d/.test(await summary(page))).toBe(false)
        await treeOf(page).getByRole('button', { name: 'the initial state' }).click()
        await at(page, 0, 3)
        await treeOf(page)
          .getByRole('button', { name: /^forget the branch/ })
          .focus()
        await page.keyboard.press('Enter')
        await expect.poll(() => treeOf(page).count()).toBe(0)
        expect(new URL(page.url()).hash).not.toContain('branches=')
      },
      { hash },
    )
  })

  it('that come back to a state are drawn so, with what that violates for ever, and are saved as lassos', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoint-explorer-'))
    const save = (trace: TraceDocument): string => {
      writeFileSync(join(folder, 'lasso.json'), writeTrace(trace))
      return 'lasso.json'
    }
    await exploringIn(
      browser,
      peterson,
      async ({ page }) => {
        const loop = page.getByRole('status', { name: 'loop' })
        await page.getByRole('heading', { name: 'nothing is violated here' }).waitFor()
        expect(await page.getByRole('button', { name: 'save as lasso' }).count()).toBe(0)
        for (const name of politeness) await choice(page, name).click()
        await at(page, politeness.length, politeness.length)
        await expect
          .poll(() => loop.textContent())
          .toBe('⟲ the same state as after step 4; to repeat steps 5 to 6 for ever violates process0GetsIn')
        await page
          .getByRole('heading', { name: /process0GetsIn is violated if it goes on like this for ever: asked for after step 1/ })
          .waitFor()
        await expect.poll(() => page.locator('.lasso').textContent()).toBe('⟲ back to the state after step 4, for ever')
        expect(await seriousFaults(page)).toEqual([])
        await page.getByRole('button', { name: 'save as lasso' }).focus()
        await page.keyboard.press('Enter')
        await said(page, /^saved as lasso\.json: process0GetsIn is violated for ever; counterpoint show and replay take it$/)
        const trace = readTrace(readFileSync(join(folder, 'lasso.json'), 'utf8'), 'lasso.json')
        expect(trace.loop).toBe(4)
        expect(replay(peterson, trace).finding?.property).toBe('process0GetsIn')
        expect(showTrace(peterson, trace)).toContain('╰⟲ back to the state after step 4, for ever')
        await page.keyboard.press('k')
        await expect.poll(() => loop.textContent()).toBe('')
        await expect.poll(() => page.getByRole('button', { name: 'save as lasso' }).count()).toBe(0)
      },
      { bugs: ['after-you'], properties: ['process0GetsIn'], save },
    )
    rmSync(folder, { recursive: true })
  })
})
