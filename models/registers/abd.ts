/**
 * The register of Attiya, Bar-Noy and Dolev: replicas behind an asynchronous network, no leader. Each operation asks a majority for
 * its newest value, and has a majority record what it will return, or what it writes under a greater timestamp.
 *
 * Several clients write, so writes ask first, too, and client numbers break ties of timestamps (Lynch & Shvartsman, FTCS 1997).
 * Crashes of a minority are omitted: a crashed replica is one whose messages are never delivered. So are lost messages. Each
 * client runs on a replica, which answers it at once.
 *
 * Source: Attiya, Bar-Noy & Dolev, Sharing Memory Robustly in Message-Passing Systems, Journal of the ACM 42(1), 1995.
 */
import { match } from 'ts-pattern'
import { cells, defineModel, type FamilyView, type Id, ids, type Model, monitor, type NetworkView, network } from '../../checker/index.ts'
import { available, history, register, wholeHistory } from '../../properties/index.ts'
import { type Client, type Content, idle, next, type Operation, reads, write } from '../parts/clients.ts'

/** A value with its timestamp: a count, and the client that wrote it. */
interface Version {
  readonly count: number
  readonly writer: number
  readonly value: Content
}

/** `phase` numbers the phases of a client, so that late answers are told from those that it waits for. */
type Message =
  | { kind: 'query'; phase: number }
  | { kind: 'newest'; phase: number; version: Version }
  | { kind: 'record'; phase: number; version: Version }
  | { kind: 'recorded'; phase: number }

/** What a client is in the middle of. */
interface Phase {
  readonly is: 'query' | 'record'
  readonly operation: Operation
  /** The newest version that it has heard of, or what it has others record. */
  version: Version
  /** The replicas that have answered, but the first of the majority: its own. */
  answers: readonly Id[]
}

interface Process extends Client {
  phases: number
  phase: Phase | null
}

