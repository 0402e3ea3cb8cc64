/**
 * Drives a primary and its replicas, each of which follows through a link of its own. Between the steps both directions of the links are
 * held: a replica gets a write when a step delivers it, and a primary hears of it when a step answers a client.
 */
import type { Json } from '../../../checker/index.ts'
import type { Adapter, Capability, Completed, Facts, Outcome, RealStep, StepResult } from '../adapter.ts'
import { type Direction, Link, type LinkMode } from '../servers/link.ts'
import { until } from './become.ts'
import {
  hasName,
  type ReplicatedServer,
  type ReplicationSettings,
  type ReplicationSystem,
  roleName,
  serverName,
} from './replicated-server.ts'
import { asInTheTrace } from './replication-levels.ts'

export class ReplicationGroup implements Adapter {
  readonly capabilities: ReadonlySet<Capability>
  readonly #system: ReplicationSystem
  readonly #settings: ReplicationSettings
  readonly #level: string
  readonly #servers = new Map<string, ReplicatedServer>()
  readonly #links = new Map<string, { readonly link: Link; readonly source: ReplicatedServer }>()
  #primary = serverName(0)

  /** @param level what the settings are called */
  constructor(system: ReplicationSystem, settings: ReplicationSettings, level: string) {
    this.#system = system
    this.#settings = settings
    this.#level = level
    this.capabilities = new Set([
      'operation',
      'deliver',
      'settle',
      'crash',
      'promote',
      ...(system.canDemote ? (['demote'] as const) : []),
    ] as const)
  }

  get name(): string {
    const { servers } = this.#settings
    return `${this.#system.name}, a primary and ${servers - 1} replica${servers > 2 ? 's' : ''}, ${this.#level}`
  }

