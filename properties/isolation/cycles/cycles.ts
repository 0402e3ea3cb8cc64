/**
 * Short cycles of a class, by breadth-first search over pairs of a node and a state of the automaton of the class. Helper nodes cost
 * nothing, and a cycle that is found has transactions only.
 */
import type { CycleStep } from '../anomaly.ts'
import { type EdgeKind, rt, so } from '../edge.ts'
import { type CycleAutomaton, classOfCycle, type KeyRule } from './cycles-class.ts'
import type { CyclicPart } from './cycles-part.ts'

export class CycleSearch {
  /** How many edges all searches have looked at. */
  spent = 0
  readonly #part: CyclicPart
  /** Of each pair of node and state: the last search that came there. */
  #visited = new Int32Array()
  /** Of pairs of which it matters: the keys of the edges by which the last search came there. */
  readonly #keysOf = new Map<number, Set<number>>()
  #searches = 0
  // What has been reached, in order of the distance: the pair, from where (-1: by the first edge), and by which edge.
  #pair = new Int32Array(1024)
  #origin = new Int32Array(1024)
  #edge = new Int32Array(1024)
  #reached = 0

  constructor(part: CyclicPart) {
    this.#part = part
  }

  /**
   * A shortest closed walk that begins with an edge and that the automaton accepts, or a part of it that is a simple cycle of the same class.
   * @param edge one of the kinds that the automaton reads first, from a transaction
   * @param component of each node; the walk stays in that of the edge
   * @returns the cycle, the edge last if it is still there; null if there is no such walk, or no such cycle in the one that was found
   */
  through(edge: number, automaton: CycleAutomaton, component: Int32Array): readonly CycleStep[] | null {
    const walk = this.#walk(edge, automaton, component)
    if (walk === null) return null
    if (automaton.isForm) return isSimple(direct(walk)) ? direct(walk) : this.#simple(edge, automaton, component)
    return simpleCycle(walk) ?? this.#simple(edge, automaton, component)
  }

