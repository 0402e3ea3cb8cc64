/** Whether what a system says of its state is held against the model: facts that are wrong are told at their step, and nothing else is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literal } from '../literal.ts'
import type { Adapter, Facts } from '../replay/adapter.ts'
import type { TakenStep } from '../replay/replayer.ts'
import { ReplicaGroup } from '../replay/replicas/replica-group.ts'
import type { Replica } from '../replay/replicas/replicated-data.ts'
import { yjs } from '../replay/replicas/yjs.ts'
import { changed, walksOn, walksOnAll, withAdapter } from './testing/walks.ts'
import { documentOf, WalkedTarget } from './walked-target.ts'

/** In one observation of each run, one of the facts is another one. */
class Planting {
  /** Which observation of a run it is, from 0, and which of its facts. */
  readonly at: { observation: number; fact: number } = { observation: 0, fact: 0 }
  #observed = 0

  planted(adapter: Adapter): Adapter {
    return changed(adapter, {
      observe: async () => {
        const facts = (await adapter.observe?.()) ?? {}
        const isPlanted = this.#observed++ === this.at.observation
        const name = Object.keys(facts)[this.at.fact]
        return isPlanted && name !== undefined ? { ...facts, [name]: 'planted' } : facts
      },
      reset: async () => {
        this.#observed = 0
        return (await adapter.reset?.()) ?? false
      },
    })
  }
}

const know = (steps: readonly TakenStep[]): readonly (readonly [step: number, taken: TakenStep])[] =>
  steps.flatMap((taken, i) => (taken.planned.facts === undefined ? [] : [[i, taken] as const]))

describe.concurrent('a fact that is not as in the model', { timeout: 60_000 }, () => {
  const telling = walksOnAll.filter(({ target: { name } }) => name !== 'redlock')
  for (const { title, target, missing, sim, paths } of telling) {
    it.skipIf(missing !== null)(`is told at its step, with both values: ${title}`, async () => {
      const planting = new Planting()
      const walked = new WalkedTarget(
        withAdapter(target, (adapter) => planting.planted(adapter)),
        {},
        sim,
      )
      planting.at.observation = Number.POSITIVE_INFINITY
      const path = paths[0] ?? never()
      const { verdict, steps } = await walked.walk(path)
      expect(verdict).toBe('conforms')
      const observed = know(steps)
      await fc.assert(
        fc.asyncProperty(fc.nat(observed.length - 1), fc.nat(), async (observation, any) => {
          const [at, { facts, planned }] = observed[observation] ?? never()
          const names = Object.keys(planned.facts ?? {}).filter((name) => facts[name] !== undefined)
          const name = names[any % names.length]
          if (name === undefined) return
          Object.assign(planting.at, { observation, fact: Object.keys(facts).indexOf(name) })
          const walk = await walked.walk(path)
          const expected = [...new Set(planned.facts?.[name]?.allowed.map((value) => literal(value)))].join(' or ')
          expect(walk).toMatchObject({ verdict: 'diverged', reason: `${planned.text}: ${name} is planted, in the model ${expected}` })
          expect(walk.steps).toHaveLength(at + 1)
        }),
        { numRuns: target.isInProcess ? 30 : 3, seed: 1 },
      )
      await walked.close()
    })
  }
})

describe('what is wrong in a system', () => {
  it('is told though no step looks at it: a replica that increments another one, too', async () => {
    const { target, sim, paths } = walksOn('yjs')
    const replicas: Replica[] = []
    const library = yjs()
    const makeReplica = (self: number): Replica => {
      const replica = library.makeReplica(self)
      replicas[self] = replica
      // What is done by the first is done to the last, which takes no part in the step.
      return self > 0 ? replica : { ...replica, increment: () => [replica, replicas.at(-1)].forEach((one) => void one?.increment()) }
    }
    const wrong = withAdapter(target, () => new ReplicaGroup({ ...library, makeReplica }, 'counter', 3))
    const walked = new WalkedTarget(wrong, {}, sim)
    const path = paths.find(({ transitions }) => transitions.some(({ action, args }) => action === 'increment' && args[0] === 0)) ?? never()
    const walk = await walked.walk(path)
    expect(walk).toMatchObject({
      verdict: 'diverged',
      reason: expect.stringMatching(/^replica 0: increment: replica 2: shows is \d, in the model \d$/),
    })
    const { rows } = documentOf(sim, walk, 'it', 1).real
    expect(rows.at(-1)).toMatchObject({ text: 'replica 2: shows', isAllowed: false })
    // Each fact stands at the step at which it has become what it is.
    const said: Facts = Object.assign({}, ...rows.map(({ facts }) => facts))
    expect(said).toEqual(walk.steps.at(-1)?.facts)
    await walked.close()
  })
})

function never(): never {
  throw new Error('because there is one')
}
