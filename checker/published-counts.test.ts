/**
 * Numbers that others published, or that their tools count: distinct states, successors, levels, terminal states, in how
 * many states a property holds, and the level at which a violation or a witness is found first. Sources: the TLA+
 * Examples and TLC's counts of them, Stateright's examples and tests, Gray & Lamport's TwoPhase.
 */
import { describe, expect, it } from 'vitest'
import { check } from './check.ts'
import type { Model } from './language/model.ts'
import { abdRegister } from './testing/ports/abd-register.ts'
import { changRoberts } from './testing/ports/chang-roberts.ts'
import { dieHard } from './testing/ports/die-hard.ts'
import { ewd840 } from './testing/ports/ewd840.ts'
import { increment, incrementLock } from './testing/ports/increment.ts'
import { keyValueStore } from './testing/ports/key-value-store.ts'
import { kvSnap } from './testing/ports/kv-snap.ts'
import { missionariesAndCannibals } from './testing/ports/missionaries-and-cannibals.ts'
import { paxos } from './testing/ports/paxos.ts'
import { paxosActors } from './testing/ports/paxos-actors.ts'
import { singleCopyRegister } from './testing/ports/single-copy-register.ts'
import { twoPhase } from './testing/ports/two-phase.ts'
import { countHolding, countSpace } from './testing/state-counts.ts'

type Constants = Readonly<Record<string, number | string | boolean>>

interface Counts {
  readonly distinct: number
  readonly generated: number
  /** Levels, or the new states in each. */
  readonly depth: number | string
  readonly terminal?: number
  /** In how many states a property holds. */
  readonly holds?: Readonly<Record<string, number>>
  /** The level of the first violation, or of the first witness; `null` where there is none. */
  readonly first?: Readonly<Record<string, number | null>>
}

type Row = readonly [Constants, Counts]

function row(distinct: number, generated: number, depth: number | string, terminal?: number): Counts {
  return { distinct, generated, depth, ...(terminal !== undefined && { terminal }) }
}

function publishes(model: Model, rows: readonly Row[]): void {
  const named = ([constants, counts]: Row) => [settings(constants), constants, counts] as const
  it.each(rows.map(named))('%s', (_name, constants, counts) => expectCounts(model, constants, counts))
}

function expectCounts(model: Model, constants: Constants, counts: Counts): void {
  const { distinct, generated, depth, levels, terminal } = countSpace(model, { constants })
  expect({ distinct, generated, depth: typeof counts.depth === 'number' ? depth : levels.join(' ') }).toEqual({
    distinct: counts.distinct,
    generated: counts.generated,
    depth: counts.depth,
  })
  if (counts.terminal !== undefined) expect(terminal).toBe(counts.terminal)
  if (counts.holds) expect(countHolding(model, { constants })).toMatchObject(counts.holds)
  for (const [property, level] of Object.entries(counts.first ?? {})) {
    const judged = check(model, { constants, properties: [property] }).properties[property]
    expect([property, judged?.depth]).toEqual([property, level])
    expect(judged?.trace?.steps.length ?? null).toBe(level === null ? null : level - 1)
    expect(judged?.verdict).toBe((judged?.kind === 'sometimes') === (level !== null) ? 'holds' : 'violated')
  }
}

function settings(constants: Constants): string {
  return (
    Object.entries(constants)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ') || 'as it is'
  )
}

describe('two-phase commit has the published states, successors and levels', () => {
  const rows: readonly (readonly [rms: number, generated: number, levels: string, selfLoops: number, allAbort: number])[] = [
    [1, 20, '1 3 3 3 2', 5, 4],
    [2, 154, '1 5 10 12 11 9 6 2', 48, 10],
    [3, 1_146, '1 7 21 38 50 54 49 36 21 9 2', 384, 28],
    [4, 8_258, '1 9 36 88 154 216 260 270 233 161 88 38 12 2', 2_880, 82],
    [5, 58_146, '1 11 55 170 375 652 962 1250 1425 1390 1131 753 405 175 60 15 2', 20_800, 244],
    [6, 402_306, '1 13 78 292 781 1632 2856 4391 6039 7372 7846 7164 5545 3600 1938 855 306 87 18 2', 146_304, 730],
    [
      7,
      2_744_706,
      '1 15 105 462 1456 3570 7259 12861 20449 29372 37772 42924 42651 36785 27371 17447 9436 4277 1603 490 119 21 2',
      1_008_896,
      2_188,
    ],
  ]
  const distinct = [12, 56, 288, 1_568, 8_832, 50_816, 296_448]
  publishes(twoPhase, [
    ...rows.map(
      ([rms, generated, levels, , allAbort]) =>
        [
          { resourceManagers: rms },
          {
            ...row(distinct[rms - 1] as number, generated, levels, 0),
            holds: { consistent: distinct[rms - 1] as number, allAbort, allCommit: 1 },
            first: { consistent: null, allAbort: rms + 1, allCommit: 3 * rms + 2 },
          },
        ] satisfies Row,
    ),
    [{ resourceManagers: 8 }, { ...row(1_745_408, 18_507_778, 26, 0), holds: { allAbort: 6_562, allCommit: 1 } }],
  ])

  it.each(rows.map(([rms, , , selfLoops]) => [selfLoops, rms] as const))(
    '%i successors equal their source, with %i resource managers',
    (selfLoops, resourceManagers) => {
      const [all, changing] = [true, false].map((kept) => countSpace(twoPhase, { constants: { resourceManagers, selfLoops: kept } }))
      expect(changing?.distinct).toBe(all?.distinct)
      expect((all?.generated ?? 0) - (changing?.generated ?? 0)).toBe(selfLoops)
    },
  )
})

