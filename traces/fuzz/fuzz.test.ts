import { describe, expect, it } from 'vitest'
import { program, type Simulation, simulation } from '../../checker/index.ts'
import { readTrace, writeTrace } from '../format.ts'
import { replayOn } from '../replay/replayer.ts'
import { scenarioOf, type Target } from '../replay/target.ts'
import { replay } from '../replay.ts'
import { type FuzzResult, fuzz } from './fuzz.ts'
import { beginning, continuations, initialPaths, type Path, shorter } from './path.ts'
import { lease, leases, type Mistake } from './testing/leases.ts'
import { WalkedTarget } from './walked-target.ts'

const mistakes: readonly Mistake[] = ['takes-what-is-held', 'never-expires', 'release-keeps-the-clock', 'third-time-unlucky']
const sim = simulation(program(leases))
const untimed = ({ seconds: _, divergence, ...rest }: FuzzResult): object => ({
  ...rest,
  divergence: divergence && { ...divergence, trace: { ...divergence.trace, real: { ...divergence.trace.real, seconds: 0 } } },
})

describe('fuzzing', () => {
  it('finds nothing wrong with an implementation that does what the model does', async () => {
    const result = await fuzz(leases, lease(), { runs: 100 })
    expect(result).toMatchObject({
      verdict: 'conforms',
      runs: { taken: 100, conforming: 100, prevented: 0, notComparable: 0, diverged: 0 },
      steps: 3000,
      branches: 0,
      divergence: null,
    })
    expect(Object.values(result.actions).reduce((sum, count) => sum + count, 0)).toBe(3000)
    expect(Object.keys(result.actions)).toEqual(['acquire', 'release', 'tick'])
  })

  it.each(mistakes)('finds the shortest walk on which %s diverges, as trying all walks does', async (mistake) => {
    const shortest = await shortestDivergence(lease(mistake), sim)
    for (const seed of [1, 100, 200, 300, 400]) {
      const { divergence } = await fuzz(leases, lease(mistake), { seed, runs: 100 })
      expect(divergence?.trace.steps).toHaveLength(shortest)
      expect(divergence).toMatchObject({ isRepeatable: true, trace: { real: { verdict: 'diverged', at: shortest } } })
      expect(divergence?.stepsBefore).toBeGreaterThanOrEqual(shortest)
    }
  })

  it.each(mistakes)('keeps the divergence of %s while it gets smaller, and leaves no step that can be left out', async (mistake) => {
    const target = lease(mistake)
    const { divergence } = await fuzz(leases, target, { runs: 100 })
    const trace = divergence?.trace
    if (trace === undefined) throw new Error('nothing was found')
    const replayed = replay(leases, readTrace(writeTrace(trace), 'it'))
    const { adapter } = await target.open({}, scenarioOf(target, replayed), replayed)
    expect(await replayOn(adapter, scenarioOf(target, replayed))).toMatchObject({ verdict: 'diverged', at: trace.steps.length - 1 })
    const walked = new WalkedTarget(target, {}, sim)
    for (const candidate of shorter(sim, replayed, true)) expect(await walked.walk(candidate)).toMatchObject({ verdict: 'conforms' })
  })

  it('does the same with the same seed, and finds a divergence again by its seed alone', async () => {
    const options = { seed: 7, runs: 50 }
    const [one, other] = [
      await fuzz(leases, lease('third-time-unlucky'), options),
      await fuzz(leases, lease('third-time-unlucky'), options),
    ]
    expect(untimed(one)).toEqual(untimed(other))
    const again = await fuzz(leases, lease('third-time-unlucky'), { seed: one.divergence?.seed ?? 0, runs: 1 })
    expect(again.divergence?.trace.steps).toEqual(one.divergence?.trace.steps)
    expect((await fuzz(leases, lease(), { seed: 8, runs: 20 })).actions).not.toEqual(
      (await fuzz(leases, lease(), { seed: 9, runs: 20 })).actions,
    )
  })
})

/** The length of the shortest walk that diverges, by trying all of them. */
async function shortestDivergence(target: Target, model: Simulation): Promise<number> {
  const walked = new WalkedTarget(target, {}, model)
  let paths: readonly Path[] = initialPaths(model)
  for (let length = 1; ; length++) {
    paths = paths.flatMap((path) => continuations(model, path))
    for (const path of paths) if ((await walked.walk(path)).verdict === 'diverged') return beginning(path, length).transitions.length
  }
}
