/**
 * No violation missed and none invented, with evidence that proves each verdict: histories that are right or wrong by construction.
 *
 * FUZZ_RUNS=10000 FUZZ_SEED=7 npx vitest run properties/planted.test.ts --testTimeout=3600000   looks further: so many right and
 * as many wrong histories of each workload. `npm run test:nightly` does so for all tests of this kind, with over 100,000 in all.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from './budget.ts'
import type { Decision, Violated } from './decision.ts'
import { operationsThatMatter } from './linearizability/minimize.ts'
import { LinearizabilityStream } from './linearizability/stream.ts'
import { faultIn } from './linearizability/witness.ts'
import type { Operation } from './operation.ts'
import { eventsOf } from './testing/histories.ts'
import { type Planted, planted, type Workload } from './testing/planted.ts'
import { workloads } from './testing/workloads.ts'
import type { Value } from './value.ts'
import { type JudgeOptions, judge } from './verify.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 70)
const seed = Number(process.env['FUZZ_SEED'] ?? 2026)

/** Histories of each kind whose evidence is looked for and checked thoroughly; of more, only the verdict counts. */
const thoroughRuns = 10
const limits = { seconds: 20 }
/** For evidence that is minimal, where that does not take long. */
const ample = { seconds: 0.4 }
/** Leaves little time for minimal evidence. */
const hasty = { seconds: 0.01 }

describe.each(workloads.map((workload) => [workload.name, workload] as const))('histories of a %s', (_, workload) => {
  const { spec, initial = spec.initial } = workload
  const streams = isStreamed(workload)

  it('hold where they were lived', () => {
    const longest = check(workload, false, ({ operations }, isThorough) => {
      if (!isThorough) {
        expect(hastyVerdict(operations, workload, initial)).toBe('holds')
        return
      }
      for (const algorithm of algorithmsFor(operations, workload)) {
        const decision = decisionOn(operations, workload, initial, { algorithm, limits: ample })
        expect(decision).toMatchObject({ verdict: 'holds' })
        if (decision.verdict === 'holds') expect(faultIn(decision.witness ?? [], operations, spec, initial)).toBeNull()
      }
      if (streams) expect(streamed(operations, workload, initial)).toBe('holds')
    })
    expect(longest).toBeGreaterThan((workload.operationsMax ?? 300) / 3)
  })

  it('are violated where a contradiction was planted', () => {
    const found = new Set<string>()
    check(workload, true, ({ operations, violation }, isThorough) => {
      found.add(violation ?? '')
      if (!isThorough) {
        expect(hastyVerdict(operations, workload, initial)).toBe('violated')
        return
      }
      for (const algorithm of algorithmsFor(operations, workload)) {
        const decision = decisionOn(operations, workload, initial, { algorithm, limits: ample })
        expect(decision).toMatchObject({ verdict: 'violated' })
        if (decision.verdict === 'violated') expectProof(decision, operations, workload, initial)
      }
      if (streams) expect(streamed(operations, workload, initial)).toBe('violated')
    })
    expect([...found].sort()).toEqual(Object.keys(workload.scripts).sort())
  })
})

/** Judges as many histories as asked for; how long the longest was. */
function check(workload: Workload, isViolated: boolean, property: (history: Planted, isThorough: boolean) => void): number {
  let longest = 0
  let runs = 0
  fc.assert(
    fc.property(planted(workload, isViolated), (history) => {
      fc.pre(!isViolated || history.violation !== null)
      longest = Math.max(longest, history.operations.length)
      property(history, ++runs <= thoroughRuns)
    }),
    { numRuns, seed },
  )
  return longest
}

/** The events that are made of operations have no times. */
function isStreamed({ spec, isHardToSearch = false }: Workload): boolean {
  return !spec.timed && !isHardToSearch
}

/** By turns that of the stream, which looks for no evidence, and of everything else. */
function hastyVerdict(operations: readonly Operation[], workload: Workload, initial: Value): string {
  if (isStreamed(workload) && operations.length % 2 === 0) return streamed(operations, workload, initial)
  return decisionOn(operations, workload, initial, { limits: hasty }).verdict
}

function decisionOn(operations: readonly Operation[], { spec }: Workload, initial: Value, options: JudgeOptions): Decision {
  const { decision } = judge(operations, spec, { ...options, initial })
  return decision.verdict === 'unknown' ? judge(operations, spec, { ...options, initial, limits }).decision : decision
}

function algorithmsFor({ length }: readonly Operation[], { isHardToSearch = false }: Workload): ('auto' | 'general')[] {
  return length <= 50 && !isHardToSearch ? ['auto', 'general'] : ['auto']
}

function streamed(operations: readonly Operation[], { spec }: Workload, initial: Value): string {
  const stream = new LinearizabilityStream(spec, { reading: { initial, fail: 'observed' }, limits })
  for (const event of eventsOf(operations)) stream.push(event)
  return stream.end().verdict
}

function expectProof(
  { core, failing, since, isMinimal }: Violated,
  operations: readonly Operation[],
  { spec }: Workload,
  initial: Value,
): void {
  expect(core).toContain(failing)
  expect(core.every((operation) => operations[operation.id] === operation)).toBe(true)
  // What took too long to make small is too large to check.
  if (since && !isMinimal) return
  if (since === undefined) {
    expectContradiction(core, spec, initial)
    return
  }
  const matter = operationsThatMatter(spec, operations, failing as Operation, initial, new Budget(ample))
  if (!matter.isMinimal) return
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
