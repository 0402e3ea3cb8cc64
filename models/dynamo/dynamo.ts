/**
 * Dynamo, a key-value store that is always writable: each key is kept by N nodes, a put is acknowledged once W of them have it, and a get
 * answered once R of them have told what they have. Nodes that cannot be reached are stood in for, and what they have missed
 * gets to them later: when they are back (hinted handoff), when somebody reads (read repair), and in the background (anti-entropy).
 *
 * What a coordinator does is in coordinator.ts, what a node keeps in node.ts, which versions make others superfluous in versions.ts, who
 * keeps a key in ring.ts. What is left out, and why, is in `omits`.
 *
 * Source: DeCandia et al., Dynamo: Amazon's highly available key-value store, SOSP 2007. Writing back what a read returns is from Attiya,
 * Bar-Noy & Dolev, Sharing memory robustly in message-passing systems, JACM 42(1), 1995.
 */
import { anyOf, cell, cells, defineModel, type Id, ids, type Model, monitor, network, UserError } from '../../checker/index.ts'
import { available, converged, durable, history, register, sessions } from '../../properties/index.ts'
import { idle } from '../parts/clients.ts'
import { crash, restart } from '../parts/failures.ts'
import { links } from '../parts/links.ts'
import { bugs } from './bugs.ts'
import { type Process, programOf } from './clients.ts'
import { coordinating, exchanges } from './coordinator.ts'
import { instances } from './instances.ts'
import { differingKeys, forget, forgetAll, forgetHint, isDeleted, keep, type Node, newNode, type Put } from './node.ts'
import { covers, omits } from './page.ts'
import { noPast, type Past } from './past.ts'
import { canBeHelped, hasNewsFor, isEverywhere, isKept, isQuiet, shownBy } from './properties.ts'
import { isHealthy, positions, preferenceList } from './ring.ts'
import { siblingSessions } from './sessions.ts'
import type { State } from './state.ts'
import { tables } from './tables.ts'
import { includes, writesOf } from './versions.ts'

