import { describe, expect, it } from 'vitest'
import { cell, cells, check, defineModel } from '../../checker/index.ts'
import { runAhead, tick } from './clocks.ts'
import { crash, type Mortal, restart } from './failures.ts'
import { links, pairs } from './links.ts'

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
