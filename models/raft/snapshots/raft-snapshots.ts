/**
 * Raft whose servers discard what they have applied. Each takes snapshots of its state machine on its own; a leader sends its
 * snapshot to a follower that needs an entry which the leader no longer has.
 *
 * Source: Ongaro & Ousterhout 2014, section 7, Figures 12 and 13; Ongaro, Consensus: Bridging Theory and Practice, 2014, chapter 5.
 */
import { match, P } from 'ts-pattern'
import { cell, cells, defineModel, ids, type Model, network } from '../../../checker/index.ts'
import { links } from '../../parts/links.ts'
import { leadIfElected, requestVote } from '../elections.ts'
import type { Message as CoreMessage } from '../messages.ts'
import { answerAppendEntries, appendEntries, isAwaiting, isSettled, mayLag, takeRequest } from '../replication.ts'
import { correct, react } from '../rules.ts'
import { figure3 } from '../safety.ts'
import { becomeCandidate, electedFirst, fixedCluster, newServer, observeTerm, restart } from '../server.ts'
import { bugs } from './bugs.ts'
import {
  answerInstallSnapshot,
  type CompactedServer,
  compact,
  type InstallSnapshot,
  installSnapshot,
  needsSnapshot,
  noSnapshot,
  whole,
  withoutCovered,
} from './compaction.ts'
import { instances } from './instances.ts'

type Message = CoreMessage | InstallSnapshot

export const raftSnapshots: Model = defineModel({
  name: 'raft-snapshots',
  about: 'Servers of Raft discard what they have applied, and send snapshots to those who lag behind',
  source: 'Ongaro & Ousterhout, In Search of an Understandable Consensus Algorithm, USENIX ATC 2014, section 7',
  covers: [
    'elections and replication by the rules of the model raft, with crashes and messages that arrive twice',
    'snapshots that each server takes whenever it likes, of all that it has applied',
    'InstallSnapshot to followers that need what their leader has discarded, and that may be late',
    'the consistency check and the comparison of logs where the last entry is known from a snapshot only',
  ],
  omits: {
    'Snapshots in pieces (offset and done of Figure 13)':
      'the receiver acts when the last piece has come; before that, the message is on its way.',
    'When to take a snapshot': 'any moment may be the one.',
    'Configurations and sessions in snapshots':
      'they are part of the state that a snapshot holds, which is kept whole here; the models raft-membership and raft-clients keep their logs.',
  },
  constants: {
    servers: { default: 3, min: 1, max: 5 },
    maxTerm: { default: 2, min: 1, about: 'no server starts an election beyond this term' },
    maxLog: { default: 1, min: 0, about: 'no leader takes a request when its log is this long, discarded entries counted' },
    inFlight: { default: 2, min: 1, about: 'how many messages may be on their way at once' },
    crashes: { default: 0, min: 0, about: 'how many times servers may crash' },
    duplicates: { default: 0, min: 0, about: 'how many messages may arrive twice' },
    isElected: { default: false, about: 'whether server 0 leads term 1 from the start' },
  },
  bugs,
  instances,
  state: (c) => ({
    server: cells<CompactedServer>(c.servers, (i) => ({ ...(c.isElected ? electedFirst(i, c.servers) : newServer), snapshot: noSnapshot })),
    net: network<Message>({ nodes: c.servers, duplicates: c.duplicates }),
    crashes: cell(c.crashes),
  }),
  actions: (on, c, bug) => {
    const cluster = fixedCluster(c.servers)
    return {
      /** Followers 2, Candidates 4: enabled iff the server does not lead and has a term left. It starts an election. */
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
        then: (s, i) => takeRequest(s.server[i], i, cluster, correct),
      }),
      /** Section 7: enabled iff the server has applied more than its snapshot covers. It takes a new one. */
      compact: on.action({
        each: ids(c.servers),
        when: (s, i) => s.server[i].lastApplied > s.server[i].snapshot.lastIndex,
        then: (s, i) => compact(s.server[i], bug('snapshot-forgets-last-term')),
      }),
      /** Leaders 3: enabled iff the server leads, the follower may lack something, and no result is awaited. It sends entries, or its snapshot. */
      replicate: on.action({
        each: links(c.servers),
        when: (s, [i, j]) => mayLag(s.server[i], j) && !isAwaiting(s.server[i], j),
        then: (s, [i, j]) => {
          const server = s.server[i]
          s.net.send(i, j, needsSnapshot(server, j) ? installSnapshot(server, j) : appendEntries(server, j))
        },
      }),
      /** Enabled iff a message is on its way to the server. */
      receive: on.receive('net', {
        then: (s, i, message, from) => {
          const server = s.server[i]
          observeTerm(server, message.term)
          const reply = match(message)
            .returnType<Message | null>()
            .with({ kind: 'installSnapshot' }, (request) => answerInstallSnapshot(server, request, bug('snapshot-discards-what-follows')))
            .with({ kind: 'appendEntries' }, (request) => answerAppendEntries(server, withoutCovered(request, server.snapshot), correct))
            .with({ kind: P.union('requestVote', 'requestVoteResult', 'appendEntriesResult') }, (core) =>
              react(server, i, core, from, cluster, correct),
            )
            .exhaustive()
          if (reply !== null) s.net.send(i, from, reply)
        },
      }),
      /** A crash and the restart from stable storage: enabled iff crashes are left. What the snapshot covers is known to be committed. */
      restart: on.action({
        each: ids(c.servers),
        when: (s) => s.crashes > 0,
        then: (s, i) => {
          s.crashes -= 1
          restart(s.server[i])
          s.server[i].commitIndex = s.server[i].snapshot.lastIndex
        },
      }),
    }
  },
  properties: (on, c) => ({
    ...figure3(on, c.servers, whole),
    ...(c.maxLog > 0 && {
      compacted: on.sometimes('a server has discarded an entry', (s) => s.server.some(({ snapshot }) => snapshot.lastIndex > 0)),
    }),
    ...(c.maxLog > 0 &&
      c.servers > 2 && {
        installing: on.sometimes('a leader has sent its snapshot', (s) =>
          ids(c.servers).some((i) => s.net.pending(i).some(({ message }) => message.kind === 'installSnapshot')),
        ),
      }),
  }),
  /** Nothing is on its way and no term is left. Then no leader awaits a result, or has an entry of its own term that is not committed. */
  done: (s) => s.server.every(isSettled),
  boundary: (s, c) => s.net.size <= c.inFlight,
})
