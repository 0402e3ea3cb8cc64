/**
 * A trace of the model chubby as a plan for a lock whose lease runs out: clients acquire it in turn and act under it on a resource. The
 * end of a session is that of the lease. A client that has looked at its lease and whose request arrives later is one that pauses in
 * between; while it is paused it sends nothing. What has to do with sessions alone has no counterpart.
 */
import { type Json, type State, UserError } from '../../../checker/index.ts'
import type { Replay } from '../../replay.ts'
import type { ExpectedFacts, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { historyOfLock, judgeLock } from './judge-lock.ts'

/**
 * What adapters of locks understand. `acquire` returns the number of the holder, from 1, or null; `use` is an act of the client as the
 * holder that it was last. `delete` is a release that does not ask who holds the lock, which no step of the model is.
 */
export type LockOperation = 'acquire' | 'release' | 'delete' | 'use'

interface ModelLock {
  readonly holder: number | null
  readonly generation: number
}

type Message = { readonly kind: string; readonly epoch?: number }

/** Facts: the client that holds the lock, or null; and as which holder, from 1, the resource has acted last, 0 before that. */
export const heldBy = 'lock: held by'
export const actedFor = 'resource: has acted for holder'

export const clientName = (id: number): string => `client ${id}`

/** @throws UserError `bad-option` for another property than `ordered`, and for masters that fail */
export function lockPlan({ trace, states, simulation: sim }: Replay): Scenario {
  if (trace.kind !== 'path' && trace.property !== 'ordered')
    throw new UserError('bad-option', `of chubby, traces that violate ordered can be replayed; this one violates ${trace.property}`)
  const clients = trace.constants['clients'] as number
  const slot = (state: State | undefined, name: string): unknown => sim.record(state ?? [])[name]
  const lockIn = (state: State | undefined): ModelLock => slot(state, 'lock') as ModelLock
  const paused = new Set<number>()

  const planned = (action: string, args: readonly Json[], i: number): readonly PlannedStep[] => {
    const [before, after] = [states[i], states[i + 1]]
    const [first, envelope] = args as [number, { readonly from: number; readonly message: Message } | undefined]
    const of = i + 1
    switch (action) {
      case 'receive': {
        if (first !== clients || envelope === undefined) return []
        const { from, message } = envelope
        const { generation, holder } = lockIn(after)
        if (message.kind === 'acquire' && generation > lockIn(before).generation)
          return [operation(from, 'acquire', of, [{ kind: 'ok', value: generation }], [{ kind: 'ok', value: null }])]
        if (message.kind === 'release' && lockIn(before).holder === from && holder === null)
          return [operation(from, 'release', of, [{ kind: 'ok', value: 1 }])]
        return []
      }
      case 'act': {
        // A request that arrives at once has not waited for anything.
        if (trace.steps[i + 1]?.action === 'arrive' && trace.steps[i + 1]?.args[0] === first) return []
        paused.add(first)
        return [step({ kind: 'pause', node: clientName(first) }, `${clientName(first)}: pauses`, of)]
      }
      case 'arrive': {
        const { generation } = slot(before, `request[${first}]`) as { readonly generation: number }
        const isRefused = generation < (slot(before, 'resource') as number) && slot(after, 'resource') !== generation
        const use = operation(first, 'use', of, [isRefused ? { kind: 'error', codes: ['FENCED'] } : { kind: 'ok' }])
        if (!paused.delete(first)) return [use]
        return [step({ kind: 'resume', node: clientName(first) }, `${clientName(first)}: goes on`, of), use]
      }
      case 'endSession':
        return lockIn(before).holder === first ? [step({ kind: 'expire', what: 'lock' }, `the lease of ${clientName(first)} ends`, of)] : []
      case 'fail':
      case 'elect':
        throw new UserError('bad-option', 'this trace has masters that fail; replay one with failovers=0')
      default:
        return []
    }
  }
  /** Of the steps that are of the same step of the model, the state is known after the last one. */
  const withFacts = (steps: readonly PlannedStep[], state: State | undefined): readonly PlannedStep[] =>
    steps.map((one, i) => (i + 1 < steps.length ? one : { ...one, facts: factsOf(lockIn(state), slot(state, 'resource') as number) }))
  const { holder, generation } = lockIn(states[0])
  const held = holder === null ? [] : [operation(holder, 'acquire', 0, [{ kind: 'ok', value: generation }])]
  return {
    name: `${trace.property} of ${trace.model}`,
    steps: [
      ...withFacts(held, states[0]),
      ...trace.steps.flatMap(({ action, args }, i) => withFacts(planned(action, args, i), states[i + 1])),
    ],
    history: historyOfLock,
    judge: judgeLock,
  }
}

function factsOf({ holder }: ModelLock, resource: number): ExpectedFacts {
  return { [heldBy]: { allowed: [holder === null ? null : clientName(holder)] }, [actedFor]: { allowed: [resource] } }
}

function operation(
  client: number,
  name: Exclude<LockOperation, 'delete'>,
  of: number,
  allowed: readonly Pattern[],
  refusals: readonly Pattern[] = [],
): PlannedStep {
  const actor = clientName(client)
  const words = { acquire: 'acquire the lock', release: 'release the lock', use: 'act' }[name]
  return {
    step: { kind: 'operation', actor, operation: name, argument: null },
    text: `${actor}: ${words}`,
    of,
    allowed,
    refusals,
    ...(name === 'acquire' && { show: shownHolder, showsNull: true }),
  }
}

function step(real: PlannedStep['step'], text: string, of: number): PlannedStep {
  return { step: real, text, of, allowed: [{ kind: 'ok' }] }
}

const shownHolder = (value: unknown): string => (value === null ? 'another client holds it' : `holder ${value}`)
