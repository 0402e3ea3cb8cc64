/**
 * Actors that serve one register, and clients that write once and read once, in Stateright's actor semantics: servers are
 * 0 to n-1, clients follow. A delivery that a handler ignores is no transition on an unordered network, and consumes the
 * message on an ordered one. Source: Stateright, src/actor/model.rs and src/actor/register.rs.
 */
import {
  bag,
  cell,
  cells,
  defineModel,
  type FamilyDraft,
  type FamilySlot,
  type FamilyView,
  fifo,
  type Id,
  ids,
  type Model,
  type Slot,
  set,
} from '../../index.ts'
import { type NetworkSlot, network } from '../../language/network.ts'
import { emptyHistory, invoked, isLinearizable, type RecordedHistory, returned } from './recorded-history.ts'

export type ClientMessage =
  | { kind: 'Put'; req: number; value: string }
  | { kind: 'Get'; req: number }
  | { kind: 'PutOk'; req: number }
  | { kind: 'GetOk'; req: number; value: string }

/** What a handler does: the new state and what it sends, or `null` where it ignores the message. */
export type Reaction<S, M> = { readonly state: S; readonly sends: readonly (readonly [to: number, message: M])[] } | null

export interface RegisterServer<S, M> {
  readonly name: string
  readonly initial: (self: number) => S
  readonly handle: (state: S, self: number, servers: number, from: number, message: M | ClientMessage) => Reaction<S, M | ClientMessage>
}

interface Client {
  readonly awaiting: number | null
  readonly operations: number
}

interface Envelope<M> {
  readonly from: Id
  readonly message: M
}

/** The value of a register that nobody has written. */
export const unwritten = '\0'

export function registerActors<S, M extends { kind: string; req?: number }>(server: RegisterServer<S, M>): Model {
  type Message = M | ClientMessage
  return defineModel({
    name: server.name,
    about: 'Clients put and get against the servers of one register',
    source: 'Stateright examples',
    constants: {
      servers: { default: 2, min: 1 },
      clients: { default: 1, min: 1 },
      network: { default: 'unordered', oneOf: ['unordered', 'ordered', 'duplicating'] },
    },
    state: ({ servers, clients, network: kind }) => {
      const first = ids(clients).map((k) => ({
        from: (servers + k) as Id,
        to: (servers + k) % servers,
        message: firstPut(servers, k) as Message,
      }))
      return {
        server: cells<S>(servers, server.initial),
        client: cells<Client>(clients, (k) => ({ awaiting: servers + k, operations: 1 })),
        history: cell(first.reduce((history, { message }, k) => recordSend(history, k, message), emptyHistory(clients))),
        net: networkHolding<Message>(kind === 'ordered' ? 'fifo' : 'unordered', servers + clients, kind === 'duplicating' ? [] : first),
        /** Of a duplicating network: everything ever sent, and what was delivered last. */
        sent: set<Envelope<Message> & { to: number }>(kind === 'duplicating' ? first : []),
        last: cell<(Envelope<Message> & { to: number }) | null>(null),
      }
    },
    actions: (on, { servers, network: kind }) => {
      const react = (state: S | Client, to: Id, from: Id, message: Message): Reaction<S | Client, Message> =>
        to < servers
          ? server.handle(state as S, to, servers, from, message)
          : clientHandles(state as Client, to, servers, message as ClientMessage)
      const stateOf = (s: { server: FamilyView<S>; client: FamilyView<Client> }, id: Id): S | Client =>
        id < servers ? s.server[id] : (s.client[id - servers] as Client)
      /** Everything but the network: the handler, then the history; what is sent is recorded as it is sent. */
      const deliver = (
        s: { server: FamilyDraft<S>; client: FamilyDraft<Client>; history: RecordedHistory },
        to: Id,
        from: Id,
        message: Message,
      ) => {
        const reaction = react(stateOf(s, to), to, from, message)
        if (reaction && to < servers) s.server[to] = reaction.state as S
        else if (reaction) s.client[to - servers] = reaction.state as Client
        if (to >= servers) s.history = recordReceipt(s.history, to - servers, message)
        const sends = reaction?.sends ?? []
        if (to >= servers) for (const [, sent] of sends) s.history = recordSend(s.history, to - servers, sent)
        return sends
      }
      const receive = on.receive('net', {
        when: (s, to, message, from) => kind === 'ordered' || react(stateOf(s, to), to, from, message) !== null,
        then: (s, to, message, from) => {
          for (const [target, sent] of deliver(s, to, from, message)) s.net.send(to, target, sent)
        },
      })
      const receiveAgain = on.action({
        over: (s) => s.sent,
        when: (s, { to, from, message }) => react(stateOf(s, to as Id), to as Id, from, message) !== null,
        then: (s, envelope) => {
          s.last = envelope
          const to = envelope.to as Id
          for (const [target, sent] of deliver(s, to, envelope.from, envelope.message)) s.sent.add({ from: to, to: target, message: sent })
        },
      })
      return kind === 'duplicating' ? { receiveAgain } : { receive }
    },
    properties: (on, { servers, clients, network: kind }) => ({
      linearizable: on.always('what the clients saw is what one register could do', (s) => isLinearizable(s.history, unwritten)),
      valueChosen: on.sometimes('a value that was written is on its way to a reader', (s) => {
        const all = ids(servers + clients).flatMap((to) => (kind === 'ordered' ? fronts(s.net, to) : s.net.pending(to)))
        return [...all, ...s.sent].some(
          ({ message }) => message.kind === 'GetOk' && (message as ClientMessage & { kind: 'GetOk' }).value !== unwritten,
        )
      }),
    }),
  })
}

