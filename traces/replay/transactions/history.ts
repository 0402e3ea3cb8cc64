/** What the clients of a database saw, as a history of transactions: each is an operation of its actor, of all that it read and wrote. */
import type { HistoryEvent, Value } from '../../../properties/index.ts'
import type { Outcome, RealStep } from '../adapter.ts'
import type { TakenStep } from '../replayer.ts'
import type { TransactionOperation } from './requests.ts'

/**
 * An error ends a transaction, but for a statement that has waited for too long: its client goes on, as one does that does not look, and
 * what it is told in the end is true of all that it has asked for.
 */
export function transactionHistory(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
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
  const note = ({ actor, operation, argument }: Operation, outcome: Outcome): void => {
    const transaction = open.get(actor)
    if (transaction === undefined || outcome.kind === 'blocked') return
    const did = operation as TransactionOperation
    if (outcome.kind !== 'ok') end(actor, outcome.kind === 'error' && outcome.definite ? 'fail' : 'info')
    else if (did === 'commit' || did === 'rollback') end(actor, did === 'commit' ? 'ok' : 'fail')
    else transaction.steps.push(...microOperations(did, argument as Argument, outcome.value as Value))
  }
  for (const { planned, outcome, completed } of taken) {
    const { step } = planned
    if (step.kind === 'operation') {
      if (step.operation === 'begin') {
        open.set(step.actor, { steps: [], began: events.length })
        events.push({ process: step.actor, type: 'invoke', f: 'txn', value: [] })
      }
      note(step, outcome)
    }
    if (step.kind === 'expire') {
      const waited = lastOf(taken, step.what)
      if (waited?.operation === 'write') open.get(step.what)?.steps.push(...microOperations('write', waited.argument as Argument, null))
    }
    for (const { actor, outcome: later } of completed) {
      const waited = lastOf(taken, actor)
      if (waited !== undefined) note(waited, later)
    }
  }
  for (const actor of [...open.keys()]) end(actor, 'info')
  return events.map((event, index) => ({ ...event, index }))
}

type Operation = Extract<RealStep, { kind: 'operation' }>
type Argument = readonly [key: string, value?: number] | null
type MicroOperation = readonly [f: 'r' | 'w', key: string, value: Value]

interface OpenTransaction {
  readonly steps: MicroOperation[]
  /** Where it was invoked. */
  readonly began: number
}

/** The statement of an actor that was blocked last. */
function lastOf(taken: readonly TakenStep[], actor: string): Operation | undefined {
  const blocked = taken.findLast(
    ({ planned: { step }, outcome }) => step.kind === 'operation' && step.actor === actor && outcome.kind === 'blocked',
  )
  return blocked?.planned.step as Operation | undefined
}

function microOperations(operation: TransactionOperation, argument: Argument, found: Value): readonly MicroOperation[] {
  const [key = '', value = 0] = argument ?? []
  const read = (of: string, version: Value): MicroOperation => ['r', of, version === 0 ? null : version]
  switch (operation) {
    case 'read':
    case 'fetch':
      return [read(key, found)]
    case 'update':
      // There was nothing to write over.
      return found === null ? [read(key, null)] : [read(key, found), ['w', key, value]]
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
