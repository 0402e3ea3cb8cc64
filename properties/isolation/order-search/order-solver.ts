/**
 * Decides whether pairs of runs can be ordered so that nothing forbidden arises: conflict-driven clause learning (Marques-Silva and
 * Sakallah, GRASP, 1999; Eén and Sörensson, MiniSat, 2003) without any clauses to begin with: all that it knows it learns from what
 * the theory refuses (Bayless et al., SAT modulo monotonic theories, AAAI 2015). Sound and complete: each clause is a consequence, and
 * an order of all pairs without a conflict fulfils the level.
 */
import type { Budget } from '../../budget.ts'
import { ActivityHeap } from './activity-heap.ts'
import { Derivations } from './derivations.ts'
import { GrowingInts } from './growing-ints.ts'
import type { OrderTheory } from './order-theory.ts'

export type SolverEnd = 'solved' | 'contradiction' | 'given up' | 'time' | 'memory'

// A clause is a header and its literals; it watches the first two of them.
const sizeAt = 0
const levelsAt = 1
const derivationAt = 2
const header = 3

const restartUnit = 10
const learnedAtFirst = 4000
/** Levels that are worth being gone back at once. */
const farLevels = 50
const stepsBetweenLooks = 1 << 21

export class OrderSolver {
  conflicts = 0
  decisions = 0
  readonly #theory: OrderTheory
  readonly #budget: Budget
  #variables = 0
  /** Of each literal: 1 if it is true, -1 if it is false. */
  #value = new Int8Array(0)
  #level = new Int32Array(0)
  /** Of each variable: the clause that it follows from, or -1. */
  #reason = new Int32Array(0)
  #trail = new Int32Array(0)
  #trailLength = 0
  /** How much of the trail clauses have seen, and how much of it the theory. */
  #propagated = 0
  #asserted = 0
  /** Where in the trail each decision is. */
  readonly #decided: number[] = []
  #clauses: GrowingInts = new GrowingInts(1 << 12)
  #learned: number[] = []
  #learnedMax = learnedAtFirst
  readonly #watches: (GrowingInts | undefined)[] = []
  readonly #heap: ActivityHeap = new ActivityHeap()
  readonly #derivations: Derivations
  /** Of variables that follow from a clause with no other literal: that literal, and the derivation of the clause. */
  readonly #units = new Map<number, { readonly literal: number; readonly derivation: number }>()
  #contradiction = -1
  #seen = new Uint8Array(0)
  readonly #cost = (literal: number): 0 | 1 => (this.#level[literal >> 1] === 0 ? 0 : 1)
  #looksAt = 0

  constructor(theory: OrderTheory, budget: Budget) {
    this.#theory = theory
    this.#budget = budget
    this.#derivations = new Derivations(budget.bytes / 4)
  }

