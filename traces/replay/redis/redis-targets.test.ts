/** The targets that start Redis servers of their own, as the command line opens them. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, type Model } from '../../../checker/index.ts'
import { chubby, chubbyCell, dynamo } from '../../../models/index.ts'
import { type Replay, replay } from '../../replay.ts'
import { replayOn } from '../replayer.ts'
import { Workplace } from '../servers/workplace.ts'
import type { TargetOptions } from '../target.ts'
import { targetNamed } from '../targets.ts'
import { RedisConnection, RedisServer, redisProgram, redisRemedy } from './redis-server.ts'

const program = redisProgram()

function traceOf(model: Model, property: string, bugs: readonly string[], constants: Readonly<Record<string, number>> = {}): Replay {
  const [violation] = check(model, { bugs, properties: [property], constants }).violations
  if (violation === undefined) throw new Error(`${property} is not violated`)
  return replay(model, { ...violation.trace, part: violation.part })
}

const twoHolders = traceOf(chubby, 'ordered', ['no-sequencer-check'])
const twoMasters = traceOf(chubbyCell, 'oneMaster', ['promise-forgotten'])
const newThenOld = traceOf(dynamo, 'linearizable', [], { reads: 2 })

describe.skipIf(program === null)(`targets of Redis${program === null ? ` (${redisRemedy})` : ''}`, () => {
  const run = async (name: string, replayed: Replay, options: TargetOptions = {}): Promise<{ verdict: string; where: string }> => {
    const target = targetNamed(name, options)
    const scenario = target.plan(replayed)
    const { adapter, where, close } = await target.open(options, scenario, replayed)
    try {
      return { verdict: (await replayOn(adapter, scenario)).verdict, where }
    } finally {
      await close()
    }
  }

  it.each([
    ['redis-lock', 'SET NX PX', 'reproduced', twoHolders],
    ['redis-lock', 'SET NX PX with fencing token', 'prevented', twoHolders],
    ['redis-lock', 'Redlock', 'reproduced', twoHolders],
    ['redlock', 'appendonly no', 'reproduced', twoMasters],
    ['redlock', 'appendfsync always', 'prevented', twoMasters],
    ['redis-quorum', 'as in the trace', 'reproduced', newThenOld],
    ['redis-quorum', 'write-back', 'prevented', newThenOld],
  ] as const)('%s, %s: %s, and nothing is left', async (name, level, expected, replayed) => {
    const { verdict, where } = await run(name, replayed, { level })
    expect(verdict).toBe(expected)
    const [, folder = ''] = /in (\S+)$/.exec(where) ?? []
    expect(folder).not.toBe('')
    expect(existsSync(folder)).toBe(false)
  })

  describe('with a server of the user', () => {
    let place: Workplace
    let url = ''
    beforeAll(async () => {
      place = new Workplace('redis-targets-test')
      const { port } = await RedisServer.start(place, program ?? '')
      url = `redis://127.0.0.1:${port}/0`
    })
    afterAll(() => place?.close())

    it('redis-lock touches only keys of its own', async () => {
      const own = await RedisConnection.open({ url })
      await own.ask('SET', 'lock', 'mine')
      expect(await run('redis-lock', twoHolders, { url })).toMatchObject({ verdict: 'reproduced' })
      expect(await own.ask('KEYS', '*')).toEqual(['lock'])
      expect(await own.ask('GET', 'lock')).toBe('mine')
      own.close()
    })

    it.each([
      ['redis-lock', { level: 'Redlock' }, twoHolders, 'Redlock takes five servers'],
      ['redlock', {}, twoMasters, 'redlock takes several servers'],
      ['redis-quorum', {}, newThenOld, 'redis-quorum takes several servers'],
    ] as const)('%s %j says what one server is not enough for', async (name, options, replayed, why) => {
      await expect(run(name, replayed, { ...options, url })).rejects.toThrow(why)
    })
  })
})
