/** The searches against brute force. FUZZ_RUNS sets how many histories of each object are judged, FUZZ_SEED which. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../budget.ts'
import type { Operation } from '../operation.ts'
import { isLinearizable } from '../testing/brute-force.ts'
import { objects } from '../testing/commands.ts'
import { type Commands, eventsOf, histories, setAside, whenReturned } from '../testing/histories.ts'
import type { Value } from '../value.ts'
import { judge } from '../verify.ts'
import { DepthFirst } from './depth-first.ts'
import { Machine } from './machine.ts'
import { LinearizabilityStream } from './stream.ts'
import { faultIn } from './witness.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 400)
const parameters = { numRuns, seed: Number(process.env['FUZZ_SEED'] ?? 2026) }

const named = objects.map((object, i) => [`${object.spec.name} (${i})`, object] as const)

describe.each(named)('histories of a %s', (_, object) => {
  const { spec, initial = spec.initial } = object
  const small = histories(object, { processes: 3, ticks: 22, changes: 2 })

  it('get the verdict of brute force, with evidence', () => {
    const verdicts = { holds: 0, violated: 0 }
    fc.assert(
      fc.property(small, (operations) => {
        const expected = isLinearizable(operations, spec, initial) ? 'holds' : 'violated'
        verdicts[expected]++
        for (const algorithm of ['general', 'auto'] as const) {
          const { decision, verdict } = judge(operations, spec, { initial, algorithm })
          expect(verdict).toBe(expected)
          if (decision.verdict === 'holds') expect(faultIn(decision.witness ?? [], operations, spec, initial)).toBeNull()
          if (decision.verdict === 'violated') {
            const first = operations.find((operation) => operation.return + 1 === decision.prefix)
            expectFirst(operations, first as Operation, object, initial)
          }
          if (decision.verdict === 'violated' && algorithm === 'general') {
            expectMinimal(operations, decision.core, decision.failing as Operation, object, initial)
          }
        }
        expect(streamed(operations, object, initial)).toBe(expected)
        expect(byDepthFirst(operations, object, initial)).toBe(expected)
      }),
      parameters,
    )
    expect(verdicts.holds).toBeGreaterThan(numRuns / 20)
    expect(verdicts.violated).toBeGreaterThan(0)
  })
})

/** Nothing that returned before can be the first that has no explanation. */
function expectFirst(operations: readonly Operation[], failing: Operation, { spec }: Commands, initial: Value): void {
  expect(isLinearizable(whenReturned(operations, failing), spec, initial)).toBe(false)
  const before = operations.filter((operation) => operation.return < failing.return)
  const last = before.sort((a, b) => b.return - a.return)[0]
  if (last) expect(isLinearizable(whenReturned(operations, last), spec, initial)).toBe(true)
}

/** The core is violated among operations of which nothing is known, and no longer when one of it is set aside too. */
function expectMinimal(
  all: readonly Operation[],
  core: readonly Operation[],
  failing: Operation,
  { spec }: Commands,
  initial: Value,
): void {
  const operations = whenReturned(all, failing)
  const ids = new Set(core.map(({ id }) => id))
  const passesKnowing = (known: ReadonlySet<number>): boolean =>
    isLinearizable(
      operations.map((operation) => (known.has(operation.id) ? operation : setAside(operation))),
      spec,
      initial,
    )
  expect(ids).toContain(failing.id)
  expect(passesKnowing(ids)).toBe(false)
  for (const id of ids) expect(passesKnowing(new Set([...ids].filter((other) => other !== id)))).toBe(true)
}

function streamed(operations: readonly Operation[], { spec }: Commands, initial: Value): string {
  const stream = new LinearizabilityStream(spec, { reading: { initial, fail: 'observed' } })
  for (const event of eventsOf(operations)) stream.push(event)
  return stream.end().verdict
}

function byDepthFirst(operations: readonly Operation[], { spec }: Commands, initial: Value): string {
  const machine = new Machine(spec)
  const entries = operations.map((operation) => ({ classId: machine.classId(operation), call: operation.call, return: operation.return }))
  const search = new DepthFirst(machine, entries, [machine.stateId(initial)], new Budget().bytes)
  const result = search.run(Number.MAX_SAFE_INTEGER)
  if (result === 'holds')
    expect(
      faultIn(
        search.witness().map((i) => operations[i] as Operation),
        operations,
        spec,
        initial,
      ),
    ).toBeNull()
  return result
}
