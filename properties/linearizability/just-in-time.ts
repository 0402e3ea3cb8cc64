/**
 * Just-in-time linearization (Lowe, Testing for linearizability, Concurrency and Computation 2017, section 5): walks the
 * events in order with the set of all configurations that explain them so far, and linearizes an operation only when another
 * cannot return otherwise. When no configuration is left, the operation that returned is the first that cannot be placed.
 *
 * Four prunings keep the set small. Crashed operations of one class are counted, not told apart, and of configurations that
 * differ in nothing else those survive that used fewer. Observers are linearized as soon as they are legal. Of open mutators
 * of one class, only the one that returns first is tried: a linearization with another first can exchange the two.
 *
 * The fourth is about blind writes, which can happen in every state and leave the same state whatever they find. When one is
 * linearized, any other that is open and not linearized could have come immediately before it: the operations that returned
 * before that other was called come earlier still, and nobody sees what is overwritten at once. Such a write is free from
 * then on: when it returns, nothing has to be done for it, unless its value is wanted after all. A configuration in which it
 * is free stands for the one in which it is linearized and for the one in which it is not, and makes both superfluous. The
 * exchange of two of one class stays right, since a blind write that is linearized frees the other one.
 */
import { invariant } from '../errors.ts'
import { ConfigurationSet, maskColumn, pathColumn, stateColumn } from './configuration-set.ts'
import { illegal, type Machine } from './machine.ts'
import { blind, inOrder, overwritten, Paths, plain } from './paths.ts'

export type Progress = 'done' | 'stuck' | 'paused'

