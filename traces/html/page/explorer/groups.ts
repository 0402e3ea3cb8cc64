/** What can happen, and what cannot, by who would do it. */
import type { Possible, Refused } from '../../../explorer/api.ts'

export interface Group<T> {
  readonly process: number | null
  readonly members: readonly T[]
}

/** By process, the environment last; the order is kept otherwise. */
export function byProcess<T extends Pick<Possible, 'process'>>(all: readonly T[]): readonly Group<T>[] {
  const groups = new Map<number | null, T[]>()
  for (const one of all) groups.set(one.process, [...(groups.get(one.process) ?? []), one])
  return [...groups]
    .map(([process, members]) => ({ process, members }))
    .sort((a, b) => (a.process ?? Number.POSITIVE_INFINITY) - (b.process ?? Number.POSITIVE_INFINITY))
}

/** Instances of one action that one guard refuses: its text need be read only once. */
export interface GuardGroup extends Pick<Refused, 'by' | 'source' | 'also'> {
  readonly action: string
  readonly instances: readonly Refused[]
}

export function byGuard(all: readonly Refused[]): readonly GuardGroup[] {
  const groups = new Map<string, Refused[]>()
  for (const one of all) {
    const key = JSON.stringify([actionOf(one), one.by, one.source, one.also])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((instances) => {
    const [first] = instances
    return first === undefined ? [] : [{ action: actionOf(first), by: first.by, source: first.source, also: first.also, instances }]
  })
}

function actionOf({ text }: Refused): string {
  return text.slice(0, text.indexOf('('))
}
