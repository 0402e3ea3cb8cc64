import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Lists } from './lists.ts'

type Pair = readonly [number, number]
interface Entry {
  readonly instance: number
  readonly action: number
  readonly failed: number
  readonly writes: readonly Pair[]
  readonly operations: readonly Pair[]
}

const pairs = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 })
const entry = (actions: number): fc.Arbitrary<Entry> =>
  fc.record({
    instance: fc.nat(),
    action: fc.nat({ max: actions - 1 }),
    failed: fc.integer({ min: -1, max: 5 }),
    writes: pairs,
    operations: pairs,
  })

function store(lists: Lists, entries: readonly Entry[], keep: boolean): number {
  const list = lists.begin(keep)
  for (const { instance, action, failed, writes, operations } of entries) lists.add(list, instance, action, failed, writes, operations)
  return list
}

describe('successor lists', () => {
  it('keep the instances of each list, and its actions as bits, also for more than 32 and 64 actions', () => {
    const runs = fc
      .integer({ min: 1, max: 70 })
      .chain((actions) => fc.tuple(fc.constant(actions), fc.array(fc.array(entry(actions), { maxLength: 6 }), { maxLength: 20 })))
    fc.assert(
      fc.property(runs, ([actions, all]) => {
        const lists = new Lists(actions)
        const at = all.map((entries) => store(lists, entries, true))
        expect([...lists.all()]).toEqual(at)
        for (const [i, list] of at.entries()) {
          const entries = all[i] as Entry[]
          expect(lists.positions(list).map((position) => lists.instanceAt(position))).toEqual(entries.map(({ instance }) => instance))
          const masks = Array.from(
            { length: actions },
            (_, action) => ((lists.data[list + 2 + (action >> 5)] as number) >>> (action & 31)) & 1,
          )
          expect(masks).toEqual(masks.map((_, action) => (entries.some((each) => each.action === action) ? 1 : 0)))
          expect(lists.uses(list)).toBe(0)
          expect(lists.isKept(list)).toBe(true)
        }
      }),
    )
  })

  it('forget exactly the temporary lists at the end, and nothing of those that are kept', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.array(entry(3), { maxLength: 3 }), fc.boolean()), { maxLength: 40 }), (steps) => {
        const lists = new Lists(3)
        const there: { at: number; keep: boolean; instances: number[] }[] = []
        for (const [keep, entries, discard] of steps) {
          there.push({ at: store(lists, entries, keep), keep, instances: entries.map(({ instance }) => instance) })
          if (discard) {
            lists.discard()
            while (there.at(-1)?.keep === false) there.pop()
          }
          expect([...lists.all()]).toEqual(there.map(({ at }) => at))
          for (const { at, keep: kept, instances } of there) {
            expect(lists.isKept(at)).toBe(kept)
            expect(lists.positions(at).map((position) => lists.instanceAt(position))).toEqual(instances)
          }
        }
      }),
    )
  })

  it('use the room of discarded lists again, with nothing left of them', () => {
    const lists = new Lists(40)
    const many = Array.from({ length: 50 }, (_, i): Entry => ({ instance: i, action: i % 40, failed: 1, writes: [[i, i]], operations: [] }))
    const first = store(lists, many, false)
    lists.discard()
    const { bytes } = lists
    for (let i = 0; i < 1000; i++) {
      expect(store(lists, many, false)).toBe(first)
      lists.discard()
    }
    expect(lists.bytes).toBe(bytes)
    const empty = store(lists, [], true)
    expect([...lists.data.subarray(empty + 1, empty + lists.header)]).toEqual([0, 0, 0])
  })
})
