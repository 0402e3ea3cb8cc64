/**
 * A trace of the model of replication as a plan for a primary and replicas of a real system. A transaction appends its number to a log,
 * whose last entry is what readers see; what servers hold after each step is held against the model's state.
 */
import { type Json, type State, UserError } from '../../../checker/index.ts'
import { programs } from '../../../models/replication/clients.ts'
import { currentPrimary, held, type Server, shown, sourceOf } from '../../../models/replication/server.ts'
import { isReplicated } from '../../../models/replication/shipping.ts'
import type { Constants } from '../../../models/replication/state.ts'
import type { Replay } from '../../replay.ts'
import type { RealStep } from '../adapter.ts'
import type { ExpectedFacts, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { judgedProperties, judgeReplication, seenByClients } from './judge-replication.ts'
import { hasName, nothing, roleName, serverName } from './replicated-server.ts'

/** The part of the model's state that is read. */
interface ModelState {
  readonly servers: readonly Server[]
  readonly clients: readonly { readonly answers: number; readonly waitsAt: number | null }[]
}

/** What the client has been told when too few replicas have its write. */
export const tooFew = 'too few replicas'

/** @throws UserError `bad-option` for a trace whose property cannot be judged from outside */
export function replicationPlan({ trace, states, simulation: sim }: Replay): Scenario {
  const { model, property, steps } = trace
  const constants = trace.constants as unknown as Constants
  if (trace.kind !== 'path' && !judgedProperties.includes(property))
    throw new UserError(
      'bad-option',
      `of replication, traces that violate ${judgedProperties.join(' or ')} can be replayed; this one violates ${property}`,
    )
  const clients = programs(constants.clients)
  const modelState = (state: State | undefined): ModelState => {
    const record = sim.record(state ?? [])
    const all = <T>(count: number, name: string): T[] => Array.from({ length: count }, (_, i) => record[`${name}[${i}]`] as unknown as T)
    return { servers: all(constants.servers, 'server'), clients: all(clients.length, 'client') }
  }
  const seen = states.map(modelState)
  const after = (i: number): ModelState => seen[i + 1] as ModelState
  const acknowledged: number[] = []
  /** By server that has come to follow another one: what it has got with that, which the model ships later. */
  const copied = new Map<number, readonly number[]>()

  const planned = ({ action, args }: (typeof steps)[number], i: number): PlannedStep => {
    const [before, then] = [seen[i] as ModelState, after(i)]
    const taken = stepOf(action, args, before, then, constants, clients)
    const isLost = taken.waits === true && seen.slice(i + 2).some((state) => hasGivenUp(state, taken.client ?? 0))
    if (taken.acknowledges !== undefined) acknowledged.push(taken.acknowledges)
    if (action === 'follow')
      copied.set(
        [args[0]].flat()[0] as number,
        currentPrimary(then.servers as unknown as Parameters<typeof currentPrimary>[0]).log.map(({ id }) => id),
      )
    return {
      step: taken.step,
      text: taken.text,
      of: i + 1,
      allowed: isLost ? [...taken.allowed, { kind: 'error' }] : taken.allowed,
      refusals: refusalsOf(action, then, acknowledged),
      show: shownText,
      facts: factsIn(then, copied),
    }
  }
  const all = steps.map(planned)
  return {
    name: `${property} of ${model}`,
    nodes: constants.servers,
    steps: [...all, ...lastLooks(property, after(steps.length - 1), steps.length, acknowledged)],
    history: seenByClients,
    judge: (history) => judgeReplication(history, property),
  }

  /** The client has gone on without an answer, since its server was stopped or told to follow. */
  function hasGivenUp({ clients: states }: ModelState, client: number): boolean {
    const state = states[client]
    return state?.waitsAt === null && !steps.some(({ action, args }) => action === 'answer' && [args[0]].flat()[1] === client)
  }
}

/** Of servers that are up. A primary has what it shows, a replica all that it has received. */
function factsIn({ servers }: ModelState, copied: ReadonlyMap<number, readonly number[]>): ExpectedFacts {
  const known = servers.flatMap((server, i) => {
    const has = (server.role === 'primary' ? server.log : held(server)).map(({ id }) => id)
    const early = copied.get(i) ?? []
    const facts: readonly (readonly [string, readonly Json[]])[] = [
      [roleName(serverName(i)), [server.role]],
      [hasName(serverName(i)), [has, [...early, ...has.filter((id) => !early.includes(id))]]],
    ]
    return server.isUp ? facts : []
  })
  return Object.fromEntries(known.map(([name, allowed]) => [name, { allowed }]))
}

interface Taken {
  readonly step: RealStep
  readonly text: string
  readonly allowed: readonly Pattern[]
  /** The client waits after it. */
  readonly waits?: boolean
  readonly client?: number
  /** The write that a client is told to be done. */
  readonly acknowledges?: number
}

function stepOf(
  action: string,
  args: readonly Json[],
  before: ModelState,
  then: ModelState,
  constants: Constants,
  clients: ReturnType<typeof programs>,
): Taken {
  const [server = 0, client = 0] = [args[0]].flat() as number[]
  const node = serverName(server)
  const actor = `client ${client}`
  const [own, later] = [before.servers[server] as Server, then.servers[server] as Server]
  const holds = (entries: readonly { readonly id: number }[]): readonly Pattern[] => [{ kind: 'ok', value: entries.map(({ id }) => id) }]
  const operation = (name: string, argument: Json = null): RealStep => ({ kind: 'operation', actor, node, operation: name, argument })
  switch (action) {
    case 'write': {
      const { id } = args[1] as { readonly id: number }
      const waits = then.clients[client]?.waitsAt !== null
      const allowed: readonly Pattern[] = [waits ? { kind: 'blocked' } : { kind: 'ok', value: null }]
      const taken = { step: operation('write', id), text: `${actor}: write ${id} at ${server}`, allowed, waits, client }
      return waits ? taken : { ...taken, acknowledges: id }
    }
    case 'answer': {
      const id = clients[client]?.[before.clients[client]?.answers ?? 0]?.id ?? 0
      const isDue = isReplicated(own, id, before.servers as unknown as Parameters<typeof isReplicated>[2], constants)
      const text = `${actor}: ${isDue ? 'is answered' : 'waits no longer'}`
      return { step: operation(isDue ? 'answer' : 'giveUp'), text, allowed: [{ kind: 'ok', value: null }], acknowledges: id }
    }
    case 'read':
      return { step: operation('read'), text: `${actor}: read at ${server}`, allowed: [{ kind: 'ok', value: shown(own) ?? nothing }] }
    case 'ship': {
      const source = before.servers.indexOf(sourceOf(own, before.servers as unknown as Parameters<typeof sourceOf>[1]) as Server)
      const id = held(later).find((entry) => !held(own).some((had) => had.id === entry.id))?.id ?? 0
      const step: RealStep = { kind: 'deliver', from: serverName(source), to: node, message: id }
      return { step, text: `${source} → ${server}: write ${id}`, allowed: holds(held(later)) }
    }
    case 'execute':
      return { step: { kind: 'settle', node }, text: `${node}: execute`, allowed: holds(later.log) }
    case 'fence':
      return { step: { kind: 'crash', node }, text: `${node}: stop it`, allowed: [{ kind: 'ok', value: null }] }
    case 'promote':
      return { step: { kind: 'promote', node }, text: `${node}: promote`, allowed: holds(later.log) }
    case 'follow':
      return { step: { kind: 'demote', node }, text: `${node}: follow`, allowed: [{ kind: 'ok', value: null }] }
    default:
      throw new UserError('bad-option', `a step of replication that cannot be taken on real servers: ${action}`)
  }
}

/** What servers show that keep the promise: what the primary shows, or has, or the last write that was acknowledged. Or the client learns the truth. */
function refusalsOf(action: string, { servers }: ModelState, acknowledged: readonly number[]): readonly Pattern[] {
  if (action === 'answer') return [{ kind: 'error', codes: [tooFew] }]
  if (action !== 'read') return []
  const primary = currentPrimary(servers as unknown as Parameters<typeof currentPrimary>[0])
  return [shown(primary), held(primary).at(-1)?.value, acknowledged.at(-1)].map((value) => ({ kind: 'ok', value: value ?? nothing }))
}

/** Where the promise is about what servers hold, somebody looks in the end. */
function lastLooks(property: string, { servers }: ModelState, of: number, acknowledged: readonly number[]): readonly PlannedStep[] {
  const leaders = [...servers.keys()].filter((i) => servers[i]?.role === 'primary' && servers[i]?.isUp)
  const newest = Math.max(...servers.map(({ epoch }) => epoch))
  const looked = property === 'onePrimary' ? leaders : property === 'durable' ? leaders.filter((i) => servers[i]?.epoch === newest) : []
  return looked.map((server): PlannedStep => {
    const node = serverName(server)
    const log = servers[server]?.log.map(({ id }) => id) ?? []
    const complete = [...log, ...acknowledged.filter((id) => !log.includes(id))]
    return {
      step: { kind: 'operation', actor: 'observer', node, operation: 'log', argument: null },
      text: `${node}: what it has`,
      of,
      allowed: [{ kind: 'ok', value: log }],
      ...(property === 'durable' && { refusals: [{ kind: 'ok', value: complete }] }),
      show: shownText,
    }
  })
}

function shownText(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  return value.length === 0 ? 'has nothing' : `has ${value.join(', ')}`
}
