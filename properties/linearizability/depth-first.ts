/**
 * Depth-first search for a linearization (Wing & Gong, Testing and verifying concurrent objects, JPDC 1993), remembering the
 * configurations that led nowhere (Lowe, Testing for linearizability, 2017). Finds a linearization of highly concurrent
 * histories where the set of all configurations is too large to hold; holds the whole history.
 *
 * A configuration is remembered as its state, the first operation that is not linearized, and bits for those after it, so
 * that memory goes with the concurrency and not with the length. Observers that are legal are linearized without
 * alternative, and of operations that are alike only the one that returns first is tried.
 */
import { illegal, type Machine } from './machine.ts'

export interface Entry {
  readonly classId: number
  readonly call: number
  /** `Infinity`: crashed. */
  readonly return: number
}

export type SearchResult = 'holds' | 'violated' | 'paused' | 'full'

export class DepthFirst {
  readonly #machine: Machine
  readonly #entries: readonly Entry[]
  readonly #initial: readonly number[]
  #initialNext = 0

  /** Completed operations in the order of their calls: class, call, return, and the list of those that are not linearized. */
  readonly #index: number[] = []
  readonly #class: Int32Array
  readonly #call: Float64Array
  readonly #return: Float64Array
  readonly #nextOpen: Int32Array
  readonly #previousOpen: Int32Array
  readonly #bits: Int32Array
  readonly #count: number
  #left: number
  #highest: Int32Array

  readonly #crashedClass: number[] = []
  readonly #crashedEntries: number[][] = []
  readonly #used: Int32Array

  /** Candidates of all open frames: the operation (or below -1 the crashed class) and the state after it. */
  readonly #candidates: number[] = []
  readonly #frames: number[] = []
  readonly #path: number[] = []
  #state = -1
  readonly #memo: Memo
  readonly #longest: number[] = []
  /** How much of the path and of the longest one are the same. */
  #shared = 0
  steps = 0

  constructor(machine: Machine, entries: readonly Entry[], initial: readonly number[], maxBytes: number) {
    this.#machine = machine
    this.#entries = entries
    this.#initial = initial
    const classes = new Map<number, number>()
    entries.forEach(({ classId, return: end }, i) => {
      if (end !== Number.POSITIVE_INFINITY) {
        this.#index.push(i)
        return
      }
      let k = classes.get(classId)
      if (k === undefined) {
        k = this.#crashedClass.length
        classes.set(classId, k)
        this.#crashedClass.push(classId)
        this.#crashedEntries.push([])
      }
      this.#crashedEntries[k]?.push(i)
    })
    const n = this.#index.length
    this.#count = n
    this.#left = n
    this.#class = Int32Array.from(this.#index, (i) => (entries[i] as Entry).classId)
    this.#call = Float64Array.from(this.#index, (i) => (entries[i] as Entry).call)
    this.#return = Float64Array.from(this.#index, (i) => (entries[i] as Entry).return)
    // Position n is the head and the tail of the list.
    this.#nextOpen = Int32Array.from({ length: n + 1 }, (_, i) => (i === n ? 0 : i + 1))
    this.#previousOpen = Int32Array.from({ length: n + 1 }, (_, i) => (i === 0 ? n : i - 1))
    if (n === 0) this.#nextOpen[0] = 0
    this.#bits = new Int32Array((n >> 5) + 1)
    this.#highest = new Int32Array(n + 1)
    this.#used = new Int32Array(this.#crashedClass.length)
    this.#memo = new Memo(this.#used.length, maxBytes)
  }

  get bytes(): number {
    return this.#memo.bytes
  }

  /** The longest linearization that was tried, as positions among the entries. */
  get longest(): readonly number[] {
    return this.#longest
  }

