/** Random walks of models on Redis servers: what the targets of the replayer can take, they take without a property to judge. */
import { describe, expect, it } from 'vitest'
import { chubby, dynamo } from '../../models/index.ts'
import { targetNamed } from '../replay/targets.ts'
import { fuzz } from './fuzz.ts'

const missing = targetNamed('redis-quorum').missing()

describe.skipIf(missing !== null)(`walks on Redis${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it('conform under a coordinator that does as the model of Dynamo says', async () => {
    const { verdict, actions } = await fuzz(dynamo, targetNamed('redis-quorum'), { runs: 5, steps: 12, constants: { reads: 2 } })
    expect(verdict).toBe('conforms')
    expect(actions['receive']).toBeGreaterThan(0)
  })

  it('are prevented where it asks more nodes than the model, which makes requests wait', async () => {
    const constants = { reads: 2, R: 1, W: 1 }
    const { runs } = await fuzz(dynamo, targetNamed('redis-quorum'), { runs: 10, steps: 12, constants, level: 'R + W > N' })
    expect(runs.prevented).toBeGreaterThan(0)
  })

  it('conform where clients lock and act in turn', async () => {
    const options = { runs: 5, steps: 20, constants: { isHeld: true, prompt: true } }
    const { verdict, actions } = await fuzz(chubby, targetNamed('redis-lock'), options)
    expect(verdict).toBe('conforms')
    expect(actions['arrive']).toBeGreaterThan(0)
  })
})
