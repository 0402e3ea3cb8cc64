/** Uses the page of a running explorer in a real browser. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Model, type ProgramOptions, program } from '../../../checker/index.ts'
import { type ExplorerOptions, type RunningExplorer, startExplorer } from '../server.ts'

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  readonly explorer: RunningExplorer
}

export interface ExploringOptions extends ProgramOptions, Pick<ExplorerOptions, 'save'> {
  readonly hash?: string
}

/** Opens the page of a model; it must complain about nothing, and ask nobody but its own server. */
export async function exploringIn(
  browser: Browser,
  model: Model,
  use: (opened: Opened) => Promise<void>,
  { hash = '', save, ...options }: ExploringOptions = {},
): Promise<void> {
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

export function at(page: Page, step: number, last: number): Promise<void> {
  return page.getByText(`step ${step} of ${last}`, { exact: true }).waitFor()
}

export function choice(page: Page, text: string): Locator {
  return page.getByRole('button', { name: text })
}

export function said(page: Page, text: RegExp): Promise<void> {
  return page.getByRole('status').getByText(text).waitFor()
}

/** Of the state that is looked at. */
export async function digest(page: Page): Promise<string> {
  await page.waitForURL(/state=/)
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get('state') ?? ''
}