function firstPut(servers: number, k: number): ClientMessage {
  return { kind: 'Put', req: servers + k, value: String.fromCharCode('A'.charCodeAt(0) + k) }
}

function clientHandles(
  { awaiting, operations }: Client,
  self: number,
  servers: number,
  message: ClientMessage,
): Reaction<Client, ClientMessage> {
  if (awaiting === null || message.req !== awaiting) return null
  if (message.kind === 'GetOk') return { state: { awaiting: null, operations: operations + 1 }, sends: [] }
  if (message.kind !== 'PutOk') return null
  const req = (operations + 1) * self
  return { state: { awaiting: req, operations: operations + 1 }, sends: [[(self + operations) % servers, { kind: 'Get', req }]] }
}

function recordSend(history: RecordedHistory, thread: number, message: { kind: string }): RecordedHistory {
  const sent = message as ClientMessage
  if (sent.kind === 'Put') return invoked(history, thread, { kind: 'write', value: sent.value })
  return sent.kind === 'Get' ? invoked(history, thread, { kind: 'read' }) : history
}

function recordReceipt(history: RecordedHistory, thread: number, message: { kind: string }): RecordedHistory {
  const received = message as ClientMessage
  if (received.kind === 'PutOk') return returned(history, thread, { kind: 'written' })
  return received.kind === 'GetOk' ? returned(history, thread, { kind: 'read', value: received.value }) : history
}

/** A network with messages in it from the start; the language's own starts empty. */
function networkHolding<M>(
  order: 'unordered' | 'fifo',
  nodes: number,
  messages: readonly (Envelope<M> & { to: number })[],
): NetworkSlot<M> {
  const between = (to: number, from?: number) =>
    messages
      .filter((m) => m.to === to && (from === undefined || m.from === from))
      .map(({ from: sender, message }) => ({ from: sender, message }))
  const inbox = family(ids(nodes).map((to) => bag(between(to))))
  const channel = family(ids(nodes).flatMap((to) => ids(nodes).map((from) => fifo(between(to, from)))))
  return { ...network<M>({ nodes, order }), parts: order === 'fifo' ? { channel } : { inbox } }
}

function family(members: readonly Slot<unknown, unknown>[]): FamilySlot<unknown, unknown> {
  return { kind: 'family', members }
}

/** What an ordered network could deliver next: the first message of each sender. */
function fronts<M>(net: { pending(to: number): Envelope<M>[] }, to: number): Envelope<M>[] {
  const pending = net.pending(to)
  return pending.filter(({ from }, i) => pending.findIndex((other) => other.from === from) === i)
}
