/**
 * Events in the log of a Jepsen run, `INFO  jepsen.util - 3\t:invoke\t:write\t4`, whatever stands before `jepsen.util`;
 * and in its history.txt, which has only what stands behind. All other lines are noise.
 */
import { isHistoryError } from '../../properties/errors.ts'
import type { Value } from '../../properties/value.ts'
import { EdnReader } from './edn.ts'
import { type RawEvent, rawEvent } from './raw-event.ts'
import { TextSource } from './text-source.ts'

const eventLine = /^(?:.*\bjepsen\.util(?: -|:) +)?(-?\d+|:[\w.-]+)[ \t]+:(\w+)(?:[ \t]+:([^\s]+))?(?:[ \t]+(.*))?$/

export function isLogEvent(line: string): boolean {
  return /^(?:.*\bjepsen\.util(?: -|:) +)?(-?\d+|:[\w.-]+)[ \t]+:(?:invoke|ok|fail|info)\b/.test(line)
}

export function* jepsenLogEvents(source: TextSource): Generator<RawEvent, void, undefined> {
  for (let line = source.nextLine(), number = 1; line !== null; line = source.nextLine(), number++) {
    const match = eventLine.exec(line)
    if (match === null) continue
    const [, process = '', type = '', f, value = ''] = match
    const event = rawEvent(number, 1)
    event.process = process.startsWith(':') ? process.slice(1) : Number(process)
    event.type = type
    event.f = f
    event.value = valueOf(value, source.file, number, line.length - value.length + 1, event.process)
    yield event
  }
}

/** The first value of the rest of a line; an error may follow. What the nemesis says is not always EDN, and stays text. */
function valueOf(text: string, file: string, line: number, column: number, process: Value): Value {
  if (text === '' || text === 'nil') return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const reader = new EdnReader(TextSource.part(text, file, line, column))
  try {
    return reader.element(() => reader.value())
  } catch (error) {
    if (isHistoryError(error) && typeof process === 'string') return text
    throw error
  }
}
