/** Histories in the format of this package: `{"counterpoint": "history", "version": 1, "events": [...]}`. */
import { showValue, type Value } from '../../properties/value.ts'
import { arrayEvents } from './jepsen-json.ts'
import { JsonReader } from './json.ts'
import type { RawEvent } from './raw-event.ts'
import { quoted, type TextSource } from './text-source.ts'

/** The version of the format that this package reads and writes. */
export const historyVersion = 1

export function* counterpointEvents(source: TextSource): Generator<RawEvent, void, undefined> {
  const reader = new JsonReader(source)
  const expected = '{"counterpoint": "history", "version": 1, "events": [...]}'
  if (!reader.take('{')) reader.unexpected(expected)
  const missing = new Set(['counterpoint', 'version', 'events'])
  while (missing.size > 0 || reader.code() !== 125) {
    if (missing.size < 3 && !reader.take(',')) reader.unexpected(missing.size === 0 ? '}' : `, and "${[...missing].join('", "')}"`)
    if (reader.code() !== 34) reader.unexpected(`a field in double quotes, as in ${expected}`)
    const fieldLine = source.locate(source.at)
    const fieldColumn = source.column
    const name = reader.value() as string
    if (!missing.delete(name))
      throw source.refuse(fieldLine, fieldColumn, `found the field ${quoted(name)}, expected only those of ${expected}, each once`)
    if (!reader.take(':')) reader.unexpected(':')
    if (name !== 'events') checkField(reader, name)
    else if (reader.take('[')) yield* arrayEvents(reader)
    else reader.unexpected('an array of events')
  }
  reader.take('}')
  if (reader.code() >= 0) reader.unexpected('nothing behind the end of the history')
}

function checkField(reader: JsonReader, name: string): void {
  const { source } = reader
  const expected: Value = name === 'version' ? historyVersion : 'history'
  reader.code()
  const line = source.locate(source.at)
  const column = source.column
  const value = reader.value()
  if (value === expected) return
  const remedy = name === 'version' ? 'read it with the version of counterpoint that wrote it' : 'give a recorded history'
  throw source.refuse(line, column, `${name}: found ${showValue(value, 40)}, expected ${expected}; ${remedy}`)
}