describe('increment loses updates as published', () => {
  publishes(increment, [
    [{ threads: 1 }, { ...row(3, 3, 3, 1), holds: { fin: 3 }, first: { fin: null } }],
    [{ threads: 2 }, { ...row(13, 15, 5, 3), holds: { fin: 12 }, first: { fin: 5 } }],
    [{ threads: 3 }, { ...row(84, 112, 7, 16), holds: { fin: 65 } }],
    [{ threads: 4 }, { ...row(755, 1_157, 9, 109), holds: { fin: 460 } }],
    [{ threads: 5 }, { ...row(8_638, 15_206, 11, 906), holds: { fin: 4_057 } }],
    [{ threads: 6 }, { ...row(118_509, 237_943, 13, 8_879), holds: { fin: 42_922 } }],
  ])
})

describe('increment under a lock loses none', () => {
  const safe = { first: { fin: null, mutex: null } }
  publishes(incrementLock, [
    [{ threads: 1 }, { ...row(5, 5, 5, 1), ...safe }],
    [{ threads: 2 }, { ...row(17, 17, 9, 2), ...safe }],
    [{ threads: 3 }, { ...row(61, 61, 13, 6), ...safe }],
    [{ threads: 4 }, { ...row(257, 257, 17, 24), ...safe }],
    [{ threads: 5 }, { ...row(1_301, 1_301, 21, 120), ...safe }],
    [{ threads: 6 }, { ...row(7_825, 7_825, 25, 720), ...safe }],
  ])
})

describe('puzzles are solved as published', () => {
  publishes(dieHard, [[{}, { ...row(16, 97, 8, 0), holds: { measured: 2 }, first: { measured: 7 } }]])
  // TLC generates 283, as it counts the ways in which a bank is safe.
  publishes(missionariesAndCannibals, [[{}, { ...row(64, 253, 13), first: { solved: 12 } }]])
})

describe('Chang and Roberts elect as published', () => {
  publishes(changRoberts, [
    [{ nodes: 2 }, { ...row(25, 31, 6, 4), first: { correct: null } }],
    [{ nodes: 3 }, { ...row(137, 227, 10, 8), first: { correct: null } }],
    [{ nodes: 4 }, { ...row(823, 1_791, 15, 16), first: { correct: null } }],
    [{ nodes: 5 }, { ...row(5_455, 15_113, 21, 32), first: { correct: null } }],
    [{ nodes: 6 }, { ...row(40_261, 138_221, 28, 64), first: { correct: null } }],
    [{ nodes: 7 }, row(333_161, 1_385_875, 36, 128)],
  ])
})

describe('EWD840 detects termination as published', () => {
  // TLC generates more, as it counts the reasons for which a token may pass.
  publishes(ewd840, [
    [{ nodes: 2 }, { ...row(54, 186, 6), first: { detection: null } }],
    [{ nodes: 3 }, { ...row(302, 1_817, 9), first: { detection: null } }],
    [{ nodes: 4 }, { ...row(1_566, 14_962, 12), first: { detection: null } }],
    [{ nodes: 5 }, { ...row(7_742, 108_963, 15), first: { detection: null } }],
    [{ nodes: 6 }, row(36_990, 724_420, 18)],
  ])
})

describe('Paxos in TLA+ chooses as published', () => {
  publishes(paxos, [
    [{ maxBallot: 0 }, { ...row(73, 314, 9, 0), first: { agreement: null } }],
    [{ maxBallot: 1 }, { ...row(3_921, 23_563, 17, 0), first: { agreement: null } }],
  ])
})

describe('the key-value store isolates snapshots as published', () => {
  const sizes = (keys: number, values: number, transactions: number): Constants => ({ keys, values, transactions })
  publishes(keyValueStore, [
    [sizes(1, 1, 1), { ...row(8, 21, 7), first: { lifecycle: null } }],
    [sizes(1, 2, 3), { ...row(3_345, 34_579, 15), first: { lifecycle: null } }],
    [sizes(2, 1, 2), { ...row(3_600, 25_681, 17), first: { lifecycle: null } }],
    [sizes(2, 2, 2), { ...row(28_305, 314_965, 17), first: { lifecycle: null } }],
    [sizes(2, 1, 3), row(209_440, 2_209_009, 24)],
  ])
})

