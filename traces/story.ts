/**
 * What happened in a trace, step by step, in terms of nodes and messages: which message was sent by whom, to whom, and in
 * which step it arrived or was lost. A message is what an action puts into, or takes out of, a mailbox: a member of a
 * family of bags, fifos or sets, such as the inboxes and channels of a network. Everything else is a change of a slot.
 */
import type { Effect, Json, State, Transition } from '../checker/index.ts'
import { canonicalKey } from '../checker/language/json.ts'
import type { AccumulatorKind } from '../checker/language/slots.ts'
import type { FlatSlot } from '../checker/language/state.ts'
import { type Change, diff } from './diff.ts'
import { type LaneCall, Parties } from './parties.ts'
import type { Replay } from './replay.ts'

export interface Message {
  /** `m1`, `m2` and so on, in the order of sending; `call 1` and so on of what takes no time. */
  readonly name: string
  /** Lanes. */
  readonly from: number | null
  readonly to: number
  readonly content: Json
  /** How the slot holds it: with its envelope, in a network. */
  readonly element: Json
}

/** An operation on a slot that is no mailbox: what came, what went, or what else was done. */
export interface Operation {
  readonly slot: string
  readonly sign: '+' | '-' | ''
  readonly text: string
  readonly argument: Json
}

export interface StoryStep {
  readonly transition: Transition
  /** Whose step it is; `null`: the environment's. */
  readonly lane: number | null
  /** `lost` and `copied` are the environment's doing; the others an action's. */
  readonly arrived: readonly Message[]
  readonly lost: readonly Message[]
  readonly copied: readonly { readonly original: Message; readonly copy: Message }[]
  readonly sent: readonly Message[]
  /** What is asked or answered at once. Its content is null where the arguments of the step say it. */
  readonly called: readonly Message[]
  readonly changes: readonly Change[]
  readonly operations: readonly Operation[]
  /** The nodes on the side without node 0, from now on; `null` when healed; absent without a change. */
  readonly cut?: readonly number[] | null
  /** What is left of the fault budget that the step used. */
  readonly budget: number | null
}

export interface Story {
  /** The lanes: of who can act and who can be sent to, ascending. */
  readonly nodes: readonly number[]
  /** How lanes are called. */
  readonly parties: Parties
  readonly steps: readonly StoryStep[]
  /** Sent (or there initially) and neither delivered nor lost. */
  readonly inFlight: readonly Message[]
  /** Whether a slot is the network's own business: told as messages and faults rather than as changes. */
  readonly hidden: (slot: number) => boolean
}

/** What a story is told of. */
export type Told = Pick<Replay, 'program' | 'states' | 'transitions'>

export function tellStory(replay: Told): Story {
  const { slots } = replay.program.shape
  const acting = replay.program.actions.flatMap((action) => action.each.flatMap((each) => action.process(each) ?? []))
  const boxes = mailboxes(slots, acting)
  const parties = new Parties(replay.program)
  const post = new Post(replay, boxes)
  const networks = new Set([...boxes.values()].flatMap(({ network }) => network ?? []))
  const steps = replay.transitions.map((transition, i) => {
    const [before, after] = [replay.states[i], replay.states[i + 1]] as [State, State]
    const lane = parties.laneOf(before, transition)
    return new Teller(slots, post, networks, transition, before, lane).tell(parties.callsOf(before, after, transition))
  })
  const numbers = [...acting, ...[...boxes.values()].map(({ to }) => to)]
  const hidden = (slot: number): boolean => boxes.has(slot) || networkPart(slots[slot]?.name ?? '', networks) !== null
  return { nodes: lanesOf(parties.count, numbers, steps), parties, steps, inFlight: post.inFlight(), hidden }
}

/** Where there are roles, they are who takes part, and whoever else is seen. */
function lanesOf(named: number, numbers: readonly number[], steps: readonly StoryStep[]): number[] {
  const seen = steps.flatMap(({ lane, sent, arrived, lost }) => [
    ...(lane === null ? [] : [lane]),
    ...[...sent, ...arrived, ...lost].flatMap(({ from, to }) => (from === null ? [to] : [from, to])),
  ])
  const lanes = named === 0 ? numbers : [...Array(named).keys(), ...seen]
  return [...new Set(lanes)].sort((a, b) => a - b)
}

