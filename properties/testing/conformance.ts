/** What every monitor must do: agree with brute force, give orders that are orders, and cores that are small and violated. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Operation } from '../operation.ts'
import type { Monitor } from '../spec.ts'
import { fault, forgotten, linearizable, type SequentialObject } from './brute-force-containers.ts'

export interface Shares {
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
  initial: null | [] = [],
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
export function certify(
  monitor: Monitor,
  object: SequentialObject,
  histories: fc.Arbitrary<Operation[]>,
  runs: number,
  initial: null | [] = [],
): Shares {
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
export function expectCore(
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
