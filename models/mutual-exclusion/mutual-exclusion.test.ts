import { describe, expect, it } from 'vitest'
import { type CheckOptions, check, type Model, type Violation } from '../../checker/index.ts'
import { peterson } from './peterson.ts'
import { tokenRing } from './token-ring.ts'

/** A lasso as text, its loop in brackets. */
function lasso(model: Model, property: string, options: CheckOptions): string {
  const { violations } = check(model, { ...options, properties: [property] })
  const { steps, loop } = (violations[0] as Violation).trace
  const said = steps.map(({ action, args }) => `${action}(${args.join()})`)
  return [...said.slice(0, loop), `[${said.slice(loop).join(' ')}]`].join(' ')
}

describe('mutual exclusion', () => {
  it.each([
    [peterson, ['process0GetsIn', 'process1GetsIn']],
    [tokenRing, ['node0GetsIn', 'node1GetsIn', 'node2GetsIn', 'tokenComesRound']],
  ] as const)('starves no one under weak fairness, and anyone without it', (model, properties) => {
    for (const strategy of ['bfs', 'dfs'] as const) {
      const [fair, unfair] = [check(model, { strategy }), check(model, { strategy, fairness: false })]
      for (const name of properties) {
        expect(fair.properties[name]?.verdict).toBe('holds')
        expect(unfair.properties[name]?.verdict).toBe('violated')
      }
      expect(unfair.properties['mutualExclusion']?.verdict).toBe('holds')
    }
  })

  it('without fairness, is broken by stopping as soon as someone wants to get in', () => {
    expect(lasso(peterson, 'process0GetsIn', { fairness: false })).toBe('raise(0) []')
    expect(lasso(tokenRing, 'node2GetsIn', { fairness: false })).toBe('want(2) []')
  })
})

describe.each(['random', 'pct'] as const)('walks (%s)', (strategy) => {
  const walks = { strategy, walks: 2_000, maxDepth: 40 }

  it.each([
    [peterson, 'turn-before-flag'],
    [tokenRing, 'pass-while-inside'],
  ])('find two inside at once', (model, bug) => {
    expect(check(model, { ...walks, bugs: [bug] }).properties['mutualExclusion']?.verdict).toBe('violated')
  })

  it.each([
    [peterson, 'process0GetsIn'],
    [tokenRing, 'node0GetsIn'],
  ])('do not tell whether anyone starves, nor that two are never inside', (model, property) => {
    const { properties } = check(model, walks)
    expect([properties[property]?.verdict, properties['mutualExclusion']?.verdict]).toEqual(['inconclusive', 'inconclusive'])
  })
})

describe('each failed attempt of EWD 123', () => {
  it('by flags only, ends where both wait for ever', () => {
    expect(lasso(peterson, 'process0GetsIn', { bugs: ['flags-only'] })).toBe('raise(0) yield(0) raise(1) yield(1) []')
  })

  it('by turn only, makes one wait for the other, who never comes', () => {
    expect(lasso(peterson, 'process0GetsIn', { bugs: ['turn-only'] })).toBe('raise(0) yield(0) []')
  })

  it('by lowering the flag again, goes round without anyone getting in', () => {
    expect(lasso(peterson, 'process0GetsIn', { bugs: ['after-you'] })).toBe(
      'raise(0) yield(0) raise(1) yield(1) [withdraw(0) raiseAgain(0)]',
    )
  })
})

describe('a token that is kept', () => {
  it('lets one node in again and again, while the other waits', () => {
    expect(lasso(tokenRing, 'node0GetsIn', { bugs: ['token-kept'] })).toBe('pass(0) want(0) [want(1) enter(1) leave(1)]')
  })
})
