import { describe, expect, it } from 'vitest'
import { check, type Finding, type Json, program, type Simulation, type State, simulation } from '../../checker/index.ts'
import type { Entry } from './log.ts'
import { raft } from './raft.ts'
import { type Leader, newServer, type Server } from './server.ts'

describe('elections', () => {
  it('make a server leader once a majority has voted for it', () => {
    const run = story({ servers: 3 })
    run.act('timeout', 0)
    run.deliver(0, 1)
    expect(run.server(0).role).toEqual({ is: 'candidate', votes: [0] })
    run.deliver(1, 0)
    expect(run.server(0).role.is).toBe('leader')
    expect(run.server(0).currentTerm).toBe(1)
  })

  it('need no messages in a cluster of one', () => {
    const run = story({ servers: 1 })
    run.act('timeout', 0)
    expect(run.server(0).role.is).toBe('leader')
  })

  it('give every server one vote per term', () => {
    const run = story({ servers: 3 })
    run.act('timeout', 0)
    run.act('timeout', 2)
    run.deliver(0, 1)
    run.deliver(2, 1)
    expect(run.server(1).votedFor).toBe(0)
    expect(run.inFlight(1, 2)).toEqual([])
  })

  it('deny a vote to a candidate whose log is less up-to-date, and grant it to one whose log is longer', () => {
    const [older, newer] = [entry(1, 0), entry(2, 1)]
    const run = story({ servers: 3, maxTerm: 3 }, [
      server({ currentTerm: 2, log: [older, { ...older, index: 2 }] }),
      server({ currentTerm: 2, log: [newer] }),
      server({ currentTerm: 2 }),
    ])
    run.act('timeout', 0)
    run.deliver(0, 1)
    run.deliver(0, 2)
    expect(run.server(1).votedFor).toBe(null)
    expect(run.server(2).votedFor).toBe(0)
  })

  it('do not count a vote of an earlier term', () => {
    const run = story({ servers: 3 })
    run.act('timeout', 0)
    run.act('timeout', 0)
    run.deliver(0, 1, 1)
    run.deliver(1, 0)
    expect(run.server(0)).toMatchObject({ currentTerm: 2, role: { is: 'candidate', votes: [0] } })
  })

  it('depose a leader that hears of a higher term', () => {
    const run = story({ servers: 2 }, [leader(0, 1, 2), server({ currentTerm: 1 })])
    run.act('timeout', 1)
    run.deliver(1, 0)
    expect(run.server(0)).toMatchObject({ currentTerm: 2, votedFor: 1, role: { is: 'follower' } })
  })

  it('tell a candidate whose term is over of the new one', () => {
    const run = story({ servers: 2 }, [server({}), server({ currentTerm: 2 })])
    run.act('timeout', 0)
    run.deliver(0, 1)
    run.deliver(1, 0)
    expect(run.server(0)).toMatchObject({ currentTerm: 2, votedFor: null, role: { is: 'follower' } })
  })
})

describe('a restarted server', () => {
  it('remembers its term, its vote, its log and what it has applied, and nothing else', () => {
    const before = leader(0, 1, 2, { log: [entry(1, 0)], commitIndex: 1, lastApplied: 1 })
    const run = story({ servers: 2, crashes: 1 }, [before, server({ currentTerm: 1 })])
    run.act('restart', 0)
    expect(run.server(0)).toEqual({ ...before, commitIndex: 0, role: { is: 'follower' } })
    expect(run.can('restart', 1)).toBe(false)
  })
})

