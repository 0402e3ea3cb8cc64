import fc from 'fast-check'
import sortBy from 'lodash/sortBy.js'
import { describe, expect, it } from 'vitest'
import { byDelays, type Choose } from './concurrent-delays.ts'

/** Two or three counters that count down in turns of the scheduler's choice: who steps, one letter a step. */
function countdown(lengths: readonly number[], choose: Choose): string {
  const left = [...lengths]
  let last = 0
  let word = ''
  for (;;) {
    const ready = [...left.keys()].map((i) => (i + last) % left.length).filter((i) => (left[i] ?? 0) > 0)
    if (ready.length === 0) return word
    last = ready[choose(ready.length)] ?? 0
    left[last] = (left[last] ?? 0) - 1
    word += 'abc'[last]
  }
}

function allWords(lengths: readonly number[], word = ''): string[] {
  if (lengths.every((left) => left === 0)) return [word]
  return lengths.flatMap((left, i) => (left === 0 ? [] : allWords(lengths.with(i, left - 1), `${word}${'abc'[i]}`)))
}

describe('interleavings by delays', () => {
  it('are all of them, each once, those with fewer delays first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), async (lengths) => {
        const words: string[] = []
        const delays: number[] = []
        const found = await byDelays(async (choose) => {
          let passed = 0
          const word = countdown(lengths, (candidates) => {
            const skip = choose(candidates)
            expect(skip).toBeLessThan(candidates)
            passed += skip
            return skip
          })
          words.push(word)
          delays.push(passed)
          return null
        }, 10_000)
        expect(found).toBeNull()
        expect(delays).toEqual(sortBy(delays))
        expect(words.toSorted()).toEqual(allWords(lengths).toSorted())
      }),
      { numRuns: 60 },
    )
  })

  it('begin with the clients one after another, then with one delay as early as possible', async () => {
    const words: string[] = []
    await byDelays(async (choose) => {
      words.push(countdown([2, 2], choose))
      return null
    }, 4)
    expect(words).toEqual(['aabb', 'bbaa', 'abba', 'baab'])
  })

  it('end with the first that gives something, and at the maximum', async () => {
    let runs = 0
    const attempt = async (choose: Choose): Promise<string | null> => {
      runs++
      const word = countdown([2, 2], choose)
      return word === 'abba' ? word : null
    }
    expect(await byDelays(attempt, 100)).toBe('abba')
    expect(runs).toBe(3)
    expect(await byDelays(attempt, 2)).toBeNull()
    expect(runs).toBe(5)
    expect(await byDelays(attempt, 0)).toBeNull()
    expect(runs).toBe(5)
  })
})
