/** Breadth-first and depth-first search, on graphs given by their edges. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { defineModel, type Model } from '../language/model.ts'
import { program } from '../language/program.ts'
import { cell } from '../language/slots.ts'
import { replay } from '../testing/replay.ts'

type Edges = readonly (readonly [from: number, to: number])[]

function graph(edges: Edges, bad: readonly number[] = []): Model {
  return defineModel({
    name: 'graph',
    about: '',
    state: () => ({ at: cell(0) }),
    actions: (on) => ({
      go: on.action({
        over: (s) => edges.filter(([from]) => from === s.at).map(([, to]) => to),
        then: (s, to) => {
          s.at = to
        },
      }),
    }),
    properties: (on) => ({ good: on.always((s) => !bad.includes(s.at) || `at ${s.at}`), five: on.sometimes((s) => s.at === 5) }),
  })
}

/** Distance from 0 per node that can be reached. */
function distances(edges: Edges): Map<number, number> {
  const found = new Map([[0, 0]])
  for (const [at, distance] of found) for (const [from, to] of edges) if (from === at && !found.has(to)) found.set(to, distance + 1)
  return found
}

const nodes = 8
const edges = fc.uniqueArray(fc.tuple(fc.nat({ max: nodes - 1 }), fc.nat({ max: nodes - 1 })), { maxLength: 20, selector: String })
const bad = fc.uniqueArray(fc.integer({ min: 1, max: nodes - 1 }), { maxLength: 3 })
const collect = { maxViolations: Number.POSITIVE_INFINITY }

describe('breadth-first search', () => {
  it('finds every node at its distance, by shortest traces', () => {
    fc.assert(
      fc.property(edges, bad, (all, wrong) => {
        const model = graph(all, wrong)
        const far = distances(all)
        const result = check(model, collect)
        expect(result.distinct).toBe(far.size)
        expect(result.depth).toBe(Math.max(...far.values()) + 1)
        expect(Object.fromEntries(result.violations.map(({ message, depth }) => [message, depth - 1]))).toEqual(
          Object.fromEntries(wrong.filter((at) => far.has(at)).map((at) => [`at ${at}`, far.get(at)])),
        )
        for (const { trace, depth, message } of result.violations) {
          expect(trace.steps).toHaveLength(depth - 1)
          expect(replay(program(model), trace).findings[0]?.message).toBe(message)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('stops at the first violation, having seen no level beyond', () => {
    const line: Edges = Array.from({ length: 50 }, (_, i) => [i, i + 1])
    expect(check(graph(line, [3, 4]))).toMatchObject({ verdict: 'violated', depth: 4, distinct: 4 })
  })
})

describe('depth-first search', () => {
  it('finds the same nodes, and its traces replay', () => {
    fc.assert(
      fc.property(edges, bad, (all, wrong) => {
        const model = graph(all, wrong)
        const [deep, broad] = [check(model, { ...collect, strategy: 'dfs' }), check(model, collect)]
        expect(deep).toMatchObject({
          distinct: broad.distinct,
          generated: broad.generated,
          terminal: broad.terminal,
          verdict: broad.verdict,
          actions: broad.actions,
        })
        for (const { trace, depth, message } of deep.violations) {
          expect(trace.steps).toHaveLength(depth - 1)
          expect(replay(program(model), trace).findings[0]?.message).toBe(message)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('with a bound sees exactly what is within it, and says whether something was left out', () => {
    fc.assert(
      fc.property(edges, bad, fc.integer({ min: 0, max: 6 }), (all, wrong, maxDepth) => {
        const model = graph(all, wrong)
        const within = [...distances(all)].filter(([, distance]) => distance <= maxDepth)
        const result = check(model, { ...collect, strategy: 'dfs', maxDepth })
        expect(result.distinct).toBe(within.length)
        const expected = wrong.filter((at) => within.some(([node]) => node === at))
        expect(new Set(result.violations.map(({ message }) => message))).toEqual(new Set(expected.map((at) => `at ${at}`)))
        if (distances(all).size > within.length) {
          expect(result.limit).toBe('depth')
          expect(result.verdict).toBe(expected.length > 0 ? 'violated' : 'inconclusive')
        }
        for (const { trace, depth, message } of [...result.violations, ...Object.values(result.properties)]) {
          if (trace === null) continue
          expect(trace.steps.length).toBeLessThanOrEqual(maxDepth)
          expect(trace.steps).toHaveLength((depth ?? 0) - 1)
          expect(replay(program(model), trace).findings.map((finding) => finding.message)).toContain(message)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('with a bound counts each state without successors once', () => {
    // 5 is reached by the long way first (newest first), and again by the short one.
    const all: Edges = [
      [0, 1],
      [0, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [1, 5],
    ]
    const result = check(graph(all), { strategy: 'dfs', maxDepth: 9 })
    expect(result).toMatchObject({ distinct: 6, terminal: 1 })
  })

  it('finds a deep violation long before it has seen every state', () => {
    const tree: Edges = Array.from({ length: 2000 }, (_, i) => [Math.floor(i / 2), i + 1])
    expect(check(graph(tree, [2000]), { strategy: 'dfs' }).distinct).toBeLessThan(200)
  })

  it('walks a path of 20,000 states without a stack of its own overflowing', () => {
    const model = defineModel({
      name: 'line',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: (on) => ({
        up: on.action({
          when: (s) => s.n < 20_000,
          then: (s) => {
            s.n += 1
          },
        }),
      }),
      properties: (on) => ({ p: on.always((s) => s.n < 20_000) }),
    })
    const result = check(model, { strategy: 'dfs', checkPurity: false })
    expect(result).toMatchObject({ verdict: 'violated', depth: 20_001 })
    expect(result.violations[0]?.trace.steps).toHaveLength(20_000)
  })
})
