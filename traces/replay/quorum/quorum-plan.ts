/**
 * A trace of the model dynamo, with last-writer-wins, as a plan for servers under a coordinator: a client's request is an operation, and
 * whatever a server does for it is a delivery, which tells what has become of the request. One that needs more servers is blocked, by the
 * word of its coordinator.
 */
import type { Json, State, Step } from '../../../checker/index.ts'
import type { Operation, Process } from '../../../models/dynamo/clients.ts'
import { type Node, type Put, read } from '../../../models/dynamo/node.ts'
import { merge, type Versions, valueOf } from '../../../models/dynamo/versions.ts'
import type { Replay } from '../../replay.ts'
import type { RealStep } from '../adapter.ts'
import type { ExpectedFacts, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { type Ended, historyOfQuorum, judgeQuorum } from './judge-quorum.ts'
import { refusedStep, requireReplayable } from './replayable.ts'

export type QuorumMessage =
  /** To the coordinator of this client, what a server has. */
  | { readonly answerTo: string }
  /** To a server: what it is to store, and the client that waits for that. */
  | { readonly store: number; readonly waits: string | null }
  /** To a server that is back: what another one has kept for it. */
  | { readonly hint: true }
  /** To the coordinator itself: what a client waits for is to be stored by one more, that is back or stands in. */
  | { readonly sendLater: string; readonly server: number }

export const clientName = (id: number): string => `client ${id}`
export const serverName = (id: number): string => `server ${id}`
export const coordinatorName = (id: number): string => `coordinator ${id}`

/** What the fact is called that says what a server has: of its own, or for another one; null for nothing. */
export function storedName(id: number, owner: number | null): string {
  return `${serverName(id)}: ${owner === null ? 'has' : `keeps for server ${owner}`}`
}

type Deliverable = { readonly from: number; readonly message: Put }

/** @throws UserError `bad-option` for a trace that cannot be taken on these servers */
export function quorumPlan(replayed: Replay): Scenario {
  const { trace, states } = replayed
  requireReplayable(trace)
  const nodes = trace.constants['nodes'] as number
  const steps = trace.steps.flatMap((step, i) => {
    const at = new PlannedAt(replayed, i)
    return at.steps(step).map((planned) => ({ ...planned, facts: at.facts(nodes) }))
  })
  return {
    name: `${trace.property} of ${trace.model}`,
    nodes,
    steps: trace.property === 'durability' ? [...steps, new PlannedAt(replayed, states.length - 1).audit(nodes)] : steps,
    history: historyOfQuorum,
    judge: (history) => judgeQuorum(history, trace.property),
  }
}

/** What is to be done for one step of the trace. */
class PlannedAt {
  readonly #replayed: Replay
  readonly #i: number

  constructor(replayed: Replay, i: number) {
    this.#replayed = replayed
    this.#i = i
  }

  steps({ action, args }: Step): readonly PlannedStep[] {
    switch (action) {
      case 'ask':
        return [this.#ask(args as unknown as readonly [number, { readonly operation: Operation; readonly coordinator: number }])]
      case 'answer':
        return [this.#answer(args as readonly [number, number])]
      case 'receive':
        return [this.#receive(args as unknown as readonly [number, Deliverable])]
      case 'handoff': {
        const [from, hint] = args as unknown as readonly [number, { readonly for: number }]
        const text = `${serverName(from)} hands over what is for ${hint.for}`
        return [this.#plain(delivery(serverName(from), serverName(hint.for), { hint: true }), text)]
      }
      case 'crash':
      case 'restart': {
        const node = serverName(args[0] as number)
        return [this.#plain({ kind: action, node }, `${node} ${action === 'crash' ? 'crashes' : 'starts again'}`)]
      }
      case 'suspect':
      case 'trust': {
        const [by, whom] = args[0] as readonly [number, number]
        const [from, to] = [coordinatorName(by), serverName(whom)]
        const [mode, words] = action === 'suspect' ? (['cut', 'failed'] as const) : (['pass', 'healthy'] as const)
        return [this.#plain({ kind: 'link', from, to, mode }, `${from} takes ${to} for ${words}`)]
      }
      case 'sendLater': {
        const [id, { node }] = args as unknown as readonly [number, { readonly node: number }]
        const coordinator = coordinatorName(this.#client(id).request?.coordinator ?? 0)
        const step = delivery(coordinator, coordinator, { sendLater: clientName(id), server: node })
        return [this.#plain(step, `${coordinator} sends it to ${serverName(node)}, too`)]
      }
      case 'drop':
        // What is lost does not arrive.
        return []
      default:
        throw refusedStep(action)
    }
  }

  /** What servers have after it that are up. */
  facts(nodes: number): ExpectedFacts {
    const ids = Array.from({ length: nodes }, (_, id) => id)
    const known = ids.flatMap((id) => {
      const { isUp, held, hints } = this.#node(id, 1)
      const hinted = (owner: number): Versions => hints.find((hint) => hint.for === owner)?.versions ?? []
      const all = [[storedName(id, null), held[0] ?? []] as const, ...ids.map((owner) => [storedName(id, owner), hinted(owner)] as const)]
      return isUp ? all.map(([name, versions]) => [name, { allowed: [valueOf(versions)] }] as const) : []
    })
    return Object.fromEntries(known)
  }

  /** A read of all servers once the trace is over. */
  audit(nodes: number): PlannedStep {
    const everything = Array.from({ length: nodes }, (_, id) => read(this.#node(id), 0)).reduce((all, some) => merge(all, some), [])
    const step: RealStep = { kind: 'operation', actor: 'auditor', operation: 'read', argument: null }
    return { step, text: 'auditor: read all servers', of: this.#i, ...this.#ended('auditor', valueOf(everything)) }
  }

  #ask([id, { operation, coordinator }]: readonly [number, { readonly operation: Operation; readonly coordinator: number }]): PlannedStep {
    const actor = clientName(id)
    const argument = operation.f === 'write' ? operation.write : null
    const words = argument === null ? 'read' : `write ${argument}`
    const step: RealStep = { kind: 'operation', actor, node: coordinatorName(coordinator), operation: operation.f, argument }
    return { step, text: `${actor}: ${words} at ${coordinator}`, of: this.#i + 1, ...this.#becomes(id, []) }
  }

  #answer([id, from]: readonly [number, number]): PlannedStep {
    const { coordinator = 0 } = this.#client(id).request ?? {}
    const step = delivery(serverName(from), coordinatorName(coordinator), { answerTo: clientName(id) })
    const text = `${serverName(from)} answers ${clientName(id)}`
    return { step, text, of: this.#i + 1, ...this.#becomes(id, read(this.#node(from), 0)) }
  }

  #receive([to, { from, message }]: readonly [number, Deliverable]): PlannedStep {
    const waits = this.#clients().find((id) => JSON.stringify(this.#client(id)) !== JSON.stringify(this.#client(id, 1)))
    const store = message.versions[0]?.write ?? 0
    if (waits === undefined)
      return this.#plain(delivery(coordinatorName(from), serverName(to), { store, waits: null }), `${serverName(to)} stores ${store}`)
    const step = delivery(coordinatorName(from), serverName(to), { store, waits: clientName(waits) })
    return { step, text: `${serverName(to)} stores for ${clientName(waits)}`, of: this.#i + 1, ...this.#becomes(waits, []) }
  }

  /** What becomes of a client's request in this step, in which it has this answer. */
  #becomes(id: number, answer: Versions): Pick<PlannedStep, 'allowed' | 'refusals' | 'show'> {
    const isOver = this.#client(id, 1).answers > this.#client(id).answers
    if (!isOver) return { allowed: [{ kind: 'blocked' }], show: shown }
    const { operation } = this.#asked(id)
    if (operation.f === 'write') return this.#ended(clientName(id), operation.write)
    const { phase } = this.#client(id).request ?? {}
    return this.#ended(clientName(id), valueOf(phase?.is === 'storing' ? phase.versions : merge(phase?.result ?? [], answer)))
  }

  /** A system that does better returns what was written later. */
  #ended(client: string, value: number | null): Pick<PlannedStep, 'allowed' | 'refusals' | 'show'> {
    const returns = (one: number | null): Pattern => ({ kind: 'ok', value: { client, returns: one } satisfies Ended })
    const later = Array.from({ length: 9 }, (_, at) => at + 1).filter((write) => write > (value ?? 0))
    return { allowed: [returns(value)], refusals: later.map(returns), show: shown }
  }

  /** What the client has asked last. */
  #asked(id: number): { readonly operation: Operation } {
    const { steps } = this.#replayed.trace
    const asked = steps.slice(0, this.#i + 1).findLast(({ action, args }) => action === 'ask' && args[0] === id)
    return asked?.args[1] as unknown as { readonly operation: Operation }
  }

  #plain(step: RealStep, text: string): PlannedStep {
    return { step, text, of: this.#i + 1, allowed: [{ kind: 'ok', value: null }], show: shown }
  }

  #clients(): readonly number[] {
    const { writers, readers } = this.#replayed.trace.constants as { readonly writers: number; readonly readers: number }
    return Array.from({ length: writers + readers }, (_, id) => id)
  }

  #client(id: number, later: 0 | 1 = 0): Process {
    return this.#slot(this.#replayed.states[this.#i + later], `client[${id}]`) as unknown as Process
  }

  #node(id: number, later: 0 | 1 = 0): Node {
    return this.#slot(this.#replayed.states[this.#i + later], `server[${id}]`) as unknown as Node
  }

  #slot(state: State | undefined, name: string): Json {
    return this.#replayed.simulation.record(state ?? [])[name] ?? null
  }
}

function delivery(from: string, to: string, message: QuorumMessage): RealStep {
  return { kind: 'deliver', from, to, message }
}

function shown(value: unknown): string {
  return value === null ? 'ok' : `${(value as Ended).returns ?? 'nothing'}`
}
