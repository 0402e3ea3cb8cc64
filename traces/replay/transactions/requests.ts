/** What transactions ask of a database, as steps of a plan, and what the model's state says that comes of it. */
import type { State } from '../../../checker/index.ts'
import { type Program, torn, type WorkloadName, workloads, writesFrom } from '../../../models/transactions/workloads.ts'
import type { Replay } from '../../replay.ts'
import type { Pattern, PlannedStep } from '../scenario.ts'

/** What adapters of databases understand: the argument of `write` and `update` is a key and a value. */
export type TransactionOperation = 'begin' | 'limitWaits' | 'read' | 'fetch' | 'readRows' | 'write' | 'update' | 'commit' | 'rollback'

export interface Request {
  readonly is: TransactionOperation
  readonly key: string | null
  /** It writes a key that the transaction is to write again. */
  readonly isDraft?: boolean
}

/** The part of the model's state that tells what a step returned. */
interface Transaction {
  readonly status: 'ready' | 'running' | 'committed' | 'aborted'
  readonly done: number
  readonly reads: readonly Seen[]
}

interface Seen {
  /** The step of its program. */
  readonly step: number
  readonly key: string
  readonly version: number | null
  readonly isDraft?: true
}

export function actorOf(t: number): string {
  return `T${t + 1}`
}

/** A request of which anything may come, as long as it is granted. */
export function planned({ is, key, isDraft = false }: Request, t: number, of: number): PlannedStep {
  const actor = actorOf(t)
  const isWrite = is === 'write' || is === 'update'
  const value = valueOf(t, isDraft)
  return {
    step: { kind: 'operation', actor, operation: is, argument: key === null ? null : isWrite ? [key, value] : [key] },
    text: `${actor}: ${is}${key === null ? '' : ` ${key}`}${isWrite ? ` := ${value}` : ''}`,
    of,
    allowed: [{ kind: 'ok' }],
  }
}

/** What a transaction asks for next, in a state of the model. */
export function nextOf({ trace: { constants }, simulation }: Replay, state: State, t: number): Request {
  const program = workloads[constants['workload'] as WorkloadName][t] ?? []
  const steps: Program = constants['control'] === 'none' ? torn(program) : program
  const { done } = transactionIn(simulation, state, t)
  const { is, key } = steps[done] as Program[number]
  return { is: is as TransactionOperation, key, isDraft: key !== null && writesFrom(steps, done + 1, key) }
}

/**
 * What came of a request, in the model.
 * @param before the state in which it was asked for
 */
export function answerIn({ simulation }: Replay, before: State, after: State, t: number, { is, key }: Request): Pattern {
  const { done } = transactionIn(simulation, before, t)
  const seen = transactionIn(simulation, after, t).reads.filter(({ step }) => step === done)
  const values = seen.flatMap(({ key: of, version, isDraft }) => (version === null ? [] : [[of, valueOf(version, isDraft)] as const]))
  if (is === 'readRows') return { kind: 'ok', value: values }
  if (is !== 'read' && is !== 'fetch' && is !== 'update') return { kind: 'ok' }
  const isRow = key === 'p' || key === 'q'
  return { kind: 'ok', value: values[0]?.[1] ?? (isRow ? null : 0) }
}

/** Whether the model aborts the transaction that asks for it, instead of doing it. */
export function isAborted({ simulation }: Replay, after: State, t: number, { is }: Request): boolean {
  return is !== 'rollback' && transactionIn(simulation, after, t).status === 'aborted'
}

/** The value of a version: transaction 0 writes 1, and 101 before that if it writes a key twice. */
export function valueOf(version: number, isDraft = false): number {
  return version + (isDraft ? 101 : 1)
}

function transactionIn(simulation: Replay['simulation'], state: State, t: number): Transaction {
  return simulation.record(state)[`transaction[${t}]`] as unknown as Transaction
}
