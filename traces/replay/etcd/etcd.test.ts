/** Traces of clients of Raft and of locks with leases on three etcd servers; and what keeps them from happening there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chubby, raftClients } from '../../../models/index.ts'
import { LockAdapter } from '../locks/lock-adapter.ts'
import { RegisterAdapter } from '../registers/register-adapter.ts'
import { judgeRegister, registerPlan } from '../registers/register-plan.ts'
import { lateHolders, localReads, staleReads, traceOf } from '../registers/testing/cluster-traces.ts'
import { cutOff, isElected, lostWrite, reads, returns, scenario, waits, writes } from '../registers/testing/plain-scenario.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import type { Scenario } from '../scenario.ts'
import { Workplace } from '../servers/workplace.ts'
import { repeats } from '../testing/repeats.ts'
import type { EtcdClient } from './etcd-client.ts'
import { EtcdCluster, etcdProgram, etcdRemedy } from './etcd-cluster.ts'
import { EtcdLock } from './etcd-lock.ts'
import { type EtcdReads, EtcdRegister } from './etcd-register.ts'
import { etcdTarget } from './etcd-target.ts'

const stale = staleReads(registerPlan)
const deposed = registerPlan(traceOf(raftClients, 'linearizable', { bugs: ['stale-read-from-deposed-leader'] }))
const program = etcdProgram()

describe.skipIf(program === null)(`three etcd servers${program === null ? ` (skipped: ${etcdRemedy})` : ''}`, { timeout: 60_000 }, () => {
  let place: Workplace
  let cluster: EtcdCluster
  let runs = 0

  beforeAll(async () => {
    place = new Workplace('etcd-test')
    cluster = await EtcdCluster.start(place, program ?? '', 3)
  }, 120_000)
  afterAll(async () => {
    await place.close()
    await cluster.close()
  })

  const run = (of: Scenario, level: EtcdReads): Promise<RealRun> => {
    runs += 1
    return replayOn(new RegisterAdapter(new EtcdRegister(cluster, `run${runs}`, level), 3), of)
  }

  it.each(stale)('a serializable read at a follower is stale (%s)', { repeats }, async (level, plan) => {
    expect(await run(plan, 'serializable')).toMatchObject({ verdict: 'reproduced', reason: expect.stringContaining(`${level} violated`) })
  })

  it.each(stale)('a linearizable read waits instead (%s)', { repeats }, async (_, plan) => {
    expect(await run(plan, 'linearizable')).toMatchObject({
      verdict: 'prevented',
      reason: expect.stringMatching(/read at .: waits for the leader$/),
    })
  })

  it('a follower that nothing was kept from reads what was written', { repeats }, async () => {
    const [, plan] = stale[0] as (typeof stale)[number]
    const steps = plan.steps.flatMap((step) => {
      if (step.step.kind === 'operation' && step.step.operation === 'read')
        return [{ ...step, step: { kind: 'settle', node: '1' } as const, allowed: [{ kind: 'ok' } as const] }, step]
      return step.step.kind === 'operation' ? [{ ...step, allowed: [{ kind: 'ok' } as const] }] : []
    })
    expect(await run({ ...plan, steps }, 'serializable')).toMatchObject({ verdict: 'diverged', reason: 'client 0: read at 1: 1' })
  })

  it('a deposed leader answers a serializable read with what was there before, and no linearizable one', { repeats }, async () => {
    expect(await run(deposed, 'serializable')).toMatchObject({ verdict: 'reproduced' })
    expect(await run(deposed, 'linearizable')).toMatchObject({ verdict: 'prevented', reason: 'client 0: read at 0: waits for the leader' })
  })

  it('a member that was cut off is stale until it is back, and then linearizable reads do not wait any more', { repeats }, async () => {
    const steps = (level: EtcdReads) => [
      writes('A', 0, 1),
      cutOff(2),
      writes('A', 0, 2),
      level === 'serializable' ? reads('B', 2, 1) : waits('B', 2, 2),
      ...returns(2),
      reads('C', 2, 2),
    ]
    const judge: Scenario['judge'] = (history) => judgeRegister(history, 'linearizable')
    expect(await run(scenario('isolated', steps('serializable'), judge), 'serializable')).toMatchObject({ verdict: 'reproduced' })
    expect(await run(scenario('isolated', steps('linearizable'), judge), 'linearizable')).toMatchObject({
      verdict: 'diverged',
      reason: expect.stringContaining('linearizable holds'),
    })
  })

  const pending = { kind: 'blocked' } as const

  it('what a leader took that was cut off is lost, and what it had shown is gone when it is back', { repeats }, async () => {
    const steps = [
      writes('A', 0, 1),
      cutOff(0),
      writes('B', 0, 2, pending),
      isElected(1),
      reads('C', 1, 1),
      writes('C', 1, 3),
      reads('A', 0, 1),
      ...returns(0),
      reads('A', 0, 3),
      reads('C', 1, 3),
    ]
    expect(await run(scenario('a lost write', steps, lostWrite(2)), 'serializable')).toMatchObject({
      verdict: 'reproduced',
      reason: 'the write of 2 is lost: it was not answered, and after it was read 1, 1, 3, 3',
    })
  })

  it('what a leader took that is not cut off is not lost', { repeats }, async () => {
    const steps = [writes('A', 0, 1), writes('B', 0, 2), isElected(1), reads('C', 1, 2), writes('C', 1, 3), reads('C', 1, 3)]
    expect(await run(scenario('no lost write', steps, lostWrite(2)), 'linearizable')).toMatchObject({
      verdict: 'diverged',
      reason: expect.stringContaining('the write of 2 is not lost: it was answered'),
    })
  })

  const hold = async (of: Scenario, acts: 'fenced' | 'unfenced'): Promise<RealRun> => {
    runs += 1
    await cluster.ready()
    return replayOn(new LockAdapter(new EtcdLock(cluster.clients, { level: acts, isFenced: acts === 'fenced', root: `/run${runs}/` })), of)
  }

  it.each(lateHolders)('a holder acts after the next one has (%s)', { repeats }, async (_, plan) => {
    expect(await hold(plan, 'unfenced')).toMatchObject({
      verdict: 'reproduced',
      reason: expect.stringMatching(/^fenced-lock violated: .* as holder 2, then for client \d as holder 1$/),
    })
  })

  it.each(lateHolders)(
    'a transaction that compares the revision of the lock refuses the former holder (%s)',
    { repeats },
    async (_, plan) => {
      expect(await hold(plan, 'fenced')).toMatchObject({
        verdict: 'prevented',
        reason: expect.stringMatching(/act: error FENCED: the lock was created at revision \d+, and not at \d+$/),
      })
    },
  )

  it('without the end of the lease, the lock keeps the second client out', { repeats }, async () => {
    const [, plan] = lateHolders[0] as (typeof lateHolders)[number]
    const steps = plan.steps.filter(({ step }) => step.kind !== 'expire')
    expect(await hold({ ...plan, steps }, 'unfenced')).toMatchObject({
      verdict: 'prevented',
      reason: 'client 1: acquire the lock: another client holds it',
    })
  })

  it('replays locks on a server of the user, whose links are not ours', { repeats }, async () => {
    const { url } = cluster.clients[0] as EtcdClient
    const locks = traceOf(chubby, 'ordered', { bugs: ['no-sequencer-check'] })
    await cluster.ready()
    const open = await etcdTarget.open({ url, level: 'fenced' }, etcdTarget.plan(locks), locks)
    expect(await replayOn(open.adapter, etcdTarget.plan(locks))).toMatchObject({ verdict: 'prevented' })
    await open.close()
    const registers = traceOf(raftClients, 'linearizable', { constants: localReads })
    await expect(etcdTarget.open({ url }, etcdTarget.plan(registers), registers)).rejects.toThrow('leave --target out')
    await expect(etcdTarget.open({ url, level: 'serializable' }, etcdTarget.plan(locks), locks)).rejects.toThrow(
      'is not for traces of chubby',
    )
  })

  it('says where no etcd answers', async () => {
    const locks = traceOf(chubby, 'ordered', { bugs: ['no-sequencer-check'] })
    const open = etcdTarget.open({ url: 'http://me:secret@127.0.0.1:1' }, etcdTarget.plan(locks), locks)
    await expect(open).rejects.toThrow(/^no etcd answers at http:\/\/127\.0\.0\.1:1: (?!.*secret)/)
  })

  it('leaves no locks, and no leases, behind', async () => {
    expect(await cluster.clients[0]?.get(`/run${runs}/lock`)).toBeNull()
    expect(await cluster.clients[0]?.leases()).toEqual([])
  })
})
