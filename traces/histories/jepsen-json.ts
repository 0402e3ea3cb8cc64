/** Events as Jepsen writes them in JSON: objects in one array, or one after another, usually one a line. */
import type { Value } from '../../properties/value.ts'
import { JsonReader } from './json.ts'
import { type RawEvent, rawEvent } from './raw-event.ts'
import type { TextSource } from './text-source.ts'

export function* jepsenJsonEvents(source: TextSource): Generator<RawEvent, void, undefined> {
  const reader = new JsonReader(source)
  if (reader.take('[')) {
    yield* arrayEvents(reader)
    if (reader.code() >= 0) reader.unexpected('nothing behind the end of the array')
    return
  }
  while (reader.code() >= 0) yield readEvent(reader)
}

/** The events of an array whose opening bracket has been read; reads the closing one too. */
export function* arrayEvents(reader: JsonReader): Generator<RawEvent, void, undefined> {
  if (reader.take(']')) return
  for (;;) {
    yield readEvent(reader)
    if (reader.take(']')) return
    if (!reader.take(',')) reader.unexpected('] or , and another event')
  }
}

function readEvent(reader: JsonReader): RawEvent {
  if (reader.code() !== 123) reader.unexpected('an event such as {"process": 0, "type": "invoke", "f": "read"}')
  const event = rawEvent(reader.source.locate(reader.source.at), reader.source.column)
  const object = reader.value() as { readonly [key: string]: Value }
  event.process = object['process']
  event.type = object['type']
  event.f = object['f']
  event.value = object['value']
  event.time = object['time']
  event.key = object['key']
  return event
}
