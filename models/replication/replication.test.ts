import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, type Id, type Json, program, simulation } from '../../checker/index.ts'
import { referenceExplore } from '../../checker/testing/reference.ts'
import { type Client, programs } from './clients.ts'
import { candidates } from './failover.ts'
import { instances } from './instances.ts'
import { replication } from './replication.ts'
import { held, newServer, type Server, shown } from './server.ts'
import { tables } from './tables.ts'

type Constants = Readonly<Record<string, number | string>>

describe('a write', () => {
  it('is acknowledged and shown at once, where replication is asynchronous', () => {
    const run = story({ mode: 'async', clients: 'wr' })
    run.act('write', [0, 0], 1)
    expect(run.client(0).answers).toBe(1)
    expect(run.shows()).toEqual([1, null, null])
  })

  it('is shown at once and acknowledged later, with WAIT', () => {
    const run = story({ mode: 'wait', acks: 2, clients: 'wr' })
    run.act('write', [0, 0], 1)
    expect(run.shows()).toEqual([1, null, null])
    run.act('ship', 1)
    expect(run.can('answer', [0, 0])).toBe(false)
    run.act('ship', 2)
    run.act('answer', [0, 0])
    expect(run.client(0).answers).toBe(1)
  })

  it('is not shown by a semi-synchronous primary before it is acknowledged, though a replica may show it', () => {
    const run = story({ mode: 'semi-sync', reads: 'any-replica', clients: 'w rr' })
    run.act('write', [0, 0], 1)
    run.act('ship', 1)
    run.act('execute', 1)
    expect(run.shows()).toEqual([null, 1, null])
    run.act('answer', [0, 0])
    expect(run.shows()).toEqual([1, 1, null])
  })

  it('is acknowledged by a synchronous primary once all replicas have executed it, not when they have received it', () => {
    const run = story({ mode: 'sync', reads: 'any-replica', clients: 'w rr' })
    run.act('write', [0, 0], 1)
    for (const replica of [1, 2]) run.act('ship', replica)
    expect(run.can('answer', [0, 0])).toBe(false)
    for (const replica of [1, 2]) run.act('execute', replica)
    expect(run.can('answer', [0, 0])).toBe(true)
  })

  it('is one of which nobody knows what became, where its primary is stopped before the acknowledgement', () => {
    const run = story({ mode: 'semi-sync', clients: 'w rr' })
    run.act('write', [0, 0], 1)
    run.act('fence', 0)
    expect(run.client(0)).toMatchObject({ answers: 1, waitsAt: null })
    expect(run.can('write', [1, 0])).toBe(false)
  })
})

describe('a session', () => {
  it('with a token waits for a replica that lags', () => {
    const run = story({ mode: 'async', reads: 'session-token', failover: 'none', clients: 'wr' })
    run.act('write', [0, 0], 1)
    expect([0, 1, 2].filter((server) => run.can('read', [server, 0]))).toEqual([0])
    run.act('ship', 1)
    expect(run.can('read', [1, 0])).toBe(false)
    run.act('execute', 1)
    expect(run.can('read', [1, 0])).toBe(true)
  })

  it('with a token for a write that a failover has lost waits for ever, and that is no deadlock', () => {
    const run = story({ mode: 'async', reads: 'session-token', clients: 'wr' })
    run.act('write', [0, 0], 1)
    run.act('fence', 0)
    run.act('promote', 1)
    for (const server of [0, 2]) run.act('follow', server)
    expect(run.enabled()).toEqual([])
    expect(run.findings()).toEqual([])
  })

  it('that is sticky reads at the server to which it has written', () => {
    const run = story({ mode: 'async', reads: 'sticky', failover: 'none', clients: 'wr' })
    run.act('write', [0, 0], 1)
    expect([0, 1, 2].filter((server) => run.can('read', [server, 0]))).toEqual([0])
  })
})

describe('a failover', () => {
  it('leaves an old primary that goes on, until it is told: then it throws away what the new one lacks', () => {
    const run = story({ mode: 'async', failover: 'unfenced', clients: 'w w' })
    run.act('write', [0, 0], 1)
    run.act('promote', 1)
    run.act('write', [1, 1], 2)
    expect(run.logs()).toEqual([[1], [2], []])
    run.act('follow', 0)
    expect(run.logs()).toEqual([[], [2], []])
    run.act('ship', 0)
    expect(run.logs()).toEqual([[2], [2], []])
  })

  it('promotes a replica that executes what it has received, and keeps it', () => {
    const run = story({ mode: 'semi-sync', reads: 'any-replica', clients: 'w rr' })
    run.act('write', [0, 0], 1)
    run.act('ship', 2)
    run.act('fence', 0)
    expect(run.can('promote', 1)).toBe(false)
    run.act('promote', 2)
    expect(run.shows()).toEqual([null, null, 1])
  })

  it('lets a replica that has not heard of it acknowledge writes of the old primary', () => {
    const run = story({ mode: 'semi-sync', failover: 'unfenced', clients: 'w w' })
    run.act('promote', 1)
    run.act('write', [0, 0], 1)
    run.act('ship', 2)
    expect(run.can('answer', [0, 0])).toBe(true)
    run.act('follow', 2)
    expect(run.can('answer', [0, 0])).toBe(false)
  })

  it('promotes whoever is most advanced in some set of replicas that is large enough', () => {
    const server = fc.record({ epochs: fc.array(fc.nat(1), { maxLength: 3 }), isUp: fc.boolean() }).map(
      ({ epochs, isUp }): Server => ({
        ...newServer(1),
        isUp,
        log: epochs.sort().map((epoch, i) => ({ id: i, value: i, epoch })),
      }),
    )
    fc.assert(
      fc.property(fc.array(server, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 4 }), (replicas, hears) => {
        const servers = [newServer(0), ...replicas]
        expect(candidates(servers, hears, () => false)).toEqual(candidatesByDefinition(servers, hears))
      }),
    )
  })
})

