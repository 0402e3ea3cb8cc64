import { describe, expect, it } from 'vitest'
import { cell, cells, check, defineModel } from '../../checker/index.ts'
import { runAhead, tick } from './clocks.ts'
import { crash, type Mortal, restart } from './failures.ts'
import { links, pairs } from './links.ts'
import { runAhead as hurry, tick as pass, type Timers } from './timers.ts'

describe('clocks', () => {
  const clocks = defineModel({
    name: 'clocks',
    about: 'Three clocks and nothing else',
    constants: { drift: 1, ticks: 3 },
    state: () => ({ clock: cells(3, 0) }),
    actions: (on, c) => ({ tick: on.action(tick(c)), runAhead: on.action(runAhead(3, c)) }),
    properties: (on, c) => ({
      bounded: on.always('no two are further apart than the drift', (s) => Math.max(...s.clock) - Math.min(...s.clock) <= c.drift),
      apart: on.sometimes('the first is as far ahead as it may be', (s) => Math.min(...s.clock) + c.drift === s.clock[0]),
    }),
  })

  it.each([
    // The least reading m is 0 to ticks; each of the others is m to min(m + drift, ticks), and at least one is m.
    [0, 3, 4],
    [1, 3, 3 * 7 + 1],
    [2, 3, 2 * 19 + 7 + 1],
    [3, 3, 4 ** 3],
  ])('with a drift of %i and %i ticks read what is within it', (drift, ticks, distinct) => {
    expect(check(clocks, { constants: { drift, ticks } })).toMatchObject({ verdict: 'holds', distinct })
  })
})

describe('timers', () => {
  interface State {
    readonly ahead: { [index: number]: number; readonly length: number }
    readonly left: { [index: number]: number }
  }
  /** Three timers that start together, each counted down by a clock of its own. */
  const timers = (drift: number, isStill = false): Timers<object, State> => ({
    clocks: 3,
    drift,
    mayPass: () => !isStill,
    advance: (s, i) => {
      s.left[i] = Math.max(0, (s.left[i] as number) - 1)
    },
  })
  const model = (ticks: number, isStill = false) =>
    defineModel({
      name: 'timers',
      about: 'Three timers and nothing else',
      constants: { drift: 1 },
      state: () => ({ ahead: cells(3, 0), left: cells(3, ticks) }),
      actions: (on, c) => ({ tick: on.action(pass(timers(c.drift, isStill))), runAhead: on.action(hurry(timers(c.drift, isStill))) }),
      properties: (on, c) => ({
        bounded: on.always('while all run, no two are further apart than the drift', (s) => {
          return s.left.some((left) => left === 0) || Math.max(...s.left) - Math.min(...s.left) <= c.drift
        }),
        over: on.eventually('all run out', (s) => s.left.every((left) => left === 0)),
      }),
    })

  it('count down, no further apart than the drift, and run out in the end', () => {
    for (const drift of [0, 1, 2]) expect(check(model(4), { constants: { drift } })).toMatchObject({ verdict: 'holds' })
    expect(check(model(4), { properties: ['over'], fairness: false }).verdict).toBe('violated')
  })

  it.each([
    // How far each is ahead of the slowest: 0 to the drift, and at least one is not.
    [1, 8 - 1],
    [2, 27 - 8],
    [3, 64 - 27],
  ])('with a drift of %i go on for ever in %i states', (drift, distinct) => {
    expect(check(model(0), { constants: { drift } })).toMatchObject({ verdict: 'holds', distinct })
  })

  it('stand still while time may not pass', () => {
    expect(check(model(1, true), { properties: ['bounded'] })).toMatchObject({ distinct: 1 })
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
