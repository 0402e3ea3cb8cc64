/**
 * How a Chubby cell has at most one master: its replicas elect one by a majority of votes, each of which is a promise not to elect
 * another one for a while, the master lease (section 2.1). The master renews the promises while it can. It alone answers
 * reads, from what it has, which is safe because nobody else can be the master meanwhile.
 *
 * A replica has one request under way to each other one. It reckons what it has been promised from when it asked, and shorter by what the
 * other clock may be faster than its own, so that it ceases to be the master before any of those who elected it votes for another. A replica that
 * restarts has forgotten what it has promised, and votes for nobody for as long as that could have been (Gray & Cheriton, section 2).
 *
 * Clients read and write the database through the master, if there are any; what they see is judged.
 *
 * Source: Burrows, The Chubby lock service for loosely-coupled distributed systems, OSDI 2006, section 2.1.
 */
import { match } from 'ts-pattern'
import { cell, cells, defineModel, type FamilyView, type Id, ids, type Model, monitor, network, UserError } from '../../checker/index.ts'
import { history, register, sessions } from '../../properties/index.ts'
import { type Client, type Content, idle, next, type Operation, requests } from '../parts/clients.ts'
import { type Clocks, reckoned, runAhead, tick } from '../parts/clocks.ts'
import { crash, type Mortal, restart } from '../parts/failures.ts'
import { others } from '../parts/links.ts'
import { cellBugs } from './bugs.ts'
import { cellInstances } from './instances.ts'
import { cellTables } from './tables.ts'

interface Replica extends Mortal {
  /** To whom it has promised its vote, and for how many ticks of its clock; to nobody while it must not vote after a restart. */
  promise: { readonly to: Id | null; left: number } | null
  /** For how many ticks of its clock it may rely on the promise of each replica, its own included. */
  promised: number[]
  /** How many ticks ago, by its clock, it asked each replica that has not answered yet. */
  asked: (number | null)[]
  /** What it has of the database, if clients ask. */
  content: Content
  /** Whether it has been elected and has not heard of another master since, if clients ask. */
  leads: boolean
  /** How often it has restarted, to tell answers to what it asked before. */
  restarts: number
}

type Message = { kind: 'ask'; restarts: number } | { kind: 'promise'; restarts: number }

