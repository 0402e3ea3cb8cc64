/**
 * Judges the transactions of a history: which isolation levels they are at, and what is wrong with them. Anomalies that a person knows
 * by name come first, as the reason for all levels that forbid them; what they leave open is decided level by level, and what the
 * lattice implies is not decided again.
 */
import sortBy from 'lodash/sortBy.js'
import { Budget } from '../budget.ts'
import type { Limits, OracleVerdict } from '../decision.ts'
import type { Anomaly, AnomalyName } from './anomaly.ts'
import { cycleAnomalies } from './cycles/cycle-anomalies.ts'
import type { Facts } from './facts.ts'
import { forbids } from './forbids.ts'
import { infer } from './inference/infer.ts'
import type { InferOptions } from './inference/inference.ts'
import { implies, isolationLevels, meaningOf, strongest, weakest } from './lattice.ts'
import type { IsolationLevel, LevelBase, LevelMeaning } from './level.ts'
import { decideStrong, type StrongBase, type StrongDecision } from './order-search/strong-levels.ts'
import { aborted, committed, type TransactionTable } from './table/transaction-table.ts'
import { decideWeak, type WeakBase, type WeakDecision } from './weak-levels/weak-levels.ts'

export interface IsolationOptions extends InferOptions {
  /** `serializable` alone by default. */
  readonly levels?: readonly IsolationLevel[]
  /** Of all levels together. */
  readonly limits?: Limits
  /** Whether all anomalies are looked for, also those that no level asked for forbids; by default where several levels are asked for. */
  readonly anomalies?: boolean
}

export interface IsolationJudgement {
  readonly transactions: { readonly committed: number; readonly aborted: number; readonly unknown: number }
  /** Reads and writes of all transactions. */
  readonly operations: number
  /** In the order that was asked for. */
  readonly levels: readonly LevelJudgement[]
  /** Of the levels judged, those that hold and imply the others that do; and those that are violated and are implied by the others. */
  readonly strongest: readonly IsolationLevel[]
  readonly weakest: readonly IsolationLevel[]
  /** What was found, some of each name. */
  readonly anomalies: readonly Anomaly[]
  /** How many there are of those that are no cycles. */
  readonly counts: ReadonlyMap<AnomalyName, number>
  readonly seconds: number
  readonly table: TransactionTable
  readonly facts: Facts
}

export interface LevelJudgement {
  readonly level: IsolationLevel
  readonly verdict: OracleVerdict | 'inapplicable'
  /** What decided, such as `dependency cycles`. */
  readonly algorithm: string
  readonly seconds: number
  readonly because: Because
}

/** Why a level holds, is violated, or is not decided. */
export type Because =
  /** It holds, and no other level was needed to tell. */
  | { readonly kind: 'decided' }
  | { readonly kind: 'implied'; readonly by: IsolationLevel }
  | { readonly kind: 'anomaly'; readonly anomaly: Anomaly }
  | { readonly kind: 'weak'; readonly decision: Extract<WeakDecision, { readonly holds: false }> }
  | { readonly kind: 'strong'; readonly decision: Extract<StrongDecision, { readonly verdict: 'violated' }> }
  | { readonly kind: 'limit'; readonly limit: 'time' | 'memory'; readonly reached: string }
  | { readonly kind: 'inapplicable'; readonly reason: string }

/** Judges what `TableBuilder` has collected. */
export function judgeIsolation(table: TransactionTable, options: IsolationOptions = {}): IsolationJudgement {
  const started = performance.now()
  const { levels = ['serializable'], limits = {} } = options
  const judge = new Judge(table, options, new Budget(limits))
  if (options.anomalies ?? levels.length > 1) judge.findCycles()
  judge.decideAll(levels)
  const judged = levels.map((level) => judge.of(level))
  const having = (verdict: string): IsolationLevel[] => judged.filter((one) => one.verdict === verdict).map(({ level }) => level)
  return {
    transactions: counted(table),
    operations: table.kind.length,
    levels: judged,
    strongest: strongest(having('holds')),
    weakest: weakest(having('violated')),
    anomalies: judge.anomalies,
    counts: judge.counts,
    seconds: (performance.now() - started) / 1000,
    table,
    facts: judge.facts,
  }
}

const weakBases: readonly LevelBase[] = [
  'read-uncommitted',
  'read-committed',
  'monotonic-atomic-view',
  'item-cut-isolation',
  'read-atomic',
  'causal',
] satisfies readonly WeakBase[]

/** Of a cycle that has one of these names as well as that of its class, people know this one better. */
const patterns: ReadonlySet<AnomalyName> = new Set<AnomalyName>(['fractured-read', 'long-fork', 'write-skew'])

class Judge {
  readonly facts: Facts
  readonly counts: ReadonlyMap<AnomalyName, number>
  anomalies: readonly Anomaly[]
  readonly #budget: Budget
  readonly #judged = new Map<IsolationLevel, LevelJudgement>()
  #hasCycles = false
  #writes: Uint8Array | null = null

