import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anyOf, cell, defineModel, ids, type Model, program } from '../../checker/index.ts'
import { raft, twoPhaseCommit } from '../../models/index.ts'
import { readTrace } from '../format.ts'
import { browserProgram, browserRemedy, seriousFaults, startBrowser } from '../html/testing/browser.ts'
import { replay } from '../replay.ts'
import { startExplorer } from './server.ts'
import { at, choice, digest, type ExploringOptions, exploringIn, type Opened, said } from './testing/exploring.ts'

const hostile = '</script><img src=x onerror=alert(1)> \u202egnirts 👩‍💻 "quotes" \u2028 &amp;'

/** A model whose every name and value would do something, were it taken for markup. */
const hostileModel: Model = defineModel({
  name: hostile,
  about: hostile,
  state: () => ({
    x: cell<Record<string, string | number>>(
      anyOf([
        { [hostile]: hostile, n: 0 },
        { [hostile]: 'x'.repeat(5000), n: 0 },
      ]),
    ),
  }),
  actions: (on) => ({
    [hostile]: on.action({
      each: ids(2),
      when: (s, i) => s.x['n'] !== i,
      then: (s, i) => {
        s.x['n'] = i
        s.x[`${hostile}${i}`] = hostile
      },
    }),
  }),
  properties: (on) => ({ [hostile]: on.always(hostile, (s) => s.x['n'] === 0 || hostile) }),
})

