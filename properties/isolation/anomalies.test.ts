/**
 * What is reported of a history against the literal definitions (testing/reference.ts), for every anomaly in every variant. Nothing is
 * reported that is not there; and what is there is reported, by these rules (inference.ts, cycle-anomalies.ts):
 *
 * - Cycles are of dependencies that every order of the writes has, each to the next write that is known, as Adya's direct ones. What is
 *   certain only by cases, one cycle in one order and another in the other, is found when a level is decided, and has no name.
 * - A class of cycle may be left out where a stronger one is reported, with as little of session and real-time order; no other is.
 * - Beside dirty writes, which separate the appends of a transaction, patterns such as write skew may be left out.
 * - An intermediate version is one at the end of a list. With what the reader itself, somebody who aborted or nobody appended to it, it is
 *   reported as what that is: an order of writes that goes in a circle, or one of these reads.
 * - Where lists contradict each other, or those who appended, or their reader, no more than that has to be reported.
 *
 * FUZZ_SEED=7 FUZZ_RUNS=3000 npx vitest run properties/isolation/anomalies.test.ts   looks further.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Anomaly, AnomalyName } from './anomaly.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from './edge.ts'
import { forbids } from './forbids.ts'
import { type IsolationJudgement, judgeIsolation } from './judge-isolation.ts'
import { isolationLevels, meaningOf } from './lattice.ts'
import { tableOf } from './table/table-builder.ts'
import type { Transaction } from './table/transaction.ts'
import { transactionsArb } from './testing/generate.ts'
import { referenceAnomalies, referenceLevels } from './testing/reference.ts'
import { type Kind, nameOfCycle, namesOfCycles } from './testing/reference-anomalies.ts'
import { observe } from './testing/reference-observations.ts'
import { relationsOfKinds, type SharedDependency, sharedDependencies } from './testing/shared-dependencies.ts'
import { written } from './testing/written-transactions.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 350)
const seed = Number(process.env['FUZZ_SEED'] ?? 2026)

const classes = ['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item'] as const
const variants = ['', '-session', '-realtime'] as const
const cycleNames: readonly AnomalyName[] = classes.flatMap((name) => variants.map((variant) => `${name}${variant}` as const))
const plainPatterns = ['fractured-read', 'long-fork', 'write-skew'] as const
const patternNames: readonly AnomalyName[] = plainPatterns.flatMap((name) => variants.map((variant) => `${name}${variant}` as const))
/** Of single reads and writes; of these none is ever left out. */
const plainNames: readonly AnomalyName[] = [
  'G1a',
  'internal',
  'future-read',
  'thin-air-read',
  'duplicate-elements',
  'incompatible-order',
  'non-repeatable-read',
]
const otherNames: readonly AnomalyName[] = ['G1b', 'dirty-update', 'cyclic-versions', 'lost-update']
/** What makes the order of the writes, or whose write a read saw, a matter of opinion. */
const contradictions: readonly AnomalyName[] = ['incompatible-order', 'cyclic-versions', 'duplicate-elements', 'future-read']

const kindNames: Readonly<Record<EdgeKind, Kind>> = { [ww]: 'ww', [wr]: 'wr', [rw]: 'rw', [so]: 'so', [rt]: 'rt' }

