/**
 * Raft, as its paper's Figure 2 specifies it: leader election, log replication and commitment, with crashes and a network
 * that delays, reorders, loses and repeats messages; and the five properties of Figure 3.
 *
 * Membership changes, log compaction, clients and what leadership takes in time build on this, in folders of their own (membership,
 * snapshots, clients, leadership). What else is missing takes no behaviour away that the properties could tell; see `omits`.
 *
 * What is bounded is in the constants. A message that is never delivered counts as on its way for ever, unless it is dropped.
 *
 * Source: Ongaro & Ousterhout, In Search of an Understandable Consensus Algorithm, USENIX ATC 2014, Figures 2 and 3.
 */
import { cell, cells, defineModel, type Id, ids, type Model, network } from '../../checker/index.ts'
import { links } from '../parts/links.ts'
import { bugs } from './bugs.ts'
import { leadIfElected, noteVote, requestVote } from './elections.ts'
import { instances } from './instances.ts'
import { termAt } from './log.ts'
import type { Message } from './messages.ts'
import { appendEntries, isAwaiting, isSettled, mayLag, takeRequest } from './replication.ts'
import { react } from './rules.ts'
import { figure3 } from './safety.ts'
import { becomeCandidate, fixedCluster, newServer, observeTerm, restart, type Server } from './server.ts'

