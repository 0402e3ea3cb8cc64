/** Redlock, for traces of the model chubby-cell. */
import { UserError } from '../../../checker/index.ts'
import { electionPlan } from '../locks/election-plan.ts'
import { openInWorkplace, required, type Target } from '../target.ts'
import { RedisServer, redisProgram, redisRemedy } from './redis-server.ts'
import { Redlock } from './redlock.ts'

/** What servers keep when they crash, as settings. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  'appendonly no': [],
  'appendfsync always': ['--appendonly', 'yes', '--appendfsync', 'always'],
}

const [usualLevel = ''] = Object.keys(settingsOf)

export const redlockTarget: Target = {
  name: 'redlock',
  about: 'a lock that a majority of Redis servers grants, private servers',
  models: ['chubby-cell'],
  levels: Object.keys(settingsOf),
  missing: () => (redisProgram() === null ? redisRemedy : null),
  plan: electionPlan,
  open: (options, { nodes = 5 }) =>
    openInWorkplace('redlock', options, async ({ workplace, name }) => {
      const { url, level = usualLevel } = options
      if (url !== undefined) throw new UserError('bad-option', 'redlock takes several servers, and crashes them; leave --target out')
      const program = required(redisProgram(), redisRemedy)
      const servers: RedisServer[] = []
      while (servers.length < nodes) servers.push(await RedisServer.start(workplace(), program, settingsOf[level]))
      return { adapter: new Redlock(servers, { level, key: name }), where: `key ${name}` }
    }),
}
