/**
 * What coordinators do (the paper, section 4.5). A get gathers the versions of R nodes. A put makes a version, and is acknowledged
 * once W nodes have it, the coordinator among them. What a get is about to return may be stored in the same way first (Attiya,
 * Bar-Noy & Dolev, JACM 1995), and a put may ask R nodes for the newest timestamp first (Lynch & Shvartsman, FTCS 1997).
 */
import { type Call, type FamilyView, type Id, ids, type Party, type StepTaken } from '../../checker/index.ts'
import { next, requests } from '../parts/clients.ts'
import type { Bugs } from './bugs.ts'
import { type Operation, type Process, programOf } from './clients.ts'
import { combined, countOf, isNews, keep, type Put, read } from './node.ts'
import { tellBegin, tellEnd, tellLost, tellMade } from './past.ts'
import { isAwaited, nothingCollected, type Request, withAnswer, withStored } from './request.ts'
import { type Place, placesOf, type Reach, votesOf } from './ring.ts'
import type { Draft, Setting, State } from './state.ts'
import { clockOf, seenIn, timeOf, type Version, type Versions } from './versions.ts'

/** What a client asks of whom. */
export interface Asking {
  readonly operation: Operation
  readonly coordinator: Id
}

export interface Coordinating {
  /** What a client can ask next: a node that keeps the key, as far as that node knows who is there. */
  readonly askable: (s: State, i: Id) => readonly Asking[]
  readonly ask: (s: Draft, i: Id, asking: Asking) => void
  /** Who has still to tell the coordinator what it has, and can. */
  readonly answering: (s: State, i: Id) => readonly Id[]
  readonly answer: (s: Draft, i: Id, from: Id) => void
  /** Who has still to be sent what is to be stored, and can be reached. */
  readonly sendable: (s: State, i: Id) => readonly Place[]
  readonly send: (s: Draft, i: Id, place: Place) => void
  /** A node has stored what this coordinator sent. */
  readonly stored: (s: Draft, coordinator: Id, by: Id, put: Put) => void
  /** The coordinator is no more: nobody will know what becomes of its requests. */
  readonly lost: (s: Draft, coordinator: Id) => void
}