export const raft: Model = defineModel({
  name: 'raft',
  about: 'Servers elect a leader, which replicates its log and decides which entries are committed',
  source: 'Ongaro & Ousterhout, In Search of an Understandable Consensus Algorithm, USENIX ATC 2014',
  covers: [
    'elections, replication and commitment by the rules of Figure 2, and the five properties of Figure 3',
    'crashes, after which only what is persistent is there',
    'a network that delays, reorders, loses and repeats messages',
  ],
  omits: {
    time: 'An election timeout may strike at any moment, so every timing is covered. Heartbeats are left out: they keep followers from timing out, and tell them nothing but, after a restart, the commitIndex, which the next entry tells too.',
    'the time for which a server is down':
      'It neither sends nor receives then, as if its messages were slow; a crash and the restart are one step, as in the TLA+ specification by the first author (github.com/ongardie/raft.tla).',
    partitions: 'They make messages wait, and any message may wait here.',
    'requests that overlap':
      'A leader awaits the result of an AppendEntries before it sends the next one to the same follower; one that it repeats out of impatience is a message that arrives twice.',
    'a state machine that is built anew':
      'Figure 2 has lastApplied volatile, and a server that restarts applies its log again. Here it is persistent, as if the state machine were: what a server has applied once, some client may have seen, and the properties hold it to that.',
    'membership changes, log compaction and clients':
      'They build on this: the models raft-membership, raft-snapshots, raft-clients and raft-leadership share these rules.',
  },
  constants: {
    servers: { default: 3, min: 1, max: 9, about: 'how many servers there are' },
    maxTerm: { default: 2, min: 1, about: 'no server starts an election beyond this term' },
    maxLog: { default: 1, min: 0, about: 'no leader takes a request when its log is this long' },
    inFlight: { default: 4, min: 1, about: 'how many messages may be on their way at once; an election sends one to each other server' },
    crashes: { default: 1, min: 0, about: 'how many times servers may crash' },
    drops: { default: 0, min: 0, about: 'how many messages may be lost' },
    duplicates: { default: 0, min: 0, about: 'how many messages may arrive twice' },
  },
  bugs,
  instances,
  state: (c) => ({
    /** What is persistent and what is volatile of each server. */
    server: cells<Server>(c.servers, newServer),
    /** Requests and results on their way, in no order. */
    net: network<Message>({ nodes: c.servers, drops: c.drops, duplicates: c.duplicates }),
    /** How many crashes may still happen. */
    crashes: cell(c.crashes),
  }),
  actions: (on, c, bug) => {
    const cluster = fixedCluster(c.servers)
    return {
      /** Followers 2, Candidates 4: enabled iff the server does not lead and has a term left. It starts an election (Candidates 1). */
      timeout: on.action({
        each: ids(c.servers),
        when: (s, i) => s.server[i].role.is !== 'leader' && s.server[i].currentTerm < c.maxTerm,
        then: (s, i) => {
          becomeCandidate(s.server[i], i)
          s.net.broadcast(i, requestVote(s.server[i]))
          leadIfElected(s.server[i], i, cluster)
        },
      }),
      /** Leaders 2: enabled iff the server leads and its log has room. It appends a client's request. */
      clientRequest: on.action({
        each: ids(c.servers),
        when: (s, i) => s.server[i].role.is === 'leader' && s.server[i].log.length < c.maxLog,
        then: (s, i) => takeRequest(s.server[i], i, cluster, bug),
      }),
      /** Leaders 3: enabled iff the server leads, the follower may lack something, and no result is awaited from it. */
      replicate: on.action({
        each: links(c.servers),
        when: (s, [i, j]) => mayLag(s.server[i], j) && !isAwaiting(s.server[i], j),
        then: (s, [i, j]) => s.net.send(i, j, appendEntries(s.server[i], j)),
      }),
      /** "Servers retry RPCs if they do not receive a response": enabled iff the awaited result was lost, or its request was. */
      retry: on.action({
        each: c.drops > 0 ? links(c.servers) : [],
        when: (s, [i, j]) => {
          const isPending = (from: Id, to: Id) => s.net.pending(to).some((envelope) => envelope.from === from)
          return isAwaiting(s.server[i], j) && !isPending(i, j) && !isPending(j, i)
        },
        then: (s, [i, j]) => s.net.send(i, j, appendEntries(s.server[i], j)),
      }),
      /** Enabled iff a message is on its way to the server. */
      receive: on.receive('net', {
        then: (s, i, message, from) => {
          const server = s.server[i]
          if (server.role.is !== 'leader' || !bug('leader-ignores-higher-term')) observeTerm(server, message.term)
          const reply = react(server, i, message, from, cluster, bug)
          if (reply !== null) s.net.send(i, from, reply)
        },
      }),
      /** Only with that bug: enabled iff the server has found a candidate to deserve its vote. It notes the vote, and grants it. */
      ...(bug('vote-decided-in-two-steps') && {
        noteVote: on.action({
          each: ids(c.servers),
          over: (s, i) => s.server[i].deciding ?? [],
          then: (s, i, candidate) => s.net.send(i, candidate, noteVote(s.server[i], candidate)),
        }),
      }),
      /** A crash and the restart from stable storage: enabled iff crashes are left. */
      restart: on.action({
        each: ids(c.servers),
        when: (s) => s.crashes > 0,
        then: (s, i) => {
          s.crashes -= 1
          restart(s.server[i])
          if (bug('vote-not-persisted')) s.server[i].votedFor = null
          if (bug('term-not-persisted')) s.server[i].currentTerm = 0
        },
      }),
    }
  },
  properties: (on, c) => ({
    ...figure3(on, c.servers),
    leaderElected: on.sometimes('a server leads', (s) => s.server.some(({ role }) => role.is === 'leader')),
    ...(c.maxLog > 0 && {
      entryCommitted: on.sometimes('every server has applied an entry', (s) => s.server.every(({ lastApplied }) => lastApplied > 0)),
    }),
    ...(c.maxLog > 0 &&
      c.maxTerm > 1 &&
      c.servers > 1 && {
        committedInLaterTerm: on.sometimes('a server leads a later term than that of an entry that has been applied', (s) =>
          s.server.some(
            (leader) =>
              leader.role.is === 'leader' &&
              s.server.some(({ lastApplied, log }) => lastApplied > 0 && termAt(log, 1) < leader.currentTerm),
          ),
        ),
      }),
  }),
  /** Nothing is on its way and no term is left. Then no leader awaits a result, or has an entry of its own term that is not committed. */
  done: (s) => s.server.every(isSettled),
  boundary: (s, c) => s.net.size <= c.inFlight,
})
