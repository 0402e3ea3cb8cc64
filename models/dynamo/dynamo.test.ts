import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, type Id, judgeTable, program } from '../../checker/index.ts'
import { referenceExplore } from '../../checker/testing/reference.ts'
import { register, verify } from '../../properties/index.ts'
import { historyAlong } from '../testing/history-along.ts'
import type { Bugs } from './bugs.ts'
import type { Process } from './clients.ts'
import { dynamo } from './dynamo.ts'
import { differing } from './merkle-tree.ts'
import { countOf, forgetAll, keep, type Node, newNode, read } from './node.ts'
import { missedOf } from './past.ts'
import { nothingCollected, withAnswer } from './request.ts'
import { placesOf, preferenceList, type Reach, type Ring, votesOf } from './ring.ts'
import { clockOf, covers, merge, seenIn, timeOf, type Version, type Versions, valueOf, writesOf } from './versions.ts'

const sound: Bugs = () => false

describe('the clocks of versions', () => {
  it.each([1, 2, 3])('say of %i nodes what the writers had seen', (nodes) => {
    fc.assert(
      fc.property(runs(nodes), (steps) => {
        const { versions, past } = replayed(nodes, steps, sound)
        for (const one of versions) {
          for (const other of versions) expect(covers(one, other)).toBe(past.get(one.write)?.has(other.write))
        }
      }),
    )
  })

  it.each(['clock-without-dot', 'clock-truncated', 'name-kept-without-data'])('do not always with %s', (planted) => {
    const isWrong = fc.check(
      fc.property(runs(2), (steps) => {
        const { versions, past } = replayed(2, steps, (name) => name === planted)
        return versions.every((one) => versions.every((other) => covers(one, other) === past.get(one.write)?.has(other.write)))
      }),
      { numRuns: 3000, seed: 1 },
    )
    expect(isWrong.failed).toBe(true)
  })

  it('grow as in Figure 3 of the paper', () => {
    const [x, y, z] = [newNode(0, 1), newNode(1, 1), newNode(2, 1)]
    const [d1, d2] = [put(x, 1, []), put(x, 2, read(x, 0))]
    const [d3, d4] = [put(y, 3, [d2]), put(z, 4, [d2])]
    expect(writesOf(merge([d1], [d2]))).toEqual([2])
    expect(writesOf(merge([d2], [d3]))).toEqual([3])
    const siblings = merge([d3], [d4])
    expect(writesOf(siblings)).toEqual([3, 4])
    expect(seenIn(siblings)).toEqual({ 0: 2, 1: 1, 2: 1 })
    for (const node of [y, z]) keep(x, { key: 0, versions: read(node, 0), for: null }, sound)
    const d5 = put(x, 5, siblings)
    expect(seenIn([d5])).toEqual({ 0: 3, 1: 1, 2: 1 })
    expect(writesOf(merge(siblings, [d5]))).toEqual([5])
  })
})

describe('merging', () => {
  it('does not depend on the order, nor on how often', () => {
    fc.assert(
      fc.property(runs(3), (steps) => {
        const [a = [], b = [], c = []] = replayed(3, steps, sound).nodes.map((node) => read(node, 0))
        expect(merge(a, b)).toEqual(merge(b, a))
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
        expect(merge(merge(a, b), b)).toEqual(merge(a, b))
      }),
    )
  })

  it('leaves of timestamps the greatest, and of equal ones the greater write', () => {
    const [old, one, other] = [stamped(1, 3), stamped(2, 1), stamped(2, 2)]
    expect(merge([one], [old])).toEqual([one])
    expect(merge([one], [other])).toEqual([other])
    expect(merge([one], [other], 'mine', false)).toEqual([one])
    expect(timeOf([one])).toBe(2)
    expect(valueOf([one])).toBe(1)
    expect(valueOf([{ ...one, isTombstone: true }])).toBe(null)
  })
})

describe('a coordinator', () => {
  it('gathers siblings, and knows who has all of them', () => {
    const [x, y] = [newNode(0, 1), newNode(1, 1)]
    const [one, other] = [put(x, 1, []), put(y, 2, [])]
    const first = withAnswer(nothingCollected, 2, [one])
    const second = withAnswer(first, 0, [one, other])
    expect(first).toMatchObject({ answered: [2], holders: [2] })
    expect(second).toMatchObject({ answered: [0, 2], result: [one, other], holders: [0] })
    expect(withAnswer(second, 1, [])).toMatchObject({ answered: [0, 1, 2], holders: [0] })
  })
})

