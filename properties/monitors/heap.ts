/** A binary heap of small integers, least key first. */
import { at } from './positions.ts'

export class Heap {
  readonly #items: number[] = []
  readonly #keys: ArrayLike<number>

  /** The items are indices of the keys. */
  constructor(keys: ArrayLike<number>) {
    this.#keys = keys
  }

  push(item: number): void {
    const items = this.#items
    let place = items.push(item) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (this.#key(at(items, parent)) <= this.#key(item)) break
      items[place] = at(items, parent)
      place = parent
    }
    items[place] = item
  }

  /** Takes an item with the least key; -1: there is none. */
  pop(): number {
    const items = this.#items
    const least = items[0]
    const last = items.pop()
    if (least === undefined || last === undefined) return -1
    const size = items.length
    if (size === 0) return least
    let place = 0
    for (let child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && this.#key(at(items, child + 1)) < this.#key(at(items, child))) child++
      if (this.#key(at(items, child)) >= this.#key(last)) break
      items[place] = at(items, child)
      place = child
    }
    items[place] = last
    return least
  }

  #key(item: number): number {
    return at(this.#keys, item)
  }
}
