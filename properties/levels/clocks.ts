/**
 * Vector clocks of the operations of a register history, for a block of chains at a time. Where sessions come and go, most
 * operations know nothing of the chains of a block, or all that can be known of them; only the others have a row.
 */
import type { RegisterHistory } from './register-history.ts'

const empty = 0
const partial = 1
const complete = 2

export class Clocks {
  private readonly chain: Int32Array
  private readonly position: Int32Array
  private readonly width: number
  /** How much of each chain operations outside of it can know. */
  private readonly known: Int32Array
  private readonly state: Uint8Array
  private readonly rows: Int32Array
  private low = 0

  constructor({ chain, position }: RegisterHistory, width: number, known: Int32Array) {
    this.chain = chain
    this.position = position
    this.width = width
    this.known = known
    this.state = new Uint8Array(chain.length)
    this.rows = new Int32Array(chain.length * width)
  }

  /** Counts for the chains from `low`, along an order that all edges respect. */
  fill(low: number, order: readonly number[], eachSuccessor: (i: number, visit: (to: number) => void) => void): void {
    this.low = low
    this.state.fill(empty)
    for (const i of order) {
      if (this.isOwn(i)) {
        this.open(i)
        this.rows[i * this.width + (this.chain[i] as number) - low] = (this.position[i] as number) + 1
      } else if (this.state[i] === partial && this.knowsAll(i)) this.state[i] = complete
      if (this.state[i] !== empty) eachSuccessor(i, (to) => this.merge(i, to))
    }
  }

  /** How many operations of a chain of the block come before an operation, or are it. */
  count(i: number, chain: number): number {
    const state = this.state[i]
    if (state === empty) return 0
    return (state === complete ? this.known[chain] : this.rows[i * this.width + chain - this.low]) as number
  }

  isEmpty(i: number): boolean {
    return this.state[i] === empty
  }

  private merge(from: number, to: number): void {
    const { rows, width, known, low } = this
    if (this.state[to] === complete) return
    if (this.state[from] === complete && !this.isOwn(to)) {
      this.state[to] = complete
      return
    }
    const isComplete = this.state[from] === complete
    this.open(to)
    const [source, target] = [from * width, to * width]
    for (let c = 0; c < width; c++) {
      const count = (isComplete ? (known[low + c] ?? 0) : rows[source + c]) as number
      if (count > (rows[target + c] as number)) rows[target + c] = count
    }
  }

  private open(i: number): void {
    if (this.state[i] !== empty) return
    this.state[i] = partial
    this.rows.fill(0, i * this.width, (i + 1) * this.width)
  }

  private knowsAll(i: number): boolean {
    const end = Math.min(this.width, this.known.length - this.low)
    for (let c = 0; c < end; c++) if ((this.rows[i * this.width + c] as number) < (this.known[this.low + c] as number)) return false
    return true
  }

  private isOwn(i: number): boolean {
    const column = (this.chain[i] as number) - this.low
    return column >= 0 && column < this.width
  }
}