describe('snapshot isolation skews writes as published', () => {
  publishes(kvSnap, [
    [
      { keys: 1, transactions: 1 },
      { ...row(5, 6, 5), first: { serializable: null } },
    ],
    [
      { keys: 1, transactions: 3 },
      { ...row(334, 610, 13), first: { serializable: null } },
    ],
    [
      { keys: 2, transactions: 2 },
      { ...row(2_098, 3_475, 9), first: { serializable: 9 } },
    ],
    [{ keys: 2, transactions: 3 }, row(189_664, 365_596, 13)],
  ])
})

const actors = (clients: number, servers: number, network: string): Constants => ({ clients, servers, network })

function outcome(
  linearizable: number,
  valueChosen: number,
  first: Readonly<Record<string, number | null>>,
): Pick<Counts, 'holds' | 'first'> {
  return { holds: { linearizable, valueChosen }, first }
}

describe('Paxos actors with their whole history decide as published', () => {
  const first = { valueChosen: 9 }
  publishes(paxosActors, [
    [actors(1, 3, 'unordered'), { ...row(265, 482, 14, 20), ...outcome(265, 40, { ...first, linearizable: null }) }],
    [
      actors(2, 3, 'unordered'),
      {
        ...row(16_668, 32_971, '1 2 5 11 26 58 135 286 528 867 1311 1871 2425 2703 2533 1952 1188 546 178 38 4', 1_268),
        ...outcome(16_668, 3_140, { ...first, linearizable: null }),
      },
    ],
    [actors(1, 3, 'ordered'), { ...row(237, 512, 15, 8), ...outcome(237, 24, { ...first, linearizable: null }) }],
    // Not a fault of Paxos: what is recorded is that some answer arrived, be it to an older request.
    [actors(2, 3, 'ordered'), { ...row(34_521, 112_970, 25, 250), ...outcome(28_266, 5_297, { ...first, linearizable: 13 }) }],
    [actors(1, 3, 'duplicating'), { ...row(634, 1_783, 15, 0), ...outcome(634, 192, { ...first, linearizable: null }) }],
  ])
})

describe('ABD register actors with their whole history are linearizable as published', () => {
  const first = { valueChosen: 12, linearizable: null }
  publishes(abdRegister, [
    [actors(1, 2, 'unordered'), { ...row(13, 13, 13, 1), ...outcome(13, 1, first) }],
    [actors(1, 2, 'ordered'), { ...row(13, 13, 13, 1), ...outcome(13, 1, first) }],
    [actors(2, 2, 'unordered'), { ...row(544, 875, 25, 16), ...outcome(544, 120, first) }],
    [actors(2, 2, 'ordered'), { ...row(620, 883, 25, 22), ...outcome(620, 126, first) }],
    [actors(3, 2, 'unordered'), { ...row(35_009, 68_115, 37, 628), ...outcome(35_009, 14_029, first) }],
    [actors(1, 3, 'unordered'), { ...row(1_449, 3_728, 17, 40), ...outcome(1_449, 422, first) }],
    [actors(1, 3, 'ordered'), { ...row(559, 1_486, 21, 1), ...outcome(559, 129, first) }],
  ])
})

describe('single-copy register actors with their whole history fail with two servers as published', () => {
  const either = ['unordered', 'ordered'].flatMap((network): Row[] => [
    [actors(1, 1, network), { ...row(5, 5, 5, 1), ...outcome(5, 1, { linearizable: null }) }],
    [actors(2, 1, network), { ...row(93, 121, 9, 12), ...outcome(93, 42, { linearizable: null }) }],
    [actors(1, 2, network), { ...row(5, 5, 5, 1), ...outcome(4, 0, { linearizable: 5, valueChosen: null }) }],
    [actors(2, 2, network), { ...row(62, 81, 9, 8), ...outcome(42, 20, { linearizable: 5 }) }],
  ])
  publishes(singleCopyRegister, [
    ...either,
    [actors(3, 1, 'unordered'), { ...row(4_243, 6_778, 13, 408), ...outcome(4_243, 2_580, { linearizable: null }) }],
    [actors(1, 1, 'duplicating'), { ...row(9, 20, 6, 0), ...outcome(9, 5, { linearizable: null }) }],
    [actors(2, 1, 'duplicating'), { ...row(1_323, 6_219, 14, 0), ...outcome(1_195, 1_298, { linearizable: 10 }) }],
    [actors(2, 2, 'duplicating'), { ...row(375, 1_703, 11, 0), ...outcome(211, 316, { linearizable: 5 }) }],
  ])
})
