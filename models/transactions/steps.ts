/** The steps of transactions: what they ask of a control, what becomes of the database, and who waits for whom. */
import { match } from 'ts-pattern'
import { type Id, ids } from '../../checker/index.ts'
import { isSerializableFor, type Request } from './conflict-graph.ts'
import type { Answer, ConcurrencyControl, ReadAnswer } from './controls/control.ts'
import { aborted, changed, type Database, has, type Key, type Read, rows, transaction, type Version } from './database.ts'
import { reachable } from './reachable.ts'
import { type Program, type Step, writesFrom } from './workloads.ts'

export interface System {
  readonly control: ConcurrencyControl
  readonly programs: readonly Program[]
}

/** Somebody who waits, and for whom. */
export interface Waiting {
  readonly t: Id
  readonly step: Step
  readonly for: readonly Id[]
}

/** What a transaction that is running does next; nothing, if it is not. */
export function nextStep({ programs }: System, db: Database, t: Id): Step | null {
  return has(db, t, 'running') ? (programs[t]?.[transaction(db, t).done] ?? null) : null
}

/** What the control says to a step. If it is granted, the database has it noted. */
export function ask(system: System, db: Database, t: Id, step: Step): Answer {
  const { control } = system
  const key = step.key as Key
  const next = (answer: Answer): Answer =>
    answer.is === 'granted' ? { ...answer, db: changed(answer.db, t, { done: transaction(answer.db, t).done + 1 }) } : answer
  const write = (now: Database): Answer => wrote(control.write(now, t, key), t, key)
  const read = (answer: ReadAnswer, way: Read['way']): Answer => noted(system, answer, t, way)
  return next(
    match(step.is)
      .with('read', () => read(control.read(db, t, key, false), 'item'))
      .with('fetch', () => read(control.read(db, t, key, true), 'cursor'))
      .with('readRows', () => read(control.readRows(db, t), 'predicate'))
      .with('write', () => write(db))
      .with('update', () => {
        const found = control.read(db, t, key, false)
        const first = read(found, 'item')
        const isThere = !rows.includes(key) || (found.is === 'granted' && found.sees.some(({ version }) => version !== null))
        return first.is === 'granted' && isThere ? write(first.db) : first
      })
      .with('move', (): Answer => ({ is: 'granted', db: control.move?.(db, t) ?? db }))
      .with('commit', () => control.commit(db, t))
      .with('rollback', (): Answer => ({ is: 'granted', db: aborted(db, t) }))
      .exhaustive(),
  )
}

/** The database after a step for which the transaction does not wait. */
export function taken(system: System, db: Database, t: Id, step: Step): Database {
  const answer = ask(system, db, t, step)
  const after = answer.is === 'granted' ? answer.db : aborted(db, t)
  return step.is === 'rollback' ? after : judged(system, db, after, [{ t, step }])
}

/** The database after those who were aborted in a step, and not of their own accord, are ready to begin again. */
export function retried({ programs }: System, before: Database, after: Database): Database {
  const isToRetry = (t: Id): boolean => isChanged(before, after, t) && has(after, t, 'aborted') && programs[t]?.at(-1)?.is === 'commit'
  return ids(before.transactions.length)
    .filter(isToRetry)
    .reduce((db, t) => changed(db, t, { status: 'ready', done: 0, age: transaction(before, t).age }), after)
}

/** Who waits, in a database. */
export function waiting(system: System, db: Database): readonly Waiting[] {
  return ids(db.transactions.length).flatMap((t) => {
    const step = nextStep(system, db, t)
    const answer = step && ask(system, db, t, step)
    return step && answer?.is === 'waits' ? [{ t, step, for: answer.for }] : []
  })
}

/** Those who wait for themselves, by way of others: a deadlock. */
export function circle(all: readonly Waiting[]): readonly Id[] {
  const waitsFor = (t: Id): readonly Id[] => all.find((one) => one.t === t)?.for ?? []
  return all.map(({ t }) => t).filter((t) => reachable(t, waitsFor).has(t))
}

/** The database after these have been aborted to end a deadlock. */
export function withoutVictims(system: System, db: Database, victims: readonly Id[]): Database {
  return judged(system, db, victims.reduce(aborted, db), [])
}

/**
 * The database after somebody has waited for too long, and is aborted; or, by bug timeout-aborts-statement-only, gives up the write for
 * which it waited alone. Its client goes on, as if it had been done.
 */
export function timedOut(system: System, db: Database, { t, step }: Waiting, isStatementOnly: boolean): Database {
  if (!isStatementOnly || step.is !== 'write') return withoutVictims(system, db, [t])
  return changed(hasWritten(db, t, step.key as Key), t, { done: transaction(db, t).done + 1 })
}

function noted({ programs }: System, answer: ReadAnswer, t: Id, way: Read['way']): Answer {
  if (answer.is !== 'granted') return answer
  const { db, sees } = answer
  const { reads, done: step } = transaction(db, t)
  const isDraft = (key: Key, version: Version): boolean =>
    version !== null && has(db, version, 'running') && writesFrom(programs[version] ?? [], transaction(db, version).done, key)
  const seen = sees.map((one): Read => ({ ...one, step, way, ...(isDraft(one.key, one.version) && { isDraft: true }) }))
  return { is: 'granted', db: changed(db, t, { reads: [...reads, ...seen] }) }
}

function wrote(answer: Answer, t: Id, key: Key): Answer {
  if (answer.is !== 'granted') return answer
  return { is: 'granted', db: hasWritten(answer.db, t, key) }
}

function hasWritten(db: Database, t: Id, key: Key): Database {
  return changed(db, t, { writes: [...new Set([...transaction(db, t).writes, key])].sort() })
}

/** Notes of those who were aborted whether that was of any use. */
function judged(system: System, before: Database, after: Database, asked: readonly Request[]): Database {
  const isVictim = (t: Id): boolean => isChanged(before, after, t) && has(before, t, 'running') && has(after, t, 'aborted')
  const victims = ids(before.transactions.length).filter(isVictim)
  if (victims.length === 0) return after
  const requests = [...asked, ...waiting(system, before).filter(({ t }) => asked.every((one) => one.t !== t))]
  return victims.reduce((db, t) => changed(db, t, { isWasted: isSerializableFor(before, requests, t) }), after)
}

/** Whether something has become of a transaction; what has not changed need not be looked at. */
export function isChanged(before: Database, after: Database, t: Id): boolean {
  return after.transactions[t] !== before.transactions[t]
}
