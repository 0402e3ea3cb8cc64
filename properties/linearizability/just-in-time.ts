/**
 * Just-in-time linearization (Lowe, Testing for linearizability, Concurrency and Computation 2017, section 5): walks the
 * events in order with the set of all configurations that explain them so far, and linearizes an operation only when another
 * cannot return otherwise. When no configuration is left, the operation that returned is the first that cannot be placed.
 *
 * Three prunings keep the set small. Crashed operations of one class are counted, not told apart, and of configurations that
 * differ in nothing else those survive that used fewer. Observers are linearized as soon as they are legal. Of open mutators
 * of one class, only the one that returns first is tried: a linearization with another first can exchange the two.
 */
import { invariant } from '../errors.ts'
import { ConfigurationSet, maskColumn, pathColumn, stateColumn } from './configuration-set.ts'
import { illegal, type Machine } from './machine.ts'
import { Paths } from './paths.ts'

export type Progress = 'done' | 'stuck' | 'paused'

export class JustInTime {
  #machine: Machine
  readonly #paths: Paths
  #current: ConfigurationSet
  #next: ConfigurationSet
  #scratch: Int32Array
  /** Words of the mask of open mutators. */
  #mutators: Int32Array

  readonly #slotOperation: number[] = []
  readonly #slotClass: number[] = []
  readonly #free: number[] = []
  /** Open mutators in the order in which they return, and open observers. */
  readonly #openMutators: number[] = []
  readonly #openObservers: number[] = []
  readonly #deadline: number[] = []

  readonly #crashedIndex = new Map<number, number>()
  readonly #crashedClass: number[] = []
  readonly #crashedOperations: number[][] = []

  readonly #closed: number[] = []
  #tried = new Int32Array(64)
  #stamp = 0

  /** The slot of the return that is being worked on, the next row to expand, and how many rows there were before. */
  #returning = -1
  #isOptional = false
  #cursor = 0
  #before = 0
  /** Steps taken: the measure of work. */
  steps = 0
  /** Configurations held at once, at the most. */
  peak = 1

  /** @param keepsOrder whether whole linearizations can be asked for, which takes memory for every operation */
  constructor(machine: Machine, initial: readonly number[], keepsOrder: boolean) {
    this.#machine = machine
    this.#paths = new Paths(keepsOrder)
    this.#current = new ConfigurationSet(1, 0)
    this.#next = new ConfigurationSet(1, 0)
    this.#scratch = new Int32Array(this.#current.stride)
    this.#mutators = new Int32Array(1)
    for (const state of initial) {
      this.#scratch[stateColumn] = state
      this.#scratch[pathColumn] = Paths.root
      this.#current.insert(this.#scratch, this.#mutators)
    }
  }

  get configurations(): number {
    return this.#current.count + this.#next.count
  }

