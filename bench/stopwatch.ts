/** Sums up how long parts of a run take. */
import { cpuUsage } from 'node:process'

export interface Times {
  readonly seconds: number
  /** Processor seconds, all threads: what a busy machine disturbs least. */
  readonly cpuSeconds: number
}

export class Stopwatch {
  #milliseconds = 0
  #microseconds = 0

  get times(): Times {
    return { seconds: this.#milliseconds / 1e3, cpuSeconds: this.#microseconds / 1e6 }
  }

  time<T>(part: () => T): T {
    const cpuBefore = cpuUsage()
    const started = performance.now()
    const result = part()
    this.#milliseconds += performance.now() - started
    const { user, system } = cpuUsage(cpuBefore)
    this.#microseconds += user + system
    return result
  }
}
