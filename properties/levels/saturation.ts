/**
 * Saturation of a register history: from program order and from who read from whom, the orders of writes that they force,
 * until nothing more follows or the orders contradict each other. The levels differ in whose reads count and in what follows
 * from them (Bouajjani, Enea, Guerraoui & Hamza, On verifying causal consistency, POPL 2017; for the antidependencies of
 * sequential consistency: Biswas & Enea, On the complexity of checking transactional consistency, OOPSLA 2019).
 *
 * Every order contains program order, so what precedes an operation is a prefix of each chain: a vector clock (clocks.ts).
 */
import { Clocks } from './clocks.ts'
import { fromInitial, type RegisterHistory } from './register-history.ts'

export interface Rules {
  /** Whether an operation comes after the write that it read. */
  readonly follows: (operation: number) => boolean
  /** Whether a read forces writes of its key that precede it to precede the write that it read. */
  readonly forces: (operation: number) => boolean
  /** Whether a read precedes the writes that come after the write that it read. */
  readonly antidependencies: boolean
  /** `once`: forced orders force nothing more. `direct`: neither do they combine with each other. */
  readonly depth: 'direct' | 'once' | 'fixpoint'
  /** Chains whose clocks are held at once; by default as many as the processes of most histories. */
  readonly blockWidth?: number
}

/** Why one operation precedes another. */
export interface Edge {
  readonly from: number
  readonly to: number
  /** Program order; a read after its write; a write before the write that a later read returned; a read before an overwriting write. */
  readonly kind: 'program' | 'read' | 'overwritten' | 'antidependency'
  /** The read that forces it. */
  readonly because: number
}

/** Why no order exists: a cycle, or a path from a write to a read of the initial value. */
export interface Contradiction {
  readonly kind: 'cycle' | 'initial'
  readonly path: readonly Edge[]
  /** The operations on the path, and those that force its edges. */
  readonly involved: readonly number[]
}

export interface Saturation {
  readonly contradiction: Contradiction | null
  /** Edges that were forced, beside program order and reads. */
  readonly forced: readonly Edge[]
  /** An order of the operations that all edges respect; empty with a contradiction. */
  readonly order: readonly number[]
  /** The deadline came first. */
  readonly interrupted: boolean
}

const usualBlockWidth = 128

export function saturate(history: RegisterHistory, rules: Rules, deadline: number = Number.POSITIVE_INFINITY): Saturation {
  const graph = new Graph(history, rules)
  if (rules.antidependencies) graph.orderInitialReads()
  for (;;) {
    const order = graph.topologicalOrder()
    if (order === null) return { contradiction: graph.cycle(), forced: graph.forced, order: [], interrupted: false }
    const known = graph.forced.length
    if (rules.depth !== 'fixpoint' && graph.rounds > 0) return { contradiction: null, forced: graph.forced, order, interrupted: false }
    const contradiction = graph.force(order, deadline)
    if (contradiction !== null) return { contradiction, forced: graph.forced, order: [], interrupted: false }
    if (performance.now() > deadline) return { contradiction: null, forced: graph.forced, order, interrupted: true }
    if (graph.forced.length === known || rules.depth === 'direct')
      return { contradiction: null, forced: graph.forced, order, interrupted: false }
  }
}

/** The operations in an order that keeps program order and puts reads after their writes, or the cycle for which there is none. */
export function causalOrder(history: RegisterHistory): Pick<Saturation, 'order' | 'contradiction'> {
  const graph = new Graph(history, readsFollow)
  const order = graph.topologicalOrder()
  return order === null ? { order: [], contradiction: graph.cycle() } : { order, contradiction: null }
}

/** A shortest path of program order and reads. */
export function causalPath(history: RegisterHistory, from: number, to: number): readonly Edge[] {
  return new Graph(history, readsFollow).path(from, to, 0) ?? []
}

const readsFollow: Rules = { follows: () => true, forces: () => false, antidependencies: false, depth: 'direct' }

/** The writes of one key in one chain, in program order. */
interface ChainWrites {
  readonly chain: number
  readonly operations: number[]
}

