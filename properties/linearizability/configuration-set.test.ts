import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigurationSet } from './configuration-set.ts'

/** A state, the bits of linearized operations, and how many crashed ones of two classes were needed. */
interface Row {
  readonly state: number
  readonly mask: number
  readonly used: readonly [number, number]
}

/** Operations 0 and 2 may change the state; 1 and 3 observe it. */
const mutators = 0b0101

const rows = fc.record<Row>({
  state: fc.nat({ max: 1 }),
  mask: fc.nat({ max: 15 }),
  used: fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })),
})

function insertAll(all: readonly Row[], set: ConfigurationSet): ConfigurationSet {
  for (const { state, mask, used } of all) set.insert(Int32Array.of(state, 0, mask, ...used), Int32Array.of(mutators))
  return set
}

function living(set: ConfigurationSet): string[] {
  return Array.from({ length: set.count }, (_, row) => row)
    .filter((row) => !set.isDead(row))
    .map((row) => [...set.rows.subarray(row * set.stride, (row + 1) * set.stride)].filter((_, column) => column !== 1).join())
    .sort()
}

/** The first can do whatever the second can. */
function covers(a: Row, b: Row): boolean {
  const isSame = a.state === b.state && (a.mask & mutators) === (b.mask & mutators)
  return isSame && (b.mask & ~a.mask) === 0 && a.used[0] <= b.used[0] && a.used[1] <= b.used[1]
}

describe('a set of configurations', () => {
  it('holds those that no other makes superfluous, each once, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 60, size: 'max' }), (all) => {
        const expected = all.filter((row) => !all.some((other) => covers(other, row) && !covers(row, other)))
        const names = expected.map(({ state, mask, used }) => [state, mask, ...used].join())
        expect(living(insertAll(all, new ConfigurationSet(1, 2)))).toEqual([...new Set(names)].sort())
      }),
    )
  })

  it('is empty once it is cleared, and can be filled again', () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 60, size: 'max' }), fc.array(rows, { maxLength: 60, size: 'max' }), (first, second) => {
        const set = insertAll(first, new ConfigurationSet(1, 2))
        set.clear()
        expect(set.count).toBe(0)
        expect(living(insertAll(second, set))).toEqual(living(insertAll(second, new ConfigurationSet(1, 2))))
      }),
    )
  })

  it('tells states apart when there are many, in masks of several words', () => {
    const set = new ConfigurationSet(2, 0)
    const all = Array.from({ length: 5000 }, (_, state) => Int32Array.of(state, 0, state & 3, 1 << (state & 31)))
    const every = Int32Array.of(-1, -1)
    for (const row of [...all, ...all]) set.insert(row, every)
    expect(set.count).toBe(5000)
    expect(set.bytes).toBeGreaterThan(4 * 4 * 5000)
  })
})
