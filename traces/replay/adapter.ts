/**
 * What drives a real system: an adapter takes one step at a time and tells what came of it. It never retries, never reconnects and never
 * waits for a while to see whether something happens: that an operation is blocked is what the system itself says.
 */
import type { Json } from '../../checker/index.ts'

/** What one operation came to. */
export type Outcome =
  | { readonly kind: 'ok'; readonly value: Json }
  /** `definite`: the system promises that the operation has had no effect. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly definite: boolean }
  /** It waits, by the word of the system, for what is said. */
  | { readonly kind: 'blocked'; readonly on: string }
  /** No answer within the bound, and nobody can say why. */
  | { readonly kind: 'unknown' }

/** What a step asks for; a target that lacks the capability of that name refuses a scenario before it starts. */
export type RealStep =
  /** A client's request. Each actor has a connection of its own. */
  | { readonly kind: 'operation'; readonly actor: string; readonly node?: string; readonly operation: string; readonly argument: Json }
  /** A message between nodes. */
  | { readonly kind: 'deliver' | 'drop' | 'duplicate'; readonly from: string; readonly to: string; readonly message: Json }
  /** A message that a node handles until it waits for its own disk, and later to the end. */
  | { readonly kind: 'begin' | 'finish'; readonly from: string; readonly to: string; readonly message: Json }
  | { readonly kind: 'timer'; readonly node: string; readonly timer: string }
  | { readonly kind: 'link'; readonly from: string; readonly to: string; readonly mode: 'pass' | 'hold' | 'drop' | 'cut' }
  | { readonly kind: 'pause' | 'resume' | 'crash' | 'restart' | 'promote' | 'demote'; readonly node: string }
  | { readonly kind: 'expire'; readonly what: string }
  /** Waits until what is on its way has arrived, by the word of the nodes. */
  | { readonly kind: 'settle'; readonly node?: string }

export type Capability = RealStep['kind']

export interface StepResult {
  readonly outcome: Outcome
  /** Operations that were blocked before, and that this step has let end. */
  readonly completed: readonly Completed[]
}

export interface Completed {
  readonly actor: string
  readonly outcome: Outcome
}

/** What a system says of its state, each under a name of its own: `server 1: term`, 2. */
export type Facts = Readonly<Record<string, Json>>

export interface Adapter {
  /** What it drives, with its version once it runs: `PostgreSQL 15.18, repeatable read`. */
  readonly name: string
  readonly capabilities: ReadonlySet<Capability>
  /** Starts, or connects to, the system in a state where the scenario can begin. */
  setup(): Promise<void>
  step(step: RealStep): Promise<StepResult>
  /**
   * Asks the system for what it says of its state, which nothing changes by that: who leads, what is stored where. Only what stays so until
   * the next step, and is as in the trace at this level. Nothing is known where this is left out.
   */
  observe?(): Promise<Facts>
  /**
   * Back to the state after `setup`, whatever the steps have done, without starting anew what runs. False where it cannot: then it is to be
   * torn down, and opened anew; so it is where this is left out.
   */
  reset?(): Promise<boolean>
  /** Ends whatever is open, and removes whatever was made. Safe to call at any time, and more than once. */
  teardown(): Promise<void>
}
