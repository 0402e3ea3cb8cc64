/**
 * A function of the model that runs once per distinct input: its outcomes are remembered by what it read. On a new input
 * it runs twice, so that an impure one is caught. Where nearly every input is new, remembering stops.
 */
import { blame, isUserError, UserError } from '../errors.ts'
import type { Probes } from './projections.ts'
import type { Tracker } from './tracking.ts'
import type { Trie } from './trie.ts'

export interface Laboratory {
  readonly trie: Trie
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
  #since = 0
  #misses = 0

  constructor(on: boolean) {
    this.on = on
  }

  /** Tells of a miss, and of how many lookups there have been so far. */
  miss(lookups: number): void {
    if (++this.#misses < missesPerReview) return
    if (this.#misses > worthwhile * (lookups - this.#since)) this.on = false
    this.#since = lookups
    this.#misses = 0
  }
}

const missesPerReview = 2048
// A hit saves tens of microseconds and a lookup costs a few, so only nearly useless memos are given up.
const worthwhile = 0.75
// Where nothing is remembered, every call is a new input; checking one in so many bounds the cost.
const purityInterval = 64

export class Remembered<T> {
  readonly #lab: Laboratory
  readonly #useful: Usefulness
  readonly #where: string
  readonly #run: () => T
  readonly #same: (a: T, b: T) => boolean
  readonly #results: T[] = []
  readonly #coarse: Set<number> = new Set()
  #root: number
  #calls = 0

  /** `run` may look at the state through the tracker only. */
  constructor(lab: Laboratory, useful: Usefulness, where: string, run: () => T, same: (a: T, b: T) => boolean) {
    this.#lab = lab
    this.#useful = useful
    this.#where = where
    this.#run = run
    this.#same = same
    this.#root = lab.trie.root()
  }

  /** The outcome in a state; what it depends on is appended to `path`. */
  call(state: Int32Array, path: number[]): T {
    const { trie, probes } = this.#lab
    if (!this.#useful.on) {
      const result = this.#observe(state, this.#lab.checkPurity && this.#calls++ % purityInterval === 0)
      path.push(...this.#lab.tracker.reads)
      return result
    }
    const valueOf = (probe: number): number => probes.value(probe, state)
    const start = path.length
    const leaf = trie.findBy(this.#root, valueOf, path)
    this.#useful.lookups++
    if (leaf >= 0) return this.#results[leaf] as T
    this.#useful.miss(this.#useful.lookups)
    path.length = start
    const result = this.#observe(state, this.#lab.checkPurity)
    const { reads } = this.#lab.tracker
    path.push(...reads)
    this.#results.push(result)
    try {
      trie.record(this.#root, reads, valueOf, this.#results.length - 1)
    } catch (error) {
      throw isUserError(error) ? this.#impure(error.message) : error
    }
    return result
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
    this.#lab.tracker.begin(state, this.#coarse)
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
