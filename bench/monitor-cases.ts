/** Models whose clients are watched, in sizes at which their histories can also be kept whole, at least for a while. */
import type { Model } from 'counterpoint'
import { abdRegister, singleCopyRegister } from 'counterpoint/models'

export interface MonitorCase {
  readonly title: string
  readonly model: Model
  readonly constants: Readonly<Record<string, number>>
}

export function monitorCases(smoke: boolean): readonly MonitorCase[] {
  const single = (clients: number): MonitorCase => ({
    title: `single-copy register, ${clients} clients`,
    model: singleCopyRegister,
    constants: { clients },
  })
  const abd = (readers: number, reads: number): MonitorCase => ({
    title: `ABD register, ${1 + readers} clients, ${readers * reads} ${readers * reads === 1 ? 'read' : 'reads'}`,
    model: abdRegister,
    constants: { readers, reads },
  })
  return smoke ? [single(2)] : [single(2), single(3), single(4), abd(1, 1), abd(1, 2), abd(2, 1)]
}
