/**
 * The log of a real run, as JSON lines: one event a line, in the order in which they happened, and perhaps a header that says of which
 * model. Blank lines and lines that begin with # mean nothing. An event says as much as is known; what it says is held against the model.
 */
import { z } from 'zod'
import { suggest } from '../../checker/errors.ts'
import { type Json, UserError } from '../../checker/index.ts'

/** What was seen of one step of a real run. */
export interface LogEvent {
  /** The action that happened; without one, the event tells of the state only. */
  readonly action?: string
  /** Its first arguments, or some by name: `each` is the static one, `over` the one that the state offers. Objects may be partial. */
  readonly args?: readonly Json[] | { readonly each?: Json; readonly over?: Json }
  /** The node that acted; `null` for the environment. */
  readonly process?: number | null
  /** What was seen of the state afterwards: the path of a value, such as `server[0].role`, to the value, whose objects may be partial. */
  readonly state?: Readonly<Record<string, Json>>
  /** Where it stands in its file, from 1. */
  readonly line?: number
}

/** What the first line may say about the whole log. */
export interface LogHeader {
  /** The name of a model, or the path of its file from where the log lies. */
  readonly model?: string
  readonly constants?: Readonly<Record<string, string | number | boolean>>
  readonly bugs?: readonly string[]
  /** Actions that may happen without being logged; `*` stands for all. */
  readonly hidden?: readonly string[]
  /** How many of those to try in a row. */
  readonly maxHidden?: number
}

export interface Log {
  readonly header: LogHeader
  readonly events: readonly LogEvent[]
}

/**
 * Reads a log.
 * @param where what to call it in errors, usually its file name
 * @throws UserError `bad-log`, with the line
 */
export function readLog(text: string, where: string): Log {
  let header: LogHeader | null = null
  const events: LogEvent[] = []
  for (const [i, content] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(content)) continue
    const place = `${where}:${i + 1}`
    const data = parse(content, place)
    if (!isHeader(data)) events.push({ ...conform(eventSchema, data, place, eventKeys), line: i + 1 })
    else if (header === null && events.length === 0) header = conform(headerSchema, data, place, Object.keys(headerSchema.shape))
    else throw refuse(place, 'is a header, which only the first line can be; remove it, or validate each run by itself')
  }
  if (events.length === 0) throw refuse(where, 'has no events; write one a line, such as {"action": "timeout", "args": [0]}')
  return { header: header ?? {}, events }
}

const json = z.custom<Json>((value) => value !== undefined)

const eventSchema = z
  .strictObject({
    action: z.string().exactOptional(),
    args: z.union([z.array(json), z.strictObject({ each: json.exactOptional(), over: json.exactOptional() })]).exactOptional(),
    process: z.int().nullable().exactOptional(),
    state: z.record(z.string(), json).exactOptional(),
    time: json.exactOptional(),
    note: json.exactOptional(),
  })
  .transform(({ time: _, note: __, ...event }): LogEvent => event)

const eventKeys = ['action', 'args', 'process', 'state', 'time', 'note']

const headerSchema = z.strictObject({
  model: z.string().exactOptional(),
  constants: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
  bugs: z.array(z.string()).exactOptional(),
  hidden: z.array(z.string()).exactOptional(),
  maxHidden: z.int().nonnegative().exactOptional(),
})

function isHeader(data: object): boolean {
  return (
    !Object.hasOwn(data, 'action') &&
    !Object.hasOwn(data, 'state') &&
    Object.keys(headerSchema.shape).some((key) => Object.hasOwn(data, key))
  )
}

function parse(content: string, place: string): object {
  let data: unknown
  try {
    data = JSON.parse(content)
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
    throw refuse(place, `is not JSON (${why}); if the log was cut off here, remove the line`)
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data
  throw refuse(place, 'is not an event; write an object such as {"action": "timeout", "args": [0]}')
}

function conform<T>(schema: z.ZodType<T>, data: object, place: string, keys: readonly string[]): T {
  const result = schema.safeParse(data)
  if (result.success) {
    if (keys === eventKeys && !Object.hasOwn(data, 'action') && !Object.hasOwn(data, 'state'))
      throw refuse(place, 'says nothing: an event has an "action", a "state" or both')
    return result.data
  }
  const [issue] = result.error.issues
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    const [key = ''] = issue.keys
    throw refuse(place, `has an unknown field "${key}"${suggest(key, keys)}; what only people read goes into "note"`)
  }
  if (issue?.path[0] === 'args') throw refuse(place, 'args: expected a list, as in a trace, or an object with "each", "over" or both')
  const at = issue?.path.map(String).join('.') ?? ''
  throw refuse(
    place,
    `${at === '' ? '' : `${at}: `}${issue?.message.replace(/^Invalid input: /, '').replace(/\s+/g, ' ') ?? 'is not as expected'}`,
  )
}

function refuse(place: string, what: string): UserError {
  return new UserError('bad-log', `${place}: ${what}`)
}
