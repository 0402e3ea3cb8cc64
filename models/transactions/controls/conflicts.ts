/**
 * What happens when a transaction asks for what others hold. Waiting for each other in a circle is a deadlock: it is detected and
 * one of the circle is aborted, or it is prevented by who may wait for whom.
 *
 *     detection    all wait; a detector aborts one of a circle, whichever
 *     wait-die     an older transaction waits for younger ones; a younger one dies
 *     wound-wait   an older transaction has younger ones aborted; a younger one waits
 *     no-wait      nobody waits
 *     timeout      all wait, and whoever does may be aborted for having waited too long
 *     undetected   all wait, if need be for ever
 *
 * Source: Rosenkrantz, Stearns & Lewis, System level concurrency control for distributed database systems, TODS 3(2), 1978 (wait-die,
 * wound-wait); Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery in Database Systems, 1987, sections 3.4 and 3.11.
 */
import type { Id } from '../../../checker/index.ts'
import { aborted, aged, type Database, isOlder, transaction } from '../database.ts'
import { type Answer, aborts, type Refusal } from './control.ts'

export const deadlockPolicies = ['detection', 'wait-die', 'wound-wait', 'no-wait', 'timeout', 'undetected'] as const
export type DeadlockPolicy = (typeof deadlockPolicies)[number]

/** Two of the policies ask who is older. Who begins again is as old as before, so that everybody is the oldest in the end. */
export function begun(policy: DeadlockPolicy, db: Database, t: Id): Database {
  return (policy === 'wait-die' || policy === 'wound-wait') && transaction(db, t).age === 0 ? aged(db, t) : db
}

/** Answers a request that others stand in the way of, if any; `request` is asked again once none does. */
export function unlessHeld<A extends Answer>(
  policy: DeadlockPolicy,
  db: Database,
  t: Id,
  holders: readonly Id[],
  request: (db: Database) => A,
): A | Refusal {
  if (holders.length === 0) return request(db)
  const older = holders.filter((holder) => isOlder(db, holder, t))
  switch (policy) {
    case 'detection':
    case 'timeout':
    case 'undetected':
      return { is: 'waits', for: holders }
    case 'wait-die':
      return older.length === 0 ? { is: 'waits', for: holders } : aborts
    case 'wound-wait':
      return older.length === 0 ? request(holders.reduce(aborted, db)) : { is: 'waits', for: older }
    case 'no-wait':
      return aborts
  }
}
