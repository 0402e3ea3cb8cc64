/** One property over time as few runs of states, however long the trace is. */

export interface StripRun {
  readonly from: number
  /** The last state of the run. */
  readonly to: number
  readonly holds: boolean | null
}

export function stripRuns(holds: readonly (boolean | null)[]): readonly StripRun[] {
  const runs: { from: number; to: number; holds: boolean | null }[] = []
  for (const [state, value] of holds.entries()) {
    const last = runs.at(-1)
    if (last !== undefined && last.holds === value) last.to = state
    else runs.push({ from: state, to: state, holds: value })
  }
  return runs
}
