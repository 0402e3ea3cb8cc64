/**
 * Judges the transactions of a history: which isolation levels they are at, and what is wrong with them. Anomalies that a person knows
 * by name come first, as the reason for all levels that forbid them; what they leave open is decided level by level, and what the
 * lattice implies is not decided again.
 */
import sortBy from 'lodash/sortBy.js'
import { Budget, withinLimits } from '../budget.ts'
import type { Limits, OracleVerdict } from '../decision.ts'
import { HistoryError } from '../errors.ts'
import type { Anomaly, AnomalyName } from './anomaly.ts'
import { cycleAnomalies } from './cycles/cycle-anomalies.ts'
import type { Facts } from './facts.ts'
import { forbids } from './forbids.ts'
import { infer } from './inference/infer.ts'
import type { Inference, InferOptions } from './inference/inference.ts'
import { implies, isolationLevels, meaningOf, strongest, weakest } from './lattice.ts'
import type { IsolationLevel, LevelBase, LevelMeaning } from './level.ts'
import { decideStrong, type StrongBase, type StrongEvidence } from './order-search/strong-levels.ts'
import { aborted, committed, type TransactionTable } from './table/transaction-table.ts'
import { decideWeak, type WeakBase, type WeakDecision } from './weak-levels/weak-levels.ts'

export interface IsolationOptions extends Omit<InferOptions, 'fracturedReads'> {
  /** `serializable` alone by default. */
  readonly levels?: readonly IsolationLevel[]
  /** Of all levels together. */
  readonly limits?: Limits
  /** Whether all anomalies are looked for, also those that no level asked for forbids; by default where several levels are asked for. */
  readonly anomalies?: boolean
  /** Called now and then with what is being done, such as `serializable: 2 of 12 levels are judged`. */
  readonly onStage?: (stage: string) => void
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
  /** The limit that was reached before all anomalies had been looked for that were asked for; null: none was. */
  readonly anomaliesLimit: 'time' | 'memory' | null
  readonly seconds: number
  readonly table: TransactionTable
  /** Without slots and reads where already their inference reached a limit. */
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
  | { readonly kind: 'strong'; readonly decision: StrongEvidence }
  | { readonly kind: 'limit'; readonly limit: 'time' | 'memory'; readonly reached: string }
  | { readonly kind: 'inapplicable'; readonly reason: string }

/**
 * Judges what `TableBuilder` has collected.
 * @throws HistoryError `option` for a level that there is not
 */
export function judgeIsolation(table: TransactionTable, options: IsolationOptions = {}): IsolationJudgement {
  const started = performance.now()
  const { levels = ['serializable'] } = options
  const other = levels.find((level) => !isolationLevels.includes(level))
  if (other !== undefined) throw new HistoryError('option', `there is no isolation level ${other}; there are ${isolationLevels.join(', ')}`)
  const findsAll = options.anomalies ?? levels.length > 1
  const judge = new Judge(table, { ...options, fracturedReads: findsAll })
  if (findsAll) judge.findCycles()
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
    anomaliesLimit: judge.anomaliesLimit,
    seconds: (performance.now() - started) / 1000,
    table,
    facts: judge.facts,
  }
}

/** Of the time that is left, for one search where other levels are to be decided after it. */
const searchShare = 0.5

const weakBases: readonly LevelBase[] = [
  'read-uncommitted',
  'read-committed',
  'monotonic-atomic-view',
  'item-cut-isolation',
  'read-atomic',
  'causal',
] satisfies readonly WeakBase[]

/** Of a cycle that has one of these names as well as that of its class, people know this one better. */
const isPattern = (name: AnomalyName): boolean => /^(fractured-read|long-fork|write-skew)/.test(name)

class Judge {
  readonly facts: Facts
  readonly counts: ReadonlyMap<AnomalyName, number>
  anomalies: readonly Anomaly[]
  anomaliesLimit: 'time' | 'memory' | null = null
  readonly #budget: Budget
  readonly #judged = new Map<IsolationLevel, LevelJudgement>()
  /** The limit that the inference reached. */
  readonly #inferenceLimit: 'time' | 'memory' | null
  #stage = 'inference of dependencies'
  #hasCycles = false
  #writes: Uint8Array | null = null

