/** Judges what a test has recorded, and puts the judgement into words for whoever reads the test's failure. */
import type { Judgement } from '../../properties/decision.ts'
import type { History } from '../../properties/history.ts'
import { operationsOf } from '../../properties/operation.ts'
import type { Spec } from '../../properties/spec.ts'
import type { Value } from '../../properties/value.ts'
import { type VerifyOptions, verify } from '../../properties/verify.ts'
import type { Recorder } from './recorder.ts'
import { saveHistory } from './save-history.ts'
import { showJudgement } from './show-history.ts'

export type ConsistencyLevel = NonNullable<VerifyOptions['level']>

export interface ConsistencyOptions extends Omit<VerifyOptions, 'level'> {
  /** Where the history is written if the test fails: in Jepsen's EDN where the path ends in `.edn`, else in the format of this package. */
  readonly save?: string
}

export interface Consistency {
  readonly judgement: Judgement
  /** The verdict and the evidence for it, several lines. */
  readonly text: () => string
  /** Writes the history where the options say, and says so; an empty text where they say nothing. */
  readonly save: () => string
}

/**
 * @throws TypeError unless it is a history or a recorder
 * @throws HistoryError as `verify` does
 */
export function consistency<S extends Value>(
  recorded: unknown,
  level: ConsistencyLevel,
  spec: Spec<S>,
  options: ConsistencyOptions = {},
): Consistency {
  const history = historyOf(recorded)
  const { save, ...verifying } = options
  const judgement = verify(history, spec, { ...verifying, level })
  return {
    judgement,
    text: () => {
      const operations = operationsOf(history, spec as unknown as Spec, options.reading)
      return showJudgement(judgement, {
        colours: false,
        operations,
        hint: 'raise limits.seconds or limits.megabytes, or judge a shorter history',
      })
    },
    save: () => {
      if (save === undefined) return ''
      saveHistory(history, save)
      return `the history is in ${save}\n`
    },
  }
}

/** @throws TypeError also for a recorder that has recorded nothing: whatever it should have watched went past it, and would pass every test */
export function historyOf(recorded: unknown): History {
  const history = isRecorder(recorded) ? recorded.history : recorded
  if (isRecorder(recorded) && recorded.history.length === 0) {
    throw new TypeError('the recorder has recorded nothing; run what is tested through it, or pass [] if an empty history is meant')
  }
  if (Array.isArray(history) && history.every(isEvent)) return history
  throw new TypeError('expected a history, or a recorder of one')
}

function isRecorder(recorded: unknown): recorded is Pick<Recorder, 'history'> {
  return typeof recorded === 'object' && recorded !== null && 'history' in recorded
}

function isEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'process' in event && 'type' in event && 'f' in event
}
