import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rt, so, wr } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { factsOf } from '../testing/facts-of.ts'
import { shapedFacts } from '../testing/weak-levels-facts.ts'
import { closure, type Relation, readRelation, sessionRelation, timeRelation, union } from '../testing/weak-levels-literal.ts'
import { baseEdges } from './saturate-base.ts'
import { type Chains, chainsOfSessions, chainsOfTime } from './saturate-chains.ts'
import { topologicalOrder } from './saturate-topology.ts'

const facts = shapedFacts({ count: 10, keys: 4, readsMax: 2, writesMax: 4, heavy: 0 })

function expectChains({ table, happened }: Facts, chains: Chains, before: Relation): void {
  const placed = new Set<string>()
  for (let t = 0; t < table.count; t++) {
    const [chain, position] = [chains.chain[t] as number, chains.position[t] as number]
    expect(chain !== -1).toBe(happened[t] === 1)
    if (chain === -1) continue
    expect(placed.has(`${chain} ${position}`)).toBe(false)
    placed.add(`${chain} ${position}`)
    expect(chains.members[(chains.from[chain] as number) + position]).toBe(t)
  }
  expect(chains.members).toHaveLength(placed.size)
  for (let chain = 0; chain < chains.count; chain++) {
    const members = chains.members.subarray(chains.from[chain], chains.from[chain + 1])
    for (const [i, t] of members.subarray(1).entries()) expect(before(members[i] as number, t)).toBe(true)
  }
}

describe('chains', () => {
  it('of sessions have each transaction after those before it by causes', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const { nodes, edges } = baseEdges(all, wr | so)
        const order = topologicalOrder(edges.toCsr(nodes))
        fc.pre(order !== null)
        expectChains(all, chainsOfSessions(all, order), closure(all.table.count, union(readRelation(all), sessionRelation(all))))
      }),
      { numRuns: 300 },
    )
  })

  it('of time have each transaction after those before it in time, and are as few as were open at once', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const chains = chainsOfTime(all)
        expectChains(all, chains, timeRelation(all))
        const { began, ended, count } = all.table
        const open = (moment: number): number =>
          Array.from({ length: count }, (_, t) => t).filter((t) => {
            const [start, end] = [began[t] as number, ended[t] as number]
            return all.happened[t] === 1 && start <= moment && (end === -1 || end >= moment)
          }).length
        expect(chains.count).toBe(Math.max(...Array.from(began, open)))
      }),
      { numRuns: 300 },
    )
  })

  it('go on from session to session, and without sessions, where one reads from the last of another', () => {
    const all = factsOf({
      transactions: [{ session: 'a' }, { session: 'a' }, { session: 'b' }, {}, {}],
      keys: { x: { order: [1] }, y: { order: [2] }, z: { order: [3] } },
      reads: [
        [2, 'x', 1],
        [3, 'y', 2],
        [4, 'z', 3],
      ],
    })
    const { nodes, edges } = baseEdges(all, wr | so)
    const order = topologicalOrder(edges.toCsr(nodes)) as Int32Array
    expect(chainsOfSessions(all, order)).toMatchObject({ count: 1, members: Int32Array.of(0, 1, 2, 3, 4) })
  })

  it('of time end with transactions that nobody has seen end', () => {
    const all = factsOf({ transactions: [{ began: 0 }, { began: 5, ended: 6 }, { began: 7, ended: 8 }] })
    expect(chainsOfTime(all).count).toBe(2)
    const { nodes, edges } = baseEdges(all, rt)
    expect(topologicalOrder(edges.toCsr(nodes))).not.toBeNull()
  })
})
