/**
 * How leadership of Raft comes, stays and is handed over, with time as far as that takes.
 *
 *  - PreVote (the dissertation, section 9.6): before it starts an election, a server asks whether it could win. Otherwise a server that
 *    is cut off counts up its term, and deposes a leader that works when it comes back.
 *  - Transfer (section 3.10): a leader takes no more requests, brings the target up to date, and tells it to start an election at once.
 *
 * With `isTimely`, messages are fast and timeouts long (the paper, section 5.6: broadcastTime << electionTimeout): a server times out
 * only if it reaches no leader and nothing that it could wait for is on its way; so votes do not split, and what has to happen in the
 * end does happen. Without it, timeouts strike at any moment, and only safety is promised.
 *
 * Source: Ongaro, Consensus: Bridging Theory and Practice, Stanford 2014, sections 3.10, 4.2.3 and 9.6.
 */
import { match, P } from 'ts-pattern'
import { cell, cells, defineModel, type FamilyView, type Id, ids, type Model, type NetworkView, network } from '../../../checker/index.ts'
import { links } from '../../parts/links.ts'
import { leadIfElected, requestVote } from '../elections.ts'
import { isUpToDate } from '../log.ts'
import { appendEntries, isAwaiting, isSettled, mayLag, takeRequest } from '../replication.ts'
import { correct, react } from '../rules.ts'
import { figure3 } from '../safety.ts'
import { becomeCandidate, electedFirst, fixedCluster, newServer, observeTerm, restart, type Server } from '../server.ts'
import { bugs } from './bugs.ts'
import { instances } from './instances.ts'
import type { Message } from './messages.ts'
import { tables } from './tables.ts'

interface View {
  readonly server: FamilyView<Server>
  readonly isCut: boolean
  readonly net: NetworkView<Message>
}

