import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { branchesMax, forgotten, movedTo, type Route, readDigest, readRoute, wentTo, writeRoute } from './route.ts'

const start: Route = { path: [0], at: 0, branches: [] }

type Act = { readonly kind: 'choose' | 'move'; readonly n: number } | { readonly kind: 'go'; readonly path: readonly number[] }

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom('choose' as const, 'move' as const), n: fc.nat(3) }),
  fc.record({ kind: fc.constant('go' as const), path: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }) }),
)

function acted(route: Route, one: Act): Route {
  if (one.kind === 'go') return wentTo(route, one.path)
  return one.kind === 'move' ? movedTo(route, one.n) : wentTo(route, [...route.path.slice(0, route.at + 1), one.n])
}

describe('a route', () => {
  it('is read from a URL as it was written', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const route = acts.reduce(acted, start)
        expect(readRoute(writeRoute(route, 'abc'))).toEqual(route)
        expect(readDigest(writeRoute(route, 'abc'))).toBe('abc')
      }),
      { seed: 2026 },
    )
  })

  it('never loses a place: whatever was reached lies on the path or on a branch', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        let route = start
        const reached: string[] = []
        for (const one of acts) {
          route = acted(route, one)
          reached.push(route.path.slice(0, route.at + 1).join('.'))
          const all = [route.path, ...route.branches].map((path) => `${path.join('.')}.`)
          for (const place of reached) expect(all.some((path) => path.startsWith(`${place}.`))).toBe(true)
          expect(all.filter((path) => all.some((other) => other !== path && other.startsWith(path)))).toEqual([])
          expect(new Set(all).size).toBe(all.length)
        }
      }),
      { seed: 2026 },
    )
  })

  it('goes back and branches, and along a branch that is there', () => {
    const long = [1, 2, 3].reduce((route, choice) => wentTo(route, [...route.path, choice]), start)
    expect(long).toEqual({ path: [0, 1, 2, 3], at: 3, branches: [] })
    const other = wentTo(movedTo(long, 1), [0, 1, 7])
    expect(other).toEqual({ path: [0, 1, 7], at: 2, branches: [[0, 1, 2, 3]] })
    const back = wentTo(movedTo(other, 1), [0, 1, 2])
    expect(back).toEqual({ path: [0, 1, 2, 3], at: 2, branches: [[0, 1, 7]] })
    expect(forgotten(back, back.branches[0] ?? [])).toEqual({ path: [0, 1, 2, 3], at: 2, branches: [] })
  })

  it('remembers so many branches', () => {
    let route = start
    for (let i = 0; i < branchesMax + 5; i++) route = wentTo(route, [0, i])
    expect(route.branches).toHaveLength(branchesMax)
    expect(route.branches[0]).toEqual([0, 4])
  })

  it.each(['', '#', '#path=', '#path=x', '#path=0.', '#path=0..1', '#path=-1', '#path=1e9', '#path=9999999999'])(
    'begins at the start for %s',
    (hash) => {
      expect(readRoute(hash)).toEqual(start)
    },
  )

  it('leaves out what makes no sense beside a path that does', () => {
    expect(readRoute('#path=0.1.2&at=9&branches=x~1:~:3~2:4~0:0.1')).toEqual({ path: [0, 1, 2], at: 2, branches: [[0, 1, 4]] })
    expect(readRoute('#path=0.1.2&at=-1')).toEqual({ path: [0, 1, 2], at: 2, branches: [] })
  })
})
