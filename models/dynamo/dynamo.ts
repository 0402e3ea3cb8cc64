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
import { anyOf, cell, cells, defineModel, type Id, ids, type Model, monitor, network } from '../../checker/index.ts'
import { available, converged, durable, history, register, sessions } from '../../properties/index.ts'
import { idle, next } from '../parts/clients.ts'
import { crash, restart } from '../parts/failures.ts'
import { links } from '../parts/links.ts'
import { bugs } from './bugs.ts'
import { type Operation, type Process, programOf } from './clients.ts'
import { type Collecting, isAwaited, nothingCollected, type Request, withAnswer, withStored } from './coordinator.ts'
import { instances } from './instances.ts'
import {
  combined,
  countOf,
  differingKeys,
  forget,
  forgetAll,
  forgetHint,
  isDeleted,
  isNews,
  keep,
  type Node,
  newNode,
  type Put,
  read,
} from './node.ts'
import {
  canBeHelped,
  hasNewsFor,
  isEverywhere,
  isKept,
  isQuiet,
  missedOf,
  nothingRemembered,
  type Record,
  type State,
  shownBy,
} from './properties.ts'
import { isHealthy, type Place, placesOf, positions, preferenceList, type Reach } from './ring.ts'
import { tables } from './tables.ts'
import { clockOf, includes, merge, seenIn, timeOf, type Version, type Versions, valueOf, valuesOf, writesOf } from './versions.ts'

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
  instances,
  tables,
  state: (c) => {
    if (c.N > c.nodes || c.R > c.N || c.W > c.N) throw new Error('N is at most the number of nodes, R and W are at most N')
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
      record: cell<Record>(nothingRemembered(c.keys)),
    }
  },
  /** Clocks count from the one that is behind all others. */
  initially: (s) => Math.min(...s.ahead) === 0,
  actions: (on, c, bug) => {
    const list = bug('virtual-nodes-counted-twice') ? positions(c) : preferenceList(c)
    const owners = [...new Set(list.slice(0, c.N))]
    const clients = ids(c.writers + c.readers)
    const programs = clients.map((i) => programOf(i, c))
    const places = (s: Reach, coordinator: Id): readonly Place[] => placesOf(s, c, coordinator, list)
    /** How many of the N nodes these are. */
    const votes = (nodes: readonly Id[]): number =>
      nodes.reduce<number>((sum, node) => sum + Math.max(1, list.slice(0, c.N).filter((owner) => owner === node).length), 0)
    const operationOf = (s: Pick<State, 'client'>, i: Id): Operation => programs[i]?.[s.client[i].answers] as Operation
    type Draft = Parameters<Parameters<typeof on.receive<'net'>>[1]['then']>[0]

    const begin = (s: Draft, i: Id, { f, key, write, isDelete }: Operation, coordinator: Id): void => {
      const client = s.client[i]
      client.isWaiting = true
      client.request = {
        coordinator,
        phase: nothingCollected,
        floor: { newest: s.record.newest[key] ?? [], replaced: c.judge === 'freshness' ? s.record.replaced : [] },
        replaces: f === 'write' ? replacedBy(s, i, key) : [],
      }
      if (isWatched(key)) watcher(s)?.invoke(i, f, f === 'read' || isDelete ? null : write)
      if (f === 'write' && !(c.versions === 'lww' && c.stamps === 'query')) {
        s.time += c.versions === 'lww' ? 1 : 0
        makeVersion(s, i, s.time + s.ahead[coordinator])
      }
    }

    /** What a write is going to replace: with last-writer-wins, all that was acknowledged before it began; else what its client has seen. */
    const replacedBy = (s: Draft, i: Id, key: number): readonly number[] => {
      if (c.judge !== 'durability' && c.judge !== 'freshness') return []
      const seen = valuesOf(s.client[i].context)
      return c.versions === 'lww' ? union(s.record.acknowledged[key] ?? [], seen) : seen
    }

    /** The coordinator makes the new version, and has it stored (section 4.5). */
    const makeVersion = (s: Draft, i: Id, time: number): void => {
      const { context, request } = s.client[i]
      const { coordinator, replaces } = request as Request
      const { key, write, isDelete } = operationOf(s, i)
      const node = s.server[coordinator]
      const dot = { name: node.name, count: countOf(node, key) + 1 }
      const version: Version = { write, isTombstone: isDelete, clock: c.versions === 'lww' ? { time } : clockOf(seenIn(context), dot, bug) }
      if (c.judge === 'durability') s.record.replaced = union(s.record.replaced, replaces)
      // Its siblings go with it: who has a version has seen all that its maker had made before.
      store(s, i, combined(read(node, key), [version], bug), [])
    }

    /** Has W nodes store these versions, which some of them already hold. The coordinator does so itself, if it is one of those that keep the key. */
    const store = (s: Draft, i: Id, versions: Versions, holders: readonly Id[]): void => {
      const request = s.client[i].request as Request
      const { coordinator } = request
      const own = places(s, coordinator).find(({ node }) => node === coordinator)
      if (own) keep(s.server[coordinator], { key: operationOf(s, i).key, versions, for: own.for }, bug)
      const stored = own ? union(holders, [coordinator]) : holders
      request.phase = { is: 'storing', versions, stored, sent: stored }
      for (const place of places(s, coordinator)) if (!stored.includes(place.node)) send(s, i, place)
      returnIfStored(s, i)
    }

    const send = (s: Draft, i: Id, place: Place): void => {
      const { coordinator, phase } = s.client[i].request as Request
      if (phase.is !== 'storing') return
      phase.sent = union(phase.sent, [place.node])
      s.net.send(coordinator, place.node, { key: operationOf(s, i).key, versions: phase.versions, for: place.for })
    }

    const returnIfStored = (s: Draft, i: Id): void => {
      const { phase } = s.client[i].request as Request
      if (phase.is === 'storing' && votes(phase.stored) >= c.W) end(s, i, phase.versions)
    }

    /** R nodes have answered: the read returns, or has what it is going to return stored first; the write knows the newest timestamp. */
    const collected = (s: Draft, i: Id, { result, holders }: Collecting): void => {
      const { f, key } = operationOf(s, i)
      const { coordinator } = s.client[i].request as Request
      if (f === 'write') makeVersion(s, i, timeOf(result) + 1)
      else if (c.readRepair === 'sync' && result.length > 0) store(s, i, result, holders)
      else {
        end(s, i, result)
        if (c.readRepair === 'async') repair(s, coordinator, key, result)
      }
    }

    /** Section 5, "read repair": whoever has answered with less, or is going to, gets what was returned. */
    const repair = (s: Draft, coordinator: Id, key: number, versions: Versions): void => {
      for (const place of places(s, coordinator)) {
        if (!isNews(read(s.server[place.node], key), versions, bug)) continue
        const put: Put = { key, versions, for: place.for }
        if (place.node === coordinator) keep(s.server[coordinator], put, bug)
        else s.net.send(coordinator, place.node, put)
      }
    }

    /** The client has its answer. */
    const end = (s: Draft, i: Id, versions: Versions): void => {
      const operation = operationOf(s, i)
      const { f, key } = operation
      const request = s.client[i].request as Request
      const isContext = f === 'read' && i < c.writers && c.context
      s.client[i] = { answers: s.client[i].answers + 1, isWaiting: false, context: isContext ? versions : [], request: null }
      if (isWatched(key)) watcher(s)?.ok(i, f === 'read' ? valueOf(versions) : null)
      if (f === 'read') s.record.missed ??= missedOf(request.floor, versions)
      else remember(s, operation, versions, request.replaces)
    }

    const remember = (s: Draft, { key, write, isDelete }: Operation, versions: Versions, replaces: readonly number[]): void => {
      const { record } = s
      if (c.judge === 'freshness') {
        record.newest[key] = merge(record.newest[key] ?? [], versions)
        record.replaced = union(record.replaced, replaces)
      }
      if ((c.judge === 'freshness' || c.judge === 'durability') && !isDelete) {
        record.acknowledged[key] = union(record.acknowledged[key] ?? [], [write])
      }
    }

    /** The node that coordinated a request has crashed: nobody will know what becomes of it. */
    const giveUp = (s: Draft, i: Id): void => {
      if (isWatched(operationOf(s, i).key)) watcher(s)?.info(i)
      s.client[i] = { answers: s.client[i].answers + 1, isWaiting: false, context: [], request: null }
    }

    const isWatched = (key: number): boolean => key === 0 && c.versions === 'lww'
    const watcher = (s: Draft) => (c.judge === 'linearizability' ? s.ops : c.judge === 'sessions' ? s.sessions : null)
    const coordinators = (s: Reach): Id[] => {
      const possible = list.filter((i, at) => list.indexOf(i) === at && s.server[i].isUp && places(s, i).some(({ node }) => node === i))
      return c.coordinator === 'first' ? possible.slice(0, 1) : possible
    }
    const crashing = crash<Node>(c.nodes, (node) => {
      if (bug('buffered-writes')) forgetAll(node, c)
    })

    return {
      /** A client asks a node to coordinate its next request: enabled iff it is not waiting, has something left to do, and the node keeps the key. */
      ask: on.action({
        each: clients,
        over: (s, i) =>
          next(s.client[i], programs[i] ?? []).flatMap((operation) => coordinators(s).map((coordinator) => ({ operation, coordinator }))),
        then: (s, i, { operation, coordinator }) => begin(s, i, operation, coordinator),
      }),
      /** A node tells the coordinator what it has: enabled iff the coordinator can reach it, and it has not answered yet. */
      answer: on.action({
        each: clients,
        fair: 'weak',
        over: (s, i) => {
          const { request } = s.client[i]
          if (request?.phase.is !== 'collecting') return []
          const { answered } = request.phase
          return places(s, request.coordinator).flatMap(({ node }) => (answered.includes(node) ? [] : [node]))
        },
        then: (s, i, node) => {
          const request = s.client[i].request as Request
          if (request.phase.is !== 'collecting') return
          const phase = withAnswer(request.phase, node, read(s.server[node], operationOf(s, i).key))
          request.phase = phase
          if (votes(phase.answered) >= c.R) collected(s, i, phase)
        },
      }),
      /** A node keeps what it is sent, and every request that waits for that learns of it: enabled iff a message is on its way, and the node is up. */
      receive: on.receive('net', {
        fair: 'weak',
        when: (s, to) => s.server[to].isUp,
        then: (s, to, put, from) => {
          keep(s.server[to], put, bug)
          for (const i of clients) {
            const { request } = s.client[i]
            if (request === null || request.coordinator !== from || operationOf(s, i).key !== put.key) continue
            if (request.phase.is !== 'storing' || !isAwaited(request.phase, to, put.versions)) continue
            request.phase = withStored(request.phase, to)
            returnIfStored(s, i)
          }
        },
      }),
      /** The coordinator sends the versions to a node that it could not reach before, or that stands in for one that it no longer can: enabled iff there is one. */
      sendLater: on.action({
        each: clients,
        fair: 'weak',
        over: (s, i) => {
          const { request } = s.client[i]
          if (request?.phase.is !== 'storing') return []
          const { sent } = request.phase
          return places(s, request.coordinator).filter(({ node }) => node !== request.coordinator && !sent.includes(node))
        },
        then: (s, i, place) => send(s, i, place),
      }),
      ...(c.handoff &&
        c.quorum === 'sloppy' && {
          /** Hinted handoff (section 4.6): enabled iff a node keeps something for one that it can reach again. "Once the transfer succeeds", it deletes it. */
          handoff: on.action({
            each: ids(c.nodes),
            fair: 'weak',
            over: (s, i) => (s.server[i].isUp ? s.server[i].hints.filter((hint) => isHealthy(s, i, hint.for)) : []),
            then: (s, i, hint) => {
              const put: Put = { key: hint.key, versions: hint.versions, for: null }
              if (bug('hint-deleted-when-sent')) s.net.send(i, hint.for, put)
              else keep(s.server[hint.for], put, bug)
              forgetHint(s.server[i], hint, c)
            },
          }),
        }),
      ...(c.antiEntropy && {
        /** Anti-entropy (section 4.7): a node takes over from another one what their trees differ in. Enabled iff they reach each other, and it gets something new. */
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
        /** Enabled iff all that a node has of a key is a tombstone, and all nodes have it: so much time has passed that repair has come to them. */
        collect: on.action({
          each: ids(c.N).flatMap((i) => ids(c.keys).map((key): [Id, number] => [i, key])),
          when: (s, [i, key]) => isDeleted(s.server[i], key) && (bug('tombstones-collected-early') || isEverywhere(s, owners, i, key)),
          then: (s, [i, key]) => forget(s.server[i], key, c),
        }),
      }),
      ...(c.crashes > 0 && {
        /** Enabled iff the node is up and crashes are left. What it has stored is on its disk. */
        crash: on.action({
          ...crashing,
          then: (s, i) => {
            crashing.then(s, i)
            for (const client of clients) if (s.client[client].request?.coordinator === i) giveUp(s, client)
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
            forgetAll(s.server[i], c)
            for (const client of clients) if (s.client[client].request?.coordinator === i) giveUp(s, client)
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
            s.suspects[i] = union(s.suspects[i], [j])
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
    return {
      ...(c.versions === 'lww' &&
        c.judge === 'linearizability' && { linearizable: on.always('the register is linearizable', (s) => s.ops.linearizable) }),
      ...(c.versions === 'lww' &&
        c.judge === 'sessions' && {
          monotonicReads: on.always('a client that reads again gets nothing older', (s) => s.sessions.monotonicReads),
          readYourWrites: on.always('a client that has written reads that, or something newer', (s) => s.sessions.readYourWrites),
        }),
      ...(c.judge === 'freshness' && {
        freshReads: on.always(
          'a read returns nothing that is older than what had been acknowledged when it began',
          (s) => s.record.missed ?? true,
        ),
      }),
      ...(c.judge === 'durability' && {
        durability: on.always('no acknowledged write is lost, unless a later one has replaced it', (s) =>
          durable(
            s.record.acknowledged.flat().filter((write) => !s.record.replaced.includes(write)),
            (write) => isKept(s, write),
          ),
        ),
        noResurrection: on.always('once all is quiet, what a later write or deletion has replaced is nowhere', (s) => {
          if (!judged(s)) return true
          const back = s.record.replaced.find((write) => owners.some((i) => s.server[i].held.some((versions) => includes(versions, write))))
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

function union<T extends number>(some: readonly T[], others: readonly T[]): readonly T[] {
  return [...new Set([...some, ...others])].sort((a, b) => a - b)
}
