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
import { cell, cells, defineModel, type FamilyView, type Id, ids, type Model, monitor } from '../../checker/index.ts'
import { history, register, sessions } from '../../properties/index.ts'
import { bugs } from './bugs.ts'
import { awaited, type Client, newClient, next, type Operation, programs, satisfies, tokenOf } from './clients.ts'
import { candidates, isBehind, promote } from './failover.ts'
import { instances } from './instances.ts'
import { agree, isSettled, type PromiseName, promised, promises } from './promises.ts'
import { currentPrimary, has, held, newServer, type Server, shown } from './server.ts'
import { executedBy, isAcknowledged, nextShipped, truncate } from './shipping.ts'

const sessionPromises: readonly PromiseName[] = ['readYourWrites', 'monotonicReads', 'monotonicWrites', 'writesFollowReads']

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
      oneOf: ['primary', 'any-replica', 'sticky', 'session-token'],
      about:
        'where clients read: at who takes itself for the primary; at any server; always at the server they first talked to, or have last written to; at any server that has executed what the session has seen',
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
      oneOf: ['w', 'ww', 'w w', 'wr', 'wr w', 'w rr', 'w r r', 'ww rr', 'wr wr', 'w w rrr', 'w rw rr'],
      about: 'the programs of the clients, in letters: w writes, r reads',
    },
    promise: { default: 'linearizable', oneOf: promises, about: 'the promise that is judged' },
  },
  bugs,
  instances,
  state: (c) => {
    if (c.mode !== 'async' && c.acks >= c.servers) throw new Error('there are fewer replicas than acks')
    if (c.hears >= c.servers) throw new Error('there are fewer replicas than the monitor must hear of')
    return {
      server: cells<Server>(c.servers, newServer),
      client: cells<Client>(programs(c.clients).length, newClient),
      /** How many failovers are left. */
      failovers: cell(c.failover === 'none' ? 0 : c.failovers),
      /** See promises.ts, as for the next two: each is empty, unless the promise asks for it. */
      acknowledged: cell<readonly number[]>([]),
      sides: cell<readonly number[]>([]),
      lost: cell<readonly number[]>([]),
      history: monitor(history(register)),
      sessions: monitor(sessions(register)),
    }
  },
  actions: (on, c, bug) => {
    const [all, servers] = [programs(c.clients), ids(c.servers)]
    const clients = ids(all.length)
    const operationsOf = (i: Id): readonly Operation[] => all[i] ?? []
    const isShownAtOnce = c.mode === 'async' || c.mode === 'wait'
    const isFenced = c.failover === 'fenced' && !bug('fencing-assumed')
    const keepsTail = bug('rejoin-without-truncating') || bug('positions-are-counts')
    const isAnsweredAtOnce = c.mode === 'async' || bug('acknowledged-before-replicated') || bug('semi-sync-timeout')
    const needs = { acks: c.mode === 'sync' ? c.servers - 1 : c.acks, areExecuted: c.mode === 'sync' }
    /** Where nobody can tell what is received from what is executed, a replica does both in one step. */
    const isRelayed = c.reads !== 'primary'
    const tells = c.promise === 'linearizable' ? 'history' : sessionPromises.includes(c.promise) ? 'sessions' : null
    const action = on.action<undefined>
    type Draft = Parameters<Parameters<typeof action>[0]['then']>[0]
    type View = Pick<Draft, never> & { readonly server: FamilyView<Server>; readonly client: FamilyView<Client> }

    /** The client has seen what the server shows, and goes on. */
    const end = (s: Draft, i: Id, at: Id, value: number | null): void => {
      const client = s.client[i]
      if (tells) s[tells].ok(i, value)
      client.answers += 1
      client.waitsAt = null
      if (c.reads === 'sticky') client.home = at
      if (c.reads === 'session-token') client.token = tokenOf(s.server[at]) ?? client.token
      if (client.answers === operationsOf(i).length) s.client[i] = { ...newClient, answers: client.answers }
    }

    /** The server tells the client that its write is done. */
    const acknowledge = (s: Draft, i: Id, at: Id, id: number): void => {
      if (c.promise === 'durable') s.acknowledged = [...s.acknowledged, id].sort()
      const others = s.server.filter((other, j) => j !== at && other.role === 'primary' && other.isUp)
      if (c.promise === 'onePrimary' && others.length > 0) s.sides = [...new Set([...s.sides, at])].sort()
      end(s, i, at, null)
    }

    /** Clients that wait at the server get no answer, and give up: nobody knows what became of their writes. */
    const disconnect = (s: Draft, at: Id): void => {
      for (const i of clients) {
        if (s.client[i].waitsAt !== at) continue
        if (tells) s[tells].info(i)
        s.client[i] = { ...newClient, answers: operationsOf(i).length }
      }
    }

    const mayRead = (s: View, { home, token }: Client, at: Id): boolean => {
      const server = s.server[at]
      if (!server.isUp) return false
      if (c.reads === 'primary') return server.role === 'primary'
      if (c.reads === 'session-token') return satisfies(server, token, bug)
      if (c.reads === 'any-replica' || home === null || home === at) return true
      return bug('sticky-rerouted') && s.server[home as Id].isUp === false
    }

    const at = clients.flatMap((i) => servers.map((j): [Id, Id] => [i, j]))

    return {
      /**
       * Enabled iff the client is to write next, and the server takes itself for the primary; sessions with tokens ask that it has
       * executed what they have seen. The server shows the write and acknowledges it, each at once or later.
       */
      write: on.action({
        each: at,
        over: (s, [i]) => next(s.client[i], operationsOf(i)).filter(({ f }) => f === 'write'),
        when: (s, [i, j]) => s.server[j].role === 'primary' && s.server[j].isUp && satisfies(s.server[j], s.client[i].token, bug),
        then: (s, [i, j], { id }) => {
          const server = s.server[j]
          if (tells) s[tells].invoke(i, 'write', id)
          const entry = { id, value: id, epoch: server.epoch }
          if (isShownAtOnce || isAnsweredAtOnce) server.log.push(entry)
          else server.queue.push(entry)
          if (c.promise === 'noResurrection' && server.epoch < currentPrimary(s.server).epoch) s.lost = [...s.lost, id].sort()
          if (isAnsweredAtOnce) acknowledge(s, i, j, id)
          else s.client[i].waitsAt = j
        },
      }),
      /** Enabled iff the write of the client has been acknowledged by as many replicas as the mode asks for. It is shown now at the latest. */
      answer: on.action({
        each: clients,
        fair: 'weak',
        when: (s, i) => {
          const write = awaited(s.client[i], operationsOf(i))
          return write !== null && isAcknowledged(s.server[write.at], write.id, s.server, needs)
        },
        then: (s, i) => {
          const write = awaited(s.client[i], operationsOf(i))
          if (write === null) return
          const { log, queue } = s.server[write.at]
          log.push(...queue.splice(0, queue.findIndex(({ id }) => id === write.id) + 1))
          acknowledge(s, i, write.at, write.id)
        },
      }),
      /** Enabled iff the client is to read next, and the policy lets it do so at this server, which is up. */
      read: on.action({
        each: at,
        over: (s, [i]) => next(s.client[i], operationsOf(i)).filter(({ f }) => f === 'read'),
        when: (s, [i, j]) => mayRead(s, s.client[i], j),
        then: (s, [i, j]) => {
          if (tells) s[tells].invoke(i, 'read')
          end(s, i, j, shown(s.server[j]))
        },
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
          then: (s, j, { id }) => {
            const { queue, log } = s.server[j]
            log.push(
              ...queue.splice(
                queue.findIndex((entry) => entry.id === id),
                1,
              ),
            )
          },
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
            disconnect(s, j)
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
              const left = s.server.flatMap((other) => held(other)).filter(({ id }) => !has(server.log, id))
              s.lost = [...new Set([...s.lost, ...left.map(({ id }) => id)])].sort()
            }
          },
        }),
        /** Enabled iff the server does not know of the last failover. It follows the new primary, and throws away what that one lacks. */
        follow: on.action({
          each: servers,
          fair: 'weak',
          when: (s, j) => isBehind(s.server[j], s.server),
          then: (s, j) => {
            const [server, primary] = [s.server[j], currentPrimary(s.server)]
            if (server.role === 'primary') disconnect(s, j)
            if (server.role === 'replica' || !keepsTail) truncate(server, primary)
            if (server.role === 'primary' || !isRelayed) server.log.push(...server.queue.splice(0))
            server.role = 'replica'
            server.isUp = true
            server.epoch = primary.epoch
          },
        }),
      }),
    }
  },
  properties: (on, c, bug) => {
    const [sentence, check] = promised(bug)[c.promise]
    const program = programs(c.clients)
    return {
      [c.promise]: on.always(sentence, check),
      ...(c.promise === 'convergence' && {
        comeToAgree: on.stabilizes('in the end all servers follow one primary and show what it shows', (s) => agree(s.server)),
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
    isSettled(s.server) &&
    s.client.every(
      ({ answers, token }, i) =>
        answers === programs(c.clients)[i]?.length || (token !== null && !has(currentPrimary(s.server).log, token.id)),
    ),
})
