/**
 * A trace of the model of transactions as a plan for a database: each transaction on a connection of its own, step by step in the order of
 * the trace. What a read returns is known from the model's state: the version that it saw stands for the value that its writer wrote.
 */
import type { State } from '../../../checker/index.ts'
import { type HistoryEvent, type IsolationLevel, judgeIsolation, tableOf, transactionsOf, type Value } from '../../../properties/index.ts'
import type { Replay } from '../../replay.ts'
import type { Outcome } from '../adapter.ts'
import type { TakenStep } from '../replayer.ts'
import type { Judged, Pattern, PlannedStep, Scenario } from '../scenario.ts'

/** The part of the model's state that tells what a step returned. */
interface Transaction {
  readonly reads: readonly { readonly key: string; readonly version: number | null }[]
}

/** What adapters of databases understand: the argument of `write` and `update` is a key and a value. */
export type TransactionOperation = 'begin' | 'read' | 'fetch' | 'readRows' | 'write' | 'update' | 'commit' | 'rollback'

/** The value of a version: transaction 0 writes 1, and 0 is there at first. */
const valueOf = (version: number | null): number => (version === null ? 0 : version + 1)

/**
 * @param level that of which our own oracle is asked what the clients saw
 * @throws Error for a trace of another model
 */
export function transactionsPlan({ trace, states, simulation }: Replay, level: IsolationLevel = 'serializable'): Scenario {
  const readsAfter = (state: State | undefined, t: number): Transaction['reads'] =>
    (simulation.record(state ?? [])[`transaction[${t}]`] as unknown as Transaction).reads
  return {
    name: `${trace.property} of ${trace.model}`,
    steps: trace.steps.map(({ action, args }, i) => {
      const t = args[0] as number
      return plannedStep(action, args, readsAfter(states[i + 1], t).slice(readsAfter(states[i], t).length), i + 1)
    }),
    history: historyOf,
    judge: (history) => judged(history, level),
  }
}

function plannedStep(action: string, args: readonly unknown[], seen: Transaction['reads'], of: number): PlannedStep {
  const [t, key] = args as [number, string | undefined]
  const actor = `T${t + 1}`
  const operation = action as TransactionOperation
  const isWrite = operation === 'write' || operation === 'update'
  const argument = key === undefined ? null : isWrite ? [key, valueOf(t)] : [key]
  return {
    step: { kind: 'operation', actor, operation, argument },
    text: `${actor}: ${operation}${key === undefined ? '' : ` ${key}`}${isWrite ? ` := ${valueOf(t)}` : ''}`,
    of,
    allowed: [expected(operation, seen)],
  }
}

function expected(operation: TransactionOperation, seen: Transaction['reads']): Pattern {
  if (operation === 'read' || operation === 'fetch' || operation === 'update')
    return { kind: 'ok', value: valueOf(seen[0]?.version ?? null) }
  if (operation !== 'readRows') return { kind: 'ok' }
  return { kind: 'ok', value: seen.flatMap(({ key, version }) => (version === null ? [] : [[key, valueOf(version)]])) }
}

/** A transaction is an operation of its actor, of all that it read and wrote. */
function historyOf(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  const open = new Map<string, OpenTransaction>()
  const end = (process: string, type: 'ok' | 'fail' | 'info'): void => {
    const { steps, began } = open.get(process) as OpenTransaction
    // What was read is known only in the end; what was asked for, from the beginning.
    const asked = steps.map(([f, key, value]): Value => [f, key, f === 'r' ? null : value])
    events[began] = { ...(events[began] as HistoryEvent<Value>), value: asked }
    events.push({ process, type, f: 'txn', value: type === 'ok' ? steps : asked })
    open.delete(process)
  }
  const note = (actor: string, operation: TransactionOperation, argument: Argument, outcome: Outcome): void => {
    const transaction = open.get(actor)
    if (transaction === undefined || outcome.kind === 'blocked') return
    if (outcome.kind !== 'ok') end(actor, outcome.kind === 'error' && outcome.definite ? 'fail' : 'info')
    else if (operation === 'commit' || operation === 'rollback') end(actor, operation === 'commit' ? 'ok' : 'fail')
    else transaction.steps.push(...microOperations(operation, argument, outcome.value as Value))
  }
  for (const { planned, outcome, completed } of taken) {
    const { step } = planned
    if (step.kind !== 'operation') continue
    if (step.operation === 'begin') {
      open.set(step.actor, { steps: [], began: events.length })
      events.push({ process: step.actor, type: 'invoke', f: 'txn', value: [] })
    }
    note(step.actor, step.operation as TransactionOperation, step.argument as Argument, outcome)
    for (const { actor, outcome: later } of completed) {
      const waited = taken.findLast((one) => one.planned.step.kind === 'operation' && one.planned.step.actor === actor)?.planned.step
      if (waited?.kind === 'operation') note(actor, waited.operation as TransactionOperation, waited.argument as Argument, later)
    }
  }
  for (const actor of [...open.keys()]) end(actor, 'info')
  return events.map((event, index) => ({ ...event, index }))
}

type Argument = readonly [key: string, value?: number] | null
type MicroOperation = readonly [f: 'r' | 'w', key: string, value: Value]

interface OpenTransaction {
  readonly steps: MicroOperation[]
  /** Where it was invoked. */
  readonly began: number
}

function microOperations(operation: TransactionOperation, argument: Argument, found: Value): readonly MicroOperation[] {
  const [key = '', value = 0] = argument ?? []
  const read = (of: string, version: Value): MicroOperation => ['r', of, version === 0 ? null : version]
  switch (operation) {
    case 'read':
    case 'fetch':
      return [read(key, found)]
    case 'update':
      return [read(key, found), ['w', key, value]]
    case 'write':
      return [['w', key, value]]
    case 'readRows': {
      const rows = new Map(found as [string, number][])
      return ['p', 'q'].map((row) => read(row, rows.get(row) ?? null))
    }
    default:
      return []
  }
}

function judged(history: readonly HistoryEvent<Value>[], level: IsolationLevel): Judged {
  const { levels, anomalies } = judgeIsolation(tableOf(transactionsOf(history)), { levels: [level], anomalies: true })
  const verdict = levels[0]?.verdict ?? 'unknown'
  const names = [...new Set(anomalies.map(({ name }) => name))]
  return { violated: verdict === 'violated', text: `${level} ${verdict}${names.length > 0 ? `: ${names.join(', ')}` : ''}` }
}
