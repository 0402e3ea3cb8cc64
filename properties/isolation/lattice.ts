/**
 * The isolation levels with their variants: what they are called, what each says, and which imply which. An implication is of
 * histories: every one at the first level is at the second, by the conditions in level.ts and with the same order of the writes
 * of each key.
 */
import { type IsolationLevel, type LevelBase, type LevelMeaning, type LevelOrder, levelBases } from './level.ts'

/**
 * All variants of all levels, once each, the weakest first: what a level implies comes before it; of those that are the same,
 * the variants of repeatable read come before those of serializable.
 */
export const isolationLevels: readonly IsolationLevel[] = levelBases.flatMap((base) =>
  (['none', 'session', 'real-time'] as const).flatMap((order) => levelNamed(base, order) ?? []),
)

const meanings: ReadonlyMap<IsolationLevel, LevelMeaning> = new Map(
  levelBases.flatMap((base) =>
    (['none', 'session', 'real-time'] as const).flatMap((order) => {
      const level = levelNamed(base, order)
      return level === null ? [] : [[level, { base, order }] as const]
    }),
  ),
)

export function meaningOf(level: IsolationLevel): LevelMeaning {
  return meanings.get(level) as LevelMeaning
}

/**
 * The variant of a level; `null` where it has no name because it is the same as another: item cut isolation looks at single
 * transactions, whose order is nothing to it, and causal has session order already.
 */
export function levelNamed(base: LevelBase, order: LevelOrder): IsolationLevel | null {
  if (order === 'none') return base
  if (base === 'item-cut-isolation' || (base === 'causal' && order === 'session')) return null
  if (order === 'session') return `strong-session-${base as Exclude<typeof base, 'causal'>}`
  return base === 'serializable' ? 'strict-serializable' : `strong-${base}`
}

/** What a level promises, in one line. */
export function aboutIsolation(level: IsolationLevel): string {
  const { base, order } = meaningOf(level)
  const { promise, source } = about[base]
  return `${promise}${alsoIn[order]} (${source})`
}

/**
 * The level of a name: its own, or one that people also use (`PL-3`, `SI`, `strong-session-SI`, `snapshot`), in any case and with
 * spaces or underscores for hyphens; `null` for others.
 */
export function isolationLevelOf(name: string): IsolationLevel | null {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
  const alias = aliases.get(plain)
  if (alias !== undefined) return alias
  for (const [prefix, order] of prefixes) {
    if (!plain.startsWith(prefix)) continue
    const rest = plain.slice(prefix.length)
    const base = levelBases.find((each) => each === (aliases.get(rest) ?? rest))
    if (base !== undefined) return levelNamed(base, order) ?? base
  }
  return null
}

/** Whether every history at the first level is at the second. */
export function implies(stronger: IsolationLevel, weaker: IsolationLevel): boolean {
  return implied.get(stronger)?.has(weaker) ?? false
}

/** Of levels that hold, those that imply the others: of two that are the same, the one that comes later in `isolationLevels`. */
export function strongest(levels: readonly IsolationLevel[]): IsolationLevel[] {
  const ordered = isolationLevels.filter((level) => levels.includes(level))
  return ordered.filter((level, i) => !ordered.some((other, j) => implies(other, level) && (j > i || !implies(level, other))))
}

/** Of levels that are violated, those that the others imply: of two that are the same, the one that comes first. */
export function weakest(levels: readonly IsolationLevel[]): IsolationLevel[] {
  const ordered = isolationLevels.filter((level) => levels.includes(level))
  return ordered.filter((level, i) => !ordered.some((other, j) => implies(level, other) && (j < i || !implies(other, level))))
}

/**
 * With the same added order O, and why. A circle of relations that the weaker forbids is always found to be one that the stronger
 * forbids; where a level asks for read committed or internal consistency, so does whatever implies it.
 */
