/**
 * For each key, where walks back can begin that keep one of its runs from being anywhere but before another: at nodes of the first
 * writes of its runs, sorted along each chain. What is known so far is how far along each chain those come before each run; what is
 * before them in their chain comes before it too.
 */
import type { Chains } from './chains.ts'
import type { KnownGraph } from './known-graph.ts'

export class RunSources {
  readonly #graph: KnownGraph
  /** Bounds of the tracks of each key: a track is the runs whose nodes, of one kind, are in one chain. */
  readonly tracksFrom: Int32Array
  readonly chain: Int32Array
  /** Of each track: which node of the transactions. */
  readonly offset: Uint8Array
  /** Bounds of the runs of each track; the runs, and where in the chain they are. */
  readonly runsFrom: Int32Array
  readonly run: Int32Array
  readonly position: Int32Array
  /** Of each key: where its rows begin in `reached`, which has a row for each run with a number for each track: -1, or an index of `run`. */
  readonly rowsFrom: Float64Array
  readonly reached: Int32Array

  constructor(graph: KnownGraph, { chain, position }: Chains) {
    const { facts, runs, shape } = graph
    const offsets = new Set([...shape.closings.ww[0], ...shape.closings.rw.flat()].filter((_, i) => i % 2 === 0))
    const keys = runs.runsFrom.length - 1
    this.#graph = graph
    this.tracksFrom = new Int32Array(keys + 1)
    this.rowsFrom = new Float64Array(keys + 1)
    const chains: number[] = []
    const offsetsOf: number[] = []
    const from: number[] = []
    this.run = new Int32Array(runs.count * offsets.size)
    this.position = new Int32Array(runs.count * offsets.size)
    let filled = 0
    for (let key = 0; key < keys; key++) {
      const start = runs.runsFrom[key] as number
      const end = runs.runsFrom[key + 1] as number
      for (const offset of end - start > 1 ? offsets : []) {
        const nodeOf = (run: number): number => (facts.writer[runs.first[run] as number] as number) * shape.stride + offset
        const chainOf = (run: number): number => chain[nodeOf(run)] as number
        const positionOf = (run: number): number => position[nodeOf(run)] as number
        const sorted = Array.from({ length: end - start }, (_, i) => start + i)
        sorted.sort((a, b) => chainOf(a) - chainOf(b) || positionOf(a) - positionOf(b))
        let latest = -1
        for (const run of sorted) {
          if (chainOf(run) !== latest) {
            latest = chainOf(run)
            chains.push(latest)
            offsetsOf.push(offset)
            from.push(filled)
          }
          this.run[filled] = run
          this.position[filled++] = positionOf(run)
        }
      }
      this.tracksFrom[key + 1] = chains.length
      this.rowsFrom[key + 1] = (this.rowsFrom[key] as number) + (end - start) * (chains.length - (this.tracksFrom[key] as number))
    }
    this.chain = Int32Array.from(chains)
    this.offset = Uint8Array.from(offsetsOf)
    this.runsFrom = Int32Array.from([...from, filled])
    this.reached = new Int32Array(this.rowsFrom[keys] as number).fill(-1)
  }

  /** Where the numbers of a run are in `reached`. */
  rowOf(run: number): number {
    const { runs } = this.#graph
    const key = runs.keyOf[run] as number
    const tracks = (this.tracksFrom[key + 1] as number) - (this.tracksFrom[key] as number)
    return (this.rowsFrom[key] as number) + (run - (runs.runsFrom[key] as number)) * tracks
  }
}
