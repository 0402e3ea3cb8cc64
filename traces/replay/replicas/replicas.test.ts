/** Traces of the models of replicated data on yjs, and on replicas of our own that make each of the known mistakes. */
import { describe, expect, it } from 'vitest'
import { check } from '../../../checker/index.ts'
import { growOnlyCounter, lastWriterWinsRegister } from '../../../models/index.ts'
import { replay } from '../../replay.ts'
import { type RealRun, replayOn } from '../replayer.ts'
import { judgeReplicas } from './judge-replicas.ts'
import { ReplicaGroup } from './replica-group.ts'
import { kindOf, replicasPlan } from './replicas-plan.ts'
import type { Replica, ReplicatedData } from './replicated-data.ts'
import { hasYjs, yjs, yjsRemedy } from './yjs.ts'

const run = async (library: ReplicatedData, bug: string, constants: Record<string, number> = {}): Promise<string> => {
  const model = [lastWriterWinsRegister, growOnlyCounter].find(({ bugs }) => bug in bugs) ?? growOnlyCounter
  const { violates = '' } = model.bugs[bug] ?? {}
  const [violation] = check(model, {
    bugs: [bug],
    constants: { ...model.bugs[bug]?.constants, ...constants },
    properties: [violates],
  }).violations
  if (violation === undefined) throw new Error(`${bug} breaks nothing`)
  const plan = replicasPlan(replay(model, { ...violation.trace, part: violation.part }))
  return told(await replayOn(new ReplicaGroup(library, kindOf(model.name), plan.nodes ?? 0), plan))
}

const told = ({ verdict, reason }: RealRun): string => `${verdict}: ${reason}`

describe.skipIf(!hasYjs())(`yjs (where it is missing, ${yjsRemedy})`, () => {
  it.each([
    ['ties-unbroken', '1 → 0: 2: shows 2'],
    ['last-message-wins', '0 → 1: 1: shows 2'],
    ['clock-not-advanced', '0 → 1: 1: shows 1'],
    ['merge-by-sum', '1 → 0: 2: shows 2'],
    ['one-entry', '1 → 0: 1: shows 2'],
  ])('prevents %s', async (bug, seen) => {
    expect(await run(yjs(), bug)).toBe(`prevented: ${seen}`)
  })

  it('loses an increment where all replicas increment the same entry', async () => {
    expect(await run(yjs('one entry'), 'one-entry')).toBe('reproduced: in the end the replicas count 1 and 1 of 2 increments')
  })
})

describe('replicas that make a known mistake', () => {
  it.each([
    ['ties-unbroken', 'in the end the replicas show 1 and 2'],
    ['last-message-wins', 'in the end the replicas show 2 and 1'],
    ['clock-not-advanced', 'in the end 2 is there again, which a later write had replaced'],
    ['merge-by-sum', 'a replica has counted 3 of 2 increments'],
    ['one-entry', 'in the end the replicas count 1 and 1 of 2 increments'],
  ])('reproduce it: %s', async (bug, seen) => {
    expect(await run(wrong(bug), bug)).toBe(`reproduced: ${seen}`)
    expect(await run(wrong('none'), bug)).toMatch(/^prevented/)
  })

  it('reproduce it with partitions and copies, too', async () => {
    expect(await run(wrong('ties-unbroken'), 'ties-unbroken', { partitions: 1, duplicates: 1 })).toMatch(/^reproduced/)
  })
})

describe('the judgement', () => {
  it('finds nothing where every promise is kept', () => {
    const history = [
      { index: 0, process: 'replica 0', type: 'ok', f: 'write', value: 1 },
      { index: 1, process: 'replica 1', type: 'ok', f: 'read', value: 1 },
    ] as const
    for (const property of ['convergence', 'durability']) expect(judgeReplicas(history, 'register', property).violated).toBe(false)
    const counted = history.map((event) => ({ ...event, f: event.f === 'write' ? 'increment' : 'read' }))
    for (const property of ['convergence', 'durability', 'noInventedCount'])
      expect(judgeReplicas(counted, 'counter', property).violated).toBe(false)
  })
})

/** The register and the counter as the models have them, with one of their mistakes. */
function wrong(bug: string): ReplicatedData {
  interface Told {
    readonly version: Version
    readonly counts: readonly number[]
  }
  type Version = readonly [clock: number, replica: number, value: number | null]
  const makeReplica = (self: number): Replica => {
    let clock = 0
    let version: Version = [0, 0, null]
    let counts: readonly number[] = [0, 0]
    const entry = bug === 'one-entry' ? 0 : self
    const wins = (other: Version): boolean =>
      bug === 'last-message-wins' || other[0] > version[0] || (other[0] === version[0] && other[1] > version[1] && bug !== 'ties-unbroken')
    return {
      write: (value) => {
        clock += 1
        version = [clock, self, value]
      },
      increment: () => {
        counts = counts.map((count, i) => (i === entry ? count + 1 : count))
      },
      value: () => version[2],
      count: () => counts.reduce((sum, count) => sum + count, 0),
      tell: () => new TextEncoder().encode(JSON.stringify({ version, counts })),
      hear: (told) => {
        const other = JSON.parse(new TextDecoder().decode(told)) as Told
        if (bug !== 'clock-not-advanced') clock = Math.max(clock, other.version[0])
        if (wins(other.version)) version = other.version
        counts = counts.map((count, i) => {
          const theirs = other.counts[i] ?? 0
          return bug === 'merge-by-sum' ? count + theirs : Math.max(count, theirs)
        })
      },
    }
  }
  return { name: 'replicas of our own', counter: 'entry per replica', makeReplica }
}
