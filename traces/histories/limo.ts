/**
 * Events as LiMo reads them: `[thread] call push(1)`, `[thread] return 1`. A call that a second one of its thread overtakes
 * is pending for ever, so that second one is a process of its own: `3'2` is thread 3 for the second time.
 * Source: the histories published with "Efficient Linearizability Monitoring" (Abdulla et al., PLDI 2025).
 */
import type { Value } from '../../properties/value.ts'
import { operationOfMethod, scalarOf } from './container-names.ts'
import { type RawEvent, rawEvent } from './raw-event.ts'
import { quoted, type TextSource } from './text-source.ts'

const eventLine = /^\s*\[\s*([^\]\s]+)\s*\]\s*(call|return)\b\s*(.*?)\s*$/
const call = /^([A-Za-z_][\w-]*)\s*(?:\(\s*(.*?)\s*\)|(.*))$/

interface Thread {
  readonly process: number | string
  readonly calls: number
  readonly open: boolean
  /** What the open call is going to take out, where the file says so. */
  readonly taken: Value
}

const removals = new Set(['pop', 'dequeue'])

export function isLimoEvent(line: string): boolean {
  return eventLine.test(line)
}

export function* limoEvents(source: TextSource, model: string | null): Generator<RawEvent, void, undefined> {
  /** Threads with an open call, and those that have left one pending. */
  const threads = new Map<string, Thread>()
  for (let line = source.nextLine(), number = 1; line !== null; line = source.nextLine(), number++) {
    const match = eventLine.exec(line)
    if (match === null) {
      if (/^\s*(?:#|$)/.test(line)) continue
      throw source.refuse(
        number,
        line.search(/\S/) + 1,
        `found ${quoted(line.trim())}, expected a line such as [1] call push(1) or [1] return 1`,
      )
    }
    const [, thread = '', kind = '', rest = ''] = match
    const event = rawEvent(number, line.indexOf('[') + 1)
    if (kind === 'call') {
      const [, method, inParentheses, bare = ''] = call.exec(rest) ?? []
      if (method === undefined)
        throw source.refuse(number, event.column, `found the call ${quoted(rest)}, expected a method such as push(1) or pop`)
      event.type = 'invoke'
      event.f = operationOfMethod(method, model)
      const given = argument((inParentheses ?? bare).trim())
      // Some of these files say with the call of a removal what it is going to take.
      const taken = removals.has(event.f) ? given : null
      event.process = called(threads, thread, taken)
      event.value = taken === null ? given : null
    } else {
      event.type = 'ok'
      event.value = rest === '' ? (threads.get(thread)?.taken ?? null) : result(rest)
      event.process = returned(threads, thread)
    }
    yield event
  }
}

function called(threads: Map<string, Thread>, thread: string, taken: Value): number | string {
  const last = threads.get(thread)
  const calls = last?.open ? last.calls + 1 : (last?.calls ?? 1)
  const process = calls === 1 ? processOf(thread) : `${thread}'${calls}`
  threads.set(thread, { process, calls, open: true, taken })
  return process
}

function returned(threads: Map<string, Thread>, thread: string): number | string {
  const last = threads.get(thread)
  if (last === undefined) return processOf(thread)
  if (last.calls === 1) threads.delete(thread)
  else threads.set(thread, { ...last, open: false })
  return last.process
}

function processOf(thread: string): number | string {
  const process = scalarOf(thread)
  return typeof process === 'bigint' ? thread : process
}

function argument(text: string): Value {
  if (text === '') return null
  return text.includes(',') ? text.split(',').map((part) => scalarOf(part.trim())) : scalarOf(text)
}

function result(text: string): Value {
  if (text === '' || text === 'empty') return null
  return text === 'true' ? true : text === 'false' ? false : scalarOf(text)
}
