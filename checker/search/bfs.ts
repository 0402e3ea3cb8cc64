/** Breadth-first search: all states, level by level, so that counterexamples are shortest. The state table is the queue. */
import type { Limit } from '../result.ts'
import { isOutOfMemory } from './limits.ts'
import { judgeSteps, judgeTerminal, Pacer, PerState, type Run, type Search } from './search.ts'

export function* bfs(search: Search): Run {
  const { space, judge, findings, limits } = search
  const { table } = space
  const parents = new PerState(limits.reserve)
  const pacer = new Pacer()
  let generated = 0
  let terminal = 0
  let limit: Limit | null = null

  const discover = (state: number, parent: number, depth: number): void => {
    parents.set(state, parent)
    const found = judge.judge(space.peek(state))
    if (found.length > 0) findings.states(found, depth, { state })
  }

  const expand = (head: number, depth: number): void => {
    space.load(head)
    let known = table.size
    const count = space.expand()
    generated += count
    if (count === 0) {
      terminal++
      judgeTerminal(search, space.values, depth, { state: head })
    }
    if (space.failed.length > 0) judgeSteps(search, depth + 1, head)
    if (table.size === known) return
    const { successors } = space
    for (let i = 0; i < count; i++) {
      const successor = successors[i] as number
      if (successor < known) continue
      discover(successor, head, depth + 1)
      known = successor + 1
    }
  }

  const levels: number[] = []
  let levelEnd = 0
  try {
    for (const state of search.initial) {
      const known = table.size
      const id = space.add(state)
      generated++
      if (id >= known) discover(id, -1, 1)
    }
    for (let head = 0; head < table.size && !findings.enough; head++) {
      if (head === levelEnd) {
        levels.push(table.size - levelEnd)
        levelEnd = table.size
      }
      const depth = levels.length
      if (depth > limits.maxDepth) limit = 'depth'
      if (table.size > limits.maxStates) limit = 'states'
      if (pacer.due()) {
        yield {
          distinct: table.size,
          generated,
          frontier: table.size - head,
          depth,
          seconds: limits.seconds(),
          memoryBytes: limits.memoryBytes(),
        }
        limit = limits.exceeded() ?? limit
      }
      if (limit !== null) break
      expand(head, depth)
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    limit = 'memory'
  }
  if (table.size > levelEnd) levels.push(table.size - levelEnd)
  return {
    limit,
    generated,
    depth: levels.length,
    levels,
    terminal,
    walks: null,
    guarantee: null,
    parents: parents.data,
    parentBytes: parents.bytes,
    lassos: [],
  }
}
