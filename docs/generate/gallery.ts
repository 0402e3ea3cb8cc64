/**
 * `npm run docs:gallery`: runs the commands of the gallery, or of the pictures that are named, opens what they write in a browser, and
 * writes the pictures and their page.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { runCli } from '../../cli/testing/io.ts'
import { startBrowser } from '../../traces/html/testing/browser.ts'
import { targetNamed, writeWhole } from '../../traces/index.ts'
import { galleryFolder, galleryPage, type Picture, pictures, width } from './gallery-page.ts'
import { smallPng } from './small-png.ts'

const docs = resolve(import.meta.dirname, '..')
const named = process.argv.slice(2)
const unknown = named.filter((name) => !pictures.some((picture) => picture.name === name))
if (unknown.length > 0)
  throw new Error(`there is no picture ${unknown.join(', ')}; there are ${pictures.map(({ name }) => name).join(', ')}`)

const work = mkdtempSync(join(tmpdir(), 'counterpoint-gallery-'))
const browser = await startBrowser()
try {
  mkdirSync(join(docs, galleryFolder), { recursive: true })
  for (const picture of pictures) {
    if (named.length > 0 && !named.includes(picture.name)) continue
    const missing = picture.target === null ? null : targetNamed(picture.target).missing()
    if (missing !== null) {
      process.stderr.write(`${picture.name} stays as it is; ${missing}\n`)
      continue
    }
    await write(picture, browser)
  }
  writeWhole(join(docs, 'gallery.md'), galleryPage())
} finally {
  await browser.close()
  rmSync(work, { recursive: true })
}

async function write({ name, commands, report, hash, height }: Picture, browser: Browser): Promise<void> {
  for (const argv of commands) {
    const { status, stderr } = await runCli(argv, { cwd: work })
    if (status > 1) throw new Error(`${argv.join(' ')}: ${stderr}`)
  }
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(`${pathToFileURL(join(work, report)).href}${hash}`)
  // How long it took is another matter each time.
  for (const fact of await page
    .locator('.facts div')
    .filter({ hasText: /^(time|states per second)/ })
    .all())
    await fact.evaluate((element) => element.setAttribute('hidden', ''))
  const png = smallPng(await page.screenshot())
  writeFileSync(join(docs, galleryFolder, `${name}.png`), png)
  process.stderr.write(`${name}: ${Math.round(png.length / 1000)} kB\n`)
  await page.close()
}