  /** Of a contradiction: sets of literals that the theory refuses, which together leave no way out; null if that was too much to keep. */
  lemmas(): number[][] | null {
    if (this.#contradiction === -1 || !this.#derivations.isComplete) return null
    return this.#derivations.lemmasOf(this.#contradiction, (variable) => this.#antecedentsOf(variable))
  }

  /** @param workMax after how much work, in arcs looked at, or somewhat more, it gives up */
  solve(workMax: number = Number.POSITIVE_INFINITY): SolverEnd {
    for (let restarts = 0; ; restarts++) {
      if (this.#work() > workMax) return 'given up'
      const end = this.#searchFor(restartUnit * luby(restarts))
      if (end !== null) return end
      this.#backTo(0)
      this.#addUnits()
      if (this.#learned.length > this.#learnedMax) this.#forgetHalf()
    }
  }

  /** Searches until there have been so many conflicts. */
  #searchFor(conflictsMax: number): SolverEnd | null {
    for (let conflicts = 0; conflicts < conflictsMax; ) {
      if (this.#isTimeToLook()) {
        const limit = this.#limit()
        if (limit !== null) return limit
      }
      const conflict = this.#propagate()
      if (conflict === null) {
        if (!this.#decide()) return 'solved'
      } else if (this.#decided.length === 0) {
        this.conflicts++
        this.#contradiction = this.#derivations.addResolution([conflict.derivation, ...conflict.literals.map(asVariable)])
        return 'contradiction'
      } else {
        this.conflicts++
        const units = this.#units.size
        if (!this.#learn(conflict)) return 'contradiction'
        // What follows by itself is found once, and no sign of a search that has lost its way.
        if (this.#units.size === units) conflicts++
      }
    }
    return null
  }

  #decide(): boolean {
    let variable = this.#nextVariable()
    if (variable === -1 && this.#theory.addOpenPairs()) {
      this.#addVariables(this.#theory.pairs.count)
      variable = this.#nextVariable()
    }
    if (variable === -1) return false
    this.decisions++
    this.#decided.push(this.#trailLength)
    this.#enqueue(this.#units.get(variable)?.literal ?? this.#theory.likely(variable), -1)
    return true
  }

  #nextVariable(): number {
    let variable = this.#heap.pop()
    while (variable !== -1 && this.#value[2 * variable] !== 0) variable = this.#heap.pop()
    return variable
  }

  #addVariables(count: number): void {
    if (count > this.#level.length) {
      const capacity = Math.max(64, count, 2 * this.#level.length)
      this.#value = extended(this.#value, new Int8Array(2 * capacity))
      this.#level = extended(this.#level, new Int32Array(capacity))
      this.#reason = extended(this.#reason, new Int32Array(capacity).fill(-1))
      this.#trail = extended(this.#trail, new Int32Array(capacity))
      this.#seen = extended(this.#seen, new Uint8Array(capacity))
      this.#heap.extendTo(capacity)
    }
    for (let variable = this.#variables; variable < count; variable++) this.#heap.add(variable)
    this.#variables = count
  }

  #isTimeToLook(): boolean {
    const work = this.#work()
    if (work < this.#looksAt) return false
    this.#looksAt = work + stepsBetweenLooks
    return true
  }

  #work(): number {
    return this.#theory.graph.steps + 256 * (this.conflicts + this.decisions)
  }

  #limit(): SolverEnd | null {
    const bytes = 8 * this.#clauses.at.length + this.#theory.graph.bytes + 64 * this.#variables
    return bytes > this.#budget.bytes / 2 ? 'memory' : this.#budget.exhausted()
  }

  #enqueue(literal: number, reason: number): void {
    const variable = literal >> 1
    this.#value[literal] = 1
    this.#value[literal ^ 1] = -1
    this.#level[variable] = this.#decided.length
    this.#reason[variable] = reason
    this.#trail[this.#trailLength++] = literal
  }

  #backTo(level: number): void {
    if (this.#decided.length <= level) return
    const length = this.#decided[level] as number
    for (let i = this.#trailLength - 1; i >= length; i--) {
      const literal = this.#trail[i] as number
      this.#value[literal] = 0
      this.#value[literal ^ 1] = 0
      this.#heap.add(literal >> 1)
    }
    this.#trailLength = length
    this.#decided.length = level
    this.#propagated = Math.min(this.#propagated, length)
    this.#asserted = Math.min(this.#asserted, length)
    this.#theory.shrinkTo(this.#asserted)
  }

  #propagate(): Conflict | null {
    for (;;) {
      while (this.#propagated < this.#trailLength) {
        const clause = this.#propagateClauses((this.#trail[this.#propagated++] as number) ^ 1)
        if (clause !== -1) return { literals: this.#literalsOf(clause), derivation: this.#clauses.at[clause + derivationAt] as number }
      }
      if (this.#asserted === this.#trailLength) return null
      const literal = this.#trail[this.#asserted] as number
      const refused = this.#theory.assert(literal, this.#cost)
      if (refused !== null) {
        const together = refused.includes(literal) ? refused : [...refused, literal]
        return { literals: together.map((other) => other ^ 1), derivation: this.#derivations.addLemma(together) }
      }
      this.#asserted++
    }
  }

  /** Visits the clauses that watch a literal which has become false; returns one of which all literals are false, or -1. */
  #propagateClauses(falsified: number): number {
    const watching = this.#watches[falsified]
    if (watching === undefined) return -1
    const value = this.#value
    const literals = this.#clauses.at
    let kept = 0
    for (let i = 0; i < watching.length; i++) {
      const clause = watching.at[i] as number
      const first = clause + header
      if (literals[first] === falsified) {
        literals[first] = literals[first + 1] as number
        literals[first + 1] = falsified
      }
      const other = literals[first] as number
      if (value[other] !== 1) {
        const end = first + (literals[clause + sizeAt] as number)
        let found = first + 2
        while (found < end && value[literals[found] as number] === -1) found++
        if (found < end) {
          const watched = literals[found] as number
          literals[found] = falsified
          literals[first + 1] = watched
          this.#watch(watched, clause)
          continue
        }
        if (value[other] === -1) {
          for (; i < watching.length; i++) watching.at[kept++] = watching.at[i] as number
          watching.length = kept
          return clause
        }
        this.#enqueue(other, clause)
      }
      watching.at[kept++] = clause
    }
    watching.length = kept
    return -1
  }

  /** Learns the clause of the first unique implication point, goes back to where it says something, and follows it; false: it cannot be. */
  #learn({ literals, derivation }: Conflict): boolean {
    const level = this.#decided.length
    const learned = [-1]
    const antecedents = [derivation]
    const touched: number[] = []
    let open = 0
    let at = this.#trailLength
    let next: readonly number[] = literals
    for (;;) {
      for (const literal of next) {
        const variable = literal >> 1
        if (this.#seen[variable]) continue
        this.#seen[variable] = 1
        touched.push(variable)
        if (this.#level[variable] === 0) antecedents.push(asVariable(literal))
        else {
          this.#heap.bump(variable)
          if (this.#level[variable] === level) open++
          else learned.push(literal)
        }
      }
      do at--
      while (!this.#seen[(this.#trail[at] as number) >> 1] || this.#level[(this.#trail[at] as number) >> 1] !== level)
      const literal = this.#trail[at] as number
      if (--open === 0) {
        learned[0] = literal ^ 1
        break
      }
      const reason = this.#reason[literal >> 1] as number
      antecedents.push(this.#clauses.at[reason + derivationAt] as number)
      next = this.#literalsOf(reason).filter((other) => other !== literal)
    }
    const kept = learned.filter((literal, i) => i === 0 || !this.#isRedundant(literal, antecedents))
    for (const variable of touched) this.#seen[variable] = 0
    this.#heap.decayAll()
    return this.#follow(kept, this.#derivations.addResolution(antecedents))
  }

  /** Whether a literal of a clause follows from the others; if so by what. */
  #isRedundant(literal: number, antecedents: number[]): boolean {
    const reason = this.#reason[literal >> 1] as number
    if (reason === -1) return false
    const others = this.#literalsOf(reason).filter((other) => other >> 1 !== literal >> 1)
    if (!others.every((other) => this.#seen[other >> 1] || this.#level[other >> 1] === 0)) return false
    antecedents.push(this.#clauses.at[reason + derivationAt] as number)
    for (const other of others) if (this.#level[other >> 1] === 0) antecedents.push(asVariable(other))
    return true
  }

  /** @returns false if it contradicts what is known */
  #follow(learned: number[], derivation: number): boolean {
    const literal = learned[0] as number
    if (learned.length === 1) {
      const known = this.#units.get(literal >> 1)
      if (known !== undefined && known.literal !== literal) {
        this.#contradiction = this.#derivations.addResolution([derivation, known.derivation])
        return false
      }
      this.#units.set(literal >> 1, { literal, derivation })
      this.#backNear(0)
      // Above level 0 it stands there as one that follows from a clause; that is watched by nobody.
      if (this.#decided.length === 0) this.#addUnits()
      else this.#enqueue(literal, this.#storeClause(learned, 1, derivation))
      return true
    }
    let latest = 1
    for (let i = 2; i < learned.length; i++) if (this.#levelOf(learned[i]) > this.#levelOf(learned[latest])) latest = i
    const second = learned[latest] as number
    learned[latest] = learned[1] as number
    learned[1] = second
    const levels = new Set(learned.map((other) => this.#levelOf(other))).size
    this.#backNear(this.#levelOf(second))
    const clause = this.#addClause(learned, levels, derivation)
    this.#learned.push(clause)
    this.#enqueue(literal, clause)
    return true
  }

  /**
   * Goes back to a level, or only by one where that level is far away: most decisions in between have nothing to do with the conflict,
   * and would be made again (Nadel and Ryvchin, Chronological backtracking, SAT 2018).
   */
  #backNear(level: number): void {
    const previous = this.#decided.length - 1
    this.#backTo(previous - level > farLevels ? previous : level)
  }

  /** At level 0: what is true whatever is decided. */
  #addUnits(): void {
    for (const { literal } of this.#units.values()) if (this.#value[literal] === 0) this.#enqueue(literal, -1)
  }

  #levelOf(literal: number | undefined): number {
    return this.#level[(literal as number) >> 1] as number
  }

  #addClause(literals: readonly number[], levels: number, derivation: number): number {
    const clause = this.#storeClause(literals, levels, derivation)
    this.#watch(literals[0] as number, clause)
    this.#watch(literals[1] as number, clause)
    return clause
  }

  #storeClause(literals: readonly number[], levels: number, derivation: number): number {
    const clause = this.#clauses.length
    this.#clauses.push(literals.length)
    this.#clauses.push(levels)
    this.#clauses.push(derivation)
    for (const literal of literals) this.#clauses.push(literal)
    return clause
  }

  #literalsOf(clause: number): number[] {
    const first = clause + header
    return Array.from(this.#clauses.at.subarray(first, first + (this.#clauses.at[clause + sizeAt] as number)))
  }

  #watch(literal: number, clause: number): void {
    let watching = this.#watches[literal]
    if (watching === undefined) {
      watching = new GrowingInts(4)
      this.#watches[literal] = watching
    }
    watching.push(clause)
  }

  /** Forgets the half of the clauses that tie the most decisions together; at level 0, where only few are reasons. */
  #forgetHalf(): void {
    const old = this.#clauses
    const levelsOf = (clause: number): number => old.at[clause + levelsAt] as number
    const reasons = new Set(Array.from(this.#trail.subarray(0, this.#trailLength), (literal) => this.#reason[literal >> 1] as number))
    const sorted = this.#learned.toSorted((a, b) => levelsOf(a) - levelsOf(b) || b - a)
    const kept = sorted.filter((clause, i) => i < sorted.length / 2 || levelsOf(clause) <= 2 || reasons.has(clause))
    const moved = new Map<number, number>()
    this.#clauses = new GrowingInts(old.length)
    for (const watching of this.#watches) if (watching !== undefined) watching.length = 0
    for (const clause of kept) {
      const first = clause + header
      const literals = Array.from(old.at.subarray(first, first + (old.at[clause + sizeAt] as number)))
      moved.set(clause, this.#addClause(literals, levelsOf(clause), old.at[clause + derivationAt] as number))
    }
    this.#learned = [...moved.values()]
    for (let i = 0; i < this.#trailLength; i++) {
      const variable = (this.#trail[i] as number) >> 1
      this.#reason[variable] = moved.get(this.#reason[variable] as number) ?? -1
    }
    this.#learnedMax = Math.max(this.#learnedMax * 1.1, 1.5 * kept.length)
  }

  /** Of a variable that is decided without any decision. */
  #antecedentsOf(variable: number): number[] {
    const unit = this.#units.get(variable)
    if (unit !== undefined) return [unit.derivation]
    const reason = this.#reason[variable] as number
    const others = this.#literalsOf(reason).filter((literal) => literal >> 1 !== variable)
    return [this.#clauses.at[reason + derivationAt] as number, ...others.map(asVariable)]
  }
}

/** Of which no literal is true. */
interface Conflict {
  readonly literals: readonly number[]
  readonly derivation: number
}

function extended<T extends Int8Array | Uint8Array | Int32Array>(array: T, longer: T): T {
  longer.set(array)
  return longer
}

function asVariable(literal: number): number {
  return -1 - (literal >> 1)
}

/** 1 1 2 1 1 2 4 1 1 2 ...: restarts after so many units of work lose no more than a logarithm (Luby et al., 1993). */
function luby(i: number): number {
  for (let k = 1; ; k++) {
    if (i === 2 ** k - 2) return 2 ** (k - 1)
    if (i < 2 ** k - 2) return luby(i - 2 ** (k - 1) + 1)
  }
}