const ofOneOrder: readonly (readonly [LevelBase, LevelBase])[] = [
  // D leaves out nothing of WW ∪ O, and G1 includes what read uncommitted rules out besides.
  ['read-committed', 'read-uncommitted'],
  // By definition.
  ['monotonic-atomic-view', 'read-committed'],
  // T saw S, and reads what S overwrote: S WR T RW S.
  ['read-atomic', 'monotonic-atomic-view'],
  // (WR ∪ O) ; RW is one step of what must be acyclic; so is every part of D.
  ['prefix', 'read-atomic'],
  // (WR ∪ O) ; RW is within D+ ; RW, and D+ must be irreflexive.
  ['parallel-snapshot-isolation', 'read-atomic'],
  // S (WR ∪ O) T RW S: S writes, so S and T are writers with at most one that is none.
  ['update-serializable', 'read-atomic'],
  // (WR ∪ O) ; RW? and WW are within D ; RW?.
  ['snapshot-isolation', 'prefix'],
  // A circle of D+ ; RW? is one of D ; RW?.
  ['snapshot-isolation', 'parallel-snapshot-isolation'],
  // Circles of D ; RW? and of some of the transactions are circles of D ∪ RW.
  ['serializable', 'snapshot-isolation'],
  ['serializable', 'update-serializable'],
  // Of histories without predicates they are the same.
  ['serializable', 'repeatable-read'],
  ['repeatable-read', 'serializable'],
]

/** What of other orders, or of none, a level implies. */
const ofOtherOrders: readonly (readonly [IsolationLevel, IsolationLevel])[] = [
  // T reads versions of x by V and W, and V ≪ W: W WR T RW W.
  ['read-atomic', 'item-cut-isolation'],
  // H is a path of WR ∪ O where O has session order: H ; RW is some steps of WR ∪ O and one of (WR ∪ O) ; RW.
  ['strong-session-prefix', 'causal'],
  ['strong-prefix', 'strong-causal'],
  // H and H ∪ WW are within D+.
  ['strong-session-parallel-snapshot-isolation', 'causal'],
  ['strong-parallel-snapshot-isolation', 'strong-causal'],
  // WR ∪ O is within H, and D within H ∪ WW. Nothing without session order implies causal.
  ['causal', 'strong-session-read-atomic'],
  ['strong-causal', 'strong-read-atomic'],
  // Where O is nothing, what a step of D leaves has written: only the last transaction of D+ ; RW may be one that writes nothing.
  // In session order it may be several, each of which saw less than the one before it: W WR R, R O R', R' RW W.
  ['update-serializable', 'parallel-snapshot-isolation'],
]

const implied: ReadonlyMap<IsolationLevel, ReadonlySet<IsolationLevel>> = new Map(isolationLevels.map((level) => [level, closure(level)]))

function closure(level: IsolationLevel): Set<IsolationLevel> {
  const found = new Set([level])
  // A set also goes through what is added to it on the way.
  for (const each of found) for (const next of directlyImplied(each)) found.add(next)
  return found
}

function directlyImplied(level: IsolationLevel): IsolationLevel[] {
  const { base, order } = meaningOf(level)
  // More order, more to be acyclic: real time has session order, and that all there is without.
  const lessOrder: readonly LevelOrder[] = order === 'real-time' ? ['session', 'none'] : ['none']
  return [
    ...lessOrder.flatMap((less) => levelNamed(base, less) ?? []),
    ...ofOneOrder.flatMap(([stronger, weaker]) => (stronger === base ? (levelNamed(weaker, order) ?? []) : [])),
    ...ofOtherOrders.flatMap(([stronger, weaker]) => (stronger === level ? [weaker] : [])),
  ]
}

const alsoIn: Readonly<Record<LevelOrder, string>> = {
  none: '',
  session: '; keeps session order',
  'real-time': '; keeps real-time and session order',
}

