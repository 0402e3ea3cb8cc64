/**
 * A predicate that somebody has typed: an expression of JavaScript over the state `s` and the constants `c`, as in a model's properties.
 * It runs in a context of its own and for a limited time. That keeps mistakes from stopping the explorer; it is no wall against malice,
 * which whoever may type here needs none of: it is their own machine.
 */
import { compileFunction, createContext, Script } from 'node:vm'
import { type Simulation, type State, UserError } from '../../checker/index.ts'
import { kindOf } from '../../checker/language/actions.ts'
import { clip } from '../text.ts'

/** The first of some states that satisfies it, or -1. */
export type Predicate = (states: readonly State[]) => number

/** Milliseconds for one call. */
const timeMs = 1000

/** @throws UserError for a text that is no expression; the predicate itself throws it where the text does not say true or false of a state */
export function predicateOf(text: string, sim: Simulation, limitMs: number = timeMs): Predicate {
  const shown = clip(text.replace(/\s+/g, ' ').trim(), 80)
  const fault = (what: string): UserError => new UserError('bad-option', `the predicate ${shown}: ${what}`)
  if (shown === '') throw new UserError('bad-option', 'the predicate is empty; type an expression over s, such as s.crashes === 0')
  // What comes later may fail when nobody looks.
  const [waiting] = /\b(?:async|await|import|Promise)\b/.exec(text) ?? []
  if (waiting !== undefined) throw fault(`it cannot wait for anything; leave ${waiting} out`)
  const context = createContext({}, { microtaskMode: 'afterEvaluate', codeGeneration: { strings: false, wasm: false } })
  const test = compiled(text, context, fault)
  const run = new Script('run()')
  return (states) => {
    context['run'] = () => states.findIndex((state) => satisfies(state))
    try {
      return run.runInContext(context, { timeout: limitMs }) as number
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        throw fault(`takes more than ${limitMs} ms; it may never end`)
      throw error
    }
  }

  function satisfies(state: State): boolean {
    const answer = sim.observe(state, `the predicate ${shown}`, (s) => test(s, sim.program.constants) as unknown).result
    if (typeof answer === 'boolean') return answer
    throw fault(`gives ${kindOf(answer)}; expected true or false`)
  }
}

function compiled(text: string, context: object, fault: (what: string) => UserError): (...given: unknown[]) => unknown {
  try {
    return compileFunction(`'use strict'; return (\n${text}\n)`, ['s', 'c'], { parsingContext: context }) as (
      ...given: unknown[]
    ) => unknown
  } catch (error) {
    throw fault(`cannot be read (${(error as { message?: string }).message ?? ''}); expected an expression of JavaScript over s`)
  }
}
