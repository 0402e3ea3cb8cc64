import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Heap } from './heap.ts'

it('a heap gives its items back by ascending key', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (keys) => {
      const heap = new Heap(keys)
      for (const index of keys.keys()) heap.push(index)
      const popped = keys.map(() => keys[heap.pop()])
      expect(popped).toEqual([...keys].sort((a, b) => a - b))
      expect(heap.pop()).toBe(-1)
    }),
  )
})
