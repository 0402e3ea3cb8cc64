/**
 * A level's graph of a few transactions, for proofs: every dependency by itself, with the order of writes that it follows from, and which
 * orders would close a forbidden cycle. It looks for short cycles and takes its time.
 */
import type { Budget } from '../../budget.ts'
import { rw, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import type { LevelOrder } from '../level.ts'
import type { ByReadOnly, LevelShape, NodePairs } from './level-shape.ts'
import type { CycleProof } from './proof.ts'
import { edgesOfOrder, knownEdges, type ProofEdge, readersOf, type SlotOrder } from './proof-edges.ts'
import { topologicalOrder } from './topological.ts'

/** An order that has been found out, and the forbidden cycle if it were the other way round. */
interface Forced {
  readonly order: SlotOrder
  readonly otherwise: readonly ProofEdge[]
}

interface Arc {
  readonly to: number
  /** null: between the nodes of a transaction. */
  readonly edge: ProofEdge | null
}

interface Context {
  readonly facts: Facts
  readonly shape: LevelShape
  readonly readsOnly: readonly boolean[]
  readonly readers: readonly (readonly number[])[]
  readonly budget: Budget
}

export class ProofState {
  /** Pairs of slots of which either may come first, once each. */
  open: readonly SlotOrder[]
  readonly #context: Context
  #forced: readonly Forced[]
  #arcs: readonly (readonly Arc[])[]
  /** Of each node: bits for the nodes that it reaches by an arc or more; null where that is to be worked out again. */
  #reached: Int32Array | null = null

  private constructor(context: Context, open: readonly SlotOrder[], forced: readonly Forced[], arcs: readonly (readonly Arc[])[]) {
    this.#context = context
    this.open = open
    this.#forced = forced
    this.#arcs = arcs
  }

  /** All that it does ends with LimitReached where the budget is used up. */
  static of(facts: Facts, shape: LevelShape, order: LevelOrder, budget: Budget): ProofState {
    const writes = new Set(facts.writer)
    const readsOnly = Array.from({ length: facts.table.count }, (_, t) => shape.distinguishesReadOnly && !writes.has(t))
    const arcs = Array.from({ length: facts.table.count * shape.stride }, (_, node) => {
      const at = node % shape.stride
      return shape.inner.flatMap((offset, i): Arc[] =>
        i % 2 === 0 && offset === at ? [{ to: node - at + (shape.inner[i + 1] as number), edge: null }] : [],
      )
    })
    const readers = readersOf(facts)
    const { edges, open } = knownEdges(facts, readers, order)
    const state = new ProofState({ facts, shape, readsOnly, readers, budget }, open, [], arcs)
    state.#add(edges)
    return state
  }

  copy(): ProofState {
    return new ProofState(this.#context, this.open, this.#forced, this.#arcs)
  }

  /** Takes an order for granted. */
  assume(order: SlotOrder): void {
    const { facts, readers } = this.#context
    this.open = this.open.filter((pair) => !isOfSamePair(pair, order))
    this.#add(edgesOfOrder(facts, readers, order))
  }

  /** Adds an order of which the other way round is refused. */
  force(order: SlotOrder, otherwise: readonly ProofEdge[]): void {
    this.assume(order)
    this.#forced = [...this.#forced, { order, otherwise }]
  }

  /** A cycle of edges that the level forbids, a short one; null: there is none. */
  forbiddenCycle(): readonly ProofEdge[] | null {
    const { shape } = this.#context
    const reached = this.#closure()
    let shortest: readonly ProofEdge[] | null = null
    for (let node = 0; node < this.#arcs.length; node++) {
      const ends = shape.hasLayers && node % shape.stride === 0 ? [node, node + 1] : [node]
      for (const end of ends) {
        if (reached !== null && !this.#reaches(reached, node, end)) continue
        const walk = this.#walk(node, end, shortest?.length ?? Number.POSITIVE_INFINITY)
        if (walk !== null && (shortest === null || walk.length < shortest.length)) shortest = walk
      }
    }
    return shortest
  }

  /** A forbidden cycle that an order would close, a short one; null: it would not. There is none without it. */
  refusal(order: SlotOrder): readonly ProofEdge[] | null {
    const { facts, readers, shape } = this.#context
    const reached = this.#closure()
    if (reached === null) return null
    let shortest: readonly ProofEdge[] | null = null
    for (const edge of edgesOfOrder(facts, readers, order)) {
      const closings = this.#pairsOf(edge, shape.closings)
      for (let i = 0; i < closings.length; i += 2) {
        const from = edge.to * shape.stride + (closings[i] as number)
        const to = edge.from * shape.stride + (closings[i + 1] as number)
        if (!this.#reaches(reached, from, to)) continue
        const walk = this.#walk(from, to, (shortest?.length ?? Number.POSITIVE_INFINITY) - 1)
        if (walk !== null) shortest = [edge, ...walk]
      }
    }
    return shortest
  }

  /** The proof by a forbidden cycle, with those of the orders found out that it rests on. */
  proof(cycle: readonly ProofEdge[]): CycleProof {
    const { facts } = this.#context
    const needed = new Set(cycle.map(({ order }) => order))
    const orders = this.#forced.toReversed().filter(({ order, otherwise }) => {
      if (!needed.has(order)) return false
      for (const edge of otherwise) needed.add(edge.order)
      return true
    })
    return {
      kind: 'cycle',
      cycle: cycle.map(asStep),
      orders: orders.toReversed().map(({ order, otherwise }) => ({
        key: order.key,
        first: facts.writer[order.first] as number,
        second: facts.writer[order.second] as number,
        otherwise: otherwise.map(asStep),
      })),
    }
  }

  #add(edges: readonly ProofEdge[]): void {
    const { stride } = this.#context.shape
    const added = new Map<number, Arc[]>()
    for (const edge of edges) {
      const pairs = this.#pairsOf(edge, this.#context.shape)
      for (let i = 0; i < pairs.length; i += 2) {
        const from = edge.from * stride + (pairs[i] as number)
        const arc = { to: edge.to * stride + (pairs[i + 1] as number), edge }
        const others = added.get(from)
        if (others === undefined) added.set(from, [arc])
        else others.push(arc)
      }
    }
    this.#arcs = this.#arcs.map((arcs, node) => (added.has(node) ? [...arcs, ...(added.get(node) as Arc[])] : arcs))
    this.#reached = null
  }

  #pairsOf(edge: ProofEdge, of: { readonly ww: ByReadOnly; readonly rw: ByReadOnly; readonly dep?: ByReadOnly }): NodePairs {
    const { readsOnly } = this.#context
    const kinds = edge.kind === ww ? of.ww : edge.kind === rw ? of.rw : of.dep
    return kinds?.[2 * Number(readsOnly[edge.from]) + Number(readsOnly[edge.to])] ?? []
  }

  #reaches(reached: Int32Array, from: number, to: number): boolean {
    const words = (this.#arcs.length + 31) >> 5
    return (((reached[from * words + (to >> 5)] as number) >> (to & 31)) & 1) === 1
  }

  /** null: there are cycles. */
  #closure(): Int32Array | null {
    if (this.#reached !== null) return this.#reached
    const nodes = this.#arcs.length
    const from = new Int32Array(nodes + 1)
    for (const [node, arcs] of this.#arcs.entries()) from[node + 1] = (from[node] as number) + arcs.length
    const order = topologicalOrder({ nodes, from, to: Int32Array.from(this.#arcs.flatMap((arcs) => arcs.map(({ to }) => to))) })
    if (order === null) return null
    const words = (nodes + 31) >> 5
    this.#context.budget.spend(words * (from[nodes] as number))
    const reached = new Int32Array(nodes * words)
    for (const node of order.toReversed()) {
      for (const { to } of this.#arcs[node] as readonly Arc[]) {
        for (let w = 0; w < words; w++)
          reached[node * words + w] = (reached[node * words + w] as number) | (reached[to * words + w] as number)
        const at = node * words + (to >> 5)
        reached[at] = (reached[at] as number) | (1 << (to & 31))
      }
    }
    this.#reached = reached
    return reached
  }

  /** The edges of a shortest walk, of an arc or more, that has fewer than so many; null: there is none. */
  #walk(from: number, to: number, below: number): readonly ProofEdge[] | null {
    const parent = new Map<number, { readonly node: number; readonly edge: ProofEdge | null; readonly length: number }>()
    // Arcs within a transaction are no edges: what they reach comes first.
    let near = [from]
    for (let length = 0; near.length > 0 && length < below; length++) {
      const far: number[] = []
      for (let node = near.pop(); node !== undefined; node = near.pop()) {
        this.#context.budget.spend(8 * (this.#arcs[node] as readonly Arc[]).length)
        for (const { to: next, edge } of this.#arcs[node] as readonly Arc[]) {
          const known = parent.get(next)
          const reached = edge === null ? length : length + 1
          if (known !== undefined && known.length <= reached) continue
          parent.set(next, { node, edge, length: reached })
          if (edge === null) near.push(next)
          else far.push(next)
        }
      }
      near = far.filter((node) => parent.get(node)?.length === length + 1)
      if ((parent.get(to)?.length ?? below) <= length + 1) break
    }
    const found = parent.get(to)
    if (found === undefined || found.length >= below) return null
    const edges: ProofEdge[] = []
    for (let at = found; ; at = parent.get(at.node) as typeof found) {
      if (at.edge !== null) edges.push(at.edge)
      if (at.node === from) return edges.toReversed()
    }
  }
}

function isOfSamePair(a: SlotOrder, b: SlotOrder): boolean {
  return (a.first === b.first && a.second === b.second) || (a.first === b.second && a.second === b.first)
}

function asStep({ from, kind, key }: ProofEdge): CycleProof['cycle'][number] {
  return { transaction: from, kind, key }
}