class Graph {
  readonly forced: Edge[] = []
  rounds = 0
  private readonly history: RegisterHistory
  private readonly rules: Rules
  private readonly size: number
  /** By key, then by chain. */
  private readonly writesOf: ChainWrites[][]
  /** The last reader of each write in each chain that may force something. */
  private readonly lastReaders: Map<number, number[]>
  private readonly base: { readonly first: Int32Array; readonly to: Int32Array }
  private readonly forcedFirst: Int32Array
  private readonly forcedNext: number[] = []
  private readonly known = new Set<number>()

  constructor(history: RegisterHistory, rules: Rules) {
    this.history = history
    this.rules = rules
    this.size = history.operations.length
    this.writesOf = chainWrites(history)
    this.lastReaders = rules.antidependencies ? lastReaders(history) : new Map()
    this.base = baseEdges(history, rules)
    this.forcedFirst = new Int32Array(this.size).fill(-1)
  }

  /** A read of the initial value comes before all writes of its key. */
  orderInitialReads(): void {
    const { key } = this.history
    for (const read of this.lastReaders.get(fromInitial) ?? [])
      for (const { operations } of this.writesOf[key[read] as number] as ChainWrites[]) {
        const first = operations.find((write) => write !== read)
        if (first !== undefined) this.add({ from: read, to: first, kind: 'antidependency', because: read })
      }
  }

  /** Kahn's algorithm; `null` where there is a cycle. */
  topologicalOrder(): readonly number[] | null {
    const incoming = this.incoming()
    const order: number[] = []
    for (let i = 0; i < this.size; i++) if (incoming[i] === 0) order.push(i)
    for (let done = 0; done < order.length; done++)
      this.eachSuccessor(order[done] as number, (to) => {
        incoming[to] = (incoming[to] as number) - 1
        if (incoming[to] === 0) order.push(to)
      })
    return order.length === this.size ? order : null
  }

  /** Adds the edges that follow from the present order. */
  force(order: readonly number[], deadline: number): Contradiction | null {
    this.rounds++
    const chains = this.history.chains.length
    const width = this.rules.depth === 'direct' ? chains : Math.max(1, Math.min(chains, this.rules.blockWidth ?? usualBlockWidth))
    const clocks = new Clocks(this.history, width, this.knownLengths())
    for (let low = 0; low < chains; low += width) {
      clocks.fill(low, order, (i, visit) => this.eachSuccessor(i, visit))
      const contradiction = this.forceBlock(clocks, low, width)
      if (contradiction !== null || performance.now() > deadline) return contradiction
    }
    return null
  }

  /** How much of each chain operations outside of it can know: up to the last that has a successor there. */
  private knownLengths(): Int32Array {
    const { chain, position, chains } = this.history
    const lengths = new Int32Array(chains.length)
    for (let i = 0; i < this.size; i++)
      this.eachSuccessor(i, (to) => {
        const own = chain[i] as number
        if (chain[to] !== own) lengths[own] = Math.max(lengths[own] as number, (position[i] as number) + 1)
      })
    return lengths
  }

  /** The shortest cycle that some searches find. */
  cycle(): Contradiction {
    const inside = this.cyclicPart()
    let best: Edge[] | null = null
    const starts =
      inside.length <= 40 ? inside : Array.from({ length: 40 }, (_, i) => inside[Math.floor((i * inside.length) / 40)] as number)
    const allowed = new Set(inside)
    for (const start of starts) {
      const path = this.path(start, start, Number.POSITIVE_INFINITY, allowed)
      if (path !== null && (best === null || path.length < best.length)) best = path
    }
    return this.contradiction('cycle', best ?? [])
  }

