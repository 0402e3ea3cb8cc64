/** What a check is asked and what it answers. */
import type { ConstantValue } from './language/constants.ts'
import type { ProgramOptions } from './language/program.ts'
import type { PropertyKind, Strategy, Trace } from './trace.ts'

export interface CheckOptions extends ProgramOptions {
  /** `bfs` (the default) finds shortest counterexamples; `random` walks uniformly; `pct` walks by random priorities. */
  readonly strategy?: Strategy
  /** Reproduces a randomized run; 1 by default. */
  readonly seed?: number
  /** How many walks a randomized run takes; 10,000 by default. */
  readonly walks?: number
  /** PCT's bug depth d: how many ordering constraints a bug may need; 3 by default. */
  readonly bugDepth?: number
  /** Limits. Reaching one makes the verdict `inconclusive`, unless a violation was found. */
  readonly maxStates?: number
  /** In steps from an initial state. Walks end there: 100 by default for them, unlimited for the others. */
  readonly maxDepth?: number
  readonly timeMs?: number
  readonly memoryBytes?: number
  /** How many distinct counterexamples to collect before stopping; 1 by default. */
  readonly maxViolations?: number
  /** Whether each function of the model runs twice on a new input, to catch impure ones; true by default. */
  readonly checkPurity?: boolean
  /** Whether outcomes of the model's functions are remembered; true by default. For measurements. */
  readonly memoize?: boolean
  /** Ends the check at the next progress report, as a limit does. */
  readonly signal?: AbortSignal
}

export type Verdict = 'holds' | 'violated' | 'inconclusive'
export type Limit = 'states' | 'depth' | 'time' | 'memory' | 'walks' | 'interrupted'

export interface Progress {
  readonly distinct: number
  readonly generated: number
  /** Known states that have not been expanded yet; for walks, how many are still to come. */
  readonly frontier: number
  readonly depth: number
  readonly seconds: number
  /** Resident memory of the process. */
  readonly memoryBytes: number
}

export interface PropertyResult {
  readonly kind: PropertyKind
  readonly sentence: string
  readonly verdict: Verdict
  /** The level (initial states are level 1) of the violation, or of the witness of a `sometimes`. */
  readonly depth: number | null
  /** What is wrong, or why it is `inconclusive`. */
  readonly message: string | null
  /** The part that failed, of a property made of named parts. */
  readonly part: string | null
  /** The first counterexample, a lasso for a liveness property, or the witness of a `sometimes`. */
  readonly trace: Trace | null
}

export interface Violation {
  readonly property: string
  readonly depth: number
  readonly message: string
  readonly part: string | null
  readonly trace: Trace
}

/** A probability that the runs so far were bound to find a bug of the given depth, were there one. */
export interface Guarantee {
  readonly bugDepth: number
  readonly probabilityPerRun: number
  readonly probability: number
  /** How the bound was computed, with its numbers. */
  readonly explanation: string
}

export interface CheckResult {
  readonly model: string
  readonly constants: Readonly<Record<string, ConstantValue>>
  readonly bugs: readonly string[]
  /** Whether the fairness that actions declare counted. */
  readonly fairness: boolean
  readonly strategy: Strategy
  readonly seed: number | null
  readonly verdict: Verdict
  /** The limit that ended the check, if one did. */
  readonly limit: Limit | null
  /** Structurally different states reached, initial ones included. */
  readonly distinct: number
  /** Initial states plus one per successor produced, repetitions and self-loops included. */
  readonly generated: number
  /** Levels of a breadth-first search, initial states being level 1; for the others, states on the longest path. */
  readonly depth: number
  /** New states per level; breadth-first search only. */
  readonly levels: readonly number[]
  /** States without any successor. */
  readonly terminal: number
  /** Successors that the boundary cut off. */
  readonly outside: number
  readonly walks: number | null
  readonly seconds: number
  readonly statesPerSecond: number
  /** Tables, indexes and parent pointers, as allocated. */
  readonly bytesPerState: number
  readonly stateBytes: number
  /** Memo tables, as allocated. */
  readonly memoBytes: number
  /** The graph on which liveness properties were decided, as allocated. */
  readonly graphBytes: number
  /** How many times a function of the model ran. */
  readonly modelRuns: number
  /** Transitions taken per action, and states in which it was enabled. */
  readonly actions: Readonly<Record<string, { readonly taken: number; readonly enabled: number }>>
  readonly properties: Readonly<Record<string, PropertyResult>>
  readonly violations: readonly Violation[]
  /** Distinct values per slot or family of slots: what makes the space large. */
  readonly slots: Readonly<Record<string, number>>
  readonly guarantee: Guarantee | null
}
