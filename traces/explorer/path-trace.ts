/** A path as a trace that `show` and `replay` take. */
import type { TraceDocument } from '../format.ts'
import { findingText } from '../replay.ts'
import type { Stop, Walker } from './walker.ts'

/**
 * Of the property that is violated at its end, the first one where there are several; and where none is, of no property: a `path`, which
 * claims no more than that the model allows these steps.
 *
 * @param file the model's own file, where it has one
 */
export function pathTrace(walker: Walker, stops: readonly [Stop, ...Stop[]], file: string | null): TraceDocument {
  const { model, constants, bugs } = walker.program
  const [finding] = walker.violations(stops)
  const claim =
    finding === undefined
      ? { property: '', kind: 'path' as const, message: 'was chosen step by step in the explorer' }
      : { property: finding.property, kind: finding.kind, message: findingText(finding), part: finding.part }
  return {
    schema: 1,
    model: model.name,
    constants,
    bugs,
    strategy: 'by-hand',
    seed: null,
    ...claim,
    ...(file !== null && { file }),
    initial: walker.simulation.record(stops[0].state),
    steps: stops.flatMap(({ transition }) =>
      transition === null ? [] : [{ action: transition.action, args: transition.args, process: transition.process }],
    ),
  }
}
