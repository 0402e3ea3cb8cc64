/** Judges the transactions that a test has recorded, and puts the judgement into words for whoever reads the test's failure. */
import type { History } from '../../properties/history.ts'
import { type IsolationJudgement, type IsolationOptions, judgeIsolation } from '../../properties/isolation/judge-isolation.ts'
import type { IsolationLevel } from '../../properties/isolation/level.ts'
import { tableOf } from '../../properties/isolation/table/table-builder.ts'
import { transactionsOf } from '../../properties/isolation/table/transactions-of.ts'
import type { Value } from '../../properties/value.ts'
import { historyOf } from './consistency.ts'
import { saveHistory } from './save-history.ts'
import { showIsolation } from './show-isolation.ts'

export interface IsolationMatcherOptions extends Omit<IsolationOptions, 'levels' | 'anomalies'> {
  /** The value of registers before anything is written, besides null. */
  readonly initial?: Value
  /** Where the history is written if the test fails: in Jepsen's EDN where the path ends in `.edn`, else in the format of this package. */
  readonly save?: string
}

export interface Isolation {
  readonly judgement: IsolationJudgement
  /** The verdict and the proof of it, several lines. */
  readonly text: () => string
  /** Writes the history where the options say, and says so; an empty text where they say nothing. */
  readonly save: () => string
}

/**
 * @throws TypeError unless it is a history or a recorder
 * @throws HistoryError for a history that is not one of transactions
 */
export function isolation(recorded: unknown, level: IsolationLevel, options: IsolationMatcherOptions = {}): Isolation {
  const history = historyOf(recorded)
  const { save, initial, ...judging } = options
  const table = tableOf(transactionsOf(history as History<Value>), initial === undefined ? {} : { initial })
  const judgement = judgeIsolation(table, { ...judging, levels: [level] })
  return {
    judgement,
    text: () =>
      showIsolation(judgement, { model: 'transactions', colours: false, hint: 'raise limits.seconds, or judge a shorter history' }),
    save: () => {
      if (save === undefined) return ''
      saveHistory(history, save)
      return `the history is in ${save}\n`
    },
  }
}