describe.skipIf(browserProgram === null)(`the page of the explorer${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  const exploring = (model: Model, use: (opened: Opened) => Promise<void>, options?: ExploringOptions): Promise<void> =>
    exploringIn(browser, model, use, options)

  it('is walked by mouse: choose, go back, branch, come back to the branch, and forget it', async () => {
    await exploring(raft, async ({ page }) => {
      await choice(page, 'timeout(0)').click()
      await at(page, 1, 1)
      await choice(page, 'receive(1,').first().click()
      await at(page, 2, 2)
      const left = await digest(page)
      await page.getByRole('button', { name: 'step back' }).click()
      await at(page, 1, 2)
      await choice(page, 'receive(2,').first().click()
      await at(page, 2, 2)
      const tree = page.getByRole('region', { name: 'what has been walked' })
      await tree.getByRole('heading', { name: '1 other branch' }).waitFor()
      expect(await digest(page)).not.toBe(left)
      const branch = tree.getByRole('list', { name: 'after step 1', exact: true })
      await branch.getByRole('button', { name: /^step 2: receive\(1,/ }).click()
      await page.waitForURL(new RegExp(`state=${left}`))
      await branch.getByRole('button', { name: /^step 2: receive\(2,/ }).waitFor()
      await tree.getByRole('button', { name: /^forget the branch that ends with step 2: receive\(2,/ }).click()
      await expect.poll(() => tree.count()).toBe(0)
      await page.locator('.row').nth(1).click()
      await at(page, 1, 2)
      for (const [name, step] of [
        ['last state', 2],
        ['first state', 0],
        ['step forward', 1],
      ] as const) {
        await page.getByRole('button', { name, exact: true }).click()
        await at(page, step, 2)
      }
      await page.goBack()
      await at(page, 0, 2)
    })
  })

  it('is walked by keyboard alone, and says what each step would change', async () => {
    await exploring(raft, async ({ page }) => {
      await expect
        .poll(() => page.getByRole('region', { name: 'by node 0' }).locator('.effects').first().textContent())
        .toContain('currentTerm')
      await page.keyboard.press('1')
      await at(page, 1, 1)
      await page
        .locator('.changes code', { hasText: /^timeout\(0\)$/ })
        .first()
        .waitFor()
      await page.keyboard.press('k')
      await at(page, 0, 1)
      await page.keyboard.press('End')
      await at(page, 1, 1)
      await page.keyboard.press('Home')
      await at(page, 0, 1)
      await page.keyboard.press('n')
      await said(page, /1 step from the start/)
      await page.keyboard.press('r')
      await said(page, /at random/)
      await page.keyboard.press('/')
      await page.keyboard.type('s.server[2].currentTerm === 2')
      await page.keyboard.press('Enter')
      await said(page, /from where you were|is no state|satisfies it/)
      await page.keyboard.press('Tab')
      for (let i = 0; i < 60 && (await page.locator('.choice:focus').count()) === 0; i++) await page.keyboard.press('Shift+Tab')
      const steps = await page.locator('output').textContent()
      await page.keyboard.press('Enter')
      await expect.poll(() => page.locator('output').textContent()).not.toBe(steps)
    })
  })

  it('shows what refuses the actions that are not possible, and has no serious fault of accessibility, in the dark either', async () => {
    await exploring(twoPhaseCommit, async ({ page }) => {
      await choice(page, 'prepare(0)').or(page.locator('.choice').first()).first().click()
      await at(page, 1, 1)
      await page.locator('summary').focus()
      await page.keyboard.press('Enter')
      const guard = page.locator('.guard').filter({ hasText: /^commit/ })
      await expect.poll(() => guard.locator('pre').textContent()).toContain('when: (s)')
      await expect.poll(() => guard.locator('.looked').first().textContent()).toBe('tm: init')
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await seriousFaults(page)).toEqual([])
      await page.emulateMedia({ media: 'print' })
      await expect.poll(() => page.locator('.tools').isVisible()).toBe(false)
    })
  })

  it('jumps to the nearest state that satisfies a predicate, which is a violation here, and saves the path as a trace', async () => {
    await exploring(
      raft,
      async ({ page }) => {
        const field = page.getByRole('textbox', { name: /nearest state/ })
        const find = page.getByRole('button', { name: 'find', exact: true })
        await field.fill('s.server[')
        await find.click()
        await said(page, /^✗ the predicate s\.server\[: cannot be read/)
        await field.fill("s.server.filter(({ role }) => role.is === 'leader').length === 2")
        await find.click()
        await said(page, /^7 steps from where you were; \d+ states looked at$/)
        await at(page, 7, 7)
        await page.getByRole('heading', { name: /electionSafety is violated here: servers 0 and 2 both lead term 1/ }).waitFor()
        await expect.poll(() => page.getByRole('button', { name: /violated after step 7/ }).count()).toBe(1)
        await find.click()
        await said(page, /^the state here satisfies it/)
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'save as trace', exact: true }).click(),
        ])
        expect(download.suggestedFilename()).toBe('raft-trace.json')
        const replayed = replay(raft, readTrace(readFileSync(await download.path(), 'utf8'), 'raft-trace.json'))
        expect(replayed.finding?.property).toBe('electionSafety')
        await said(page, /^saved: electionSafety is violated at its end/)
      },
      { bugs: ['vote-not-persisted'] },
    )
  })

  it('stops a search that is not wanted any more', async () => {
    await exploring(raft, async ({ page }) => {
      await page.getByRole('textbox', { name: /nearest state/ }).fill('false')
      await page.getByRole('button', { name: 'find', exact: true }).click()
      await page.getByRole('button', { name: 'stop', exact: true }).click()
      await said(page, /stopped/)
      await page.keyboard.press('Escape')
      await page.locator('.choice').first().click()
      await at(page, 1, 1)
    })
  })

  it('shows the same at a link after the server was started again, and says so where the model is another one', async () => {
    let hash = ''
    let shown: string | null = ''
    const state = (page: Page): Promise<string | null> => page.getByRole('region', { name: 'state', exact: true }).textContent()
    await exploring(raft, async ({ page }) => {
      await page.getByRole('button', { name: 'walk at random' }).click()
      await at(page, 10, 10)
      await page.keyboard.press('Shift+Tab')
      await page.locator('.row').nth(4).click()
      await expect.poll(() => page.locator('output').textContent()).not.toBe('step 10 of 10')
      await digest(page)
      hash = new URL(page.url()).hash
      shown = await state(page)
      await page.reload()
      await page.getByRole('heading', { name: 'Next steps' }).waitFor()
      await expect.poll(() => state(page)).toBe(shown)
    })
    await exploring(
      raft,
      async ({ page }) => {
        await digest(page)
        await expect.poll(() => state(page)).toBe(shown)
        await expect.poll(() => page.locator('.notice').textContent()).toBe('')
      },
      { hash },
    )
    await exploring(raft, async ({ page }) => page.getByText('this link led to another state when it was made').waitFor(), {
      hash,
      constants: { maxLog: 0, crashes: 2 },
    })
    await exploring(raft, async ({ page }) => page.getByText('the path fits for 1 of its 2 steps').waitFor(), { hash: '#path=0.0.99' })
  })

  it('shows hostile text as text, and begins in another initial state', async () => {
    await exploring(hostileModel, async ({ page }) => {
      await page.locator('.choice').first().click()
      await at(page, 1, 1)
      await page.locator('summary').click()
      await page.getByRole('combobox').selectOption('1')
      await at(page, 0, 0)
      expect(new URL(page.url()).hash).toMatch(/^#path=1&branches=0:0\.\d/)
      const elsewhere = page.getByRole('list', { name: 'from other initial states', exact: true })
      await expect.poll(() => elsewhere.textContent()).toContain(`step 1: ${hostile}`)
      await expect.poll(() => page.locator('img').count()).toBe(0)
      await expect.poll(() => page.locator('.title').textContent()).toContain(hostile)
      await expect.poll(() => page.locator('.strip strong').first().textContent()).toBe(hostile)
      expect(await seriousFaults(page)).toEqual([])
    })
  })

  it('says what the model throws, claims nothing of that place, and goes back', async () => {
    const throwing = defineModel({
      name: 'throwing',
      about: 'It throws at its second step',
      state: () => ({ x: cell(0) }),
      actions: (on) => ({
        go: on.action({
          then: (s) => {
            if (s.x > 0) throw new Error('there is no second step')
            s.x = 1
          },
        }),
      }),
      properties: (on) => ({ small: on.always('x is small', (s) => s.x < 2) }),
    })
    await exploring(throwing, async ({ page }) => {
      await page.keyboard.press('1')
      await page.getByRole('alert').getByText('action go of model throwing threw: there is no second step').waitFor()
      await page.getByRole('heading', { name: 'nothing is known of this place yet' }).waitFor()
      await page.keyboard.press('Home')
      await page.getByRole('heading', { name: 'nothing is violated here' }).waitFor()
      await expect.poll(() => page.locator('.notice').textContent()).toBe('')
    })
  })

  it('says so when the server is gone', async () => {
    const explorer = await startExplorer(program(raft))
    const page = await browser.newPage()
    await page.goto(explorer.url)
    await page.locator('.choice').first().waitFor()
    await explorer.close()
    await page.locator('.choice').first().click()
    await page
      .getByRole('alert')
      .getByText(/^the explorer does not answer .*; start it again$/)
      .waitFor()
    await page.close()
  })
})
