/**
 * Small cores: few operations of a violated history that are violated by themselves. First whole values go (a container
 * without one of its values, or without an observation, stays linearizable, so what is violated can be found by bisection),
 * then single operations: one goes when the rest is violated even if nobody knew its time and result.
 */
import type { Operation } from '../operation.ts'
import { keyOf, type Value } from '../value.ts'

/** The states after an operation; its output is `undefined` where nobody knows it. None: it cannot have gone so. */
export type Step = (state: readonly Value[], operation: Operation) => readonly (readonly Value[])[]

/** Configurations that one search may visit before it gives up, and the operation in question stays. */
const configurationsMax = 20_000
/** Operations up to which single ones are tried. */
const sizeMax = 40
/** The most helpers of which all subsets are tried. */
const helpersMax = 8
/** Operations up to which it is tried to leave out each of them in turn. */
const settledMax = 16

/**
 * The fewest units, in order, that are violated together; `violated` must be monotone: adding units keeps it. Each unit
 * costs a bisection.
 */
export function fewest<T>(units: readonly T[], violated: (units: readonly T[]) => boolean): T[] {
  const needed: T[] = []
  let rest: readonly T[] = units
  while (!violated(needed)) {
    let low = 0
    let high = rest.length
    // The shortest prefix that is violated ends in a unit that is needed.
    while (low < high) {
      const middle = (low + high) >>> 1
      if (violated([...needed, ...rest.slice(0, middle)])) high = middle
      else low = middle + 1
    }
    if (high === 0) return needed
    needed.push(rest[high - 1] as T)
    rest = rest.slice(0, high - 1)
  }
  return needed
}

/**
 * The operations whose time or result matters, and those that give the others their meaning, such as the insertion of a
 * value that is removed twice.
 */
export function reduced(operations: readonly Operation[], step: Step): Operation[] {
  if (operations.length > sizeMax) return [...operations]
  let needed = [...operations]
  const helpers: Operation[] = []
  for (const operation of operations) {
    const others = needed.filter((other) => other !== operation)
    if (!violatedBySearch([...others, ...helpers.map(unknown), unknown(operation)], step)) continue
    needed = others
    helpers.push(operation)
  }
  return withHelpers(needed, helpers, step) ?? settled([...needed, ...helpers], step)
}

/**
 * Operations that are violated together, with as few others as it takes for each of them to matter: where one of them were
 * not known, the rest would be explained; `null`: some never do.
 */
export function withHelpers(needed: readonly Operation[], helpers: readonly Operation[], step: Step): Operation[] | null {
  for (const chosen of subsets(helpers)) {
    const core = [...needed, ...chosen]
    const matters = (operation: Operation): boolean => explained(replaced(core, operation), step) === true
    if (needed.every(matters) && violatedBySearch(core, step)) return inOrder(core)
  }
  return null
}

/** Leaves out one operation after the other, as long as there is one that neither matters nor makes another one matter. */
function settled(operations: readonly Operation[], step: Step): Operation[] {
  let core = inOrder(operations)
  if (core.length > settledMax) return core
  for (;;) {
    const mattering = core.filter((operation) => explained(replaced(core, operation), step) === true)
    const idle = core.find((operation) => {
      if (mattering.includes(operation)) return false
      const others = core.filter((other) => other !== operation)
      return violatedBySearch(others, step) && mattering.every((other) => explained(replaced(others, other), step) === true)
    })
    if (idle === undefined) return core
    core = core.filter((operation) => operation !== idle)
  }
}

/** The operation if nobody knew its time and result, nor whether it happened. */
export function unknown(operation: Operation): Operation {
  return { ...operation, output: undefined, completion: 'info', call: -1, return: Number.POSITIVE_INFINITY }
}

function replaced(operations: readonly Operation[], one: Operation): Operation[] {
  return operations.map((operation) => (operation === one ? unknown(operation) : operation))
}

function violatedBySearch(operations: readonly Operation[], step: Step): boolean {
  return explained(operations, step) === false
}

/** Whether some order explains the operations; those in `info` need not happen. `null`: the search gave up. */
function explained(operations: readonly Operation[], step: Step): boolean | null {
  const seen = new Set<string>()
  const done = operations.map(() => false)
  let left = operations.filter((operation) => operation.completion !== 'info').length
  const search = (state: readonly Value[]): boolean => {
    if (left === 0) return true
    const key = `${done.map((d) => (d ? 1 : 0)).join('')}${keyOf(state)}`
    if (seen.has(key) || seen.size > configurationsMax) return false
    seen.add(key)
    const deadline = Math.min(...operations.map((operation, i) => (done[i] ? Number.POSITIVE_INFINITY : operation.return)))
    return operations.some((operation, i) => {
      if (done[i] || operation.call > deadline) return false
      const counts = operation.completion === 'info' ? 0 : 1
      done[i] = true
      left -= counts
      const found = step(state, operation).some(search)
      done[i] = false
      left += counts
      return found
    })
  }
  if (search([])) return true
  return seen.size > configurationsMax ? null : false
}

/** From the smallest on; of many helpers only none or all. */
function subsets(helpers: readonly Operation[]): (readonly Operation[])[] {
  if (helpers.length > helpersMax) return [[], helpers]
  const all = Array.from({ length: 1 << helpers.length }, (_, bits) => helpers.filter((_, i) => (bits >> i) & 1))
  return all.sort((a, b) => a.length - b.length)
}

function inOrder(operations: readonly Operation[]): Operation[] {
  return [...operations].sort((a, b) => a.id - b.id)
}