export class JustInTime {
  #machine: Machine
  readonly #paths: Paths
  #current: ConfigurationSet
  #next: ConfigurationSet
  #scratch: Int32Array
  /** Words of the mask of open mutators. */
  #mutators: Int32Array
  /** Words of the mask of open blind writes. */
  #overwriting: Int32Array

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
    this.#current = new ConfigurationSet(1, 0, 16, machine.canOverwrite)
    this.#next = new ConfigurationSet(1, 0, 16, machine.canOverwrite)
    this.#scratch = new Int32Array(this.#current.stride)
    this.#mutators = new Int32Array(1)
    this.#overwriting = new Int32Array(1)
    for (const state of initial) {
      this.#scratch[stateColumn] = state
      this.#scratch[pathColumn] = Paths.root
      this.#current.insert(this.#scratch, this.#mutators, this.#overwriting)
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
      setBit(this.#mutators, slot, true)
      setBit(this.#overwriting, slot, this.#machine.overwrites(classId))
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
    this.#keepAll(slot)
    return this.resume(limit)
  }

  /** What need not do anything for the operation that returns. */
  #keepAll(slot: number): void {
    const { count, stride, freeColumn, freeWords } = this.#current
    const word = slot >> 5
    const bit = 1 << (slot & 31)
    for (let index = 0; index < count; index++) {
      const offset = index * stride
      const { rows } = this.#current
      if (rows[offset + stateColumn] === -1) continue
      if ((rows[offset + maskColumn + word] as number) & bit || this.#isOptional) this.#keep(offset, word, bit, false)
      else if (freeWords > 0 && (rows[offset + freeColumn + word] as number) & bit) this.#keep(offset, word, bit, true)
    }
    this.steps += count >> 2
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
      if (((rows[offset + word] as number) & bit) === 0) this.#expand(offset, word, bit)
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
    return inOrder(this.#paths.list(best))
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
    this.#current = new ConfigurationSet(old.words, old.crashed, 16, machine.canOverwrite)
    for (let index = 0; index < old.count; index++) {
      if (old.isDead(index)) continue
      const row = old.rows.slice(index * old.stride, (index + 1) * old.stride)
      row[stateColumn] = machine.stateId(before.state(row[stateColumn] as number))
      this.#current.insert(row, this.#mutators, this.#overwriting)
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
      rows[offset + pathColumn] = this.#paths.add(rows[offset + pathColumn] as number, 4 * (this.#slotOperation[slot] as number) + plain)
    }
    this.steps += count
  }

  #keep(offset: number, word: number, bit: number, wasFree: boolean): void {
    const row = this.#scratch
    const { rows, stride } = this.#current
    for (let c = 0; c < stride; c++) row[c] = rows[offset + c] as number
    this.#forget(row, word, bit)
    const index = this.#next.insert(row, this.#mutators, this.#overwriting)
    if (index === -1 || !wasFree) return
    const operation = this.#slotOperation[this.#returning] as number
    this.#next.rows[index * stride + pathColumn] = this.#paths.add(row[pathColumn] as number, 4 * operation + overwritten)
  }

  /** The slot of what has returned may be used again. */
  #forget(row: Int32Array, word: number, bit: number): void {
    const { freeColumn, freeWords } = this.#current
    row[maskColumn + word] = (row[maskColumn + word] as number) & ~bit
    if (freeWords > 0) row[freeColumn + word] = (row[freeColumn + word] as number) & ~bit
  }

  /** Linearizes one more open or crashed operation, in every way. */
  #expand(offset: number, word: number, bit: number): void {
    const { words } = this.#current
    const state = this.#current.rows[offset + stateColumn] as number
    const stamp = ++this.#stamp
    const isBlind = this.#onlyBlindWrites()
    for (const slot of this.#openMutators) {
      // Rows may move when the set grows.
      const linearized = (this.#current.rows[offset + maskColumn + (slot >> 5)] as number) & (1 << (slot & 31))
      const classId = this.#slotClass[slot] as number
      if (linearized || this.#isTried(classId, stamp)) continue
      if (isBlind && slot !== this.#returning && !this.#closesSomething(offset, state, classId)) continue
      this.#step(offset, state, classId, slot, -1, word, bit)
    }
    for (let k = 0; k < this.#crashedClass.length; k++) {
      const used = this.#current.rows[offset + maskColumn + words + k] as number
      if (used < (this.#crashedOperations[k] as number[]).length)
        this.#step(offset, state, this.#crashedClass[k] as number, -1, k, word, bit)
    }
  }

  /**
   * Whether what returns, and all that can be linearized before it, are blind writes. One that is linearized before it without
   * making an observer legal would be free after it just as well.
   */
  #onlyBlindWrites(): boolean {
    if (this.#current.freeWords === 0 || this.#crashedClass.length > 0) return false
    if (!hasBit(this.#overwriting, this.#returning)) return false
    return this.#mutators.every((word, w) => word === this.#overwriting[w])
  }

  #closesSomething(offset: number, state: number, classId: number): boolean {
    const { rows } = this.#current
    const next = this.#machine.step(state, classId)
    for (const observer of this.#openObservers) {
      const isClosed = (rows[offset + maskColumn + (observer >> 5)] as number) & (1 << (observer & 31))
      if (!isClosed && this.#machine.step(next, this.#slotClass[observer] as number) !== illegal) return true
    }
    return false
  }

  #step(offset: number, state: number, classId: number, slot: number, crashed: number, word: number, bit: number): void {
    this.steps++
    const next = this.#machine.step(state, classId)
    if (next === illegal) return
    if (next >= 0) this.#reach(offset, next, classId, slot, crashed, word, bit)
    else for (const one of this.#machine.several(next)) this.#reach(offset, one, classId, slot, crashed, word, bit)
  }

  #reach(offset: number, state: number, classId: number, slot: number, crashed: number, word: number, bit: number): void {
    const { rows, stride, words } = this.#current
    // A crashed operation that changes nothing need not have happened.
    if (crashed >= 0 && state === rows[offset + stateColumn]) return
    const row = this.#scratch
    for (let c = 0; c < stride; c++) row[c] = rows[offset + c] as number
    const path = row[pathColumn] as number
    row[stateColumn] = state
    if (slot >= 0) row[maskColumn + (slot >> 5)] = (row[maskColumn + (slot >> 5)] as number) | (1 << (slot & 31))
    else row[maskColumn + words + crashed] = (row[maskColumn + words + crashed] as number) + 1
    const overwrites = this.#current.freeWords > 0 && this.#machine.overwrites(classId)
    if (overwrites) this.#freeOthers(row)
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
    if (placed) this.#forget(row, word - maskColumn, bit)
    const set = placed ? this.#next : this.#current
    const index = set.insert(row, this.#mutators, this.#overwriting)
    if (index === -1) return
    const used = crashed >= 0 ? (rows[offset + maskColumn + words + crashed] as number) : 0
    const operation = slot >= 0 ? this.#slotOperation[slot] : this.#crashedOperations[crashed]?.[used]
    let end = this.#paths.add(path, 4 * (operation as number) + (overwrites ? blind : plain))
    for (const closed of this.#closed) end = this.#paths.add(end, 4 * closed + plain)
    set.rows[index * stride + pathColumn] = end
  }

  /** After a blind write, every other open one that is not linearized is free. */
  #freeOthers(row: Int32Array): void {
    const { words, freeColumn } = this.#current
    for (let w = 0; w < words; w++) row[freeColumn + w] = (this.#overwriting[w] as number) & ~(row[maskColumn + w] as number)
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
    // A bit that no row has set may change its meaning.
    setBit(this.#mutators, slot, false)
    setBit(this.#overwriting, slot, false)
    if (this.#paths.isFull) this.#collect()
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
    this.#overwriting = Int32Array.from({ length: words }, (_, w) => this.#overwriting[w] ?? 0)
    const canBeFree = old.freeWords > 0
    this.#current = new ConfigurationSet(words, crashed, Math.max(16, 2 ** Math.ceil(Math.log2(old.count + 1))), canBeFree)
    this.#next = new ConfigurationSet(words, crashed, 16, canBeFree)
    this.#scratch = new Int32Array(this.#current.stride)
    for (let index = 0; index < old.count; index++) {
      if (old.isDead(index)) continue
      const row = this.#scratch.fill(0)
      const from = index * old.stride
      for (let c = 0; c < maskColumn + old.words; c++) row[c] = old.rows[from + c] as number
      for (let k = 0; k < old.crashed; k++) row[maskColumn + words + k] = old.rows[from + maskColumn + old.words + k] as number
      for (let w = 0; w < old.freeWords; w++) row[this.#current.freeColumn + w] = old.rows[from + old.freeColumn + w] as number
      this.#current.insert(row, this.#mutators, this.#overwriting)
    }
  }
}

function hasBit(words: Int32Array, slot: number): boolean {
  return ((words[slot >> 5] as number) & (1 << (slot & 31))) !== 0
}

function setBit(words: Int32Array, slot: number, isSet: boolean): void {
  const word = slot >> 5
  const bit = 1 << (slot & 31)
  words[word] = isSet ? (words[word] as number) | bit : (words[word] as number) & ~bit
}
