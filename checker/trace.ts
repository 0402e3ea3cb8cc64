/** A trace as data: a path of a model, from an initial state by named actions. Re-running it rebuilds every state. */
import type { ConstantValue } from './language/constants.ts'
import type { Json } from './language/json.ts'

export type Strategy = 'bfs' | 'dfs' | 'random' | 'pct'
export type PropertyKind = 'always' | 'sometimes' | 'step' | 'deadlock'

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
  readonly strategy: Strategy
  readonly seed: number | null
  /** The property that is violated in the last state (or, of kind `step`, by the last step; of kind `sometimes`, witnessed there). */
  readonly property: string
  readonly kind: PropertyKind
  /** What is wrong in the last state, in a sentence. */
  readonly message: string
  /** The first state: slot name to value. */
  readonly initial: Readonly<Record<string, Json>>
  readonly steps: readonly Step[]
}
