/** A graph that grows: its arcs in the order in which they were added, and compressed rows of them on demand. */
import type { BareCsr } from '../cycles/csr.ts'

export class ArcList {
  length = 0
  from: Int32Array
  to: Int32Array

  constructor(capacity = 1024) {
    this.from = new Int32Array(capacity)
    this.to = new Int32Array(capacity)
  }

  add(from: number, to: number): void {
    if (this.length === this.from.length) {
      const capacity = Math.max(16, 2 * this.length)
      this.from = extended(this.from, capacity)
      this.to = extended(this.to, capacity)
    }
    const arc = this.length++
    this.from[arc] = from
    this.to[arc] = to
  }

  get bytes(): number {
    return 8 * this.from.length
  }

  /** Rows of the first `count` arcs; of the graph turned round if so told. */
  rows(nodes: number, count: number = this.length, isReversed = false): BareCsr {
    const tails = isReversed ? this.to : this.from
    const heads = isReversed ? this.from : this.to
    const from = new Int32Array(nodes + 1)
    for (let arc = 0; arc < count; arc++) (from[(tails[arc] as number) + 1] as number)++
    for (let node = 0; node < nodes; node++) from[node + 1] = (from[node] as number) + (from[node + 1] as number)
    const next = from.slice(0, nodes)
    const to = new Int32Array(count)
    for (let arc = 0; arc < count; arc++) to[(next[tails[arc] as number] as number)++] = heads[arc] as number
    return { nodes, from, to }
  }
}

function extended(array: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length)
  longer.set(array)
  return longer
}
