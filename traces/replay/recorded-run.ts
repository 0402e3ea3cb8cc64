/** What a real system made of a scenario, as plain data: kept in the document of the trace, and drawn in the terminal and on pages. */
import { z } from 'zod'
import type { Json } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'
import { literal } from '../literal.ts'
import type { Facts } from './adapter.ts'
import { expectedText, outcomeText, type RealRun, type RealVerdict, type TakenStep } from './replayer.ts'
import { otherFacts, type Pattern, type PlannedStep, type Scenario } from './scenario.ts'

export interface RecordedRun {
  /** What it was, with its version: `PostgreSQL 15.18, read committed`. */
  readonly target: string
  readonly scenario: string
  readonly verdict: RealVerdict
  readonly reason: string
  /** The step of the trace at which it was prevented, or diverged. */
  readonly at: number | null
  readonly rows: readonly RecordedRow[]
  readonly seconds: number
}

export interface RecordedRow {
  /** The step of the trace; 0 before the first one. */
  readonly of: number
  readonly text: string
  /** What the model allows; empty where an operation that was blocked goes on. */
  readonly model: string
  /** What came of it; null: it was not taken. */
  readonly real: string | null
  readonly isAllowed: boolean
  /** What the system said of its state after it: all that it had not said before. */
  readonly facts?: Facts
}

export const recordedRunSchema: z.ZodType<RecordedRun> = z.object({
  target: z.string(),
  scenario: z.string(),
  verdict: z.enum(['reproduced', 'prevented', 'conforms', 'diverged', 'inconclusive']),
  reason: z.string(),
  at: z.int().nonnegative().nullable(),
  rows: z.array(
    z.object({
      of: z.int().nonnegative(),
      text: z.string(),
      model: z.string(),
      real: z.string().nullable(),
      isAllowed: z.boolean(),
      facts: z.record(z.string(), z.json()).exactOptional(),
    }),
  ),
  seconds: z.number(),
})

/** @param planned the steps of the scenario, of which a run may have taken only the first */
export function recordedRun(run: RealRun, { steps: planned }: Pick<Scenario, 'steps'>): RecordedRun {
  const { target, scenario, verdict, reason, at, steps, seconds } = run
  const changed = news(steps)
  return {
    target,
    scenario,
    verdict,
    reason,
    at: at === null ? null : (steps[at]?.planned.of ?? at + 1),
    rows: [...steps.flatMap((taken, i) => takenRows(taken, changed[i] ?? {})), ...planned.slice(steps.length).map(untakenRow)],
    seconds,
  }
}

/** Of the facts of each step, those that differ from what was said last of them. */
function news(steps: readonly TakenStep[]): readonly Facts[] {
  const said = new Map<string, Json>()
  return steps.map(({ facts }) => {
    const changed = Object.entries(facts).filter(([name, value]) => !said.has(name) || !sameJson(said.get(name), value))
    for (const [name, value] of changed) said.set(name, value)
    return Object.fromEntries(changed)
  })
}

function takenRows({ planned, outcome, completed, isAllowed, facts }: TakenStep, changed: Facts): RecordedRow[] {
  const { of } = planned
  return [
    {
      ...{ of, text: planned.text, model: allowedText(planned), real: outcomeText(outcome, planned), isAllowed },
      ...(Object.keys(changed).length > 0 && { facts: changed }),
    },
    ...completed.map((one) => ({ of, text: `${one.actor} goes on`, model: '', real: outcomeText(one.outcome), isAllowed: true })),
    ...otherFacts(planned.facts ?? {}, isAllowed ? facts : {}).map(({ name, expected, real }) => ({
      ...{ of, text: name, model: expectedText(expected), real: literal(real), isAllowed: false },
    })),
  ]
}

function untakenRow(planned: PlannedStep): RecordedRow {
  return { of: planned.of, text: planned.text, model: allowedText(planned), real: null, isAllowed: true }
}

function allowedText({ allowed, show }: PlannedStep): string {
  return allowed.map((pattern) => patternText(pattern, show)).join(' or ')
}

export function patternText(pattern: Pattern, show: (value: unknown) => string = JSON.stringify): string {
  if (pattern.kind === 'ok') return pattern.value === undefined || pattern.value === null ? 'ok' : show(pattern.value)
  return pattern.kind === 'error' ? `error ${pattern.codes?.join(' or ') ?? ''}`.trim() : pattern.kind
}
