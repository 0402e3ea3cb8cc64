/** Numbers pairs of integers in the order in which they come: a hash table with open addressing over two columns. */
import { Column } from './table-builder-column.ts'

export class Pairs {
  /** Of each pair, by its number. */
  readonly left: Column<Int32Array<ArrayBuffer>> = new Column(Int32Array)
  readonly right: Column<Int32Array<ArrayBuffer>> = new Column(Int32Array)
  /** Numbers of pairs, from 1; 0 where a place is free. */
  #places = new Int32Array(64)

  get count(): number {
    return this.left.length
  }

  /** The number of a pair; -1 where it has none. */
  find(left: number, right: number): number {
    return (this.#places[this.#placeOf(left, right)] as number) - 1
  }

  /** The number of a pair, which it is given now unless it has one. */
  number(left: number, right: number): number {
    let place = this.#placeOf(left, right)
    const known = this.#places[place] as number
    if (known !== 0) return known - 1
    if (2 * this.count >= this.#places.length) {
      this.#grow()
      place = this.#placeOf(left, right)
    }
    this.left.push(left)
    this.right.push(right)
    this.#places[place] = this.count
    return this.count - 1
  }

  #placeOf(left: number, right: number): number {
    const places = this.#places
    const mask = places.length - 1
    const lefts = this.left.array
    const rights = this.right.array
    let place = hash(left, right) & mask
    for (;;) {
      const number = places[place] as number
      if (number === 0 || (rights[number - 1] === right && lefts[number - 1] === left)) return place
      place = (place + 1) & mask
    }
  }

  #grow(): void {
    this.#places = new Int32Array(2 * this.#places.length)
    const mask = this.#places.length - 1
    for (let number = 0; number < this.count; number++) {
      let place = hash(this.left.array[number] as number, this.right.array[number] as number) & mask
      while (this.#places[place] !== 0) place = (place + 1) & mask
      this.#places[place] = number + 1
    }
  }
}

function hash(left: number, right: number): number {
  let mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right ^ (right >>> 15), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
