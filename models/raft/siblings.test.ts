import { describe, expect, it } from 'vitest'
import { check, type Id, type Json, type Model, program } from '../../checker/index.ts'
import { referenceExplore } from '../../checker/testing/reference.ts'
import { raftClients } from './clients/raft-clients.ts'
import { registerAt } from './clients/session.ts'
import { raftLeadership } from './leadership/raft-leadership.ts'
import type { Command, Entry } from './log.ts'
import { configurationIndex, configurationOf, decides, targets } from './membership/configurations.ts'
import { raftMembership } from './membership/raft-membership.ts'
import type { AppendEntries } from './messages.ts'
import { electedFirst } from './server.ts'
import { answerInstallSnapshot, type CompactedServer, compact, noSnapshot, whole, withoutCovered } from './snapshots/compaction.ts'
import { raftSnapshots } from './snapshots/raft-snapshots.ts'

const abc = [0, 1, 2] as Id[]

describe('sessions', () => {
  const log = [write(0, 0, 1), write(1, 0, 2), write(0, 0, 1)]

  it('let a command that comes again take no effect', () => {
    expect(registerAt(log, 3, true)).toBe(2)
    expect(registerAt(log, 3, false)).toBe(1)
  })

  it('tell the next command of a client from a copy of the one before', () => {
    expect(registerAt([...log, write(0, 1, 3)], 4, true)).toBe(3)
    expect(registerAt([write(0, 0, 1), write(0, 1, 3), write(0, 0, 1)], 3, true)).toBe(3)
  })

  it('apply nothing beyond the index', () => {
    expect(registerAt(log, 0, true)).toBe(null)
    expect(registerAt(log, 1, true)).toBe(1)
  })
})

describe('configurations', () => {
  const initial = { members: abc, old: null }
  const joint = { members: [0] as Id[], old: abc }

  it('are the latest in the log, committed or not', () => {
    expect(configurationOf([entry(1)], initial)).toEqual(initial)
    const log = [entry(1), { ...entry(2), configuration: joint }, entry(3)]
    expect(configurationOf(log, initial)).toEqual(joint)
    expect([configurationIndex(log), configurationIndex([entry(1)])]).toEqual([2, 0])
  })

  it('take a majority of the old and one of the new servers while they are joint', () => {
    expect(decides([0, 1] as Id[], joint, false)).toBe(true)
    expect(decides([0] as Id[], joint, false)).toBe(false)
    expect(decides([1, 2] as Id[], joint, false)).toBe(false)
    expect(decides([1, 2] as Id[], joint, true)).toBe(true)
  })

  it('that differ in one server have majorities that all meet, and others need not', () => {
    const subsets = targets(5, [], false)
    const meet = (one: Id[], other: Id[]) =>
      subsets
        .filter((who) => decides(who, { members: one, old: null }, false))
        .every((who) =>
          subsets
            .filter((others) => decides(others, { members: other, old: null }, false))
            .every((others) => who.some((id) => others.includes(id))),
        )
    for (const from of targets(4, [], false)) for (const to of targets(4, from, true)) expect(meet(from, to)).toBe(true)
    expect(meet(abc, [0] as Id[])).toBe(false)
  })
})

describe('compaction', () => {
  const server = (): CompactedServer => ({
    ...electedFirst(1, 3, [entry(1), entry(2)]),
    log: [entry(1), entry(2), entry(3)],
    snapshot: noSnapshot,
  })

  it('leaves the log what it was for those who judge', () => {
    const compacted = server()
    compact(compacted, false)
    expect(compacted.log.map(({ term }) => term)).toEqual([0, 1, 1])
    expect(compacted.snapshot).toMatchObject({ lastIndex: 2, lastTerm: 1 })
    expect(whole(compacted).log).toEqual(server().log)
  })

  it('skips what the snapshot covers in a request that is late', () => {
    const compacted = server()
    compact(compacted, false)
    const request: AppendEntries = {
      kind: 'appendEntries',
      term: 1,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: server().log,
      leaderCommit: 0,
    }
    expect(withoutCovered(request, compacted.snapshot)).toMatchObject({ prevLogIndex: 2, prevLogTerm: 1, entries: [entry(3)] })
    expect(withoutCovered(request, noSnapshot)).toBe(request)
  })

  it('installs a snapshot, and keeps what follows an entry that it has', () => {
    const leader = server()
    compact(leader, false)
    const request = { kind: 'installSnapshot', term: 1, snapshot: leader.snapshot } as const
    const [empty, longer] = [server(), server()]
    Object.assign(empty, { log: [], commitIndex: 0, lastApplied: 0 })
    Object.assign(longer, { commitIndex: 0, lastApplied: 0 })
    expect(answerInstallSnapshot(empty, request, false)).toMatchObject({ success: true, matchIndex: 2 })
    expect(whole(empty).log).toEqual([entry(1), entry(2)])
    answerInstallSnapshot(longer, request, false)
    expect(whole(longer).log).toEqual(server().log)
    expect(longer).toMatchObject({ commitIndex: 2, lastApplied: 2 })
  })
})

describe('the models beside raft', () => {
  it.each<[Model, Record<string, Json>]>([
    [raftClients, { servers: 2, maxTerm: 1, reads: 'read-index' }],
    [raftClients, { servers: 2, maxTerm: 1, reads: 'lease', electionTimeout: 1 }],
    [raftMembership, { servers: 2, members: 1, changes: 2, method: 'joint', crashes: 1 }],
    [raftSnapshots, { servers: 2, maxTerm: 1, maxLog: 2 }],
    [raftLeadership, { cuts: 1, maxLog: 0, isElected: true }],
    [raftLeadership, { maxLog: 0, maxTerm: 1, isTimely: false }],
  ])('have as many states and steps as the reference explorer finds (%#)', (model, constants) => {
    const given = constants as Record<string, number>
    const { distinct, generated, depth } = check(model, { constants: given })
    expect(referenceExplore(program(model, { constants: given }))).toMatchObject({ distinct, generated, depth })
  })

  it('have paths of reads of which only the weak ones break linearizability', () => {
    const verdict = (constants: Record<string, number | boolean | string>, bugs: string[] = []) =>
      check(raftClients, { constants: { isElected: true, ...constants }, bugs, properties: ['linearizable'] }).verdict
    expect(verdict({ reads: 'lease', servers: 2, electionTimeout: 1 })).toBe('holds')
    expect(verdict({ reads: 'read-index', servers: 2 })).toBe('holds')
    expect(verdict({ reads: 'read-index' }, ['stale-read-from-deposed-leader'])).toBe('violated')
    expect(verdict({ reads: 'local' })).toBe('violated')
  })
})

function entry(index: number): Entry {
  return { term: 1, leader: 0, index }
}

function write(client: number, serial: number, value: number): Entry {
  const command: Command = { f: 'write', client, serial, value }
  return { ...entry(1), command }
}
