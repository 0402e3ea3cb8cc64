/** etcd, for traces of clients of Raft, on a private cluster, and for those of locks with leases, also on a server of the user's. */
import { UserError } from '../../../checker/index.ts'
import { LockAdapter } from '../locks/lock-adapter.ts'
import { lockPlan } from '../locks/lock-plan.ts'
import { RegisterAdapter } from '../registers/register-adapter.ts'
import { registerPlan } from '../registers/register-plan.ts'
import { levelFor, type OpenTarget, openInWorkplace, required, type Target, type TargetOptions } from '../target.ts'
import { EtcdClient } from './etcd-client.ts'
import { EtcdCluster, etcdProgram, etcdRemedy } from './etcd-cluster.ts'
import { EtcdLock } from './etcd-lock.ts'
import { EtcdRegister } from './etcd-register.ts'

const readLevels = ['serializable', 'linearizable'] as const
const lockLevels = ['unfenced', 'fenced'] as const

export const etcdTarget: Target = {
  name: 'etcd',
  about: 'etcd, a private cluster, or for locks a server of yours',
  models: ['raft-clients', 'chubby'],
  levels: [...readLevels, ...lockLevels],
  missing: () => (etcdProgram() === null ? etcdRemedy : null),
  plan: (replayed) => (replayed.trace.model === 'chubby' ? lockPlan(replayed) : registerPlan(replayed)),
  open: (options, { nodes = 3 }, { trace }) => (trace.model === 'chubby' ? openLock(options) : openRegister(options, nodes)),
}

async function openLock(options: TargetOptions): Promise<OpenTarget> {
  const { url, keep = false } = options
  const level = levelFor('chubby', lockLevels, options)
  const clusters: EtcdCluster[] = []
  const open = await openInWorkplace('etcd', options, async ({ workplace, name }) => {
    if (url === undefined) clusters.push(await EtcdCluster.start(workplace(), required(etcdProgram(), etcdRemedy), 3))
    const clients = clusters[0]?.clients ?? [await answering(url ?? '')]
    const root = `/${name}/`
    const lock = new EtcdLock(clients, { level, isFenced: level === 'fenced', root, keep })
    return { adapter: new LockAdapter(lock), where: `keys ${root}*` }
  })
  return closingToo(open, clusters)
}

/** @throws where no etcd is */
async function answering(url: string): Promise<EtcdClient> {
  const client = new EtcdClient(url)
  try {
    await client.status()
  } catch (error) {
    const { cause = error } = error as { readonly cause?: unknown }
    const said = `no etcd answers at ${url}: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new Error(said.replaceAll(/\/\/[^@/\s]*@/g, '//'))
  }
  return client
}

async function openRegister(options: TargetOptions, nodes: number): Promise<OpenTarget> {
  const reads = levelFor('raft-clients', readLevels, options)
  if (options.url !== undefined)
    throw new UserError('bad-option', 'etcd: such a trace holds what servers send each other, which takes private ones; leave --target out')
  const clusters: EtcdCluster[] = []
  const open = await openInWorkplace('etcd', options, async ({ workplace, name }) => {
    const cluster = await EtcdCluster.start(workplace(), required(etcdProgram(), etcdRemedy), nodes)
    clusters.push(cluster)
    return { adapter: new RegisterAdapter(new EtcdRegister(cluster, name, reads), nodes), where: `key ${name}` }
  })
  return closingToo(open, clusters)
}

function closingToo(open: OpenTarget, clusters: readonly EtcdCluster[]): OpenTarget {
  const close = async (): Promise<void> => {
    await open.close()
    for (const cluster of clusters) await cluster.close()
  }
  return { ...open, close }
}
