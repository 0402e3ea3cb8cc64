/**
 * Transactions of registers as the tools of Plume, IsoVista and PolySI write them: a step a line, `r(key,value,session,transaction)`.
 * A transaction has the number that its session gives it; another session may give it to another one. All have committed, and nothing
 * is said of when: only those of one session are in order. Source: the histories published with "PolySI" (Huang et al., VLDB 2023) and
 * "Plume" (Liu et al., OOPSLA 2024).
 */
import type { Value } from '../../properties/value.ts'
import { scalarOf } from './container-names.ts'
import type { RawEvent } from './raw-event.ts'
import { quoted, type TextSource } from './text-source.ts'
import { committedEvents, type RegisterStep } from './transaction-events.ts'

const stepLine = /^\s*([rw])\(\s*(-?\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)\s*\)\s*$/

/** The numbers of a step. */
type Numbers = [key: Value, value: Value, session: number | string, transaction: number | string]

interface Session {
  readonly process: number | string
  /** The transaction whose steps are being read. */
  transaction: number | string
  steps: RegisterStep[]
  line: number
  column: number
  /** The numbers of its transactions, that one's included. */
  readonly known: Set<number | string>
}

export function isPlumeStep(line: string): boolean {
  return stepLine.test(line)
}

export function* plumeEvents(source: TextSource): Generator<RawEvent, void, undefined> {
  const sessions = new Map<number | string, Session>()
  const numbers: Numbers = [0, 0, 0, 0]
  for (let line = source.nextLine(), number = 1; line !== null; line = source.nextLine(), number++) {
    let f = plainStep(line, numbers)
    if (f === null) {
      f = anyStep(line, numbers)
      if (f === null) {
        if (/^\s*(?:#|$)/.test(line)) continue
        throw source.refuse(
          number,
          columnOf(line),
          `found ${quoted(line.trim())}, expected a line such as r(1,2,3,4): a read or a write with key, value, session and transaction`,
        )
      }
    }
    const [key, value, name, transaction] = numbers
    let session = sessions.get(name)
    if (session === undefined) {
      const steps: RegisterStep[] = []
      session = { process: processOf(name), transaction, steps, line: number, column: columnOf(line), known: new Set([transaction]) }
      sessions.set(name, session)
    } else if (session.transaction !== transaction) {
      if (session.known.has(transaction))
        throw source.refuse(
          number,
          columnOf(line),
          `found another step of transaction ${transaction} of session ${name}, after steps of the session's transaction ${session.transaction}; a session's transactions come one after another, so put their steps together`,
          'history-events',
        )
      yield* committedEvents(session.process, session.steps, session.line, session.column)
      session.known.add(transaction)
      session.transaction = transaction
      session.steps = []
      session.line = number
      session.column = columnOf(line)
    }
    session.steps.push([f, key, value])
  }
  for (const { process, steps, line, column } of sessions.values()) yield* committedEvents(process, steps, line, column)
}

const opened = 40
const comma = 44
const closed = 41
const zero = 48

/** More digits may be more than a number can hold. */
const digitsMax = 15

/** What a line without spaces and large numbers says, which nearly all are: `r` or `w`, with its numbers; else null. */
function plainStep(line: string, numbers: Numbers): 'r' | 'w' | null {
  const f = line.charCodeAt(0) === 114 ? 'r' : line.charCodeAt(0) === 119 ? 'w' : null
  if (f === null || line.charCodeAt(1) !== opened) return null
  let at = 2
  for (let i = 0; i < 4; i++) {
    const start = at
    let value = 0
    let digit = line.charCodeAt(at) - zero
    while (digit >= 0 && digit <= 9) {
      value = 10 * value + digit
      digit = line.charCodeAt(++at) - zero
    }
    const length = at - start
    if (length === 0 || length > digitsMax || (length > 1 && line.charCodeAt(start) === zero)) return null
    if (line.charCodeAt(at++) !== (i === 3 ? closed : comma)) return null
    numbers[i] = value
  }
  return at === line.length ? f : null
}

/** The same of any line; what is a number for `plainStep` is one here. */
function anyStep(line: string, numbers: Numbers): 'r' | 'w' | null {
  const match = stepLine.exec(line)
  if (match === null) return null
  const [, f, key = '', value = '', session = '', transaction = ''] = match
  numbers[0] = scalarOf(key)
  numbers[1] = scalarOf(value)
  numbers[2] = nameOf(session)
  numbers[3] = nameOf(transaction)
  return f as 'r' | 'w'
}

/** Names are told apart by all of their characters. */
function nameOf(text: string): number | string {
  return /^(?:0|[1-9]\d*)$/.test(text) && text.length <= digitsMax ? Number(text) : text
}

function columnOf(line: string): number {
  return line.search(/\S/) + 1
}

function processOf(name: number | string): number | string {
  const process = scalarOf(String(name))
  return typeof process === 'bigint' ? name : process
}
