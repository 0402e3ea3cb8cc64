/**
 * Clients of Raft: a register on replicated logs, whose writes go through the log and whose reads take one of four paths. What the
 * clients see is judged while the servers crash, elect and replicate by the rules of models/raft.
 *
 *  - `log`: a read is an entry like any other, and is answered once it is applied.
 *  - `read-index` (the dissertation, section 6.4): the leader makes sure by a round of heartbeats that it still led when the read came.
 *  - `lease` (section 6.4.1): a majority that has answered a heartbeat elects nobody else for an election timeout. So the leader
 *    answers at once, as long as its clock says that this time is not over, which it takes to be shorter by the bound on the rates of clocks.
 *  - `local`: any server answers from what it has applied. That is fast, and may be old.
 *
 * A client that gets no answer sends its command again, to whoever leads; the copies may arrive late. Sessions tell them apart.
 *
 * Source: Ongaro, Consensus: Bridging Theory and Practice, Stanford 2014, chapter 6; Ongaro & Ousterhout 2014, section 8.
 */
import { match, P } from 'ts-pattern'
import { bag, cell, cells, defineModel, type FamilyView, type Id, ids, type Model, monitor, network } from '../../../checker/index.ts'
import { history, register, sessions } from '../../../properties/index.ts'
import { type Client, idle, next, type Operation, reads as readings, requests } from '../../parts/clients.ts'
import { type Clocks, reckoned, runAhead, tick } from '../../parts/clocks.ts'
import { links } from '../../parts/links.ts'
import { leadIfElected, requestVote } from '../elections.ts'
import type { Command, Entry } from '../log.ts'
import type { Message as CoreMessage } from '../messages.ts'
import { appendEntries, isAwaiting, isSettled, mayLag, takeRequest } from '../replication.ts'
import { correct, react } from '../rules.ts'
import { figure3 } from '../safety.ts'
import { becomeCandidate, electedFirst, fixedCluster, newServer, observeTerm, restart, type Server } from '../server.ts'
import { bugs } from './bugs.ts'
import { instances } from './instances.ts'
import { type Heartbeat, type HeartbeatResult, knowsCommitted, type Leading, notLeading } from './reads.ts'
import { registerAt } from './session.ts'
import { tables } from './tables.ts'

type Message = CoreMessage | Heartbeat | HeartbeatResult

