/** What every monitor must do: agree with brute force, give orders that are orders, and cores that are small and violated. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Operation } from '../operation.ts'
import type { Monitor } from '../spec.ts'
import { fault, forgotten, linearizable, type SequentialObject } from './brute-force-containers.ts'
import { histories, type Recipe } from './container-histories.ts'
import { recorded } from './recorded.ts'

/** What is in the object at first. */
type Initial = null | []

/** Tests a monitor against brute force, on short histories and on long ones. */
export function itConforms(monitor: Monitor, recipe: Recipe, initial: Initial = []): void {
  const { object } = recipe

  it('agrees with brute force on histories of which many are violated, with orders and small cores as evidence', () => {
    const shares = compare(monitor, object, histories(recipe, { operationsMax: 7, stretch: 14, rarity: 6 }), 5000, initial)
    expect(shares.holds).toBeGreaterThan(1500)
    expect(shares.violated).toBeGreaterThan(250)
  })

  it('agrees with brute force on histories with much overlap', () => {
    const shares = compare(monitor, object, histories(recipe, { operationsMax: 9, stretch: 30, rarity: 20 }), 3000, initial)
    expect(shares.holds).toBeGreaterThan(1000)
    expect(shares.violated).toBeGreaterThan(40)
  })

  it('proves what it says of long histories', () => {
    const shape = { operationsMin: 60, operationsMax: 300, stretch: 24, rarity: 150 }
    const shares = certify(monitor, object, histories(recipe, shape), 300, initial)
    expect(shares.holds).toBeGreaterThan(60)
    expect(shares.violated).toBeGreaterThan(30)
  })
}

/** What a monitor says of a history: why it is violated, its order as "enqueue 0, dequeue 1", why it is not judged; else the verdict. */
export function saidBy(
  monitor: Monitor,
  initial: Initial = [],
): Readonly<Record<'sentenceOf' | 'orderOf' | 'reasonOf', (history: string) => string>> {
  const judge = (history: string) => monitor.judge(recorded(history), initial)
  return {
    sentenceOf: (history) => {
      const decision = judge(history)
      return decision.verdict === 'violated' ? decision.sentence : decision.verdict
    },
    orderOf: (history) => {
      const decision = judge(history)
      return decision.verdict === 'holds' ? decision.order.map(({ f, process }) => `${f} ${process}`).join(', ') : decision.verdict
    },
    reasonOf: (history) => {
      const decision = judge(history)
      return decision.verdict === 'inapplicable' ? decision.reason : decision.verdict
    },
  }
}

interface Shares {
  holds: number
  violated: number
  inapplicable: number
}

/** Compares the verdicts on many histories; how often each came. */
export function compare(
  monitor: Monitor,
  object: SequentialObject,
  histories: fc.Arbitrary<Operation[]>,
  runs: number,
  initial: Initial = [],
): Shares {
  const shares: Shares = { holds: 0, violated: 0, inapplicable: 0 }
  fc.assert(
    fc.property(histories, (operations) => {
      const decision = monitor.judge(operations, initial)
      shares[decision.verdict]++
      if (decision.verdict === 'inapplicable') return
      expect(decision.verdict).toBe(linearizable(object, operations) ? 'holds' : 'violated')
      if (decision.verdict === 'holds') expect(fault(object, operations, decision.order)).toBeNull()
      else expectCore(object, operations, decision)
    }),
    { numRuns: runs },
  )
  return shares
}

/** Where brute force cannot go, the evidence proves the verdict: an order that is one, or a core that brute force rejects. */
function certify(monitor: Monitor, object: SequentialObject, histories: fc.Arbitrary<Operation[]>, runs: number, initial: Initial): Shares {
  const shares: Shares = { holds: 0, violated: 0, inapplicable: 0 }
  fc.assert(
    fc.property(histories, (operations) => {
      const decision = monitor.judge(operations, initial)
      shares[decision.verdict]++
      if (decision.verdict === 'holds') expect(fault(object, operations, decision.order)).toBeNull()
      if (decision.verdict === 'violated' && decision.core.length <= 8) expectCore(object, operations, decision)
    }),
    { numRuns: runs, endOnFailure: true },
  )
  return shares
}

/**
 * The core is violated by itself, and each operation matters: the rest is explained once it is forgotten, or it is what
 * makes another one matter.
 */
function expectCore(
  object: SequentialObject,
  operations: readonly Operation[],
  { core, failing, sentence }: { core: readonly Operation[]; failing: Operation; sentence: string },
): void {
  expect(core.every((operation) => operations[operation.id] === operation)).toBe(true)
  expect(core).toContain(failing)
  expect(sentence).not.toMatch(/undefined|NaN|\[object|\?/)
  expect(linearizable(object, core)).toBe(false)
  const forgetting = (from: readonly Operation[], one: Operation): Operation[] => from.map((o) => (o === one ? forgotten(o) : o))
  for (const operation of core) {
    if (linearizable(object, forgetting(core, operation))) continue
    const others = core.filter((other) => other !== operation)
    const supports = others.some(
      (other) => linearizable(object, forgetting(core, other)) && !linearizable(object, forgetting(others, other)),
    )
    expect(supports, `${operation.f} ${operation.id} matters`).toBe(true)
  }
}
