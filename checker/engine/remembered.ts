/**
 * A function of the model that runs once per distinct input: its outcomes are remembered by what it read. On a new input
 * it runs twice, so that an impure one is caught. Where nearly every input is new, remembering stops.
 */
import { blame, isUserError, UserError } from '../errors.ts'
import type { Probes } from './projections.ts'
import type { Coarse, Tracker } from './tracking.ts'
import type { Trie } from './trie.ts'

export interface Laboratory {
  /** Outcomes by the parts of the state that were read. */
  readonly trie: Trie
  /** The same by whole slots: coarser, and many times faster to look up. */
  readonly front: Trie
  readonly probes: Probes
  readonly tracker: Tracker
  readonly checkPurity: boolean
  /** How often functions of the model ran. */
  runs: number
}

/** Whether remembering pays. Functions of one kind (all instances of an action) give it up together. */
export class Usefulness {
  on: boolean
  lookups = 0
  readonly #missRateMax: number
  #since = 0
  #misses = 0

  constructor(on: boolean, missRateMax: number = nearlyUseless) {
    this.on = on
    this.#missRateMax = missRateMax
  }

  /** Tells of a miss, and of how many lookups there have been so far. */
  miss(lookups: number): void {
    if (++this.#misses < missesPerReview) return
    if (this.#misses > this.#missRateMax * (lookups - this.#since)) this.on = false
    this.#since = lookups
    this.#misses = 0
  }
}

const missesPerReview = 2048
// What a hit saves is tens of microseconds, and what a miss costs a few.
const nearlyUseless = 0.75
// Behind the lookup by whole slots there is one by parts, which is not much slower.
const hardlyBetter = 0.2
// Where nothing is remembered, every call is a new input; checking one in so many bounds the cost.
const purityInterval = 64

/** Where nothing is remembered, it does not matter which parts were read. */
const everySlot: Coarse = { has: () => true, add: () => {} }

export class Remembered<T> {
  readonly #lab: Laboratory
  readonly #useful: Usefulness
  readonly #where: string
  readonly #run: () => T
  readonly #same: (a: T, b: T) => boolean
  readonly #results: T[] = []
  readonly #fronts: { readonly result: T; readonly slots: readonly number[] }[] = []
  readonly #coarse: Set<number> = new Set()
  #root: number
  readonly #frontRoot: number
  readonly #front: Usefulness
  #calls = 0

  /** `run` may look at the state through the tracker only. */
  constructor(lab: Laboratory, useful: Usefulness, where: string, run: () => T, same: (a: T, b: T) => boolean) {
    this.#lab = lab
    this.#useful = useful
    this.#where = where
    this.#run = run
    this.#same = same
    this.#root = lab.trie.root()
    this.#frontRoot = lab.front.root()
    this.#front = new Usefulness(true, hardlyBetter)
  }

  /** The outcome in a state. */
  ask(state: Int32Array): T {
    if (!this.#useful.on) return this.call(state, [])
    const leaf = this.#lab.trie.findBy(this.#root, this.#lab.probes, state, null)
    if (leaf < 0) return this.#byParts(state, [])
    this.#useful.lookups++
    return this.#results[leaf] as T
  }

  /** The outcome in a state; the slots that it depends on are appended to `slots`. */
  call(state: Int32Array, slots: number[]): T {
    const { front, tracker, checkPurity } = this.#lab
    if (!this.#useful.on) {
      const result = this.#observe(state, checkPurity && this.#calls++ % purityInterval === 0)
      slots.push(...this.#slotsOf(tracker.reads))
      return result
    }
    if (!this.#front.on) return this.#byParts(state, slots)
    this.#front.lookups++
    const leaf = front.find(this.#frontRoot, state)
    if (leaf >= 0) {
      const known = this.#fronts[leaf] as { result: T; slots: readonly number[] }
      for (const slot of known.slots) slots.push(slot)
      return known.result
    }
    this.#front.miss(this.#front.lookups)
    const read: number[] = []
    const result = this.#byParts(state, read)
    if (this.#useful.on)
      front.record(this.#frontRoot, read, (slot) => state[slot] as number, this.#fronts.push({ result, slots: read }) - 1)
    slots.push(...read)
    return result
  }

  #byParts(state: Int32Array, slots: number[]): T {
    const { trie, probes, tracker, checkPurity } = this.#lab
    const path: number[] = []
    this.#useful.lookups++
    const leaf = trie.findBy(this.#root, probes, state, path)
    if (leaf >= 0) {
      slots.push(...this.#slotsOf(path))
      return this.#results[leaf] as T
    }
    this.#useful.miss(this.#useful.lookups)
    const result = this.#observe(state, checkPurity)
    slots.push(...this.#slotsOf(tracker.reads))
    if (!this.#useful.on) return result
    try {
      trie.record(this.#root, tracker.reads, (probe) => probes.value(probe, state), this.#results.push(result) - 1)
    } catch (error) {
      throw isUserError(error) ? this.#impure(error.message) : error
    }
    return result
  }

  #slotsOf(probes: readonly number[]): number[] {
    return [...new Set(probes.map((probe) => this.#lab.probes.slotOf(probe)))]
  }

  #observe(state: Int32Array, twice: boolean): T {
    const { tracker } = this.#lab
    for (;;) {
      const known = this.#coarse.size
      const result = this.#attempt(state)
      if (this.#coarse.size > known) {
        // It now reads some slot whole, which changes the order of its reads: what was remembered is void.
        this.#root = this.#lab.trie.root()
        continue
      }
      if (!twice) return result
      const reads = tracker.reads.join()
      const again = this.#attempt(state)
      if (!this.#same(result, again)) throw this.#impure('it gave two different results for the same state')
      if (tracker.reads.join() !== reads) throw this.#impure('it read different parts of the same state')
      return result
    }
  }

  #attempt(state: Int32Array): T {
    this.#lab.tracker.begin(state, this.#useful.on ? this.#coarse : everySlot)
    try {
      return this.#run()
    } catch (error) {
      throw blame(error, this.#where)
    }
  }

  #impure(what: string): UserError {
    return new UserError('impure', `${this.#where} is impure: ${what} (does it use random numbers, the time, or variables outside?)`)
  }
}
