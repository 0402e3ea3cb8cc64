/** The complete command that judges a history again. */
import kebabCase from 'lodash/kebabCase.js'
import type { Value } from '../properties/index.ts'
import { quoted } from './reproduce.ts'

/** What the user has said of how to judge, as it was read: durations in milliseconds, sizes in bytes. */
export interface VerifyRequest {
  readonly model?: string
  readonly level?: string
  readonly format?: string
  readonly initial?: Value
  readonly fail?: string | Readonly<Record<string, string>> | undefined
  readonly nil?: string | undefined
  readonly neverWritten?: string | undefined
  readonly ties?: string
  readonly versions?: string
  readonly negativeBalances?: true
  readonly independent?: boolean
  readonly k?: number
  readonly delta?: number
  readonly quiet?: number
  readonly algorithm: string
  readonly stream?: boolean
  readonly time: number
  readonly memory?: number
}

/** Where no limit of time was given. */
export const defaultTime = 60_000

export function verifyCommand(file: string, request: VerifyRequest): string {
  const { fail, initial, delta, quiet, time, memory } = request
  const fails = typeof fail === 'object' ? Object.entries(fail).map(([f, meaning]) => `${f}=${meaning}`) : fail === undefined ? [] : [fail]
  const plain = (['model', 'level', 'format', 'nil', 'neverWritten', 'ties', 'versions', 'k'] as const).flatMap((name) =>
    request[name] === undefined ? [] : [`--${kebabCase(name)}`, String(request[name])],
  )
  const switches = [
    ...(request.negativeBalances ? ['--negative-balances'] : []),
    ...(['independent', 'stream'] as const).flatMap((name) =>
      request[name] === undefined ? [] : [request[name] ? `--${name}` : `--no-${name}`],
    ),
  ]
  const given = [
    ...plain,
    ...(initial === undefined ? [] : ['--initial', JSON.stringify(initial)]),
    ...fails.flatMap((one) => ['--fail', one]),
    ...(delta === undefined ? [] : ['--delta', `${delta}ms`]),
    ...(quiet === undefined ? [] : ['--quiet', `${quiet}ms`]),
    ...(request.algorithm === 'auto' ? [] : ['--algorithm', request.algorithm]),
    ...(time === defaultTime ? [] : ['--time', `${time}ms`]),
    ...(memory === undefined ? [] : ['--memory', `${memory / 2 ** 10}k`]),
    ...switches,
  ]
  return ['counterpoint', 'verify', file, ...given].map(quoted).join(' ')
}