/** Those that are rare among drawn histories. Keys p and q are in no others. */
const rare = [
  's1: a p 1, a q 1\n s2: a p 2, a q 2\n s3: r p [1 2], r q [2 1]',
  's1: a p 2\n s1: a p 1\n s2: r p [1 2]',
  's1 0-1: a p 1\n s2 2-3: a p 2\n s3 4-5: r p [2 1]',
  's1: w p 1, r q 1\n s2: w q 1, r p 1',
  's1: r p 1\n s1: w p 1',
  's1 0-1: r p 1\n s2 2-3: w p 1',
  's1: w p 1, r q nil\n s1: w r 1\n s2: w q 1, r r nil\n s2: r p nil',
  's1: w p 1\n s2: w q 1\n s3: r p 1, r q nil\n s4: r p nil, r q 1',
  's1: w p 1\n s1: r q nil\n s2: w q 1\n s2: r p nil',
  's1: w p 1\n s2: w q 1\n s3: r p 1\n s3: r q nil\n s4: r p nil, r q 1',
  's1: w p 1\n s2: w q 1\n s3: r p 1\n s3: r q nil\n s4: r q 1\n s4: r p nil',
  's1: w p 1, w q 1\n s2: r p 1\n s2: r q nil',
  's1: w p 1, w q 1\n s2: r p 1, r q nil',
  's1 aborted: a p 1\n s2: a p 2\n s3: r p [1 2]',
  's1: r p 1, w p 1',
  's1: a p 1\n s2: r p [1 1]',
  's1: a p 1, a p 2\n s2: r p [2 1]',
].map(written)

/**
 * One of the rare ones, in a history that has nothing to do with it, but that some of its transactions are the same. What has no times
 * is there all the time.
 */
const withRare = fc
  .record({
    template: fc.constantFrom(...rare),
    noise: transactionsArb({ kind: 'mixed', transactionsMax: 6, faults: true, ordersMax: 40 }),
    cut: fc.nat(4),
  })
  .map(({ template, noise, cut }): Transaction[] =>
    [
      ...template.map((transaction, i): Transaction => {
        const steps = noise[i]?.steps ?? []
        return { ...transaction, steps: [...steps.slice(0, cut), ...transaction.steps, ...steps.slice(cut)] }
      }),
      ...noise.slice(template.length),
    ].map((transaction) =>
      transaction.began === null ? { ...transaction, began: 0, ended: transaction.status === 'unknown' ? null : 99 } : transaction,
    ),
  )

const found = new Map<AnomalyName, number>()

describe('what is reported of a history', () => {
  it.each([
    ['lists', transactionsArb({ kind: 'list', transactionsMax: 6, faults: true }), 2],
    ['registers', transactionsArb({ kind: 'register', transactionsMax: 6, faults: true }), 1],
    ['both', transactionsArb({ kind: 'mixed', transactionsMax: 6, faults: true }), 1],
    ['both, with something rare', withRare, 1],
  ] as const)('is what the definitions say, of %s', (_, arbitrary, share) => {
    fc.assert(
      fc.property(arbitrary, (transactions) => {
        const judgement = judgeIsolation(tableOf(transactions), { anomalies: true })
        const names = new Set(judgement.anomalies.map(({ name }) => name))
        for (const name of names) found.set(name, (found.get(name) ?? 0) + 1)
        const shared = sharedDependencies(transactions)
        expectTrueCycles(judgement, shared)
        expectCycles(names, transactions, shared)
        expectOthers(names, transactions, shared)
        expectViolations(judgement, transactions)
      }),
      { numRuns: runs * share, seed },
    )
  })

  it.each(['sequential', 'linearizable'] as const)('is true where registers are taken to be %s', (versions) => {
    let more = 0
    fc.assert(
      fc.property(transactionsArb({ kind: 'register', transactionsMax: 6 }), (transactions) => {
        const judgement = judgeIsolation(tableOf(transactions), { anomalies: true, versions })
        const shared = sharedDependencies(transactions, versions)
        expectTrueCycles(judgement, shared)
        expectCycles(new Set(judgement.anomalies.map(({ name }) => name)), transactions, shared)
        if (shared.length > sharedDependencies(transactions).length && judgement.anomalies.some(({ cycle }) => cycle)) more++
      }),
      { numRuns: Math.ceil(runs / 2), seed },
    )
    expect(more).toBeGreaterThan(runs / 100)
  })

  it('has been each of them, but for those of predicates, which no history of items shows', () => {
    const all = [...cycleNames, ...patternNames, ...plainNames, ...otherNames]
    expect(all.filter((name) => (found.get(name) ?? 0) < 5)).toEqual([])
    expect([...found.keys()].filter((name) => !all.includes(name))).toEqual([])
  })
})

