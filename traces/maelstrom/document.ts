/** A schedule as a file: everything that a run needs but the program itself, and what went wrong. */
import { z } from 'zod'
import { UserError } from '../../checker/index.ts'
import type { Value } from '../../properties/index.ts'
import type { Step } from './schedule.ts'

export interface ScheduleDocument {
  readonly maelstrom: typeof scheduleVersion
  readonly workload: string
  readonly bin: string
  readonly args: readonly string[]
  readonly nodes: number
  readonly clients: number
  readonly clock: 'virtual' | 'real'
  readonly level?: string | undefined
  readonly seed: number
  /** What went wrong: the kind, such as `consistency` or `ended`, and a sentence. */
  readonly found: { readonly kind: string; readonly reason: string }
  readonly steps: readonly Step[]
}

export const scheduleVersion = 1

/** One line per step, so that schedules compare line by line. */
export function writeSchedule({ steps, ...head }: ScheduleDocument): string {
  const fields = Object.entries(head).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${JSON.stringify(name)}: ${JSON.stringify(value)}`],
  )
  const lines = steps.map((step) => `    ${JSON.stringify(step)}`)
  return `{\n${[...fields, `  "steps": [\n${lines.join(',\n')}\n  ]`].join(',\n')}\n}\n`
}

/**
 * @param where what to call the file in errors
 * @throws UserError `bad-trace`
 */
export function readSchedule(text: string, where: string): ScheduleDocument {
  const remedy = 'give a file that counterpoint maelstrom --out has written'
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new UserError('bad-trace', `${where}: is not JSON; ${remedy}`)
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const place = parsed.error.issues[0]?.path.join('.') || 'the document'
  throw new UserError('bad-trace', `${where}: ${place} is not as in a schedule of Maelstrom nodes; ${remedy}`)
}

// What JSON.parse returned are values already.
const value = z.custom<Value>((given) => given !== undefined)

const step: z.ZodType<Step> = z.discriminatedUnion('do', [
  z.object({ do: z.literal('invoke'), client: z.string(), f: z.string(), value, key: value.optional() }),
  z.object({ do: z.literal('deliver'), message: z.string(), pick: z.int().nonnegative().optional() }),
  z.object({ do: z.literal('drop'), message: z.string() }),
  z.object({ do: z.literal('duplicate'), message: z.string() }),
  z.object({ do: z.literal('partition'), groups: z.array(z.array(z.string())) }),
  z.object({ do: z.literal('heal') }),
  z.object({ do: z.literal('advance'), ms: z.int().positive() }),
])

const schema: z.ZodType<ScheduleDocument> = z.object({
  maelstrom: z.literal(scheduleVersion),
  workload: z.string(),
  bin: z.string(),
  args: z.array(z.string()),
  nodes: z.int().positive(),
  clients: z.int().positive(),
  clock: z.enum(['virtual', 'real']),
  level: z.string().optional(),
  seed: z.int(),
  found: z.object({ kind: z.string(), reason: z.string() }),
  steps: z.array(step),
})
