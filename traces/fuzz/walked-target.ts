/** A target on which walk after walk is taken, and the forms in which a walk is kept. */
import type { Simulation } from '../../checker/index.ts'
import { type TraceDocument, traceSchema } from '../format.ts'
import { ReadyTarget } from '../replay/ready-target.ts'
import { patternText, type RecordedRun, recordedRun } from '../replay/recorded-run.ts'
import { scenarioOf, type Target, type TargetOptions } from '../replay/target.ts'
import type { Replay } from '../replay.ts'
import type { Path } from './path.ts'
import { planned, takeWalk, type Walk } from './take-walk.ts'

export class WalkedTarget {
  readonly #target: Target
  readonly #ready: ReadyTarget
  readonly #sim: Simulation
  #name: string

  constructor(target: Target, { level, url }: TargetOptions, sim: Simulation) {
    this.#target = target
    this.#ready = new ReadyTarget(target, { ...(level !== undefined && { level }), ...(url !== undefined && { url }) })
    this.#sim = sim
    this.#name = target.name
  }

  /** With its version, once it has been opened. */
  get name(): string {
    return this.#name
  }

  async walk(path: Path, signal?: AbortSignal): Promise<Walk> {
    const plan = (one: Path) => scenarioOf(this.#target, replayOf(this.#sim, one))
    const whole = planned(plan, path)
    const { adapter, begin } = await this.#ready.ready(whole.scenario, replayOf(this.#sim, whole.path))
    await begin()
    this.#name = adapter.name
    return takeWalk(this.#sim, plan, adapter, whole, signal)
  }

  close(): Promise<void> {
    return this.#ready.close()
  }
}

/** The walk as a trace that `replay --on` takes again, with what came of it. */
export function documentOf(sim: Simulation, walk: Walk, target: string, seed: number): TraceDocument & { readonly real: RecordedRun } {
  const { path, reason, steps } = walk
  const { allowed = [], show } = steps.at(-1)?.planned ?? {}
  const model = allowed.map((pattern) => patternText(pattern, show)).join(' or ')
  return { ...replayOf(sim, path).trace, seed, message: `${target}: ${reason}; the model allows ${model}`, real: recorded(walk, target) }
}

function recorded({ steps, scenario, reason, seconds }: Walk, target: string): RecordedRun {
  const run = { target, scenario: scenario.name, verdict: 'diverged', reason, at: steps.length - 1, steps, seconds } as const
  return recordedRun({ ...run, history: [], judged: null }, { steps: [] })
}

function replayOf(sim: Simulation, { states, transitions }: Path): Replay {
  const { model, constants, bugs, fairness } = sim.program
  const trace: TraceDocument = {
    schema: traceSchema,
    model: model.name,
    constants,
    bugs,
    strategy: 'random',
    seed: null,
    property: '',
    kind: 'path',
    message: '',
    ...(!fairness && { fairness }),
    initial: sim.record(states[0] ?? []),
    steps: transitions.map(({ action, args, process }) => ({ action, args, process })),
  }
  return { trace, program: sim.program, simulation: sim, states, transitions, finding: null }
}
