/**
 * `npm run docs:models`: writes the pages of all models, or of those that are named. `--quick` leaves slow instances and tables
 * alone, and keeps what the page tells of them.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { models } from '../../models/index.ts'
import { writeWhole } from '../../traces/index.ts'
import { findings } from './findings.ts'
import { indexPage, keepingFindings, modelPage, pageName, pagesFolder } from './page.ts'

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean', default: false } }, allowPositionals: true })
const unknown = positionals.filter((name) => !models.some((model) => model.name === name))
if (unknown.length > 0) throw new Error(`there is no model ${unknown.join(', ')}`)
const folder = resolve(import.meta.dirname, '../..', pagesFolder)
mkdirSync(folder, { recursive: true })
for (const model of models) {
  if (positionals.length > 0 && !positionals.includes(model.name)) continue
  const file = join(folder, pageName(model))
  const page = modelPage(model, findings(model, { isFull: !values.quick, say: (what) => process.stderr.write(`${what}\n`) }))
  writeWhole(file, existsSync(file) ? keepingFindings(page, readFileSync(file, 'utf8')) : page)
}
writeWhole(join(folder, 'README.md'), indexPage(models))
