import { describe, expect, it } from 'vitest'
import { check, simulation } from '../checker/index.ts'
import { program } from '../checker/language/program.ts'
import { models } from './index.ts'

describe('the catalogue', () => {
  it('names each model once', () => {
    expect(new Set(models.map(({ name }) => name)).size).toBe(models.length)
  })
})

describe.each(models)('$name', (model) => {
  it.each(model.instances.map((instance) => ({ instance, title: JSON.stringify(instance) })))(
    'is checked as promised: $title',
    ({ instance }) => {
      const { constants = {}, bugs = [], expect: expected, distinct, generated, depth } = instance
      const result = check(model, { constants, bugs })
      const violated = result.violations[0]
      expect(violated?.property ?? result.verdict).toBe(expected)
      if (distinct !== undefined) expect(result.distinct).toBe(distinct)
      if (generated !== undefined) expect(result.generated).toBe(generated)
      if (depth !== undefined) expect(violated?.depth ?? result.depth).toBe(depth)
    },
  )

  it('has an instance that holds, and one for each known bug', () => {
    expect(model.instances.some(({ expect: expected }) => expected === 'holds')).toBe(true)
    const shown = model.instances.flatMap(({ bugs = [] }) => bugs)
    expect(shown).toEqual(expect.arrayContaining(Object.keys(model.bugs)))
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