  async setup(): Promise<void> {
    const primary = await this.#system.start(this.#primary, null)
    this.#servers.set(this.#primary, primary)
    const replicas = Array.from({ length: this.#settings.servers - 1 }, (_, i) => serverName(i + 1))
    await Promise.all(
      replicas.map(async (name) => {
        this.#servers.set(name, await this.#system.start(name, await this.#connect(name, primary)))
      }),
    )
    this.#setLinks('hold')
  }

  async step(step: RealStep): Promise<StepResult> {
    switch (step.kind) {
      case 'operation':
        return done(await this.#operate(step.actor, step.node ?? '', step.operation, step.argument))
      case 'deliver':
        return done(await this.#deliver(step.to, step.message as number))
      case 'settle': {
        const server = this.#server(step.node ?? '')
        await server.execute()
        return done(okay([...(await server.log())]))
      }
      case 'crash':
        return { outcome: okay(null), completed: await this.#server(step.node).crash() }
      case 'promote':
        return this.#promote(step.node)
      case 'demote':
        return this.#demote(step.node)
      default:
        throw new Error(`a primary and replicas cannot do this: ${step.kind}`)
    }
  }

  /** Of the servers that are up. At another level than the trace's own, they may have other things at other times. */
  async observe(): Promise<Facts> {
    if (this.#level !== asInTheTrace) return {}
    const facts: Record<string, Json> = {}
    for (const [name, server] of this.#servers) {
      if (!server.isUp) continue
      facts[roleName(name)] = await server.role()
      facts[hasName(name)] = await this.#held(name)
    }
    return facts
  }

  async reset(): Promise<boolean> {
    const servers = [...this.#servers.values()]
    if (servers.some(({ clear }) => clear === undefined)) return false
    for (const name of [...this.#links.keys()]) await this.#disconnect(name)
    await Promise.all(servers.map((server) => server.clear?.()))
    this.#primary = serverName(0)
    const [primary, ...replicas] = servers as [ReplicatedServer, ...ReplicatedServer[]]
    await Promise.all(replicas.map(async (replica) => replica.follow(await this.#connect(replica.name, primary))))
    this.#setLinks('hold')
    return true
  }

  async teardown(): Promise<void> {
    for (const server of this.#servers.values()) await server.close()
    for (const { link } of this.#links.values()) await link.close()
    this.#servers.clear()
    this.#links.clear()
  }

  async #operate(actor: string, node: string, operation: string, argument: Json): Promise<Outcome> {
    const isMoved = operation === 'read' && this.#settings.readsAtPrimary
    const server = this.#server(isMoved ? this.#primary : node)
    switch (operation) {
      case 'write':
        return server.write(actor, argument as number)
      case 'read':
        return server.read(actor)
      case 'log':
        return okay([...(await server.log())])
      case 'answer':
        return this.#answer(actor, server)
      case 'giveUp':
        return server.giveUp(actor)
      default:
        throw new Error(`there is no operation ${operation}`)
    }
  }

  async #deliver(to: string, id: number): Promise<Outcome> {
    const replica = this.#server(to)
    this.#links.get(to)?.link.set('back', 'pass')
    const isThere = await until(async () => (await this.#held(to)).includes(id))
    this.#links.get(to)?.link.set('back', 'hold')
    return isThere ? okay(await this.#held(replica.name)) : { kind: 'unknown' }
  }

  /** What its replicas have to say reaches the primary, which then says whether that is enough. */
  async #answer(actor: string, primary: ReplicatedServer): Promise<Outcome> {
    const followers = [...this.#links].filter(([, { source }]) => source === primary)
    for (const [, { link }] of followers) link.set('there', 'pass')
    const isKnown = await until(async () => {
      for (const [name] of followers) {
        const replica = this.#server(name)
        const target = lastUpTo([...primary.positions.values()], await replica.acknowledges())
        if ((await primary.knownOf(replica)) < target) return false
      }
      return true
    })
    const outcome = isKnown ? await primary.answer(actor) : ({ kind: 'unknown' } as const)
    for (const [, { link }] of followers) link.set('there', 'hold')
    return outcome
  }

  async #promote(node: string): Promise<StepResult> {
    const completed = this.#settings.fencesOldPrimary ? await this.#server(this.#primary).crash() : []
    const server = this.#server(node)
    await server.promote()
    await this.#disconnect(node)
    this.#primary = node
    return { outcome: okay([...(await server.log())]), completed }
  }

  async #demote(node: string): Promise<StepResult> {
    const server = this.#server(node)
    await this.#disconnect(node)
    const completed = await server.follow(await this.#connect(node, this.#server(this.#primary)))
    this.#setLinks('hold')
    return { outcome: okay(null), completed }
  }

  /** What a replica has, executed or not. */
  async #held(name: string): Promise<number[]> {
    const replica = this.#server(name)
    const received = await replica.received()
    const written = [...(this.#links.get(name)?.source.positions ?? [])]
    return [...new Set([...(await replica.log()), ...written.flatMap(([id, position]) => (position <= received ? [id] : []))])]
  }

  /** @returns the port at which the source is there for this replica */
  async #connect(replica: string, source: ReplicatedServer): Promise<number> {
    const link = new Link(source.port)
    this.#links.set(replica, { link, source })
    return link.listen()
  }

  async #disconnect(replica: string): Promise<void> {
    await this.#links.get(replica)?.link.close()
    this.#links.delete(replica)
  }

  #setLinks(mode: LinkMode): void {
    const directions: readonly Direction[] = ['there', 'back']
    for (const { link } of this.#links.values()) for (const direction of directions) link.set(direction, mode)
  }

  #server(name: string): ReplicatedServer {
    const server = this.#servers.get(name)
    if (server === undefined) throw new Error(`there is no ${name}`)
    return server
  }
}

function lastUpTo(positions: readonly number[], end: number): number {
  return Math.max(0, ...positions.filter((position) => position <= end))
}

function okay(value: Json): Outcome {
  return { kind: 'ok', value }
}

function done(outcome: Outcome, completed: readonly Completed[] = []): StepResult {
  return { outcome, completed }
}
