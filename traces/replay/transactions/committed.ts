/** What has been committed of each key: what a database says of it, and what the model's state says that it is. */
import type { State } from '../../../checker/index.ts'
import type { Version, Versions } from '../../../models/transactions/database.ts'
import type { Replay } from '../../replay.ts'
import type { ExpectedFact, ExpectedFacts } from '../scenario.ts'
import { valueOf } from './requests.ts'

/** Items are always there; rows come. */
const items: readonly (keyof Versions)[] = ['x', 'y']
const rows: readonly (keyof Versions)[] = ['p', 'q']

export const keys: readonly (keyof Versions)[] = [...items, ...rows]

export function isRow(key: string): boolean {
  return rows.some((row) => row === key)
}

/** What the fact is called; it is a number, or null for a row that is not there. */
export function committedName(key: string): string {
  return `${key}: committed`
}

/** @param correct the states of the model without its bugs, where the trace has any */
export function committedIn({ simulation }: Replay, after: State, correct: readonly State[]): ExpectedFacts {
  const valueIn = (state: State, key: keyof Versions): number | null => {
    const record = simulation.record(state)
    const isCommitted = (t: number): boolean => (record[`transaction[${t}]`] as { readonly status?: string }).status === 'committed'
    const last: Version = (record['versions'] as unknown as Versions)[key].findLast(isCommitted) ?? null
    return last === null ? (isRow(key) ? null : 0) : valueOf(last)
  }
  const fact = (key: keyof Versions): ExpectedFact => ({
    allowed: [valueIn(after, key)],
    refusals: correct.map((state) => valueIn(state, key)),
  })
  return Object.fromEntries(keys.map((key) => [committedName(key), fact(key)]))
}
