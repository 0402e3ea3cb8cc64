/**
 * The constants that known bugs bring are the smallest that show them. Bugs whose corrected models are large there are left to
 * `npm run catalogue`, as slow instances are; docs/models/smallest.md has what was found for all.
 */
import { describe, expect, it } from 'vitest'
import { models } from './index.ts'
import { correctedStates, smallerConstants } from './testing/smaller-constants.ts'

const isFull = process.env['CATALOGUE'] === 'full'
/** As many states as a corrected model may have to be looked at every time. */
const quickStates = 2000

const asked = models.flatMap((model) =>
  Object.keys(model.bugs)
    .filter((bug) => isFull || correctedStates(model, bug) <= quickStates)
    .map((bug) => ({ model, name: model.name, bug })),
)

describe('no smaller constants', () => {
  it.each(asked)('show the bug $bug of $name', ({ model, bug }) => {
    expect(smallerConstants(model, bug)).toMatchObject({ found: [], undecided: [] })
  })
})
