/** Pairs of runs of a key of which it matters which comes first: the variables of the search, which are numbered as they are met. */
import { GrowingInts } from './growing-ints.ts'

/** Literal `2 * pair` says that the first of the pair comes first, literal `2 * pair + 1` that the second does. */
export class RunPairs {
  readonly #runs: number
  readonly #first: GrowingInts = new GrowingInts()
  readonly #second: GrowingInts = new GrowingInts()
  readonly #names = new Set<number>()

  /** @param runs how many there are */
  constructor(runs: number) {
    this.#runs = runs
  }

  get count(): number {
    return this.#first.length
  }

  has(run: number, other: number): boolean {
    return this.#names.has(this.#nameOf(run, other))
  }

  /** One that is there already is not added again. */
  add(run: number, other: number): void {
    const name = this.#nameOf(run, other)
    if (this.#names.has(name)) return
    this.#names.add(name)
    this.#first.push(run)
    this.#second.push(other)
  }

  /** The run that comes first if the literal is true. */
  earlier(literal: number): number {
    return (literal & 1 ? this.#second : this.#first).at[literal >> 1] as number
  }

  later(literal: number): number {
    return this.earlier(literal ^ 1)
  }

  #nameOf(run: number, other: number): number {
    return Math.min(run, other) * this.#runs + Math.max(run, other)
  }
}
