/**
 * Raft whose cluster changes while it works. A configuration is an entry of the log, and a server uses the latest one that it has.
 *
 *  - `single` (the dissertation, section 4.1): one server comes or goes at a time, so that majorities before and after share a server.
 *    Before a leader begins, it has to have committed an entry of its own term: without this rule, found in 2015, two changes by
 *    two leaders from one configuration can have majorities that share none.
 *  - `joint` (section 4.3; the paper, section 6): any servers come and go. In between, a joint configuration needs the majority of both.
 *
 * Source: Ongaro, Consensus: Bridging Theory and Practice, Stanford 2014, chapter 4; Ongaro & Ousterhout 2014, section 6;
 * Ongaro, bug in single-server membership changes, raft-dev mailing list, 10 July 2015.
 */
import { cell, cells, defineModel, type Id, ids, type Model, network, UserError } from '../../../checker/index.ts'
import { links } from '../../parts/links.ts'
import { leadIfElected, requestVote } from '../elections.ts'
import { type Configuration, termAt } from '../log.ts'
import type { Message } from '../messages.ts'
import { appendEntries, isAwaiting, isSettled, lacksEntries, takeRequest } from '../replication.ts'
import { correct, react } from '../rules.ts'
import { figure3 } from '../safety.ts'
import { becomeCandidate, electedFirst, newServer, observeTerm, restart, type Server } from '../server.ts'
import { bugs } from './bugs.ts'
import { changingCluster, configurationIndex, configurationOf, everybody, targets } from './configurations.ts'
import { instances } from './instances.ts'

