/** ZooKeeper, for traces of clients of a replicated register, and of locks that end with a session: a private ensemble. */
import { UserError } from '../../../checker/index.ts'
import type { Replay } from '../../replay.ts'
import { LockAdapter } from '../locks/lock-adapter.ts'
import { lockPlan } from '../locks/lock-plan.ts'
import { RegisterAdapter } from '../registers/register-adapter.ts'
import { nameOf, registerPlan } from '../registers/register-plan.ts'
import type { Scenario } from '../scenario.ts'
import { levelFor, type OpenTarget, openInWorkplace, required, type Target, type TargetOptions } from '../target.ts'
import { ZookeeperEnsemble, zookeeperPrograms, zookeeperRemedy } from './zookeeper-ensemble.ts'
import { ZookeeperLock } from './zookeeper-lock.ts'
import { ZookeeperRegister } from './zookeeper-register.ts'

const readLevels = ['as the server has it', 'after sync'] as const
const lockLevels = ['unfenced', 'fenced'] as const

export const zookeeperTarget: Target = {
  name: 'zookeeper',
  about: 'ZooKeeper, a private ensemble',
  models: ['raft-clients', 'chubby'],
  levels: [...readLevels, ...lockLevels],
  missing: () => (zookeeperPrograms() === null ? zookeeperRemedy : null),
  plan: (replayed) => (replayed.trace.model === 'chubby' ? lockPlan(replayed) : zookeeperRegisterPlan(replayed)),
  open: (options, scenario, { trace }) => openEnsemble(options, scenario, trace),
}

/** @throws UserError `bad-option` where another server than the first is elected: that is not for us to say */
export function zookeeperRegisterPlan(replayed: Replay): Scenario {
  const elected = replayed.trace.steps.find(({ action, args }) => action === 'timeout' && args[0] !== 0)
  if (elected !== undefined)
    throw new UserError('bad-option', `ZooKeeper elects its leader itself, and in this trace server ${elected.args[0]} is elected`)
  return registerPlan(replayed)
}

async function openEnsemble(options: TargetOptions, scenario: Scenario, { model, constants }: Replay['trace']): Promise<OpenTarget> {
  const { url, keep = false } = options
  const isLock = model === 'chubby'
  const level = isLock ? levelFor(model, lockLevels, options) : lockLevels[0]
  const reads = isLock ? readLevels[0] : levelFor(model, readLevels, options)
  if (url !== undefined)
    throw new UserError('bad-option', 'zookeeper: such a trace needs the servers, or the sessions, for itself; leave --target out')
  const actors = Array.from({ length: constants['clients'] as number }, (_, i) => nameOf(i))
  const ensembles: ZookeeperEnsemble[] = []
  const open = await openInWorkplace('zookeeper', options, async ({ workplace, name }) => {
    const ensemble = await ZookeeperEnsemble.start(workplace(), required(zookeeperPrograms(), zookeeperRemedy), scenario.nodes ?? 3)
    ensembles.push(ensemble)
    const path = `/${name}`
    const adapter = isLock
      ? new LockAdapter(new ZookeeperLock(ensemble.ports, { level, isFenced: level === 'fenced', root: `${path}/`, keep }))
      : new RegisterAdapter(new ZookeeperRegister(ensemble, { path, reads, actors }), scenario.nodes ?? 3)
    return { adapter, where: `node ${path}` }
  })
  const close = async (): Promise<void> => {
    await open.close()
    for (const ensemble of ensembles) await ensemble.close()
  }
  return { ...open, close }
}
