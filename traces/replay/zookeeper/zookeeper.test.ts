/** Traces of clients of a replicated register and of locks that end with a session on three ZooKeeper servers; and what keeps them from happening. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { raftClients } from '../../../models/index.ts'
import type { RealStep } from '../adapter.ts'
import { LockAdapter } from '../locks/lock-adapter.ts'
import { RegisterAdapter } from '../registers/register-adapter.ts'
import { judgeRegister } from '../registers/register-plan.ts'
import { actorsOf, lateHolders, staleReads, traceOf } from '../registers/testing/cluster-traces.ts'
import { reads, scenario, waits, writes } from '../registers/testing/plain-scenario.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import type { Scenario } from '../scenario.ts'
import { Workplace } from '../servers/workplace.ts'
import { repeats } from '../testing/repeats.ts'
import { ZookeeperConnection } from './zookeeper-connection.ts'
import { ZookeeperEnsemble, zookeeperPrograms, zookeeperRemedy } from './zookeeper-ensemble.ts'
import { ZookeeperLock } from './zookeeper-lock.ts'
import { type ZookeeperReads, ZookeeperRegister } from './zookeeper-register.ts'
import { zookeeperRegisterPlan } from './zookeeper-target.ts'

const stale = staleReads(zookeeperRegisterPlan)
const programs = zookeeperPrograms()

describe.skipIf(programs === null)(
  `three ZooKeeper servers${programs === null ? ` (skipped: ${zookeeperRemedy})` : ''}`,
  { timeout: 60_000 },
  () => {
    let place: Workplace
    let ensemble: ZookeeperEnsemble
    let runs = 0

    beforeAll(async () => {
      place = new Workplace('zookeeper-test')
      ensemble = await ZookeeperEnsemble.start(place, programs as NonNullable<typeof programs>, 3)
    }, 120_000)
    afterAll(async () => {
      await place.close()
      await ensemble.close()
    })

    const run = (of: Scenario, level: ZookeeperReads): Promise<RealRun> => {
      runs += 1
      const register = new ZookeeperRegister(ensemble, { path: `/run${runs}`, reads: level, actors: actorsOf(of) })
      return replayOn(new RegisterAdapter(register, 3), of)
    }

    it.each(stale)('a read at a follower is stale (%s)', { repeats }, async (level, plan) => {
      expect(await run(plan, 'as the server has it')).toMatchObject({
        verdict: 'reproduced',
        reason: expect.stringContaining(`${level} violated`),
      })
    })

    it.each(stale)('after a sync, it waits instead (%s)', { repeats }, async (_, plan) => {
      expect(await run(plan, 'after sync')).toMatchObject({
        verdict: 'prevented',
        reason: expect.stringMatching(/read at .: waits for the leader$/),
      })
    })

    const link = (mode: 'hold' | 'pass'): readonly [string, RealStep, { readonly kind: 'ok' }] => [
      `0 → 1: ${mode}`,
      { kind: 'link', from: '0', to: '1', mode },
      { kind: 'ok' },
    ]
    const settled = ['1: catches up', { kind: 'settle', node: '1' }, { kind: 'ok' }] as const
    const linearizable: Scenario['judge'] = (history) => judgeRegister(history, 'linearizable')

    it('a follower is stale while it hears nothing of its leader, and a sync waits until it does', { repeats }, async () => {
      const steps = (first: ReturnType<typeof reads>) => [
        ...[writes('A', 0, 1), settled, link('hold'), writes('A', 0, 2)],
        ...[first, link('pass'), settled, reads('C', 1, 2)],
      ]
      expect(await run(scenario('held', steps(reads('B', 1, 1)), linearizable), 'as the server has it')).toMatchObject({
        verdict: 'reproduced',
      })
      expect(await run(scenario('held', steps(waits('B', 1, 2)), linearizable), 'after sync')).toMatchObject({
        verdict: 'diverged',
        reason: expect.stringContaining('linearizable holds'),
      })
    })

    it('a follower that is cut off answers no reads at all', { repeats }, async () => {
      const [, plan] = stale[0] as (typeof stale)[number]
      const steps = [
        ...plan.steps.slice(0, -1),
        ...plan.steps.slice(-1).map((last) => ({ ...last, step: { ...last.step, node: '2' } as RealStep })),
      ]
      expect(await run({ ...plan, steps }, 'as the server has it')).toMatchObject({
        verdict: 'prevented',
        reason: expect.stringContaining('CONNECTIONLOSS'),
      })
    })

    it('is not asked to elect another leader', () => {
      const deposed = traceOf(raftClients, 'linearizable', { bugs: ['stale-read-from-deposed-leader'] })
      expect(() => zookeeperRegisterPlan(deposed)).toThrow('ZooKeeper elects its leader itself, and in this trace server 1 is elected')
    })

    const hold = async (of: Scenario, acts: 'fenced' | 'unfenced'): Promise<RealRun> => {
      runs += 1
      await ensemble.ready()
      return replayOn(
        new LockAdapter(new ZookeeperLock(ensemble.ports, { level: acts, isFenced: acts === 'fenced', root: `/run${runs}/` })),
        of,
      )
    }

    it.each(lateHolders)('the owner of an ephemeral node acts after its session and the next owner (%s)', { repeats }, async (_, plan) => {
      expect(await hold(plan, 'unfenced')).toMatchObject({
        verdict: 'reproduced',
        reason: expect.stringMatching(/^fenced-lock violated: .* as holder 2, then for client \d as holder 1$/),
      })
    })

    it.each(lateHolders)('a resource that compares the zxids of creation refuses the former owner (%s)', { repeats }, async (_, plan) => {
      expect(await hold(plan, 'fenced')).toMatchObject({
        verdict: 'prevented',
        reason: expect.stringMatching(/act: error FENCED: the lock was created at zxid \d+, and one at \d+ has acted since$/),
      })
    })

    it('without the end of the session, the lock keeps the second client out', { repeats }, async () => {
      const [, plan] = lateHolders[0] as (typeof lateHolders)[number]
      const steps = plan.steps.filter(({ step }) => step.kind !== 'expire')
      expect(await hold({ ...plan, steps }, 'unfenced')).toMatchObject({ verdict: 'prevented' })
    })

    it('ends a session that another connection has taken over, which its owner learns when it asks', { repeats }, async () => {
      const [first = 0, second = 0] = ensemble.ports
      runs += 1
      const path = `/run${runs}`
      const owner = await ZookeeperConnection.open(first)
      await owner.create(path, '', { isEphemeral: true })
      const taker = await ZookeeperConnection.open(second, owner.session)
      await taker.closeSession()
      const other = await ZookeeperConnection.open(first)
      await other.sync(path)
      expect(await other.stat(path)).toBeNull()
      await expect(owner.set('/', '')).rejects.toMatchObject({ name: 'ZookeeperError' })
      await expect(ZookeeperConnection.open(first, owner.session)).rejects.toMatchObject({ code: 'SESSIONEXPIRED' })
      owner.drop()
      other.drop()
    })
  },
)