/** Every edge is a dependency in every order of the writes, and together they are of the class or the form that the name says. */
function expectTrueCycles({ anomalies, table }: IsolationJudgement, shared: readonly SharedDependency[]): void {
  // Who reads an own element too early, or twice, has seen what is below it, or itself: that is a matter of opinion.
  const isDisputed = anomalies.some(({ name }) => name === 'future-read' || name === 'duplicate-elements')
  for (const { name, transactions, cycle } of anomalies) {
    if (cycle === undefined) continue
    expect(cycle.map(({ transaction }) => transaction)).toEqual(transactions)
    expect(new Set(transactions).size).toBe(transactions.length)
    const edges = cycle.map(({ transaction, kind, key }, i) => ({
      from: transaction,
      to: transactions[(i + 1) % transactions.length] as number,
      kind: kindNames[kind],
      key: key === -1 ? null : JSON.stringify(table.keys[key]),
    }))
    if (!isDisputed) for (const edge of edges) expect(shared.map(({ isDirect: _, ...rest }) => rest)).toContainEqual(edge)
    if (patternNames.includes(name)) expect(isPattern(name, edges)).toBe(true)
    else expect(nameOfCycle(edges.map(({ kind }) => kind))).toBe(name)
  }
}

function expectCycles(names: ReadonlySet<AnomalyName>, transactions: readonly Transaction[], shared: readonly SharedDependency[]): void {
  if (contradictions.some((name) => names.has(name))) return
  const size = transactions.length
  const all = namesOfCycles(relationsOfKinds(size, shared))
  expect(cycleNames.filter((name) => names.has(name) && !all.has(name))).toEqual([])
  for (const name of ['G0', 'G1c', 'G-single'] as const) expect([name, names.has(name)]).toEqual([name, all.has(name)])
  const direct = namesOfCycles(
    relationsOfKinds(
      size,
      shared.filter(({ isDirect }) => isDirect),
    ),
  )
  for (const name of direct) if (!names.has(name)) expect(stronger(name).filter((other) => names.has(other))).not.toEqual([])
}

/** A class that is as strong or stronger, with as little of session and real-time order or less; the name itself is not among them. */
function stronger(name: AnomalyName): AnomalyName[] {
  const at = cycleNames.indexOf(name)
  return cycleNames.filter((_, other) => other !== at && Math.floor(other / 3) <= Math.floor(at / 3) && other % 3 <= at % 3)
}

function expectOthers(names: ReadonlySet<AnomalyName>, transactions: readonly Transaction[], shared: readonly SharedDependency[]): void {
  const expected = observe(transactions).anomalies
  for (const name of plainNames) expect([name, names.has(name)]).toEqual([name, expected.has(name)])
  const isClear = !contradictions.some((name) => names.has(name))
  const { possible } = referenceAnomalies(transactions)
  for (const name of otherNames) if (names.has(name)) expect([...possible]).toContain(name)
  for (const name of otherNames) {
    if (!expected.has(name) || names.has(name) || !isClear) continue
    // Of several reads of a key the first counts; and an intermediate version at the end of a list is one, not what stands below others.
    const instead: readonly AnomalyName[] =
      name === 'lost-update' ? ['non-repeatable-read'] : name === 'G1b' ? ['G0', 'G1a', 'thin-air-read'] : []
    expect(instead.filter((other) => names.has(other))).not.toEqual([])
  }
  if (!isClear) return
  const direct = shared.filter(({ isDirect }) => isDirect)
  // The last version of whoever wrote an intermediate one that was read stands between its reader and what came after; and of appends
  // that others' separate, a dirty write, only the last has a place.
  if (!expected.has('G1b') && !names.has('G0'))
    for (const name of patternNames) if (hasPattern(name, direct)) expect([...names]).toContain(name)
  // A fractured read is told of also where its missed write comes after another one.
  for (const name of patternNames)
    if (names.has(name) && name !== 'fractured-read') expect([name, hasPattern(name, shared)]).toEqual([name, true])
}

