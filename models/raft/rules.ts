/** What a server does with each message of the paper's Figure 2: the part that all models of Raft share. */
import { match } from 'ts-pattern'
import type { Id } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { answerRequestVote, takeVote } from './elections.ts'
import type { Message } from './messages.ts'
import { answerAppendEntries, takeResult } from './replication.ts'
import type { Cluster, Server } from './server.ts'

/** The rules without any of the known mistakes. */
export const correct: Bugs = () => false

/** Handles a message whose term has been observed; what it returns goes back to the sender. */
export function react(server: Server, self: Id, message: Message, from: Id, cluster: Cluster, bug: Bugs): Message | null {
  return match(message)
    .returnType<Message | null>()
    .with({ kind: 'requestVote' }, (request) => {
      const result = answerRequestVote(server, request, from, bug)
      // Denied in its own term, a candidate would do nothing.
      return result.voteGranted || result.term > request.term ? result : null
    })
    .with({ kind: 'requestVoteResult' }, (result) => {
      takeVote(server, self, from, result, cluster, bug)
      return null
    })
    .with({ kind: 'appendEntries' }, (request) => answerAppendEntries(server, request, bug))
    .with({ kind: 'appendEntriesResult' }, (result) => {
      takeResult(server, from, result, cluster, bug)
      return null
    })
    .exhaustive()
}