export const abdRegister: Model = defineModel({
  name: 'abd-register',
  about: 'Clients write and read a register that is replicated to a majority',
  source: 'Attiya, Bar-Noy & Dolev, Sharing Memory Robustly in Message-Passing Systems, JACM 42(1), 1995',
  covers: [
    'Reads and writes in two phases: ask a majority for its newest value, then have a majority record what is returned or written',
    'Several writers, whose ties of timestamps client numbers break (Lynch & Shvartsman, 1997)',
    'Messages in any order, and a partition that heals',
  ],
  omits: {
    'crashes of a minority': 'a crashed replica is one whose messages are never delivered, and none has to be',
    'lost messages': 'for the same reason',
  },
  constants: {
    replicas: { default: 3, min: 1, max: 5 },
    writers: { default: 1, min: 1, max: 3, about: 'clients that write once; each client is on a replica of its own' },
    readers: { default: 1, min: 0, max: 3, about: 'clients that read' },
    reads: { default: 2, min: 1, max: 3, about: 'how often each of them does' },
    partitions: { default: 0, min: 0, max: 1 },
    history: { default: 'monitor', oneOf: ['monitor', 'full'], about: 'what is kept of what the clients saw' },
  },
  bugs: {
    'read-without-record': {
      about: 'A read returns the newest value that a majority holds, without having it recorded: a later read may miss it',
      source: 'the paper, section 3: the reader announces the value before it returns it',
      violates: 'linearizable',
      constants: { writers: 1, readers: 1, reads: 2 },
    },
    'write-without-query': {
      about: 'A write takes the timestamp after that of its own replica, without asking a majority for the newest',
      source: 'Lynch & Shvartsman, Robust emulation of shared memory using dynamic quorum-acknowledged broadcasts, FTCS 1997',
      violates: 'linearizable',
      constants: { writers: 2, readers: 1, reads: 1 },
    },
    'half-is-a-majority': {
      about: 'Of an even number of replicas, half of them count as a majority',
      source: 'the paper, section 3: any two majorities intersect',
      violates: 'linearizable',
      constants: { replicas: 2, writers: 1, readers: 1, reads: 1 },
    },
  },
  state: (c) => {
    if (c.writers + c.readers > c.replicas) throw new Error('there are more clients than replicas')
    return {
      replica: cells<Version>(c.replicas, { count: 0, writer: 0, value: null }),
      client: cells<Process>(c.writers + c.readers, { ...idle, phases: 0, phase: null }),
      net: network<Message>({ nodes: c.replicas, partitions: c.partitions }),
      ops: c.history === 'full' ? monitor(wholeHistory(register)) : monitor(history(register)),
    }
  },
  actions: (on, c, bug) => {
    const majority = bug('half-is-a-majority') ? Math.ceil(c.replicas / 2) : Math.floor(c.replicas / 2) + 1
    type Draft = Parameters<Parameters<typeof on.receive<'net'>>[1]['then']>[0]

    /** Begins a phase: the client's own replica is the first to answer. */
    const begin = (s: Draft, i: Id, is: Phase['is'], operation: Operation, version: Version): void => {
      if (is === 'record' && isNewer(version, s.replica[i])) s.replica[i] = version
      const phase = s.client[i].phases + 1
      s.client[i].phases = phase
      s.client[i].phase = { is, operation, version, answers: [] }
      s.net.broadcast(i, is === 'query' ? { kind: 'query', phase } : { kind: 'record', phase, version })
      if (majority === 1) conclude(s, i)
    }

    /** A majority has answered. */
    const conclude = (s: Draft, i: Id): void => {
      const { is, operation, version } = s.client[i].phase as Phase
      const isRead = operation.f === 'read'
      if (is === 'query' && !isRead) {
        begin(s, i, 'record', operation, { count: version.count + 1, writer: i, value: operation.value })
      } else if (is === 'query' && !bug('read-without-record')) begin(s, i, 'record', operation, version)
      else {
        s.client[i] = { ...s.client[i], answers: s.client[i].answers + 1, isWaiting: false, phase: null }
        s.ops.ok(i, isRead ? version.value : null)
      }
    }

    const answered = (s: Draft, i: Id, from: Id, phase: number, version: Version | null): void => {
      const current = s.client[i].phase
      if (current === null || !isAwaited(s.client[i], phase)) return
      if (version !== null && isNewer(version, current.version)) current.version = version
      current.answers = [...current.answers, from].sort()
      if (current.answers.length + 1 >= majority) conclude(s, i)
    }

    return {
      /** Enabled iff the client is not waiting and has something left to do. */
      ask: on.action({
        each: ids(c.writers + c.readers),
        over: (s, i) => next(s.client[i], program(i, c)),
        then: (s, i, operation) => {
          s.client[i].isWaiting = true
          s.ops.invoke(i, operation.f, operation.value)
          const own = s.replica[i]
          if (operation.f === 'write' && bug('write-without-query')) {
            begin(s, i, 'record', operation, { count: own.count + 1, writer: i, value: operation.value })
          } else begin(s, i, 'query', operation, own)
        },
      }),
      /** Enabled iff a message is on its way. */
      receive: on.receive('net', {
        then: (s, to, message, from) => {
          match(message)
            .with({ kind: 'query' }, ({ phase }) => {
              if (isAwaited(s.client[from], phase)) s.net.send(to, from, { kind: 'newest', phase, version: s.replica[to] })
            })
            .with({ kind: 'newest' }, ({ phase, version }) => answered(s, to, from, phase, version))
            .with({ kind: 'record' }, ({ phase, version }) => {
              if (isNewer(version, s.replica[to])) s.replica[to] = version
              if (isAwaited(s.client[from], phase)) s.net.send(to, from, { kind: 'recorded', phase })
            })
            .with({ kind: 'recorded' }, ({ phase }) => answered(s, to, from, phase, null))
            .exhaustive()
        },
      }),
    }
  },
  properties: (on, c) => ({
    linearizable: on.always('the register is linearizable', (s) => s.ops.linearizable),
    allAnswered: on.sometimes('every client has all its answers', (s) =>
      s.client.every((client, i) => client.answers === program(i, c).length),
    ),
    ...(c.partitions > 0 &&
      c.replicas > 1 && {
        unavailable: on.sometimes(
          'a client on the side of a minority has to wait until the partition heals',
          (s) => available(waiting(s), (i) => canHear(s.net, i, c.replicas)) !== true,
        ),
      }),
  }),
  done: (s, c) => s.client.every((client, i) => client.answers === program(i, c).length),
  instances: [
    { constants: { writers: 1, readers: 1, reads: 1 }, expect: 'holds', distinct: 6_325, generated: 27_106, depth: 15 },
    { expect: 'holds', distinct: 236_195, generated: 1_398_847, depth: 22 },
    {
      constants: { writers: 2, readers: 1, reads: 1 },
      expect: 'holds',
      distinct: 3_371_130,
      generated: 21_363_845,
      depth: 22,
      isSlow: true,
    },
    { constants: { replicas: 2, writers: 1, readers: 1, reads: 1 }, expect: 'holds', distinct: 55, generated: 88, depth: 11 },
    { constants: { replicas: 2, writers: 1, readers: 1, reads: 3 }, expect: 'holds', distinct: 169, generated: 288, depth: 21 },
    { constants: { writers: 1, readers: 1, reads: 1, partitions: 1 }, expect: 'holds', distinct: 31_625, generated: 119_466, depth: 17 },
    { bugs: ['read-without-record'], expect: 'linearizable', depth: 10 },
    { bugs: ['write-without-query'], expect: 'linearizable', depth: 12 },
    { bugs: ['half-is-a-majority'], expect: 'linearizable', depth: 3 },
  ],
})

function isNewer(a: Version, b: Version): boolean {
  return a.count > b.count || (a.count === b.count && a.writer > b.writer)
}

function isAwaited({ phase, phases }: Process, number: number): boolean {
  return phase !== null && phases === number
}

function program(client: number, c: { readonly writers: number; readonly reads: number }): readonly Operation[] {
  return client < c.writers ? [write(client)] : reads(c.reads)
}

/** Clients that wait for an answer. */
function waiting({ client }: { readonly client: FamilyView<Process> }): number[] {
  return [...client.entries()].filter(([, { isWaiting }]) => isWaiting).map(([i]) => i)
}

/** Whether a message can be delivered on the client's side of a partition. */
function canHear(net: NetworkView<Message>, client: number, replicas: number): boolean {
  const side = ids(replicas).filter((i) => net.connected(client, i))
  return side.some((to) => net.pending(to).some(({ from }) => side.includes(from)))
}
