/** What tests of pages saw last, for a person to look at afterwards. */
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const taken = new Map<string, number>()

/** A picture of what can be seen of a page, named after the test, into the folder that SCREENSHOTS names; none without it. */
export async function keepScreenshot(page: Page): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined || folder === '') return
  const { testPath = '', currentTestName = '' } = expect.getState()
  const name = `${basename(testPath, '.test.ts')} ${currentTestName}`.replace(/[^a-zA-Z0-9]+/g, '-').slice(0, 120)
  const count = (taken.get(name) ?? 0) + 1
  taken.set(name, count)
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}${count === 1 ? '' : `-${count}`}.png`) })
}
