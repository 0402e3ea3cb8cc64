/** The search against validation by its definition, on random models and logs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Json, type Model, program, simulation } from '../../checker/index.ts'
import { canonicalKey } from '../../checker/language/json.ts'
import { replay } from '../replay.ts'
import { actionNames, randomActions } from '../testing/random-model.ts'
import type { LogEvent } from './log.ts'
import { byDefinition, isSeen, isStep, type Seen } from './testing/by-definition.ts'
import { type ValidateOptions, type Validation, validate } from './validate.ts'

/** Decides everything that a test leaves to chance, in order; shrinks to zeros. */
const choices = fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60 })
const hiddenSets = fc.subarray([...actionNames])
const numRuns = 300

/** Takes one of so many, each time it is asked. */
function chooser(numbers: readonly number[]): (count: number) => number {
  let at = 0
  return (count) => (numbers[at++ % numbers.length] as number) % count
}

/** The log of a random walk, from which steps of hidden actions are missing at random. */
function logOfWalk(model: Model, choose: (count: number) => number, hidden: readonly string[]): Seen[] {
  const sim = simulation(program(model))
  const initial = sim.initialStates()
  let state = initial[choose(initial.length)] ?? []
  const events: Seen[] = []
  for (let length = 2 + choose(7); length > 0; length--) {
    const transitions = sim.transitions(state)
    const taken = transitions[choose(Math.max(1, transitions.length))]
    if (taken === undefined) break
    state = taken.after
    if (hidden.includes(taken.action) && choose(2) === 0) continue
    const counters = [0, 1, 2, 3].filter(() => choose(3) === 0)
    const seen = counters.map((counter) => [counter, state[counter] as number] as const)
    const isObservation = hidden.includes(taken.action) && choose(3) === 0 && seen.length > 0
    events.push({
      step: isObservation ? null : { action: taken.action, rule: choose(2) === 0 ? null : (taken.args[0] as number) },
      state: seen,
    })
  }
  return events
}

/** The log with one thing changed. */
function mutated(events: readonly Seen[], rules: readonly number[], choose: (count: number) => number): Seen[] {
  const at = choose(events.length)
  const event = events[at] as Seen
  const put = (changed: Seen): Seen[] => events.map((one, i) => (i === at ? changed : one))
  switch (choose(4)) {
    case 0:
      return events.filter((_, i) => i !== at)
    case 1:
      return [...events.slice(0, at), event, ...events.slice(at)]
    case 2: {
      const rule = rules[choose(rules.length)] as number
      return put({ ...event, step: { action: actionNames[rule % actionNames.length] as string, rule } })
    }
    default:
      return put({ ...event, state: [[choose(4), choose(4)]] })
  }
}

/** An event in one of the forms in which it can be written. */
function written({ step, state }: Seen, choose: (count: number) => number): LogEvent {
  const seen = (): Record<string, Json> =>
    choose(2) === 0
      ? { n: Object.fromEntries(state.map(([counter, value]) => [String(counter), value])) }
      : Object.fromEntries(state.map(([counter, value]) => [`n[${counter}]`, value]))
  const forms = step?.rule == null ? [{}] : [{ args: [step.rule] }, { args: { each: step.rule } }, { process: step.rule }]
  return { ...(step !== null && { action: step.action, ...forms[choose(forms.length)] }), ...(state.length > 0 && { state: seen() }) }
}

/** The path that is claimed is one of the model, and each of its steps is what it is said to be. */
function requireExplanation(
  model: Model,
  events: readonly Seen[],
  { trace, stepEvents, explained }: Validation,
  options: ValidateOptions,
): void {
  const { states, transitions } = replay(model, trace)
  const told = new Set<number>()
  let run = 0
  expect(stepEvents).toHaveLength(transitions.length)
  for (const [i, transition] of transitions.entries()) {
    const event = stepEvents[i] ?? null
    if (event === null) expect(options.hidden).toContain(transition.action)
    else {
      expect(isStep(events[event] as Seen, transition)).toBe(true)
      expect(isSeen(events[event] as Seen, states[i + 1] ?? [])).toBe(true)
      told.add(event)
    }
    run = event === null ? run + 1 : 0
    // An observation, which is no step of the path, comes between two hidden steps of it unseen.
    if (events.every(({ step }) => step !== null)) expect(run).toBeLessThanOrEqual(options.maxHidden ?? Number.POSITIVE_INFINITY)
  }
  expect([...told]).toEqual([...events.keys()].filter((event) => event < explained && events[event]?.step !== null))
}

