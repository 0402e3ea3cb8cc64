/**
 * A network between nodes as one slot. It holds the messages in flight, unordered or fifo per channel, and brings its own
 * fault actions, each with a budget so that the state space stays finite: drop, duplicate, partition (a two-sided split
 * across which nothing is delivered; messages wait) and heal. A protocol author writes only `on.receive`.
 *
 * Omitted: corruption of messages, and one-way partitions.
 */
import { onlyKeys, UserError } from '../errors.ts'
import { type Action, eraseAction, fairness, type NetworkActions, type NetworkTag, type ReceiveSpec, wrapping } from './actions.ts'
import { type BagDraft, bags, type CompositeSlot, cell, composite, type FifoDraft, fifos, type Id, ids, type Slot } from './slots.ts'
import type { Layout, StateObject } from './state.ts'

export interface NetworkOptions {
  readonly nodes: number
  /** `unordered` (the default): any message in flight may come next. `fifo`: each channel keeps its order. */
  readonly order?: 'unordered' | 'fifo'
  /** How many messages may be lost; 0 by default. */
  readonly drops?: number
  /** How many messages may arrive a second time; 0 by default. */
  readonly duplicates?: number
  /** How often the network may split in two; 0 by default. */
  readonly partitions?: number
  /** Whether no partition lasts for ever: `heal` is then weakly fair. `false` by default. */
  readonly heals?: boolean
}

/** A message in flight, with its sender. */
export interface Envelope<M> {
  readonly from: Id
  readonly message: M
}

export interface NetworkView<M> {
  /** How many messages are in flight, copies counted. */
  readonly size: number
  /** The distinct messages on their way to a node. */
  pending(to: number): Envelope<M>[]
  /** Whether messages pass between these two now. */
  connected(a: number, b: number): boolean
}

export interface NetworkDraft<M> extends NetworkView<M> {
  send(from: number, to: number, message: M): void
  /** Sends to every node but the sender. */
  broadcast(from: number, message: M): void
}

export type NetworkSlot<M> = CompositeSlot<NetworkView<M>, NetworkDraft<M>> & NetworkTag<M>

export function network<M>(options: NetworkOptions): NetworkSlot<M> {
  const { nodes, drops = 0, duplicates = 0, partitions = 0 } = options
  validate(options)
  const transport = options.order === 'fifo' ? fifoTransport(nodes) : bagTransport(nodes)
  const parts: Record<string, Slot<unknown, unknown>> = { [transport.part]: transport.slot }
  if (drops > 0) parts['drops'] = cell(drops)
  if (duplicates > 0) parts['duplicates'] = cell(duplicates)
  if (partitions > 0) Object.assign(parts, { partitions: cell(partitions), side: cell<readonly Id[] | null>(null) })
  const handle = (s: StateObject, name: string): Handle => (s as Record<string, Handle>)[name] as Handle

  const receive = (name: string, spec: ReceiveSpec<Layout, unknown>): Action => {
    const { when } = spec
    const guarded = partitions > 0 || when !== undefined
    return {
      each: transport.lanes,
      over: wrapping((s, lane) => transport.deliverable(handle(s, name).parts, lane), {
        own: null,
        also: 'a message that can be delivered',
      }),
      when: guarded
        ? wrapping(
            (s, lane, envelope) => {
              const [to, { from, message }] = [transport.to(lane), envelope as Envelope<unknown>]
              return handle(s, name).connected(from, to) && (when?.(s, to, message, from) ?? true)
            },
            { own: when ?? null, also: partitions > 0 ? 'no partition between sender and receiver' : '' },
          )
        : null,
      then: (s, lane, envelope) => {
        transport.take(handle(s, name).parts, lane, envelope)
        const { from, message } = envelope as Envelope<unknown>
        return spec.then(s, transport.to(lane), message, from)
      },
      process: transport.to,
      fair: fairness(spec.fair),
      by: null,
    }
  }

  const perMessage = (name: string, budget: string, effect: Transport['take']): Action => ({
    each: transport.lanes,
    over: wrapping((s, lane) => (handle(s, name).left(budget) ? transport.deliverable(handle(s, name).parts, lane) : []), {
      own: null,
      also: `a message, and something left of the budget ${budget}`,
    }),
    when: null,
    then: (s, lane, envelope) => {
      handle(s, name).spend(budget)
      effect(handle(s, name).parts, lane, envelope)
    },
    process: () => null,
    // A network that may lose may also never lose.
    fair: null,
    by: null,
  })

  const faults = (name: string): Record<string, Action> => ({
    ...(drops > 0 && { drop: perMessage(name, 'drops', transport.take) }),
    ...(duplicates > 0 && { duplicate: perMessage(name, 'duplicates', transport.repeat) }),
    ...(partitions > 0 && {
      partition: {
        ...eraseAction<Layout, readonly Id[], never>({
          each: splits(nodes),
          when: wrapping((s) => handle(s, name).parts['side'] === null && handle(s, name).left('partitions'), {
            own: null,
            also: 'no partition now, and something left of the budget partitions',
          }),
          then: (s, side) => {
            handle(s, name).spend('partitions')
            handle(s, name).parts['side'] = side
          },
        }),
        process: () => null,
      },
      heal: {
        ...eraseAction<Layout, never, never>({
          when: wrapping((s) => handle(s, name).parts['side'] !== null, { own: null, also: 'a partition' }),
          then: (s) => {
            handle(s, name).parts['side'] = null
          },
          ...(options.heals === true && { fair: 'weak' as const }),
        }),
        process: () => null,
      },
    }),
  })

  const slot = composite<NetworkView<M>, NetworkDraft<M>>(parts, (state) => new Handle(state, nodes, transport))
  return Object.assign(slot, { receive, faults } satisfies NetworkActions)
}

