/**
 * The state space as far as it is known: the current state, its successors, and the table of all states found. The loop
 * over a state's transitions touches typed arrays only; the machine runs model code where it meets something new.
 */
import type { Remembered } from './remembered.ts'
import type { Machine } from './machine.ts'
import { StateTable } from './state-table.ts'

/** A successor that the boundary cuts off. */
export const outside = -1

export class Space {
  readonly machine: Machine
  readonly table: StateTable
  /** Value ids of the current state, per slot. */
  readonly values: Int32Array
  /** Successors of the current state, in the model's order: state numbers and what leads there. */
  successors: Int32Array = new Int32Array(256)
  instances: Int32Array = new Int32Array(256)
  /** Step checks that failed on the way to successor `at`: numbers in `machine.steps.failures`. */
  readonly failed: { readonly at: number; readonly failure: number }[] = []
  /** Successors that the boundary cut off so far. */
  cut = 0
  /** Per action, states in which it was enabled, and transitions by lists that were not kept. */
  readonly enabled: Float64Array
  readonly taken: Float64Array
  #words: Int32Array
  #next: Int32Array
  readonly #other: Int32Array
  readonly #boundary: Remembered<boolean> | null
  readonly #mask: Int32Array

  constructor(machine: Machine, reserve: (bytes: number) => void) {
    this.machine = machine
    this.values = new Int32Array(machine.slots)
    this.#other = new Int32Array(machine.slots)
    const { boundary, actions } = machine.program
    this.#boundary = boundary === null ? null : machine.predicate('boundary', () => boundary(machine.view) === true)
    this.table = new StateTable({ familyOf: machine.familyOf, sizes: () => machine.sizes() }, reserve)
    this.#words = new Int32Array(this.table.words)
    this.#next = new Int32Array(this.table.words)
    this.enabled = new Float64Array(actions.length)
    this.taken = new Float64Array(actions.length)
    this.#mask = new Int32Array(Math.ceil(actions.length / 32))
  }

