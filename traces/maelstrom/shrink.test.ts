import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from './schedule.ts'
import { shrink } from './shrink.ts'

const step = (name: string): Step =>
  name.startsWith('call') ? { do: 'invoke', client: name, f: 'read', value: null } : { do: 'drop', message: name }
const nameOf = (one: Step): string => (one.do === 'invoke' ? one.client : one.do === 'drop' ? one.message : '')
const always = { runsMax: 10_000, mayGoOn: () => true }

describe('shrinking', () => {
  it('leaves exactly the steps that matter, wherever they are', async () => {
    const names = fc.uniqueArray(
      fc.tuple(fc.constantFrom('call', 'lost'), fc.nat(99)).map(([kind, i]) => `${kind} ${i}`),
      { minLength: 1, maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(names, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), async (all, picks) => {
        const needed = new Set(picks.map((pick) => all[pick % all.length] as string))
        const attempt = async (steps: readonly Step[]) =>
          [...needed].every((name) => steps.some((one) => nameOf(one) === name)) ? { steps } : null
        const { found, isMinimal } = await shrink({ steps: all.map(step) }, attempt, always)
        expect(found.steps.map(nameOf)).toEqual(all.filter((name) => needed.has(name)))
        expect(isMinimal).toBe(true)
      }),
    )
  })

  it('takes over what a run says was possible', async () => {
    const attempt = async (steps: readonly Step[]) => (steps.length > 0 ? { steps: steps.slice(0, 1) } : null)
    const { found } = await shrink({ steps: ['call 1', 'call 2', 'lost 1', 'lost 2'].map(step) }, attempt, always)
    expect(found.steps.map(nameOf)).toEqual(['call 1'])
  })

  it('stops at the limit, and says that more might go', async () => {
    const { runs, isMinimal, found } = await shrink({ steps: Array.from({ length: 50 }, (_, i) => step(`lost ${i}`)) }, async () => null, {
      ...always,
      runsMax: 7,
    })
    expect([runs, isMinimal, found.steps.length]).toEqual([7, false, 50])
  })
})
