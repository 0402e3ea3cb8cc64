/** Histories for the tests of workloads: written down event by event, or random, of any results at all. */
import fc from 'fast-check'
import type { Completion, HistoryEvent } from '../../../history.ts'
import type { Value } from '../../../value.ts'

/** `[process, type, f, value]`, and the key where there are several objects. */
export type Line = readonly [process: number, type: HistoryEvent['type'], f: string, value: Value, key?: Value]

export function events(...lines: readonly Line[]): HistoryEvent<Value>[] {
  return eventsOf(lines)
}

export function eventsOf(lines: readonly Line[]): HistoryEvent<Value>[] {
  return lines.map(([process, type, f, value, key], index) => ({ index, process, type, f, value, ...(key === undefined ? {} : { key }) }))
}

/** What a client asks for, and what comes of it. */
export interface Draft {
  readonly f: string
  readonly input: Value
  readonly output: Value
  readonly completion: Completion
}

/** Clients that call and return at random moments; operations that nobody ends stay open. */
export function histories(drafts: fc.Arbitrary<Draft>, clients: number, ticks: number): fc.Arbitrary<HistoryEvent<Value>[]> {
  const tick = fc.record({ client: fc.nat(clients - 1), draft: drafts })
  return fc.noBias(fc.array(tick, { minLength: ticks / 2, maxLength: ticks })).map((all) => {
    const process = Array.from({ length: clients }, (_, client) => client)
    const open = new Map<number, Draft>()
    return all.map(({ client, draft }, index): HistoryEvent<Value> => {
      const name = process[client] as number
      const pending = open.get(client)
      if (pending === undefined) {
        open.set(client, draft)
        return { index, process: name, type: 'invoke', f: draft.f, value: draft.input }
      }
      open.delete(client)
      const { f, input, output, completion } = pending
      if (completion === 'info') process[client] = name + clients
      return { index, process: name, type: completion, f, value: completion === 'ok' ? output : input }
    })
  })
}

/** A completed operation with the events that bound it; `Infinity` where it is open or crashed. */
export interface Span {
  readonly f: string
  readonly input: Value
  readonly output: Value
  readonly completion: Completion
  readonly from: number
  readonly to: number
}

/** The operations of a history, paired anew and plainly, for references to judge by. */
export function spans(history: readonly HistoryEvent<Value>[]): Span[] {
  return history.flatMap((call): Span[] => {
    if (call.type !== 'invoke') return []
    const end = history.find(({ process, index, type }) => process === call.process && index > call.index && type !== 'invoke')
    const { f, value: input, index: from } = call
    if (end === undefined || end.type === 'info')
      return [{ f, input, output: null, completion: 'info', from, to: Number.POSITIVE_INFINITY }]
    return [{ f, input, output: end.value, completion: end.type as Completion, from, to: end.index }]
  })
}
