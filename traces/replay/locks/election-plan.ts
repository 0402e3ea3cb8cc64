/**
 * A trace of the model chubby-cell as a plan for a lock that a majority of servers grants, each for a while: a candidate is a client, a
 * replica a server, a promise the key that only one client can set. Two masters are two holders. What time does comes as steps: a promise
 * ends at its server, and a client ceases to count on an answer that is too old by its own clock.
 *
 * The operation `ask` returns whether the server grants the lock; the delivery of its answer, and the timer by which that is too old, how
 * many grants the client counts on then.
 */
import { type Json, type State, UserError } from '../../../checker/index.ts'
import type { Replay } from '../../replay.ts'
import type { RealStep } from '../adapter.ts'
import type { PlannedStep, Scenario } from '../scenario.ts'
import { historyOfElection, judgeElection } from './judge-election.ts'
import { clientName } from './lock-plan.ts'

/** The part of a replica's state that a client and a server have between them. */
interface ModelReplica {
  readonly isUp: boolean
  readonly promise: { readonly to: number | null } | null
  readonly promised: readonly number[]
}

type Envelope = { readonly from: number; readonly message: { readonly kind: 'ask' | 'promise' } }

export const serverName = (id: number): string => `server ${id}`

/** @throws UserError `bad-option` for another property than `oneMaster`, and where a candidate crashes */
export function electionPlan({ trace, states, simulation: sim }: Replay): Scenario {
  if (trace.kind !== 'path' && trace.property !== 'oneMaster')
    throw new UserError('bad-option', `of chubby-cell, traces that violate oneMaster can be replayed; this one violates ${trace.property}`)
  const { replicas, candidates } = trace.constants as { readonly replicas: number; readonly candidates: number }
  const replicaIn = (state: State | undefined, id: number): ModelReplica =>
    sim.record(state ?? [])[`server[${id}]`] as unknown as ModelReplica
  const all = Array.from({ length: replicas }, (_, id) => id)

  const grantsOf = (state: State | undefined, client: number): number => replicaIn(state, client).promised.filter((left) => left > 0).length

  const answered = (client: number, server: number, i: number): PlannedStep => {
    const step: RealStep = { kind: 'deliver', from: serverName(server), to: clientName(client), message: 'answer' }
    return counting(step, `${serverName(server)} → ${clientName(client)}`, i + 1, grantsOf(states[i + 1], client))
  }
  const asked = (client: number, server: number, i: number): PlannedStep => {
    const [actor, node] = [clientName(client), serverName(server)]
    return {
      step: { kind: 'operation', actor, node, operation: 'ask', argument: null },
      text: `${actor}: asks ${node}`,
      of: i + 1,
      allowed: [{ kind: 'ok', value: true }],
      refusals: [{ kind: 'ok', value: false }],
      show: (value) => (value === true ? 'granted' : 'refused'),
    }
  }
  /** What ends because time passes. */
  const ended = (i: number): readonly PlannedStep[] =>
    all.flatMap((id) => {
      const [before, after] = [replicaIn(states[i], id), replicaIn(states[i + 1], id)]
      const lapsed = all.filter((other) => (before.promised[other] ?? 0) > 0 && after.promised[other] === 0)
      return [
        ...(before.promise !== null && after.promise === null ? [expiry(id, i + 1)] : []),
        ...lapsed.map((server, gone) => lapse(id, server, i + 1, grantsOf(states[i], id) - gone - 1)),
      ]
    })

  const planned = (action: string, args: readonly Json[], i: number): readonly PlannedStep[] => {
    const [id, envelope] = args as readonly [number, Envelope | undefined]
    switch (action) {
      case 'campaign':
        return [asked(id, id, i), answered(id, id, i)]
      case 'receive':
        if (envelope?.message.kind === 'ask') return [asked(envelope.from, id, i)]
        return envelope === undefined ? [] : [answered(id, envelope.from, i)]
      case 'crash':
        if (id < candidates)
          throw new UserError('bad-option', `in this trace replica ${id} crashes, which is a candidate, too; here they are apart`)
        return [plain({ kind: 'crash', node: serverName(id) }, `${serverName(id)} crashes`, i + 1)]
      case 'restart':
        return [plain({ kind: 'restart', node: serverName(id) }, `${serverName(id)} starts again`, i + 1)]
      default:
        return ended(i)
    }
  }
  return {
    name: `${trace.property} of ${trace.model}`,
    nodes: replicas,
    steps: trace.steps.flatMap(({ action, args }, i) => planned(action, args, i)),
    history: (taken) => historyOfElection(taken, replicas),
    judge: judgeElection,
  }
}

function expiry(server: number, of: number): PlannedStep {
  return plain({ kind: 'expire', what: serverName(server) }, `the lease ends at ${serverName(server)}`, of)
}

function lapse(client: number, server: number, of: number, left: number): PlannedStep {
  const step: RealStep = { kind: 'timer', node: clientName(client), timer: serverName(server) }
  return counting(step, `${clientName(client)} forgets ${serverName(server)}`, of, left)
}

function counting(step: RealStep, text: string, of: number, grants: number): PlannedStep {
  return { step, text, of, allowed: [{ kind: 'ok', value: grants }], show: (value) => `counts ${value}` }
}

function plain(step: RealStep, text: string, of: number): PlannedStep {
  return { step, text, of, allowed: [{ kind: 'ok', value: null }] }
}
