/** The edges of a picture: those that contradict each other, and what else the same transactions have to do with each other. */
import { type Edge, so, wr } from '../edge.ts'
import type { Facts } from '../facts.ts'
import type { Story } from './explain.ts'
import type { ReasonedEdge } from './explain-cycle.ts'
import { reasonOf } from './explain-edges.ts'

export interface DrawnEdge extends ReasonedEdge {
  /** Whether it is one of those that contradict each other. */
  readonly isProof: boolean
}

/** Each once: first the proof, in its order, then the others, in the order of names. */
export function drawnEdges({ facts, cast, edges }: Story): DrawnEdge[] {
  const drawn = new Map<string, DrawnEdge>()
  const add = (edge: ReasonedEdge, isProof: boolean): void => {
    const name = [edge.from, edge.to, edge.kind, edge.key].join()
    if (!drawn.has(name)) drawn.set(name, { ...edge, isProof })
  }
  for (const edge of edges) add(edge, true)
  const { transactions } = cast
  for (const to of transactions) {
    for (const edge of [...readsFrom(facts, to, transactions), ...sessionBefore(facts, to, transactions)])
      add({ ...edge, ...reasonOf({ facts, cast }, edge) }, false)
  }
  return [...drawn.values()]
}

function readsFrom({ readsFrom: from, readSlot, readKey, writer }: Facts, to: number, transactions: readonly number[]): Edge[] {
  const found: Edge[] = []
  for (let read = from[to] as number; read < (from[to + 1] as number); read++) {
    const slot = readSlot[read] as number
    const source = slot === -1 ? -1 : (writer[slot] as number)
    if (source !== to && transactions.includes(source)) found.push({ from: source, to, kind: wr, key: readKey[read] as number })
  }
  return found
}

/** The last of them before one in its session. */
function sessionBefore({ table: { session } }: Facts, to: number, transactions: readonly number[]): Edge[] {
  const before = transactions.filter((other) => other < to && session[other] !== -1 && session[other] === session[to])
  return before.length === 0 ? [] : [{ from: Math.max(...before), to, kind: so, key: -1 }]
}