describe('replication', () => {
  it('commits an entry once a majority holds it, and tells the followers', () => {
    const run = story({ servers: 3 }, [leader(0, 1, 3), server({ currentTerm: 1 }), server({ currentTerm: 1 })])
    run.act('clientRequest', 0)
    run.act('replicate', [0, 1])
    run.deliver(0, 1)
    expect(run.server(0).commitIndex).toBe(0)
    run.deliver(1, 0)
    expect(run.server(0)).toMatchObject({ commitIndex: 1, lastApplied: 1 })
    run.act('replicate', [0, 1])
    run.deliver(0, 1)
    expect(run.server(1)).toMatchObject({ log: [entry(1, 0)], commitIndex: 1, lastApplied: 1 })
  })

  it('backs off where the logs differ, and then replaces what conflicts', () => {
    const run = story({ servers: 2, maxLog: 2 }, [
      leader(0, 3, 2, { log: [entry(2, 0)] }),
      server({ currentTerm: 3, log: [entry(1, 1), entry(1, 1, 2)] }),
    ])
    run.act('replicate', [0, 1])
    run.deliver(0, 1)
    expect(run.server(1).log).toEqual([entry(1, 1), entry(1, 1, 2)])
    run.deliver(1, 0)
    expect((run.server(0).role as Leader).nextIndex).toEqual([2, 1])
    run.act('replicate', [0, 1])
    run.deliver(0, 1)
    expect(run.server(1).log).toEqual([entry(2, 0)])
  })

  it('keeps what follows the entries of a request that arrives late', () => {
    const log = [entry(1, 0), entry(1, 0, 2)]
    const request = { kind: 'appendEntries', term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [entry(1, 0)], leaderCommit: 0 }
    const run = story({ servers: 2 }, [server({ currentTerm: 1 }), server({ currentTerm: 1, log })], {
      'net.inbox[1]': [{ from: 0, message: request }],
    })
    run.deliver(0, 1)
    expect(run.server(1).log).toEqual(log)
    expect(run.inFlight(1, 0)).toMatchObject([{ success: true, matchIndex: 1 }])
  })

  it('does not commit an entry of an earlier term by counting, only with one of its own', () => {
    const run = story({ servers: 2, maxLog: 2 }, [leader(0, 2, 2, { log: [entry(1, 0)] }), server({ currentTerm: 2, log: [entry(1, 0)] })])
    run.act('replicate', [0, 1])
    run.deliver(0, 1)
    run.deliver(1, 0)
    expect(run.server(0)).toMatchObject({ commitIndex: 0, role: { matchIndex: [1, 1] } })
    run.act('clientRequest', 0)
    run.act('replicate', [0, 1])
    run.deliver(0, 1)
    run.deliver(1, 0)
    expect(run.server(0).commitIndex).toBe(2)
  })

  it('awaits one result before it sends the next request, and sends a request again that was lost', () => {
    const run = story({ servers: 2, drops: 1 }, [leader(0, 1, 2), server({ currentTerm: 1 })])
    run.act('clientRequest', 0)
    run.act('replicate', [0, 1])
    expect(run.can('replicate', [0, 1])).toBe(false)
    expect(run.can('retry', [0, 1])).toBe(false)
    const [request] = run.inFlight(0, 1)
    run.act('drop', 1, { from: 0, message: request as Json })
    run.act('retry', [0, 1])
    expect(run.inFlight(0, 1)).toEqual([request])
  })

  it('ignores a result that arrives late', () => {
    const late = { kind: 'appendEntriesResult', term: 1, success: false, matchIndex: 0 }
    const before = leader(0, 2, 2)
    const run = story({ servers: 2 }, [before, server({ currentTerm: 2 })], { 'net.inbox[0]': [{ from: 1, message: late }] })
    run.deliver(1, 0)
    expect(run.server(0)).toEqual(before)
  })
})

describe('the properties', () => {
  const shared = entry(1, 0)

  it('notice two leaders of one term', () => {
    expect(judge([leader(0, 2, 2), leader(1, 2, 2)])).toEqual(['electionSafety: servers 0 and 1 both lead term 2'])
    expect(judge([leader(0, 1, 2), leader(1, 2, 2)])).toEqual([])
  })

  it('notice a leader that loses an entry', () => {
    const before = place([leader(0, 1, 2, { log: [shared] }), server({})])
    const after = place([leader(0, 1, 2), server({})])
    expect(simulated().judgeStep(before, after).map(said)).toEqual([
      'leaderAppendOnly: server[0]: the leader of term 1 had entry 1 of server 0 in term 1 at index 1, and now has no entry',
    ])
    expect(simulated().judgeStep(after, before)).toEqual([])
    expect(simulated().judgeStep(before, place([server({ currentTerm: 2 }), server({})]))).toEqual([])
  })

  it('notice logs that agree after they have differed', () => {
    const logs = [
      [entry(1, 0), entry(2, 0, 2)],
      [entry(1, 1), entry(2, 0, 2)],
    ]
    expect(judge(logs.map((log) => server({ log })))).toEqual([
      'logMatching: at index 1 server 0 has entry 1 of server 0 in term 1 and server 1 entry 1 of server 1 in term 1, though both have an entry of the same term at index 2',
    ])
    expect(
      judge(
        [
          [shared, entry(1, 0, 2)],
          [shared, entry(2, 1, 2)],
        ].map((log) => server({ log })),
      ),
    ).toEqual([])
  })

  it('notice a leader without a committed entry', () => {
    const other = server({ currentTerm: 1, log: [shared], lastApplied: 1 })
    expect(judge([leader(0, 2, 2), other])).toEqual([
      'leaderCompleteness: server 0 leads term 2, but at index 1 server 0 has no entry and server 1 entry 1 of server 0 in term 1, which is committed',
    ])
    expect(judge([leader(0, 2, 2), { ...other, lastApplied: 0 }])).toEqual([])
    expect(judge([leader(0, 2, 2), { ...other, currentTerm: 3 }])).toEqual([])
  })

  it('notice different applied entries, and applied entries that are gone', () => {
    const applied = (log: Entry[]) => server({ log, commitIndex: 1, lastApplied: 1 })
    expect(judge([applied([entry(1, 0)]), applied([entry(2, 1)])])).toEqual([
      'stateMachineSafety: at index 1 server 0 has applied entry 1 of server 0 in term 1 and server 1 entry 1 of server 1 in term 2',
    ])
    expect(judge([applied([shared]), applied([])])).toEqual([
      'stateMachineSafety: at index 1 server 0 has applied entry 1 of server 0 in term 1 and server 1 no entry',
    ])
    expect(judge([applied([shared]), applied([shared])])).toEqual([])
  })

  it('notice a leader that waits in vain', () => {
    const waiting = leader(0, 2, 2, {}, { awaited: [false, true] })
    const stuck = simulated({ maxLog: 0 })
    const findings = stuck.judge(place([waiting, server({ currentTerm: 2 })], {}, stuck))
    expect(findings.filter(({ kind }) => kind !== 'sometimes').map(({ property }) => property)).toEqual(['noDeadlock'])
  })

  it('do not let two leaders of one term pass for logs that match', () => {
    const constants = { servers: 3, maxTerm: 1, maxLog: 1, inFlight: 3, crashes: 1 }
    const result = check(raft, { bugs: ['vote-not-persisted'], constants, properties: ['logMatching'] })
    expect(result.violations.map(({ property }) => property)).toEqual(['logMatching'])
  })
})