const about: Readonly<Record<LevelBase, { readonly promise: string; readonly source: string }>> = {
  'read-uncommitted': { promise: 'transactions do not overwrite each other in a circle', source: 'Adya 1999, PL-1' },
  'read-committed': { promise: 'only committed, final writes are read, and no information flows in a circle', source: 'Adya 1999, PL-2' },
  'monotonic-atomic-view': {
    promise: 'after a transaction has seen one write of another it sees all of them',
    source: 'Bailis et al. 2013',
  },
  'item-cut-isolation': { promise: 'a transaction that reads a key twice reads the same version', source: 'Bailis et al. 2013' },
  'read-atomic': { promise: 'a transaction sees all writes of another or none', source: 'Cerone et al. 2015' },
  causal: { promise: 'a transaction sees whatever happened before what it sees', source: 'Cerone et al. 2015' },
  prefix: { promise: 'every transaction reads from a beginning of one order of commits', source: 'Cerone et al. 2015' },
  'parallel-snapshot-isolation': {
    promise: 'causal snapshots without lost updates, which may see commits in different orders',
    source: 'Sovran et al. 2011',
  },
  'snapshot-isolation': {
    promise: 'every transaction reads from one snapshot, and none overwrites what was committed since',
    source: 'Cerone and Gotsman 2016',
  },
  'update-serializable': {
    promise: 'the transactions that write are serializable, also with any one that only reads',
    source: 'Adya 1999, PL-3U',
  },
  'repeatable-read': { promise: 'serializable, but for predicates', source: 'Adya 1999, PL-2.99' },
  serializable: { promise: 'all is as if transactions ran one after another', source: 'Adya 1999, PL-3' },
}

/** Longest first: each begins with the next. */
const prefixes: readonly (readonly [string, LevelOrder])[] = [
  ['strong-session-', 'session'],
  ['strong-strict-', 'real-time'],
  ['strong-', 'real-time'],
  ['session-', 'session'],
  ['strict-', 'real-time'],
  ['', 'none'],
]

/** Other names of levels; those of plain levels also serve behind `strong-`, `strict-`, `strong-session-` and `session-`. */
const aliases: ReadonlyMap<string, IsolationLevel> = new Map([
  ['pl-1', 'read-uncommitted'],
  ['ru', 'read-uncommitted'],
  ['pl-2', 'read-committed'],
  ['rc', 'read-committed'],
  ['mav', 'monotonic-atomic-view'],
  ['i-ci', 'item-cut-isolation'],
  ['cut-isolation', 'item-cut-isolation'],
  ['item-cut', 'item-cut-isolation'],
  ['ra', 'read-atomic'],
  ['atomic-read', 'read-atomic'],
  ['tcc', 'causal'],
  ['cc', 'causal'],
  ['causal-consistency', 'causal'],
  ['transactional-causal-consistency', 'causal'],
  ['pc', 'prefix'],
  ['prefix-consistency', 'prefix'],
  ['consistent-prefix', 'prefix'],
  ['psi', 'parallel-snapshot-isolation'],
  ['parallel-si', 'parallel-snapshot-isolation'],
  ['parallel-snapshot', 'parallel-snapshot-isolation'],
  // Adya, section 4.1: no G1, no G-single. That is irreflexive(D+ ; RW?).
  ['pl-2+', 'parallel-snapshot-isolation'],
  ['consistent-view', 'parallel-snapshot-isolation'],
  ['si', 'snapshot-isolation'],
  ['pl-si', 'snapshot-isolation'],
  ['snapshot', 'snapshot-isolation'],
  ['gsi', 'snapshot-isolation'],
  ['generalized-snapshot-isolation', 'snapshot-isolation'],
  // Elnikety et al., SRDS 2005: snapshots have what the client committed before.
  ['pcsi', 'strong-session-snapshot-isolation'],
  ['pl-3u', 'update-serializable'],
  ['update-serializability', 'update-serializable'],
  ['pl-2.99', 'repeatable-read'],
  ['rr', 'repeatable-read'],
  ['pl-3', 'serializable'],
  ['ser', 'serializable'],
  ['serializability', 'serializable'],
  ['pl-ss', 'strict-serializable'],
  ['sser', 'strict-serializable'],
  ['strict-serializability', 'strict-serializable'],
  ['linearizable-transactions', 'strict-serializable'],
])
