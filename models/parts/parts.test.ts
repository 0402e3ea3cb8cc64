import { describe, expect, it } from 'vitest'
import { cell, cells, check, defineModel, type FamilyView } from '../../checker/index.ts'
import { type Clocks, reckoned, runAhead, tick } from './clocks.ts'
import { crash, type Mortal, restart } from './failures.ts'
import { links, pairs } from './links.ts'

describe('clocks', () => {
  interface View {
    readonly steady: FamilyView<number>
    readonly left: FamilyView<number>
  }
  interface State {
    readonly steady: { [index: number]: number; readonly length: number }
    readonly left: { [index: number]: number }
  }
  /** Timers that start together, each counted down by a clock of its own. */
  const clocks = (count: number, driftEvery: number, isStill = false): Clocks<View, State> => ({
    clocks: count,
    driftEvery,
    mayPass: () => !isStill,
    isUsed: ({ left }, i) => (left[i] as number) > 0,
    advance: (s, i) => {
      s.left[i] = Math.max(0, (s.left[i] as number) - 1)
    },
  })
  const timers = (ticks: number, isStill = false) =>
    defineModel({
      name: 'timers',
      about: 'Three timers and nothing else',
      constants: { driftEvery: 2 },
      state: () => ({ steady: cells(3, 0), left: cells(3, ticks) }),
      actions: (on, c) => ({
        tick: on.action(tick(clocks(3, c.driftEvery, isStill))),
        runAhead: on.action(runAhead(clocks(3, c.driftEvery, isStill))),
      }),
      properties: (on) => ({ over: on.eventually('all run out', (s) => s.left.every((left) => left === 0)) }),
    })

  it('count timers down, which run out in the end', () => {
    for (const driftEvery of [0, 1, 2]) expect(check(timers(4), { constants: { driftEvery } })).toMatchObject({ verdict: 'holds' })
    expect(check(timers(4), { fairness: false }).verdict).toBe('violated')
  })

  it('cannot be told apart where no timer runs, and stand still while time may not pass', () => {
    expect(check(timers(0), { properties: [] })).toMatchObject({ distinct: 1 })
    expect(check(timers(1, true), { properties: [] })).toMatchObject({ distinct: 1 })
  })

  /** A clock and the one that it is measured by: what each has counted, until the latter has come to its end. */
  const readings = (ticks: number) =>
    defineModel({
      name: 'readings',
      about: 'A slow clock, and one that may run ahead of it',
      constants: { driftEvery: 2, most: 0 },
      state: () => ({ steady: cells(2, 0), left: cells(2, 4 * ticks), slow: cell(0), other: cell(0) }),
      actions: (on, c) => ({
        tick: on.action({
          when: (s) => s.slow < ticks,
          then: (s) => {
            tick(clocks(2, c.driftEvery)).then(s)
            s.slow += 1
            s.other += 1
          },
        }),
        runAhead: on.action({
          each: runAhead(clocks(2, c.driftEvery)).each.slice(1),
          when: runAhead(clocks(2, c.driftEvery)).when,
          then: (s, i) => {
            runAhead(clocks(2, c.driftEvery)).then(s, i)
            s.other += 1
          },
        }),
      }),
      properties: (on, c) => ({
        least: on.always('the other clock advances by at least as much', (s) => s.other >= s.slow),
        most: on.always('and by no more than so much', (s) => s.other <= c.most),
        reached: on.sometimes('but by that much', (s) => s.other === c.most),
      }),
    })

  it.each([1, 2, 3, 4])('gain a tick in %i on each other, so that they drift apart with time', (driftEvery) => {
    for (const ticks of [1, 2, 3, 4, 7]) {
      const most = ticks + Math.floor(ticks / driftEvery) + 1
      expect(check(readings(ticks), { constants: { driftEvery, most } }).verdict, `${ticks} ticks`).toBe('holds')
    }
  })

  it('agree without a drift', () => {
    expect(check(readings(5), { constants: { driftEvery: 0, most: 5 } }).verdict).toBe('holds')
  })

  /** One has granted something for so many ticks of its clock; another relies on it for so many ticks of its own. */
  const lease = defineModel({
    name: 'lease',
    about: 'A lease as its two sides measure it',
    constants: { granted: 4, relied: 3, driftEvery: 3 },
    state: (c) => ({ steady: cells(2, 0), left: cells(2, (i) => (i === 0 ? c.granted : c.relied)) }),
    actions: (on, c) => ({ tick: on.action(tick(clocks(2, c.driftEvery))), runAhead: on.action(runAhead(clocks(2, c.driftEvery))) }),
    properties: (on) => ({ isSafe: on.always('nobody relies on what is over', (s) => s.left[1] === 0 || s.left[0] > 0) }),
  })

  it('allow for leases that are as long as is reckoned, and not a tick longer', () => {
    for (const driftEvery of [0, 1, 2, 3, 4, 5]) {
      for (const granted of [2, 3, 4, 5, 6, 7, 8]) {
        const relied = reckoned(granted, driftEvery)
        const verdictOf = (constants: Readonly<Record<string, number>>) =>
          check(lease, { constants: { granted, driftEvery, ...constants } }).verdict
        expect(verdictOf({ relied }), `${relied} of ${granted} ticks`).toBe('holds')
        expect(verdictOf({ relied: relied + 1 }), `${relied + 1} of ${granted} ticks`).toBe('violated')
      }
    }
  })
})

describe('failures', () => {
  it('stop a node, which loses what is volatile and comes back', () => {
    interface Node extends Mortal {
      disk: number
      memory: number
    }
    const model = defineModel({
      name: 'failures',
      about: 'Two nodes',
      state: () => ({ server: cells<Node>(2, { isUp: true, disk: 1, memory: 1 }), crashes: cell(1) }),
      actions: (on) => ({
        crash: on.action(
          crash(2, (node: Node) => {
            node.memory = 0
          }),
        ),
        restart: on.action(restart<Node>(2)),
      }),
      properties: (on) => ({
        disk: on.always('nothing on disk is lost', (s) => s.server.every(({ disk }) => disk === 1)),
        memory: on.sometimes('memory is lost', (s) => s.server.some(({ memory, isUp }) => isUp && memory === 0)),
        isBack: on.stabilizes('both are up in the end', (s) => s.server.every(({ isUp }) => isUp)),
      }),
    })
    expect(check(model)).toMatchObject({ verdict: 'holds', distinct: 5 })
  })
})

describe('links', () => {
  it('go both ways, pairs one', () => {
    expect(links(3)).toEqual([[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]]) // biome-ignore format: pairs
    expect(pairs(3)).toEqual([[0, 1], [0, 2], [1, 2]]) // biome-ignore format: pairs
  })
})
