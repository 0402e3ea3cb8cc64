/**
 * Events as Jepsen writes them in EDN: maps one after another, or in one vector or list, or vectors `[process type f value]`;
 * records with a tag, such as `#jepsen.history.Op{...}`, are read as maps.
 */
import type { Value } from '../../properties/value.ts'
import { EdnReader } from './edn.ts'
import { type RawEvent, rawEvent } from './raw-event.ts'
import type { TextSource } from './text-source.ts'

const fields = ['process', 'type', 'f', 'value', 'time', 'key'] as const
type Field = (typeof fields)[number]
const fieldBits: ReadonlyMap<string, number> = new Map(fields.map((field, i) => [field, 1 << i]))

export function* jepsenEdnEvents(source: TextSource): Generator<RawEvent, void, undefined> {
  const reader = new EdnReader(source)
  const closer = reader.element(() => openCollection(reader))
  for (;;) {
    reader.element(() => reader.skip())
    const event = reader.element(() => readEvent(reader, closer))
    if (event === null) break
    yield event
  }
  if (closer === -1) return
  reader.element(() => {
    reader.pos++
    reader.skip()
    if (reader.code() >= 0) reader.unexpected('nothing behind the end of the history; put the events into one vector, or write one a line')
  })
}

/** What closes the collection that all events are in, now entered; -1 where they stand one after another. */
function openCollection(reader: EdnReader): number {
  reader.skip()
  const start = reader.pos
  const code = reader.code()
  if (code !== 91 && code !== 40) return -1
  reader.pos++
  reader.skip()
  const inside = reader.code()
  // A vector that starts with anything else is an event itself.
  if (inside === -1 || inside === 91 || inside === 93 || inside === 123 || inside === 40 || inside === 41 || inside === 35)
    return code === 91 ? 93 : 41
  reader.pos = start
  return -1
}

/** The event that starts here; `null` at the end. */
function readEvent(reader: EdnReader, closer: number): RawEvent | null {
  const start = reader.pos
  if (reader.code() === closer) return null
  reader.tag()
  switch (reader.code()) {
    case 123:
      return readMap(reader, start)
    case 91:
      return readTuple(reader, start)
    default:
      return reader.unexpected(
        closer === -1 ? 'an event such as {:process 0, :type :invoke, :f :read}' : `an event or ${String.fromCharCode(closer)}`,
      )
  }
}

function readMap(reader: EdnReader, start: number): RawEvent {
  const event = rawEvent(reader.source.locate(start), reader.source.column)
  reader.pos++
  let seen = 0
  for (;;) {
    reader.skip()
    const at = reader.pos
    const code = reader.code()
    if (code === 125) break
    if (code < 0) reader.fail('the file ends inside the event that starts here, expected }; it may have been cut off', start)
    if (code !== 58 && code !== 34) reader.unexpected('a keyword such as :type, or }; close the event before the next one')
    const name = reader.name() as string
    const bit = fieldBits.get(name)
    if (bit === undefined) {
      reader.value()
      continue
    }
    if ((seen & bit) !== 0) reader.fail(`found :${name} a second time, expected it once in an event; remove one`, at)
    seen |= bit
    event[name as Field] = bit <= 4 ? reader.name() : reader.value()
  }
  reader.pos++
  return event
}

function readTuple(reader: EdnReader, start: number): RawEvent {
  const event = rawEvent(reader.source.locate(start), reader.source.column)
  reader.pos++
  const items: Value[] = []
  for (;;) {
    reader.skip()
    if (reader.code() === 93) break
    if (reader.code() < 0) reader.fail('the file ends inside the event that starts here, expected ]; it may have been cut off', start)
    items.push(items.length < 3 ? reader.name() : reader.value())
  }
  reader.pos++
  if (items.length < 3 || items.length > 4) reader.fail(`found ${items.length} items, expected an event [process type f value]`, start)
  event.process = items[0]
  event.type = items[1]
  event.f = items[2]
  event.value = items[3]
  return event
}
