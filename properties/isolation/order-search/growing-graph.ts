/**
 * A graph without cycles to which arcs are added and from which the latest are taken away again. It keeps a topological order, so that
 * an arc that agrees with the order costs nothing, and any other only a search of what lies between its ends (Pearce and Kelly, A
 * dynamic topological sort algorithm for directed acyclic graphs, JEA 11, 2006). Taking arcs away leaves the order right.
 */
import type { BareCsr } from '../cycles/csr.ts'
import { GrowingInts } from './growing-ints.ts'

export class GrowingGraph {
  /** Of each node: its place in the order. */
  readonly place: Int32Array
  /** Arcs looked at so far: what the work is measured by. */
  steps = 0
  /** Nodes whose place has changed since somebody has last taken note of them and called `forgetMoves`. */
  readonly moved: GrowingInts = new GrowingInts()
  readonly #forward: BareCsr
  readonly #backward: BareCsr
  // What was added: a list of the arcs from each node, and one of those to it, the latest first.
  readonly #latestFrom: Int32Array
  readonly #latestTo: Int32Array
  readonly #tail: GrowingInts = new GrowingInts()
  readonly #head: GrowingInts = new GrowingInts()
  readonly #nextFrom: GrowingInts = new GrowingInts()
  readonly #nextTo: GrowingInts = new GrowingInts()
  readonly #label: GrowingInts = new GrowingInts()
  // Of searches.
  readonly #mark: Int32Array
  #stamp = 0
  readonly #stack: Int32Array
  readonly #distance: Int32Array
  readonly #parent: Int32Array
  readonly #parentLabel: Int32Array
  readonly #far: GrowingInts = new GrowingInts()
  readonly #isMoved: Uint8Array

  /** @param order a topological order */
  constructor(forward: BareCsr, backward: BareCsr, order: Int32Array) {
    const { nodes } = forward
    this.#forward = forward
    this.#backward = backward
    this.place = new Int32Array(nodes)
    for (let i = 0; i < nodes; i++) this.place[order[i] as number] = i
    this.#latestFrom = new Int32Array(nodes).fill(-1)
    this.#latestTo = new Int32Array(nodes).fill(-1)
    this.#mark = new Int32Array(nodes)
    this.#isMoved = new Uint8Array(nodes)
    this.#stack = new Int32Array(2 * nodes)
    this.#distance = new Int32Array(nodes)
    this.#parent = new Int32Array(nodes)
    this.#parentLabel = new Int32Array(nodes)
  }

  /** How many arcs were added. */
  get added(): number {
    return this.#tail.length
  }