describe('the known bugs', () => {
  const bugs = Object.entries(raft.bugs)

  it.each(bugs)('%s breaks the property it names', (name, { violates }) => {
    const { violations } = check(raft, { bugs: [name] })
    expect(violations.map(({ property }) => property)).toEqual([violates])
  })

  it('have constants at which the model without them holds', () => {
    for (const constants of new Set(bugs.map(([, bug]) => JSON.stringify(bug.constants)))) {
      const { verdict, properties } = check(raft, { constants: JSON.parse(constants) as Record<string, number> })
      expect({ constants, verdict, failed: Object.entries(properties).filter(([, { verdict }]) => verdict !== 'holds') }).toEqual({
        constants,
        verdict: 'holds',
        failed: [],
      })
    }
  })

  it('break every property of the paper', () => {
    const broken = new Set(bugs.map(([, { violates }]) => violates))
    expect([...broken].sort()).toEqual(['electionSafety', 'leaderAppendOnly', 'leaderCompleteness', 'logMatching', 'stateMachineSafety'])
  })
})

/** An entry that a leader made at an index in a term. */
function entry(term: number, by: number, index = 1): Entry {
  return { term, leader: by, index }
}

function server(changes: Partial<Server>): Server {
  return { ...newServer, ...changes }
}

/** A leader that has just been elected. */
function leader(self: number, currentTerm: number, servers: number, changes: Partial<Server> = {}, role: Partial<Leader> = {}): Server {
  const { length } = changes.log ?? []
  const list = <T>(own: T, other: T) => Array.from({ length: servers }, (_, id) => (id === self ? own : other))
  const lists = {
    nextIndex: list(length + 1, length + 1),
    matchIndex: list(length, 0),
    awaited: list(false, false),
    toldCommit: list(0, 0),
  }
  return server({ currentTerm, votedFor: self as Server['votedFor'], role: { is: 'leader', ...lists, ...role }, ...changes })
}

function simulated(constants: Record<string, number> = {}): Simulation {
  return simulation(program(raft, { constants: { servers: 2, crashes: 0, ...constants } }))
}

/** A state with these servers, and other slots by name. */
function place(servers: readonly Server[], others: Record<string, unknown> = {}, model: Simulation = simulated()): State {
  const given: Record<string, unknown> = { ...others, ...Object.fromEntries(servers.map((value, i) => [`server[${i}]`, value])) }
  const [initial = []] = model.initialStates()
  return model.program.shape.slots.map(({ name }, slot) => (given[name] ?? initial[slot]) as Json)
}

function judge(servers: readonly Server[]): string[] {
  return simulated()
    .judge(place(servers))
    .filter(({ kind }) => kind === 'always')
    .map(said)
}

function said({ property, message }: Finding): string {
  return `${property}: ${message}`
}

/** Plays a run step by step. */
function story(constants: Record<string, number>, servers: readonly Server[] = [], others: Record<string, unknown> = {}) {
  const model = simulated({ inFlight: 9, ...constants })
  let now = place(servers, others, model)
  const slot = (name: string) => model.record(now)[name]
  const inFlight = (from: number, to: number) =>
    (slot(`net.inbox[${to}]`) as readonly { from: number; message: { term: number } }[])
      .filter((envelope) => envelope.from === from)
      .map(({ message }) => message)
  const act = (action: string, ...args: readonly Json[]): void => {
    const taken = model.take(now, { action, args })
    if ('refused' in taken) throw new Error(taken.refused)
    now = taken.after
  }
  return {
    act,
    inFlight,
    /** Hands over the only message between two servers, or the only one of a term. */
    deliver: (from: number, to: number, term?: number): void => {
      const messages = inFlight(from, to).filter((message) => term === undefined || message.term === term)
      expect(messages).toHaveLength(1)
      act('receive', to, { from, message: messages[0] as Json })
    },
    can: (action: string, ...args: readonly Json[]): boolean => !('refused' in model.take(now, { action, args })),
    server: (id: number): Server => slot(`server[${id}]`) as unknown as Server,
  }
}