  constructor(table: TransactionTable, options: IsolationOptions & InferOptions) {
    const { limits = {}, onStage } = options
    this.#budget = new Budget(limits, onStage && (() => onStage(this.#stage)))
    const inferred = withinLimits(() => infer(table, options, this.#budget))
    this.#inferenceLimit = 'limit' in inferred ? inferred.limit : null
    this.anomaliesLimit = this.#inferenceLimit
    const { facts, anomalies, counts } = 'limit' in inferred ? nothingInferred(table) : inferred.value
    this.facts = facts
    this.anomalies = anomalies
    this.counts = counts
  }

  of(level: IsolationLevel): LevelJudgement {
    return this.#judged.get(level) as LevelJudgement
  }

  /** The strongest first, since all others hold where it does; then the weakest first, since what violates one violates those above it. */
  decideAll(levels: readonly IsolationLevel[]): void {
    const ordered = isolationLevels.filter((level) => levels.includes(level))
    for (const level of ordered) if (this.#isInapplicable(level)) this.#put(level, 0, 'inapplicable', 'none', this.#inapplicable(level))
    for (const level of [...strongest(ordered.filter((one) => !this.#judged.has(one))), ...ordered]) {
      if (this.#judged.has(level)) continue
      this.#stage = `${level}: ${this.#judged.size} of ${ordered.length} levels are judged`
      this.#decide(level, ordered)
    }
  }

  findCycles(): void {
    if (this.#hasCycles || this.#inferenceLimit !== null) return
    this.#hasCycles = true
    this.#stage = 'search for cycles of dependencies'
    const order = this.facts.table.hasTimes ? 'real-time' : 'session'
    const found = withinLimits(() => cycleAnomalies(this.facts, { order, budget: this.#budget }))
    this.anomaliesLimit = 'limit' in found ? found.limit : this.#budget.exhausted()
    if ('value' in found) this.anomalies = [...this.anomalies, ...found.value]
  }

  #decide(level: IsolationLevel, asked: readonly IsolationLevel[]): void {
    const started = performance.now()
    const meaning = meaningOf(level)
    const named = this.#anomalyAgainst(meaning)
    if (named) this.#put(level, started, 'violated', 'anomalies', { kind: 'anomaly', anomaly: named })
    else if (this.#inferenceLimit !== null) this.#stop(level, started, this.#inferenceLimit, 'dependencies were being inferred')
    else {
      const isWeak = weakBases.includes(meaning.base)
      const end = withinLimits(() => {
        if (isWeak) this.#decideWeak(level, meaning as LevelMeaning & { base: WeakBase }, started)
        else this.#decideStrong(level, meaning as LevelMeaning & { base: StrongBase }, started, asked)
      })
      if ('limit' in end) this.#stop(level, started, end.limit, `${isWeak ? 'saturation' : 'the search'} was not done`)
    }
    const { verdict, algorithm } = this.of(level)
    if (verdict !== 'holds' && verdict !== 'violated') return
    for (const other of asked)
      if (!this.#judged.has(other) && (verdict === 'holds' ? implies(level, other) : implies(other, level)))
        this.#judged.set(other, { level: other, verdict, algorithm, seconds: 0, because: { kind: 'implied', by: level } })
  }

  #decideWeak(level: IsolationLevel, { base, order }: LevelMeaning & { base: WeakBase }, started: number): void {
    const decision = decideWeak(this.facts, base, order, this.#budget)
    if (decision.holds) this.#put(level, started, 'holds', 'saturation', { kind: 'decided' })
    else
      this.#put(
        level,
        started,
        'violated',
        'saturation',
        this.#nameOr(level, () => ({ kind: 'weak', decision })),
      )
  }

  #decideStrong(
    level: IsolationLevel,
    { base, order }: LevelMeaning & { base: StrongBase },
    started: number,
    asked: readonly IsolationLevel[],
  ): void {
    // A search that takes all of the time leaves none for levels that are easy to decide.
    const isLast = asked.every((other) => other === level || this.#judged.has(other))
    const budget = isLast ? this.#budget : this.#budget.part(searchShare, Number.POSITIVE_INFINITY)
    const end = decideStrong(this.facts, base, order, budget)
    const { verdict, algorithm } = end
    if (verdict === 'holds') this.#put(level, started, verdict, algorithm, { kind: 'decided' })
    else if (verdict === 'unknown') this.#stop(level, started, end.limit, end.reached, algorithm)
    else {
      const because = this.#nameOr(level, () => ({ kind: 'strong', decision: end.evidence() }))
      this.#put(level, started, verdict, algorithm, because)
    }
  }

  /** People know the anomalies by name; a proof of our own, which takes its time, is for what has none. */
  #nameOr(level: IsolationLevel, prove: () => Because): Because {
    this.findCycles()
    const anomaly = this.#anomalyAgainst(meaningOf(level))
    return anomaly ? { kind: 'anomaly', anomaly } : prove()
  }

  #stop(level: IsolationLevel, started: number, limit: 'time' | 'memory', reached: string, algorithm = 'none'): void {
    this.#put(level, started, 'unknown', algorithm, { kind: 'limit', limit, reached })
  }

  /** Of those that the level forbids the one that is easiest to follow. */
  #anomalyAgainst(meaning: LevelMeaning): Anomaly | undefined {
    const against = this.anomalies.filter((anomaly) => forbids(meaning, anomaly, (transaction) => this.#isReadOnly(transaction)))
    return sortBy(against, [({ transactions }) => transactions.length, ({ name }) => (isPattern(name) ? 0 : 1)])[0]
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

/** What is known of a history where even the inference was too much. */
function nothingInferred(table: TransactionTable): Inference {
  const none = new Int32Array()
  return {
    facts: {
      table,
      happened: new Uint8Array(table.count),
      slots: 0,
      slotsFrom: new Int32Array(table.keys.length + 1),
      writer: none,
      place: none,
      readsFrom: new Int32Array(table.count + 1),
      readSlot: none,
      readKey: none,
      extra: [],
    },
    anomalies: [],
    counts: new Map(),
  }
}
