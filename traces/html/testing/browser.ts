/** A real browser, without a network, that tells what a page asked for and complained about. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { keepScreenshot } from './screenshots.ts'

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser that is installed; null: none. CHROMIUM names another one. */
export const browserProgram: string | null = [process.env['CHROMIUM'] ?? '', ...programs].find((path) => existsSync(path)) ?? null
export const browserRemedy = "install Debian's package chromium"

export interface OpenPage {
  readonly page: Page
  /** What the page asked the network for. */
  readonly requests: readonly string[]
  /** What it complained about, and errors that nobody caught. */
  readonly errors: readonly string[]
  readonly close: () => Promise<void>
}

/** @throws if there is no browser; tests skip before, and say `browserRemedy` */
export function startBrowser(): Promise<Browser> {
  if (browserProgram === null) throw new Error(browserRemedy)
  // Chromium's own sandbox does not run as root; what is opened here are our own files.
  return chromium.launch({ executablePath: browserProgram, args: ['--no-sandbox', '--disable-gpu'] })
}

/**
 * Opens a page from a file, where nothing outside can be reached. Its last look is kept (see `keepScreenshot`), and it is closed with
 * the test at the latest.
 */
export function openHtml(browser: Browser, html: string, hash = ''): Promise<OpenPage> {
  return openFile(browser, 'report.html', html, hash)
}

/** The same for a picture on its own. */
export function openSvg(browser: Browser, svg: string): Promise<OpenPage> {
  return openFile(browser, 'picture.svg', svg, '')
}

async function openFile(browser: Browser, name: string, content: string, hash: string): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'counterpoint-page-'))
  const file = join(folder, name)
  await writeFile(file, content)
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 }, acceptDownloads: true })
  const page = await context.newPage()
  const requests: string[] = []
  const errors: string[] = []
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) requests.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${pathToFileURL(file).href}${hash}`)
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await keepScreenshot(page)
    await context.close()
    await rm(folder, { recursive: true, force: true })
  }
  onTestFinished(close)
  return { page, requests, errors, close }
}

/** What a button of the page saves. */
export async function savedBy(page: Page, button: Locator): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return readFileSync(await download.path())
}

/** What axe finds that is serious or critical: `rule: the elements`. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's own policy does not concern.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary ?? ''})`).join(', ')}`,
    )
}
