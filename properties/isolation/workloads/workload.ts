/** Workloads whose transactions are judged by an invariant of what they read, and what is found of them. */
import type { LevelBase } from '../level.ts'

export interface WorkloadFinding {
  /** Such as `wrong-total` or `lost-element`, or the name of an anomaly, such as `long-fork`. */
  readonly name: string
  /** What is wrong, with the events that show it. */
  readonly sentence: string
  /** Indexes of these events, rising. */
  readonly events: readonly number[]
  /** The weakest levels that this rules out; empty where it proves only an error of the application, or one of real time. */
  readonly violates: readonly LevelBase[]
}

export interface WorkloadDecision {
  /**
   * `unknown` where reads could not be compared: of a bank, only one, or of a long fork, keys that are written twice; and of a set that
   * nobody read, since it is the reads that show what became of its elements. Any other of which nothing was read shows nothing wrong, and
   * holds.
   */
  readonly verdict: 'holds' | 'violated' | 'unknown'
  /** At most ten of each name. */
  readonly findings: readonly WorkloadFinding[]
  /** By name how often it was found; also what is counted but violates nothing, such as elements that were stale for a while. */
  readonly counts: ReadonlyMap<string, number>
  /** How many operations; those that did not happen are not among them. */
  readonly operations: number
  /** What was compared, in one sentence; where the verdict is `unknown`, why. */
  readonly note: string
}