export const dynamo: Model = defineModel({
  name: 'dynamo',
  about: 'Clients read and write keys that N nodes keep, of which R and W have to answer',
  source: "DeCandia et al., Dynamo: Amazon's highly available key-value store, SOSP 2007",
  constants: {
    nodes: { default: 3, min: 1, max: 6, about: 'nodes on the ring' },
    tokens: { default: 1, min: 1, max: 3, about: 'positions of each node on the ring' },
    N: { default: 3, min: 1, max: 5, about: 'how many nodes keep a key' },
    R: { default: 2, min: 1, max: 5, about: 'how many of them have to answer a read' },
    W: { default: 2, min: 1, max: 5, about: 'how many of them have to store a write' },
    quorum: { default: 'strict', oneOf: ['strict', 'sloppy'], about: 'of the first N nodes, or of the first N that can be reached' },
    versions: { default: 'lww', oneOf: ['lww', 'vector'], about: 'last writer wins, or vector clocks that keep siblings' },
    stamps: {
      default: 'clock',
      oneOf: ['clock', 'query'],
      about: 'where timestamps come from: a local clock, or asking R nodes for the newest',
    },
    skew: { default: 0, min: 0, max: 2, about: 'how far clocks may be apart, in writes' },
    readRepair: { default: 'none', oneOf: ['none', 'async', 'sync'], about: 'after a read returns, or before, to W nodes' },
    handoff: { default: true, about: 'whether nodes hand over what they keep for others' },
    antiEntropy: { default: false, about: 'whether nodes compare their trees in the background' },
    coordinator: { default: 'any', oneOf: ['any', 'first'], about: 'which of the nodes that keep the key coordinates a request' },
    keys: { default: 1, min: 1, max: 2, about: 'keys of one range; writers write to one after the other' },
    writers: { default: 1, min: 0, max: 3 },
    writes: { default: 1, min: 1, max: 3, about: 'how often each of them writes' },
    context: { default: false, about: 'whether a writer reads before it writes, and writes what it has made of that' },
    deletes: { default: false, about: 'whether the last write of the first writer is a deletion' },
    collection: { default: false, about: 'whether nodes drop tombstones once all that keep the key have them' },
    readers: { default: 1, min: 0, max: 3 },
    reads: { default: 1, min: 1, max: 3, about: 'how often each of them reads' },
    crashes: { default: 0, min: 0, max: 2 },
    losses: { default: 0, min: 0, max: 1, about: 'disks that are lost, with all that is on them' },
    partitions: { default: 0, min: 0, max: 2 },
    drops: { default: 0, min: 0, max: 2, about: 'messages that are lost' },
    suspicions: { default: 0, min: 0, max: 2, about: 'how often a node takes another one for failed that is not' },
    judge: {
      default: 'linearizability',
      oneOf: ['linearizability', 'sessions', 'freshness', 'durability', 'convergence', 'availability'],
      about: 'what is remembered of what clients saw, and judged',
    },
  },
  bugs,
  covers,
  omits,
  instances,
  tables,
  state: (c) => {
    if (c.N > c.nodes) throw new UserError('bad-constant', `dynamo has N=${c.N} and nodes=${c.nodes}; N is at most the number of nodes`)
    if (c.R > c.N || c.W > c.N) throw new UserError('bad-constant', `dynamo has R=${c.R}, W=${c.W} and N=${c.N}; R and W are at most N`)
    return {
      server: cells<Node>(c.nodes, (i) => newNode(i, c.keys)),
      client: cells<Process>(c.writers + c.readers, { ...idle, context: [], request: null }),
      net: network<Put>({ nodes: c.nodes, partitions: c.partitions, drops: c.drops, heals: true }),
      /** Whom each node takes for failed, besides those that it cannot reach. */
      suspects: cells<readonly Id[]>(c.nodes, []),
      /** Real time, which is counted in writes: nobody can tell what passes between them. */
      time: cell(0),
      /** How far the clock of each node is ahead of it. */
      ahead: cells<number>(c.nodes, anyOf(ids(c.skew + 1))),
      crashes: cell(c.crashes),
      losses: cell(c.losses),
      suspicions: cell(c.suspicions),
      ops: monitor(history(register)),
      sessions: monitor(sessions(register)),
      siblings: monitor(siblingSessions),
      past: cell<Past>(noPast(c.keys)),
    }
  },
  roles: (c) => ({ node: c.nodes, client: c.writers + c.readers }),
  calls: (before, after, step) => exchanges(before.client, after.client, step),
  /** Clocks count from the one that is behind all others. */
  initially: (s) => Math.min(...s.ahead) === 0,
  actions: (on, c, bug) => {
    const list = bug('virtual-nodes-counted-twice') ? positions(c) : preferenceList(c)
    const owners = [...new Set(list.slice(0, c.N))]
    const clients = ids(c.writers + c.readers)
    const { askable, ask, answering, answer, sendable, send, stored, lost } = coordinating(c, list, bug)
    const crashing = crash<Node>(c.nodes, (node) => {
      if (bug('buffered-writes')) forgetAll(node, c, bug)
    })

    return {
      /** A client asks a node that keeps the key to coordinate a request: enabled iff it is not waiting and has something left to do. */
      ask: on.action({ each: clients, by: 'client', over: askable, then: ask }),
      /** A node tells the coordinator what it has: enabled iff the coordinator can reach it, and it has not answered yet. */
      answer: on.action({ each: clients, by: (_, __, from) => ['node', from], fair: 'weak', over: answering, then: answer }),
      /** A node keeps what it is sent, and requests that wait for it learn of it: enabled iff a message is on its way to a node that is up. */
      receive: on.receive('net', {
        fair: 'weak',
        when: (s, to) => s.server[to].isUp,
        then: (s, to, put, from) => {
          keep(s.server[to], put, bug)
          stored(s, from, to, put)
        },
      }),
      /** Enabled iff the coordinator of a write has not sent it to a node that is back, or stands in for one that is gone. It does. */
      sendLater: on.action({
        each: clients,
        by: (s, i) => ['node', s.client[i].request?.coordinator ?? 0],
        fair: 'weak',
        over: sendable,
        then: send,
      }),
      ...(c.handoff &&
        c.quorum === 'sloppy' && {
          /** Hinted handoff (section 4.6): enabled iff a node keeps something for one that it can reach. It hands it over, and deletes it then. */
          handoff: on.action({
            each: ids(c.nodes),
            fair: 'weak',
            over: (s, i) => (s.server[i].isUp ? s.server[i].hints.filter((hint) => isHealthy(s, i, hint.for)) : []),
            then: (s, i, hint) => {
              const put: Put = { key: hint.key, versions: hint.versions, for: null }
              if (bug('hint-deleted-when-sent')) s.net.send(i, hint.for, put)
              else keep(s.server[hint.for], put, bug)
              forgetHint(s.server[i], hint, c, bug)
            },
          }),
        }),
      ...(c.antiEntropy && {
        /** Anti-entropy (section 4.7): a node gives another one what their trees differ in. Enabled iff some of that is new to the other one. */
        synchronize: on.action({
          each: links(c.N),
          fair: 'weak',
          when: (s, [i, j]) => s.server[i].isUp && isHealthy(s, i, j) && hasNewsFor(s.server[i], s.server[j], bug),
          then: (s, [i, j]) => {
            for (const key of differingKeys(s.server[i], s.server[j])) {
              keep(s.server[j], { key, versions: s.server[i].held[key] ?? [], for: null }, bug)
            }
          },
        }),
      }),
      ...(c.collection && {
        /** Enabled iff a node has nothing of a key but a tombstone that all nodes have: so much time has passed that it was told everywhere. */
        collect: on.action({
          each: ids(c.N).flatMap((i) => ids(c.keys).map((key): [Id, number] => [i, key])),
          when: (s, [i, key]) => isDeleted(s.server[i], key) && (bug('tombstones-collected-early') || isEverywhere(s, owners, i, key)),
          then: (s, [i, key]) => forget(s.server[i], key, c, bug),
        }),
      }),
      ...(c.crashes > 0 && {
        /** Enabled iff the node is up and crashes are left. What it has stored is on its disk. */
        crash: on.action({
          ...crashing,
          then: (s, i) => {
            crashing.then(s, i)
            lost(s, i)
          },
        }),
        /** Enabled iff the node is down. */
        restart: on.action(restart<Node>(c.nodes)),
      }),
      ...(c.losses > 0 && {
        /** Enabled iff disks may still be lost: a node comes back empty, and is another one for clocks. */
        loseDisk: on.action({
          each: ids(c.nodes),
          when: (s) => s.losses > 0,
          then: (s, i) => {
            s.losses -= 1
            forgetAll(s.server[i], c, bug)
            lost(s, i)
          },
        }),
      }),
      ...(c.suspicions > 0 && {
        /** Failure detection errs: enabled iff it still may, and the node takes the other one for healthy. */
        suspect: on.action({
          each: links(c.nodes),
          when: (s, [i, j]) => s.suspicions > 0 && !s.suspects[i].includes(j),
          then: (s, [i, j]) => {
            s.suspicions -= 1
            s.suspects[i] = [...s.suspects[i], j].sort()
          },
        }),
        /** The node gets an answer of the other one after all: enabled iff it takes it for failed. */
        trust: on.action({
          each: links(c.nodes),
          fair: 'weak',
          when: (s, [i, j]) => s.suspects[i].includes(j),
          then: (s, [i, j]) => {
            s.suspects[i] = s.suspects[i].filter((other) => other !== j)
          },
        }),
      }),
    }
  },
  properties: (on, c, bug) => {
    const list = preferenceList(c)
    const owners = list.slice(0, c.N)
    const judged = (s: State): boolean => isQuiet(s, owners, c, bug)
    const watched = <A, B>(s: { readonly sessions: A; readonly siblings: B }): A | B => (c.versions === 'lww' ? s.sessions : s.siblings)
    return {
      ...(c.versions === 'lww' &&
        c.judge === 'linearizability' && { linearizable: on.always('the register is linearizable', (s) => s.ops.linearizable) }),
      ...(c.judge === 'sessions' && {
        monotonicReads: on.always('a client that reads again gets nothing older', (s) => watched(s).monotonicReads),
        readYourWrites: on.always('a client that has written reads that, or something newer', (s) => watched(s).readYourWrites),
        monotonicWrites: on.always('who sees a write sees those that its client had made before', (s) => watched(s).monotonicWrites),
        writesFollowReads: on.always('who sees a write sees what its client had read before', (s) => watched(s).writesFollowReads),
      }),
      ...(c.judge === 'freshness' && {
        freshReads: on.always(
          'a read returns nothing that is older than what had been acknowledged when it began',
          (s) => s.past.missed ?? true,
        ),
      }),
      ...(c.judge === 'durability' && {
        durability: on.always('no acknowledged write is lost, unless a later one has replaced it', (s) =>
          durable(
            s.past.acknowledged.flat().filter((write) => !s.past.replaced.includes(write)),
            (write) => isKept(s, write),
          ),
        ),
        noResurrection: on.always('once all is quiet, nodes do not agree on what a later write or deletion has replaced', (s) => {
          if (!judged(s)) return true
          const back = s.past.superseded.find((write) =>
            owners.every((i) => s.server[i].held.some((versions) => includes(versions, write))),
          )
          return back === undefined || `write ${back} is there again, which a later one had replaced`
        }),
      }),
      ...(c.judge === 'availability' && {
        availability: on.always('whoever waits can be answered before faults end', (s) =>
          available(
            [...s.client.entries()].flatMap(([i, { isWaiting }]) => (isWaiting ? [i] : [])),
            (i) => canBeHelped(s, s.client[i] as Process, c, list),
          ),
        ),
        answered: on.alwaysEventually('whoever waits has an answer in the end', (s) => s.client.every(({ isWaiting }) => !isWaiting)),
      }),
      ...(c.judge === 'convergence' && {
        convergence: on.always(
          'once all is quiet, all nodes that keep a key hold the same',
          (s) => !judged(s) || converged(shownBy(s, owners)),
        ),
        eventualConsistency: on.stabilizes(
          'all nodes that keep a key come to hold the same, and stay so',
          (s) => converged(shownBy(s, owners)) === true,
        ),
      }),
      ...(c.versions === 'vector' &&
        c.writers > 1 && {
          siblings: on.sometimes('a node keeps siblings', (s) => s.server.some(({ held }) => held.some(({ length }) => length > 1))),
        }),
      ...(c.quorum === 'sloppy' &&
        c.nodes > c.N &&
        c.crashes + c.partitions + c.suspicions > 0 && {
          standIn: on.sometimes('a node keeps what is meant for another one', (s) => s.server.some(({ hints }) => hints.length > 0)),
        }),
      ...(c.N > 1 && {
        divergence: on.sometimes(
          'two nodes that keep a key hold something different',
          (s) => converged(owners.map((i) => s.server[i].held.map(writesOf))) !== true,
        ),
      }),
      allAnswered: on.sometimes('every client has all its answers', (s) =>
        s.client.every(({ answers }, i) => answers === programOf(i, c).length),
      ),
    }
  },
})