describe('the shortest counterexample', () => {
  it.each<[story: string, constants: Constants, bugs: string[], steps: string[]]>([
    ['a lost write', { mode: 'async', clients: 'w', promise: 'durable' }, [], ['write 0', 'fence 0', 'promote 1']],
    [
      'a stale read',
      { mode: 'async', reads: 'any-replica', failover: 'none', clients: 'wr', promise: 'readYourWrites' },
      [],
      ['write 0', 'read 1'],
    ],
    [
      'reads that go backwards from the primary to a replica',
      { mode: 'async', reads: 'any-replica', failover: 'none', clients: 'w rr', promise: 'monotonicReads' },
      [],
      ['write 0', 'read 0', 'read 1'],
    ],
    [
      'reads that go backwards from one replica to another, of which neither is the primary',
      { mode: 'async', reads: 'replica', failover: 'none', clients: 'w rr', promise: 'monotonicReads' },
      [],
      ['write 0', 'ship 1', 'execute 1', 'read 1', 'read 2'],
    ],
    [
      'a client that waits for a replica that is down',
      { mode: 'sync', clients: 'w', promise: 'available' },
      [],
      ['fence 0', 'promote 1', 'write 1'],
    ],
    [
      'a split brain',
      { mode: 'async', failover: 'unfenced', clients: 'w w', promise: 'onePrimary' },
      [],
      ['promote 1', 'write 0', 'write 1'],
    ],
    [
      'a write that comes back to life',
      {},
      ['rejoin-without-truncating'],
      ['write 0', 'fence 0', 'promote 1', 'follow 0', 'fence 1', 'promote 0'],
    ],
    [
      'a read of a write for which WAIT still waits, and which the failover loses',
      { mode: 'wait', promise: 'monotonicReads' },
      [],
      ['write 0', 'read 0', 'fence 0', 'promote 1', 'read 1'],
    ],
  ])('is %s', (_, constants, bugs, steps) => {
    const [violation] = check(replication, { constants, bugs }).violations
    expect(violation?.trace.steps.map(({ action, args }) => `${action} ${[args[0]].flat().at(0)}`)).toEqual(steps)
  })
})

describe('the table of guarantees', () => {
  const { rows, columns, expect: expected } = tables['guarantees'] as (typeof tables)[string]
  const names = Object.keys(columns)
  const cells = Object.entries(rows).map(([row, { constants = {} }]) => ({
    ...(constants as { mode: string; reads: string; failover: string }),
    holds: (column: string) => expected[row]?.[names.indexOf(column)] === 'holds',
  }))
  const sessions = names.slice(1, 5)

  it('says that tokens keep what sessions are promised, whatever else fails', () => {
    const rowsWithTokens = cells.filter(({ reads }) => reads === 'session-token')
    expect(rowsWithTokens.every(({ holds }) => sessions.every(holds))).toBe(true)
  })

  it('says that only reads at the primary are linearizable, and only where a failover neither loses writes nor leaves two primaries', () => {
    for (const { mode, reads, failover, holds } of cells) {
      const isSafe = failover === 'none' || (failover === 'fenced' && ['semi-sync', 'sync'].includes(mode))
      expect(holds('linearizable')).toBe(reads === 'primary' && isSafe)
    }
  })

  it('says that acknowledged writes last where nothing fails over, where all replicas have them, or some and the old primary is stopped', () => {
    for (const { mode, failover, holds } of cells) {
      expect(holds('durable')).toBe(failover === 'none' || mode === 'sync' || (mode !== 'async' && failover === 'fenced'))
      expect(holds('one primary')).toBe(failover !== 'unfenced' || mode === 'sync')
      expect(holds('convergence')).toBe(true)
    }
  })

  it('says what it costs: a sticky session, a token for a write that is lost and a primary that needs all replicas wait for who is down', () => {
    for (const { mode, reads, failover, holds } of cells) {
      if (failover === 'none') expect(holds('available')).toBe(true)
      if (failover === 'fenced' && (mode === 'sync' || reads === 'sticky')) expect(holds('available')).toBe(false)
      if (reads === 'session-token' && !holds('durable')) expect(holds('available')).toBe(false)
      if (mode !== 'sync' && (reads === 'primary' || reads === 'any-replica')) expect(holds('available')).toBe(true)
    }
  })

  it('has no row in which what is linearizable breaks the promise of a session', () => {
    for (const { holds } of cells.filter((row) => row.holds('linearizable'))) expect(sessions.every(holds)).toBe(true)
  })

  it.each(['read your writes', 'monotonic reads'])('is right about %s', (column) => {
    const { property, variants = [] } = columns[column] as (typeof columns)[string]
    const judged = Object.values(rows).map(({ constants }) =>
      check(replication, { constants: { ...constants, ...variants[0]?.constants }, properties: [property] }),
    )
    expect(judged.map(({ verdict }) => verdict === 'holds')).toEqual(cells.map(({ holds }) => holds(column)))
  })
})

