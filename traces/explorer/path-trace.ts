/** A path as a trace that `show` and `replay` take. */
import { UserError } from '../../checker/index.ts'
import type { TraceDocument } from '../format.ts'
import { findingText } from '../replay.ts'
import { earlierVisits, judgedLoop } from './lasso.ts'
import type { Stop, Walker } from './walker.ts'

type Stops = readonly [Stop, ...Stop[]]
type Claim = Pick<TraceDocument, 'property' | 'kind' | 'message' | 'part'>

/**
 * Of the property that is violated at its end, the first one where there are several; and where none is, of no property: a `path`, which
 * claims no more than that the model allows these steps.
 */
export function pathTrace(walker: Walker, stops: Stops): TraceDocument {
  const [finding] = walker.violations(stops)
  if (finding === undefined) return traceOf(walker, stops, chosen)
  return traceOf(walker, stops, {
    property: finding.property,
    kind: finding.kind,
    message: findingText(finding),
    part: finding.part,
  })
}

/**
 * The same of a path that goes on for ever: of the first property of whole executions that it violates, or of none.
 *
 * @param loop the steps before what is repeated; as many as there are where nothing happens any more
 * @throws UserError where the path is in another state after so many steps
 */
export function lassoTrace(walker: Walker, stops: Stops, loop: number): TraceDocument {
  if (loop !== stops.length - 1 && !earlierVisits(stops).includes(loop))
    throw new UserError('bad-option', `the last state of the path is not the one after step ${loop} again; save it without a loop`)
  const { unfair, findings } = judgedLoop(walker, stops, loop)
  const [finding] = findings
  if (finding !== undefined)
    return { ...traceOf(walker, stops, { property: finding.property, kind: finding.kind, message: findingText(finding) }), loop }
  const message = unfair === null ? chosen.message : `${chosen.message}, and is no execution that goes on for ever, as ${unfair}`
  return { ...traceOf(walker, stops, { ...chosen, message }), loop }
}

const chosen: Claim = { property: '', kind: 'path', message: 'was chosen step by step in the explorer' }

function traceOf(walker: Walker, stops: Stops, claim: Claim): TraceDocument {
  const { model, constants, bugs } = walker.program
  return {
    schema: 1,
    model: model.name,
    constants,
    bugs,
    strategy: 'by-hand',
    seed: null,
    ...claim,
    initial: walker.simulation.record(stops[0].state),
    steps: stops.flatMap(({ transition }) =>
      transition === null ? [] : [{ action: transition.action, args: transition.args, process: transition.process }],
    ),
  }
}