  /** Stores an initial state; `outside` if the boundary excludes it. */
  add(state: Int32Array): number {
    this.values.set(state)
    this.#makeRoom()
    this.#words.fill(0)
    this.#pack(this.#words, state)
    if (this.#boundary !== null && !this.#boundary.call(this.values, [])) {
      this.cut++
      return outside
    }
    return this.table.put(this.#words)
  }

  /** Makes a known state the current one. */
  load(id: number): void {
    this.table.get(id, this.#words)
    this.#unpack(this.#words, this.values)
  }

  /** The value ids of a known state, valid until the next call. */
  peek(id: number): Int32Array {
    this.table.get(id, this.#next)
    this.#unpack(this.#next, this.#other)
    return this.#other
  }

  /** Finds all successors of the current state. Returns how many there are. */
  expand(count = true): number {
    const { machine, values } = this
    const { lists } = machine
    this.failed.length = 0
    this.#mask.fill(0)
    let found = 0
    for (const group of machine.groups) {
      const list = machine.successors(group, values)
      if (machine.fresh) this.#makeRoom()
      let at = lists.starts[list] as number
      const end = lists.ends[list] as number
      if (at === end) {
        if (!lists.isKept(list)) lists.discard()
        continue
      }
      const { data } = lists
      while (at < end) {
        if (found === this.successors.length) this.#growSuccessors()
        const start = at
        let instance = data[at++] as number
        if (instance < 0) {
          instance = -1 - instance
          this.failed.push({ at: found, failure: data[at++] as number })
        }
        at = this.#write(data, at)
        if (at < 0) {
          // A family has outgrown its bits; now it has more, and the entry is taken again.
          at = start
          if (this.failed.at(-1)?.at === found) this.failed.pop()
          continue
        }
        this.successors[found] = this.#put()
        this.instances[found] = instance
        found++
      }
      if (count) this.#count(list)
      if (!lists.isKept(list)) lists.discard()
    }
    if (count) this.#countEnabled()
    return found
  }

  /** The state that the entry at this position of a list leads to. */
  fire(position: number): number {
    const { data } = this.machine.lists
    const at = (data[position] as number) < 0 ? position + 2 : position + 1
    while (this.#write(data, at) < 0);
    return this.#put()
  }

  /** The lists of the current state, one a group. */
  lists(): number[] {
    const found = this.machine.groups.map((group) => this.machine.successors(group, this.values))
    if (this.machine.fresh) this.#makeRoom()
    return found
  }

  /** Transitions taken per action, by all expansions. */
  takenPerAction(): Float64Array {
    const { lists, instances } = this.machine
    const taken = this.taken.slice()
    for (const [list, uses] of lists.uses.entries()) {
      if (uses === 0) continue
      for (const at of lists.positions(list)) {
        const action = instances[lists.instanceAt(at)]?.action as number
        taken[action] = (taken[action] as number) + uses
      }
    }
    return taken
  }

  /** Applies the writes and operations that start here to the current state. Returns where they end, or -1 after making room. */
  #write(data: Int32Array, from: number): number {
    const { wordOf, shiftOf, maskOf } = this.table
    const words = this.#words
    const next = this.#next
    for (let word = 0; word < words.length; word++) next[word] = words[word] as number
    let at = from
    for (let writes = data[at++] as number; writes > 0; writes--) {
      const slot = data[at++] as number
      const word = wordOf[slot] as number
      const shift = shiftOf[slot] as number
      next[word] = ((next[word] as number) & ~((maskOf[slot] as number) << shift)) | ((data[at++] as number) << shift)
    }
    for (let operations = data[at++] as number; operations > 0; operations--) {
      const slot = data[at++] as number
      const word = wordOf[slot] as number
      const shift = shiftOf[slot] as number
      const mask = maskOf[slot] as number
      const value = this.machine.apply(slot, data[at++] as number, ((next[word] as number) >>> shift) & mask)
      if (this.machine.fresh && this.#makeRoom()) return -1
      next[word] = ((next[word] as number) & ~(mask << shift)) | (value << shift)
    }
    return at
  }

  #put(): number {
    if (this.#boundary !== null) {
      this.#unpack(this.#next, this.#other)
      if (!this.#boundary.call(this.#other, [])) {
        this.cut++
        return outside
      }
    }
    return this.table.put(this.#next)
  }

  #count(list: number): void {
    const { lists, instances } = this.machine
    if (lists.isKept(list)) lists.uses[list] = (lists.uses[list] as number) + 1
    else {
      for (const at of lists.positions(list)) {
        const action = instances[lists.instanceAt(at)]?.action as number
        this.taken[action] = (this.taken[action] as number) + 1
      }
    }
    const mask = lists.actions[list] as Int32Array
    for (let i = 0; i < mask.length; i++) this.#mask[i] = (this.#mask[i] as number) | (mask[i] as number)
  }

  #countEnabled(): void {
    for (let i = 0; i < this.#mask.length; i++) {
      for (let bits = this.#mask[i] as number; bits !== 0; bits &= bits - 1) {
        const action = 32 * i + 31 - Math.clz32(bits & -bits)
        this.enabled[action] = (this.enabled[action] as number) + 1
      }
    }
  }

  /** Widens the table where new values need it. Returns whether it did. */
  #makeRoom(): boolean {
    this.machine.fresh = false
    if (this.table.fits()) return false
    this.table.widen()
    this.#words = new Int32Array(this.table.words)
    this.#next = new Int32Array(this.table.words)
    this.#pack(this.#words, this.values)
    return true
  }

  #pack(words: Int32Array, values: Int32Array): void {
    const { wordOf, shiftOf } = this.table
    for (let slot = 0; slot < values.length; slot++) {
      const word = wordOf[slot] as number
      words[word] = (words[word] as number) | ((values[slot] as number) << (shiftOf[slot] as number))
    }
  }

  #unpack(words: Int32Array, values: Int32Array): void {
    const { wordOf, shiftOf, maskOf } = this.table
    for (let slot = 0; slot < values.length; slot++) {
      values[slot] = ((words[wordOf[slot] as number] as number) >>> (shiftOf[slot] as number)) & (maskOf[slot] as number)
    }
  }

  #growSuccessors(): void {
    const grow = (old: Int32Array) => {
      const grown = new Int32Array(2 * old.length)
      grown.set(old)
      return grown
    }
    this.successors = grow(this.successors)
    this.instances = grow(this.instances)
  }
}
