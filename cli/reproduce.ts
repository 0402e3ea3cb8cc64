/** The complete command that repeats a check. */
import type { CheckOptions } from '../checker/index.ts'

export interface CheckRequest extends CheckOptions {
  /** The model as the user named it. */
  readonly model: string
  /** As given: `30s`, `4g`. */
  readonly time?: string
  readonly memory?: string
  readonly minimize?: boolean
  readonly out?: string
  /** Judge this table, or all tables where it is `true`. */
  readonly table?: string | true
}

export function reproduceCommand(request: CheckRequest): string {
  const { strategy = 'bfs', seed = 1 } = request
  const randomized = strategy === 'random' || strategy === 'pct'
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ...Object.entries(request.constants ?? {}).map(([name, value]) => ['--set', `${name}=${String(value)}`] as const),
    ...(request.bugs ?? []).map((bug) => ['--bug', bug] as const),
    ...(request.properties ?? []).map((property) => ['--property', property] as const),
    ['--table', request.table === true ? undefined : request.table],
    ['--strategy', strategy === 'bfs' ? undefined : strategy],
    ['--seed', randomized ? seed : undefined],
    ['--walks', request.walks],
    ['--bug-depth', request.bugDepth],
    ['--max-states', request.maxStates],
    ['--max-depth', request.maxDepth],
    ['--time', request.time],
    ['--memory', request.memory],
    ['--max-violations', request.maxViolations],
  ]
  const switches = [
    ...(request.table === true ? ['--table'] : []),
    ...(request.fairness === false ? ['--no-fairness'] : []),
    ...(request.checkPurity === false ? ['--no-purity-check'] : []),
    ...(request.minimize === undefined ? [] : [request.minimize ? '--minimize' : '--no-minimize']),
  ]
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]))
  return ['counterpoint', 'check', request.model, ...given, ...switches].map(quoted).join(' ')
}

/** An argument as a POSIX shell reads it back. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
