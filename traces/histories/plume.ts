/**
 * Transactions of registers as the tools of Plume, IsoVista and PolySI write them: a step a line, `r(key,value,session,transaction)`.
 * A transaction has the number that its session gives it; another session may give it to another one. All have committed, and nothing
 * is said of when: only those of one session are in order. Source: the histories published with "PolySI" (Huang et al., VLDB 2023) and
 * "Plume" (Liu et al., OOPSLA 2024).
 */
import { scalarOf } from './container-names.ts'
import type { RawEvent } from './raw-event.ts'
import { quoted, type TextSource } from './text-source.ts'
import { committedEvents, type RegisterStep } from './transaction-events.ts'

const stepLine = /^\s*([rw])\(\s*(-?\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)\s*\)\s*$/

interface Session {
  readonly process: number | string
  /** The transaction whose steps are being read. */
  transaction: string
  steps: RegisterStep[]
  line: number
  column: number
  /** The numbers of its transactions, that one's included. */
  readonly known: Set<string>
}

export function isPlumeStep(line: string): boolean {
  return stepLine.test(line)
}

export function* plumeEvents(source: TextSource): Generator<RawEvent, void, undefined> {
  const sessions = new Map<string, Session>()
  for (let line = source.nextLine(), number = 1; line !== null; line = source.nextLine(), number++) {
    const match = stepLine.exec(line)
    if (match === null) {
      if (/^\s*(?:#|$)/.test(line)) continue
      throw source.refuse(
        number,
        line.search(/\S/) + 1,
        `found ${quoted(line.trim())}, expected a line such as r(1,2,3,4): a read or a write with key, value, session and transaction`,
      )
    }
    const [, f, key = '', value = '', name = '', transaction = ''] = match
    const column = line.search(/\S/) + 1
    let session = sessions.get(name)
    if (session === undefined) {
      const steps: RegisterStep[] = []
      session = { process: processOf(name), transaction, steps, line: number, column, known: new Set([transaction]) }
      sessions.set(name, session)
    } else if (session.transaction !== transaction) {
      if (session.known.has(transaction))
        throw source.refuse(
          number,
          column,
          `found another step of transaction ${transaction} of session ${name}, after steps of the session's transaction ${session.transaction}; a session's transactions come one after another, so put their steps together`,
          'history-events',
        )
      yield* committedEvents(session.process, session.steps, session.line, session.column)
      session.known.add(transaction)
      session.transaction = transaction
      session.steps = []
      session.line = number
      session.column = column
    }
    session.steps.push([f as 'r' | 'w', scalarOf(key), scalarOf(value)])
  }
  for (const { process, steps, line, column } of sessions.values()) yield* committedEvents(process, steps, line, column)
}

function processOf(name: string): number | string {
  const process = scalarOf(name)
  return typeof process === 'bigint' ? name : process
}
