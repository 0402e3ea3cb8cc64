import { describe, expect, it } from 'vitest'
import { check, type Json, type Model, program, type State, simulation } from '../../checker/index.ts'
import { referenceExplore } from '../../checker/testing/reference.ts'
import { chubbyCache } from './cache.ts'
import { chubbyCell } from './cell.ts'
import { chubby } from './chubby.ts'

const master = 1
const keepAlive = { kind: 'keepAlive', epoch: 1, seen: 1 }

describe('a session', () => {
  it('is extended by a KeepAlive that the master keeps until the lease is about to end', () => {
    const run = story(chubby, { clients: 1, lease: 3, grace: 1 })
    expect(run.slot('client[0]')).toMatchObject({ left: 3 + 1 })
    run.act('tick')
    expect(run.inFlight(0)).toEqual([])
    run.act('tick')
    expect(run.inFlight(0)).toEqual([{ kind: 'extended', held: 2, events: 1 }])
    expect(run.slot('session[0]')).toMatchObject({ left: 3, held: null })
    run.deliver(0)
    expect(run.slot('client[0]')).toMatchObject({ left: 3 + 1, age: 0 })
    expect(run.inFlight(master)).toEqual([keepAlive])
  })

  it('counts the time for which a reply was on its way as part of the lease, and not the time for which the master kept the call', () => {
    const run = story(chubby, { clients: 1, lease: 3, grace: 1 })
    run.act('tick', 'tick', 'tick')
    run.deliver(0)
    expect(run.slot('client[0]')).toMatchObject({ left: 2 + 1 })
  })

  it('ends at the master at the earliest when its client has ceased to rely on it, and for good', () => {
    const run = story(chubby, { clients: 1, lease: 2, grace: 4 })
    run.act('tick', 'tick')
    expect(run.can(['endSession', 0])).toBe(false)
    run.act('tick')
    expect(run.slot('client[0]')).toMatchObject({ left: 3 })
    run.act(['endSession', 0])
    run.deliver(0)
    run.deliver(master)
    expect(run.inFlight(0)).toEqual([{ kind: 'ended' }])
    run.deliver(0)
    expect(run.slot('client[0]')).toMatchObject({ left: 0 })
  })
})

describe('a fail-over, as in Figure 2', () => {
  it('is survived by a session in jeopardy, whose lock it keeps', () => {
    const run = story(chubby, { clients: 1, lease: 2, grace: 2, failovers: 1 })
    run.act(['ask', 0])
    run.deliver(master)
    run.deliver(0)
    run.act('fail')
    // The lease runs out; the client is in jeopardy and must not act.
    run.act('tick', 'tick', 'tick')
    expect(run.slot('client[0]')).toMatchObject({ place: 'holding', left: 1 })
    expect(run.can(['act', 0])).toBe(false)
    run.act('elect')
    // (4) and (5): the first call has the wrong epoch.
    run.deliver(master)
    expect(run.inFlight(0)).toEqual([{ kind: 'rejected', epoch: 2 }])
    run.deliver(0)
    // (6) and (7): the call that is made again tells that there was a fail-over, and extends the lease.
    run.deliver(master)
    expect(run.inFlight(0)).toEqual([{ kind: 'extended', held: 0, events: 1 }])
    run.deliver(0)
    expect(run.slot('client[0]')).toMatchObject({ epoch: 2, left: 2 + 2 })
    expect(run.slot('lock')).toMatchObject({ holder: 0 })
    run.act(['act', 0])
  })

  it('leaves calls for the lock waiting until each session has acknowledged it', () => {
    const run = story(chubby, { clients: 1, lease: 4, failovers: 1 })
    run.act('fail', 'elect', ['ask', 0])
    run.deliver(master, 'keepAlive')
    run.deliver(0)
    run.deliver(master, 'acquire')
    run.deliver(0)
    expect(run.offers(master)).toEqual(['keepAlive'])
    run.deliver(master, 'keepAlive')
    run.deliver(0)
    expect(run.offers(master)).toEqual(['keepAlive'])
    run.deliver(master, 'keepAlive')
    expect(run.offers(master)).toEqual(['acquire'])
  })
})