  private forceBlock(clocks: Clocks, low: number, width: number): Contradiction | null {
    const { key, source, writes, chain, position } = this.history
    const isInBlock = (i: number): boolean => (chain[i] as number) >= low && (chain[i] as number) < low + width
    const precedes = (a: number, b: number): boolean => a !== b && clocks.count(b, chain[a] as number) > (position[a] as number)
    for (let i = 0; i < this.size; i++) {
      const from = source[i] as number
      const forces = from >= fromInitial && this.rules.forces(i)
      const overwrites = this.rules.antidependencies && writes[i] === 1
      if ((!forces && !overwrites) || clocks.isEmpty(i)) continue
      const groups = this.writesOf[key[i] as number] as ChainWrites[]
      for (let g = firstFrom(groups, low); g < groups.length && (groups[g] as ChainWrites).chain < low + width; g++) {
        const group = groups[g] as ChainWrites
        const limit = group.chain === chain[i] ? (position[i] as number) : clocks.count(i, group.chain)
        const write = lastBefore(group.operations, position, limit)
        if (write === undefined) continue
        if (forces && write !== from) {
          if (from === fromInitial) return this.contradiction('initial', this.path(write, i, Number.POSITIVE_INFINITY) ?? [])
          const edge: Edge = { from: write, to: from, kind: 'overwritten', because: i }
          if (this.rules.depth !== 'direct') {
            if (!precedes(write, from)) this.add(edge)
          } else if (precedes(from, write)) return this.contradiction('cycle', [edge, ...(this.path(from, write, 0) ?? [])])
        }
        if (!overwrites) continue
        for (const read of this.lastReaders.get(write) ?? [])
          if (read !== i && !(isInBlock(read) && precedes(read, i))) this.add({ from: read, to: i, kind: 'antidependency', because: read })
      }
    }
    return null
  }

  private add(edge: Edge): void {
    const name = edge.from * this.size + edge.to
    if (this.known.has(name)) return
    this.known.add(name)
    this.forcedNext.push(this.forcedFirst[edge.from] as number)
    this.forcedFirst[edge.from] = this.forced.push(edge) - 1
  }

  private eachSuccessor(i: number, visit: (to: number) => void): void {
    const { first, to } = this.base
    const end = first[i + 1] as number
    for (let e = first[i] as number; e < end; e++) visit(to[e] as number)
    for (let e = this.forcedFirst[i] as number; e >= 0; e = this.forcedNext[e] as number) visit((this.forced[e] as Edge).to)
  }

  private incoming(): Int32Array {
    const incoming = new Int32Array(this.size)
    for (let i = 0; i < this.size; i++)
      this.eachSuccessor(i, (to) => {
        incoming[to] = (incoming[to] as number) + 1
      })
    return incoming
  }

  /** The operations that are on cycles or between them. */
  private cyclicPart(): number[] {
    const incoming = this.incoming()
    const outgoing = new Int32Array(this.size)
    const sources: number[][] = Array.from({ length: this.size }, () => [])
    for (let i = 0; i < this.size; i++)
      this.eachSuccessor(i, (to) => {
        outgoing[i] = (outgoing[i] as number) + 1
        sources[to]?.push(i)
      })
    const gone = new Uint8Array(this.size)
    const peel = (degree: Int32Array, neighbours: (i: number, visit: (j: number) => void) => void): void => {
      const pending: number[] = []
      for (let i = 0; i < this.size; i++) if (degree[i] === 0 && gone[i] === 0) pending.push(i)
      for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
        if (gone[i] === 1) continue
        gone[i] = 1
        neighbours(i, (j) => {
          degree[j] = (degree[j] as number) - 1
          if (degree[j] === 0) pending.push(j)
        })
      }
    }
    peel(incoming, (i, visit) => this.eachSuccessor(i, visit))
    peel(outgoing, (i, visit) => sources[i]?.forEach(visit))
    return Array.from(gone.keys()).filter((i) => gone[i] === 0)
  }

  /** A shortest path, from an operation to itself around a cycle, that uses the first `edges` forced edges only. */
  path(from: number, to: number, edges: number, allowed?: ReadonlySet<number>): Edge[] | null {
    const { first, to: targets } = this.base
    const reachedBy = new Map<number, Edge>()
    const pending = [from]
    const visit = (edge: Edge): void => {
      if (reachedBy.has(edge.to) || allowed?.has(edge.to) === false) return
      reachedBy.set(edge.to, edge)
      pending.push(edge.to)
    }
    for (let done = 0; done < pending.length && !reachedBy.has(to); done++) {
      const i = pending[done] as number
      for (let e = first[i] as number; e < (first[i + 1] as number); e++) {
        const next = targets[e] as number
        const kind = this.history.before[next] === i ? 'program' : 'read'
        visit({ from: i, to: next, kind, because: next })
      }
      for (let e = this.forcedFirst[i] as number; e >= 0; e = this.forcedNext[e] as number) if (e < edges) visit(this.forced[e] as Edge)
    }
    if (!reachedBy.has(to)) return null
    const path: Edge[] = []
    for (let at = to; path.length === 0 || at !== from; at = (path[0] as Edge).from) path.unshift(reachedBy.get(at) as Edge)
    return path
  }

  private contradiction(kind: Contradiction['kind'], path: readonly Edge[]): Contradiction {
    const involved = new Set<number>()
    const pending = [...path]
    const explained = new Set<Edge>()
    for (let edge = pending.pop(); edge !== undefined; edge = pending.pop()) {
      if (explained.has(edge)) continue
      explained.add(edge)
      involved.add(edge.from).add(edge.to)
      if (edge.kind !== 'overwritten' && edge.kind !== 'antidependency') continue
      involved.add(edge.because)
      // Only what was known before the edge can have forced it.
      const earlier = this.forced.indexOf(edge)
      const [start, end] = edge.kind === 'overwritten' ? [edge.from, edge.because] : [this.history.source[edge.because] as number, edge.to]
      if (start >= 0) pending.push(...(this.path(start, end, earlier < 0 ? Number.POSITIVE_INFINITY : earlier) ?? []))
    }
    return { kind, path, involved: [...involved].sort((a, b) => a - b) }
  }
}