export const chubbyCell: Model = defineModel({
  name: 'chubby-cell',
  about: 'Replicas elect a master, by promises of a majority not to elect another one for the master lease',
  source: 'Burrows, The Chubby lock service for loosely-coupled distributed systems, OSDI 2006, section 2.1',
  covers: [
    'Election of a master by a majority, and its renewal, each vote being a promise not to elect another one for the master lease (section 2.1)',
    'A lease that the master reckons from when it asked, and shorter by the bound on the rates of clocks; replicas that vote again only once their promise has run out',
    'Clocks that run at different rates within a bound, so that they drift apart with time; messages that take any time and overtake each other',
    'Crashes that lose what was promised, and restarted replicas that wait for as long',
    'Clients that read and write the database through the master',
  ],
  omits: {
    'the consensus protocol that replicates the database':
      'Whoever may write and read is what is at stake here; how writes get to a majority is a matter of Paxos. A write takes effect at once, if its master has all that was written before it; and a replica that is elected learns what that is',
    'requests and answers of clients':
      'An operation is asked for and answered in one step. On its way it would be open for longer, which allows the clients to see more, not less',
    'lost messages': 'A message that is lost is one that is never delivered; a candidate that gets no answer gives no proof to anybody',
    refusals:
      'A request for a vote that has been promised to another waits, and is worth nothing by the time it is heard if it has waited as long as a lease',
    "how candidates get out of each other's way":
      'That is for liveness, by random delays; a cell with one candidate shows that a master comes back',
    'pauses of processes': 'Whether a replica is the master is asked in every state, whatever its last step was',
  },
  constants: {
    replicas: { default: 3, min: 1, max: 5 },
    candidates: { default: 2, min: 1, max: 5, about: 'how many of them may become the master' },
    lease: { default: 2, min: 1, max: 12, about: 'ticks for which a replica promises' },
    driftEvery: { default: 0, min: 0, max: 12, about: 'in how many ticks a clock may gain one on another; 0 for never' },
    boundEvery: { default: 0, min: 0, max: 12, about: 'the drift that a master reckons with, likewise' },
    crashes: { default: 0, min: 0, max: 2, about: 'how often replicas crash' },
    prompt: { default: false, about: 'whether messages take no time' },
    operations: {
      default: 0,
      min: 0,
      max: 5,
      about: 'how many operations each of two clients does: one writes and reads in turn, the other reads and writes',
    },
    judged: { default: 'linearizability', oneOf: ['linearizability', 'sessions'], about: 'what is asked of the history' },
  },
  bugs: cellBugs,
  instances: cellInstances,
  tables: cellTables,
  state: (c) => {
    if (c.candidates > c.replicas)
      throw new UserError('bad-constant', `chubby-cell has candidates=${c.candidates} and replicas=${c.replicas}; candidates are replicas`)
    if (reckoned(c.lease, c.boundEvery) < 1)
      throw new UserError(
        'bad-constant',
        `chubby-cell has lease=${c.lease} and boundEvery=${c.boundEvery}; a lease is longer than the drift that a master reckons with`,
      )
    return {
      /** For how many ticks each clock may not run ahead. */
      steady: cells(c.replicas, 0),
      server: cells<Replica>(c.replicas, { isUp: true, restarts: 0, content: null, ...nothing(c.replicas) }),
      net: network<Message>({ nodes: c.replicas }),
      crashes: cell(c.crashes),
      /** The content of the database, by the consensus of the replicas. */
      database: cell<Content>(null),
      client: cells<Client>(2, idle),
      /** What the clients see, for either question. */
      ops: monitor(history(register)),
      sessions: monitor(sessions(register)),
    }
  },
  roles: (c) => ({ replica: c.replicas, ...(c.operations > 0 && { client: 2 }) }),
  calls: (before, after, { process }) => requests(before.client, after.client, () => ['replica', process ?? 0]),
  actions: (on, c, bug) => {
    type Receive = Parameters<typeof on.receive<'net'>>[1]
    type Draft = Parameters<Receive['then']>[0]
    type View = Parameters<NonNullable<Receive['when']>>[0]

    /** For how many ticks of its own clock a replica may rely on a promise, from when it asked for it. */
    const relied = reckoned(c.lease, c.boundEvery)

    /** A replica that has promised its vote does not hear of other candidates until its promise has run out. */
    const isTaken = (s: View, to: Id, message: Message, from: Id): boolean =>
      s.server[to].isUp && (message.kind === 'promise' || isFree(s.server[to], from))

    const isQuiet = (s: View): boolean =>
      ids(c.replicas).every((i) => !s.net.pending(i).some(({ message, from }) => isTaken(s, i, message, from as Id)))

    const clocks: Clocks<View, Draft> = {
      clocks: c.replicas,
      driftEvery: c.driftEvery,
      mayPass: (s) => !c.prompt || isQuiet(s),
      isUsed: ({ server }, i) =>
        server[i].promise !== null || server[i].promised.some((left) => left > 0) || server[i].asked.some((age) => age !== null),
      advance: (s, i) => {
        const replica = s.server[i]
        if (replica.promise !== null)
          replica.promise = replica.promise.left > 1 ? { ...replica.promise, left: replica.promise.left - 1 } : null
        replica.promised = replica.promised.map((left) => Math.max(0, left - 1))
        // What was asked as long ago as a lease lasts is worth nothing any more.
        replica.asked = replica.asked.map((age) => (age === null ? null : Math.min(age + 1, c.lease)))
      },
    }

    /** A step of a replica. If it is elected by that, it learns what is in the database, as a majority knows. */
    const act = (s: Draft, i: Id, step: (replica: Replica) => void): void => {
      const replica = s.server[i]
      const wasMaster = isMaster(replica)
      step(replica)
      if (c.operations === 0 || wasMaster || !isMaster(replica)) return
      replica.content = s.database
      replica.leads = true
    }

    /** Section 2.1: the master answers, as long as its lease has not run out. */
    const mayAnswer = (replica: Replica, { f }: Operation, database: Content): boolean =>
      (isMaster(replica) || (bug('lease-not-checked') && replica.isUp && replica.leads)) && (f === 'read' || replica.content === database)

    return {
      tick: on.action(tick(clocks)),
      runAhead: on.action(runAhead(clocks)),
      /**
       * Enabled iff the replica has not promised its vote to another one. It votes for itself, and asks those that have answered
       * before. That is how a candidate begins and how a master renews its lease.
       */
      campaign: on.action({
        each: ids(c.candidates),
        fair: 'weak',
        when: (s, i) =>
          s.server[i].isUp &&
          isFree(s.server[i], i) &&
          (s.server[i].promised[i] !== c.lease || s.server[i].asked.some((age, j) => j !== i && age === null)),
        then: (s, i) =>
          act(s, i, (replica) => {
            replica.promise = { to: i, left: c.lease }
            replica.promised[i] = c.lease
            for (const j of others(i, c.replicas)) {
              if (replica.asked[j] !== null) continue
              replica.asked[j] = 0
              s.net.send(i, j, { kind: 'ask', restarts: replica.restarts })
            }
          }),
      }),
      /** Enabled iff a message is on its way to a replica that is up, and asks for no vote that has been promised to another. */
      receive: on.receive('net', {
        fair: 'weak',
        when: isTaken,
        then: (s, i, message, from) =>
          act(s, i, (replica) => {
            match(message)
              .with({ kind: 'ask' }, ({ restarts }) => {
                replica.promise = { to: from, left: c.lease }
                replica.leads = false
                s.net.send(i, from, { kind: 'promise', restarts })
              })
              .with({ kind: 'promise' }, ({ restarts }) => {
                const age = replica.asked[from] ?? null
                if (age === null || restarts !== replica.restarts) return
                const left = relied - (bug('lease-from-receipt') ? 0 : age)
                replica.promised[from] = Math.max(replica.promised[from] ?? 0, left)
                replica.asked[from] = null
              })
              .exhaustive()
          }),
      }),
      ...(c.operations > 0 && {
        /** Enabled iff the client has an operation left and the replica is the master. Consensus takes a write of one that has all before it. */
        request: on.action({
          each: ids(c.replicas).flatMap((i) => ids(2).map((client): [Id, Id] => [i, client])),
          over: (s, [i, client]) =>
            next(s.client[client], program(client, c.operations)).filter((operation) => mayAnswer(s.server[i], operation, s.database)),
          then: (s, [i, client], { f, value }) => {
            const replica = s.server[i]
            if (f === 'write') {
              s.database = value
              replica.content = value
            }
            s.client[client].answers += 1
            const answer = f === 'read' ? replica.content : null
            if (c.judged === 'sessions') {
              s.sessions.invoke(client, f, value)
              s.sessions.ok(client, answer)
            } else {
              s.ops.invoke(client, f, value)
              s.ops.ok(client, answer)
            }
          },
        }),
      }),
      /** Enabled iff the replica is up and crashes are left. It forgets everything. */
      crash: on.action(crash(c.replicas, (replica: Replica) => Object.assign(replica, nothing(c.replicas)))),
      /** Enabled iff the replica is down. It votes for nobody for as long as what it has promised may bind it. */
      restart: on.action(
        restart(c.replicas, (replica: Replica) => {
          replica.restarts += 1
          if (!bug('promise-forgotten')) replica.promise = { to: null, left: c.lease }
        }),
      ),
    }
  },
  properties: (on, c) => ({
    oneMaster: on.always('at most one replica is the master', (s) => {
      const all = masters(s.server)
      return all.length <= 1 || `replicas ${all.join(' and ')} are`
    }),
    ...(c.operations > 0 &&
      c.judged === 'linearizability' && { linearizable: on.always('the database is linearizable', (s) => s.ops.linearizable) }),
    ...(c.operations > 0 &&
      c.judged === 'sessions' && {
        readYourWrites: on.always('a client reads what it has written, or newer', (s) => s.sessions.readYourWrites),
        monotonicReads: on.always('a client reads nothing older than it has read', (s) => s.sessions.monotonicReads),
        monotonicWrites: on.always('the writes of a client are seen in their order', (s) => s.sessions.monotonicWrites),
        writesFollowReads: on.always('a write is seen after what its client had read before it', (s) => s.sessions.writesFollowReads),
      }),
    ...(c.operations > 0 && {
      allAnswered: on.sometimes('both clients have all their answers', (s) => s.client.every(({ answers }) => answers === c.operations)),
      ...(c.candidates > 1 && {
        bothAsked: on.sometimes(
          'clients have written through two masters',
          (s) => new Set(s.server.map(({ content }) => content)).size > 2,
        ),
      }),
    }),
    elected: on.sometimes('there is a master', (s) => masters(s.server).length > 0),
    ...(c.replicas > 1 && {
      renewed: on.sometimes('there is a master that the others have promised their votes for as long as it is possible', (s) =>
        masters(s.server).some((i) =>
          s.server[i].promised.every((left, j) => left === (j === i ? c.lease : reckoned(c.lease, c.boundEvery))),
        ),
      ),
    }),
    // Several candidates may get in each other's way for ever.
    ...(c.prompt &&
      c.candidates === 1 && {
        succession: on.alwaysEventually('there is a master again and again, though it crashes', (s) => masters(s.server).length > 0),
      }),
  }),
})

function nothing(replicas: number): Pick<Replica, 'promise' | 'promised' | 'asked' | 'leads'> {
  return { leads: false, promise: null, promised: Array(replicas).fill(0), asked: Array(replicas).fill(null) }
}

/** Whether a replica may promise its vote to this one. */
function isFree({ promise }: Replica, candidate: Id): boolean {
  return promise === null || promise.to === candidate
}

/** Those that rely on the promises of a majority. */
function masters(server: FamilyView<Replica>): Id[] {
  return ids(server.length).filter((i) => isMaster(server[i]))
}

function isMaster({ isUp, promised }: Replica): boolean {
  return isUp && 2 * promised.filter((left) => left > 0).length > promised.length
}

/** What a client does: the first one writes first. No two writes are of the same value. */
function program(client: number, operations: number): readonly Operation[] {
  return ids(operations).map(
    (n): Operation => (n % 2 === client ? { f: 'write', value: client * operations + n + 1 } : { f: 'read', value: null }),
  )
}