type Parts = Record<string, unknown>

/** A lane is what is delivered from independently: an inbox, or one channel of a fifo network. */
interface Transport {
  readonly part: string
  readonly slot: Slot<unknown, unknown>
  readonly lanes: readonly unknown[]
  to(lane: unknown): Id
  put(parts: Parts, to: number, envelope: Envelope<unknown>): void
  deliverable(parts: Parts, lane: unknown): Iterable<unknown>
  take(parts: Parts, lane: unknown, envelope: unknown): void
  repeat(parts: Parts, lane: unknown, envelope: unknown): void
  pending(parts: Parts, to: number): unknown[]
  size(parts: Parts): number
}

function bagTransport(nodes: number): Transport {
  const inbox = (parts: Parts, to: unknown) => (parts['inbox'] as BagDraft<unknown>[])[to as number] as BagDraft<unknown>
  return {
    part: 'inbox',
    slot: bags(nodes),
    lanes: ids(nodes),
    to: (lane) => lane as Id,
    put: (parts, to, envelope) => inbox(parts, to).add(envelope),
    deliverable: inbox,
    take: (parts, to, envelope) => inbox(parts, to).remove(envelope),
    repeat: (parts, to, envelope) => inbox(parts, to).add(envelope),
    pending: (parts, to) => [...inbox(parts, to)],
    size: (parts) => ids(nodes).reduce<number>((sum, to) => sum + inbox(parts, to).size, 0),
  }
}

function fifoTransport(nodes: number): Transport {
  const at = (parts: Parts, to: number, from: number) => (parts['channel'] as FifoDraft<unknown>[])[to * nodes + from] as FifoDraft<unknown>
  const channel = (parts: Parts, lane: unknown) => at(parts, (lane as [number, number])[0], (lane as [number, number])[1])
  return {
    part: 'channel',
    slot: fifos(nodes * nodes),
    lanes: ids(nodes).flatMap((to) => ids(nodes).map((from) => [to, from])),
    to: (lane) => (lane as [Id, Id])[0],
    put: (parts, to, envelope) => at(parts, to, envelope.from).push(envelope),
    deliverable: (parts, lane) => channel(parts, lane).front,
    take: (parts, lane) => channel(parts, lane).shift(),
    // A retransmission: the copy arrives after what was sent meanwhile.
    repeat: (parts, lane, envelope) => channel(parts, lane).push(envelope),
    pending: (parts, to) => ids(nodes).flatMap((from) => [...at(parts, to, from)]),
    size: (parts) => (parts['channel'] as FifoDraft<unknown>[]).reduce((sum, channel) => sum + channel.length, 0),
  }
}

class Handle {
  readonly parts: Parts
  readonly #nodes: number
  readonly #transport: Transport

  constructor(parts: Parts, nodes: number, transport: Transport) {
    this.parts = parts
    this.#nodes = nodes
    this.#transport = transport
  }

  send(from: Id, to: Id, message: unknown): void {
    for (const node of [from, to]) {
      if (Number.isInteger(node) && node >= 0 && node < this.#nodes) continue
      throw new UserError('bad-operation', `there is no node ${String(node)} to send from or to; nodes are 0 to ${this.#nodes - 1}`)
    }
    this.#transport.put(this.parts, to, { from, message })
  }

  broadcast(from: Id, message: unknown): void {
    for (const to of ids(this.#nodes)) if (to !== from) this.send(from, to, message)
  }

  pending(to: number): unknown[] {
    return this.#transport.pending(this.parts, to)
  }

  get size(): number {
    return this.#transport.size(this.parts)
  }

  connected(a: number, b: number): boolean {
    const side = (this.parts['side'] ?? null) as readonly number[] | null
    return side === null || side.includes(a) === side.includes(b)
  }

  left(budget: string): boolean {
    return (this.parts[budget] as number) > 0
  }

  spend(budget: string): void {
    this.parts[budget] = (this.parts[budget] as number) - 1
  }
}

function validate(options: NetworkOptions): void {
  onlyKeys('a network', options, ['nodes', 'order', 'drops', 'duplicates', 'partitions', 'heals'])
  const { nodes, order = 'unordered', heals = false, ...budgets } = options
  if (!Number.isInteger(nodes) || nodes < 1)
    throw new UserError('bad-model', `a network needs a whole number of nodes, at least 1, not ${nodes}`)
  if (order !== 'unordered' && order !== 'fifo') throw new UserError('bad-model', `a network is unordered or fifo, not ${String(order)}`)
  if (typeof heals !== 'boolean') throw new UserError('bad-model', `heals of a network must be true or false, not ${String(heals)}`)
  for (const [name, budget] of Object.entries(budgets)) {
    if (budget !== undefined && (!Number.isInteger(budget) || budget < 0)) {
      throw new UserError('bad-model', `${name} of a network must be a whole number of at least 0, not ${budget}`)
    }
  }
}

/** Every way to split nodes in two, given as the side without node 0. */
function splits(nodes: number): Id[][] {
  const others = ids(nodes).slice(1)
  return Array.from({ length: 2 ** others.length - 1 }, (_, mask) => others.filter((_, i) => ((mask + 1) >> i) & 1))
}