/** @param list the preference list */
export function coordinating(c: Setting, list: readonly Id[], bug: Bugs): Coordinating {
  const clients = ids(c.writers + c.readers)
  const programs = clients.map((i) => programOf(i, c))
  const operationOf = (s: Pick<State, 'client'>, i: Id): Operation => programs[i]?.[s.client[i].answers] as Operation
  const places = (s: Reach, coordinator: Id): readonly Place[] => placesOf(s, c, coordinator, list)
  const votes = (nodes: readonly Id[]): number => votesOf(nodes, c, list)

  /** The coordinator makes a new version, and has it stored. */
  const makeVersion = (s: Draft, i: Id, time: number): void => {
    const request = s.client[i].request as Request
    const { key, write, isDelete } = operationOf(s, i)
    const node = s.server[request.coordinator]
    const dot = { name: node.name, count: countOf(node, key) + 1 }
    const clock = c.versions === 'lww' ? { time } : clockOf(seenIn(s.client[i].context), dot, bug)
    const version: Version = { write, isTombstone: isDelete, clock }
    tellMade(s, request, c)
    // Its siblings go with it: so whoever has a version has seen all that the same node had made before.
    store(s, i, combined(read(node, key), [version], bug), [])
  }

  /** Has W nodes store these versions, which some of them already hold. The coordinator does so at once, if it keeps the key. */
  const store = (s: Draft, i: Id, versions: Versions, holders: readonly Id[]): void => {
    const request = s.client[i].request as Request
    const { coordinator } = request
    const own = places(s, coordinator).find(({ node }) => node === coordinator)
    if (own) keep(s.server[coordinator], { key: operationOf(s, i).key, versions, for: own.for }, bug)
    const stored = own && !holders.includes(coordinator) ? [...holders, coordinator].sort() : holders
    request.phase = { is: 'storing', versions, stored, sent: stored }
    for (const place of places(s, coordinator)) if (!stored.includes(place.node)) send(s, i, place)
    endIfStored(s, i)
  }

  const send = (s: Draft, i: Id, { node, for: owner }: Place): void => {
    const { coordinator, phase } = s.client[i].request as Request
    if (phase.is !== 'storing') return
    phase.sent = [...phase.sent, node].sort()
    s.net.send(coordinator, node, { key: operationOf(s, i).key, versions: phase.versions, for: owner })
  }

  const endIfStored = (s: Draft, i: Id): void => {
    const { phase } = s.client[i].request as Request
    if (phase.is === 'storing' && votes(phase.stored) >= c.W) end(s, i, phase.versions)
  }

  /** The client has its answer. */
  const end = (s: Draft, i: Id, versions: Versions): void => {
    const operation = operationOf(s, i)
    const { answers, request } = s.client[i]
    const isContext = operation.f === 'read' && i < c.writers && c.context
    s.client[i] = { answers: answers + 1, isWaiting: false, context: isContext ? versions : [], request: null }
    tellEnd(s, i, operation, request as Request, versions, c)
  }

  /** R nodes have answered: the get returns, or has what it is going to return stored first; the put knows the newest timestamp. */
  const collected = (s: Draft, i: Id, result: Versions, holders: readonly Id[]): void => {
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
    for (const { node, for: owner } of places(s, coordinator)) {
      if (!isNews(read(s.server[node], key), versions, bug)) continue
      const put: Put = { key, versions, for: owner }
      if (node === coordinator) keep(s.server[node], put, bug)
      else s.net.send(coordinator, node, put)
    }
  }

  return {
    askable: (s, i) => {
      const able = [...new Set(list)].filter((node) => s.server[node].isUp && places(s, node).some((place) => place.node === node))
      const coordinators = c.coordinator === 'first' ? able.slice(0, 1) : able
      return next(s.client[i], programs[i] ?? []).flatMap((operation) => coordinators.map((coordinator) => ({ operation, coordinator })))
    },
    ask: (s, i, { operation, coordinator }) => {
      const told = tellBegin(s, i, operation, c)
      s.client[i].isWaiting = true
      s.client[i].request = { coordinator, phase: nothingCollected, ...told }
      if (operation.f === 'read' || (c.versions === 'lww' && c.stamps === 'query')) return
      if (c.versions === 'lww') s.time += 1
      makeVersion(s, i, s.time + s.ahead[coordinator])
    },
    answering: (s, i) => {
      const { request } = s.client[i]
      if (request?.phase.is !== 'collecting') return []
      const { answered } = request.phase
      return places(s, request.coordinator).flatMap(({ node }) => (answered.includes(node) ? [] : [node]))
    },
    answer: (s, i, from) => {
      const request = s.client[i].request as Request
      if (request.phase.is !== 'collecting') return
      const phase = withAnswer(request.phase, from, read(s.server[from], operationOf(s, i).key))
      request.phase = phase
      if (votes(phase.answered) >= c.R) collected(s, i, phase.result, phase.holders)
    },
    sendable: (s, i) => {
      const { request } = s.client[i]
      if (request?.phase.is !== 'storing') return []
      const { sent } = request.phase
      return places(s, request.coordinator).filter(({ node }) => node !== request.coordinator && !sent.includes(node))
    },
    send,
    stored: (s, coordinator, by, put) => {
      for (const i of clients) {
        const { request } = s.client[i]
        if (request?.phase.is !== 'storing' || request.coordinator !== coordinator) continue
        if (operationOf(s, i).key !== put.key || !isAwaited(request.phase, by, put.versions)) continue
        request.phase = withStored(request.phase, by)
        endIfStored(s, i)
      }
    },
    lost: (s, coordinator) => {
      for (const i of clients) {
        const { request, answers } = s.client[i]
        if (request?.coordinator !== coordinator) continue
        tellLost(s, i, operationOf(s, i), c)
        s.client[i] = { answers: answers + 1, isWaiting: false, context: [], request: null }
      }
    },
  }
}

/** For pictures: what clients and coordinators, and nodes and coordinators, tell each other at once. Whose coordinator is lost is not answered. */
export function exchanges(before: FamilyView<Process>, after: FamilyView<Process>, { action, args }: StepTaken): Call[] {
  if (action === 'crash' || action === 'loseDisk') return []
  const coordinatorOf = (i: number): Party => ['node', before[i]?.request?.coordinator ?? (args[1] as unknown as Asking).coordinator]
  const told: Call[] = action === 'answer' ? [{ from: ['node', args[1] as number], to: coordinatorOf(args[0] as number) }] : []
  return [...told.filter(({ from, to }) => from[1] !== to[1]), ...requests(before, after, coordinatorOf)]
}
