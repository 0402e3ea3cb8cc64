import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StateTable } from './state-table.ts'

const unlimited = (): void => {}

/** A table over value ids, as the engine uses it, beside a Map that does the same. */
class Checked {
  readonly sizes: number[]
  readonly table: StateTable
  readonly #familyOf: readonly number[]
  readonly #known: Map<string, number> = new Map()

  constructor(familyOf: readonly number[], families: number) {
    this.#familyOf = familyOf
    this.sizes = new Array<number>(families).fill(1)
    this.table = new StateTable({ familyOf, sizes: () => this.sizes }, unlimited)
  }

  put(values: readonly number[]): void {
    for (const [slot, value] of values.entries()) {
      const family = this.#familyOf[slot] as number
      this.sizes[family] = Math.max(this.sizes[family] as number, value + 1)
    }
    if (!this.table.fits()) this.table.widen()
    if (!this.table.fits()) expect.fail('widening has not made room')
    const key = values.join()
    if (!this.#known.has(key)) this.#known.set(key, this.#known.size)
    const id = this.table.put(this.pack(values))
    if (id !== this.#known.get(key)) expect(id, key).toBe(this.#known.get(key))
    if (this.table.size !== this.#known.size) expect(this.table.size).toBe(this.#known.size)
  }

  pack(values: readonly number[]): Int32Array {
    const { words, wordOf, shiftOf } = this.table
    const packed = new Int32Array(words)
    for (const [slot, value] of values.entries())
      packed[wordOf[slot] as number] = (packed[wordOf[slot] as number] as number) | (value << (shiftOf[slot] as number))
    return packed
  }

  unpack(id: number): string {
    const { words, wordOf, shiftOf, maskOf } = this.table
    const packed = new Int32Array(words)
    this.table.get(id, packed)
    return this.#familyOf
      .map((_, slot) => ((packed[wordOf[slot] as number] as number) >>> (shiftOf[slot] as number)) & (maskOf[slot] as number))
      .join()
  }

  expectAll(): void {
    for (const [key, id] of this.#known) if (this.unpack(id) !== key) expect(this.unpack(id)).toBe(key)
  }
}

describe('a state table', () => {
  it('numbers states as a Map does while values outgrow their bits', () => {
    const shape = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 })
    const value = fc.oneof(
      { weight: 6, arbitrary: fc.nat({ max: 3 }) },
      { weight: 1, arbitrary: fc.nat({ max: 400 }) },
      { weight: 1, arbitrary: fc.nat({ max: 2 ** 20 }) },
    )
    fc.assert(
      fc.property(
        shape.chain((familyOf) =>
          fc.tuple(
            fc.constant(familyOf),
            fc.array(fc.array(value, { minLength: familyOf.length, maxLength: familyOf.length }), { maxLength: 40 }),
          ),
        ),
        ([familyOf, states]) => {
          const checked = new Checked(familyOf, 4)
          for (const state of states) checked.put(state)
          checked.expectAll()
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([1, 2, 3, 5, 9])('keeps states of %i full words apart', (words) => {
    // Values of 15 bits with one to spare fill half a word each; a change in any slot is another state.
    const slots = 2 * words
    const checked = new Checked(
      Array.from({ length: slots }, () => 0),
      1,
    )
    const base = new Array<number>(slots).fill(32_767)
    checked.put(base)
    expect(checked.table.words).toBe(Math.max(2, words))
    for (let slot = 0; slot < slots; slot++) for (const value of [0, 1, 16_384, 32_766]) checked.put(base.with(slot, value))
    expect(checked.table.size).toBe(1 + 4 * slots)
    for (let slot = 0; slot < slots; slot++) checked.put(base.with(slot, 1))
    checked.expectAll()
  })

  it('keeps the numbers of many states through each widening, from one word to nine', () => {
    const checked = new Checked(
      Array.from({ length: 12 }, (_, slot) => slot),
      12,
    )
    const seen = new Set<number>()
    let state = new Array<number>(12).fill(0)
    for (let i = 0; i < 3000; i++) {
      // Values grow with i: up to 23 bits each, 276 in all, which are 9 words and more.
      state = state.with(i % 12, Math.floor((i * i * 7919) / 10) % (1 + Math.floor(i * 2.7 * i)))
      checked.put(state)
      seen.add(checked.table.words)
    }
    checked.expectAll()
    expect(seen.size).toBeGreaterThan(5)
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(9)
  })

  it('holds values of 31 bits', () => {
    const checked = new Checked([0, 1], 2)
    checked.put([2 ** 30 + 5, 3])
    checked.put([2 ** 31 - 2, 2 ** 31 - 2])
    checked.put([0, 2 ** 31 - 2])
    checked.expectAll()
    expect(checked.table.size).toBe(3)
  })

  it('holds the one state of a model without slots, and of slots with one value each', () => {
    for (const slots of [0, 1, 100]) {
      const checked = new Checked(new Array<number>(slots).fill(0), 1)
      checked.put(new Array<number>(slots).fill(0))
      checked.put(new Array<number>(slots).fill(0))
      expect(checked.table.size).toBe(1)
    }
  })

  it('takes at most 24 bytes a state, where states are many', () => {
    const checked = new Checked([0, 1, 2], 3)
    for (let i = 0; i < 50_000; i++) checked.put([i % 100, Math.floor(i / 100), i % 3])
    expect(checked.table.bytes / 50_000).toBeLessThan(24)
  })
})
