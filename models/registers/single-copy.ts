/**
 * A register on one server. Requests and answers are messages that overtake each other; each client waits for its answer before it
 * asks again. Lost messages are omitted: one that is lost is one that is never delivered, and every prefix of a run is judged.
 *
 * Source: Herlihy & Wing, Linearizability: a correctness condition for concurrent objects, ACM TOPLAS 12(3), 1990. The bug is
 * Stateright's example single-copy-register with two servers.
 */
import { cells, defineModel, type Id, ids, type Model, monitor, network } from '../../checker/index.ts'
import { history, register, wholeHistory } from '../../properties/index.ts'
import { type Client, type Content, idle, next, reads, write } from '../parts/clients.ts'

type Message = { kind: 'write'; value: Content } | { kind: 'read' } | { kind: 'answer'; value: Content }

export const singleCopyRegister: Model = defineModel({
  name: 'single-copy-register',
  about: 'Clients write and read a register that one server keeps',
  source: 'Herlihy & Wing, Linearizability, ACM TOPLAS 12(3), 1990',
  covers: [
    'Clients that write once and then read, each waiting for its answer before it asks again',
    'Requests and answers as messages that overtake each other',
  ],
  omits: { 'lost messages': 'one that is lost is one that is never delivered, and every prefix of a run is judged' },
  constants: {
    clients: { default: 2, min: 1, max: 4, about: 'clients, each of which writes once' },
    reads: { default: 1, min: 0, max: 3, about: 'and then reads so often' },
    history: { default: 'monitor', oneOf: ['monitor', 'full'], about: 'what is kept of what the clients saw' },
  },
  bugs: {
    'two-copies': {
      about: 'A second server keeps a copy of its own, and clients ask one after the other',
      source: 'Stateright, examples/single-copy-register.rs',
      violates: 'linearizable',
      constants: { clients: 1, reads: 1 },
    },
  },
  state: (c, bug) => ({
    copy: cells<Content>(bug('two-copies') ? 2 : 1, null),
    client: cells<Client>(c.clients, idle),
    /** Nodes are the clients, then the servers. */
    net: network<Message>({ nodes: c.clients + 2 }),
    ops: c.history === 'full' ? monitor(wholeHistory(register)) : monitor(history(register)),
  }),
  roles: (c, bug) => ({ client: c.clients, server: bug('two-copies') ? 2 : 1 }),
  actions: (on, c, bug) => ({
    /** Enabled iff the client is not waiting and has something left to do. */
    ask: on.action({
      each: ids(c.clients),
      over: (s, i) => next(s.client[i], [write(i), ...reads(c.reads)]),
      then: (s, i, { f, value }) => {
        const server = bug('two-copies') ? (i + s.client[i].answers) % 2 : 0
        s.client[i].isWaiting = true
        s.ops.invoke(i, f, value)
        s.net.send(i, c.clients + server, f === 'write' ? { kind: 'write', value } : { kind: 'read' })
      },
    }),
    /** The server changes or reads its copy and answers; the client takes the answer. Enabled iff a message is on its way. */
    receive: on.receive('net', {
      then: (s, to, message, from) => {
        const server = (to - c.clients) as Id
        if (message.kind === 'answer') {
          s.client[to] = { answers: s.client[to].answers + 1, isWaiting: false }
          s.ops.ok(to, message.value)
          return
        }
        if (message.kind === 'write') s.copy[server] = message.value
        s.net.send(to, from, { kind: 'answer', value: message.kind === 'write' ? null : s.copy[server] })
      },
    }),
  }),
  properties: (on, c) => ({
    linearizable: on.always('the register is linearizable', (s) => s.ops.linearizable),
    ...(c.reads > 0 &&
      c.clients > 1 && {
        othersRead: on.sometimes('a client is on its way to read what another one wrote', (s) =>
          ids(c.clients).some((i) =>
            s.net.pending(i).some(({ message }) => message.kind === 'answer' && message.value !== null && message.value !== i + 1),
          ),
        ),
      }),
  }),
  done: (s, c) => s.client.every(({ answers }) => answers === 1 + c.reads),
  instances: [
    { constants: { clients: 1 }, expect: 'holds', distinct: 7, generated: 7, depth: 7 },
    { expect: 'holds', distinct: 180, generated: 313, depth: 13 },
    { constants: { clients: 2, reads: 2 }, expect: 'holds', distinct: 418, generated: 771, depth: 19 },
    { constants: { clients: 3 }, expect: 'holds', distinct: 11_090, generated: 30_433, depth: 19 },
    { constants: { history: 'full' }, expect: 'holds', distinct: 825, generated: 995, depth: 13 },
    { bugs: ['two-copies'], expect: 'linearizable', depth: 7 },
    { constants: { history: 'full' }, bugs: ['two-copies'], expect: 'linearizable', depth: 7 },
  ],
})
