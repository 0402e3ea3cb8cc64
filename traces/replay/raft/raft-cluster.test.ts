/** Traces of Raft's known bugs on real libraries: one that makes some of the mistakes, and one that makes none. */
import { describe, expect, it } from 'vitest'
import { check } from '../../../checker/index.ts'
import { raft } from '../../../models/index.ts'
import { type Replay, replay } from '../../replay.ts'
import type { RealStep, StepResult } from '../adapter.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import { hasCoaty } from './coaty-modules.ts'
import { coatyRaft, coatyRemedy } from './coaty-raft.ts'
import type { Packet, RaftLibrary, RaftNode, Seen } from './library.ts'
import { hasLiferaft, liferaft, liferaftRemedy } from './liferaft.ts'
import { RaftCluster } from './raft-cluster.ts'
import { raftPlan } from './raft-plan.ts'

const traceOf = (...bugs: readonly string[]): Replay => {
  const [violation] = check(raft, {
    bugs: [...bugs],
    properties: ['electionSafety', 'leaderCompleteness', 'stateMachineSafety'],
  }).violations
  if (violation === undefined) throw new Error(`${bugs.join(', ')} breaks nothing`)
  return replay(raft, { ...violation.trace, part: violation.part })
}

const run = (library: RaftLibrary, ...bugs: readonly string[]): Promise<RealRun> => {
  const plan = raftPlan(traceOf(...bugs))
  return replayOn(new RaftCluster(library, plan.nodes ?? 0), plan)
}

/** The verdict, the step of the trace at which it was clear, and what was seen then. */
const told = ({ verdict, at, reason, steps }: RealRun): string =>
  at === null ? `${verdict}: ${reason}` : `${verdict} at step ${steps[at]?.planned.of}: ${reason}`

describe.skipIf(!hasLiferaft())(`liferaft (where it is missing, ${liferaftRemedy})`, () => {
  it('has two leaders in a term when it handles two requests for its vote at once', async () => {
    expect(told(await run(liferaft(), 'vote-decided-in-two-steps'))).toBe('reproduced: server 0 and server 2 have both led term 1')
  })

  it('has one where its disk answers before the second request comes', async () => {
    const { name, makeDisk, start } = liferaft()
    const quick: RaftLibrary = { name, makeDisk, start: (...given) => atOnce(start(...given)) }
    expect(told(await run(quick, 'vote-decided-in-two-steps'))).toBe('prevented at step 7: server 1: its disk answers: follower 1, vote 0')
  })

  it('has two leaders in a term when the result of a vote arrives twice', async () => {
    const { history, ...done } = await run(liferaft(), 'votes-counted-not-voters')
    expect(told({ history, ...done })).toBe('reproduced: server 0 and server 3 have both led term 1')
    expect(history.map(({ process, type, f, value }) => [process, type, f, value])).toEqual([
      ['server 0', 'invoke', 'lead', null],
      ['server 0', 'ok', 'lead', { term: 1, log: [] }],
      ['server 3', 'invoke', 'lead', null],
      ['server 3', 'ok', 'lead', { term: 1, log: [] }],
    ])
  })

  it('forgets its term and its vote in a crash, and so has two leaders in a term', async () => {
    expect(told(await run(liferaft(), 'vote-not-persisted', 'term-not-persisted'))).toBe(
      'reproduced: server 0 and server 1 have both led term 1',
    )
    expect(told(await run(liferaft(), 'vote-not-persisted'))).toBe('diverged at step 4: server 1: restart: follower 0, no vote')
    expect(told(await run(liferaft(), 'term-not-persisted'))).toBe('diverged at step 4: server 1: restart: follower 0, no vote')
  })

  it('votes for a candidate with an empty log, whatever it has committed itself: it takes the term of an empty log for the current one', async () => {
    expect(told(await run(liferaft(), 'vote-without-log-check'))).toBe(
      'reproduced: server 2 has led term 2 without entry 1 of term 1, which server 0 had committed',
    )
  })

  it('does not where the candidate says that its empty log ends with term 0, as in the paper', async () => {
    const { name, makeDisk, start } = liferaft()
    const asInThePaper = (packet: Packet): Packet => {
      const content = packet.content as { readonly last: { readonly index: number } }
      return packet.from !== 2 || content.last.index > 0
        ? packet
        : { ...packet, content: { ...content, last: { ...content.last, term: 0 } } }
    }
    const library: RaftLibrary = {
      name,
      makeDisk,
      start: (...[self, servers, disk, send]) => start(self, servers, disk, (packet) => send(asInThePaper(packet))),
    }
    expect(told(await run(library, 'vote-without-log-check'))).toBe('prevented at step 11: 2 → 0: requestVote: follower 2, no vote, log 1|')
  })

  it('commits only what a majority holds', async () => {
    expect(told(await run(liferaft(), 'commit-on-half'))).toBe('prevented at step 4: server 0: client request: leader 1, vote 0, log |1')
  })

  it('does not count votes of an earlier term', async () => {
    expect(told(await run(liferaft(), 'votes-kept-across-terms'))).toBe(
      'prevented at step 4: 1 → 0: requestVoteResult: candidate 2, vote 0',
    )
  })
})

describe.skipIf(!hasCoaty())(`consensus.raft (where it is missing, ${coatyRemedy})`, () => {
  it.each([
    ['vote-decided-in-two-steps', 7, 'server 1: its disk answers: follower 1, vote 0'],
    ['votes-counted-not-voters', 11, '4 → 3: requestVoteResult: candidate 1, vote 3'],
    ['vote-not-persisted', 4, 'server 1: restart: follower 1, vote 0'],
    ['term-not-persisted', 4, 'server 1: restart: follower 1, vote 0'],
    ['votes-kept-across-terms', 4, '1 → 0: requestVoteResult: candidate 2, vote 0'],
    ['commit-on-half', 4, 'server 0: client request: leader 1, vote 0, log |1'],
  ])('prevents %s', async (bug, step, seen) => {
    expect(told(await run(coatyRaft(), bug))).toBe(`prevented at step ${step}: ${seen}`)
  })
})

