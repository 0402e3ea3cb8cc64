/** What clients ask of nodes, what they make of the answers, and by what the history is judged. */
import type { HistoryEvent, OracleVerdict, Value } from '../../../properties/index.ts'
import { paint, span, visible, wrap } from '../../text.ts'
import { type Body, shortened } from '../message.ts'

/** A whole number from 0 to count - 1. */
export type Random = (count: number) => number

export interface Operation {
  readonly f: string
  readonly value: Value
  readonly key?: Value
}

export interface Workload {
  readonly name: string
  readonly about: string
  /** What clients do, one after the other whoever is free. */
  operations(random: Random, count: number): readonly Operation[]
  /** @param session what this client remembers, such as how far it has read */
  request(operation: Operation, session: Session): Body
  /**
   * What the operation returned.
   * @throws BadAnswer for an answer that is not as the workload wants it
   */
  answer(operation: Operation, reply: Body, session: Session): Value
  /** The result that an error is, such as that of a key which does not exist; none by default. */
  resultOfError?(operation: Operation, code: number): { readonly value: Value } | null
  /** Sent to each node at the start, and to be acknowledged. */
  setup?(node: string, nodes: readonly string[]): Body
  /** Asked of every node at the end, when all messages have arrived. */
  readonly final: readonly Operation[]
  judge(observed: Observed, options: JudgeOptions): Judged
}

export type Session = Map<string, number>

export interface Observed {
  readonly history: readonly HistoryEvent<Value>[]
  /** The node that each process talks to. */
  readonly nodeOf: ReadonlyMap<string, string>
  /** The index of the first event of the final operations. */
  readonly finalFrom: number
}

export interface JudgeOptions {
  /** Of transactions: the isolation level. */
  readonly level?: string
}

export interface Judged {
  readonly verdict: OracleVerdict
  /** Why, in one sentence. */
  readonly reason: string
  /** The evidence, ready to print. */
  show(options: TextOptions): string
}

export interface TextOptions {
  readonly width: number
  readonly colours: boolean
}

export class BadAnswer extends Error {
  override readonly name = 'BadAnswer'
}

/** The field of an answer. */
export function field(reply: Body, name: string, type: string): Value {
  if (reply.type !== type) throw new BadAnswer(`expected ${type}, found ${shortened(JSON.stringify(reply))}`)
  const value = reply[name]
  if (value === undefined) throw new BadAnswer(`${type} has no ${name}: ${shortened(JSON.stringify(reply))}`)
  return value
}

/** An answer that says only that it is done. */
export function acknowledged(reply: Body, type: string): null {
  if (reply.type !== type) throw new BadAnswer(`expected ${type}, found ${shortened(JSON.stringify(reply))}`)
  return null
}

/** What is judged without an oracle of its own: it holds where nothing was found. */
export function judgedBy(property: string, problems: readonly string[], note: string): Judged {
  const isViolated = problems.length > 0
  return {
    verdict: isViolated ? 'violated' : 'holds',
    reason: problems[0] ?? note,
    show: ({ width, colours }) => {
      const head = span(`${isViolated ? '✗ violated' : '✓ holds'}: ${property}`, isViolated ? 'red' : 'green')
      const shown = problems.slice(0, shownMax)
      const more = problems.length - shown.length
      const texts = [...(isViolated ? shown : [note]), ...(more > 0 ? [`and ${more} more`] : [])]
      return [...wrap([head], { width }), ...texts.flatMap((text) => wrap([span(`  ${visible(text)}`)], { width, indent: 4 }))]
        .map((line) => `${paint(line, colours)}\n`)
        .join('')
    },
  }
}

const shownMax = 5

/** The operations that completed, each with its argument and its result. */
export function completed(history: readonly HistoryEvent<Value>[], f: string): readonly Completed[] {
  const open = new Map<string | number, HistoryEvent<Value>>()
  const found: Completed[] = []
  for (const event of history) {
    if (event.type === 'invoke') open.set(event.process, event)
    const call = open.get(event.process)
    if (event.type === 'ok' && event.f === f && call !== undefined)
      found.push({ process: event.process, argument: call.value, result: event.value, called: call.index, ended: event.index })
  }
  return found
}

export interface Completed {
  readonly process: string | number
  readonly argument: Value
  readonly result: Value
  /** Indexes of events. */
  readonly called: number
  readonly ended: number
}
