/**
 * A trace as a JSON document with a schema version. Documents come from disk and from other people, so everything is
 * validated on reading, and an error is one line: the file, the place inside, what was expected, and what to do.
 */
import { z } from 'zod'
import { type Json, type Trace, UserError } from '../checker/index.ts'
import { livenessKinds } from '../checker/language/properties.ts'
import { type RecordedRun, recordedRunSchema } from './replay/recorded-run.ts'

/** A trace with what only a document needs. */
export interface TraceDocument extends Trace {
  /** The part that failed, of a property made of named parts. */
  readonly part?: string | null
  /** The user's model file, relative to the folder of the document; absent for the models of this package. */
  readonly file?: string
  /** What a real system made of it. */
  readonly real?: RecordedRun
}

/** The properties of the model that a trace is about. */
export function propertiesOf({ property, kind }: TraceDocument): readonly string[] {
  return kind === 'path' ? [] : [property]
}

/** The version of the format that this package reads and writes. */
export const traceSchema = 1

/**
 * Reads a trace document; fields that it does not know are left out.
 * @param where what to call the document in errors, usually its file name
 * @throws UserError `bad-trace`
 */
export function readTrace(text: string, where: string): TraceDocument {
  const data = parse(text, where)
  if (typeof data !== 'object' || data === null || Array.isArray(data) || !('schema' in data)) {
    throw refuse(where, 'is not a Counterpoint trace: it has no "schema"', 'write one with counterpoint check --out')
  }
  if (data.schema !== traceSchema) {
    const found = JSON.stringify(data.schema) ?? 'nothing'
    throw refuse(
      where,
      `schema: expected ${traceSchema}, found ${found.slice(0, 40)}`,
      'read it with the version of counterpoint that wrote it, or check the model again',
    )
  }
  const result = documentSchema.safeParse(data)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = pathOf(issue?.path ?? [])
  throw refuse(where, `${path ? `${path}: ` : ''}${expectation(issue, data)}`, 'write the trace again with counterpoint check --out')
}

/** The document as text: one line per field, per initial slot and per step, so that two traces compare line by line. */
export function writeTrace(trace: TraceDocument): string {
  const { initial, steps, ...head } = trace
  const fields = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  const slots = Object.entries(initial).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  const lines = steps.map(({ action, args, process }) => `    ${JSON.stringify({ action, args, process })}`)
  return `{\n${[...fields, block('initial', '{', slots, '}'), block('steps', '[', lines, ']')].join(',\n')}\n}\n`
}

const constant = z.union([z.number(), z.boolean(), z.string()])
// What JSON.parse returned is JSON already.
const json = z.custom<Json>()

const documentSchema: z.ZodType<TraceDocument> = z.object({
  schema: z.literal(traceSchema),
  model: z.string(),
  constants: z.record(z.string(), constant),
  bugs: z.array(z.string()),
  strategy: z.enum(['bfs', 'dfs', 'random', 'pct', 'by-hand']),
  seed: z.number().nullable(),
  property: z.string(),
  kind: z.enum(['always', 'sometimes', 'step', 'deadlock', 'path', ...livenessKinds]),
  message: z.string(),
  part: z.string().nullable().exactOptional(),
  file: z.string().exactOptional(),
  real: recordedRunSchema.exactOptional(),
  fairness: z.literal(false).exactOptional(),
  loop: z.int().nonnegative().exactOptional(),
  initial: z.record(z.string(), json),
  steps: z.array(z.object({ action: z.string(), args: z.array(json), process: z.number().nullable() })),
})

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
    const at = /position (\d+)/.exec(message)?.[1]
    const place = at === undefined ? '' : `${position(text, Number(at))}: `
    throw refuse(where, `${place}is not JSON (${message})`, 'the file is damaged; write the trace again with counterpoint check --out')
  }
}

function position(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i ? '.' : ''}${String(key)}`)).join('')
}

function expectation(issue: z.core.$ZodIssue | undefined, data: unknown): string {
  if (issue === undefined) return 'does not have the form of a trace'
  const parent = issue.path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], data)
  const missing =
    issue.path.length > 0 && typeof parent === 'object' && parent !== null && !Object.hasOwn(parent, issue.path.at(-1) as PropertyKey)
  const text = issue.message.replace(/^Invalid (?:input|option): /, '').replace(/\s+/g, ' ')
  return missing ? `is missing (${text.replace(/, received undefined$/, '')})` : text
}

function refuse(where: string, what: string, remedy: string): UserError {
  return new UserError('bad-trace', `${where}: ${what}; ${remedy}`)
}

function block(name: string, open: string, lines: readonly string[], close: string): string {
  return lines.length === 0 ? `  "${name}": ${open}${close}` : `  "${name}": ${open}\n${lines.join(',\n')}\n  ${close}`
}
