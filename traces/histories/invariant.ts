/** Judges by the invariant of a workload what a test has recorded, and puts it into words for whoever reads the test's failure. */
import type { History } from '../../properties/history.ts'
import { type WorkloadDecision, type WorkloadName, type WorkloadOptions, workloads } from '../../properties/isolation/workloads/index.ts'
import type { Value } from '../../properties/value.ts'
import { historyOf } from './consistency.ts'
import { saveHistory } from './save-history.ts'
import { showWorkload } from './show-workload.ts'

export type InvariantOptions<Name extends WorkloadName> = WorkloadOptions[Name] & {
  /** Where the history is written if the test fails: in Jepsen's EDN where the path ends in `.edn`, else in the format of this package. */
  readonly save?: string
}

export interface Invariant {
  readonly decision: WorkloadDecision
  /** The verdict and what was found, several lines. */
  readonly text: () => string
  /** Writes the history where the options say, and says so; an empty text where they say nothing. */
  readonly save: () => string
}

/**
 * @throws TypeError unless it is a history or a recorder, and the workload is known
 * @throws HistoryError for a history that is not one of this workload
 */
export function invariantOf<Name extends WorkloadName>(recorded: unknown, model: Name, options: InvariantOptions<Name>): Invariant {
  const history = historyOf(recorded) as History<Value>
  if (!Object.hasOwn(workloads, model)) throw new TypeError(`expected a workload: ${Object.keys(workloads).join(', ')}`)
  const started = performance.now()
  const decision = workloads[model](history, options)
  const seconds = (performance.now() - started) / 1000
  const { save } = options
  return {
    decision,
    text: () => showWorkload({ model, history, decision, seconds }, { colours: false }),
    save: () => {
      if (save === undefined) return ''
      saveHistory(history, save)
      return `the history is in ${save}\n`
    },
  }
}
