/**
 * Stores that a few clients use at the same time, and what the clients see. Each operation takes effect at one moment between its call
 * and its return; a store may do so wrongly in one operation, where a bug is planted.
 */
import type { HistoryEvent } from '../../../history.ts'
import type { Value } from '../../../value.ts'

/** When an operation was called, in versions of the state; and a number to choose by. */
export interface Moment {
  readonly called: number
  readonly choice: number
}

export interface Store<State> {
  readonly initial: State
  /** What a client asks for next: the number of operations before, and a number to choose by. */
  readonly command: (count: number, choice: number) => { readonly f: string; readonly input: Value; readonly isRead: boolean }
  /** The state after an update, given all states so far. */
  readonly update: (states: readonly State[], input: Value, moment: Moment) => State
  readonly read: (states: readonly State[], input: Value, moment: Moment) => Value
  /** What some operation does instead, by the name of the bug. */
  readonly bugs: Readonly<Record<string, Bug<State>>>
}

export interface Bug<State> {
  readonly update?: Store<State>['update']
  readonly read?: Store<State>['read']
  /** An update that the client is told has failed takes effect. */
  readonly failed?: true
}

export interface Lived {
  readonly history: HistoryEvent<Value>[]
  /** The call of the operation in which the bug is; `null`: it was not reached. */
  readonly planted: number | null
}

interface Client {
  process: number
  readonly open: {
    readonly f: string
    readonly input: Value
    readonly isRead: boolean
    readonly called: number
    readonly call: number
  } | null
  readonly output: Value | undefined
}

const clientsCount = 4

/**
 * One tick a number: the client that it chooses calls, takes effect, returns, fails or crashes.
 * @param bug in the operation before which so many others of its kind have taken effect
 */
export function lived<State>(
  store: Store<State>,
  numbers: readonly number[],
  bug: { readonly name: string; readonly after: number } | null,
): Lived {
  const history: HistoryEvent<Value>[] = []
  const states: State[] = [store.initial]
  const wrong = bug === null ? {} : (store.bugs[bug.name] as Bug<State>)
  const clients = Array.from({ length: clientsCount }, (_, process): Client => ({ process, open: null, output: undefined }))
  let planted: number | null = null
  let waiting = bug?.after ?? 0
  let calls = 0
  numbers.forEach((number) => {
    const at = number % clientsCount
    const choice = Math.floor(number / clientsCount)
    const client = clients[at] as Client
    const { open, output, process } = client
    if (open === null) {
      const command = store.command(calls++, choice)
      clients[at] = { process, open: { ...command, called: states.length - 1, call: history.length }, output: undefined }
      record(process, 'invoke', command.f, command.input)
    } else if (output !== undefined) {
      clients[at] = { process, open: null, output: undefined }
      record(process, 'ok', open.f, output)
    } else if (!open.isRead && choice % 7 === 0) {
      if (wrong.failed && isReached(open.call)) states.push(store.update(states, open.input, { called: open.called, choice }))
      clients[at] = { process, open: null, output: undefined }
      record(process, 'fail', open.f, open.input)
    } else if (!open.isRead && choice % 11 === 0) {
      if (choice % 2 === 0) states.push(store.update(states, open.input, { called: open.called, choice }))
      clients[at] = { process: process + clientsCount, open: null, output: undefined }
      record(process, 'info', open.f, open.input)
    } else {
      const moment = { called: open.called, choice }
      const instead = open.isRead ? wrong.read : wrong.update
      const isWrong = instead !== undefined && isReached(open.call)
      if (open.isRead) {
        clients[at] = { ...client, output: (isWrong && wrong.read ? wrong.read : store.read)(states, open.input, moment) }
      } else {
        states.push((isWrong && wrong.update ? wrong.update : store.update)(states, open.input, moment))
        clients[at] = { ...client, output: open.input }
      }
    }
  })
  return { history, planted }

  function record(process: number, type: HistoryEvent['type'], f: string, value: Value): void {
    history.push({ index: history.length, process, type, f, value })
  }

  function isReached(call: number): boolean {
    if (planted !== null || waiting-- > 0) return false
    planted = call
    return true
  }
}
