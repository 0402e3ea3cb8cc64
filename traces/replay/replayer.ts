/**
 * Runs a scenario against a real system, step by step, and says what became of it. `reproduced` takes both: every step came to what the
 * model allows, and our own oracle, which sees only what the clients saw, finds the same property violated.
 */
import type { HistoryEvent, Value } from '../../properties/index.ts'
import { literal } from '../literal.ts'
import type { Adapter, Completed, Facts, Outcome } from './adapter.ts'
import { isAllowed, type Judged, type OtherFact, otherFacts, type PlannedStep, type Scenario } from './scenario.ts'

export type RealVerdict =
  /** It happened, as in the model. */
  | 'reproduced'
  /** The system refused the step, or made it wait, where the model lets it be taken. */
  | 'prevented'
  /** Every step came to what the model allows, of a trace that violates nothing there. */
  | 'conforms'
  /** The first step that came to something that the model does not allow. */
  | 'diverged'
  /** Nothing can be said. */
  | 'inconclusive'

export interface RealRun {
  readonly target: string
  readonly scenario: string
  readonly verdict: RealVerdict
  /** Why, in a sentence. */
  readonly reason: string
  /** The step at which it was prevented or diverged; from 0. */
  readonly at: number | null
  /** What was done, as far as it got. */
  readonly steps: readonly TakenStep[]
  readonly history: readonly HistoryEvent<Value>[]
  readonly judged: Judged | null
  readonly seconds: number
}

export interface TakenStep {
  readonly planned: PlannedStep
  readonly outcome: Outcome
  readonly completed: readonly Completed[]
  readonly isAllowed: boolean
  /** What the system said of its state then. */
  readonly facts: Facts
}

export interface ReplayOptions {
  /** Brings the system to its initial state, where it is neither to be set up by the run, nor torn down. */
  readonly begin?: () => Promise<void>
  /** Ends the run after the step that is being taken. */
  readonly signal?: AbortSignal
  /** Called after each step. */
  readonly onStep?: (taken: TakenStep) => void
}

/**
 * Sets the system up, takes the steps, and tears it down, whatever happens. What a target cannot do is refused before anything starts.
 */
export async function replayOn(adapter: Adapter, scenario: Scenario, options: ReplayOptions = {}): Promise<RealRun> {
  const started = performance.now()
  const steps: TakenStep[] = []
  const ended = (verdict: RealVerdict, reason: string, at: number | null = null, judged: Judged | null = null): RealRun => ({
    target: adapter.name,
    scenario: scenario.name,
    verdict,
    reason,
    at,
    steps,
    history: scenario.history(steps),
    judged,
    seconds: (performance.now() - started) / 1000,
  })
  const missing = scenario.steps.find(({ step }) => !adapter.capabilities.has(step.kind))
  if (missing !== undefined) return ended('inconclusive', `${adapter.name} cannot do this: ${missing.text}`)
  try {
    await (options.begin ?? (() => adapter.setup()))()
    for (const [i, planned] of scenario.steps.entries()) {
      if (options.signal?.aborted) return ended('inconclusive', 'it was interrupted')
      const taken = await takeStep(adapter, planned)
      steps.push(taken)
      options.onStep?.(taken)
      const misfit = misfitOfLast(steps)
      if (misfit !== null) return ended(misfit.verdict, misfit.reason, i)
    }
    if (scenario.judge === null) return ended('conforms', 'every step is as in the model')
    const judged = scenario.judge(scenario.history(steps))
    if (judged.violated) return ended('reproduced', judged.text, null, judged)
    return ended('diverged', `every step is as in the model, but what the clients saw is not wrong: ${judged.text}`, null, judged)
  } catch (error) {
    return ended('inconclusive', error instanceof Error ? error.message : String(error))
  } finally {
    if (options.begin === undefined) await adapter.teardown()
  }
}

/** Takes a step, and asks for the facts of which the plan knows what they are. */
export async function takeStep(adapter: Adapter, planned: PlannedStep): Promise<TakenStep> {
  const { outcome, completed } = await adapter.step(planned.step)
  const facts = planned.facts === undefined ? {} : ((await adapter.observe?.()) ?? {})
  return { planned, outcome, completed, isAllowed: isAllowed(outcome, planned.allowed), facts }
}

export interface Misfit {
  readonly verdict: 'prevented' | 'diverged' | 'inconclusive'
  readonly reason: string
}

/** What the last step came to that the model does not allow; `null` where it is allowed. */
export function misfitOfLast(steps: readonly TakenStep[]): Misfit | null {
  const last = steps.at(-1)
  if (last === undefined) return null
  const { planned, outcome, completed, facts } = last
  if (!last.isAllowed) {
    if (outcome.kind === 'unknown') return { verdict: 'inconclusive', reason: `${planned.text}: no answer` }
    const isRefused = isRefusal(outcome) || isAllowed(outcome, planned.refusals ?? [])
    return { verdict: isRefused ? 'prevented' : 'diverged', reason: `${planned.text}: ${outcomeText(outcome, planned)}` }
  }
  const other = completed.find((one) => !isExpected(one, steps))
  if (other !== undefined)
    return { verdict: isRefusal(other.outcome) ? 'prevented' : 'diverged', reason: `${other.actor} goes on: ${outcomeText(other.outcome)}` }
  const differing = otherFacts(planned.facts ?? {}, facts)
  if (differing.length === 0) return null
  const verdict = differing.every(({ isRefusal: refuses }) => refuses) ? 'prevented' : 'diverged'
  return { verdict, reason: `${planned.text}: ${differing.map(factText).join('; ')}` }
}

function factText({ name, real, expected }: OtherFact): string {
  return `${name} is ${literal(real)}, in the model ${expectedText(expected)}`
}

export function expectedText(expected: OtherFact['expected']): string {
  return [...new Set(expected.map((value) => literal(value)))].join(' or ')
}

/** An operation that was blocked comes to what its own step allows besides. */
function isExpected({ actor, outcome }: Completed, taken: readonly TakenStep[]): boolean {
  const own = taken.findLast(
    ({ planned: { step }, outcome: was }) => step.kind === 'operation' && step.actor === actor && was.kind === 'blocked',
  )
  return own === undefined || isAllowed(outcome, own.planned.later ?? own.planned.allowed)
}

/** The system says itself that the step is not taken. */
function isRefusal(outcome: Outcome): boolean {
  return outcome.kind === 'blocked' || (outcome.kind === 'error' && outcome.definite)
}

export function outcomeText(outcome: Outcome, { show = JSON.stringify, showsNull }: Pick<PlannedStep, 'show' | 'showsNull'> = {}): string {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value === null && !showsNull ? 'ok' : show(outcome.value)
    case 'error':
      return `error ${outcome.code}: ${outcome.message}`
    case 'blocked':
      return `waits for ${outcome.on}`
    case 'unknown':
      return 'no answer'
  }
}
