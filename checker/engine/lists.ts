/**
 * Successor lists in one flat array. An entry reads
 *   instance, or -1 - instance followed by the number of its failed step checks
 *   writes, then that many (slot, value id)
 *   operations, then that many (slot, operation id)
 */

export class Lists {
  data: Int32Array = new Int32Array(1024)
  /** Per list, where its entries start and end in `data`, and how many there are. */
  readonly starts: number[] = []
  readonly ends: number[] = []
  readonly counts: number[] = []
  /** Per list, how often it was the answer. */
  readonly uses: number[] = []
  /** Per list, the actions in it, 32 to a word. */
  readonly actions: Int32Array[] = []
  readonly #actionWords: number
  readonly #kept: boolean[] = []
  #end = 0

  constructor(actions: number) {
    this.#actionWords = Math.ceil(actions / 32)
  }

  get bytes(): number {
    return this.data.byteLength + (16 + 4 * this.#actionWords) * this.starts.length
  }

  /** Starts a list. One that is not kept is for one state only. */
  begin(keep: boolean): number {
    this.starts.push(this.#end)
    this.ends.push(this.#end)
    this.counts.push(0)
    this.uses.push(0)
    this.actions.push(new Int32Array(this.#actionWords))
    this.#kept.push(keep)
    return this.starts.length - 1
  }

  /** Adds an entry to the list that was begun last. */
  add(instance: number, action: number, failed: number, writes: Pairs, operations: Pairs): void {
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
    const list = this.starts.length - 1
    const mask = this.actions[list] as Int32Array
    mask[action >> 5] = (mask[action >> 5] as number) | (1 << (action & 31))
    this.counts[list] = (this.counts[list] as number) + 1
    this.ends[list] = end
    this.#end = end
  }

  isKept(list: number): boolean {
    return this.#kept[list] as boolean
  }

  /** Forgets the lists at the end that are not to be kept. */
  discard(): void {
    while (this.#kept.at(-1) === false) {
      this.#end = this.starts.pop() as number
      this.ends.pop()
      this.counts.pop()
      this.uses.pop()
      this.actions.pop()
      this.#kept.pop()
    }
  }

  /** The positions of a list's entries. */
  positions(list: number): number[] {
    const found: number[] = []
    for (let at = this.starts[list] as number; at < (this.ends[list] as number); at = this.#next(at)) found.push(at)
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

type Pairs = readonly (readonly [slot: number, id: number])[]
