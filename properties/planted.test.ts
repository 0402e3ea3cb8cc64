/**
 * No violation missed and none invented, with evidence that proves each verdict: histories that are right or wrong by construction.
 *
 * FUZZ_RUNS=10000 FUZZ_SEED=7 npx vitest run properties/planted.test.ts --testTimeout=3600000   looks further: so many right and
 * as many wrong histories of each workload. `npm run test:nightly` does so for all tests of this kind, with over 100,000 in all.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from './budget.ts'
import type { Violated } from './decision.ts'
import { operationsThatMatter } from './linearizability/minimize.ts'
import { LinearizabilityStream } from './linearizability/stream.ts'
import { faultIn } from './linearizability/witness.ts'
import type { Operation } from './operation.ts'
import { eventsOf } from './testing/histories.ts'
import { type Planted, planted, type Workload } from './testing/planted.ts'
import { workloads } from './testing/workloads.ts'
import type { Value } from './value.ts'
import { judge } from './verify.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 70)
const seed = Number(process.env['FUZZ_SEED'] ?? 2026)

/** Histories are judged in all, and those that turned out as planned. */
const limits = { seconds: 20 }

describe.each(workloads.map((workload) => [workload.name, workload] as const))('histories of a %s', (_, workload) => {
  const { spec, initial = spec.initial } = workload

  it('hold where they were lived', () => {
    const longest = check(workload, false, ({ operations }) => {
      for (const algorithm of algorithmsFor(operations)) {
        const { decision } = judge(operations, spec, { initial, algorithm, limits })
        expect(decision).toMatchObject({ verdict: 'holds' })
        if (decision.verdict === 'holds') expect(faultIn(decision.witness ?? [], operations, spec, initial)).toBeNull()
      }
      if (workload.spec.timed === false) expect(streamed(operations, workload, initial)).toBe('holds')
    })
    expect(longest).toBeGreaterThan(Math.min(60, (workload.operationsMax ?? 300) / 2))
  })

  it('are violated where a contradiction was planted', () => {
    const found = new Set<string>()
    check(workload, true, ({ operations, violation }) => {
      fc.pre(violation !== null)
      found.add(violation ?? '')
      for (const algorithm of algorithmsFor(operations)) {
        const { decision } = judge(operations, spec, { initial, algorithm, limits })
        expect(decision).toMatchObject({ verdict: 'violated' })
        if (decision.verdict === 'violated') expectProof(decision, operations, workload, initial)
      }
      if (workload.spec.timed === false) expect(streamed(operations, workload, initial)).toBe('violated')
    })
    expect([...found].sort()).toEqual(Object.keys(workload.scripts).sort())
  })
})

/** Judges as many histories as asked for; how long the longest was. */
function check(workload: Workload, isViolated: boolean, property: (history: Planted) => void): number {
  let longest = 0
  fc.assert(
    fc.property(planted(workload, isViolated), (history) => {
      longest = Math.max(longest, history.operations.length)
      property(history)
    }),
    { numRuns, seed },
  )
  return longest
}

/** Long histories of containers are for their monitors. */
function algorithmsFor({ length }: readonly Operation[]): ('auto' | 'general')[] {
  return length <= 50 ? ['auto', 'general'] : ['auto']
}

function streamed(operations: readonly Operation[], { spec }: Workload, initial: Value): string {
  const stream = new LinearizabilityStream(spec, { reading: { initial, fail: 'observed' }, limits })
  for (const event of eventsOf(operations)) stream.push(event)
  return stream.end().verdict
}

function expectProof({ core, failing, since }: Violated, operations: readonly Operation[], { spec }: Workload, initial: Value): void {
  expect(core).toContain(failing)
  expect(core.every((operation) => operations[operation.id] === operation)).toBe(true)
  if (since === undefined) {
    expectContradiction(core, spec, initial)
    return
  }
  const matter = operationsThatMatter(spec, operations, failing as Operation, initial, new Budget({ seconds: 5 }))
  expect(matter.core).toContain(failing)
  const position = matter.since?.position ?? Number.NEGATIVE_INFINITY
  for (const state of matter.since?.states ?? [initial])
    for (const told of tellings(matter.core, position)) expectContradiction(told, spec, state)
}

/** What began before the position may have happened before it, or between it and its return, and nobody knows what it returned. */
function* tellings(core: readonly Operation[], position: number): Generator<readonly Operation[]> {
  const early = core.filter(({ call }) => call < position)
  for (let chosen = 0; chosen < 2 ** early.length; chosen++) {
    const left = new Set(early.filter((_, i) => ((chosen >> i) & 1) === 0))
    yield core
      .filter((operation) => !left.has(operation))
      .map((operation) => (operation.call < position ? { ...operation, completion: 'info', output: undefined } : operation))
  }
}

function expectContradiction(operations: readonly Operation[], spec: Workload['spec'], initial: Value): void {
  const ordered = operations.map((operation, id) => ({ ...operation, id }))
  expect(judge(ordered, spec, { initial, algorithm: 'general', limits }).verdict).toBe('violated')
}