describe('in the end', () => {
  const constants = { clients: 'w w', promise: 'convergence' }
  const judged = (property: string, options: Readonly<Record<string, unknown>>) =>
    check(replication, { constants, properties: [property], ...options }).verdict

  it.each(['comeToAgree', 'failoverEnds'])('%s, if everybody who can act does at last', (property) => {
    expect(judged(property, {})).toBe('holds')
    expect(judged(property, { fairness: false })).toBe('violated')
  })

  it.each([
    ['rejoin-without-truncating', { ...constants, mode: 'async' }],
    ['positions-are-counts', { ...constants, mode: 'async' }],
    ['non-deterministic-statement', { ...constants, shipping: 'statement' }],
    ['applied-out-of-order', { ...constants, reads: 'any-replica' }],
  ])('servers never agree with the bug %s', (bug, constants) => {
    expect(judged('comeToAgree', { bugs: [bug], constants })).toBe('violated')
  })
})

describe('the sizes of the catalogue', () => {
  const small = instances.filter(({ distinct = Number.POSITIVE_INFINITY }) => distinct < 500)

  it.each(small.map((instance) => [JSON.stringify(instance.constants ?? {}), instance]))(
    'are those of the reference explorer: %s',
    (_, instance) => {
      const { constants = {}, bugs = [], distinct, generated, depth } = instance as (typeof small)[number]
      expect(referenceExplore(program(replication, { constants, bugs }))).toMatchObject({ distinct, generated, depth })
    },
  )
})

it('numbers the writes of all programs', () => {
  expect(programs('w rw')).toEqual([
    [{ f: 'write', id: 1 }],
    [
      { f: 'read', id: 0 },
      { f: 'write', id: 2 },
    ],
  ])
})

/** A replica may be promoted iff it is in a set of replicas that are up, large enough, none of which is more advanced. */
function candidatesByDefinition(servers: readonly Server[], hears: number): number[] {
  const place = ({ log }: Server): number => (log.at(-1)?.epoch ?? -1) * 10 + log.length
  const up = [...servers.keys()].filter((i) => servers[i]?.role === 'replica' && servers[i]?.isUp)
  const sets = Array.from({ length: 2 ** up.length }, (_, mask) => up.filter((_, bit) => (mask >> bit) & 1))
  const heard = sets.filter(({ length }) => length >= hears)
  const isBest = (i: number, set: readonly number[]) => set.every((j) => place(servers[j] as Server) <= place(servers[i] as Server))
  return up.filter((i) => heard.some((set) => set.includes(i) && isBest(i, set)))
}

/** Plays a run step by step. Where a choice is left, as of what to write or to execute, it is the first. */
function story(constants: Constants) {
  const model = simulation(program(replication, { constants }))
  let [now = []] = model.initialStates()
  const slot = <T>(name: string): T => model.record(now)[name] as T
  const servers = (): Server[] => [0, 1, 2].map((i) => slot<Server>(`server[${i}]`))
  const options = (action: string, each: Json) =>
    model.transitions(now).filter((step) => step.action === action && JSON.stringify(step.args[0]) === JSON.stringify(each))
  return {
    act: (action: string, each: Json, id?: number): void => {
      const [taken] = options(action, each)
      if (taken === undefined) throw new Error(`${action} of ${JSON.stringify(each)} is not enabled`)
      if (id !== undefined) expect(taken.args[1]).toMatchObject({ id })
      now = taken.after
    },
    can: (action: string, each: Json): boolean => options(action, each).length > 0,
    enabled: () => model.transitions(now).map(({ action, args }) => ({ action, args })),
    findings: () => model.judge(now).filter(({ kind }) => kind !== 'sometimes'),
    client: (i: Id): Client => slot(`client[${i}]`),
    shows: () => servers().map(shown),
    logs: () => servers().map((server) => held(server).map(({ id }) => id)),
  }
}
