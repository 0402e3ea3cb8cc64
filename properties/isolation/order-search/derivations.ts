/** Which lemmas of the theory each clause was derived from, so that a contradiction can be told from few of them. */
import { GrowingInts } from './growing-ints.ts'

const lemma = 0
const resolution = 1

export class Derivations {
  readonly #log: GrowingInts = new GrowingInts(1024)
  readonly #from: GrowingInts = new GrowingInts(1024)
  readonly #numbersMax: number
  /** False since the log has become too long. */
  isComplete = true

  constructor(bytesMax: number) {
    this.#numbersMax = bytesMax / 8
  }

  /** @param literals that cannot be true together */
  addLemma(literals: readonly number[]): number {
    return this.#add(lemma, literals)
  }

  /** @param antecedents derivations; or, as -1 - variable, whatever made that variable true or false without any decision */
  addResolution(antecedents: readonly number[]): number {
    return this.#add(resolution, antecedents)
  }

  /**
   * The lemmas that a derivation rests on.
   * @param antecedentsOf a variable that is decided without any decision: of which derivation and which other variables that follows
   */
  lemmasOf(derivation: number, antecedentsOf: (variable: number) => readonly number[]): number[][] {
    const lemmas: number[][] = []
    const seen = new Set<number>()
    const open = [derivation]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue
      seen.add(at)
      if (at < 0) {
        for (const next of antecedentsOf(-1 - at)) open.push(next)
        continue
      }
      const start = this.#from.at[at] as number
      const end = at + 1 < this.#from.length ? (this.#from.at[at + 1] as number) : this.#log.length
      const numbers = Array.from(this.#log.at.subarray(start + 1, end))
      if (this.#log.at[start] === lemma) lemmas.push(numbers)
      else for (const next of numbers) open.push(next)
    }
    return lemmas
  }

  #add(kind: number, numbers: readonly number[]): number {
    if (!this.isComplete || this.#log.length + numbers.length > this.#numbersMax) {
      this.isComplete = false
      return -1
    }
    this.#from.push(this.#log.length)
    this.#log.push(kind)
    for (const number of numbers) this.#log.push(number)
    return this.#from.length - 1
  }
}
