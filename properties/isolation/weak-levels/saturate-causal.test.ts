import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../budget.ts'
import { rt, so, wr } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { shapedFacts } from '../testing/weak-levels-facts.ts'
import { baseEdges } from './saturate-base.ts'
import { saturateCausal } from './saturate-causal.ts'
import { chainsOfSessions, chainsOfTime } from './saturate-chains.ts'
import { ForcedOrders } from './saturate-orders.ts'
import { topologicalOrder } from './saturate-topology.ts'
import { writtenSlots } from './saturate-written.ts'

/** What is forced, in order; or that there is a violation. */
function forced(facts: Facts, kinds: number, ints: number): readonly string[] | 'missed' | 'cyclic' {
  const { nodes, edges } = baseEdges(facts, kinds)
  const graph = edges.toCsr(nodes)
  const order = topologicalOrder(graph)
  if (order === null) return 'cyclic'
  const chains = kinds & rt ? chainsOfTime(facts) : chainsOfSessions(facts, order)
  const orders = new ForcedOrders(facts)
  saturateCausal(facts, writtenSlots(facts), { graph, order, chains }, orders, new Budget({ megabytes: (4 * 4 * ints) / 2 ** 20 }))
  if (orders.missed !== null) return 'missed'
  return Array.from({ length: orders.length }, (_, i) => `${orders.before[i]} ${orders.read[i]}`).sort()
}

describe('saturation by causes', () => {
  it.each([
    ['session order', wr | so],
    ['real-time order', wr | so | rt],
  ])('forces the same, however few clocks are kept at a time: %s', (_, kinds) => {
    let orders = 0
    let missed = 0
    fc.assert(
      fc.property(shapedFacts({ count: 14, keys: 6, readsMax: 3, writesMax: 6, heavy: 0 }), fc.constantFrom(1, 40, 70), (facts, ints) => {
        const whole = forced(facts, kinds, 2 ** 20)
        expect(forced(facts, kinds, ints)).toEqual(whole)
        if (whole === 'missed') missed++
        else if (whole !== 'cyclic') orders += whole.length
      }),
      { numRuns: 600 },
    )
    expect(orders).toBeGreaterThan(100)
    expect(missed).toBeGreaterThan(20)
  })
})