/** No party takes it, and it is not what becomes of a message. */
export function isOutside({ lane, lost, copied, cut }: StoryStep): boolean {
  return lane === null && lost.length + copied.length === 0 && cut === undefined
}

interface Mailbox {
  readonly to: number
  /** The sender, where the mailbox is a channel. */
  readonly from: number | null
  readonly network: string | null
  readonly kind: AccumulatorKind
}

function mailboxes(slots: readonly FlatSlot[], acting: readonly number[]): Map<number, Mailbox> {
  const boxes = new Map<number, Mailbox>()
  const sizes = new Map<string, number>()
  for (const { family } of slots) sizes.set(family, (sizes.get(family) ?? 0) + 1)
  const nodesMax = Math.max(-1, ...acting) + 1
  for (const [at, { family, index, slot }] of slots.entries()) {
    if (index === null || slot.kind !== 'accumulator' || slot.type.sends === undefined) continue
    const size = sizes.get(family) ?? 0
    const [, network = null, part = null] = /^(.+)\.(inbox|channel)$/.exec(family) ?? []
    const side = Math.round(Math.sqrt(size))
    if (part === 'channel' && side * side === size)
      boxes.set(at, { to: Math.floor(index / side), from: index % side, network, kind: slot.type })
    // A family of another size is not one of a mailbox per node.
    else if (part === 'inbox' || size <= nodesMax) boxes.set(at, { to: index, from: null, network, kind: slot.type })
  }
  return boxes
}

/** The name of a network's part, such as `drops` or `side`, if the slot is one. */
function networkPart(name: string, networks: ReadonlySet<string>): string | null {
  const dot = name.lastIndexOf('.')
  return dot > 0 && networks.has(name.slice(0, dot)) ? name.slice(dot + 1) : null
}

/** The messages in every mailbox, each with its name. */
class Post {
  readonly boxes: ReadonlyMap<number, Mailbox>
  /** By slot; of calls that are on their way, by lanes. */
  readonly #waiting = new Map<number | string, Message[]>()
  #count = 0
  #calls = 0

  constructor(replay: Told, boxes: ReadonlyMap<number, Mailbox>) {
    this.boxes = boxes
    for (const slot of boxes.keys())
      for (const element of (replay.states[0]?.[slot] ?? []) as readonly Json[]) this.put(slot, element, null)
  }

  put(slot: number, element: Json, sender: number | null): Message {
    const box = this.boxes.get(slot) as Mailbox
    const enveloped = box.network !== null && isEnvelope(element)
    const from = box.from ?? (enveloped ? element.from : sender)
    const message = { name: `m${++this.#count}`, from, to: box.to, content: enveloped ? element.message : element, element }
    return this.#wait(slot, message)
  }

  /** A call that is on its way from now on. */
  sent({ from, to, message }: LaneCall): Message {
    return this.#wait(`${from} ${to}`, { name: `m${++this.#count}`, from, to, content: message, element: message })
  }

  /** The first call on its way between these two. */
  arrived({ from, to }: LaneCall): Message | undefined {
    const key = `${from} ${to}`
    const [first, ...rest] = this.#waiting.get(key) ?? []
    this.#waiting.set(key, rest)
    return first
  }

  atOnce({ from, to, message }: LaneCall): Message {
    return { name: `call ${++this.#calls}`, from, to, content: message, element: message }
  }

  #wait(key: number | string, message: Message): Message {
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), message])
    return message
  }

  /** Of equal messages, the one that was sent first. */
  find(slot: number, element: Json): Message | undefined {
    const key = canonicalKey(element)
    return this.#waiting.get(slot)?.find((message) => canonicalKey(message.element) === key)
  }

  take(slot: number, element: Json): Message {
    const message = this.find(slot, element) ?? this.put(slot, element, null)
    this.#waiting.set(
      slot,
      (this.#waiting.get(slot) ?? []).filter((other) => other !== message),
    )
    return message
  }

  // A set keeps what was added, so that staying there does not mean being on the way.
  inFlight(): Message[] {
    const waiting = [...this.#waiting].flatMap(([slot, messages]) =>
      typeof slot === 'number' && this.boxes.get(slot)?.kind.name === 'set' ? [] : messages,
    )
    return waiting.sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)))
  }
}

