import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { brief, problemOf, registerHistories } from '../testing/levels-histories.ts'
import * as reference from '../testing/levels-reference.ts'
import { causalConvergence, causallyConsistent, weaklyCausal } from './causal.ts'
import { kAtomic } from './k-atomic.ts'
import { pram } from './pram.ts'
import type { Problem } from './problem.ts'
import { regularRegister, safeRegister } from './regular.ts'
import { sequentiallyConsistent } from './sequential.ts'
import { monotonicReads, monotonicWrites, readYourWrites } from './session-guarantees.ts'
import { forgotten } from './shrink.ts'
import { writesFollowReads } from './writes-follow-reads.ts'

type Decide = (problem: Problem) => Decision

/** Each level with its definition. */
const judged: readonly (readonly [string, Decide, (problem: Problem) => boolean])[] = [
  ['sequential', sequentiallyConsistent, reference.isSequential],
  ['causal', causallyConsistent, reference.isCausalMemory],
  ['causal-convergence', causalConvergence, reference.isCausallyConvergent],
  ['weakly causal', weaklyCausal, reference.isWeaklyCausal],
  ['pram', pram, reference.isPram],
  ['monotonic-reads', monotonicReads, reference.hasMonotonicReads],
  ['monotonic-writes', monotonicWrites, reference.hasMonotonicWrites],
  ['read-your-writes', readYourWrites, reference.hasReadYourWrites],
  ['writes-follow-reads', writesFollowReads, reference.hasWritesFollowReads],
  ['regular', regularRegister, (problem) => reference.isRegular(problem)],
  ['safe', safeRegister, (problem) => reference.isRegular(problem, true)],
  ['1-atomic', kAtomic(1), (problem) => reference.isKAtomic(problem, 1)],
  ['2-atomic', kAtomic(2), (problem) => reference.isKAtomic(problem, 2)],
  ['3-atomic', kAtomic(3), (problem) => reference.isKAtomic(problem, 3)],
]

const shapes = {
  'two processes, one key': { operations: 6, processes: 2, keys: 1 },
  'two processes, two keys': { operations: 6, processes: 2, keys: 2 },
  'three processes, two keys': { operations: 6, processes: 3, keys: 2 },
  'a writer and readers': { operations: 6, processes: 3, keys: 2, roles: true },
  'compare-and-set': { operations: 5, processes: 3, keys: 1, cas: true },
  'equal values': { operations: 5, processes: 2, keys: 1, values: 2 },
}

const runs = 300

describe.each(judged)('%s', (name, decide, definition) => {
  const seen = { holds: 0, violated: 0, inapplicable: 0, unknown: 0 }

  it.each(Object.entries(shapes))('agrees with its definition: %s', (_, shape) => {
    fc.assert(
      fc.property(registerHistories(shape), (operations) => {
        const problem = problemOf(operations)
        const { verdict } = decide(problem)
        seen[verdict]++
        if (verdict === 'inapplicable' && 'values' in shape) return
        expect(`${verdict}: ${brief(operations)}`).toBe(`${definition(problem) ? 'holds' : 'violated'}: ${brief(operations)}`)
      }),
      { numRuns: runs },
    )
  })

  it('was seen to hold and to be violated', () => {
    expect(Math.min(seen.holds, seen.violated)).toBeGreaterThan(runs / 100)
    expect(seen.unknown).toBe(0)
  })

  it('names as evidence operations that fail by themselves, and none that is not needed', () => {
    fc.assert(
      fc.property(registerHistories({ operations: 7, processes: 3, keys: 2 }), (operations) => {
        const decision = decide(problemOf(operations))
        if (decision.verdict !== 'violated') return
        expect(decision.sentence).toMatch(/process \d+/)
        expect(operations).toEqual(expect.arrayContaining([...decision.core]))
        const others = operations.filter((operation) => !decision.core.includes(operation))
        // That no write was running is not part of the evidence against a safe register.
        const rest = name === 'safe' ? [] : others
        expect(`${decideKnowing(decision.core, rest)}: ${brief(operations)}`).toBe(`violated: ${brief(operations)}`)
        for (const left of decision.core) {
          const kept = decision.core.filter((operation) => operation !== left)
          expect(`${decideKnowing(kept, [...rest, left])} without ${brief([left])}: ${brief(operations)}`).toMatch(/^holds/)
        }
      }),
      { numRuns: runs },
    )

    /** Of the others, only what they wrote is known. */
    function decideKnowing(known: readonly Operation[], others: readonly Operation[]): string {
      const writes = others.filter(({ f }) => f !== 'read').map(forgotten)
      return decide(problemOf([...writes, ...known].sort((a, b) => a.call - b.call))).verdict
    }
  })
})

/** What a crashed compare-and-set compared is not in its access: atomicity takes it for a write. */
function atomicReadsAndWrites(problem: Problem): Decision {
  const isCrashed = problem.operations.some(({ f, completion }) => f === 'cas' && completion === 'info')
  return isCrashed ? { verdict: 'inapplicable', algorithm: '', reason: '' } : kAtomic(1)(problem)
}

describe('the lattice', () => {
  const implications: readonly (readonly [string, Decide, string, Decide])[] = [
    ['atomic, without crashed compare-and-sets,', atomicReadsAndWrites, 'sequential', sequentiallyConsistent],
    ['sequential', sequentiallyConsistent, 'causal', causallyConsistent],
    ['sequential', sequentiallyConsistent, 'causal convergence', causalConvergence],
    ['causal', causallyConsistent, 'weakly causal', weaklyCausal],
    ['causal convergence', causalConvergence, 'weakly causal', weaklyCausal],
    ['causal', causallyConsistent, 'PRAM', pram],
    ['weakly causal', weaklyCausal, 'writes follow reads', writesFollowReads],
    ['PRAM', pram, 'monotonic reads', monotonicReads],
    ['PRAM', pram, 'monotonic writes', monotonicWrites],
    ['PRAM', pram, 'read your writes', readYourWrites],
    ['atomic', kAtomic(1), 'regular', regularRegister],
    ['regular', regularRegister, 'safe', safeRegister],
    ['atomic', kAtomic(1), '2-atomic', kAtomic(2)],
    ['2-atomic', kAtomic(2), '3-atomic', kAtomic(3)],
  ]

  it.each(implications.map(([a, stronger, b, weaker]) => [`${a} implies ${b}`, stronger, weaker] as const))('%s', (_, stronger, weaker) => {
    let held = 0
    const histories = [4, 8, 16].flatMap((operations) => [
      registerHistories({ operations, processes: 3, keys: 2, lag: 1 }),
      registerHistories({ operations, processes: 3, keys: 1, cas: true }),
      registerHistories({ operations, processes: 2, keys: 1, lag: 2, roles: true }),
    ])
    fc.assert(
      fc.property(fc.oneof(...histories), (operations) => {
        const problem: Problem = { ...problemOf(operations), evidence: 'any' }
        if (stronger(problem).verdict !== 'holds') return
        held++
        expect(`${weaker(problem).verdict}: ${brief(operations)}`).toBe(`holds: ${brief(operations)}`)
      }),
      { numRuns: 2 * runs },
    )
    expect(held).toBeGreaterThan(runs / 10)
  })
})
