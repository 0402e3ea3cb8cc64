/** A trace as data: a path of a model, from an initial state by named actions. Re-running it rebuilds every state. */
import type { ConstantValue } from './language/constants.ts'
import type { Json } from './language/json.ts'
import type { LivenessKind } from './language/properties.ts'

export type Strategy = 'bfs' | 'dfs' | 'random' | 'pct'
export type PropertyKind = 'always' | 'sometimes' | 'step' | 'deadlock' | LivenessKind
/** What a trace shows: that a property is violated or witnessed, or, as a `path`, no more than that the model allows these steps. */
export type TraceKind = PropertyKind | 'path'

export interface Step {
  readonly action: string
  /** The `each` argument, if the action has one, then the `over` argument, if it has one. */
  readonly args: readonly Json[]
  /** The node that acts; `null` for the environment. */
  readonly process: number | null
}

export interface Trace {
  /** The version of this format. */
  readonly schema: 1
  readonly model: string
  readonly constants: Readonly<Record<string, ConstantValue>>
  readonly bugs: readonly string[]
  /** What has found it; `by-hand`: somebody chose the steps. */
  readonly strategy: Strategy | 'by-hand'
  readonly seed: number | null
  /** The property that is violated in the last state (or, of kind `step`, by the last step; of a liveness kind, by the lasso; of kind `sometimes`, witnessed there). Empty for a `path`. */
  readonly property: string
  readonly kind: TraceKind
  /** What is wrong, in a sentence; of a `path`, what it is for. */
  readonly message: string
  /** The first state: slot name to value. */
  readonly initial: Readonly<Record<string, Json>>
  readonly steps: readonly Step[]
  /**
   * Where a lasso's loop begins, as a number of steps: the state after so many steps is also the last one, and the steps
   * between are repeated for ever. Equal to the number of steps where the execution stops and nothing happens any more.
   * Present for properties of whole executions, and for a `path` that comes back to where it was.
   */
  readonly loop?: number
  /** `false` where the fairness that actions declare was left aside; absent otherwise. */
  readonly fairness?: false
}