export const raftMembership: Model = defineModel({
  name: 'raft-membership',
  about: 'Servers join and leave a Raft cluster, one at a time or by joint consensus',
  source: 'Ongaro, Consensus: Bridging Theory and Practice, Stanford 2014, chapter 4; Ongaro, raft-dev, 10 July 2015',
  covers: [
    'elections and replication by the rules of the model raft, with the majorities of the configuration that each server has',
    'changes by one server, and by joint consensus to any set of servers',
    'new servers that start with an empty log, and removed ones that go on asking for votes',
    'leaders that are not part of their configuration, and step down once it is committed',
  ],
  omits: {
    'Catching up of new servers before they count (section 4.2.1)':
      'it is about availability; a server that lags is one whose messages are slow.',
    "Clients' requests": 'a no-op at the beginning of a term and the configurations themselves are the entries.',
    'Servers that a configuration does not name and that ignore candidates (section 4.2.3)':
      'a removed server that disrupts the others costs availability, and not safety; raft-leadership has a server that was cut off.',
    'AppendEntries that only tell the commitIndex':
      'a follower learns it with the next entries. What is committed its leader has applied, and what a follower decides does not depend on it.',
    'The first election':
      'server 0 leads term 1 from the start, and all members have applied its no-op. The cluster has to have been there before it changes.',
  },
  constants: {
    servers: { default: 4, min: 1, max: 5, about: 'servers that there are, of which members are part of the cluster at first' },
    members: { default: 3, min: 1, max: 5 },
    method: { default: 'single', oneOf: ['single', 'joint'] },
    changes: { default: 1, min: 0, about: 'how many changes leaders begin' },
    elections: { default: 1, min: 0, about: 'how many elections servers start' },
    calls: {
      default: 'messages',
      oneOf: ['messages', 'atomic'],
      about: 'whether requests and results travel on their own, or a call is one step: fewer interleavings, for larger clusters',
    },
    inFlight: { default: 2, min: 1, about: 'how many messages may be on their way at once' },
    crashes: { default: 0, min: 0, about: 'how many times servers may crash' },
  },
  bugs,
  instances,
  state: (c) => {
    if (c.members > c.servers)
      throw new UserError('bad-constant', `raft-membership has members=${c.members} and servers=${c.servers}; members are servers`)
    return {
      server: cells<Server>(c.servers, (i) => (i < c.members ? electedFirst(i, c.servers, [{ term: 1, leader: 0, index: 1 }]) : newServer)),
      net: network<Message>({ nodes: c.servers }),
      /** How many changes may still begin. */
      changes: cell(c.changes),
      /** How many elections servers may still start. */
      elections: cell(c.elections),
      crashes: cell(c.crashes),
    }
  },
  actions: (on, c, bug) => {
    const initial: Configuration = { members: ids(c.members), old: null }
    const cluster = changingCluster(c.servers, initial, bug('joint-majority-of-all'))
    const isAtomic = c.calls === 'atomic'
    const current = ({ log }: Server): Configuration => configurationOf(log, initial)

    /** Lets a server act, and then do what a leader does of itself: begin its term with a no-op, and end what it has begun. */
    const act = (server: Server, i: Id, step: (server: Server) => void): void => {
      const wasLeader = server.role.is === 'leader'
      step(server)
      if (server.role.is !== 'leader') return
      if (!wasLeader) takeRequest(server, i, cluster, correct)
      const configuration = current(server)
      if (configurationIndex(server.log) > server.commitIndex) return
      // Section 4.3: once the joint configuration is committed, the leader goes on to the new one.
      if (configuration.old !== null) {
        takeRequest(server, i, cluster, correct, { configuration: { members: configuration.members, old: null } })
      }
      // Section 4.2.2: once a configuration without it is committed, the leader steps down.
      if (!everybody(current(server)).includes(i) && configurationIndex(server.log) <= server.commitIndex) server.role = { is: 'follower' }
    }

    /** Handles a message, whatever configuration its sender is part of, and answers it. */
    const handled = (server: Server, i: Id, message: Message, from: Id): Message | null => {
      let reply: Message | null = null
      act(server, i, () => {
        observeTerm(server, message.term)
        reply = react(server, i, message, from, cluster, correct)
      })
      return reply
    }

    /** A call that is one step: the request arrives, and its result. One that is lost is one that is not made. */
    const call = (servers: Record<number, Server>, i: Id, j: Id, request: Message): void => {
      const result = handled(servers[j] as Server, j, request, i)
      if (result !== null) handled(servers[i] as Server, i, result, j)
    }

    /** Section 4.1: whether the leader may begin a change. */
    const mayChange = (server: Server): boolean => {
      const isLatestCommitted = configurationIndex(server.log) <= server.commitIndex || bug('second-change-before-first')
      const ownsCommitIndex = termAt(server.log, server.commitIndex) === server.currentTerm || bug('single-server-change-before-own-term')
      return server.role.is === 'leader' && isLatestCommitted && ownsCommitIndex
    }

    return {
      /** Followers 2, Candidates 4: enabled iff the server does not lead, elections are left, and it is part of its configuration. It starts an election. */
      timeout: on.action({
        each: ids(c.servers),
        when: (s, i) => s.server[i].role.is !== 'leader' && s.elections > 0 && everybody(current(s.server[i])).includes(i),
        then: (s, i) => {
          s.elections -= 1
          act(s.server[i], i, (server) => {
            becomeCandidate(server, i)
            if (!isAtomic) for (const other of everybody(current(server))) if (other !== i) s.net.send(i, other, requestVote(server))
            leadIfElected(server, i, cluster)
          })
        },
      }),
      /** Leaders 3: enabled iff the server leads, the follower is part of its configuration and may lack an entry, and no result is awaited from it. */
      replicate: on.action({
        each: links(c.servers),
        when: (s, [i, j]) => lacksEntries(s.server[i], j) && !isAwaiting(s.server[i], j) && everybody(current(s.server[i])).includes(j),
        then: (s, [i, j]) => {
          const request = appendEntries(s.server[i], j)
          if (isAtomic) call(s.server, i, j, request)
          else s.net.send(i, j, request)
        },
      }),
      ...(isAtomic && {
        /** Enabled iff the server is a candidate, and the other one is part of its configuration and has not voted for it. It asks for the vote. */
        askForVote: on.action({
          each: links(c.servers),
          when: (s, [i, j]) => {
            const { role } = s.server[i]
            return role.is === 'candidate' && !role.votes.includes(j) && everybody(current(s.server[i])).includes(j)
          },
          then: (s, [i, j]) => call(s.server, i, j, requestVote(s.server[i])),
        }),
      }),
      /** Enabled iff a message is on its way to the server. */
      receive: on.receive('net', {
        then: (s, i, message, from) => {
          const reply = handled(s.server[i], i, message, from)
          if (reply !== null) s.net.send(i, from, reply)
        },
      }),
      /** A crash and the restart from stable storage: enabled iff crashes are left. */
      restart: on.action({
        each: ids(c.servers),
        when: (s) => s.crashes > 0,
        then: (s, i) => {
          s.crashes -= 1
          restart(s.server[i])
        },
      }),
      /** Sections 4.1 and 4.3: enabled iff the server leads, and may begin a change. It appends the new, or the joint configuration. */
      change: on.action({
        each: ids(c.servers),
        over: (s, i) => {
          const isSingle = c.method === 'single' && !bug('several-servers-at-once')
          return s.changes > 0 && mayChange(s.server[i]) ? targets(c.servers, current(s.server[i]).members, isSingle) : []
        },
        then: (s, i, members) => {
          s.changes -= 1
          const { members: old } = current(s.server[i])
          const configuration = { members, old: c.method === 'joint' ? old : null }
          act(s.server[i], i, (server) => takeRequest(server, i, cluster, correct, { configuration }))
        },
      }),
    }
  },
  properties: (on, c) => ({
    ...figure3(on, c.servers),
    ...(c.changes > 0 && {
      changed: on.sometimes('a server has applied a new configuration', (s) =>
        s.server.some(({ log, lastApplied }) => log.slice(0, lastApplied).some(({ configuration }) => configuration?.old === null)),
      ),
    }),
    ...(c.changes > 0 &&
      c.members > 1 && {
        steppedDown: on.sometimes('a server that is no longer part of the cluster has committed that', (s) =>
          s.server.some(({ log, commitIndex }, i) => {
            const index = configurationIndex(log)
            return index > 0 && index <= commitIndex && !everybody(configurationOf(log, { members: [], old: null })).includes(i as Id)
          }),
        ),
      }),
  }),
  /** Nothing is on its way and no election is left. Then no leader awaits a result, or has an entry of its own term that is not committed. */
  done: (s) => s.server.every(isSettled),
  boundary: (s, c) => s.net.size <= c.inFlight,
})
