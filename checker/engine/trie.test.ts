import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Trie } from './trie.ts'

const probes = 5
/** Values both small and far apart, so that children are kept both densely and not. */
const value = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 70 }), fc.nat({ max: 100_000 }))
const state = fc.array(value, { minLength: probes, maxLength: probes })

/** What a deterministic function reads: the next probe depends on the values read so far. */
function pathOf(values: readonly number[], salt: number): number[] {
  const path: number[] = []
  let mixed = salt
  for (let at = mixed % probes; !path.includes(at) && path.length < 4; at = mixed % probes) {
    path.push(at)
    mixed = (mixed * 31 + (values[at] as number) + 7) % 1009
  }
  return path
}

describe('a trie', () => {
  it('remembers for each function what a Map keyed by the values read does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), state), { maxLength: 150 }), (calls) => {
        const trie = new Trie()
        const roots = [trie.root(), trie.root(), trie.root()]
        const naive = new Map<string, number>()
        let leaves = 0
        for (const [which, values] of calls) {
          const root = roots[which] as number
          const path = pathOf(values, which)
          const key = JSON.stringify([which, path, path.map((probe) => values[probe])])
          const valueOf = (probe: number): number => values[probe] as number
          const walked: number[] = []
          const probes = { value: (probe: number, at: Int32Array): number => at[probe] as number }
          const found = trie.findBy(root, probes, Int32Array.from(values), walked)
          expect(found).toBe(naive.get(key) ?? -1)
          expect(trie.find(root, Int32Array.from(values))).toBe(found)
          if (found >= 0) expect(walked).toEqual(path)
          else {
            trie.record(root, path, valueOf, leaves)
            naive.set(key, leaves++)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keeps thousands of children under one node, whatever the order of their values', () => {
    for (const order of [(i: number) => i, (i: number) => 4999 - i, (i: number) => (i * 1009) % 5000, (i: number) => i * 40_000]) {
      const trie = new Trie()
      const root = trie.root()
      for (let i = 0; i < 5000; i++) trie.record(root, [0], () => order(i), i)
      for (let i = 0; i < 5000; i++) if (trie.find(root, Int32Array.of(order(i))) !== i) expect.fail(`leaf ${i} is lost`)
      expect(trie.find(root, Int32Array.of(200_000_001))).toBe(-1)
    }
  })

  it('takes memory in proportion to its nodes, also where values are far apart', () => {
    const trie = new Trie()
    const root = trie.root()
    for (let i = 0; i < 2000; i++) trie.record(root, [0], () => i * 1_000_000, i)
    expect(trie.bytes).toBeLessThan(2000 * 200)
  })

  it('remembers a function that reads nothing', () => {
    const trie = new Trie()
    const root = trie.root()
    expect(trie.find(root, new Int32Array(0))).toBe(-1)
    trie.record(root, [], () => 0, 7)
    expect(trie.find(root, new Int32Array(0))).toBe(7)
  })

  it('finds nothing where only the beginning of a path is known', () => {
    const trie = new Trie()
    const root = trie.root()
    trie.record(root, [2, 0], () => 1, 0)
    expect(trie.find(root, Int32Array.of(2, 0, 1))).toBe(-1)
    expect(trie.find(root, Int32Array.of(1, 9, 1))).toBe(0)
  })

  it('refuses, as impure, to read another part, more or less after the same values', () => {
    const trie = new Trie()
    const root = trie.root()
    trie.record(root, [0, 1], () => 1, 0)
    expect(() => trie.record(root, [0, 2], () => 1, 1)).toThrow('read a different part')
    expect(() => trie.record(root, [0], () => 1, 1)).toThrow('read less')
    expect(() => trie.record(root, [0, 1, 2], () => 1, 1)).toThrow('read')
  })
})
