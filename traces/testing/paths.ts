/** Traces for tests: by naming the steps, or by walking at random. */
import { type Json, type Model, type ProgramOptions, program, type Step, simulation } from '../../checker/index.ts'
import type { TraceDocument } from '../format.ts'

export interface PathOptions extends ProgramOptions {
  readonly property: string
}

export type NamedStep = readonly [action: string, ...args: Json[]]

/** The trace of the named steps: `['receive', 1, {...}]` is an action with its arguments. Its message is what is found at its end. */
export function pathOf(model: Model, options: PathOptions, steps: readonly NamedStep[]): TraceDocument {
  const instance = program(model, { ...options, properties: [options.property] })
  const sim = simulation(instance)
  let state = sim.initialStates()[0] ?? []
  let before = state
  const initial = sim.record(state)
  const taken = steps.map(([action, ...args], i): Step => {
    const transition = sim.take(state, { action, args })
    if ('refused' in transition) throw new Error(`step ${i + 1}: ${transition.refused}`)
    before = state
    state = transition.after
    return { action, args: transition.args, process: transition.process }
  })
  const finding = [...sim.judge(state), ...sim.judgeStep(before, state)][0]
  return {
    schema: 1,
    model: model.name,
    constants: instance.constants,
    bugs: instance.bugs,
    strategy: 'bfs',
    seed: null,
    property: options.property,
    kind: finding?.kind ?? instance.properties.get(options.property)?.kind ?? 'deadlock',
    message: finding?.message ?? 'something that is not so',
    initial,
    steps: taken,
  }
}

/** A random walk that ends in the first violation of the property, or `null` if none comes. The same seed walks the same way. */
export function walkTo(model: Model, options: PathOptions, seed: number, stepsMax = 400): TraceDocument | null {
  const { steps, found } = walk(model, options, seed, stepsMax)
  return found ? { ...pathOf(model, options, steps), strategy: 'random', seed } : null
}

/** The steps of a random walk, up to the first violation of the property. */
export function walk(
  model: Model,
  options: PathOptions,
  seed: number,
  stepsMax: number,
): { readonly steps: NamedStep[]; readonly found: boolean } {
  const sim = simulation(program(model, { ...options, properties: [options.property] }))
  const random = generator(seed)
  let state = sim.initialStates()[0] ?? []
  const steps: NamedStep[] = []
  while (steps.length < stepsMax) {
    const transitions = sim.transitions(state)
    const next = transitions[Math.floor(random() * transitions.length)]
    if (next === undefined) break
    steps.push([next.action, ...next.args])
    if (sim.judge(next.after).length + sim.judgeStep(state, next.after).length > 0) return { steps, found: true }
    state = next.after
  }
  return { steps, found: false }
}

/** Marsaglia's xorshift: enough for tests. */
function generator(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}
