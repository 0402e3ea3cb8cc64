/**
 * Every instance and every table of every model, checked as promised. Those that say that they are slow are left to
 * `npm run catalogue`, which takes its time.
 */
import isEqual from 'lodash/isEqual.js'
import sortBy from 'lodash/sortBy.js'
import { afterAll, describe, expect, it } from 'vitest'
import { check, type Instance, judgeTable, requireTables, simulation } from '../checker/index.ts'
import { program } from '../checker/language/program.ts'
import { models } from './index.ts'

const isFull = process.env['CATALOGUE'] === 'full'
const isNow = ({ isSlow = false }: { readonly isSlow?: boolean }): boolean => isFull || !isSlow
const left = models.flatMap(({ instances, tables }) => [...instances, ...Object.values(tables)].filter((one) => !isNow(one)))

const taken: { readonly what: string; readonly seconds: number }[] = []
afterAll(() => {
  const total = taken.reduce((sum, { seconds }) => sum + seconds, 0)
  const slowest = sortBy(taken, ({ seconds }) => -seconds).slice(0, 5)
  const lines = [
    `${taken.length} instances and tables were checked in ${total.toFixed(0)} s; ${left.length} slow ones are left to npm run catalogue`,
    ...slowest.map(({ what, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${what}`),
  ]
  console.info(lines.join('\n'))
})

describe('the catalogue', () => {
  it('names each model once', () => {
    expect(new Set(models.map(({ name }) => name)).size).toBe(models.length)
  })
})

describe.each(models)('$name', (model) => {
  it.each(model.instances.filter(isNow).map((instance) => [titleOf(instance), instance] as const))(
    'is checked as promised: %s',
    (title, { constants = {}, bugs = [], expect: expected, distinct, generated, depth }) => {
      const result = check(model, { constants, bugs })
      taken.push({ what: `${model.name} ${title}`, seconds: result.seconds })
      const violated = result.violations[0]
      expect(violated?.property ?? result.verdict).toBe(expected)
      if (distinct !== undefined) expect(result.distinct).toBe(distinct)
      if (generated !== undefined) expect(result.generated).toBe(generated)
      if (depth !== undefined) expect(violated?.depth ?? result.depth).toBe(depth)
    },
  )

  it.each(Object.keys(model.tables).filter((name) => isNow(model.tables[name] ?? {})))('has a table %s that says what is found', (name) => {
    const { cells, seconds } = judgeTable(model, name)
    taken.push({ what: `${model.name}, table ${name}`, seconds })
    for (const { row, column, word, expected } of cells) expect(word, `${row}, ${column}`).toBe(expected)
  })

  it('has tables that fit it', () => {
    requireTables(model)
  })

  it('has an instance that holds, and tells the size of each instance, or where it is violated', () => {
    expect(model.instances.map(({ expect: expected }) => expected)).toContain('holds')
    for (const instance of model.instances) {
      const told = instance.expect === 'holds' ? ['depth', 'distinct', 'generated'] : ['depth']
      expect(Object.keys(instance), titleOf(instance)).toEqual(expect.arrayContaining(told))
    }
  })

  it.each(Object.keys(model.bugs))('has instances with its bug %s, and without it where it shows', (bug) => {
    const shown = program(model, { bugs: [bug] }).constants
    const isThere = ({ constants = {}, bugs = [] }: Instance): boolean => isEqual(program(model, { constants, bugs }).constants, shown)
    const there = model.instances.filter(isThere)
    expect(there.map(({ bugs }) => bugs)).toContainEqual([bug])
    expect(there.filter(({ bugs = [] }) => bugs.length === 0).map(({ expect: expected }) => expected)).toContain('holds')
  })

  it('says of every property, in a sentence, what it means', () => {
    for (const [name, { sentence }] of program(model).properties) expect(sentence, name).toMatch(/\w+ \w+/)
  })

  it.each(Object.keys(model.bugs))('names for its bug %s the property that it violates, and constants that are its own', (bug) => {
    const { violates = '', about } = model.bugs[bug] ?? { about: '' }
    expect([...program(model, { bugs: [bug] }).properties.keys()]).toContain(violates)
    expect(about).toMatch(/\w+ \w+/)
  })

  it('starts somewhere, and can move', () => {
    const run = simulation(program(model))
    const [first] = run.initialStates()
    expect(first && run.transitions(first).length).toBeGreaterThan(0)
  })
})

/** What is checked, without what is expected of it. */
function titleOf({ constants = {}, bugs = [], expect: expected }: Instance): string {
  const values = Object.entries(constants).map(([name, value]) => `${name}=${value}`)
  return [...values, ...bugs.map((bug) => `bug ${bug}`), expected].join(' ')
}
