/**
 * A register on a primary that takes the writes and on replicas that follow it, some way behind: asynchronous, semi-synchronous and
 * synchronous replication, reads at replicas, and a monitor that fails over to a replica.
 *
 * A client's request and its answer take no time of their own, and neither do messages between servers: whoever is slow acts later.
 * What that leaves out is in `omits`.
 *
 * Sources: MySQL 8.0 Reference Manual, chapter Replication; PostgreSQL 17 documentation, chapter High Availability; Redis
 * documentation, WAIT, replication and Sentinel; Terry, Demers, Petersen, Spreitzer, Theimer & Welch, Session guarantees for weakly
 * consistent replicated data, PDIS 1994; Kleppmann, Designing Data-Intensive Applications, 2017, chapter 5.
 */
import { cell, cells, defineModel, type Id, ids, type Model, monitor } from '../../checker/index.ts'
import { converged, history, register, sessions } from '../../properties/index.ts'
import { requests } from '../parts/clients.ts'
import { covers, omits } from './about.ts'
import { bugs } from './bugs.ts'
import { type Client, newClient, next, programs, waits } from './clients.ts'
import { candidates, follow, isBehind, leftBehind, promote } from './failover.ts'
import { instances } from './instances.ts'
import { isQuiet, promised, promises } from './promises.ts'
import { currentPrimary, has, newServer, type Server, shown } from './server.ts'
import { serving } from './serving.ts'
import { execute, executedBy, nextShipped } from './shipping.ts'
import { tables } from './tables.ts'

