/** What a judgement may use up: time, and memory for configurations. */
import type { Limits } from './decision.ts'

export class Budget {
  readonly #until: number
  /** Bytes for the configurations of one search. */
  readonly bytes: number

  constructor({ seconds = Number.POSITIVE_INFINITY, megabytes = 1024 }: Limits = {}) {
    this.#until = performance.now() + 1000 * seconds
    this.bytes = megabytes * 2 ** 20
  }

  /** The limit that is reached, if one is. */
  exhausted(): 'time' | null {
    return performance.now() >= this.#until ? 'time' : null
  }

  /** A budget of a part of the time that is left, and at most so many seconds. */
  part(share: number, seconds: number): Budget {
    const left = Math.max(0, (this.#until - performance.now()) / 1000)
    return new Budget({ seconds: Math.min(left * share, seconds), megabytes: this.bytes / 2 ** 20 })
  }
}
