/** Writes histories, one event a line, in the formats of Jepsen (for Knossos and Elle) and in our own. */
import { HistoryError } from '../../properties/errors.ts'
import type { History, HistoryEvent } from '../../properties/history.ts'
import { isList, keyOf, type Value } from '../../properties/value.ts'
import { historyVersion } from './counterpoint.ts'
import { showDigits } from './digits.ts'
import { showEdn, showEdnName } from './write-edn.ts'

/** The first line of a file in Jepsen's EDN where a nil that was read is a value, and not what nobody knows. */
export const nilIsValue = '; counterpoint: --nil value'

export type WrittenFormat = 'jepsen-edn' | 'jepsen-json' | 'counterpoint'

/**
 * The text of a history. In Jepsen's formats the events of keyed histories have tuples `[key value]`, so that either all events
 * have a key or none.
 * @throws HistoryError `not-plain-data` for a value that no file can hold, `history-events` where only some events have a key
 */
export function writeHistory(history: History, format: WrittenFormat): string {
  for (const event of history) keyOf(event.value, `event ${event.index}: value`)
  if (format === 'counterpoint') {
    const lines = history.map((event) => `  ${ownEvent(event)}`)
    return `{"counterpoint": "history", "version": ${historyVersion}, "events": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]}\n`
  }
  checkKeys(history)
  // A file without any text would be of no format.
  if (history.length === 0) return '[]\n'
  const write = format === 'jepsen-edn' ? ednEvent : jsonEvent
  return history.map((event) => `${write(event)}\n`).join('')
}

function ednEvent(event: HistoryEvent): string {
  const { process, type, f, time, index } = event
  const shown = typeof process === 'number' ? String(process) : JSON.stringify(process)
  const at = time === undefined ? '' : `, :time ${showEdn(time)}`
  const value = showEdn(f === 'txn' ? withStepNames(jepsenValue(event), ':') : jepsenValue(event))
  return `{:process ${shown}, :type :${type}, :f ${showEdnName(f)}, :value ${value}${at}, :index ${index}}`
}

function jsonEvent(event: HistoryEvent): string {
  const { process, type, f, time, index } = event
  const at = time === undefined ? '' : `,"time":${showJson(time)}`
  const value = f === 'txn' ? withStepNames(jepsenValue(event), '') : jepsenValue(event)
  const head = `"process":${JSON.stringify(process)},"type":"${type}","f":${JSON.stringify(f)}`
  return `{${head},"value":${showJson(value)}${at},"index":${index}}`
}

function ownEvent({ process, type, f, value, key, time }: HistoryEvent): string {
  const head = `"process": ${JSON.stringify(process)}, "type": "${type}", "f": ${JSON.stringify(f)}, "value": ${showJson(value as Value)}`
  return `{${head}${key === undefined ? '' : `, "key": ${showJson(key)}`}${time === undefined ? '' : `, "time": ${showJson(time)}`}}`
}

function jepsenValue({ value, key }: HistoryEvent): Value {
  return key === undefined ? (value as Value) : [key, value as Value]
}

const stepName = /^:?(r|w|append)$/

/** Elle knows the steps of transactions by keywords, which in JSON are plain names. */
function withStepNames(value: Value, prefix: ':' | ''): Value {
  if (!isList(value)) return value
  return value.map((step) => {
    const name = isList(step) && typeof step[0] === 'string' ? stepName.exec(step[0])?.[1] : undefined
    return name === undefined ? step : [`${prefix}${name}`, ...(step as readonly Value[]).slice(1)]
  })
}

function checkKeys(history: History): void {
  const isKeyed = history[0]?.key !== undefined
  const other = history.find(({ key }) => (key !== undefined) !== isKeyed)
  if (other !== undefined)
    throw new HistoryError(
      'history-events',
      `event ${other.index} has ${isKeyed ? 'no' : 'a'} key, other than event ${history[0]?.index}; Jepsen's formats have keys in all events or in none, the format counterpoint also in some`,
    )
}

/** JSON with every digit of integers. */
function showJson(value: Value): string {
  if (typeof value === 'bigint' || typeof value === 'number') return showDigits(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(showJson).join(',')}]`
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${showJson(member)}`)
  return `{${members.join(',')}}`
}
