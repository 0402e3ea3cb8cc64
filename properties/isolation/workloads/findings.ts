/** What is found while a workload is judged: everything is counted, and some of it told. */
import type { LevelBase } from '../level.ts'
import type { WorkloadDecision, WorkloadFinding } from './workload.ts'

export interface Evidence {
  readonly sentence: string
  /** In any order; `Infinity` for an end that nobody saw, and -1 for what was before the history. */
  readonly events: readonly number[]
}

const toldMax = 10

export class Findings {
  readonly counts: Map<string, number> = new Map()
  readonly #told: WorkloadFinding[] = []
  readonly #toldOf = new Map<string, number>()

  get any(): boolean {
    return this.#told.length > 0
  }

  count(name: string, times = 1): void {
    if (times > 0) this.counts.set(name, (this.counts.get(name) ?? 0) + times)
  }

  /** Tells of one without counting it; the evidence is put together only if it is among the first of its name. */
  tell(name: string, violates: readonly LevelBase[], evidence: () => Evidence): void {
    const told = this.#toldOf.get(name) ?? 0
    if (told === toldMax) return
    this.#toldOf.set(name, told + 1)
    const { sentence, events } = evidence()
    const rising = [...new Set(events)].filter((event) => Number.isFinite(event) && event >= 0).sort((a, b) => a - b)
    this.#told.push({ name, sentence, events: rising, violates })
  }

  add(name: string, violates: readonly LevelBase[], evidence: () => Evidence): void {
    this.count(name)
    this.tell(name, violates, evidence)
  }

  /** @param unknown why nothing could be told, if nothing was found; `null` where it could */
  decision(operations: number, note: string, unknown: string | null): WorkloadDecision {
    const shared = { findings: this.#told, counts: this.counts, operations }
    if (this.any) return { verdict: 'violated', ...shared, note }
    return unknown === null ? { verdict: 'holds', ...shared, note } : { verdict: 'unknown', ...shared, note: unknown }
  }
}
