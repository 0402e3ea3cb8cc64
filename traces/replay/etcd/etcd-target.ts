/** etcd, a private cluster, for traces of clients of Raft. */
import { UserError } from '../../../checker/index.ts'
import { RegisterAdapter } from '../registers/register-adapter.ts'
import { registerPlan } from '../registers/register-plan.ts'
import { type OpenTarget, openInWorkplace, required, type Target, type TargetOptions } from '../target.ts'
import { EtcdCluster, etcdProgram, etcdRemedy } from './etcd-cluster.ts'
import { EtcdRegister } from './etcd-register.ts'

export const etcdTarget: Target = {
  name: 'etcd',
  about: 'etcd, a private cluster',
  models: ['raft-clients'],
  levels: ['serializable', 'linearizable'],
  missing: () => (etcdProgram() === null ? etcdRemedy : null),
  plan: registerPlan,
  open: (options, { nodes = 3 }) => openRegister(options, nodes),
}

async function openRegister(options: TargetOptions, nodes: number): Promise<OpenTarget> {
  const { url, level } = options
  if (url !== undefined)
    throw new UserError(
      'bad-option',
      'such a trace needs links between the servers that we can hold, as private ones have; leave --target out',
    )
  const clusters: EtcdCluster[] = []
  const open = await openInWorkplace('etcd', options, async ({ workplace, name }) => {
    const cluster = await EtcdCluster.start(workplace(), required(etcdProgram(), etcdRemedy), nodes)
    clusters.push(cluster)
    const register = new EtcdRegister(cluster, name, level === 'linearizable' ? 'linearizable' : 'serializable')
    return { adapter: new RegisterAdapter(register, nodes), where: `key ${name}` }
  })
  const close = async (): Promise<void> => {
    await open.close()
    for (const cluster of clusters) await cluster.close()
  }
  return { ...open, close }
}
