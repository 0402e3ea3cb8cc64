/** Which rows a diagram has: one a step, but long local runs of one node stand together until they are opened. */
import type { TraceMessage, TraceStep } from '../../document.ts'

export type Row =
  /** The initial state. */
  | { readonly kind: 'start' }
  | { readonly kind: 'step'; readonly step: number }
  /** Steps from `first` to `last`, of one node, in which nothing is sent or arrives. */
  | { readonly kind: 'run'; readonly first: number; readonly last: number; readonly lane: number | null }

/** Runs of fewer steps are quicker to read than to open. */
const runMin = 4

/**
 * @param opened first steps of runs that are shown step by step
 * @param shown a step that must be seen
 */
export function rowsOf(
  steps: readonly TraceStep[],
  messages: readonly TraceMessage[],
  opened: ReadonlySet<number>,
  shown: number,
): readonly Row[] {
  const told = new Set(messages.flatMap(({ sent, ended }) => [sent, ended ?? sent]))
  const isLocal = (step: number): boolean => !told.has(step) && steps[step - 1]?.mark === null
  const rows: Row[] = [{ kind: 'start' }]
  for (let first = 1; first <= steps.length; ) {
    let last = first
    const lane = steps[first - 1]?.lane ?? null
    if (isLocal(first)) while (last < steps.length && isLocal(last + 1) && (steps[last]?.lane ?? null) === lane) last++
    const isOpen = opened.has(first) || (shown >= first && shown <= last)
    if (last - first + 1 >= runMin && !isOpen) rows.push({ kind: 'run', first, last, lane })
    else for (let step = first; step <= last; step++) rows.push({ kind: 'step', step })
    first = last + 1
  }
  return rows
}

/** One a step, however long they run by themselves: on paper nothing can be opened. */
export function everyRow(steps: readonly TraceStep[]): readonly Row[] {
  return [{ kind: 'start' }, ...steps.map((_, i): Row => ({ kind: 'step', step: i + 1 }))]
}

/** The index of the row of each step, 0 being the start. */
export function rowIndex(rows: readonly Row[]): readonly number[] {
  const index: number[] = []
  for (const [i, row] of rows.entries()) {
    if (row.kind === 'start') index[0] = i
    else if (row.kind === 'step') index[row.step] = i
    else for (let step = row.first; step <= row.last; step++) index[step] = i
  }
  return index
}