  constructor(table: TransactionTable, options: InferOptions, budget: Budget) {
    const { facts, anomalies, counts } = infer(table, options)
    this.facts = facts
    this.anomalies = anomalies
    this.counts = counts
    this.#budget = budget
  }

  of(level: IsolationLevel): LevelJudgement {
    return this.#judged.get(level) as LevelJudgement
  }

  /** The strongest first, since all others hold where it does; then the weakest first, since what violates one violates those above it. */
  decideAll(levels: readonly IsolationLevel[]): void {
    const ordered = isolationLevels.filter((level) => levels.includes(level))
    for (const level of ordered) if (this.#isInapplicable(level)) this.#put(level, 0, 'inapplicable', 'none', this.#inapplicable(level))
    for (const level of [...strongest(ordered.filter((one) => !this.#judged.has(one))), ...ordered])
      if (!this.#judged.has(level)) this.#decide(level, ordered)
  }

  findCycles(): void {
    if (this.#hasCycles) return
    this.#hasCycles = true
    const { hasTimes } = this.facts.table
    this.anomalies = [...this.anomalies, ...cycleAnomalies(this.facts, { order: hasTimes ? 'real-time' : 'session' })]
  }

  #decide(level: IsolationLevel, asked: readonly IsolationLevel[]): void {
    const started = performance.now()
    const meaning = meaningOf(level)
    const named = this.#anomalyAgainst(meaning)
    if (named) this.#put(level, started, 'violated', 'anomalies', { kind: 'anomaly', anomaly: named })
    else if (weakBases.includes(meaning.base)) this.#decideWeak(level, meaning as LevelMeaning & { base: WeakBase }, started)
    else this.#decideStrong(level, meaning as LevelMeaning & { base: StrongBase }, started)
    const { verdict, algorithm } = this.of(level)
    if (verdict !== 'holds' && verdict !== 'violated') return
    for (const other of asked)
      if (!this.#judged.has(other) && (verdict === 'holds' ? implies(level, other) : implies(other, level)))
        this.#judged.set(other, { level: other, verdict, algorithm, seconds: 0, because: { kind: 'implied', by: level } })
  }

  #decideWeak(level: IsolationLevel, { base, order }: LevelMeaning & { base: WeakBase }, started: number): void {
    const decision = decideWeak(this.facts, base, order)
    if (decision.holds) this.#put(level, started, 'holds', 'saturation', { kind: 'decided' })
    else this.#put(level, started, 'violated', 'saturation', this.#nameOrElse(level, { kind: 'weak', decision }))
  }

  #decideStrong(level: IsolationLevel, { base, order }: LevelMeaning & { base: StrongBase }, started: number): void {
    const decision = decideStrong(this.facts, base, order, this.#budget)
    const { verdict, algorithm } = decision
    if (verdict === 'holds') this.#put(level, started, verdict, algorithm, { kind: 'decided' })
    else if (verdict === 'violated') this.#put(level, started, verdict, algorithm, this.#nameOrElse(level, { kind: 'strong', decision }))
    else this.#put(level, started, verdict, algorithm, { kind: 'limit', limit: decision.limit, reached: decision.reached })
  }

  /** People know the anomalies by name; a proof of our own is for what has none. */
  #nameOrElse(level: IsolationLevel, because: Because): Because {
    this.findCycles()
    const anomaly = this.#anomalyAgainst(meaningOf(level))
    return anomaly ? { kind: 'anomaly', anomaly } : because
  }

  /** Of those that the level forbids the one that is easiest to follow. */
  #anomalyAgainst(meaning: LevelMeaning): Anomaly | undefined {
    const against = this.anomalies.filter((anomaly) => forbids(meaning, anomaly, (transaction) => this.#isReadOnly(transaction)))
    return sortBy(against, [({ transactions }) => transactions.length, ({ name }) => (patterns.has(name) ? 0 : 1)])[0]
  }

  #isReadOnly(transaction: number): boolean {
    if (this.#writes === null) {
      this.#writes = new Uint8Array(this.facts.table.count)
      for (const writer of this.facts.writer) this.#writes[writer] = 1
    }
    return this.#writes[transaction] === 0
  }

  #isInapplicable(level: IsolationLevel): boolean {
    return meaningOf(level).order === 'real-time' && !this.facts.table.hasTimes
  }

  #inapplicable(level: IsolationLevel): Because {
    return { kind: 'inapplicable', reason: `the history does not say when its transactions began and ended, as ${level} asks for` }
  }

  #put(level: IsolationLevel, started: number, verdict: LevelJudgement['verdict'], algorithm: string, because: Because): void {
    const seconds = started === 0 ? 0 : (performance.now() - started) / 1000
    this.#judged.set(level, { level, verdict, algorithm, seconds, because })
  }
}

function counted({ status }: TransactionTable): IsolationJudgement['transactions'] {
  const found = { committed: 0, aborted: 0, unknown: 0 }
  for (const one of status) {
    if (one === committed) found.committed++
    else if (one === aborted) found.aborted++
    else found.unknown++
  }
  return found
}
