/** Whether anything of a run is left in the next one: walks in any order come to the same as each on a target that is opened for it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../replay/adapter.ts'
import type { Walk } from './take-walk.ts'
import { changed, walksOn, walksOnAll, withAdapter } from './testing/walks.ts'
import { WalkedTarget } from './walked-target.ts'

describe.concurrent('going back to the initial state', { timeout: 60_000 }, () => {
  for (const { title, target, missing, sim, paths } of walksOnAll) {
    it.skipIf(missing !== null)(`is as good as opening anew: ${title}`, async () => {
      const alone: object[] = []
      for (const path of paths) {
        const anew = new WalkedTarget(target, {}, sim)
        alone.push(told(await anew.walk(path)))
        await anew.close()
      }
      let openings = 0
      const counting = withAdapter(target, (adapter) => {
        openings += 1
        return adapter
      })
      const again = new WalkedTarget(counting, {}, sim)
      const order = fc.array(fc.nat(paths.length - 1), { minLength: 2, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(order, async (numbers) => {
          for (const number of numbers) expect(told(await again.walk(paths[number] ?? never()))).toEqual(alone[number])
        }),
        { numRuns: target.isInProcess ? 20 : 2, seed: 1 },
      )
      await again.close()
      expect(openings).toBe(1)
    })
  }

  it('is not asked of adapters that cannot: these are opened anew', async () => {
    const walks = walksOn('yjs')
    for (const reset of [undefined, async () => false]) {
      let openings = 0
      const target = withAdapter(walks.target, (adapter) => {
        openings += 1
        return changed(adapter, { reset })
      })
      const walked = new WalkedTarget(target, {}, walks.sim)
      for (const path of walks.paths) expect((await walked.walk(path)).verdict).toBe('conforms')
      await walked.close()
      expect(openings).toBe(walks.paths.length)
    }
  })

  it('is found out where it leaves something of the run before', async () => {
    const walks = walksOn('yjs')
    const forgetful = withAdapter(walks.target, (adapter) => changed(adapter, { reset: async () => true }))
    const walked = new WalkedTarget(forgetful, {}, walks.sim)
    const verdicts: string[] = []
    for (const path of walks.paths) verdicts.push((await walked.walk(path)).verdict)
    expect(verdicts).toEqual(['conforms', 'diverged', 'diverged'])
  })
})

/** Without what differs from server to server: numbers of processes and revisions, in words. */
function told({ verdict, steps }: Walk): object {
  const plain = (outcome: Outcome): object =>
    outcome.kind === 'ok' ? outcome : { kind: outcome.kind, code: outcome.kind === 'error' ? outcome.code : null }
  return {
    verdict,
    steps: steps.map(({ outcome, completed, facts }) => ({
      outcome: plain(outcome),
      completed: completed.map((one) => ({ actor: one.actor, outcome: plain(one.outcome) })),
      facts,
    })),
  }
}

function never(): never {
  throw new Error('because there is one')
}
