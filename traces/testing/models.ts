/** Small models for the tests of this folder. */
import {
  accumulator,
  bag,
  bags,
  cell,
  cells,
  defineModel,
  fifo,
  fifos,
  type Id,
  ids,
  type Json,
  type Model,
  network,
  set,
  sets,
} from '../../checker/index.ts'
import type { AccumulatorKind } from '../../checker/language/slots.ts'

type Message =
  | { kind: 'ask'; term: number; candidate: { id: Id; log: { term: number; value: string }[] } }
  | { kind: 'grant'; term: number }

interface Server {
  role: 'follower' | 'candidate' | 'leader'
  term: number
  votedFor: Id | null
  votes: Id[]
}

const follower: Server = { role: 'follower', term: 0, votedFor: null, votes: [] }

/** An election in which, with the bug, a node may vote twice. Network faults by budget. */
export const election: Model = defineModel({
  name: 'election',
  about: 'Nodes elect a leader by majority',
  constants: {
    nodes: { default: 3, min: 1, max: 9 },
    order: { default: 'unordered', oneOf: ['unordered', 'fifo'] },
    drops: 0,
    duplicates: 0,
    partitions: 0,
    padding: 0,
  },
  bugs: { 'votes-twice': { about: 'A node votes for everyone who asks', violates: 'oneLeader' } },
  state: (c) => ({
    server: cells(c.nodes, follower),
    net: network<Message>({ nodes: c.nodes, order: c.order, drops: c.drops, duplicates: c.duplicates, partitions: c.partitions }),
  }),
  actions: (on, c, bug) => ({
    timeout: on.action({
      each: ids(c.nodes),
      when: (s, i) => s.server[i].term < 1,
      then: (s, i) => {
        s.server[i] = { role: 'candidate', term: 1, votedFor: i, votes: [i] }
        const log = Array.from({ length: c.padding }, (_, n) => ({ term: n, value: `value number ${n}` }))
        s.net.broadcast(i, { kind: 'ask', term: 1, candidate: { id: i, log } })
      },
    }),
    receive: on.receive('net', {
      then: (s, to, message, from) => {
        const me = s.server[to]
        if (message.kind === 'ask') {
          me.term = 1
          if (me.votedFor !== null && !bug('votes-twice')) return
          me.votedFor = from
          s.net.send(to, from, { kind: 'grant', term: 1 })
        } else if (!me.votes.includes(from)) {
          me.votes.push(from)
          me.votes.sort()
          if (me.votes.length * 2 > c.nodes) me.role = 'leader'
        }
      },
    }),
  }),
  properties: (on) => ({
    oneLeader: on.always('at most one node leads', (s) => {
      const leaders = s.server.flatMap(({ role }, i) => (role === 'leader' ? [i] : []))
      return leaders.length < 2 || `nodes ${leaders.join(' and ')} both lead term 1`
    }),
    elected: on.sometimes('a node leads', (s) => s.server.some(({ role }) => role === 'leader')),
  }),
})

/** Counters that must not agree, a step property, named parts and a deadlock: one violation of each kind. */
export const counters: Model = defineModel({
  name: 'counters',
  about: 'Counters that anyone may raise',
  constants: { counters: 3, goal: 3 },
  state: (c) => ({ n: cells(c.counters, 0), touched: set<number>(), stopped: cell(false as boolean) }),
  actions: (on, c) => ({
    raise: on.action({
      each: ids(c.counters),
      when: (s, i) => !s.stopped && s.n[i] < c.goal,
      then: (s, i) => {
        s.n[i] += 1
        s.touched.add(i)
      },
    }),
    jump: on.action({
      when: (s) => !s.stopped && s.n[0] === 1,
      then: (s) => {
        s.n[0] = 3
      },
    }),
    stop: on.action({
      when: (s) => !s.stopped && s.touched.size > 1,
      then: (s) => {
        s.stopped = true
      },
    }),
    look: on.action({ each: ids(c.counters), then: () => {} }),
  }),
  properties: (on, c) => ({
    goals: on.always('no counter reaches its goal', {
      zero: (s) => s.n[0] < c.goal || 'counter 0 is there',
      others: (s) => s.n.every((n, i) => i === 0 || n < c.goal) || 'another counter is there',
    }),
    slowly: on.step('counters rise by one', 'n', (before, after) => after - before <= 1 || `from ${before} to ${after}`),
  }),
})

const notes: AccumulatorKind = { name: 'notes', operations: { note: (value, text) => [...(value as Json[]), text] }, queries: {} }
const shapes: readonly Json[] = [
  { tidy: true, papers: ['a', 'b', 'c', 'd', 'e', 'f'] },
  { tidy: true, papers: ['a', 'b', 'X', 'd', 'e'] },
  { tidy: true, papers: ['a', 'b'] },
  { tidy: false, papers: [], 'in tray': 1 },
  { papers: ['a', 'b', 'c', 'd', 'e'] },
]

type Job = { kind: 'work'; size: number } | string

/** Every kind of slot outside of a network: own mailboxes, single collections, a monitor, and cells of any shape. */
export const office: Model = defineModel({
  name: 'office',
  about: 'Clerks with trays, queues and books',
  state: () => ({
    tray: bags<Job>(2),
    queue: fifos<Job>(2),
    seen: sets<number>(2),
    board: set<Job>(['rules']),
    pile: bag<Job>(['old', 'old']),
    line: fifo<Job>(),
    log: accumulator<object, { note(what: string): void }>(
      notes,
      () => [],
      (access, slot) => ({
        note: (what: string) => access.operate(slot, 'note', what),
      }),
    ),
    desk: cells<Json>(2, { tidy: true, papers: ['a', 'b', 'c', 'd', 'e'] }),
    clock: cell<Json>(0),
  }),
  actions: (on) => ({
    pass: on.action({
      each: ids(2),
      then: (s, i) => {
        const other = i === 0 ? 1 : 0
        s.tray[other].add({ kind: 'work', size: 3 })
        s.queue[other].push('first')
        s.queue[other].push('second')
        s.seen[other].add(7)
        s.seen[i].add(i)
      },
    }),
    take: on.action({
      each: ids(2),
      over: (s, i) => s.tray[i],
      when: (s, i) => s.queue[i].length > 1,
      then: (s, i, job) => {
        s.tray[i].remove(job)
        s.queue[i].shift()
        s.queue[i].shift()
      },
    }),
    file: on.action({
      each: ids(2),
      then: (s, i) => {
        s.board.add('rules')
        s.board.add({ kind: 'work', size: 9 })
        s.pile.remove('old')
        s.line.push('next')
        s.log.note(`filed by ${i}`)
      },
    }),
    next: on.action({ when: (s) => s.line.length > 0, then: (s) => s.line.shift() }),
    set: on.action({
      each: shapes,
      then: (s, shape) => {
        s.desk[0] = shape as Json
      },
    }),
    tick: on.action({
      then: (s) => {
        s.clock = { at: 'noon', zone: null }
      },
    }),
    idle: on.action({ each: [[1, 0]], then: () => {} }),
  }),
  properties: (on) => ({ early: on.always('it is never noon', (s) => s.clock === 0) }),
})
