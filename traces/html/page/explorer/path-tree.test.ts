import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Limb, type Line, type Place, pathOf, pathTree } from './path-tree.ts'
import { forgotten, movedTo, type Route, wentTo } from './route.ts'

/** Somebody who jumped here and there, near enough to where they had been that paths share much. */
const routes: fc.Arbitrary<Route> = fc
  .record({
    paths: fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 12 }),
    back: fc.nat(14),
  })
  .map(({ paths, back }) => {
    const start: Route = { path: [0], at: 0, branches: [] }
    const route = paths.reduce((reached, path) => wentTo(reached, path), start)
    return movedTo(route, route.path.length - 1 - back)
  })

function linesOf(limb: Limb): Line[] {
  return limb.flatMap((line) => [line, ...(line.kind === 'run' ? [] : line.ways.flatMap(linesOf))])
}

function linesIn(route: Route): Line[] {
  const { path, elsewhere } = pathTree(route)
  return [path, ...elsewhere].flatMap(linesOf)
}

function placesOf(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => (line.kind === 'run' ? line.places : [line.place])).map(textOf)
}

const textOf = (place: Place): string => pathOf(place).join('.')

function beginnings(paths: Route['branches']): Set<string> {
  return new Set(paths.flatMap((path) => path.map((_, i) => path.slice(0, i + 1).join('.'))))
}

const seed = 2026

describe('the tree of what has been walked', () => {
  it('has each place once, and what paths share only once', () => {
    fc.assert(
      fc.property(routes, (route) => {
        const places = placesOf(linesIn(route))
        expect(new Set(places).size).toBe(places.length)
        expect(new Set(places)).toEqual(beginnings([route.path, ...route.branches]))
      }),
      { seed },
    )
  })

  it('ends each branch once, where it can be forgotten, and the present path where it cannot', () => {
    fc.assert(
      fc.property(routes, (route) => {
        const ends = linesIn(route).flatMap((line) => (line.kind === 'place' && line.end !== null ? [line.end] : []))
        expect(new Set(ends)).toEqual(new Set(route.branches))
        expect(ends).toHaveLength(route.branches.length)
      }),
      { seed },
    )
  })

  it('goes on from each line to the next, one step at a time, and hangs each way below the place where it leaves', () => {
    const follow = (limb: Limb, before: string): void => {
      let reached = before
      for (const line of limb)
        for (const place of line.kind === 'run' ? line.places : [line.place]) {
          expect(pathOf(place).slice(0, -1).join('.')).toBe(reached)
          reached = textOf(place)
          if (line.kind === 'place') for (const way of line.ways) follow(way, reached)
        }
    }
    fc.assert(
      fc.property(routes, (route) => {
        const { path, elsewhere } = pathTree(route)
        for (const limb of [path, ...elsewhere]) follow(limb, '')
      }),
      { seed },
    )
  })

  it('keeps the present path together, with one mark where one is', () => {
    fc.assert(
      fc.property(routes, (route) => {
        const { path } = pathTree(route)
        expect(placesOf(path)).toEqual(route.path.map((_, i) => route.path.slice(0, i + 1).join('.')))
        const here = linesIn(route).flatMap((line) => (line.kind === 'place' && line.isHere ? [textOf(line.place)] : []))
        expect(here).toEqual([route.path.slice(0, route.at + 1).join('.')])
      }),
      { seed },
    )
  })

  it('loses nothing but what was on a branch alone when that is forgotten', () => {
    fc.assert(
      fc.property(routes, fc.nat(20), (route, n) => {
        const branch = route.branches[n % Math.max(1, route.branches.length)]
        fc.pre(branch !== undefined)
        const rest = forgotten(route, branch)
        const others = beginnings([rest.path, ...rest.branches])
        const gone = placesOf(linesIn(route)).filter((place) => !others.has(place))
        expect(new Set(placesOf(linesIn(rest)))).toEqual(others)
        for (const place of gone) expect(`${branch.join('.')}.`.startsWith(`${place}.`)).toBe(true)
      }),
      { seed },
    )
  })

  it('shows long pieces without a parting as one line, but for where one is and where a way begins and ends', () => {
    const route = wentTo({ path: [0, 1, 1, 1, 1, 1, 1, 1, 1], at: 8, branches: [] }, [0, 1, 1, 2, 2, 2, 2, 2])
    const short = (limb: Limb): unknown[] =>
      limb.map((line) =>
        line.kind === 'run'
          ? `${line.places.length} steps`
          : line.ways.length === 0
            ? `${line.place.length - 1}${line.isHere ? ' here' : ''}`
            : [line.place.length - 1, line.ways.map(short)],
      )
    expect(short(pathTree(route).path)).toEqual(['0', '1', [2, [['3', '4 steps', '8']]], '3', '3 steps', '7 here'])
    expect(short(pathTree(movedTo(route, 5)).path)).toEqual(['0', '1', [2, [['3', '4 steps', '8']]], '3', '4', '5 here', '6', '7'])
  })
})