  /**
   * An invocation. Answers the slot by which to name its return.
   * @param deadline position of its return
   */
  call(operation: number, classId: number, deadline: number): number {
    const slot = this.#free.pop() ?? this.#slotOperation.length
    if (slot >> 5 >= this.#current.words) this.#widen(2 * this.#current.words, this.#current.crashed)
    this.#slotOperation[slot] = operation
    this.#slotClass[slot] = classId
    this.#deadline[slot] = deadline
    if (this.#machine.observes(classId)) {
      this.#openObservers.push(slot)
      this.#observe(slot, classId)
    } else {
      this.#setMutator(slot, true)
      let at = this.#openMutators.length
      while (at > 0 && (this.#deadline[this.#openMutators[at - 1] as number] as number) > deadline) at--
      this.#openMutators.splice(at, 0, slot)
    }
    return slot
  }

  /** An invocation that never returns. Observers that crashed say nothing, and are not told of. */
  crash(operation: number, classId: number): void {
    let index = this.#crashedIndex.get(classId)
    if (index === undefined) {
      index = this.#crashedClass.length
      this.#crashedIndex.set(classId, index)
      this.#crashedClass.push(classId)
      this.#crashedOperations.push([])
      if (index >= this.#current.crashed) this.#widen(this.#current.words, Math.max(4, 2 * this.#current.crashed))
    }
    this.#crashedOperations[index]?.push(operation)
  }

  get bytes(): number {
    return this.#current.bytes + this.#next.bytes + this.#paths.bytes
  }

  /**
   * A return. `paused` when more than `limit` steps were needed: call `resume` to go on.
   * @param isOptional it need not have happened
   */
  return(slot: number, limit: number, isOptional = false): Progress {
    this.#returning = slot
    this.#isOptional = isOptional
    this.#cursor = 0
    this.#before = this.#current.count
    this.#next.clear()
    return this.resume(limit)
  }

  resume(limit: number): Progress {
    const slot = this.#returning
    invariant(slot >= 0, 'only a return that paused is resumed')
    const until = this.steps + limit
    const word = maskColumn + (slot >> 5)
    const bit = 1 << (slot & 31)
    for (; this.#cursor < this.#current.count; this.#cursor++) {
      if (this.steps > until) return 'paused'
      const offset = this.#cursor * this.#current.stride
      const { rows } = this.#current
      if (rows[offset + stateColumn] === -1) continue
      const isPlaced = ((rows[offset + word] as number) & bit) !== 0
      if (isPlaced || (this.#isOptional && this.#cursor < this.#before)) this.#keep(offset, word, bit)
      if (!isPlaced) this.#expand(offset, word, bit)
    }
    if (this.configurations > this.peak) this.peak = this.configurations
    if (this.#next.count === 0) return 'stuck'
    this.#close(slot)
    return 'done'
  }

  /** States that were possible before the return that is being worked on. */
  possibleStates(): number[] {
    const { rows, stride } = this.#current
    const found = new Set<number>()
    const end = this.#returning === -1 ? this.#current.count : this.#before
    for (let row = 0; row < end; row++) {
      const state = rows[row * stride + stateColumn] as number
      if (state !== -1) found.add(state)
    }
    return [...found]
  }

  /** A linearization of all that has returned; the longest of those at hand. */
  longest(): number[] {
    const { rows, stride, count } = this.#current
    let best = Paths.root
    let length = -1
    for (let row = 0; row < Math.min(count, 1000); row++) {
      const end = rows[row * stride + pathColumn] as number
      const itsLength = this.#paths.length(end)
      if (itsLength <= length) continue
      best = end
      length = itsLength
    }
    return this.#paths.list(best)
  }

  /** Moves to another machine, between two events: its numbers of states and classes replace those of the one before. */
  migrate(machine: Machine): void {
    const before = this.#machine
    const classOf = (classId: number): number => machine.classId(before.exemplar(classId))
    this.#machine = machine
    for (const slot of [...this.#openMutators, ...this.#openObservers]) this.#slotClass[slot] = classOf(this.#slotClass[slot] as number)
    this.#crashedClass.splice(0, Number.POSITIVE_INFINITY, ...this.#crashedClass.map(classOf))
    this.#crashedIndex.clear()
    this.#crashedClass.forEach((classId, index) => {
      this.#crashedIndex.set(classId, index)
    })
    const old = this.#current
    this.#current = new ConfigurationSet(old.words, old.crashed)
    for (let index = 0; index < old.count; index++) {
      if (old.isDead(index)) continue
      const row = old.rows.slice(index * old.stride, (index + 1) * old.stride)
      row[stateColumn] = machine.stateId(before.state(row[stateColumn] as number))
      this.#current.insert(row, this.#mutators)
    }
  }

  /** Linearizes an observer wherever it is legal. */
  #observe(slot: number, classId: number): void {
    const { rows, stride, count } = this.#current
    const word = maskColumn + (slot >> 5)
    const bit = 1 << (slot & 31)
    for (let row = 0; row < count; row++) {
      const offset = row * stride
      const state = rows[offset + stateColumn] as number
      if (state === -1 || this.#machine.step(state, classId) === illegal) continue
      rows[offset + word] = (rows[offset + word] as number) | bit
      rows[offset + pathColumn] = this.#paths.add(rows[offset + pathColumn] as number, this.#slotOperation[slot] as number)
    }
    this.steps += count
  }

  #keep(offset: number, word: number, bit: number): void {
    const row = this.#scratch
    const { rows, stride } = this.#current
    for (let c = 0; c < stride; c++) row[c] = rows[offset + c] as number
    row[word] = (row[word] as number) & ~bit
    this.#next.insert(row, this.#mutators)
  }

  /** Linearizes one more open or crashed operation, in every way. */
  #expand(offset: number, word: number, bit: number): void {
    const { words } = this.#current
    const state = this.#current.rows[offset + stateColumn] as number
    const stamp = ++this.#stamp
    for (const slot of this.#openMutators) {
      // Rows may move when the set grows.
      const linearized = (this.#current.rows[offset + maskColumn + (slot >> 5)] as number) & (1 << (slot & 31))
      const classId = this.#slotClass[slot] as number
      if (linearized || this.#isTried(classId, stamp)) continue
      this.#step(offset, state, classId, slot, -1, word, bit)
    }
    for (let k = 0; k < this.#crashedClass.length; k++) {
      const used = this.#current.rows[offset + maskColumn + words + k] as number
      if (used < (this.#crashedOperations[k] as number[]).length)
        this.#step(offset, state, this.#crashedClass[k] as number, -1, k, word, bit)
    }
  }

  #step(offset: number, state: number, classId: number, slot: number, crashed: number, word: number, bit: number): void {
    this.steps++
    const next = this.#machine.step(state, classId)
    if (next === illegal) return
    if (next >= 0) this.#reach(offset, next, slot, crashed, word, bit)
    else for (const one of this.#machine.several(next)) this.#reach(offset, one, slot, crashed, word, bit)
  }

  #reach(offset: number, state: number, slot: number, crashed: number, word: number, bit: number): void {
    const { rows, stride, words } = this.#current
    // A crashed operation that changes nothing need not have happened.
    if (crashed >= 0 && state === rows[offset + stateColumn]) return
    const row = this.#scratch
    for (let c = 0; c < stride; c++) row[c] = rows[offset + c] as number
    const path = row[pathColumn] as number
    row[stateColumn] = state
    if (slot >= 0) row[maskColumn + (slot >> 5)] = (row[maskColumn + (slot >> 5)] as number) | (1 << (slot & 31))
    else row[maskColumn + words + crashed] = (row[maskColumn + words + crashed] as number) + 1
    this.#closed.length = 0
    for (const observer of this.#openObservers) {
      const at = maskColumn + (observer >> 5)
      const its = 1 << (observer & 31)
      if ((row[at] as number) & its || this.#machine.step(state, this.#slotClass[observer] as number) === illegal) continue
      row[at] = (row[at] as number) | its
      this.#closed.push(this.#slotOperation[observer] as number)
    }
    this.steps += this.#openObservers.length >> 2
    const placed = ((row[word] as number) & bit) !== 0
    if (placed) row[word] = (row[word] as number) & ~bit
    const set = placed ? this.#next : this.#current
    const index = set.insert(row, this.#mutators)
    if (index === -1) return
    const used = crashed >= 0 ? (rows[offset + maskColumn + words + crashed] as number) : 0
    const operation = slot >= 0 ? this.#slotOperation[slot] : this.#crashedOperations[crashed]?.[used]
    let end = this.#paths.add(path, operation as number)
    for (const closed of this.#closed) end = this.#paths.add(end, closed)
    set.rows[index * stride + pathColumn] = end
  }

  #isTried(classId: number, stamp: number): boolean {
    if (classId >= this.#tried.length) {
      const longer = new Int32Array(2 * (classId + 1))
      longer.set(this.#tried)
      this.#tried = longer
    }
    if (this.#tried[classId] === stamp) return true
    this.#tried[classId] = stamp
    return false
  }

  /** Ends the work on a return: the configurations that explain it are the current ones. */
  #close(slot: number): void {
    const kept = this.#next
    this.#next = this.#current
    this.#current = kept
    this.#next.clear()
    this.#returning = -1
    this.#free.push(slot)
    const open = this.#machine.observes(this.#slotClass[slot] as number) ? this.#openObservers : this.#openMutators
    open.splice(open.indexOf(slot), 1)
    if (open === this.#openMutators) this.#setMutator(slot, false)
    if (this.#paths.isFull) this.#collect()
  }

  /** A bit that no row has set may change its meaning. */
  #setMutator(slot: number, mutates: boolean): void {
    const word = slot >> 5
    const bit = 1 << (slot & 31)
    this.#mutators[word] = mutates ? (this.#mutators[word] as number) | bit : (this.#mutators[word] as number) & ~bit
  }

  #collect(): void {
    const { rows, stride, count } = this.#current
    const ends = new Set<number>()
    for (let row = 0; row < count; row++) {
      if (!this.#current.isDead(row)) ends.add(rows[row * stride + pathColumn] as number)
    }
    const names = this.#paths.collect([...ends])
    for (let row = 0; row < count; row++) {
      rows[row * stride + pathColumn] = names.get(rows[row * stride + pathColumn] as number) ?? Paths.root
    }
  }

  #widen(words: number, crashed: number): void {
    const old = this.#current
    this.#mutators = Int32Array.from({ length: words }, (_, w) => this.#mutators[w] ?? 0)
    this.#current = new ConfigurationSet(words, crashed, Math.max(16, 2 ** Math.ceil(Math.log2(old.count + 1))))
    this.#next = new ConfigurationSet(words, crashed)
    this.#scratch = new Int32Array(this.#current.stride)
    for (let index = 0; index < old.count; index++) {
      if (old.isDead(index)) continue
      const row = this.#scratch.fill(0)
      const from = index * old.stride
      for (let c = 0; c < maskColumn + old.words; c++) row[c] = old.rows[from + c] as number
      for (let k = 0; k < old.crashed; k++) row[maskColumn + words + k] = old.rows[from + maskColumn + old.words + k] as number
      this.#current.insert(row, this.#mutators)
    }
  }
}
