/**
 * Classes of cycles. Each cycle of dependencies is of exactly one: by how many anti-dependencies it has and whether two of them
 * come one after another, whether it has a read, and whether it has real-time edges or, failing those, session edges (Adya 1999; Elle, VLDB 2020).
 * A class is also an automaton that reads the kinds of the edges of a cycle, from one that the class cannot do without.
 */
import type { CycleName, CycleStep, CycleVariant } from '../anomaly.ts'
import { rt, rw, so, wr, ww } from '../edge.ts'
import { through } from './cycles-part.ts'

export type CycleClassName = `${CycleName}${CycleVariant}`

/** The class of a cycle: `G-single` of wr rw, `G2-item-realtime` of rw rw rt. */
export function classOfCycle(cycle: readonly CycleStep[]): CycleClassName {
  let kinds = 0
  let antiDependencies = 0
  let adjacent = false
  for (const [i, { kind }] of cycle.entries()) {
    kinds |= kind
    if (kind !== rw) continue
    antiDependencies++
    if (cycle.at(i - 1)?.kind === rw) adjacent = true
  }
  const variant: CycleVariant = kinds & rt ? '-realtime' : kinds & so ? '-session' : ''
  if (antiDependencies === 0) return `${kinds & wr ? 'G1c' : 'G0'}${variant}`
  if (antiDependencies === 1) return `G-single${variant}`
  return `${adjacent ? 'G2-item' : 'G-nonadjacent'}${variant}`
}

/** That of the first edge, another one than that, or that of the edge before. */
export type KeyRule = 'any' | 'first' | 'other' | 'previous'

export interface CycleAutomaton {
  /** The kinds of the edge that it reads first. */
  readonly first: number
  /** The state after that. */
  start(kind: number): number
  readonly states: number
  /** `next[64 * state + kind]`: the state after an edge of that kind; -1 if there must be none. */
  readonly next: Int8Array
  /** Of each state: whether the cycle may close in it. */
  readonly accepts: Uint8Array
  /** Of each state: what the key of the next edge has to be. */
  readonly keys: readonly KeyRule[]
  /** No cycle of interest comes back to the target of the first edge. */
  readonly avoidsTarget: boolean
  /** Whether a part of a cycle of interest is none, though it may be of the same class. */
  readonly isForm: boolean
}

/**
 * How many anti-dependencies there are: none; one, which is read first; at least two, of which the one that is read first and the next one
 * are adjacent, or none are; or at least the one that is read first.
 */
export type AntiDependencies = 'none' | 'one' | 'adjacent' | 'nonadjacent' | 'some'

/**
 * @param allowed kinds of edges besides rw
 * @param required kinds of which there must be an edge each, at most two kinds
 * @param first kinds of the edge to be read first, where there are no anti-dependencies
 */
export function cycleAutomaton(policy: AntiDependencies, allowed: number, required: readonly number[], first: number = rw): CycleAutomaton {
  const seenStates = 1 << required.length
  const full = seenStates - 1
  const seen = (kind: number): number => required.reduce((bits, one, i) => (one === kind ? bits | (1 << i) : bits), 0)
  // How far the anti-dependencies are: 0 after the first one; nonadjacent: 1 after something else, 2 and 3 likewise after two of them.
  const phases = policy === 'nonadjacent' ? 4 : policy === 'adjacent' ? 2 : 1
  const phaseAfter = (phase: number, isRw: boolean): number => {
    if (policy === 'none' || policy === 'one') return isRw ? -1 : 0
    if (policy === 'some') return 0
    if (policy === 'adjacent') return phase === 1 || isRw ? 1 : -1
    return isRw ? (phase % 2 === 0 ? -1 : 2) : phase | 1
  }
  const states = phases * seenStates
  const next = new Int8Array(64 * states).fill(-1)
  const accepts = new Uint8Array(states)
  for (let state = 0; state < states; state++) {
    const phase = Math.floor(state / seenStates)
    const bits = state % seenStates
    for (const kind of [ww, wr, rw, so, rt]) {
      if (kind !== rw && !(kind & allowed)) continue
      const after = phaseAfter(phase, kind === rw)
      if (after !== -1) next[64 * state + kind] = after * seenStates + (bits | seen(kind))
    }
    for (const kind of [rw, rt]) next[64 * state + (through | kind)] = state
    accepts[state] = phase === phases - 1 && bits === full ? 1 : 0
  }
  const keys = new Array<KeyRule>(states).fill('any')
  return { first, start: seen, states, next, accepts, keys, avoidsTarget: policy === 'adjacent', isForm: false }
}

/** One edge of a pattern, and what may stand after it. */
export interface PatternEdge {
  readonly kind: number
  /** What its key has to be; of the first edge it may be any. */
  readonly key?: KeyRule
  /** Whether a transaction stands after it that can be several, one after another in session or real-time order. */
  readonly isSpread?: boolean
}

/**
 * Reads exactly these edges and, where they may be, session or real-time edges between them.
 * @param order kinds of those
 * @param required the one of which there must be an edge; 0: none
 */
export function patternAutomaton(edges: readonly PatternEdge[], order = 0, required = 0): CycleAutomaton {
  // Of each number of edges read, a state where the required one is missing and one where it is not.
  const states = 2 * edges.length
  const next = new Int8Array(64 * states).fill(-1)
  const accepts = new Uint8Array(states)
  const last = states - 2
  for (let state = 0; state < states; state++) {
    const following = edges[(state >> 1) + 1]
    if (following) next[64 * state + following.kind] = state + 2
    if (edges[state >> 1]?.isSpread)
      for (const kind of [so, rt]) if (kind & order) next[64 * state + kind] = kind === required ? state | 1 : state
    for (const kind of [rw, rt]) next[64 * state + (through | kind)] = state
    accepts[state] = state >= last && (required === 0 || state % 2 === 1) ? 1 : 0
  }
  const keys = Array.from({ length: states }, (_, state): KeyRule => edges[(state >> 1) + 1]?.key ?? 'any')
  return { first: edges[0]?.kind ?? 0, start: () => 0, states, next, accepts, keys, avoidsTarget: false, isForm: true }
}
