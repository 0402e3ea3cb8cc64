/** Limits on a search, and the clock and memory they are held against. Reaching one is an honest end, not an error. */

import { totalmem } from 'node:os'
import { constrainedMemory, memoryUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import { UserError } from '../errors.ts'
import type { CheckOptions, Limit } from '../result.ts'

/** Thrown out of the depths of the engine when there is no room to go on. */
export class OutOfMemory extends Error {}

export interface Limits {
  readonly maxStates: number
  readonly maxDepth: number
  readonly maxViolations: number
  /** Seconds since the search began. */
  seconds(): number
  memoryBytes(): number
  /** The limit on time, memory or patience that has been reached, if any. Costs microseconds: ask now and then. */
  exceeded(): Limit | null
  /** To be told before an allocation. */
  reserve(bytes: number): void
}

/** @throws UserError `bad-option` */
export function limits(options: CheckOptions): Limits {
  const started = performance.now()
  const maxStates = whole('maxStates', options.maxStates, 1)
  const maxDepth = whole('maxDepth', options.maxDepth, 0)
  const maxViolations = whole('maxViolations', options.maxViolations ?? 1, 1)
  const timeMs = positive('timeMs', options.timeMs)
  const memory = positive('memoryBytes', options.memoryBytes)
  const memoryMax = Math.min(memory, 0.9 * availableMemory())
  const seconds = (): number => (performance.now() - started) / 1000
  return {
    maxStates,
    maxDepth,
    maxViolations,
    seconds,
    memoryBytes: () => memoryUsage.rss(),
    exceeded: () => {
      if (options.signal?.aborted) return 'interrupted'
      if (seconds() * 1000 > timeMs) return 'time'
      const heap = getHeapStatistics()
      // A small heap fills up between two looks at it.
      const spare = Math.max(0.1 * heap.heap_size_limit, 128 * 2 ** 20)
      if (memoryUsage.rss() > memoryMax || heap.used_heap_size > heap.heap_size_limit - spare) return 'memory'
      return null
    },
    reserve: (bytes) => {
      // Small tables are not worth a system call each.
      if (bytes > 1 << 22 && memoryUsage.rss() + bytes > memoryMax) throw new OutOfMemory()
    },
  }
}

/** Whether an error means that there was no room: ours, or the runtime's own for a typed array. */
export function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof OutOfMemory || (error instanceof RangeError && /allocation failed|invalid (typed )?array length/i.test(error.message))
  )
}

function availableMemory(): number {
  const constrained = constrainedMemory()
  return constrained ? Math.min(constrained, totalmem()) : totalmem()
}

function whole(name: string, value: number | undefined, least: number): number {
  if (value === undefined) return Number.POSITIVE_INFINITY
  if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= least)) return value
  throw new UserError('bad-option', `${name} must be a whole number of at least ${least}, not ${value}`)
}

function positive(name: string, value: number | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY
  if (value > 0) return value
  throw new UserError('bad-option', `${name} must be greater than 0, not ${value}`)
}