  /** The linearization found, as positions among the entries. */
  witness(): number[] {
    return [...this.#path]
  }

  /** Searches on, for at most so many steps. */
  run(limit: number): SearchResult {
    const until = this.steps + limit
    for (;;) {
      if (this.#frames.length === 0) {
        const initial = this.#initial[this.#initialNext++]
        if (initial === undefined) return 'violated'
        this.#state = initial
        this.#open()
      }
      if (this.#left === 0) return 'holds'
      if (this.steps > until) return 'paused'
      if (this.#memo.isFull) return 'full'
      if (!this.#advance()) this.#back()
    }
  }

  /** Takes the next candidate of the top frame that leads somewhere new. */
  #advance(): boolean {
    const frames = this.#frames
    const candidates = this.#candidates
    const top = frames.length - 2
    while ((frames[top] as number) < candidates.length) {
      const at = frames[top] as number
      frames[top] = at + 2
      const what = candidates[at] as number
      const before = this.#state
      this.#take(what)
      this.#state = candidates[at + 1] as number
      this.steps++
      if (this.#memo.add(this.#state, this.#base(), this.#top(), this.#bits, this.#used)) {
        this.#candidates.push(what, before)
        this.#open()
        return true
      }
      this.#release(what)
      this.#state = before
    }
    return false
  }

  /** Leaves the top frame, and takes back the operation that led to it. */
  #back(): void {
    const start = this.#frames[this.#frames.length - 1] as number
    this.#frames.length -= 2
    this.#candidates.length = start
    if (this.#frames.length === 0) return
    const before = this.#candidates.pop() as number
    this.#release(this.#candidates.pop() as number)
    this.#state = before
  }

  /** Opens a frame with the candidates of the current configuration: those that no return precedes. */
  #open(): void {
    const candidates = this.#candidates
    const start = candidates.length
    this.#frames.push(start, start)
    const n = this.#count
    let bound = Number.POSITIVE_INFINITY
    const minimal: number[] = []
    for (let i = this.#nextOpen[n] as number; i !== n && (this.#call[i] as number) < bound; i = this.#nextOpen[i] as number) {
      minimal.push(i)
      bound = Math.min(bound, this.#return[i] as number)
    }
    minimal.sort((a, b) => (this.#return[a] as number) - (this.#return[b] as number))
    const tried = new Set<number>()
    for (const i of minimal) {
      const classId = this.#class[i] as number
      if (tried.has(classId)) continue
      tried.add(classId)
      this.steps++
      const next = this.#machine.step(this.#state, classId)
      if (next === illegal) continue
      if (this.#machine.observes(classId)) {
        candidates.length = start
        candidates.push(i, next)
        return
      }
      this.#propose(i, next)
    }
    for (let k = 0; k < this.#crashedClass.length; k++) {
      const entry = this.#crashedEntries[k]?.[this.#used[k] as number]
      if (entry === undefined || (this.#entries[entry] as Entry).call > bound) continue
      const next = this.#machine.step(this.#state, this.#crashedClass[k] as number)
      if (next !== illegal && next !== this.#state) this.#propose(-1 - k, next)
    }
  }

  #propose(what: number, next: number): void {
    if (next >= 0) this.#candidates.push(what, next)
    else for (const one of this.#machine.several(next)) this.#candidates.push(what, one)
  }

  #take(what: number): void {
    if (what < 0) {
      const k = -1 - what
      this.#path.push(this.#crashedEntries[k]?.[this.#used[k] as number] as number)
      this.#used[k] = (this.#used[k] as number) + 1
    } else {
      const next = this.#nextOpen[what] as number
      const previous = this.#previousOpen[what] as number
      this.#nextOpen[previous] = next
      this.#previousOpen[next] = previous
      this.#bits[what >> 5] = (this.#bits[what >> 5] as number) | (1 << (what & 31))
      this.#left--
      this.#path.push(this.#index[what] as number)
      const depth = this.#count - this.#left
      this.#highest[depth] = Math.max(this.#highest[depth - 1] as number, what)
    }
  }

  #release(what: number): void {
    if (this.#path.length > this.#longest.length) this.#keepLongest()
    this.#path.pop()
    this.#shared = Math.min(this.#shared, this.#path.length)
    if (what < 0) {
      this.#used[-1 - what] = (this.#used[-1 - what] as number) - 1
      return
    }
    this.#nextOpen[this.#previousOpen[what] as number] = what
    this.#previousOpen[this.#nextOpen[what] as number] = what
    this.#bits[what >> 5] = (this.#bits[what >> 5] as number) & ~(1 << (what & 31))
    this.#left++
  }

  /** Copies only what has changed since the last copy. */
  #keepLongest(): void {
    for (let i = this.#shared; i < this.#path.length; i++) this.#longest[i] = this.#path[i] as number
    this.#shared = this.#path.length
  }

  /** The first word of the bits that is not full, and the last that is not empty. */
  #base(): number {
    return (this.#nextOpen[this.#count] as number) >> 5
  }

  #top(): number {
    return (this.#highest[this.#count - this.#left] as number) >> 5
  }
}

/** Configurations that were visited, of variable length, in one array. */
class Memo {
  readonly #crashed: number
  readonly #maxBytes: number
  #arena: Int32Array = new Int32Array(1024)
  #used = 0
  #count = 0
  #heads: Int32Array = new Int32Array(256).fill(-1)

  constructor(crashed: number, maxBytes: number) {
    this.#crashed = crashed
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return 4 * (this.#arena.length + this.#heads.length)
  }

  get isFull(): boolean {
    return this.bytes > this.#maxBytes
  }

  /** Whether the configuration is new; one that needed more crashed operations than one visited is not. */
  add(state: number, base: number, top: number, bits: Int32Array, used: Int32Array): boolean {
    const words = Math.max(0, top - base + 1)
    let hash = Math.imul(state + 1, 0x9e3779b1) ^ Math.imul(base + 1, 0x85ebca6b)
    for (let w = base; w <= top; w++) {
      hash = Math.imul(hash ^ (bits[w] as number), 0xc2b2ae35)
      hash ^= hash >>> 15
    }
    const arena = this.#arena
    const bucket = hash & (this.#heads.length - 1)
    for (let at = this.#heads[bucket] as number; at !== -1; at = arena[at] as number) {
      if (arena[at + 1] === hash && arena[at + 2] === state && arena[at + 3] === base && arena[at + 4] === words) {
        if (this.#covers(at + 5, base, top, bits, used)) return false
      }
    }
    this.#append(hash, state, base, top, words, bits, used)
    return true
  }

  #covers(from: number, base: number, top: number, bits: Int32Array, used: Int32Array): boolean {
    const arena = this.#arena
    let at = from
    for (let w = base; w <= top; w++) if (arena[at++] !== bits[w]) return false
    for (let k = 0; k < this.#crashed; k++) if ((arena[at++] as number) > (used[k] as number)) return false
    return true
  }

  #append(hash: number, state: number, base: number, top: number, words: number, bits: Int32Array, used: Int32Array): void {
    const size = 5 + words + this.#crashed
    if (this.#used + size > this.#arena.length) {
      const longer = new Int32Array(2 * (this.#used + size))
      longer.set(this.#arena)
      this.#arena = longer
    }
    if (++this.#count > this.#heads.length) this.#rehash()
    const arena = this.#arena
    const bucket = hash & (this.#heads.length - 1)
    let at = this.#used
    arena[at] = this.#heads[bucket] as number
    arena[at + 1] = hash
    arena[at + 2] = state
    arena[at + 3] = base
    arena[at + 4] = words
    this.#heads[bucket] = at
    at += 5
    for (let w = base; w <= top; w++) arena[at++] = bits[w] as number
    for (let k = 0; k < this.#crashed; k++) arena[at++] = used[k] as number
    this.#used = at
  }

  #rehash(): void {
    this.#heads = new Int32Array(4 * this.#heads.length).fill(-1)
    const arena = this.#arena
    for (let at = 0; at < this.#used; at += 5 + (arena[at + 4] as number) + this.#crashed) {
      const bucket = (arena[at + 1] as number) & (this.#heads.length - 1)
      arena[at] = this.#heads[bucket] as number
      this.#heads[bucket] = at
    }
  }
}
