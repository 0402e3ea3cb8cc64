/** What the judges of workloads find, by trying everything: each read for itself, each sum, each element with each read, each order. */
import type { HistoryEvent } from '../../../history.ts'
import { isRecord, type Value } from '../../../value.ts'
import { permutations } from '../../testing/reference-orders.ts'
import { type Span, spans } from './events.ts'

/** How many reads have which error, each looked at for itself. */
export function bankErrors(history: readonly HistoryEvent<Value>[]): Record<string, number> {
  const all = spans(history)
  const reads = all
    .filter(({ f, completion, output }) => f === 'read' && completion === 'ok' && isRecord(output))
    .sort((a, b) => a.to - b.to)
  const balancesOf = (read: (typeof reads)[number]): [string, number | null][] =>
    Object.entries(read.output as Record<string, number | null>)
  const first = reads.find((read) => balancesOf(read).length > 0 && balancesOf(read).every(([, balance]) => balance !== null))
  const sum = (read: (typeof reads)[number]): number => balancesOf(read).reduce((total, [, balance]) => total + (balance ?? 0), 0)
  const counts: Record<string, number> = {}
  for (const read of reads) {
    const count = (name: string): void => {
      counts[name] = (counts[name] ?? 0) + 1
    }
    const named = all
      .filter(({ f, completion, from }) => f === 'transfer' && completion !== 'fail' && from < read.to)
      .flatMap(({ input }) => [input as { from: number; to: number }].flatMap(({ from, to }) => [String(from), String(to)]))
    const accounts = first === undefined ? [] : balancesOf(first).map(([account]) => account)
    const balances = balancesOf(read)
    if (balances.some(([, balance]) => (balance ?? 0) < 0)) count('negative-balance')
    if (balances.some(([account]) => !accounts.includes(account) && !named.includes(account))) count('wrong-accounts')
    else if (balances.some(([, balance]) => balance === null)) count('null-balance')
    else if (first !== undefined && sum(read) !== sum(first)) count(balances.length < accounts.length ? 'wrong-accounts' : 'wrong-total')
  }
  return counts
}

/** Of each read whether it returned anything between the least and the greatest sum of adds: all that are certain, and any others. */
export function counterErrors(history: readonly HistoryEvent<Value>[]): { tooLow: number; tooHigh: number; nowhere: number } {
  const all = spans(history)
  const adds = all.filter(({ f, completion }) => f !== 'read' && completion !== 'fail')
  const signed = ({ f, input }: (typeof adds)[number]): number => (f === 'decrement' ? -1 : 1) * (input as number)
  const counts = { tooLow: 0, tooHigh: 0, nowhere: 0 }
  for (const read of all.filter(({ f, completion }) => f === 'read' && completion === 'ok')) {
    const certain = adds.filter(({ completion, to }) => completion === 'ok' && to < read.from)
    const perhaps = adds.filter((add) => !certain.includes(add) && add.from < read.to)
    const base = certain.reduce((sum, add) => sum + signed(add), 0)
    const possible = sums(perhaps.map(signed)).map((sum) => base + sum)
    const value = read.output as number
    if (value < Math.min(...possible)) counts.tooLow++
    if (value > Math.max(...possible)) counts.tooHigh++
    const ever = sums(adds.map(signed))
    if (value < Math.min(...ever) || value > Math.max(...ever)) counts.nowhere++
  }
  return counts
}

/** What becomes of each element, in the words of Jepsen's set-full, pair by pair. */
export function setOutcomes(history: readonly HistoryEvent<Value>[]): Record<string, number> {
  const all = spans(history)
  const reads = all.filter(({ f, completion, output }) => f === 'read' && completion === 'ok' && output !== null)
  const has = (read: Span, element: Value): boolean => (read.output as Value[]).includes(element)
  const counts: Record<string, number> = {}
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  const elements = new Set([
    ...all.filter(({ f }) => f === 'add').map(({ input }) => input),
    ...reads.flatMap((read) => read.output as Value[]),
  ])
  for (const element of elements) {
    const adds = all.filter(({ f, input, completion }) => f === 'add' && input === element && completion !== 'fail')
    const failed = all.filter(({ f, input, completion }) => f === 'add' && input === element && completion === 'fail')
    const seeing = reads.filter((read) => has(read, element))
    const missing = reads.filter((read) => !has(read, element))
    if (seeing.some((read) => (read.output as Value[]).filter((each) => each === element).length > 1)) count('duplicate-elements')
    const early = seeing.filter(({ to }) => adds.every(({ from }) => from > to))
    if (early.length > 0) {
      const [first] = early.sort((a, b) => a.to - b.to) as [Span]
      count(failed.some(({ from }) => from < first.to) ? 'G1a' : 'unexpected-element')
      continue
    }
    const acknowledged = adds.filter(({ completion }) => completion === 'ok').map(({ to }) => to)
    if (seeing.length > 0 && acknowledged.length === 0) count('recovered-element')
    const known = Math.min(...acknowledged, ...seeing.map(({ to }) => to))
    const lastSeen = Math.max(-1, ...seeing.map(({ from }) => from))
    const wrongly = missing.filter(({ from }) => from > known)
    if (lastSeen > Math.max(-1, ...missing.map(({ from }) => from))) {
      count('stable')
      const lastWrongly = Math.max(...wrongly.map(({ from }) => from))
      if (wrongly.length > 0) count(seeing.some(({ to }) => to < lastWrongly) ? 'flickering-element' : 'stale-element')
    } else if (wrongly.some(({ from }) => from > lastSeen)) count('lost-element')
    else count('never-read')
  }
  return counts
}

/** Whether in some order of the writes each view is of the first few. */
export function isExplainedBySomeOrder(all: readonly (readonly boolean[])[], keys: number): boolean {
  return [...permutations(Array.from({ length: keys }, (_, key) => key))].some((order) =>
    all.every((view) => order.every((key, i) => i === 0 || !view[key] || view[order[i - 1] as number])),
  )
}

function sums(amounts: readonly number[]): number[] {
  return amounts.reduce((all, amount) => [...new Set(all.concat(all.map((sum) => sum + amount)))], [0])
}
