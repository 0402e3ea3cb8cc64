/**
 * Depth-first search: all states, newest first. Finds deep violations early; its counterexamples are long. With a depth
 * limit, a state that is reached again by a shorter path is expanded again, so that everything within the limit is seen.
 */
import type { Limit } from '../result.ts'
import { isOutOfMemory } from './limits.ts'
import { judgeSteps, judgeTerminal, Pacer, PerState, type Run, type Search } from './search.ts'

export function* dfs(search: Search): Run {
  const { space, judge, findings, limits } = search
  const { table } = space
  const parents = new PerState(limits.reserve)
  const depths = new PerState(limits.reserve)
  const stack = new PerState(limits.reserve)
  const pacer = new Pacer()
  const bounded = Number.isFinite(limits.maxDepth)
  let height = 0
  let generated = 0
  const terminal = new Set<number>()
  let deepest = 0
  let limit: Limit | null = null

  const push = (state: number, parent: number, depth: number): void => {
    parents.set(state, parent)
    depths.set(state, depth)
    stack.set(height++, state)
  }
  const discover = (state: number, parent: number, depth: number): void => {
    push(state, parent, depth)
    deepest = Math.max(deepest, depth)
    const found = judge.judge(space.peek(state))
    if (found.length > 0) findings.states(found, depth, { state })
  }
  const expand = (state: number): void => {
    const depth = depths.get(state)
    if (depth > limits.maxDepth) return
    space.load(state)
    let known = table.size
    const count = space.expand()
    generated += count
    if (count === 0) {
      terminal.add(state)
      judgeTerminal(search, space.values, depth, { state })
    }
    if (space.failed.length > 0) judgeSteps(search, depth + 1, state)
    for (let i = 0; i < count; i++) {
      const successor = space.successors[i] as number
      if (successor >= known) {
        discover(successor, state, depth + 1)
        known = successor + 1
      } else if (bounded && successor >= 0 && depths.get(successor) > depth + 1) push(successor, state, depth + 1)
    }
  }

  try {
    for (const state of search.initial) {
      const known = table.size
      const id = space.add(state)
      generated++
      if (id >= known) discover(id, -1, 1)
    }
    while (height > 0 && !findings.enough) {
      if (table.size > limits.maxStates) limit = 'states'
      if (pacer.due()) {
        yield {
          distinct: table.size,
          generated,
          frontier: height,
          depth: deepest,
          seconds: limits.seconds(),
          memoryBytes: limits.memoryBytes(),
        }
        limit = limits.exceeded() ?? limit
      }
      if (limit !== null) break
      expand(stack.get(--height))
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    limit = 'memory'
  }
  // Whatever has kept a depth beyond the limit was never expanded.
  if (bounded && !findings.enough && depths.data.subarray(0, table.size).some((depth) => depth > limits.maxDepth)) limit ??= 'depth'
  const parentBytes = parents.bytes + depths.bytes + stack.bytes
  return {
    limit,
    generated,
    depth: deepest,
    levels: [],
    terminal: terminal.size,
    walks: null,
    guarantee: null,
    parents: parents.data,
    parentBytes,
    lassos: [],
  }
}