describe('the search for an explanation', () => {
  it('explains the log of every run, whatever is missing of it that may be', () => {
    fc.assert(
      fc.property(randomActions, choices, hiddenSets, (model, numbers, hidden) => {
        const choose = chooser(numbers)
        const events = logOfWalk(model, choose, hidden)
        const found = validate(
          model,
          events.map((event) => written(event, choose)),
          { hidden },
        )
        expect(found).toMatchObject({ verdict: 'explained', explained: events.length, failure: null, limit: null })
        requireExplanation(model, events, found, { hidden })
      }),
      { numRuns },
    )
  })

  it('agrees with the definition on logs that are wrong in one place or two, and on what is allowed where they stop', () => {
    const verdicts: Record<string, number> = {}
    fc.assert(
      fc.property(randomActions, choices, hiddenSets, (model, numbers, hidden) => {
        const choose = chooser(numbers)
        const rules = program(model).actions.flatMap(({ each }) => each as number[])
        let events = logOfWalk(model, choose, hidden)
        for (let mutations = 1 + choose(2); mutations > 0 && events.length > 0; mutations--) events = mutated(events, rules, choose)
        const log = events.map((event) => written(event, choose))
        const expected = byDefinition(model, events, hidden)
        for (const order of ['deepest', 'shallowest'] as const) {
          const found = validate(model, log, { hidden, order })
          verdicts[found.verdict] = (verdicts[found.verdict] ?? 0) + 1
          expect(found.verdict).toBe(expected.explained === events.length ? 'explained' : 'impossible')
          expect(found.explained).toBe(expected.explained)
          requireExplanation(model, events, found, { hidden })
          if (found.failure === null) continue
          expect(found.failure.states).toBe(expected.states)
          expect(found.failure.more).toBe(0)
          expect(new Set(found.failure.allowed.map(({ action, args }) => canonicalKey([action, args])))).toEqual(expected.allowed)
        }
      }),
      { numRuns },
    )
    expect(verdicts).toMatchObject({ explained: expect.any(Number), impossible: expect.any(Number) })
  })

  it('never says impossible because of a limit on hidden steps', () => {
    const verdicts = new Set<string>()
    fc.assert(
      fc.property(randomActions, choices, hiddenSets, fc.nat(3), (model, numbers, hidden, maxHidden) => {
        const choose = chooser(numbers)
        const rules = program(model).actions.flatMap(({ each }) => each as number[])
        let events: readonly Seen[] = logOfWalk(model, choose, hidden)
        if (events.length > 0 && choose(2) === 0) events = mutated(events, rules, choose)
        const found = validate(
          model,
          events.map((event) => written(event, choose)),
          { hidden, maxHidden },
        )
        verdicts.add(found.verdict)
        const [within, without] = [byDefinition(model, events, hidden, maxHidden), byDefinition(model, events, hidden)]
        expect(found.verdict === 'explained').toBe(within.explained === events.length)
        expect(found.explained).toBe(within.explained)
        if (found.verdict === 'impossible') expect(without.explained).toBeLessThan(events.length)
        if (found.verdict === 'inconclusive') expect(found.limit).toBe('hidden')
        requireExplanation(model, events, found, { hidden, maxHidden })
      }),
      { numRuns },
    )
    expect([...verdicts].sort()).toEqual(['explained', 'impossible', 'inconclusive'])
  })

  it('never says impossible because of a limit on states', () => {
    const verdicts = new Set<string>()
    fc.assert(
      fc.property(randomActions, choices, hiddenSets, fc.integer({ min: 1, max: 30 }), (model, numbers, hidden, maxStates) => {
        const choose = chooser(numbers)
        const rules = program(model).actions.flatMap(({ each }) => each as number[])
        let events: readonly Seen[] = logOfWalk(model, choose, hidden)
        if (events.length > 0) events = mutated(events, rules, choose)
        const found = validate(
          model,
          events.map((event) => written(event, choose)),
          { hidden, maxStates },
        )
        verdicts.add(found.verdict)
        const { explained } = byDefinition(model, events, hidden)
        if (found.verdict === 'inconclusive') expect(found.limit).toBe('states')
        else expect(found.verdict).toBe(explained === events.length ? 'explained' : 'impossible')
        expect(found.explained).toBeLessThanOrEqual(explained)
      }),
      { numRuns },
    )
    expect([...verdicts].sort()).toEqual(['explained', 'impossible', 'inconclusive'])
  })
})
