/**
 * Linearizability (Herlihy & Wing, TOPLAS 1990) of what the clients of a model see, judged while they see it: `verify` without a
 * recorded history. Its value is not the history but what can be made of it (see configurations.ts).
 */
import { HistoryError } from '../errors.ts'
import { unplaceable } from '../linearizability/explain.ts'
import { Machine } from '../linearizability/machine.ts'
import { requireOperation } from '../operation.ts'
import { operationName } from '../operation-text.ts'
import type { Spec } from '../spec.ts'
import { keyOf, showValue, type Value } from '../value.ts'
import { type Configuration, Configurations, hasTakenEffect } from './configurations.ts'
import { type Call, Effects, type Ending, operationOf } from './effects.ts'
import { type Answer, impossible, inserted, openOf, type Plain, type Process, plainOf, without } from './monitor.ts'

export interface HistoryOptions {
  /** What `fail` says: the operation did not happen (the default), or it ran and its client observed a failure that the specification knows. */
  readonly fail?: 'did-not-happen' | 'observed'
  /** The state at the start, instead of the specification's own. */
  readonly initial?: Plain
}

/** The value of a history: what is open and all that can have happened, or why nothing can. */
export type HistoryValue = { readonly open: readonly Call[]; readonly possible: readonly Configuration[] } | { readonly violated: string }

/** The events of operations, in the words of histories. After `info`, the process goes on as if it were another one. */
export interface OperationEvents<V> {
  readonly invoke: (value: V, process: Process, f: string, input?: Plain) => V
  readonly ok: (value: V, process: Process, output?: Plain) => V
  /** The operation failed. */
  readonly fail: (value: V, process: Process) => V
  /** Nobody will know whether it happens, now or later, or never. */
  readonly info: (value: V, process: Process) => V
}

export interface HistoryMonitor<V = HistoryValue> {
  readonly name: string
  readonly initial: V
  readonly events: OperationEvents<V>
  readonly questions: {
    readonly linearizable: (value: V) => Answer
    /** Whether no operation is open; once violated, nobody looks any more. */
    readonly isQuiet: (value: V) => boolean
  }
}

/**
 * Watches operations on one object.
 * @throws HistoryError `specification` for one that looks at times, which models do not have
 */
export function history<S extends Value>(spec: Spec<S>, { fail = 'did-not-happen', initial }: HistoryOptions = {}): HistoryMonitor {
  const general = spec as unknown as Spec
  if (spec.timed) throw new HistoryError('specification', `${spec.name} looks at the times of operations, and models have none`)
  const sets = new Configurations(new Effects(general, fail === 'observed'))

  const end = (value: HistoryValue, process: Process, ending: Ending, how: string): HistoryValue => {
    if ('violated' in value) return value
    const call = openOf(value.open, process) ?? impossible(process, `ends an operation (${how}) without having invoked one`)
    const before = value.possible
    const open = without(value.open, process)
    if (ending === 'fail' && fail === 'did-not-happen') {
      const possible = before.filter((one) => !hasTakenEffect(one, call))
      if (possible.length > 0) return { open, possible: sets.essential(possible, open) }
      const sentence = `${operationName(operationOf(call, 'fail'))} did not happen, but no order explains what the others saw without it`
      return { violated: sentence }
    }
    const possible = sets.ended(before, call, ending, open)
    if (possible.length > 0) return { open, possible: sets.essential(possible, open) }
    return {
      violated: unexplained(
        general,
        call,
        ending,
        sets.reachable(before, open).flatMap((one) => sets.statesOf(one)),
      ),
    }
  }

  return {
    name: `history of ${spec.name}`,
    initial: { open: [], possible: [{ state: initial ?? plainOf(spec.initial), placed: [], crashed: [], steps: [] }] },
    events: {
      invoke: (value, process, f, input = null) => {
        requireOperation(f, general)
        if ('violated' in value) return value
        const already = openOf(value.open, process)
        if (already) impossible(process, `invokes ${f} while its ${already.f} is open`)
        return { ...value, open: inserted(value.open, { process, f, input }) }
      },
      ok: (value, process, output = null) => end(value, process, { ok: output }, 'ok'),
      fail: (value, process) => end(value, process, 'fail', 'fail'),
      info: (value, process) => {
        if ('violated' in value) return value
        const call = openOf(value.open, process) ?? impossible(process, 'ends an operation (info) without having invoked one')
        const open = without(value.open, process)
        const waiting = spec.observers.has(call.f) ? null : spec.perProcess ? call : { ...call, process: 'crashed' }
        const possible = sets.crashed(value.possible, call, waiting)
        return { open, possible: sets.essential(possible, open) }
      },
    },
    questions: {
      linearizable: (value) => ('violated' in value ? value.violated : true),
      isQuiet: (value) => 'violated' in value || value.open.length === 0,
    },
  }
}

/** Which return has no explanation, and in which states it was looked for. */
function unexplained(spec: Spec, call: Call, ending: Ending, before: readonly Plain[]): string {
  const machine = new Machine(spec)
  const failing = typeof ending === 'object' ? operationOf(call, 'ok', ending.ok) : operationOf(call, 'fail')
  const states = [...new Map(before.map((state) => [keyOf(state), state])).values()]
  const refusing = states.map((state) => ({ state: showValue(state), refusal: machine.refusal(machine.stateId(state), failing) }))
  return unplaceable(failing, refusing)
}
