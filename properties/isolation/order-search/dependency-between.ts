/** What an arc of a level's graph stands for: which dependency, of which key. */
import type { CycleStep } from '../anomaly.ts'
import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import type { KnownGraph } from './known-graph.ts'
import type { NodePairs } from './level-shape.ts'

/** @param fromNode which node of the transaction the arc leaves, and which node of the other it reaches */
export function dependencyBetween(
  known: KnownGraph,
  from: number,
  fromNode: number,
  to: number,
  toNode: number,
): Omit<CycleStep, 'transaction'> {
  const { facts, shape } = known
  const pairing = 2 * (known.readsOnly[from] as number) + (known.readsOnly[to] as number)
  const isOf = (pairs: NodePairs | undefined): boolean =>
    (pairs ?? []).some((node, i) => i % 2 === 0 && node === fromNode && pairs?.[i + 1] === toNode)
  const written = (transaction: number): number[] => keysWritten(known, transaction)
  const key = (keys: readonly number[], others: readonly number[]): number => keys.find((one) => others.includes(one)) ?? -1
  const of = (kind: EdgeKind, of: number): Omit<CycleStep, 'transaction'> => ({ kind, key: of })
  if (isOf(shape.dep[pairing])) {
    const read = keyRead(known, to, from)
    if (read !== -1) return of(wr, read)
  }
  const extra = facts.extra.find((edge) => edge.from === from && edge.to === to)
  if (extra) return of(extra.kind, extra.key)
  if (isOf(shape.ww[pairing])) {
    const both = key(written(from), written(to))
    if (both !== -1) return of(ww, both)
  }
  if (isOf(shape.rw[pairing])) {
    const overtaken = key(keysRead(known, from), written(to))
    if (overtaken !== -1) return of(rw, overtaken)
  }
  const { session } = facts.table
  return of(session[from] !== -1 && session[from] === session[to] && from < to ? so : rt, -1)
}

/** The key of which a transaction read what another wrote; -1: none. */
function keyRead({ facts }: KnownGraph, reader: number, writer: number): number {
  for (let read = facts.readsFrom[reader] as number; read < (facts.readsFrom[reader + 1] as number); read++) {
    const slot = facts.readSlot[read] as number
    if (slot !== -1 && facts.writer[slot] === writer) return facts.readKey[read] as number
  }
  return -1
}

function keysRead({ facts }: KnownGraph, reader: number): number[] {
  return [...facts.readKey.subarray(facts.readsFrom[reader], facts.readsFrom[reader + 1])]
}

function keysWritten({ facts: { slotsFrom, writer } }: KnownGraph, transaction: number): number[] {
  const keys: number[] = []
  for (let key = 0; key + 1 < slotsFrom.length; key++)
    if (writer.subarray(slotsFrom[key], slotsFrom[key + 1]).includes(transaction)) keys.push(key)
  return keys
}
