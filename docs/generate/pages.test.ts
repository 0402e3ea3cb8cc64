/** The pages of the models say what the models say. What only running tells, and would take minutes, is left aside but for small searches. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Bug } from '../../checker/index.ts'
import { models } from '../../models/index.ts'
import { nothingFound, pictureOf } from './findings.ts'
import { indexPage, keepingFindings, modelPage, pageName, pagesFolder, withoutFindings } from './page.ts'

const folder = resolve(import.meta.dirname, '../..', pagesFolder)
const readPage = (name: string): string => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
const remedy = 'npm run docs:models writes the pages anew'

describe('the page of', () => {
  it.each(models)('$name says what the model says', (model) => {
    expect(withoutFindings(readPage(pageName(model))), remedy).toBe(withoutFindings(modelPage(model, nothingFound)))
  })

  it.each(models)('$name draws the counterexamples that are found', (model) => {
    const page = readPage(pageName(model))
    for (const bug of Object.keys(model.bugs)) {
      const picture = pictureOf(model, bug, 5000)
      if (picture !== null) expect(page.includes(picture.trimEnd()), `${bug}: ${remedy}`).toBe(true)
    }
    expect(page.match(/<summary>The shortest counterexample/g)?.length ?? 0).toBe(Object.keys(model.bugs).length)
    expect(page.match(/<summary>How each word was found/g)?.length ?? 0).toBe(Object.keys(model.tables).length)
  })

  it.each(models)('$name tells a time for each instance', (model) => {
    const [, instances = ''] = readPage(pageName(model)).split('\n## Checked instances\n')
    expect(instances.match(/ \d[\d.]*(?: h \d+ min \d+| min \d+)? s \|$/gm)?.length, remedy).toBe(model.instances.length)
  })
})

describe('the pages', () => {
  it('are all in the index, and no others are left', () => {
    expect(readPage('README.md'), remedy).toBe(indexPage(models))
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'smallest.md', 'walks.md', ...models.map(pageName)].sort())
  })

  it('tell how many walks find each known bug', () => {
    const told = [...readPage('walks.md').matchAll(/^\| \[([^\]]+)\]\(.*?\) \| \[([^\]]+)\]/gm)].map(([, model, bug]) => `${model}, ${bug}`)
    expect(told, 'npm run bench:walks -- MODEL measures them').toEqual(
      models.flatMap(({ name, bugs }) => Object.keys(bugs).map((bug) => `${name}, ${bug}`)),
    )
  })

  it('tell of each known bug whether smaller constants show it, and of none that they do', () => {
    const rows = readPage('smallest.md')
      .split('\n')
      .filter((line) => line.startsWith('| ['))
      .map((line) => line.split(' | '))
    const told = rows.map(([model, bug, constants]) => [model, bug, constants].map((cell) => cell?.replace(/^[| ]*\[(.*?)\]\(.*\)$/, '$1')))
    const brought = ({ constants = {} }: Bug): string =>
      Object.entries(constants)
        .map(([name, value]) => `\`${name}=${value}\``)
        .join(', ') || '-'
    expect(told, 'npm run bench:smallest -- MODEL looks for them').toEqual(
      models.flatMap(({ name, bugs }) => Object.entries(bugs).map(([bug, its]) => [name, bug, brought(its)])),
    )
    for (const row of rows)
      expect(row.at(-1), row.join()).toMatch(/^(no smaller constants show it|there are none smaller|undecided at .*|not looked at yet) \|$/)
  })

  const page = '# m\n\n## Known bugs\n\n### b\n\nIt is wrong.\n\n## Checked instances\n\n| a=1 | holds | - |\n| a=2 | holds | - |\n'
  const old =
    '# old\n\n### b\n\nIt was wrong.\n\n<!-- found -->\nHow.\n<!-- end -->\n\n## Checked instances\n\n| a=1 | holds | 0.01 s |\n| a=3 | holds | 2 min 1 s |\n'

  it('keep what was found before, where it was not looked for again', () => {
    const kept = keepingFindings(page, old)
    expect(kept).toContain('### b\n\nIt is wrong.\n\n<!-- found -->\nHow.\n<!-- end -->\n\n## Checked')
    expect(kept).toContain('| a=1 | holds | 0.01 s |\n| a=2 | holds | - |\n')
    expect(keepingFindings(old, page)).toBe(old)
  })

  it('are compared without it', () => {
    expect(withoutFindings(keepingFindings(page, old))).toBe(page)
  })
})
