/** The two events of a transaction of which only is known that it committed, and with which steps. */
import type { Value } from '../../properties/value.ts'
import { type RawEvent, rawEvent } from './raw-event.ts'

/** `['r', key, value]` or `['w', key, value]`. */
export type RegisterStep = readonly ['r' | 'w', Value, Value]

/** Its call and its return, as if nothing had happened between them. */
export function* committedEvents(
  process: number | string,
  steps: readonly RegisterStep[],
  line: number,
  column: number,
): Generator<RawEvent, void, undefined> {
  const call = rawEvent(line, column)
  call.process = process
  call.type = 'invoke'
  call.f = 'txn'
  call.value = steps.map((step) => (step[0] === 'w' ? step : ['r', step[1], null]))
  yield call
  const end = rawEvent(line, column)
  end.process = process
  end.type = 'ok'
  end.value = steps
  yield end
}
