/**
 * A trace of the model of Raft as a plan for a cluster of real nodes. After each step, what can be seen of the node that takes it is held
 * against the model's state; where it is instead what the model without its bugs would come to, the node has prevented the mistake.
 */
import { type Id, type Json, type State, UserError } from '../../../checker/index.ts'
import { raft } from '../../../models/index.ts'
import type { Replay } from '../../replay.ts'
import type { RealStep } from '../adapter.ts'
import { correctStates } from '../correct-model.ts'
import type { ExpectedFacts, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { judgedProperties, judgeRaft, seenOfServers } from './judge-raft.ts'
import { factsOf, type Seen, serverName } from './library.ts'

/** The part of a server's state in the model that can be seen. */
interface ModelServer {
  readonly role: { readonly is: Seen['role']; readonly nextIndex?: readonly number[] }
  readonly currentTerm: number
  readonly votedFor: number | null
  readonly deciding?: readonly number[]
  readonly log: readonly { readonly term: number }[]
  readonly commitIndex: number
}

interface Envelope {
  readonly from: Id
  readonly message: { readonly kind: string; readonly term: number }
}

/** @throws UserError `bad-option` for a trace whose property cannot be judged from outside */
export function raftPlan(replayed: Replay): Scenario {
  const { trace, states, simulation: sim } = replayed
  if (trace.kind !== 'path' && !judgedProperties.includes(trace.property))
    throw new UserError(
      'bad-option',
      `of raft, traces that violate ${judgedProperties.join(' or ')} can be replayed; this one violates ${trace.property}`,
    )
  const { model, constants, steps } = trace
  const servers = constants['servers'] as number
  const correct = correctStates(raft, replayed)
  const serverIn = (state: State | undefined, server: number): ModelServer =>
    sim.record(state ?? [])[`server[${server}]`] as unknown as ModelServer

  const planned = (action: string, args: readonly Json[], i: number): PlannedStep => {
    const [before, after] = [states[i] ?? [], states[i + 1]]
    const server = actorOf(action, args)
    const expected = server === null ? null : serverIn(after, server)
    const { step, text } = stepOf(action, args, expected, (id) => serverIn(before, id))
    return {
      step,
      text,
      of: i + 1,
      allowed: server === null || expected === null ? [{ kind: 'ok', value: null }] : patterns(server, expected),
      facts: factsAfter(Array.from({ length: servers }, (_, id) => serverIn(after, id))),
      ...(server !== null && { refusals: (correct[i] ?? []).flatMap((state) => patterns(server, serverIn(state, server))) }),
      show: shown,
    }
  }
  return {
    name: `${trace.property} of ${model}`,
    nodes: servers,
    steps: steps.map(({ action, args }, i) => planned(action, args, i)),
    history: seenOfServers,
    judge: (history) => judgeRaft(history, trace.property),
  }
}

/** The server whose state a step changes. */
function actorOf(action: string, args: readonly Json[]): number | null {
  if (action === 'drop' || action === 'duplicate') return null
  return [args[0]].flat()[0] as number
}

function stepOf(
  action: string,
  args: readonly Json[],
  after: ModelServer | null,
  serverIn: (id: number) => ModelServer,
): { readonly step: RealStep; readonly text: string } {
  const self = [args[0]].flat()[0] as number
  const node = serverName(self)
  switch (action) {
    case 'timeout':
      return { step: { kind: 'timer', node, timer: 'election' }, text: `${node}: election timeout` }
    case 'clientRequest':
      return { step: { kind: 'operation', actor: 'client', node, operation: 'request', argument: null }, text: `${node}: client request` }
    case 'restart':
      return { step: { kind: 'restart', node }, text: `${node}: restart` }
    case 'replicate':
    case 'retry': {
      const to = (args[0] as readonly number[])[1] as number
      // A library sends entries when a client asks for them; what is committed since it tells with its heartbeats.
      const { role, log } = serverIn(self)
      const isToldLater = (role.nextIndex?.[to] ?? 1) > log.length
      const step: RealStep = isToldLater ? { kind: 'timer', node, timer: 'heartbeat' } : { kind: 'settle', node }
      return { step, text: `${node}: replicate to ${to}` }
    }
    case 'noteVote': {
      const candidate = args[1] as number
      const message = { kind: 'requestVote', term: serverIn(self).currentTerm }
      return { step: { kind: 'finish', from: serverName(candidate), to: node, message }, text: `${node}: its disk answers` }
    }
    case 'receive':
    case 'drop':
    case 'duplicate': {
      const { from, message } = args[1] as unknown as Envelope
      const isBegun = action === 'receive' && message.kind === 'requestVote' && after?.deciding?.includes(from) === true
      const kind = isBegun ? 'begin' : action === 'receive' ? 'deliver' : action
      const arrow = { begin: '→', deliver: '→', drop: '↛', duplicate: '⇉' }[kind]
      return {
        step: { kind, from: serverName(from), to: node, message: message as unknown as Json },
        text: `${from} ${arrow} ${self}: ${message.kind}${isBegun ? '…' : ''}`,
      }
    }
    default:
      throw new UserError('bad-option', `a step of raft that cannot be taken on real nodes: ${action}`)
  }
}

function patterns(server: number, state: ModelServer): readonly Pattern[] {
  return seenIn(state).map((seen) => ({ kind: 'ok', value: { server: serverName(server), ...seen } }))
}

/** A vote that is being decided may be noted already: that is for the node to say when it is done. */
function seenIn({ role, currentTerm: term, votedFor, deciding = [], log, commitIndex: committed }: ModelServer): readonly Seen[] {
  return [votedFor, ...deciding].map((vote) => ({ role: role.is, term, votedFor: vote, log: log.map((entry) => entry.term), committed }))
}

function factsAfter(states: readonly ModelServer[]): ExpectedFacts {
  const facts = states.flatMap((state, server) => seenIn(state).flatMap((seen) => Object.entries(factsOf(server, seen))))
  const names = new Set(facts.map(([name]) => name))
  return Object.fromEntries([...names].map((name) => [name, { allowed: facts.flatMap(([of, value]) => (of === name ? [value] : [])) }]))
}

function shown(value: unknown): string {
  const { role, term, votedFor, log, committed, others } = value as Seen & { readonly others?: Readonly<Record<string, Seen>> }
  if (role === undefined) return `also ${Object.keys(others ?? {}).join(', ')}`
  const vote = votedFor === null ? 'no vote' : `vote ${votedFor}`
  const entries = log.length === 0 ? '' : `, log ${log.slice(0, committed).join(' ')}|${log.slice(committed).join(' ')}`
  return `${role} ${term}, ${vote}${entries}${others === undefined ? '' : `; also ${Object.keys(others).join(', ')}`}`
}