export const raftClients: Model = defineModel({
  name: 'raft-clients',
  about: 'Clients write and read a register that Raft replicates, and send again what is not answered',
  source: 'Ongaro, Consensus: Bridging Theory and Practice, Stanford 2014, chapter 6; Ongaro & Ousterhout, USENIX ATC 2014, section 8',
  covers: [
    'elections and replication by the rules of the model raft, with crashes',
    'reads through the log, by ReadIndex, under a lease, and from any server as they come',
    'clocks that run at different rates within a bound, and election timeouts that followers measure with them',
    'commands that are sent again and arrive late, and sessions that recognize them',
  ],
  omits: {
    'Requests and answers as messages':
      'a command is invoked when a leader first takes it, and answered when that leader applies it. On its way it would be open for longer, which allows the history more, not less. Copies do travel.',
    'Answers that are lost':
      'an entry that its leader does not live to commit is committed by the next one, which answers nobody: the client has to send it again.',
    'Reads that a follower answers after asking the leader for the index (section 6.4)':
      'the follower answers with what it has applied later than the leader would.',
    'Expiry of sessions': 'it takes a command that all servers apply at the same place in the log, as any other.',
    'The read index in the state': 'a server applies what is committed at once, so at the end of the round it has applied that much.',
  },
  constants: {
    servers: { default: 3, min: 1, max: 5 },
    maxTerm: { default: 2, min: 1, about: 'no server starts an election beyond this term' },
    reads: { default: 'log', oneOf: ['log', 'read-index', 'lease', 'local'], about: 'the path of reads' },
    clients: { default: 1, min: 1, max: 3 },
    writers: { default: 1, min: 0, max: 3, about: 'so many of the clients write, before they read' },
    writes: { default: 1, min: 0, max: 3, about: 'how often each of them does' },
    readsEach: { default: 1, min: 0, max: 3, about: 'how often each client reads' },
    retries: { default: 0, min: 0, about: 'how many copies of commands clients send' },
    inFlight: { default: 2, min: 1, about: 'how many messages between servers may be on their way at once' },
    crashes: { default: 0, min: 0, about: 'how many times servers may crash' },
    isElected: { default: false, about: 'whether server 0 leads term 1 from the start, and its no-op, if any, is committed' },
    electionTimeout: { default: 3, min: 1, about: 'for leases: ticks without a leader before a server elects another' },
    rounds: { default: 1, min: 0, about: 'for leases: how often leaders may send heartbeats' },
    driftEvery: { default: 0, min: 0, max: 12, about: 'for leases: in how many ticks a clock may gain one on another; 0 for never' },
    boundEvery: { default: 0, min: 0, max: 12, about: 'for leases: the drift that leaders reckon with, likewise' },
    judged: { default: 'linearizability', oneOf: ['linearizability', 'sessions'], about: 'what is asked of the history' },
  },
  bugs,
  instances,
  tables,
  state: (c) => ({
    server: cells<Server>(c.servers, (i) => (c.isElected ? electedFirst(i, c.servers, startsWithNoOp(c.reads) ? [noOp] : []) : newServer)),
    net: network<Message>({ nodes: c.servers }),
    crashes: cell(c.crashes),
    /** What leaders keep in memory for reads. */
    leading: cells<Leading>(c.servers, notLeading),
    client: cells<Client>(c.clients, idle),
    /** Copies of commands on their way. */
    copies: bag<Command>(),
    /** How many copies may still be sent. */
    retries: cell(c.retries),
    /** How many rounds of heartbeats leaders may still begin, to renew their leases. */
    rounds: cell(c.rounds),
    /** For how many ticks each server's clock may not run ahead. */
    steady: cells(c.servers, 0),
    /** Ticks of its clock for which each server elects nobody, as it has heard of a leader. */
    heard: cells(c.servers, 0),
    /** What the clients see, for either question. */
    ops: monitor(history(register)),
    sessions: monitor(sessions(register)),
  }),
  roles: (c) => ({ server: c.servers, client: c.clients }),
  calls: (before, after, { action, args, process }) => {
    const server = ['server', process ?? 0] as const
    const copy = action === 'takeCopy' ? [{ from: ['client', (args[1] as { readonly client: number }).client] as const, to: server }] : []
    return [...copy, ...requests(before.client, after.client, () => server)]
  },
  actions: (on, c, bug) => {
    const cluster = fixedCluster(c.servers)
    const readsUseLog = c.reads === 'log'
    const hasLeases = c.reads === 'lease'
    /** How long a lease lasts by the leader's clock, from when it sent the heartbeats. */
    const leaseTicks = bug('lease-read-under-drift') ? c.electionTimeout : reckoned(c.electionTimeout, c.boundEvery)
    type Receive = Parameters<typeof on.receive<'net'>>[1]
    type Draft = Parameters<Receive['then']>[0]
    type View = Parameters<NonNullable<Receive['when']>>[0]

    const invoke = (s: Draft, client: Id, { f, value }: Operation): void => {
      s.client[client].isWaiting = true
      if (c.judged === 'sessions') s.sessions.invoke(client, f, value)
      else s.ops.invoke(client, f, value)
    }

    const answer = (s: Draft, client: Id, value: number | null): void => {
      s.client[client] = { answers: s.client[client].answers + 1, isWaiting: false }
      if (c.judged === 'sessions') s.sessions.ok(client, value)
      else s.ops.ok(client, value)
    }

    const registerOf = ({ log }: Server, index: number) => registerAt(log, index, !bug('duplicated-command-on-retry'))

    /** Lets a server act, and then do what follows: no-op as a new leader, answers to what it has applied, nothing more of a lost leadership. */
    const act = (s: Draft, i: Id, step: (server: Server) => void): void => {
      const server = s.server[i]
      const [wasLeader, term, applied] = [server.role.is === 'leader', server.currentTerm, server.lastApplied]
      step(server)
      const isLeader = server.role.is === 'leader'
      if (wasLeader && (!isLeader || server.currentTerm !== term)) s.leading[i] = notLeading
      if (isLeader && !wasLeader && startsWithNoOp(c.reads)) takeRequest(server, i, cluster, correct)
      if (!isLeader) return
      for (let index = applied + 1; index <= server.lastApplied; index++) {
        const { leader, term: entryTerm, command } = server.log[index - 1] as Server['log'][number]
        // A leader knows the clients of the entries that it made itself.
        if (command === undefined || leader !== i || entryTerm !== server.currentTerm) continue
        const { answers, isWaiting } = s.client[command.client as Id]
        if (isWaiting && answers === command.serial)
          answer(s, command.client as Id, command.f === 'read' ? registerOf(server, index) : null)
      }
    }

    /** Sends the heartbeats of a round. Alone in its cluster, a leader need not ask. */
    const beginRound = (s: Draft, i: Id, reader: Leading['reader']): void => {
      const round = s.leading[i].round + 1
      s.leading[i] = { ...s.leading[i], round, age: hasLeases ? 0 : null, answered: [], reader }
      s.net.broadcast(i, { kind: 'heartbeat', term: s.server[i].currentTerm, round })
      endRound(s, i)
    }

    /** A round ends once a majority has answered, the leader included. */
    const endRound = (s: Draft, i: Id): void => {
      const { age, answered, reader } = s.leading[i]
      if (!cluster.isQuorum([i, ...answered], [])) return
      if (age !== null) s.leading[i].lease = leaseTicks - age
      if (reader === null) return
      s.leading[i].reader = null
      const { answers, isWaiting } = s.client[reader.client]
      if (isWaiting && answers === reader.serial) answer(s, reader.client, registerOf(s.server[i], s.server[i].lastApplied))
    }

    /** A server that knows of a leader elects nobody else before its election timeout is over (section 4.2.3). */
    const hearsLeader = (s: { readonly heard: FamilyView<number> }, i: Id): boolean => hasLeases && s.heard[i] > 0

    const isUsed = ({ heard, leading }: View, i: Id): boolean => heard[i] > 0 || leading[i].age !== null || leading[i].lease > 0
    const clocks: Clocks<View, Draft> = {
      clocks: c.servers,
      driftEvery: c.driftEvery,
      mayPass: (s) => ids(c.servers).some((i) => isUsed(s, i)),
      isUsed,
      advance: (s, i) => {
        const leading = s.leading[i]
        s.heard[i] = Math.max(0, s.heard[i] - 1)
        leading.lease = Math.max(0, leading.lease - 1)
        if (leading.age === null) return
        leading.age += 1
        if (leading.age < leaseTicks) return
        leading.age = null
        leading.answered = []
      },
    }

    return {
      /** Enabled iff the server does not lead, has a term left, and has not heard of a leader for an election timeout. It starts an election. */
      timeout: on.action({
        each: ids(c.servers),
        when: (s, i) => s.server[i].role.is !== 'leader' && s.server[i].currentTerm < c.maxTerm && !hearsLeader(s, i),
        then: (s, i) =>
          act(s, i, (server) => {
            becomeCandidate(server, i)
            s.net.broadcast(i, requestVote(server))
            leadIfElected(server, i, cluster)
          }),
      }),
      /** Leaders 3: enabled iff the server leads, the follower may lack something, and no result is awaited from it. */
      replicate: on.action({
        each: links(c.servers),
        when: (s, [i, j]) => mayLag(s.server[i], j) && !isAwaiting(s.server[i], j),
        then: (s, [i, j]) => s.net.send(i, j, appendEntries(s.server[i], j)),
      }),
      /** Enabled iff a message is on its way to the server. */
      receive: on.receive('net', {
        then: (s, i, message, from) => {
          if (message.kind === 'requestVote' && hearsLeader(s, i)) return
          act(s, i, (server) => {
            observeTerm(server, message.term)
            match(message)
              .with({ kind: 'heartbeat' }, ({ term, round }) => {
                if (term === server.currentTerm && server.role.is === 'candidate') server.role = { is: 'follower' }
                if (term === server.currentTerm && hasLeases) s.heard[i] = c.electionTimeout
                s.net.send(i, from, { kind: 'heartbeatResult', term: server.currentTerm, round })
              })
              .with({ kind: 'heartbeatResult' }, ({ term, round }) => {
                const leading = s.leading[i]
                const isOver = hasLeases && leading.age === null
                if (term !== server.currentTerm || round !== leading.round || isOver || leading.answered.includes(from)) return
                leading.answered = [...leading.answered, from].sort()
                endRound(s, i)
              })
              .with({ kind: P.union('requestVote', 'requestVoteResult', 'appendEntries', 'appendEntriesResult') }, (core) => {
                const reply = react(server, i, core, from, cluster, correct)
                if (reply !== null) s.net.send(i, from, reply)
              })
              .exhaustive()
          })
        },
      }),
      /** Enabled iff crashes are left: a crash and the restart. The server does not know whether it has just heard of a leader. */
      restart: on.action({
        each: ids(c.servers),
        when: (s) => s.crashes > 0,
        then: (s, i) => {
          s.crashes -= 1
          restart(s.server[i])
          s.leading[i] = notLeading
          if (hasLeases) s.heard[i] = c.electionTimeout
        },
      }),

      /** Enabled iff the client has a command for the log next, and the server leads. */
      ask: on.action({
        each: ids(c.servers).flatMap((i) => ids(c.clients).map((client): [Id, Id] => [i, client])),
        over: (s, [i, client]) =>
          s.server[i].role.is === 'leader'
            ? next(s.client[client], program(client, c)).filter(({ f }) => f === 'write' || readsUseLog)
            : [],
        then: (s, [i, client], operation) => {
          invoke(s, client, operation)
          const command = { ...operation, client, serial: s.client[client].answers }
          act(s, i, (server) => takeRequest(server, i, cluster, correct, { command }))
        },
      }),
      /** Enabled iff the client waits for the result of a command, and copies are left. It sends one. */
      askAgain: on.action({
        each: ids(c.clients),
        by: 'client',
        over: (s, client) => {
          const { answers, isWaiting } = s.client[client]
          return isWaiting && s.retries > 0
            ? program(client, c)
                .slice(answers, answers + 1)
                .filter(({ f }) => f === 'write' || readsUseLog)
            : []
        },
        then: (s, client, operation) => {
          s.retries -= 1
          s.copies.add({ ...operation, client, serial: s.client[client].answers })
        },
      }),
      /** Enabled iff a copy is on its way and the server leads. It cannot tell a copy from a command. */
      takeCopy: on.action({
        each: ids(c.servers),
        over: (s, i) => (s.server[i].role.is === 'leader' ? s.copies : []),
        then: (s, i, command) => {
          s.copies.remove(command)
          act(s, i, (server) => takeRequest(server, i, cluster, correct, { command }))
        },
      }),

      ...(c.reads === 'read-index' && {
        /**
         * Section 6.4: enabled iff the client reads next, or waits and may ask again; the server leads, has committed an entry of its term,
         * and no other read waits. The leader notes its commitIndex and asks everybody whether it still leads.
         */
        readIndex: on.action({
          each: ids(c.servers).flatMap((i) => ids(c.clients).map((client): [Id, Id] => [i, client])),
          when: (s, [i, client]) => {
            const { answers, isWaiting } = s.client[client]
            const isLeader = s.server[i].role.is === 'leader'
            const isReady = knowsCommitted(s.server[i]) || bug('read-index-before-own-term')
            return (
              isLeader &&
              isReady &&
              program(client, c)[answers]?.f === 'read' &&
              s.leading[i].reader === null &&
              (!isWaiting || s.retries > 0)
            )
          },
          then: (s, [i, client]) => {
            const { answers, isWaiting } = s.client[client]
            if (isWaiting) s.retries -= 1
            else invoke(s, client, { f: 'read', value: null })
            if (bug('stale-read-from-deposed-leader')) answer(s, client, registerOf(s.server[i], s.server[i].lastApplied))
            else beginRound(s, i, { client, serial: answers })
          },
        }),
      }),
      ...((c.reads === 'lease' || c.reads === 'local') && {
        /** Enabled iff the client reads next, and the server may answer at once: under its lease (section 6.4.1), or as any server. */
        read: on.action({
          each: ids(c.servers).flatMap((i) => ids(c.clients).map((client): [Id, Id] => [i, client])),
          when: (s, [i, client]) => {
            const isNext = next(s.client[client], program(client, c))[0]?.f === 'read'
            if (c.reads === 'local') return isNext
            return isNext && knowsCommitted(s.server[i]) && s.leading[i].lease > 0
          },
          then: (s, [i, client]) => {
            invoke(s, client, { f: 'read', value: null })
            answer(s, client, registerOf(s.server[i], s.server[i].lastApplied))
          },
        }),
      }),
      ...(hasLeases && {
        /** Enabled iff rounds are left, the server leads and its clock has moved on since the last one. It sends heartbeats. */
        heartbeat: on.action({
          each: ids(c.servers),
          when: (s, i) => s.rounds > 0 && s.server[i].role.is === 'leader' && s.leading[i].age !== 0,
          then: (s, i) => {
            s.rounds -= 1
            beginRound(s, i, null)
          },
        }),
        /** Enabled iff a timer runs. */
        tick: on.action(tick(clocks)),
        runAhead: on.action(runAhead(clocks)),
      }),
    }
  },
  properties: (on, c) => ({
    ...(c.judged === 'linearizability' && {
      linearizable: on.always('the register is linearizable', (s) => s.ops.linearizable),
    }),
    ...(c.judged === 'sessions' && {
      readYourWrites: on.always('a client reads what it has written, or newer', (s) => s.sessions.readYourWrites),
      monotonicReads: on.always('a client reads nothing older than it has read', (s) => s.sessions.monotonicReads),
    }),
    ...figure3(on, c.servers),
    allAnswered: on.sometimes('every client has all its answers', (s) =>
      s.client.every(({ answers }, i) => answers === program(i, c).length),
    ),
    ...(c.servers > 2 &&
      c.maxTerm > 1 && {
        twoLead: on.sometimes(
          'two servers take themselves for the leader',
          (s) => s.server.filter(({ role }) => role.is === 'leader').length > 1,
        ),
      }),
  }),
  /** Nothing is on its way and no term is left. Then no leader awaits a result; who has no answer waits for a leader that there is not any more. */
  done: (s) => s.server.every(isSettled),
  boundary: (s, c) => s.net.size <= c.inFlight,
})

const noOp: Entry = { term: 1, leader: 0, index: 1 }

/** Section 6.4, step 1: a new leader appends a no-op, so that it comes to know what is committed. */
function startsWithNoOp(reads: string): boolean {
  return reads === 'read-index' || reads === 'lease'
}

/** What a client does, one operation after the other. No two writes are of the same value. */
function program(
  client: number,
  { writers, writes, readsEach }: { readonly writers: number; readonly writes: number; readonly readsEach: number },
): readonly Operation[] {
  const written = client < writers ? ids(writes).map((n): Operation => ({ f: 'write', value: client * writes + n + 1 })) : []
  return [...written, ...readings(readsEach)]
}
