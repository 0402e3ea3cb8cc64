import type { Anomaly, AnomalyName } from '../anomaly.ts'

/** How many anomalies of a name are kept; all are counted. */
const keptMax = 10

/** Collects anomalies. */
export class AnomalyTally {
  readonly anomalies: Anomaly[] = []
  readonly counts: Map<AnomalyName, number> = new Map()

  /** @param transactions and steps in the order that `Inference` tells */
  add(name: AnomalyName, key: number, transactions: readonly number[], steps: readonly number[]): void {
    const count = this.counts.get(name) ?? 0
    this.counts.set(name, count + 1)
    if (count < keptMax) this.anomalies.push({ name, transactions, steps, key })
  }
}