describe('a read', () => {
  const [first, second] = [stamped(1, 1), stamped(2, 2)]

  it('has missed what was acknowledged before it began, unless it returns that or something newer', () => {
    expect(missedOf({ newest: [], superseded: [] }, [])).toBe(null)
    expect(missedOf({ newest: [first], superseded: [] }, [second])).toBe(null)
    expect(missedOf({ newest: [first], superseded: [] }, [])).toMatch('missed write 1')
    expect(missedOf({ newest: [second], superseded: [1] }, [first])).toMatch('missed write 2')
  })

  it('has also if clocks have the later write lose to the earlier one', () => {
    expect(missedOf({ newest: [second], superseded: [2] }, [second])).toMatch('returned write 2, which an acknowledged one had replaced')
  })
})

describe('a preference list', () => {
  const ring: Ring = { nodes: 4, N: 2, tokens: 3, quorum: 'sloppy' }
  const list = preferenceList(ring)

  it('has each node once, however many positions it has', () => {
    expect(list).toEqual([0, 1, 2, 3])
    expect(votesOf([0, 3], ring, list)).toBe(2)
  })

  it('has nodes further down stand in for those that cannot be reached', () => {
    expect(placesOf(up([0, 1, 2, 3]), ring, 1, list)).toEqual([place(0), place(1)])
    expect(placesOf(up([1, 2, 3]), ring, 1, list)).toEqual([place(1), place(2, 0)])
    expect(placesOf(up([2, 3]), ring, 3, list)).toEqual([place(2, 0), place(3, 1)])
    expect(placesOf(up([3]), ring, 3, list)).toEqual([place(3, 0)])
  })

  it('has none stand in where quorums are strict', () => {
    expect(placesOf(up([1, 2, 3]), { ...ring, quorum: 'strict' }, 1, list)).toEqual([place(1)])
  })

  it('is what each node makes of it that errs about others', () => {
    const suspecting = { ...up([0, 1, 2, 3]), suspects: [[], [0], [], []] } as unknown as Reach
    expect(placesOf(suspecting, ring, 1, list)).toEqual([place(1), place(2, 0)])
    expect(placesOf(suspecting, ring, 2, list)).toEqual([place(0), place(1)])
  })
})

describe('hash trees', () => {
  it('differ in the keys whose content does', () => {
    const contents = fc.array(fc.tuple(fc.array(fc.nat(2), { maxLength: 2 }), fc.array(fc.nat(2), { maxLength: 2 })), { maxLength: 9 })
    fc.assert(
      fc.property(contents, (pairs) => {
        const expected = pairs.flatMap(([mine, theirs], key) => (mine.join() === theirs.join() ? [] : [key]))
        expect(
          differing(
            pairs.map(([mine]) => mine),
            pairs.map(([, theirs]) => theirs),
          ),
        ).toEqual(expected)
      }),
    )
  })
})

describe('counterexamples', () => {
  it.each([
    ['seen and then unseen', { reads: 2 }],
    ['of a sloppy quorum', { nodes: 4, quorum: 'sloppy', crashes: 1 }],
    ['of timestamps after the newest', { nodes: 2, N: 2, R: 1, W: 2, writers: 2, reads: 2, stamps: 'query' }],
    ['after a coordinator has crashed', { R: 1, W: 1, crashes: 1 }],
  ])('%s: what clients see is refused by the oracle, and not before the last step', (_, constants) => {
    const [violation] = check(dynamo, { constants }).violations
    expect(violation?.property).toBe('linearizable')
    const events = historyAlong(program(dynamo, { constants }), violation?.trace.steps ?? [], 'ops')
    expect(verify(events, register).verdict).toBe('violated')
    expect(verify(events.slice(0, -1), register).verdict).toBe('holds')
  })

  it.each(Object.keys(dynamo.bugs))('%s: random walks and pct find it, too', (bug) => {
    for (const strategy of ['random', 'pct'] as const) {
      expect(check(dynamo, { bugs: [bug], strategy, walks: 10_000 }).verdict, strategy).toBe('violated')
    }
  })
})

describe('faults', () => {
  it.each([
    ['a crash', { crashes: 1 }],
    ['a partition', { partitions: 1 }],
  ])('end: with W = N, %s lets a write wait, but not for ever', (_, fault) => {
    const constants = { nodes: 2, N: 2, R: 1, W: 2, judge: 'availability', ...fault }
    expect(check(dynamo, { constants, properties: ['availability'] }).verdict).toBe('violated')
    expect(check(dynamo, { constants, properties: ['answered'] }).verdict).toBe('holds')
    expect(check(dynamo, { constants, properties: ['answered'], fairness: false }).verdict).toBe('violated')
  })

  it('that lose a message let a write wait for ever', () => {
    const constants = { nodes: 2, N: 2, R: 1, W: 2, judge: 'availability', drops: 1 }
    expect(check(dynamo, { constants, properties: ['answered'] }).verdict).toBe('violated')
  })
})