/** What an anomaly rules out does not hold, by the definition of the level. */
function expectViolations({ anomalies, facts }: IsolationJudgement, transactions: readonly Transaction[]): void {
  const levels = referenceLevels(transactions)
  const isReadOnly = (transaction: number): boolean => !facts.writer.includes(transaction)
  const contradicted = isolationLevels.flatMap((level) =>
    anomalies.flatMap((anomaly: Anomaly) =>
      levels[level] && forbids(meaningOf(level), anomaly, isReadOnly) ? [`${anomaly.name} against ${level}`] : [],
    ),
  )
  expect(contradicted).toEqual([])
}

type Edge = Omit<SharedDependency, 'isDirect'>

/** The edges of each, after which more of a session, or of real time, may stand: letters, with a dot there. */
const forms: Readonly<Record<(typeof plainPatterns)[number], string>> = {
  'fractured-read': 'rw wr.',
  'long-fork': 'rw wr. rw wr.',
  'write-skew': 'rw. rw.',
}

function isPattern(name: AnomalyName, cycle: readonly Edge[]): boolean {
  const [plain, variant] = partsOf(name)
  const orders = variant === '-realtime' ? ' (so|rt)' : ' so'
  const form = new RegExp(`^${forms[plain].replaceAll('.', variant === '' ? '' : `(${orders})*`)}$`)
  // Either anti-dependency may be the first one.
  return cycle.some((_, start) => {
    const turned = [...cycle.slice(start), ...cycle.slice(0, start)]
    const kinds = turned.map(({ kind }) => kind)
    if (!form.test(kinds.join(' ')) || !kinds.some((kind) => kind === required[variant])) return false
    const [a, b, c, d] = turned.filter(({ kind }) => kind !== 'so' && kind !== 'rt')
    return plain === 'long-fork' ? a?.key === b?.key && c?.key === d?.key && a?.key !== c?.key : a?.key !== b?.key
  })
}

const required: Readonly<Record<(typeof variants)[number], Kind>> = { '': 'rw', '-session': 'so', '-realtime': 'rt' }

function partsOf(name: AnomalyName): [(typeof plainPatterns)[number], (typeof variants)[number]] {
  const plain = plainPatterns.find((one) => name.startsWith(one)) ?? 'write-skew'
  return [plain, variants.find((one) => name === `${plain}${one}`) ?? '']
}

/** Session and real-time order are transitive: one edge of each stands for many. */
function hasPattern(name: AnomalyName, edges: readonly Edge[]): boolean {
  const [plain, variant] = partsOf(name)
  const allowed: readonly Kind[] = variant === '' ? [] : variant === '-session' ? ['so'] : ['so', 'rt']
  const form = forms[plain].split(' ')
  /** @param at how many edges of the form there are; an order may follow the last one */
  const extend = (path: readonly Edge[], at: number): boolean => {
    const last = path.at(-1)
    if (last && last.to === path[0]?.from)
      return at === form.length && new Set(path.map(({ from }) => from)).size === path.length && isPattern(name, path)
    if (path.length > 2 * form.length) return false
    const kinds: readonly Kind[] = [
      ...(at < form.length ? [form[at]?.replace('.', '') as Kind] : []),
      ...(form[at - 1]?.endsWith('.') && last?.kind !== 'so' && last?.kind !== 'rt' ? allowed : []),
    ]
    return edges.some(
      (edge) =>
        (last === undefined || edge.from === last.to) &&
        kinds.includes(edge.kind) &&
        extend([...path, edge], edge.kind === 'so' || edge.kind === 'rt' ? at : at + 1),
    )
  }
  return extend([], 0)
}