describe.skipIf(!hasCoaty())(
  `consensus.raft, whose new leaders append an entry that the model does not have (where it is missing, ${coatyRemedy})`,
  () => {
    it.each([
      ['vote-without-log-check', 6, '0 → 1: appendEntries: error no-message: server 0 has sent no such message'],
      ['commit-earlier-term', 23, '1 → 0: requestVote: follower 4, no vote, log 1|'],
    ])('does not get to the end of %s', async (bug, step, seen) => {
      expect(told(await run(coatyRaft(), bug))).toBe(`diverged at step ${step}: ${seen}`)
    })
  },
)

describe('a cluster', () => {
  const timeout = (server: number): RealStep => ({ kind: 'timer', node: `server ${server}`, timer: 'election' })
  const request = (kind: 'deliver' | 'drop' | 'duplicate' | 'begin' | 'finish', from: number, to: number): RealStep => ({
    kind,
    from: `server ${from}`,
    to: `server ${to}`,
    message: { kind: 'requestVote', term: 1, lastLogIndex: 0, lastLogTerm: 0 },
  })
  const stepsOf = async (...steps: readonly RealStep[]): Promise<readonly unknown[]> => {
    const cluster = new RaftCluster(toy, 2)
    await cluster.setup()
    const results: StepResult[] = []
    for (const step of steps) results.push(await cluster.step(step))
    await cluster.teardown()
    return results.map(({ outcome }) => (outcome.kind === 'ok' ? outcome.value : outcome.kind === 'error' ? outcome.code : outcome.kind))
  }
  const voter = { server: 'server 1', role: 'follower', term: 1, votedFor: 0, log: [], committed: 0 }
  const candidate = { server: 'server 0', role: 'candidate', term: 1, votedFor: 0, log: [], committed: 0 }

  it('delivers a message once, unless it is lost or repeated', async () => {
    expect(await stepsOf(timeout(0), request('deliver', 0, 1), request('deliver', 0, 1))).toEqual([candidate, voter, 'no-message'])
    expect(await stepsOf(timeout(0), request('drop', 0, 1), request('deliver', 0, 1))).toEqual([candidate, null, 'no-message'])
    const twice = await stepsOf(timeout(0), request('duplicate', 0, 1), request('deliver', 0, 1), request('deliver', 0, 1))
    expect(twice).toEqual([candidate, null, voter, voter])
  })

  it('lets a message be handled in two steps, of which a crash leaves the second out', async () => {
    const asleep = { ...voter, term: 0, votedFor: null }
    expect(await stepsOf(timeout(0), request('begin', 0, 1), request('finish', 0, 1), request('finish', 0, 1))).toEqual([
      candidate,
      asleep,
      voter,
      'no-message',
    ])
    const crash: RealStep = { kind: 'restart', node: 'server 1' }
    expect(await stepsOf(timeout(0), request('begin', 0, 1), crash, request('finish', 0, 1))).toEqual([
      candidate,
      asleep,
      asleep,
      'no-message',
    ])
  })

  it('tells of other servers that change in a step, and of nodes that fail', async () => {
    const others = { 'server 0': { role: 'follower', term: 9, votedFor: null, log: [], committed: 0 } }
    const heartbeat: RealStep = { kind: 'timer', node: 'server 1', timer: 'heartbeat' }
    expect(await stepsOf(heartbeat)).toEqual([{ ...voter, term: 0, votedFor: null, others }])
    expect(await stepsOf({ kind: 'operation', actor: 'client', node: 'server 0', operation: 'request', argument: null })).toEqual(['threw'])
  })
})

describe('a plan', () => {
  it('is made only of traces whose property can be seen from outside', () => {
    const { trace, ...rest } = traceOf('vote-not-persisted')
    expect(() => raftPlan({ ...rest, trace: { ...trace, property: 'logMatching' } })).toThrow(/this one violates logMatching/)
  })
})

/** What it begins it does to the end at once. */
function atOnce(node: RaftNode): RaftNode {
  const begin = node.begin.bind(node)
  node.begin = (packet) => {
    const done = begin(packet)()
    return () => done
  }
  return node
}

/** Nodes that vote for whoever asks, and whose heartbeat is felt by server 0 without any message. */
const toy: RaftLibrary = (() => {
  const nodes: { seen: Seen }[] = []
  const start = (self: number, servers: number, _: unknown, send: (packet: Packet) => void): RaftNode => {
    const own: { seen: Seen } = { seen: { role: 'follower', term: 0, votedFor: null, log: [], committed: 0 } }
    nodes[self] = own
    return {
      electionTimeout: async () => {
        own.seen = { role: 'candidate', term: 1, votedFor: self, log: [], committed: 0 }
        for (let to = 0; to < servers; to++)
          if (to !== self) send({ from: self, to, kind: 'requestVote', term: 1, granted: null, entries: 0, content: null })
      },
      heartbeatTimeout: async () => {
        const [first] = nodes
        if (first !== undefined) first.seen = { ...first.seen, term: 9 }
      },
      request: async () => {
        throw new Error('it does not take any')
      },
      begin: (packet) => async () => {
        own.seen = { ...own.seen, term: packet.term, votedFor: packet.from }
      },
      see: async () => own.seen,
      crash: async () => {},
    }
  }
  return { name: 'a toy', makeDisk: () => null, start }
})()