describe('the lock', () => {
  it('is free at once after a release', () => {
    const run = story(chubby, { lease: 4, lockDelay: 3 })
    run.act(['ask', 0], ['ask', 1])
    run.deliver(2, 'acquire', 0)
    run.deliver(0)
    expect(run.offers(2)).toEqual([])
    run.act(['release', 0])
    run.deliver(2, 'release')
    expect(run.offers(2)).toEqual(['acquire'])
  })

  it('is free after the lock-delay where the session of its holder has ended', () => {
    const run = story(chubby, { lease: 2, grace: 2, lockDelay: 2 })
    run.act(['ask', 0])
    run.deliver(2)
    run.act('tick')
    run.deliver(1)
    run.act(['ask', 1], 'tick')
    run.deliver(2, 'keepAlive')
    run.act('tick', ['endSession', 0])
    expect(run.slot('lock')).toEqual({ holder: null, generation: 1, delay: 2 })
    run.act('tick')
    expect(run.offers(2)).toEqual([])
    run.act('tick')
    expect(run.offers(2)).toEqual(['acquire'])
  })

  it('is handed over for lack of nothing but time and fairness', () => {
    const constants = { prompt: true, deaths: 1 }
    const options = { constants, properties: ['handOver'] }
    expect(check(chubby, options).verdict).toBe('holds')
    expect(check(chubby, { ...options, fairness: false }).verdict).toBe('violated')
  })
})

describe('the cache', () => {
  it('makes a write wait for the client that has the file cached', () => {
    const run = story(chubbyCache, {})
    run.act(['read', 0])
    run.deliver(master)
    run.deliver(0)
    run.act('write')
    expect(run.offers(master)).toEqual([])
    run.act('invalidate')
    expect(run.slot('client[0]')).toMatchObject({ cached: { value: null } })
    run.deliver(0)
    expect(run.slot('client[0]')).toMatchObject({ cached: null })
    expect(run.offers(master)).toEqual(['keepAlive'])
    run.deliver(master, 'keepAlive')
    expect(run.offers(master)).toEqual(['write'])
  })

  it('is emptied when the lease runs out, and enabled again by the next KeepAlive', () => {
    const run = story(chubbyCache, { grace: 2 })
    run.act(['read', 0])
    run.deliver(master)
    run.deliver(0)
    run.act('tick', 'tick')
    expect(run.slot('client[0]')).toMatchObject({ left: 2, cached: null })
    expect(run.can(['read', 0])).toBe(false)
    run.deliver(0)
    expect(run.can(['read', 0])).toBe(true)
  })
})

describe('the cell', () => {
  it('has the next master as soon as the promises to the last one have run out, and not before', () => {
    const run = story(chubbyCell, { lease: 2 })
    run.act(['campaign', 0])
    run.deliver(2)
    run.deliver(0)
    run.act('tick', ['campaign', 1])
    expect(run.offers(2)).toEqual([])
    run.act('tick')
    expect(run.slot('server[0]')).toMatchObject({ promised: [0, 0, 0] })
    expect(run.offers(2)).toEqual(['ask'])
  })
})

describe('the reference explorer', () => {
  it.each([
    [chubby, { clients: 1, grace: 1, failovers: 1 }],
    [chubby, { clients: 1, lease: 4, grace: 1, driftEvery: 3, boundEvery: 3 }],
    [chubbyCache, {}],
    [chubbyCell, { replicas: 2, driftEvery: 2 }],
  ])('finds as many states of $name as the engine', (model, constants) => {
    const { distinct, generated, depth } = referenceExplore(program(model, { constants }))
    expect(check(model, { constants })).toMatchObject({ distinct, generated, depth })
  })
})

type Act = string | readonly [action: string, ...args: Json[]]

/** A path of a model, taken step by step. */
function story(model: Model, constants: Record<string, number | boolean>) {
  const run = simulation(program(model, { constants }))
  let now = run.initialStates()[0] as State
  const take = (act: Act) => {
    const [action, ...args] = typeof act === 'string' ? [act] : act
    return run.take(now, { action, args })
  }
  const act = (...acts: Act[]): void => {
    for (const each of acts) {
      const taken = take(each)
      if ('refused' in taken) throw new Error(taken.refused)
      now = taken.after
    }
  }
  const slot = (name: string) => run.record(now)[name]
  const can = (each: Act): boolean => !('refused' in take(each))
  const inbox = (to: number) => slot(`net.inbox[${to}]`) as unknown as readonly { from: number; message: { kind: string } & Json }[]
  return {
    act,
    can,
    slot,
    inFlight: (to: number): Json[] => inbox(to).map(({ message }) => message),
    /** The kinds of the messages that a node can take now. */
    offers: (to: number): string[] =>
      inbox(to)
        .filter((envelope) => can(['receive', to, envelope]))
        .map(({ message }) => message.kind),
    /** Hands over the only message for a node, or the only one of a kind, from a node. */
    deliver: (to: number, kind?: string, from?: number): void => {
      const all = inbox(to).filter((each) => (kind ?? each.message.kind) === each.message.kind && (from ?? each.from) === each.from)
      expect(all).toHaveLength(1)
      act(...all.map((envelope): Act => ['receive', to, envelope]))
    },
  }
}