  /**
   * Goes along simple paths, for a while: where no shortest walk is simple, which is rare, there is no better way. In a form, several edges of
   * session order in a row, or of real-time order, stand for one: the transactions between them may be on the path elsewhere.
   */
  #simple(first: number, { states, start, next, accepts, keys, isForm }: CycleAutomaton, component: Int32Array): CycleStep[] | null {
    const { graph, transactions } = this.#part
    const { from, to, kind, key } = graph
    const source = sourceOf(first, from)
    const limit = this.spent + pathEffortMax
    const order = isForm ? so | rt : 0
    const onPath = new Set([source])
    const path = [first]
    const pairs = [states * (to[first] as number) + start(kind[first] as number)]
    const cursors = [from[to[first] as number] as number]
    // Of each edge of the path: the transaction that it put there, by leaving it; -1 for none.
    const left = [-1]
    while (path.length > 0 && this.spent++ < limit) {
      const pair = pairs.at(-1) as number
      const node = Math.floor(pair / states)
      const edge = cursors[cursors.length - 1] as number
      const before = path.at(-1) as number
      if (edge === from[node + 1]) {
        onPath.delete(left.pop() as number)
        path.pop()
        pairs.pop()
        cursors.pop()
        continue
      }
      cursors[cursors.length - 1] = edge + 1
      const after = next[64 * (pair % states) + (kind[edge] as number)] as number
      const rule = node < transactions ? (keys[pair % states] as KeyRule) : 'any'
      if (after === -1 || !isAllowed(rule, key[edge], key[first], key[before])) continue
      const isBetween = ((kind[before] as number) & (kind[edge] as number) & order) !== 0
      const leaves = node < transactions && !isBetween ? node : -1
      if (onPath.has(leaves)) continue
      const reached = to[edge] as number
      if (reached === source && accepts[after] === 1) return this.#steps([...path, edge])
      if (component[reached] !== component[source]) continue
      if (onPath.has(reached) && ((kind[edge] as number) & order) === 0) continue
      if (leaves !== -1) onPath.add(leaves)
      path.push(edge)
      pairs.push(states * reached + after)
      cursors.push(from[reached] as number)
      left.push(leaves)
    }
    return null
  }

  #walk(first: number, { states, start, next, accepts, keys, avoidsTarget }: CycleAutomaton, component: Int32Array): CycleStep[] | null {
    const { graph, transactions } = this.#part
    const { from, to, kind, key } = graph
    const source = sourceOf(first, from)
    const target = to[first] as number
    const avoided = avoidsTarget && target < transactions ? target : -1
    if (this.#visited.length < states * graph.nodes) this.#visited = new Int32Array(states * graph.nodes)
    this.#searches++
    this.#reached = 0
    this.#keysOf.clear()
    this.#reach(states * target + start(kind[first] as number), -1, first)
    // Helper nodes go first: what they lead to is as near as if they were not there.
    const helpers: number[] = target < transactions ? [] : [0]
    let head = 0
    while (helpers.length > 0 || head < this.#reached) {
      const helper = helpers.pop()
      const at = helper ?? head++
      const pair = this.#pair[at] as number
      const node = Math.floor(pair / states)
      if (node >= transactions && helper === undefined) continue
      const state = pair % states
      const rule = node < transactions ? (keys[state] as KeyRule) : 'any'
      const end = from[node + 1] as number
      this.spent += end - (from[node] as number)
      for (let edge = from[node] as number; edge < end; edge++) {
        const after = next[64 * state + (kind[edge] as number)] as number
        if (after === -1 || !isAllowed(rule, key[edge], key[first], key[this.#edge[at] as number])) continue
        const reached = to[edge] as number
        if (reached === avoided || component[reached] !== component[source]) continue
        if (reached === source && accepts[after] === 1) return this.#steps(this.#edgesTo(at, edge))
        const isKeyed = keys[after] === 'previous' && reached < transactions
        if (!this.#reach(states * reached + after, at, edge, isKeyed)) continue
        if (reached >= transactions) helpers.push(this.#reached - 1)
      }
    }
    return null
  }

  /** @param isKeyed whether what follows depends on the key of the edge, so that one of another key leads to something new */
  #reach(pair: number, origin: number, edge: number, isKeyed = false): boolean {
    if (isKeyed ? this.#wasReachedBy(pair, this.#part.graph.key[edge] as number) : this.#visited[pair] === this.#searches) return false
    this.#visited[pair] = this.#searches
    if (this.#reached === this.#pair.length) {
      this.#pair = extended(this.#pair)
      this.#origin = extended(this.#origin)
      this.#edge = extended(this.#edge)
    }
    this.#pair[this.#reached] = pair
    this.#origin[this.#reached] = origin
    this.#edge[this.#reached] = edge
    this.#reached++
    return true
  }

  #wasReachedBy(pair: number, key: number): boolean {
    if (this.#visited[pair] !== this.#searches) this.#keysOf.set(pair, new Set())
    const keys = this.#keysOf.get(pair) as Set<number>
    if (keys.has(key)) return true
    keys.add(key)
    return false
  }

  /** The edges by which something was reached, and one more. */
  #edgesTo(reached: number, closing: number): number[] {
    const edges = [closing]
    for (let at = reached; at !== -1; at = this.#origin[at] as number) edges.push(this.#edge[at] as number)
    return edges.reverse()
  }

  /** The steps of a walk, the first of them last. */
  #steps(edges: readonly number[]): CycleStep[] {
    const { graph, transactions, original } = this.#part
    const steps: CycleStep[] = []
    for (const edge of edges) {
      const source = sourceOf(edge, graph.from)
      if (source >= transactions) continue
      steps.push({ transaction: original[source] as number, kind: graph.kind[edge] as EdgeKind, key: graph.key[edge] as number })
    }
    return [...steps.slice(1), steps[0] as CycleStep]
  }
}

/** How many edges a search along simple paths looks at. */
const pathEffortMax = 20_000

function isAllowed(rule: KeyRule, key: number | undefined, first: number | undefined, previous: number | undefined): boolean {
  switch (rule) {
    case 'any':
      return true
    case 'first':
      return key === first
    case 'other':
      return key !== first
    case 'previous':
      return key === previous
  }
}

/** The node that an edge leaves. */
export function sourceOf(edge: number, from: Int32Array): number {
  let low = 0
  let high = from.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((from[middle + 1] as number) > edge) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Cuts a closed walk at transactions that it comes to twice, and keeps the part that is of the same class, until it is simple.
 * @returns null where neither part is
 */
export function simpleCycle(walk: readonly CycleStep[]): readonly CycleStep[] | null {
  const wanted = classOfCycle(walk)
  let cycle = walk
  for (;;) {
    const [shorter, isSimple] = cut(cycle, wanted)
    if (isSimple) return cycle
    if (shorter === null) return null
    cycle = shorter
  }
}

function cut(cycle: readonly CycleStep[], wanted: string): [shorter: readonly CycleStep[] | null, isSimple: boolean] {
  const lastAt = new Map<number, number>()
  let isSimple = true
  for (const [i, { transaction }] of cycle.entries()) {
    const before = lastAt.get(transaction)
    lastAt.set(transaction, i)
    if (before === undefined) continue
    isSimple = false
    const rest = [...cycle.slice(0, before), ...cycle.slice(i)]
    if (classOfCycle(rest) === wanted) return [rest, false]
    const loop = cycle.slice(before, i)
    if (classOfCycle(loop) === wanted) return [loop, false]
  }
  return [null, isSimple]
}

/** Session order and real-time order are transitive: of several such edges in a row one remains. */
export function direct(cycle: readonly CycleStep[]): readonly CycleStep[] {
  return cycle.filter(({ kind }, i) => (kind !== so && kind !== rt) || cycle.at(i - 1)?.kind !== kind)
}

function isSimple(cycle: readonly CycleStep[]): boolean {
  return new Set(cycle.map(({ transaction }) => transaction)).size === cycle.length
}

function extended(array: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * array.length)
  longer.set(array)
  return longer
}
