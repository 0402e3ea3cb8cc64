import { describe, expect, it } from 'vitest'
import { explorer, type Faults, seeded, strategies } from './explorer.ts'
import { Network } from './network.ts'
import type { Step, View } from './schedule.ts'

const nodes = ['n1', 'n2', 'n3']

/** A system of nodes that answer each other without end. */
function drawn(
  strategy: (typeof strategies)[number],
  seed: number,
  faults: Faults = { drops: 2, duplicates: 3, partitions: 1 },
): readonly Step[] {
  const network = new Network()
  for (const [i, src] of nodes.entries()) network.post({ src, dest: nodes[(i + 1) % 3] as string, body: { type: 'ping' } }, src)
  const random = seeded(seed)
  const scheduler = explorer({ strategy, ...faults, stepsMax: 200 }, random)
  const steps: Step[] = []
  for (;;) {
    const view: View = {
      nodes,
      idle: [],
      open: 1,
      pool: network.pool,
      isParted: network.isParted,
      timer: 50,
      nodeTimer: 50,
      picks: () => 1,
      isNode: (name) => nodes.includes(name),
      isClient: () => false,
    }
    const step = scheduler.next(view)
    if (step === null) return steps
    steps.push(step)
    if (step.do === 'partition') network.part(step.groups)
    if (step.do === 'heal') network.heal()
    if (step.do === 'duplicate') network.duplicate(step.message)
    if (step.do === 'drop') network.take(step.message)
    const taken = step.do === 'deliver' ? network.take(step.message) : null
    if (taken !== null) network.post({ src: taken.dest, dest: taken.src, body: taken.body }, taken.chain)
    if (network.pool.length === 0) network.post({ src: 'n1', dest: 'n2', body: { type: 'ping' } }, 'n1')
  }
}

describe.each(strategies)('schedules drawn by %s', (strategy) => {
  it('are the same for the same seed, and others for others', () => {
    expect(drawn(strategy, 1)).toEqual(drawn(strategy, 1))
    expect(drawn(strategy, 1)).not.toEqual(drawn(strategy, 2))
  })

  it('have as many faults as there may be and no more, and end', () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 20; seed++) {
      const steps = drawn(strategy, seed)
      const count = (what: string): number => steps.filter((step) => step.do === what).length
      expect(steps).toHaveLength(200)
      expect([count('drop') <= 2, count('duplicate') <= 3, count('partition') <= 1]).toEqual([true, true, true])
      for (const step of steps) seen.add(step.do)
    }
    expect([...seen].sort()).toEqual(['advance', 'deliver', 'drop', 'duplicate', 'heal', 'partition'])
  })

  it('part the nodes into two groups that hold them all', () => {
    const parted = Array.from({ length: 20 }, (_, i) => drawn(strategy, i))
      .flat()
      .filter((step) => step.do === 'partition')
    expect(parted.length).toBeGreaterThan(10)
    for (const { groups } of parted) {
      expect(groups.every((group) => group.length > 0)).toBe(true)
      expect(groups.flat().sort()).toEqual(nodes)
    }
  })
})

describe('pct', () => {
  it('goes on with one chain for longer than chance would', () => {
    const longest = (strategy: (typeof strategies)[number]): number => {
      let [best, run, last] = [0, 0, '']
      for (const step of drawn(strategy, 3, { drops: 0, duplicates: 0, partitions: 0 })) {
        if (step.do !== 'deliver') continue
        const pair = step.message.split(' ')[0]?.split('>').sort().join() ?? ''
        run = pair === last ? run + 1 : 1
        last = pair
        best = Math.max(best, run)
      }
      return best
    }
    expect(longest('pct')).toBeGreaterThan(3 * longest('random'))
  })
})
