import { describe, expect, it } from 'vitest'
import { cameBackText } from './came-back.ts'

const violated = [
  { property: 'first', message: '' },
  { property: 'second', message: '' },
]

describe('what is said of a loop', () => {
  it('names the state, the steps, and what they violate', () => {
    expect(cameBackText({ loop: 3, unfair: null, violated }, 7)).toBe(
      'the same state as after step 3; to repeat steps 4 to 7 for ever violates first, second',
    )
    expect(cameBackText({ loop: 0, unfair: null, violated: [] }, 1)).toBe(
      'the initial state again; to repeat step 1 for ever violates nothing',
    )
  })

  it('says why no execution does that for ever', () => {
    expect(cameBackText({ loop: 1, unfair: 'pass(0) is weakly fair and never happens', violated: [] }, 3)).toBe(
      'the same state as after step 1; no execution repeats steps 2 to 3 for ever, as pass(0) is weakly fair and never happens',
    )
  })

  it('tells an end from a loop', () => {
    expect(cameBackText({ loop: 2, unfair: null, violated }, 2)).toMatch(/^nothing can happen any more; .* violates first, second$/)
  })
})
