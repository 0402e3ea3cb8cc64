/**
 * A register that a primary replicates to backups, with reads at any replica. A client talks to one replica, which forwards its
 * writes to the primary, and answers them when the primary's order of writes has reached it; reads it answers at once, from what it
 * has. That is sequentially consistent, as ZooKeeper is, and not linearizable: a replica may lag behind.
 *
 * Omitted are failures and the election of another primary.
 *
 * Source: Hunt, Konar, Junqueira & Reed, ZooKeeper: Wait-free coordination for Internet-scale systems, USENIX ATC 2010, sections 2.3
 * and 4.4 (FIFO client order, local reads).
 */
import { cells, defineModel, type Id, ids, type Model, monitor, network } from '../../checker/index.ts'
import { history, register, sessions } from '../../properties/index.ts'
import { type Client, type Content, idle, next, reads, requests, write } from '../parts/clients.ts'

/** `at` is the replica that the client waits at. */
type Message =
  | { readonly kind: 'forward'; readonly client: Id; readonly at: Id; readonly value: Content }
  | { readonly kind: 'apply'; readonly client: Id; readonly at: Id; readonly value: Content }

const primary = 0

export const primaryBackupRegister: Model = defineModel({
  name: 'primary-backup-register',
  about: 'Clients write a register through a primary, and read it at the nearest replica',
  source: 'Hunt, Konar, Junqueira & Reed, ZooKeeper, USENIX ATC 2010',
  covers: [
    'Clients that talk to one replica, which forwards writes to the primary and answers them when the order has reached it',
    'Reads that a replica answers at once, from what it has, so that they may be stale (section 4.4)',
    'Channels that keep their order',
  ],
  omits: {
    'failures, and the election of another primary': 'the promises here are those of a cell that works; replication and raft have failover',
  },
  constants: {
    replicas: { default: 2, min: 1, max: 4, about: 'the primary and its backups' },
    clients: { default: 2, min: 1, max: 3, about: 'clients, each of which writes once' },
    reads: { default: 2, min: 0, max: 3, about: 'and then reads so often' },
  },
  bugs: {
    'roaming-clients': {
      about: 'A client talks to another replica each time, which may lag behind what it has seen',
      source: 'Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994',
      violates: 'readYourWrites',
      constants: { clients: 1, reads: 1 },
    },
    'acknowledged-by-primary': {
      about: 'A write returns when the primary has it, before the replica that the client reads at',
      source: 'Terry et al. 1994: read your writes; MySQL and Redis with asynchronous replication and reads from replicas',
      violates: 'readYourWrites',
      constants: { reads: 1 },
    },
    'unordered-replication': {
      about: 'Backups apply the writes in the order in which they arrive, which need not be that of the primary',
      source: 'Hunt et al. 2010, section 4.2: channels between the leader and its followers keep their order',
      violates: 'sequential',
      constants: { reads: 1 },
    },
  },
  state: (c, bug) => ({
    replica: cells<Content>(c.replicas, null),
    client: cells<Client>(c.clients, idle),
    net: network<Message>({ nodes: c.replicas, order: bug('unordered-replication') ? 'unordered' : 'fifo' }),
    ops: monitor(sessions(register)),
    /** The same, judged by what is not promised. */
    strict: monitor(history(register)),
  }),
  roles: (c) => ({ replica: c.replicas, client: c.clients }),
  calls: (before, after, { action, args, process }) => {
    const replica = action === 'ask' ? (args[0] as readonly [Id, Id])[1] : (process ?? primary)
    return requests(before.client, after.client, () => ['replica', replica])
  },
  actions: (on, c, bug) => {
    type Draft = Parameters<Parameters<typeof on.receive<'net'>>[1]['then']>[0]
    const places = ids(c.clients).flatMap((i) =>
      ids(c.replicas)
        .filter((r) => bug('roaming-clients') || r === i % c.replicas)
        .map((r): [Id, Id] => [i, r]),
    )
    const answer = (s: Draft, i: Id, value: Content): void => {
      s.client[i] = { answers: s.client[i].answers + 1, isWaiting: false }
      s.ops.ok(i, value)
      s.strict.ok(i, value)
    }
    /** The primary decides on the place of a write among the others. */
    const order = (s: Draft, client: Id, at: Id, value: Content): void => {
      s.replica[primary] = value
      s.net.broadcast(primary, { kind: 'apply', client, at, value })
      if (at === primary || bug('acknowledged-by-primary')) answer(s, client, null)
    }
    return {
      /** Enabled iff the client is not waiting and has something left to do. Reads are answered at once. */
      ask: on.action({
        each: places,
        by: 'client',
        over: (s, [i]) => next(s.client[i], [write(i), ...reads(c.reads)]),
        then: (s, [i, r], { f, value }) => {
          s.ops.invoke(i, f, value)
          s.strict.invoke(i, f, value)
          s.client[i].isWaiting = true
          if (f === 'read') answer(s, i, s.replica[r])
          else if (r === primary) order(s, i, r, value)
          else s.net.send(r, primary, { kind: 'forward', client: i, at: r, value })
        },
      }),
      /** Enabled iff a message is on its way. */
      receive: on.receive('net', {
        then: (s, to, { kind, client, at, value }) => {
          if (kind === 'forward') return order(s, client, at, value)
          s.replica[to] = value
          if (to === at && !bug('acknowledged-by-primary')) answer(s, client, null)
        },
      }),
    }
  },
  properties: (on, c) => ({
    readYourWrites: on.always('a client that has written reads nothing older', (s) => s.ops.readYourWrites),
    monotonicReads: on.always('a client never reads something older than before', (s) => s.ops.monotonicReads),
    sequential: on.always('what the clients see is sequentially consistent', (s) => s.ops.sequential),
    ...(c.replicas > 1 &&
      c.clients > 1 &&
      c.reads > 0 && {
        staleRead: on.sometimes('a client reads what another has overwritten before', (s) => s.strict.linearizable !== true),
      }),
  }),
  done: (s, c) => s.client.every(({ answers }) => answers === 1 + c.reads),
  instances: [
    { expect: 'holds', distinct: 139, generated: 222, depth: 10 },
    { constants: { reads: 1 }, expect: 'holds', distinct: 61, generated: 89, depth: 8 },
    { constants: { clients: 1, reads: 1 }, expect: 'holds', distinct: 5, generated: 6, depth: 4 },
    { constants: { replicas: 3 }, expect: 'holds', distinct: 391, generated: 862, depth: 12 },
    { bugs: ['roaming-clients'], expect: 'readYourWrites', depth: 3 },
    { bugs: ['acknowledged-by-primary'], expect: 'readYourWrites', depth: 4 },
    { bugs: ['unordered-replication'], expect: 'sequential', depth: 8 },
  ],
})
