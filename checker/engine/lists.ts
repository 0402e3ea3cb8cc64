/**
 * Successor lists in one flat array; a list is known by its position. It reads
 *   where it ends, how often it was the answer, and its actions, 32 to a word, then its entries:
 *   instance, or -1 - instance followed by the number of its failed step checks
 *   writes, then that many (slot, value id)
 *   operations, then that many (slot, operation id)
 */

type Pairs = readonly (readonly [slot: number, id: number])[]

export class Lists {
  data: Int32Array = new Int32Array(1024)
  /** Where the entries of a list start, counted from its position. */
  readonly header: number
  readonly #temporary: number[] = []
  #end = 0

  constructor(actions: number) {
    this.header = 2 + Math.ceil(actions / 32)
  }

  get bytes(): number {
    return this.data.byteLength
  }

  /** Starts a list. One that is not kept is for one state only. */
  begin(keep: boolean): number {
    this.#makeRoom(this.header)
    const list = this.#end
    this.#end += this.header
    this.data.fill(0, list, this.#end)
    this.data[list] = this.#end
    if (!keep) this.#temporary.push(list)
    return list
  }

  /** Adds an entry to the list that was begun last. */
  add(list: number, instance: number, action: number, failed: number, writes: Pairs, operations: Pairs): void {
    this.#makeRoom(5 + 2 * (writes.length + operations.length))
    const { data } = this
    let end = this.#end
    data[end++] = failed < 0 ? instance : -1 - instance
    if (failed >= 0) data[end++] = failed
    for (const part of [writes, operations]) {
      data[end++] = part.length
      for (const [slot, id] of part) {
        data[end++] = slot
        data[end++] = id
      }
    }
    const word = list + 2 + (action >> 5)
    data[word] = (data[word] as number) | (1 << (action & 31))
    data[list] = end
    this.#end = end
  }

  isKept(list: number): boolean {
    return this.#temporary.length === 0 || !this.#temporary.includes(list)
  }

  /** Forgets the lists at the end that are not to be kept. */
  discard(): void {
    for (let list = this.#temporary.at(-1); list !== undefined && this.data[list] === this.#end; list = this.#temporary.at(-1)) {
      this.#end = list
      this.#temporary.pop()
    }
  }

  /** All lists, in the order in which they were made. */
  *all(): Generator<number> {
    for (let list = 0; list < this.#end; list = this.data[list] as number) yield list
  }

  uses(list: number): number {
    return this.data[list + 1] as number
  }

  /** The positions of a list's entries. */
  positions(list: number): number[] {
    const found: number[] = []
    for (let at = list + this.header; at < (this.data[list] as number); at = this.#next(at)) found.push(at)
    return found
  }

  /** The instance of the entry at this position. */
  instanceAt(at: number): number {
    const first = this.data[at] as number
    return first < 0 ? -1 - first : first
  }

  #next(at: number): number {
    const { data } = this
    let to = at + ((data[at] as number) < 0 ? 2 : 1)
    to += 1 + 2 * (data[to] as number)
    return to + 1 + 2 * (data[to] as number)
  }

  #makeRoom(needed: number): void {
    if (this.#end + needed <= this.data.length) return
    const grown = new Int32Array(2 * (this.data.length + needed))
    grown.set(this.data)
    this.data = grown
  }
}
