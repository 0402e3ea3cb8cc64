import { describe, expect, it } from 'vitest'
import { bag, cell, defineModel, type Json, type Model } from '../../checker/index.ts'
import { fuzz } from './fuzz.ts'
import { type ImplementationSpec, implementation } from './implementation.ts'
import { Lease, lease, leases } from './testing/leases.ts'

/** Puts numbers in, and takes any of them out: which one is for the implementation to say. */
const pool: Model = defineModel({
  name: 'pool',
  about: 'Numbers are put in, and taken out in any order',
  state: () => ({ next: cell(0), inside: bag<number>() }),
  actions: (on) => ({
    put: on.action({
      when: (s) => s.next < 4,
      then: (s) => {
        s.inside.add(s.next)
        s.next += 1
      },
    }),
    take: on.action({ over: (s) => s.inside, then: (s, one) => s.inside.remove(one) }),
    none: on.action({ when: (s) => s.inside.size === 0, then: () => {} }),
  }),
  properties: () => ({}),
})

class Pool {
  readonly inside: number[] = []
  next = 0

  put(): void {
    this.inside.push(this.next++)
  }

  take(pick: (inside: readonly number[]) => number): number | null {
    const at = pick(this.inside)
    return this.inside.splice(at, 1)[0] ?? null
  }
}

const pooling = (take: (pool: Pool) => unknown): ImplementationSpec<Pool, unknown> => ({
  name: 'a pool',
  model: pool,
  start: () => new Pool(),
  actions: {
    put: (one) => one.put(),
    take: { do: take, with: () => [], returns: ({ args: [one = null] }) => one },
    none: { of: 'take', returns: () => null },
  },
})

describe('an implementation that chooses among what the model allows', () => {
  it.each([
    ['what came first', () => 0],
    ['what came last', (inside: readonly number[]) => inside.length - 1],
  ])('conforms where it takes %s, and is followed on its own branch', async (_, pick) => {
    const result = await fuzz(pool, implementation(pooling((one) => one.take(pick))), { runs: 50 })
    expect(result).toMatchObject({ verdict: 'conforms', runs: { taken: 50, conforming: 50 } })
    expect(result.branches).toBeGreaterThan(10)
    expect(result.actions['none']).toBeGreaterThan(0)
  })

  it('diverges where it takes what is not there', async () => {
    const result = await fuzz(pool, implementation(pooling((one) => (one.inside.length === 2 ? 7 : one.take(() => 0)))))
    expect(result.divergence?.trace.steps.map(({ action }) => action)).toEqual(['put', 'put', 'take'])
    expect(result.divergence?.trace.message).toMatch(/^a pool: take\(\d\): 7; the model allows \d$/)
  })

  it('diverges where it takes the same twice: what it has chosen stays chosen', async () => {
    const result = await fuzz(pool, implementation(pooling((one) => (one.inside.length < 2 ? one.take(() => 0) : Math.max(...one.inside)))))
    expect(result.divergence?.trace.steps.map(({ action }) => action)).toEqual(['put', 'put', 'take', 'take'])
  })
})

/** The lease, but for some of it. */
const leaseWith = (spec: Partial<ImplementationSpec<Lease, unknown>>) => {
  const acquire = (one: Lease, client: number): unknown => one.acquire(client)
  return implementation<Lease, unknown>({
    name: 'a lease',
    model: leases,
    start: () => new Lease(2, 'none'),
    actions: { acquire, release: (one) => one.release(), tick: (one) => one.tick() },
    ...spec,
  })
}

class Busy extends Error {
  readonly code = 'BUSY'
}

describe('what is no divergence', () => {
  const acquire = (one: Lease, client: number): boolean => {
    if (one.holder !== null) throw new Busy('try again')
    return one.acquire(client)
  }
  const actions = { acquire, release: (one: Lease) => one.release(), tick: (one: Lease) => one.tick() }

  it('is that it refuses more than the model: such walks are prevented, and counted', async () => {
    const result = await fuzz(leases, leaseWith({ actions, isRefusal: (error) => error instanceof Busy }), { runs: 20 })
    expect(result).toMatchObject({ verdict: 'conforms', runs: { taken: 20, prevented: 20 }, prevented: { 'error BUSY': 20 } })
  })

  it('is not that it fails otherwise', async () => {
    const result = await fuzz(leases, leaseWith({ actions }), { runs: 20 })
    expect(result).toMatchObject({
      verdict: 'diverged',
      reason: expect.stringMatching(/^a lease: acquire\(\d\): error BUSY: try again; the model allows ok$/),
    })
    expect(result.divergence?.trace.steps).toHaveLength(2)
  })

  it('is inconclusive where it cannot be started, or shows what is no data', async () => {
    const broken = leaseWith({
      start: () => {
        throw new Error('no room')
      },
    })
    expect(await fuzz(leases, broken)).toMatchObject({ verdict: 'inconclusive', reason: 'no room', runs: { taken: 0 } })
    const shows = leaseWith({ see: { real: () => new Map(), model: () => null } })
    await expect(fuzz(leases, shows)).rejects.toThrow('a lease: what see.real returned is a Map')
  })
})

describe('walks', () => {
  it('start a new one each, and stop it whatever happens', async () => {
    let [started, stopped] = [0, 0]
    const start = (): Lease => {
      started += 1
      return new Lease(2, 'never-expires')
    }
    const see = { real: (one: Lease) => one.holder, model: (s: unknown) => (s as { holder: Json }).holder }
    const result = await fuzz(leases, leaseWith({ start, see, stop: () => void stopped++ }), { runs: 20 })
    expect(result.verdict).toBe('diverged')
    expect([started > 2, stopped]).toEqual([true, started])
  })

  it('end when they are told to, and what they have found until then is told', async () => {
    const controller = new AbortController()
    const onWalk = ({ walks }: { walks: number }): void => (walks === 5 ? controller.abort() : undefined)
    const result = await fuzz(leases, lease(), { runs: 20, signal: controller.signal, onWalk })
    expect(result).toMatchObject({ verdict: 'inconclusive', interrupted: true, reason: 'it was interrupted', runs: { taken: 5 } })
  })

  it('that cannot be taken to their ends are not compared any further, and that is told', async () => {
    const { release: _, ...some } = {
      acquire: (one: Lease, client: number) => one.acquire(client),
      release: null,
      tick: (one: Lease) => one.tick(),
    }
    const result = await fuzz(leases, leaseWith({ actions: some }), { runs: 10 })
    const reason = 'a lease does not say what action release of leases is; add it to actions, or null where nothing is to be done'
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no walk could be held against the model to its end',
      runs: { taken: 10, notComparable: 10 },
      notComparable: { [reason]: 10 },
    })
  })
})

describe('what does not fit together is refused', () => {
  it.each<readonly [string, ImplementationSpec<Lease, unknown>['actions'], string]>([
    [
      'an action that is of none',
      { acquire: { of: 'take' } },
      'a lease: action acquire is of take, which does nothing; name an action with a function',
    ],
    ['one that says nothing', { acquire: {} as never }, 'a lease: action acquire has neither do nor of; say what it does'],
    [
      'one that alone says what is returned',
      { acquire: (one) => one.release(), release: { of: 'acquire', returns: () => 1 } },
      'a lease: only one of acquire and release says what is returned; both must, or neither',
    ],
  ])('%s', (_, actions, message) => {
    expect(() => leaseWith({ actions })).toThrow(message)
  })

  it('and so are other models', async () => {
    await expect(fuzz(pool, lease())).rejects.toThrow('none knows the models leases; this one is pool')
  })
})
