import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Program, smaller } from './concurrent-program.ts'

type Op = { readonly rank: number; readonly id: number }

/** Clients with operations of different names, none of them idle. */
const clients: fc.Arbitrary<readonly (readonly Op[])[]> = fc
  .array(fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((ranks) => {
    let id = 0
    return ranks.map((each) => each.map((rank) => ({ rank, id: id++ })))
  })

/** Operations, those of other clients than the first counted once more for each client before theirs, and their ranks in order. */
function size(program: readonly (readonly Op[])[]): readonly number[] {
  const operations = program.flat()
  const concurrent = program.reduce((sum, calls, i) => sum + i * calls.length, 0)
  return [operations.length, concurrent, ...operations.map(({ rank }) => rank)]
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((n, i) => n !== b[i])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

describe('smaller programs', () => {
  it('are smaller, made of the same operations, without idle clients', () => {
    fc.assert(
      fc.property(clients, (program) => {
        const ids = new Set(program.flat().map(({ id }) => id))
        for (const candidate of smaller(program)) {
          expect(isLess(size(candidate), size(program))).toBe(true)
          expect(candidate.every((calls) => calls.length > 0)).toBe(true)
          const kept = candidate.flat().map(({ id }) => id)
          expect(new Set(kept).size).toBe(kept.length)
          expect(kept.every((id) => ids.has(id))).toBe(true)
        }
      }),
    )
  })

  it('include all that have one operation less', () => {
    fc.assert(
      fc.property(clients, (program) => {
        const candidates = [...smaller(program)].map((candidate) => JSON.stringify(candidate))
        for (const [i, calls] of program.entries())
          for (const j of calls.keys()) {
            const less = program.map((each, k) => (k === i ? each.toSpliced(j, 1) : each)).filter((each) => each.length > 0)
            expect(candidates).toContain(JSON.stringify(less))
          }
      }),
    )
  })

  it('lead from any form of a program to the same smallest one', () => {
    fc.assert(
      fc.property(clients, (program) => {
        if (program.length < 2) return
        // What matters is that some of these are concurrent.
        const needed = (candidate: readonly (readonly Op[])[]): boolean =>
          candidate.length >= 2 && candidate.flat().length === program.flat().length
        let smallest = program
        for (;;) {
          const next = [...smaller(smallest)].find(needed)
          if (next === undefined) break
          smallest = next
        }
        expect(smallest.map((calls) => calls.length)).toEqual([program.flat().length - 1, 1])
        const ranks = smallest.flat().map(({ rank }) => rank)
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
      }),
    )
  })
})

describe('programs', () => {
  it('print as what each client does', () => {
    const program = new Program([
      [
        { f: 'write', input: 1 },
        { f: 'read', input: null },
      ],
      [{ f: 'cas', input: [1, 2], key: 'x' }],
    ])
    expect(String(program)).toBe('client 0: write 1, read; client 1: x: cas [1 2]')
    expect(fc.stringify(program)).toBe(String(program))
  })
})
