/** Quorums over independent Redis servers, for traces of the model dynamo. */
import { UserError } from '../../../checker/index.ts'
import type { Replay } from '../../replay.ts'
import { quorumPlan } from '../quorum/quorum-plan.ts'
import type { QuorumOptions } from '../quorum/quorum-request.ts'
import { openInWorkplace, refuseToKeep, required, type Target } from '../target.ts'
import { RedisQuorum, type RedisQuorumOptions } from './redis-quorum.ts'
import { RedisServer, redisProgram, redisRemedy } from './redis-server.ts'

/** What is done otherwise than in the trace. */
const levels: Readonly<Record<string, (as: QuorumOptions) => Partial<QuorumOptions>>> = {
  'as in the trace': () => ({}),
  'R + W > N': ({ N, W }) => ({ R: N - W + 1 }),
  'write-back': () => ({ writeBack: 'at once' }),
  'timestamps after the newest': () => ({ stamps: 'query at once' }),
  'strict quorum': () => ({ quorum: 'strict' }),
}

const [usualLevel = ''] = Object.keys(levels)

/** Servers write what they store to a file before they answer: a crash of the process loses nothing. */
export const durableSettings: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always']

export const redisQuorumTarget: Target = {
  name: 'redis-quorum',
  about: 'independent Redis servers under a coordinator of quorums that is our own, private servers',
  models: ['dynamo'],
  levels: Object.keys(levels),
  missing: () => (redisProgram() === null ? redisRemedy : null),
  plan: quorumPlan,
  open: (options, { nodes = 3 }, replayed) =>
    openInWorkplace('redis-quorum', options, async ({ workplace, name }) => {
      refuseToKeep('redis-quorum', options)
      const { url, level = usualLevel } = options
      if (url !== undefined) throw new UserError('bad-option', 'redis-quorum takes several servers, and crashes them; leave --target out')
      const program = required(redisProgram(), redisRemedy)
      const servers: RedisServer[] = []
      while (servers.length < nodes) servers.push(await RedisServer.start(workplace(), program, durableSettings))
      return { adapter: new RedisQuorum(servers, quorumOptions(replayed, level, name)), where: `keys ${name}*` }
    }),
}

/** As in the trace but for the level. */
export function quorumOptions({ trace, states, simulation }: Replay, level: string, key: string): RedisQuorumOptions {
  const { N, R, W, nodes, quorum, readRepair, stamps } = trace.constants as unknown as Constants
  const first = simulation.record(states[0] ?? [])
  const ahead = Array.from({ length: nodes }, (_, i) => first[`ahead[${i}]`] as number)
  const writeBack = { none: 'none', async: 'after', sync: 'before' } as const
  const as: QuorumOptions = { N, R, W, quorum, stamps, writeBack: writeBack[readRepair] }
  return { ...as, ...levels[level]?.(as), level, isAsInTrace: level === usualLevel, key, ahead }
}

interface Constants extends Pick<QuorumOptions, 'N' | 'R' | 'W' | 'quorum'> {
  readonly nodes: number
  readonly readRepair: 'none' | 'async' | 'sync'
  readonly stamps: 'clock' | 'query'
}
