/** Locks in Redis, for traces of the model chubby. */
import { UserError } from '../../../checker/index.ts'
import { LockAdapter } from '../locks/lock-adapter.ts'
import { lockPlan } from '../locks/lock-plan.ts'
import { openInWorkplace, refuseToKeep, required, type Target } from '../target.ts'
import { RedisLock } from './redis-lock.ts'
import { type RedisAddress, RedisConnection, RedisServer, redisProgram, redisRemedy } from './redis-server.ts'

const [single, fenced, redlock] = ['SET NX PX', 'SET NX PX with fencing token', 'Redlock'] as const

export const redisLockTarget: Target = {
  name: 'redis-lock',
  about: 'a lock in Redis, or in five servers, a private server or one of yours',
  models: ['chubby'],
  levels: [single, fenced, redlock],
  missing: () => (redisProgram() === null ? redisRemedy : null),
  plan: lockPlan,
  open: (options) =>
    openInWorkplace('redis-lock', options, async ({ workplace, name }) => {
      refuseToKeep('redis-lock', options)
      const { url, level = single, keep = false } = options
      if (url !== undefined && level === redlock)
        throw new UserError('bad-option', `${redlock} takes five servers; leave --target out, and they are started`)
      const servers: RedisAddress[] = url === undefined ? [] : [{ url }]
      for (const address of servers) (await RedisConnection.open(address)).close()
      while (servers.length < (level === redlock ? 5 : 1)) {
        const { address } = await RedisServer.start(workplace(), required(redisProgram(), redisRemedy))
        servers.push(address)
      }
      const lock = new RedisLock(servers, { level, root: `${name}:`, isFenced: level === fenced, keep })
      return { adapter: new LockAdapter(lock), where: `keys ${name}:*` }
    }),
}