function baseEdges(history: RegisterHistory, rules: Rules): { first: Int32Array; to: Int32Array } {
  const { before, source } = history
  const size = before.length
  const first = new Int32Array(size + 2)
  const each = (visit: (from: number, to: number) => void): void => {
    for (let i = 0; i < size; i++) {
      if ((before[i] as number) >= 0) visit(before[i] as number, i)
      if ((source[i] as number) >= 0 && source[i] !== before[i] && rules.follows(i)) visit(source[i] as number, i)
    }
  }
  each((from) => {
    first[from + 2] = (first[from + 2] as number) + 1
  })
  for (let i = 2; i < size + 2; i++) first[i] = (first[i] as number) + (first[i - 1] as number)
  const to = new Int32Array(first[size + 1] as number)
  each((from, target) => {
    const at = first[from + 1] as number
    to[at] = target
    first[from + 1] = at + 1
  })
  return { first: first.subarray(0, size + 1), to }
}

function chainWrites({ key, keys, writes, chain }: RegisterHistory): ChainWrites[][] {
  const groups: Map<number, ChainWrites>[] = Array.from({ length: keys }, () => new Map())
  for (let i = 0; i < key.length; i++) {
    if (writes[i] === 0) continue
    const byChain = groups[key[i] as number] as Map<number, ChainWrites>
    const group = byChain.get(chain[i] as number)
    if (group === undefined) byChain.set(chain[i] as number, { chain: chain[i] as number, operations: [i] })
    else group.operations.push(i)
  }
  return groups.map((byChain) => [...byChain.values()].sort((a, b) => a.chain - b.chain))
}

function lastReaders({ source, chain, key }: RegisterHistory): Map<number, number[]> {
  const readers = new Map<number, number[]>()
  const seen = new Set<string>()
  for (let i = source.length - 1; i >= 0; i--) {
    const from = source[i] as number
    const name = `${from} ${from < 0 ? key[i] : ''} ${chain[i]}`
    if (from < fromInitial || seen.has(name)) continue
    seen.add(name)
    const known = readers.get(from)
    if (known === undefined) readers.set(from, [i])
    else known.push(i)
  }
  return readers
}

/** The first group of a chain with at least this number. */
function firstFrom(groups: readonly ChainWrites[], chain: number): number {
  let [low, high] = [0, groups.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((groups[middle] as ChainWrites).chain < chain) low = middle + 1
    else high = middle
  }
  return low
}

/** The last operation whose position in its chain is below the limit. */
function lastBefore(operations: readonly number[], position: Int32Array, limit: number): number | undefined {
  let [low, high] = [0, operations.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((position[operations[middle] as number] as number) < limit) low = middle + 1
    else high = middle
  }
  return operations[low - 1]
}