  get bytes(): number {
    return 4 * (9 * this.place.length + 5 * this.#tail.at.length)
  }

  /** @returns whether it could be added: false if it would close a cycle */
  add(tail: number, head: number, label: number): boolean {
    if (tail === head || ((this.place[tail] as number) > (this.place[head] as number) && !this.#reorder(tail, head))) return false
    const arc = this.#tail.length
    this.#tail.push(tail)
    this.#head.push(head)
    this.#label.push(label)
    this.#nextFrom.push(this.#latestFrom[tail] as number)
    this.#nextTo.push(this.#latestTo[head] as number)
    this.#latestFrom[tail] = arc
    this.#latestTo[head] = arc
    return true
  }

  /** Takes all arcs away but the first `count` that were added. */
  shrinkTo(count: number): void {
    for (let arc = this.#tail.length - 1; arc >= count; arc--) {
      this.#latestFrom[this.#tail.at[arc] as number] = this.#nextFrom.at[arc] as number
      this.#latestTo[this.#head.at[arc] as number] = this.#nextTo.at[arc] as number
    }
    for (const column of [this.#tail, this.#head, this.#label, this.#nextFrom, this.#nextTo]) column.length = count
  }

  forgetMoves(): void {
    for (let i = 0; i < this.moved.length; i++) this.#isMoved[this.moved.at[i] as number] = 0
    this.moved.length = 0
  }

  /** Whether there is a walk, of no arc or more: a search from both ends, which is over as soon as either comes to its end. */
  reaches(from: number, to: number): boolean {
    const { place } = this
    if (from === to) return true
    const start = place[from] as number
    const end = place[to] as number
    if (start > end) return false
    // The stack from below is what is to be looked at forwards, that from above what is to be looked at backwards.
    const stack = this.#stack
    const mark = this.#mark
    this.#stamp += 2
    const ahead = this.#stamp - 1
    const behind = this.#stamp
    let low = 0
    let high = stack.length
    stack[low++] = from
    mark[from] = ahead
    stack[--high] = to
    mark[to] = behind
    while (low > 0 && high < stack.length) {
      const node = stack[--low] as number
      for (let arc = this.#forward.from[node] as number; arc < (this.#forward.from[node + 1] as number); arc++) {
        this.steps++
        const next = this.#forward.to[arc] as number
        if (mark[next] === behind) return true
        if (mark[next] === ahead || (place[next] as number) > end) continue
        mark[next] = ahead
        stack[low++] = next
      }
      for (let arc = this.#latestFrom[node] as number; arc !== -1; arc = this.#nextFrom.at[arc] as number) {
        this.steps++
        const next = this.#head.at[arc] as number
        if (mark[next] === behind) return true
        if (mark[next] === ahead || (place[next] as number) > end) continue
        mark[next] = ahead
        stack[low++] = next
      }
      const last = stack[high++] as number
      for (let arc = this.#backward.from[last] as number; arc < (this.#backward.from[last + 1] as number); arc++) {
        this.steps++
        const previous = this.#backward.to[arc] as number
        if (mark[previous] === ahead) return true
        if (mark[previous] === behind || (place[previous] as number) < start) continue
        mark[previous] = behind
        stack[--high] = previous
      }
      for (let arc = this.#latestTo[last] as number; arc !== -1; arc = this.#nextTo.at[arc] as number) {
        this.steps++
        const previous = this.#tail.at[arc] as number
        if (mark[previous] === ahead) return true
        if (mark[previous] === behind || (place[previous] as number) < start) continue
        mark[previous] = behind
        stack[--high] = previous
      }
    }
    return false
  }

  /**
   * The labels on a walk that has as few arcs with costly labels as possible; there must be one.
   * @param cost of a label: 0 or 1; arcs that were there from the beginning are free
   */
  labelsOfWalk(from: number, to: number, cost: (label: number) => 0 | 1): number[] {
    const stack = this.#stack
    const mark = this.#mark
    const end = this.place[to] as number
    const stamp = ++this.#stamp
    let depth = 0
    const reach = (node: number, distance: number, parent: number, label: number): boolean => {
      if ((this.place[node] as number) > end) return false
      if (mark[node] === stamp && (this.#distance[node] as number) <= distance) return false
      mark[node] = stamp
      this.#distance[node] = distance
      this.#parent[node] = parent
      this.#parentLabel[node] = label
      return true
    }
    reach(from, 0, -1, -1)
    let near: number[] = [from]
    for (let distance = 0; near.length > 0; distance++) {
      const far: number[] = []
      depth = 0
      for (const node of near) {
        if (this.#distance[node] !== distance) continue
        stack[depth++] = node
        while (depth > 0) {
          const at = stack[--depth] as number
          if (at === to) return this.#labelsTo(to)
          for (let arc = this.#forward.from[at] as number; arc < (this.#forward.from[at + 1] as number); arc++) {
            const next = this.#forward.to[arc] as number
            if (reach(next, distance, at, -1)) stack[depth++] = next
          }
          for (let arc = this.#latestFrom[at] as number; arc !== -1; arc = this.#nextFrom.at[arc] as number) {
            const next = this.#head.at[arc] as number
            const label = this.#label.at[arc] as number
            if (cost(label) === 0) {
              if (reach(next, distance, at, label)) stack[depth++] = next
            } else if (reach(next, distance + 1, at, label)) far.push(next)
          }
        }
      }
      near = far
    }
    throw new Error('invariant violated: labelsOfWalk is asked only where there is a walk')
  }

  #labelsTo(node: number): number[] {
    const labels: number[] = []
    for (let at = node; this.#parent[at] !== -1; at = this.#parent[at] as number) {
      const label = this.#parentLabel[at] as number
      if (label !== -1) labels.push(label)
    }
    return labels
  }

  /** Makes room for an arc from `tail` to `head`, which comes before it in the order; false if `head` reaches `tail`. */
  #reorder(tail: number, head: number): boolean {
    const { place } = this
    const start = place[head] as number
    if (this.#collect(head, place[tail] as number, tail) === -1) return false
    const after = this.#far.at.slice(0, this.#far.length)
    this.#collectBack(tail, start)
    const before = this.#far.at.slice(0, this.#far.length)
    const byPlace = (a: number, b: number): number => (place[a] as number) - (place[b] as number)
    before.sort(byPlace)
    after.sort(byPlace)
    const places = new Int32Array(before.length + after.length)
    for (let i = 0; i < before.length; i++) places[i] = place[before[i] as number] as number
    for (let i = 0; i < after.length; i++) places[before.length + i] = place[after[i] as number] as number
    places.sort()
    for (let i = 0; i < before.length; i++) this.#move(before[i] as number, places[i] as number)
    for (let i = 0; i < after.length; i++) this.#move(after[i] as number, places[before.length + i] as number)
    return true
  }

  #move(node: number, place: number): void {
    this.place[node] = place
    if (this.#isMoved[node] === 1) return
    this.#isMoved[node] = 1
    this.moved.push(node)
  }

  /** Collects what `from` reaches up to a place in the order; -1 once that is `target`. */
  #collect(from: number, end: number, target: number): number {
    const { place } = this
    const stack = this.#stack
    const mark = this.#mark
    const stamp = ++this.#stamp
    this.#far.length = 0
    let depth = 0
    stack[depth++] = from
    mark[from] = stamp
    while (depth > 0) {
      const node = stack[--depth] as number
      this.#far.push(node)
      for (let arc = this.#forward.from[node] as number; arc < (this.#forward.from[node + 1] as number); arc++) {
        this.steps++
        const next = this.#forward.to[arc] as number
        if (next === target) return -1
        if (mark[next] === stamp || (place[next] as number) > end) continue
        mark[next] = stamp
        stack[depth++] = next
      }
      for (let arc = this.#latestFrom[node] as number; arc !== -1; arc = this.#nextFrom.at[arc] as number) {
        this.steps++
        const next = this.#head.at[arc] as number
        if (next === target) return -1
        if (mark[next] === stamp || (place[next] as number) > end) continue
        mark[next] = stamp
        stack[depth++] = next
      }
    }
    return this.#far.length
  }

  /** Collects what reaches `to`, back to a place in the order. */
  #collectBack(to: number, start: number): void {
    const { place } = this
    const stack = this.#stack
    const mark = this.#mark
    const stamp = ++this.#stamp
    this.#far.length = 0
    let depth = 0
    stack[depth++] = to
    mark[to] = stamp
    while (depth > 0) {
      const node = stack[--depth] as number
      this.#far.push(node)
      for (let arc = this.#backward.from[node] as number; arc < (this.#backward.from[node + 1] as number); arc++) {
        this.steps++
        const next = this.#backward.to[arc] as number
        if (mark[next] === stamp || (place[next] as number) < start) continue
        mark[next] = stamp
        stack[depth++] = next
      }
      for (let arc = this.#latestTo[node] as number; arc !== -1; arc = this.#nextTo.at[arc] as number) {
        this.steps++
        const next = this.#tail.at[arc] as number
        if (mark[next] === stamp || (place[next] as number) < start) continue
        mark[next] = stamp
        stack[depth++] = next
      }
    }
  }
}
