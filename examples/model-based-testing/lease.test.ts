import { fuzz, showFuzz } from 'counterpoint/traces'
import { expect, it } from 'vitest'
import leaseModel from './lease-model.ts'
import right from './right.ts'
import wrong from './wrong.ts'

it('does what the model does', async () => {
  const result = await fuzz(leaseModel, right, { runs: 200 })
  expect(result.verdict, showFuzz(result)).toBe('conforms')
})

it('is found out where whoever releases frees it, in two steps', async () => {
  const result = await fuzz(leaseModel, wrong, { runs: 200 })
  expect(result.verdict).toBe('diverged')
  expect(result.divergence?.trace.steps.map(({ action }) => action)).toEqual(['acquire', 'release'])
})