export const raftLeadership: Model = defineModel({
  name: 'raft-leadership',
  about: 'A leader of Raft is elected, keeps leading while it reaches a majority, and hands over to another server',
  source: 'Ongaro, Consensus: Bridging Theory and Practice, Stanford 2014, sections 3.10 and 9.6',
  covers: [
    'elections and replication by the rules of the model raft, with crashes',
    'PreVote, and a server that is cut off and comes back',
    'leadership transfer by TimeoutNow, and transfers that are given up',
    'what happens in the end if messages are faster than timeouts: elections, commitment, transfers',
  ],
  omits: {
    Heartbeats: 'with isTimely, who reaches a leader hears it.',
    'Which server is cut off': 'the last one; with a majority cut off from the leader, another leader is what there should be.',
    'Lost messages': 'a leader that repeats what is lost makes messages late, and late they may be here.',
  },
  constants: {
    servers: { default: 3, min: 1, max: 5 },
    maxTerm: { default: 2, min: 1, about: 'no server starts an election beyond this term' },
    maxLog: { default: 1, min: 0, about: 'no leader takes a request when its log is this long' },
    preVote: { default: true, about: 'whether servers ask for pre-votes first' },
    isTimely: { default: true, about: 'whether timeouts are long enough for messages to arrive' },
    cuts: { default: 0, min: 0, about: 'how often the last server is cut off' },
    transfers: { default: 0, min: 0, about: 'how often leaders hand over' },
    crashes: { default: 0, min: 0, about: 'how many times servers may crash' },
    inFlight: { default: 4, min: 1, about: 'how many messages may be on their way at once' },
    isElected: { default: false, about: 'whether server 0 leads term 1 from the start' },
  },
  bugs,
  instances,
  tables,
  state: (c) => ({
    server: cells<Server>(c.servers, (i) => (c.isElected ? electedFirst(i, c.servers) : newServer)),
    net: network<Message>({ nodes: c.servers }),
    /** Who has granted its pre-vote, in order, where a server has asked for them. */
    preVotes: cells<readonly Id[] | null>(c.servers, null),
    /** To whom a leader hands over, and whether it has told it. */
    handover: cells<{ to: Id; isTold: boolean } | null>(c.servers, null),
    /** Whether the last server is cut off from the others. */
    isCut: cell<boolean>(false),
    /** How many cuts, transfers and crashes there may still be. */
    cuts: cell(c.cuts),
    transfers: cell(c.transfers),
    crashes: cell(c.crashes),
  }),
  actions: (on, c, bug) => {
    const cluster = fixedCluster(c.servers)
    const last = c.servers - 1
    type Draft = Parameters<Parameters<typeof on.receive<'net'>>[1]['then']>[0]

    const reaches = ({ isCut }: Pick<View, 'isCut'>, i: Id, j: Id): boolean => !isCut || (i !== last && j !== last)
    /** Whether a server has heard of a leader within an election timeout. Where time does not count, it may have been longer ago. */
    const hearsLeader = (s: Pick<View, 'server' | 'isCut'>, i: Id): boolean =>
      c.isTimely &&
      ids(c.servers).some((j) => s.server[j].role.is === 'leader' && s.server[j].currentTerm >= s.server[i].currentTerm && reaches(s, i, j))
    /** Whether nothing is on its way that can arrive. */
    const isQuiet = (s: View): boolean => ids(c.servers).every((to) => s.net.pending(to).every(({ from }) => !reaches(s, from, to)))

    /** Lets a server act, and drops what was tied to its term or its role. */
    const act = (s: Draft, i: Id, step: (server: Server) => void): void => {
      const server = s.server[i]
      const term = server.currentTerm
      step(server)
      if (server.currentTerm !== term || server.role.is === 'leader') s.preVotes[i] = null
      if (server.currentTerm !== term || server.role.is !== 'leader') s.handover[i] = null
    }

    const startElection = (s: Draft, i: Id): void =>
      act(s, i, (server) => {
        becomeCandidate(server, i)
        s.net.broadcast(i, requestVote(server))
        leadIfElected(server, i, cluster)
      })

    /** Section 9.6: asks for pre-votes, without a new term. */
    const startPreVote = (s: Draft, i: Id): void => {
      const { lastLogIndex, lastLogTerm } = requestVote(s.server[i])
      s.preVotes[i] = [i]
      s.net.broadcast(i, { kind: 'preVote', term: s.server[i].currentTerm + 1, lastLogIndex, lastLogTerm })
      if (cluster.isQuorum([i], [])) startElection(s, i)
    }

    return {
      /**
       * Enabled iff the server does not lead, has a term left, hears no leader, and nothing is on its way that it could wait for. Timeouts
       * are random (section 5.2), so that no server is forestalled for ever, such as by one whose log is too old to win: strong fairness.
       */
      timeout: on.action({
        each: ids(c.servers),
        fair: 'strong',
        when: (s, i) => {
          const { role, currentTerm } = s.server[i]
          return role.is !== 'leader' && currentTerm < c.maxTerm && (!c.isTimely || (!hearsLeader(s, i) && isQuiet(s)))
        },
        then: (s, i) => (c.preVote ? startPreVote(s, i) : startElection(s, i)),
      }),
      /** Leaders 2: enabled iff the server leads, does not hand over, and its log has room. It appends a client's request. */
      clientRequest: on.action({
        each: ids(c.servers),
        when: (s, i) => s.server[i].role.is === 'leader' && s.handover[i] === null && s.server[i].log.length < c.maxLog,
        then: (s, i) => act(s, i, (server) => takeRequest(server, i, cluster, correct)),
      }),
      /** Leaders 3: enabled iff the server leads, the follower may lack something, and no result is awaited from it. */
      replicate: on.action({
        each: links(c.servers),
        fair: 'weak',
        when: (s, [i, j]) => mayLag(s.server[i], j) && !isAwaiting(s.server[i], j),
        then: (s, [i, j]) => s.net.send(i, j, appendEntries(s.server[i], j)),
      }),
      /** Enabled iff a message is on its way to the server, and not cut off. */
      receive: on.receive('net', {
        fair: 'weak',
        when: (s, i, _, from) => reaches(s, i, from),
        then: (s, i, message, from) => {
          match(message)
            .with({ kind: 'preVote' }, ({ term, lastLogIndex, lastLogTerm }) => {
              if (bug('pre-vote-adopts-term')) act(s, i, (server) => observeTerm(server, term))
              const { currentTerm, log } = s.server[i]
              if (term < currentTerm) s.net.send(i, from, { kind: 'preVoteResult', term: currentTerm, voteGranted: false })
              else if (!hearsLeader(s, i) && isUpToDate(lastLogIndex, lastLogTerm, log)) {
                s.net.send(i, from, { kind: 'preVoteResult', term, voteGranted: true })
              }
            })
            .with({ kind: 'preVoteResult' }, ({ term, voteGranted }) => {
              if (!voteGranted) act(s, i, (server) => observeTerm(server, term))
              const votes = s.preVotes[i]
              if (!voteGranted || votes === null || term !== s.server[i].currentTerm + 1 || votes.includes(from)) return
              s.preVotes[i] = [...votes, from].sort()
              if (cluster.isQuorum([...votes, from], [])) startElection(s, i)
            })
            .with({ kind: 'timeoutNow' }, ({ term }) => {
              if (term !== s.server[i].currentTerm || term >= c.maxTerm) return
              if (c.preVote && bug('transfer-through-pre-vote')) startPreVote(s, i)
              else startElection(s, i)
            })
            .with({ kind: P.union('requestVote', 'requestVoteResult', 'appendEntries', 'appendEntriesResult') }, (core) =>
              act(s, i, (server) => {
                observeTerm(server, core.term)
                // Who hears from a leader asks for no more pre-votes.
                if (core.kind === 'appendEntries' && core.term === server.currentTerm) s.preVotes[i] = null
                const reply = react(server, i, core, from, cluster, correct)
                if (reply !== null) s.net.send(i, from, reply)
              }),
            )
            .exhaustive()
        },
      }),
      /** A crash and the restart from stable storage: enabled iff crashes are left. */
      restart: on.action({
        each: ids(c.servers),
        when: (s) => s.crashes > 0,
        then: (s, i) => {
          s.crashes -= 1
          act(s, i, restart)
          s.preVotes[i] = null
        },
      }),

      /** Enabled iff cuts are left. Messages from and to the last server wait. */
      cutOff: on.action({
        when: (s) => s.cuts > 0 && !s.isCut,
        then: (s) => {
          s.cuts -= 1
          s.isCut = true
        },
      }),
      /** Enabled iff the last server is cut off, which it is not for ever. */
      comeBack: on.action({
        fair: 'weak',
        when: (s) => s.isCut,
        then: (s) => {
          s.isCut = false
        },
      }),

      /** Section 3.10, step 1: enabled iff the server leads, a term is left, and it does not hand over yet. It takes no more requests. */
      handOver: on.action({
        each: links(c.servers),
        when: (s, [i]) =>
          s.transfers > 0 && s.server[i].role.is === 'leader' && s.server[i].currentTerm < c.maxTerm && s.handover[i] === null,
        then: (s, [i, j]) => {
          s.transfers -= 1
          s.handover[i] = { to: j, isTold: false }
        },
      }),
      /** Steps 2 and 3: enabled iff the target has the whole log. The leader tells it to start an election. */
      timeoutNow: on.action({
        each: ids(c.servers),
        fair: 'weak',
        when: (s, i) => {
          const { role, log } = s.server[i]
          const handover = s.handover[i]
          if (role.is !== 'leader' || handover === null || handover.isTold) return false
          return role.matchIndex[handover.to] === log.length || bug('transfer-without-catch-up')
        },
        then: (s, i) => {
          const handover = s.handover[i]
          if (handover === null) return
          s.handover[i] = { ...handover, isTold: true }
          s.net.send(i, handover.to, { kind: 'timeoutNow', term: s.server[i].currentTerm })
        },
      }),
      /** "If leadership transfer does not complete after about an election timeout": enabled iff the target was told. The leader goes on. */
      giveUp: on.action({
        each: ids(c.servers),
        fair: 'weak',
        when: (s, i) => s.handover[i]?.isTold === true && (!c.isTimely || isQuiet(s)),
        then: (s, i) => {
          s.handover[i] = null
        },
      }),
    }
  },
  properties: (on, c) => {
    const isCalm = c.isTimely && c.crashes === 0 && c.cuts === 0
    return {
      ...figure3(on, c.servers),
      ...(c.isElected &&
        c.isTimely &&
        c.crashes === 0 &&
        c.transfers === 0 && {
          undisturbed: on.always(
            'server 0, which reaches a majority all the time, leads all the time',
            (s) => s.server[0 as Id].role.is === 'leader',
          ),
        }),
      ...(c.isTimely && {
        leads: on.stabilizes('in the end a server leads, unless the terms have run out', (s) =>
          s.server.some(({ role, currentTerm }) => role.is === 'leader' || currentTerm === c.maxTerm),
        ),
      }),
      ...(isCalm && {
        elected: on.eventually('a server is elected, if none crashes or is cut off', (s) =>
          s.server.some(({ role }) => role.is === 'leader'),
        ),
      }),
      ...(isCalm &&
        c.transfers === 0 &&
        c.maxLog > 0 && {
          committed: on.leadsTo(
            'a request that a leader has taken is applied by all in the end, if none crashes or is cut off',
            (s) => s.server.some(({ role, log }) => role.is === 'leader' && log.length > 0),
            (s) => s.server.every(({ lastApplied }) => lastApplied > 0),
          ),
        }),
      ...(isCalm &&
        c.isElected &&
        c.transfers > 0 &&
        c.servers > 1 && {
          transferCompletes: on.leadsTo(
            'server 1 leads in the end when server 0 hands over to it, if none crashes or is cut off',
            (s) => s.handover[0 as Id]?.to === 1,
            (s) => s.server[1 as Id].role.is === 'leader',
          ),
        }),
    }
  },
  /** Nothing is on its way and no term is left, or all hear a leader that has nothing left to do. */
  done: (s) => s.server.every(isSettled),
  boundary: (s, c) => s.net.size <= c.inFlight,
})
