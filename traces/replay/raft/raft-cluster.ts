/**
 * Drives a cluster of real Raft nodes inside this process. Between the steps nothing moves: messages wait in a pool until a step delivers
 * one, timers strike by a step, and a step ends when the nodes have nothing left to do.
 */
import type { Json } from '../../../checker/index.ts'
import type { Adapter, Capability, Facts, RealStep, StepResult } from '../adapter.ts'
import { factsOf, type Packet, type RaftLibrary, type RaftNode, type Seen, serverName } from './library.ts'

/** What a step comes to: what can be seen of the server that takes it, and of others only if they have changed, too. */
export type RaftValue = Seen & { readonly server: string; readonly others?: Readonly<Record<string, Seen>> }

export class RaftCluster implements Adapter {
  readonly name: string
  readonly capabilities: ReadonlySet<Capability> = new Set([
    'timer',
    'operation',
    'deliver',
    'begin',
    'finish',
    'drop',
    'duplicate',
    'restart',
    'settle',
  ] as const)
  readonly #library: RaftLibrary
  readonly #servers: number
  #members: Member[] = []
  /** What could be seen of each after the last step. */
  #seen: readonly Seen[] = []
  /** What is on its way. What the model does not have, such as heartbeats, stays here: to the nodes it is late. */
  #pool: Packet[] = []

  constructor(library: RaftLibrary, servers: number) {
    this.name = `${library.name}, ${servers} nodes`
    this.#library = library
    this.#servers = servers
  }

  async setup(): Promise<void> {
    this.#pool = []
    this.#members = Array.from({ length: this.#servers }, (_, self) => {
      const disk = this.#library.makeDisk(this.#servers)
      return { disk, node: this.#start(self, disk), unfinished: [] }
    })
    this.#seen = await this.#seeAll()
  }

  async step(step: RealStep): Promise<StepResult> {
    const before = this.#seen
    try {
      const missing = await this.#take(step)
      if (missing !== null) return { outcome: { kind: 'error', code: 'no-message', message: missing, definite: false }, completed: [] }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { outcome: { kind: 'error', code: 'threw', message, definite: false }, completed: [] }
    } finally {
      this.#seen = await this.#seeAll()
    }
    return { outcome: { kind: 'ok', value: valueOf(actorOf(step), before, this.#seen) }, completed: [] }
  }

  async observe(): Promise<Facts> {
    return Object.assign({}, ...this.#seen.map((seen, server) => factsOf(server, seen))) as Facts
  }

  /** Other nodes with other disks: what the old ones had under way reaches nobody. */
  async reset(): Promise<boolean> {
    await this.teardown()
    await this.setup()
    return true
  }

  async teardown(): Promise<void> {
    for (const { node } of this.#members) await node.crash()
    this.#members = []
  }

  /** What the step needs and there is not, in words; null where it was taken. */
  async #take(step: RealStep): Promise<string | null> {
    switch (step.kind) {
      case 'timer': {
        const { node } = this.#member(step.node)
        await (step.timer === 'election' ? node.electionTimeout() : node.heartbeatTimeout())
        return null
      }
      case 'operation':
        await this.#member(step.node ?? '').node.request()
        return null
      case 'restart': {
        const member = this.#member(step.node)
        await member.node.crash()
        member.unfinished = []
        member.node = this.#start(this.#members.indexOf(member), member.disk)
        return null
      }
      case 'settle':
        return null
      case 'deliver':
      case 'begin':
      case 'drop':
      case 'duplicate':
        return this.#move(step)
      case 'finish': {
        const { unfinished } = this.#member(step.to)
        const at = unfinished.findIndex(({ packet }) => isIt(packet, step))
        const [one] = at < 0 ? [] : unfinished.splice(at, 1)
        await one?.goOn()
        return one === undefined ? `${step.to} has not begun to handle it` : null
      }
      default:
        throw new Error(`a cluster of Raft nodes cannot do this: ${step.kind}`)
    }
  }

  async #move(step: MessageStep): Promise<string | null> {
    const packet = this.#pool.find((one) => isIt(one, step))
    if (packet === undefined) return `${step.from} has sent no such message`
    if (step.kind === 'duplicate') this.#pool.push(packet)
    else this.#pool.splice(this.#pool.indexOf(packet), 1)
    if (step.kind === 'drop' || step.kind === 'duplicate') return null
    const member = this.#member(step.to)
    const goOn = member.node.begin(packet)
    if (step.kind === 'begin') member.unfinished.push({ packet, goOn })
    else await goOn()
    return null
  }

  #start(self: number, disk: unknown): RaftNode {
    return this.#library.start(self, this.#servers, disk, (packet) => this.#pool.push(packet))
  }

  #member(name: string): Member {
    const member = this.#members.find((_, server) => serverName(server) === name)
    if (member === undefined) throw new Error(`there is no ${name}`)
    return member
  }

  async #seeAll(): Promise<readonly Seen[]> {
    return Promise.all(this.#members.map(({ node }) => node.see()))
  }
}

interface Member {
  readonly disk: unknown
  node: RaftNode
  /** Messages that it has begun to handle. */
  unfinished: { readonly packet: Packet; readonly goOn: () => Promise<void> }[]
}

type MessageStep = Extract<RealStep, { readonly message: Json }>

/** Whether a packet is what the model calls a message: of this kind and term, between these two, and with this answer. */
function isIt({ from, to, kind, term, granted, entries }: Packet, step: MessageStep): boolean {
  const message = step.message as { kind: Packet['kind']; term: number; voteGranted?: boolean; success?: boolean; entries?: Json[] }
  const answer = message.voteGranted ?? message.success ?? null
  const isOfKind = kind === message.kind || (kind === 'refusal' && answer === false)
  return (
    serverName(from) === step.from &&
    serverName(to) === step.to &&
    isOfKind &&
    term === message.term &&
    granted === answer &&
    entries === (message.entries?.length ?? 0)
  )
}

/** The server that a step changes; a step of the network changes none. */
function actorOf(step: RealStep): string | null {
  if (step.kind === 'deliver' || step.kind === 'begin' || step.kind === 'finish') return step.to
  return 'node' in step && step.node !== undefined ? step.node : null
}

function valueOf(actor: string | null, before: readonly Seen[], after: readonly Seen[]): Json {
  const changed = after.flatMap((seen, server): [string, Seen][] => {
    const isChanged = JSON.stringify(seen) !== JSON.stringify(before[server])
    return isChanged && serverName(server) !== actor ? [[serverName(server), seen]] : []
  })
  const own = after.find((_, server) => serverName(server) === actor)
  const others = changed.length > 0 ? { others: Object.fromEntries(changed) } : null
  return own === undefined || actor === null ? others : { server: actor, ...own, ...others }
}