export const replication: Model = defineModel({
  name: 'replication',
  about: 'A primary ships its writes to replicas, which lag behind it, serve reads, and take over from it',
  source:
    'MySQL 8.0 Reference Manual, Replication; PostgreSQL 17 documentation, High Availability; Redis documentation, WAIT and Sentinel; Terry et al., PDIS 1994',
  constants: {
    servers: { default: 3, min: 2, max: 4, about: 'the primary and its replicas' },
    mode: {
      default: 'semi-sync',
      oneOf: ['async', 'wait', 'semi-sync', 'sync'],
      about:
        'when a write is acknowledged: at once; when so many replicas have received it, though it is shown at once (Redis: WAIT, MySQL: AFTER_COMMIT); the same, and not shown before (MySQL: AFTER_SYNC); when all replicas have executed it (PostgreSQL: remote_apply)',
    },
    acks: { default: 1, min: 1, max: 3, about: 'replicas that must have received a write, where the mode asks for some' },
    shipping: { default: 'log', oneOf: ['log', 'statement'], about: 'whether replicas get what a transaction wrote, or its statement' },
    reads: {
      default: 'primary',
      oneOf: ['primary', 'replica', 'any-replica', 'sticky', 'session-token'],
      about:
        'where clients read: at who takes itself for the primary; at any replica and not at the primary; at any server; always at the server they first talked to, or have last written to; at any server that has executed what the session has seen',
    },
    failover: {
      default: 'fenced',
      oneOf: ['none', 'unfenced', 'fenced'],
      about: 'whether a monitor replaces a primary that it suspects, and whether it stops that one before',
    },
    failovers: { default: 1, min: 1, max: 2, about: 'how often it does' },
    hears: { default: 2, min: 1, max: 3, about: 'of how many replicas it must hear, of which it promotes the most advanced' },
    clients: {
      default: 'w rr',
      oneOf: ['w', 'ww', 'w w', 'wr', 'wr w', 'wr rr', 'w rr', 'w r r', 'ww rr', 'wr wr', 'w w rrr', 'w rw rr'],
      about: 'the programs of the clients, in letters: w writes, r reads',
    },
    promise: { default: 'linearizable', oneOf: promises, about: 'the promise that is judged' },
  },
  covers,
  omits,
  bugs,
  instances,
  tables,
  state: (c) => {
    if (c.mode !== 'async' && c.acks >= c.servers) throw new Error('there are fewer replicas than acks')
    if (c.hears >= c.servers) throw new Error('there are fewer replicas than the monitor must hear of')
    return {
      server: cells<Server>(c.servers, newServer),
      client: cells<Client>(programs(c.clients).length, newClient),
      /** How many failovers are left. */
      failovers: cell(c.failover === 'none' ? 0 : c.failovers),
      /** See state.ts, as for the next two. */
      acknowledged: cell<readonly number[]>([]),
      sides: cell<readonly number[]>([]),
      lost: cell<readonly number[]>([]),
      history: monitor(history(register)),
      sessions: monitor(sessions(register)),
    }
  },
  roles: (c) => ({ server: c.servers, client: programs(c.clients).length }),
  /** Whoever gives up when its server is gone has no answer. */
  calls: (before, after, { action, process }) =>
    action === 'fence' || action === 'follow'
      ? []
      : requests(before.client.map(waits), after.client.map(waits), () => ['server', process ?? 0]),
  actions: (on, c, bug) => {
    const servers = ids(c.servers)
    const operations = programs(c.clients)
    const clients = ids(operations.length)
    /** Servers with clients: what is done at a server is in its lane in pictures. */
    const anywhere = servers.flatMap((j) => clients.map((i): [Id, Id] => [j, i]))
    const serve = serving(c, bug)
    const isFenced = c.failover === 'fenced' && !bug('fencing-assumed')
    /** Where nobody can tell what is received from what is executed, a replica does both in one step. */
    const isRelayed = c.reads !== 'primary'

    return {
      /** Enabled iff the client is to write next, and the server takes itself for the primary and suits the session. */
      write: on.action({
        each: anywhere,
        over: (s, [, i]) => next(s.client[i], operations[i]).filter(({ f }) => f === 'write'),
        when: (s, [j, i]) => serve.mayWrite(s, i, j),
        then: (s, [j, i], operation) => serve.write(s, i, j, operation),
      }),
      /** Enabled iff the client waits there for its write, and as many replicas have it as the mode asks for. */
      answer: on.action({
        each: anywhere,
        fair: 'weak',
        when: (s, [j, i]) => s.client[i].waitsAt === j && serve.mayAnswer(s, i),
        then: (s, [, i]) => serve.answer(s, i),
      }),
      /** Enabled iff the client is to read next, the server is up, and the policy lets the client read there. */
      read: on.action({
        each: anywhere,
        over: (s, [, i]) => next(s.client[i], operations[i]).filter(({ f }) => f === 'read'),
        when: (s, [j, i]) => serve.mayRead(s, i, j),
        then: (s, [j, i]) => serve.read(s, i, j),
      }),
      /** Enabled iff the replica lacks a transaction of its primary. It receives the first. */
      ship: on.action({
        each: servers,
        fair: 'weak',
        when: (s, j) => nextShipped(s.server[j], s.server, bug) !== undefined,
        then: (s, j) => {
          const entry = nextShipped(s.server[j], s.server, bug)
          if (entry === undefined) return
          const { queue, log } = s.server[j]
          ;(isRelayed ? queue : log).push(executedBy(j, entry, c.shipping, bug))
        },
      }),
      /** Enabled iff the replica has received a transaction that it has not executed. It executes the first. */
      ...(isRelayed && {
        execute: on.action({
          each: servers,
          fair: 'weak',
          over: (s, j) => (s.server[j].role === 'replica' ? s.server[j].queue.slice(0, bug('applied-out-of-order') ? c.servers : 1) : []),
          then: (s, j, { id }) => execute(s.server[j], id),
        }),
      }),
      ...(isFenced && {
        /** Enabled iff the server leads, failovers are left, and there is a replica to promote. The monitor suspects the primary, and has it stopped. */
        fence: on.action({
          each: servers,
          when: (s, j) =>
            s.failovers > 0 && s.server[j].role === 'primary' && s.server[j].isUp && candidates(s.server, c.hears, bug).length > 0,
          then: (s, j) => {
            s.failovers -= 1
            s.server[j].isUp = false
            serve.disconnect(s, j)
          },
        }),
      }),
      ...(c.failover !== 'none' && {
        /** Enabled iff the primary has been stopped, or is suspected, and the replica is the most advanced that the monitor hears of. */
        promote: on.action({
          each: servers,
          ...(isFenced && { fair: 'weak' }),
          when: (s, j) => {
            const isDue = isFenced ? !currentPrimary(s.server).isUp : s.failovers > 0
            return isDue && candidates(s.server, c.hears, bug).includes(j)
          },
          then: (s, j) => {
            const server = s.server[j]
            if (!isFenced) s.failovers -= 1
            promote(server, currentPrimary(s.server).epoch + 1)
            if (c.promise === 'noResurrection') {
              s.lost = [...new Set([...s.lost, ...leftBehind(s.server, server)])].sort()
            }
          },
        }),
        /** Enabled iff the server does not know of the last failover. It follows the new primary. */
        follow: on.action({
          each: servers,
          fair: 'weak',
          when: (s, j) => isBehind(s.server[j], s.server),
          then: (s, j) => {
            if (s.server[j].role === 'primary') serve.disconnect(s, j)
            follow(s.server[j], currentPrimary(s.server), bug)
          },
        }),
      }),
    }
  },
  properties: (on, c, bug) => {
    const [sentence, check] = promised(c, bug)[c.promise]
    const program = programs(c.clients)
    return {
      [c.promise]: on.always(sentence, check),
      ...(c.promise === 'convergence' && {
        comeToAgree: on.stabilizes(
          'in the end all servers follow one primary and show what it shows',
          (s) => isQuiet(s.server) && converged(s.server.map(shown)) === true,
        ),
      }),
      ...(c.promise === 'convergence' &&
        c.failover !== 'none' && {
          failoverEnds: on.leadsTo(
            'once a primary is stopped, or another promoted, all servers come to follow one that is up',
            (s) => s.server.some(({ isUp, epoch }) => !isUp || epoch !== s.server[0].epoch),
            (s) => s.server.every(({ isUp, epoch }) => isUp && epoch === s.server[0].epoch),
          ),
        }),
      allAnswered: on.sometimes('every client has all its answers', (s) =>
        s.client.every(({ answers }, i) => answers === program[i]?.length),
      ),
      lag: on.sometimes('a replica lacks what its primary shows', (s) =>
        s.server.some((server) => nextShipped(server, s.server, bug) !== undefined),
      ),
      ...(c.failover !== 'none' && {
        failedOver: on.sometimes('all servers follow a primary that a failover has promoted', (s) =>
          s.server.every(({ isUp, epoch }) => isUp && epoch > 0),
        ),
      }),
    }
  },
  /** All that is left to do is a fault, or to wait for ever for a write that a failover has lost. */
  done: (s, c) =>
    isQuiet(s.server) &&
    s.client.every(
      ({ answers, token }, i) =>
        answers === programs(c.clients)[i]?.length || (token !== null && !has(currentPrimary(s.server).log, token.id)),
    ),
})
