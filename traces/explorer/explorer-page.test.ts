import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anyOf, cell, check, defineModel, ids, type Model, type ProgramOptions, program } from '../../checker/index.ts'
import { peterson, raft, twoPhaseCommit } from '../../models/index.ts'
import { readTrace, type TraceDocument, writeTrace } from '../format.ts'
import { browserProgram, browserRemedy, seriousFaults, startBrowser } from '../html/testing/browser.ts'
import { replay } from '../replay.ts'
import { showTrace } from '../show.ts'
import type { ChoicesAnswer, WalkAnswer } from './api.ts'
import { type ExplorerOptions, type RunningExplorer, startExplorer } from './server.ts'
import { Session } from './session.ts'

/** Each raises its flag, and one of them withdraws for ever: a lasso from the state after step 4. */
const politeness = check(peterson, { bugs: ['after-you'], properties: ['process0GetsIn'] }).violations.flatMap(({ trace }) =>
  trace.steps.map(({ action, args }) => `${action}(${args.join(', ')})`),
)

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

  interface Opened {
    readonly page: Page
    readonly context: BrowserContext
    readonly explorer: RunningExplorer
  }

  /** Uses the page of a model; it must complain about nothing, and ask nobody but its own server. */
  async function exploring(
    model: Model,
    use: (opened: Opened) => Promise<void>,
    { hash = '', save, ...options }: ProgramOptions & Pick<ExplorerOptions, 'save'> & { readonly hash?: string } = {},
  ) {
    const explorer = await startExplorer(program(model, options), {
      command: 'counterpoint explore it',
      ...(save !== undefined && { save }),
    })
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true })
    const page = await context.newPage()
    const foreign: string[] = []
    const errors: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(`${new URL(explorer.url).origin}/`) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
    })
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
    })
    page.on('pageerror', (error) => errors.push(String(error)))
    try {
      await page.goto(`${explorer.url}${hash}`)
      await page.getByRole('heading', { name: 'Next steps' }).waitFor()
      await use({ page, context, explorer })
      expect({ foreign, errors }).toEqual({ foreign: [], errors: [] })
    } finally {
      await context.close()
      await explorer.close()
    }
  }

  const at = (page: Page, step: number, last: number): Promise<void> => page.getByText(`step ${step} of ${last}`, { exact: true }).waitFor()
  const choice = (page: Page, text: string) => page.getByRole('button', { name: text })
  const said = async (page: Page, text: RegExp): Promise<void> => page.getByRole('status').getByText(text).waitFor()
  const digest = async (page: Page): Promise<string> => {
    await page.waitForURL(/state=/)
    return new URLSearchParams(new URL(page.url()).hash.slice(1)).get('state') ?? ''
  }

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

  it('shows what has been walked as a tree: by keyboard, with names that a link brings back, and long pieces in one line', async () => {
    let hash = ''
    const treeOf = (page: Page) => page.getByRole('region', { name: 'what has been walked' })
    const summary = async (page: Page): Promise<string> => (await treeOf(page).textContent()) ?? ''
    const session = new Session(program(raft))
    const signal = new AbortController().signal
    const { path } = (await session.answer('walk', { path: [0], steps: 10, seed: 1 }, signal)) as WalkAnswer
    const { possible } = (await session.answer('choices', { path: path.slice(0, 3) }, signal)) as ChoicesAnswer
    const other = possible.find((one) => one.choice !== path[3] && !one.isOutside && !one.isIdle)?.step.text ?? ''
    await exploring(raft, async ({ page }) => {
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
    await exploring(
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

  it('shows where a path comes back to a state, what that violates for ever, and saves it as a lasso', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoint-explorer-'))
    const save = (trace: TraceDocument): string => {
      writeFileSync(join(folder, 'lasso.json'), writeTrace(trace))
      return 'lasso.json'
    }
    await exploring(
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
      expect(await state(page)).toBe(shown)
    })
    await exploring(
      raft,
      async ({ page }) => {
        await digest(page)
        expect(await state(page)).toBe(shown)
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
