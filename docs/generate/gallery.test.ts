/** The gallery shows what its commands find. The pictures themselves are for people to look at. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../cli/testing/io.ts'
import { type ReportDocument, targetNamed } from '../../traces/index.ts'
import { galleryFolder, galleryPage, type Picture, pictures, width } from './gallery-page.ts'
import { readPng } from './small-png.ts'

const docs = resolve(import.meta.dirname, '..')
const folder = join(docs, galleryFolder)
const missingFor = ({ target }: Picture): string | null => (target === null ? null : targetNamed(target).missing())

describe('the gallery', () => {
  it('is the page that the script writes', () => {
    expect(readFileSync(join(docs, 'gallery.md'), 'utf8'), 'npm run docs:gallery writes it').toBe(galleryPage())
  })

  it('has each picture, no others, and all of them are small', () => {
    expect(readdirSync(folder).sort()).toEqual(pictures.map(({ name }) => `${name}.png`).sort())
    for (const { name, height } of pictures) {
      const png = readFileSync(join(folder, `${name}.png`))
      expect(png.length, name).toBeLessThan(120_000)
      expect(readPng(png), name).toMatchObject({ width, height })
    }
    // They are in the package, too.
    expect(readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(500_000)
  })

  it('says of each picture what there is to see, in text that Markdown leaves as it is', () => {
    for (const { alt } of pictures) expect(alt).toMatch(/^[^[\]\n]{80,}\.$/)
    expect(new Set(pictures.map(({ alt }) => alt)).size).toBe(pictures.length)
  })

  it('is shown in README.md by one of its pictures, and linked there and in the manual', () => {
    const readme = readFileSync(join(docs, '../README.md'), 'utf8')
    const [, shown = ''] = /!\[[^[\]]{80,}\]\((docs\/gallery\/[\w-]+\.png)\)/.exec(readme) ?? []
    expect(existsSync(join(docs, '..', shown)) && shown !== '').toBe(true)
    expect(readme).toContain('](docs/gallery.md)')
    expect(readFileSync(join(docs, 'README.md'), 'utf8')).toContain('](gallery.md)')
  })
})

describe('the commands of the gallery', { timeout: 60_000 }, () => {
  let work = ''
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'counterpoint-gallery-'))
  })
  afterAll(() => rmSync(work, { recursive: true }))

  for (const picture of pictures) {
    const { name, commands, report, hash, sentence } = picture
    const missing = missingFor(picture)
    // Skipped only where a database is not installed.
    it.skipIf(missing !== null)(`write the report of ${name}${missing === null ? '' : ` (skipped: ${missing})`}`, async () => {
      for (const argv of commands) {
        const { status, stderr } = await runCli(argv, { cwd: work })
        expect([argv, [0, 1].includes(status), stderr]).toEqual([argv, true, ''])
      }
      const [, data = '{}'] = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(readFileSync(join(work, report), 'utf8')) ?? []
      const { header, views } = JSON.parse(data) as ReportDocument
      expect(header.sentence.slice(0, sentence.length)).toBe(sentence)
      const place = new URLSearchParams(hash.slice(1))
      const view = views[Number(place.get('view'))]
      expect(view).toBeDefined()
      expect(view?.kind === 'trace' ? view.steps.length : 0).toBeGreaterThanOrEqual(Number(place.get('step')))
    })
  }
})