describe('the engine', () => {
  it.each([
    {},
    { nodes: 2, N: 2, R: 1, W: 2, reads: 2, readRepair: 'sync' },
    { nodes: 3, N: 2, R: 1, W: 1, quorum: 'sloppy', versions: 'vector', writers: 2, readers: 0, crashes: 1, judge: 'durability' },
    { nodes: 2, N: 2, R: 1, W: 1, keys: 2, writers: 2, readers: 0, drops: 1, antiEntropy: true, judge: 'convergence' },
  ])('counts the states and levels of the reference: %j', (constants) => {
    const { distinct, generated, depth, levels } = referenceExplore(program(dynamo, { constants }))
    expect(check(dynamo, { constants })).toMatchObject({ distinct, generated, depth, levels })
  })
})

describe('the table', () => {
  it('of versions says what is found', () => {
    const { cells, verdict } = judgeTable(dynamo, 'versions')
    expect(cells.filter(({ word, expected }) => word !== expected)).toEqual([])
    expect(verdict).toBe('holds')
  })
})

type Step =
  | { readonly is: 'put'; readonly node: number; readonly from: number }
  | { readonly is: 'send'; readonly node: number; readonly to: number }
  | { readonly is: 'get'; readonly node: number }
  | { readonly is: 'lose'; readonly node: number }

/** Nodes of which one may lose its disk, and a client that puts what it has made of some get before. */
function runs(nodes: number): fc.Arbitrary<readonly Step[]> {
  const node = fc.nat(nodes - 1)
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ is: fc.constant('put' as const), node, from: fc.nat(4) }) },
      { weight: 4, arbitrary: fc.record({ is: fc.constant('send' as const), node, to: node }) },
      { weight: 3, arbitrary: fc.record({ is: fc.constant('get' as const), node }) },
      { weight: 1, arbitrary: fc.record({ is: fc.constant('lose' as const), node }) },
    ),
    { maxLength: 14 },
  )
}

/** All versions that were made, and which writes each writer had seen, followed through as sets. */
function replayed(count: number, steps: readonly Step[], bug: Bugs) {
  const nodes = Array.from({ length: count }, (_, i) => newNode(i as Id, 1))
  const versions: Version[] = []
  const past = new Map<number, ReadonlySet<number>>()
  const gets: Versions[] = [[]]
  for (const step of steps) {
    const node = nodes[step.node] as Node
    if (step.is === 'get') gets.push(read(node, 0))
    else if (step.is === 'lose') forgetAll(node, { nodes: count, versions: 'vector' }, bug)
    else if (step.is === 'send') keep(nodes[step.to] as Node, { key: 0, versions: read(node, 0), for: null }, bug)
    else {
      const context = gets[step.from % gets.length] ?? []
      const made = put(node, versions.length + 1, context, bug)
      versions.push(made)
      past.set(made.write, new Set(context.flatMap(({ write }) => [write, ...(past.get(write) ?? [])])))
    }
  }
  return { nodes, versions, past }
}

/** A node makes and keeps a version, as a coordinator does. */
function put(node: Node, write: number, context: Versions, bug: Bugs = sound): Version {
  const dot = { name: node.name, count: countOf(node, 0) + 1 }
  const version = { write, isTombstone: false, clock: clockOf(seenIn(context), dot, bug) }
  keep(node, { key: 0, versions: [version], for: null }, bug)
  return version
}

function stamped(time: number, write: number): Version {
  return { write, isTombstone: false, clock: { time } }
}

function up(nodes: readonly number[]): Reach {
  const server = [0, 1, 2, 3].map((i) => ({ ...newNode(i as Id, 1), isUp: nodes.includes(i) }))
  return { server, net: { connected: () => true }, suspects: [[], [], [], []] } as unknown as Reach
}

function place(node: number, owner: number | null = null) {
  return { node, for: owner }
}

describe('tombstones', () => {
  it.each(['lww', 'vector'])('are dropped by all nodes that keep the key, one after the other (%s)', (versions) => {
    const dropping = { writes: 2, context: true, deletes: true, collection: true, readers: 0, judge: 'durability' }
    const explored = program(dynamo, { constants: { nodes: 2, N: 2, R: 1, W: 2, versions, ...dropping } })
    const { slots } = explored.shape
    const cellsOf = <T>(state: readonly unknown[], family: string): T[] =>
      state.filter((_, at) => slots[at]?.name === family || slots[at]?.name.startsWith(`${family}[`)) as T[]
    const isDropped = (state: readonly unknown[]): boolean =>
      cellsOf<Process>(state, 'client').every(({ answers }) => answers === 4) &&
      cellsOf<Node>(state, 'server').every(({ held }) => held.flat().length === 0)
    expect([...referenceExplore(explored).states.values()].some(isDropped)).toBe(true)
  })
})
