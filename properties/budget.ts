/** What a judgement may use up: time, and memory for configurations. */
import type { Limits } from './decision.ts'

/** How many steps are taken between looks at the clock: some milliseconds. */
const stepsBetweenLooks = 1 << 20

export class Budget {
  readonly #until: number
  /** Bytes for the configurations of one search. */
  readonly bytes: number
  readonly #onLook: () => void
  #untilLook = stepsBetweenLooks

  /** @param onLook called whenever the time is looked at, which long searches do now and then */
  constructor({ seconds = Number.POSITIVE_INFINITY, megabytes = 1024 }: Limits = {}, onLook: () => void = () => {}) {
    this.#until = performance.now() + 1000 * seconds
    this.bytes = megabytes * 2 ** 20
    this.#onLook = onLook
  }

  /** The limit that is reached, if one is. */
  exhausted(): 'time' | null {
    this.#onLook()
    return performance.now() >= this.#until ? 'time' : null
  }

  /**
   * Counts steps of work, of a few nanoseconds each, and looks at the clock once there have been many.
   * @throws LimitReached
   */
  spend(steps: number): void {
    this.#untilLook -= steps
    if (this.#untilLook > 0) return
    this.#untilLook = stepsBetweenLooks
    this.requireTime()
  }

  /** @throws LimitReached if no time is left */
  requireTime(): void {
    if (this.exhausted() !== null) throw new LimitReached('time')
  }

  /** @throws LimitReached if so much memory may not be used */
  requireBytes(bytes: number): void {
    if (bytes > this.bytes) throw new LimitReached('memory')
  }

  /** A budget of a part of the time that is left, and at most so many seconds. */
  part(share: number, seconds: number): Budget {
    const left = Math.max(0, (this.#until - performance.now()) / 1000)
    return new Budget({ seconds: Math.min(left * share, seconds), megabytes: this.bytes / 2 ** 20 }, this.#onLook)
  }
}

/** Ends a computation that has no result without going on. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached'
  readonly limit: 'time' | 'memory'

  constructor(limit: 'time' | 'memory') {
    super(`the ${limit} limit is reached`)
    this.limit = limit
  }
}

/** What a computation comes to, or the limit that ended it: also that of the engine, which refuses arrays and maps that are too large. */
export function withinLimits<T>(compute: () => T): { readonly value: T } | { readonly limit: 'time' | 'memory' } {
  try {
    return { value: compute() }
  } catch (error) {
    if (error instanceof LimitReached) return { limit: error.limit }
    if (error instanceof RangeError) return { limit: 'memory' }
    throw error
  }
}
