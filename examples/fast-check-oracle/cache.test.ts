import { linearizable } from 'counterpoint/fast-check'
import { register } from 'counterpoint/properties'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CarefulCache, RacingCache } from './cache.ts'

/** What clients may do: the simplest first, since failures shrink towards it. */
const commands = { read: fc.constant(null), write: fc.integer({ min: 1, max: 9 }) }

/** The cache starts empty, in front of a database that holds 0. */
const fromZero = { initial: 0, commands }

it('finds the stale read of a cache that races with a write, and shrinks it to the smallest program', async () => {
  const property = linearizable(register, { ...fromZero, system: (schedule) => new RacingCache(schedule(new Map([['x', 0]]), 'database')) })
  await expect(fc.assert(property)).rejects.toThrow('client 0: read, read; client 1: write 1')
})

it('finds nothing in a cache that looks out for writes', async () => {
  await fc.assert(
    linearizable(register, { ...fromZero, system: (schedule) => new CarefulCache(schedule(new Map([['x', 0]]), 'database')) }),
  )
})