/** Tells one step. */
class Teller {
  readonly #slots: readonly FlatSlot[]
  readonly #post: Post
  readonly #networks: ReadonlySet<string>
  readonly #transition: Transition
  readonly #lane: number | null
  /** Slot values as the operations of the step pass by. */
  readonly #values: Json[]
  readonly #taken: Message[] = []
  readonly #sent: Message[] = []
  readonly #called: Message[] = []
  readonly #copied: { original: Message; copy: Message }[] = []
  readonly #changes: Change[] = []
  readonly #operations: Operation[] = []
  #cut: readonly number[] | null | undefined
  #budget: number | null = null

  constructor(
    slots: readonly FlatSlot[],
    post: Post,
    networks: ReadonlySet<string>,
    transition: Transition,
    before: readonly Json[],
    lane: number | null,
  ) {
    this.#slots = slots
    this.#post = post
    this.#networks = networks
    this.#transition = transition
    this.#lane = lane
    this.#values = [...before]
  }

  tell(calls: readonly LaneCall[]): StoryStep {
    for (const effect of this.#transition.effects) {
      if (effect.kind === 'write') this.#write(effect)
      else this.#operate(effect)
    }
    // The environment takes a message and does nothing with it.
    const lost = this.#lane === null && this.#sent.length + this.#changes.length + this.#operations.length === 0
    for (const call of calls) this.#call(call)
    return {
      transition: this.#transition,
      lane: this.#lane,
      arrived: lost ? [] : this.#taken,
      lost: lost ? this.#taken : [],
      copied: this.#copied,
      sent: this.#sent,
      called: this.#called,
      changes: this.#changes,
      operations: this.#operations,
      ...(this.#cut !== undefined && { cut: this.#cut }),
      budget: this.#budget,
    }
  }

  #call(call: LaneCall): void {
    const waiting = call.is === 'arrived' ? this.#post.arrived(call) : undefined
    if (call.is === 'sent') this.#sent.push(this.#post.sent(call))
    else if (waiting !== undefined) this.#taken.push(waiting)
    else this.#called.push(this.#post.atOnce(call))
  }

  #write({ slot, before, after }: Extract<Effect, { kind: 'write' }>): void {
    const name = this.#slots[slot]?.name ?? ''
    const part = networkPart(name, this.#networks)
    if (part === null) this.#changes.push(...diff(before, after, name))
    else if (part === 'side') this.#cut = after as readonly number[] | null
    else if (typeof after === 'number') this.#budget = after
  }

  #operate({ kind, slot, operation, argument }: Extract<Effect, { operation: string }>): void {
    const flat = this.#slots[slot]
    if (flat?.slot.kind !== 'accumulator') return
    const { type } = flat.slot
    const before = this.#values[slot] as Json
    const after = type.operations[operation]?.(before, argument) ?? null
    this.#values[slot] = after
    // Adding to a set what it holds is not an event.
    if (canonicalKey(before) === canonicalKey(after)) return
    // Taking the front of a fifo does not name it.
    const element = kind === 'take' && argument === null && Array.isArray(before) ? (before[0] as Json) : argument
    const box = this.#post.boxes.get(slot)
    const ownSet = box !== undefined && box.network === null && box.to === this.#lane && type.name === 'set'
    if (box === undefined || kind === 'operate' || ownSet) {
      const sign = kind === 'send' ? '+' : kind === 'take' ? '-' : ''
      this.#operations.push({ slot: flat.name, sign, text: operation, argument: element })
    } else if (kind === 'take') this.#taken.push(this.#post.take(slot, element))
    else this.#send(slot, element)
  }

  #send(slot: number, element: Json): void {
    const original = this.#lane === null ? this.#post.find(slot, element) : undefined
    const message = this.#post.put(slot, element, this.#lane)
    if (original === undefined) this.#sent.push(message)
    else this.#copied.push({ original, copy: message })
  }
}

function isEnvelope(value: Json): value is { readonly from: number; readonly message: Json } {
  return typeof value === 'object' && value !== null && 'from' in value && typeof value.from === 'number' && 'message' in value
}
