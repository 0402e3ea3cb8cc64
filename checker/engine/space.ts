/**
 * The state space as far as it is known: the current state, its successors, and the table of all states found. The loop
 * over a state's transitions touches typed arrays only; the machine runs model code where it meets something new.
 */

import type { Group, Machine } from './machine.ts'
import type { Remembered } from './remembered.ts'
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
  #current = outside
  // Two-word successors of the current state that are not stored yet, and where their numbers belong.
  #batched = 0
  #batch: Int32Array = new Int32Array(2 * 256)
  #places: Int32Array = new Int32Array(256)
  #hashes: Int32Array = new Int32Array(256)
  #numbers: Int32Array = new Int32Array(256)

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
    if (this.#boundary !== null && !this.#boundary.ask(this.values)) {
      this.cut++
      return outside
    }
    return this.table.put(this.#words)
  }

  /** Makes a known state the current one. */
  load(id: number): void {
    this.#current = id
    this.table.get(id, this.#words)
    this.#unpack(this.#words, this.values)
  }

  /** The value ids of a known state, valid until the next call. */
  peek(id: number): Int32Array {
    this.table.get(id, this.#next)
    this.#unpack(this.#next, this.#other)
    return this.#other
  }

  /** Finds all successors of the current state once more, for a trace: nothing is counted. */
  revisit(): number {
    const { cut } = this
    const found = this.expand(false)
    this.cut = cut
    return found
  }

  /** Finds all successors of the current state. Returns how many there are. */
  expand(count = true): number {
    const { machine, values } = this
    const { lists } = machine
    machine.expansions++
    if (this.failed.length > 0) this.failed.length = 0
    this.#mask.fill(0)
    let found = 0
    const { groups } = machine
    for (let i = 0; i < groups.length; i++) {
      const list = machine.successors(groups[i] as Group, values)
      if (machine.fresh) this.#makeRoom()
      found = this.#follow(list, found)
      if (count) this.#count(list)
      if (!lists.isKept(list)) lists.discard()
    }
    this.#flush()
    if (machine.fresh) this.#makeRoom()
    if (count) this.#countEnabled()
    return found
  }

  /** The state that the entry at this position of a list leads to. */
  fire(position: number): number {
    const { data } = this.machine.lists
    const at = (data[position] as number) < 0 ? position + 2 : position + 1
    while (this.#write(data, at, this.machine.lists.instanceAt(position)) < 0) this.#makeRoom()
    const state = this.#put()
    if (this.machine.fresh) this.#makeRoom()
    return state
  }

  /** The list of what these actions do in the current state, as far as it is wanted; it lasts until the next call. */
  some(actions: ReadonlySet<number>, wanted: (instance: number) => boolean): number {
    this.machine.lists.discard()
    const list = this.machine.some(actions, wanted, this.values)
    if (this.machine.fresh) this.#makeRoom()
    return list
  }

  /** The lists of the current state, one a group. */
  lists(): number[] {
    this.machine.expansions++
    const found = this.machine.groups.map((group) => this.machine.successors(group, this.values))
    if (this.machine.fresh) this.#makeRoom()
    return found
  }

  /** Transitions taken per action, by all expansions. */
  takenPerAction(): Float64Array {
    const { lists, instances } = this.machine
    const taken = this.taken.slice()
    for (const list of lists.all()) {
      const uses = lists.uses(list)
      for (const at of lists.positions(list)) {
        const action = instances[lists.instanceAt(at)]?.action as number
        taken[action] = (taken[action] as number) + uses
      }
    }
    return taken
  }

  /** Finds the successors in a list, numbering them from `found`. Returns how many there are now. */
  #follow(list: number, from: number): number {
    return this.#words.length === 2 ? this.#followTwo(list, from) : this.#followMany(list, from)
  }

  #followMany(list: number, from: number): number {
    const { data, header } = this.machine.lists
    const end = data[list] as number
    const { cut } = this
    let found = from
    for (let at = list + header; at < end; ) {
      if (found === this.successors.length) this.#growSuccessors()
      const start = at
      const instance = data[at++] as number
      if (instance < 0) at++
      const actor = instance < 0 ? -1 - instance : instance
      at = this.#write(data, at, actor)
      if (at < 0) return this.#again(list, from, cut)
      if (instance < 0) this.failed.push({ at: found, failure: data[start + 1] as number })
      this.instances[found] = actor
      this.successors[found++] = this.#put()
    }
    return found
  }

  /** As `#followMany`, for states of two words, which are held in variables: most models spend most of their time here. */
  #followTwo(list: number, from: number): number {
    const { machine } = this
    const { data, header } = machine.lists
    const { wordOf, shiftOf, maskOf } = this.table
    const end = data[list] as number
    const first = this.#words[0] as number
    const second = this.#words[1] as number
    while (from + (end - list) / 3 >= this.successors.length) this.#growSuccessors()
    const { successors, instances, cut } = this
    const batch = this.#batch
    const places = this.#places
    let found = from
    for (let at = list + header; at < end; ) {
      let instance = data[at++] as number
      if (instance < 0) {
        instance = -1 - instance
        this.failed.push({ at: found, failure: data[at++] as number })
      }
      instances[found] = instance
      let one = first
      let two = second
      for (let writes = data[at++] as number; writes > 0; writes--, at += 2) {
        const slot = data[at] as number
        const shift = shiftOf[slot] as number
        const keep = ~((maskOf[slot] as number) << shift)
        if (wordOf[slot] === 0) one = (one & keep) | ((data[at + 1] as number) << shift)
        else two = (two & keep) | ((data[at + 1] as number) << shift)
      }
      for (let operations = data[at++] as number; operations > 0; operations--, at += 2) {
        const slot = data[at] as number
        const shift = shiftOf[slot] as number
        const mask = maskOf[slot] as number
        const inFirst = wordOf[slot] === 0
        const value = machine.apply(slot, data[at + 1] as number, ((inFirst ? one : two) >>> shift) & mask, instance)
        if (value > mask) return this.#again(list, from, cut)
        if (inFirst) one = (one & ~(mask << shift)) | (value << shift)
        else two = (two & ~(mask << shift)) | (value << shift)
      }
      if (one === first && two === second) successors[found++] = this.#current
      else if (this.#boundary === null) {
        const last = this.#batched++
        batch[2 * last] = one
        batch[2 * last + 1] = two
        places[last] = found++
      } else {
        this.#next[0] = one
        this.#next[1] = two
        successors[found++] = this.#put()
      }
    }
    return found
  }

  /** Stores the successors that were only collected so far. */
  #flush(): void {
    const count = this.#batched
    if (count === 0) return
    this.#batched = 0
    const { successors } = this
    this.table.putAll(this.#batch, count, this.#hashes, this.#numbers)
    for (let i = 0; i < count; i++) successors[this.#places[i] as number] = this.#numbers[i] as number
  }

  /** Follows a list once more, after a family has outgrown its bits. States that were stored meanwhile keep their numbers. */
  #again(list: number, from: number, cut: number): number {
    this.cut = cut
    this.#batched = Math.min(this.#batched, this.#places.subarray(0, this.#batched).findIndex((place) => place >= from) >>> 0)
    while ((this.failed.at(-1)?.at ?? -1) >= from) this.failed.pop()
    this.#makeRoom()
    return this.#follow(list, from)
  }

  /** Applies the writes and operations that start here to the current state. Returns where they end, or -1 where a value needs more bits. */
  #write(data: Int32Array, from: number, instance: number): number {
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
      const value = this.machine.apply(slot, data[at++] as number, ((next[word] as number) >>> shift) & mask, instance)
      if (value > mask) return -1
      next[word] = ((next[word] as number) & ~(mask << shift)) | (value << shift)
    }
    return at
  }

  #put(): number {
    if (this.#isCurrent()) return this.#current
    if (this.#boundary !== null) {
      // Known states are inside; looking one up is cheaper than asking.
      const known = this.table.find(this.#next)
      if (known >= 0) return known
      this.#unpack(this.#next, this.#other)
      if (!this.#boundary.ask(this.#other)) {
        this.cut++
        return outside
      }
    }
    return this.table.put(this.#next)
  }

  #isCurrent(): boolean {
    const words = this.#words
    const next = this.#next
    for (let word = 0; word < words.length; word++) if (words[word] !== next[word]) return false
    return true
  }

  #count(list: number): void {
    const { lists, instances } = this.machine
    const { data } = lists
    data[list + 1] = (data[list + 1] as number) + 1
    if (!lists.isKept(list)) {
      for (const at of lists.positions(list)) {
        const action = instances[lists.instanceAt(at)]?.action as number
        this.taken[action] = (this.taken[action] as number) + 1
      }
    }
    for (let i = 0; i < this.#mask.length; i++) this.#mask[i] = (this.#mask[i] as number) | (data[list + 2 + i] as number)
  }

  #countEnabled(): void {
    for (let i = 0; i < this.#mask.length; i++) {
      for (let bits = this.#mask[i] as number; bits !== 0; bits &= bits - 1) {
        const action = 32 * i + 31 - Math.clz32(bits & -bits)
        this.enabled[action] = (this.enabled[action] as number) + 1
      }
    }
  }

  /** Widens the table where new values need it. */
  #makeRoom(): void {
    this.#flush()
    this.machine.adapt()
    if (this.table.fits()) return
    this.table.widen()
    this.#words = new Int32Array(this.table.words)
    this.#next = new Int32Array(this.table.words)
    this.#pack(this.#words, this.values)
  }

  #pack(words: Int32Array, values: Int32Array): void {
    const { wordOf, shiftOf } = this.table
    for (let slot = 0; slot < values.length; slot++) {
      const word = wordOf[slot] as number
      words[word] = (words[word] as number) | ((values[slot] as number) << (shiftOf[slot] as number))
    }
  }

  #unpack(words: Int32Array, values: Int32Array): void {
    const { fields } = this.table
    for (let slot = 0, at = 0; slot < values.length; slot++, at += 3) {
      values[slot] = ((words[fields[at] as number] as number) >>> (fields[at + 1] as number)) & (fields[at + 2] as number)
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
    this.#batch = grow(this.#batch)
    this.#places = grow(this.#places)
    this.#hashes = grow(this.#hashes)
    this.#numbers = grow(this.#numbers)
  }
}
