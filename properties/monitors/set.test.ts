import { describe, expect, it } from 'vitest'
import { sequentialSet } from '../testing/brute-force-containers.ts'
import { certify, compare } from '../testing/conformance.ts'
import { histories, type Recipe } from '../testing/container-histories.ts'
import { recorded } from '../testing/recorded.ts'
import { setMonitor } from './set.ts'

const recipe: Recipe = { object: sequentialSet, operations: { insert: 'element', remove: 'element', contains: 'element' } }

const judge = (history: string) => setMonitor.judge(recorded(history), [])
const sentenceOf = (history: string): string => {
  const decision = judge(history)
  return decision.verdict === 'violated' ? decision.sentence : decision.verdict
}
const orderOf = (history: string): string => {
  const decision = judge(history)
  return decision.verdict === 'holds' ? decision.order.map(({ f, process }) => `${f} ${process}`).join(', ') : decision.verdict
}
const reasonOf = (history: string): string => {
  const decision = judge(history)
  return decision.verdict === 'inapplicable' ? decision.reason : decision.verdict
}

describe('the set monitor', () => {
  it('agrees with brute force on histories of which many are violated, with orders and small cores as evidence', () => {
    const shares = compare(setMonitor, sequentialSet, histories(recipe, { operationsMax: 7, stretch: 14, rarity: 6 }), 5000)
    expect(shares.holds).toBeGreaterThan(1500)
    expect(shares.violated).toBeGreaterThan(250)
  })

  it('agrees with brute force on histories with much overlap', () => {
    const shares = compare(setMonitor, sequentialSet, histories(recipe, { operationsMax: 9, stretch: 30, rarity: 20 }), 3000)
    expect(shares.holds).toBeGreaterThan(1000)
    expect(shares.violated).toBeGreaterThan(40)
  })

  it('proves what it says of long histories', () => {
    const shape = { operationsMin: 60, operationsMax: 300, stretch: 24, rarity: 150 }
    const shares = certify(setMonitor, sequentialSet, histories(recipe, shape), 300)
    expect(shares.holds).toBeGreaterThan(60)
    expect(shares.violated).toBeGreaterThan(30)
  })

  it('rejects a second insert where nothing can have removed the element', () => {
    expect(sentenceOf('0 insert 1, 0 ok true, 1 insert 1, 1 ok true')).toBe(
      'the insert 1 by process 1 returned true, but the insert 1 by process 0 returned true, and nothing else can have changed 1 in between',
    )
  })

  it('lets the same element come and go', () => {
    expect(orderOf('0 insert 1, 0 ok true, 0 remove 1, 0 ok true, 0 insert 1, 0 ok true, 1 contains 1, 1 ok true')).toBe(
      'insert 0, remove 0, insert 0, contains 1',
    )
  })

  it('lets a pending operation of unknown result happen where it is needed, and counts it once', () => {
    expect(orderOf('0 insert 1, 1 remove 1, 1 ok true')).toBe('insert 0, remove 1')
    expect(sentenceOf('0 insert 1, 1 remove 1, 1 ok true, 1 remove 1, 1 ok true')).toContain('the remove 1 by process 1 returned true')
  })

  it('judges each element by itself', () => {
    expect(orderOf('0 insert 1, 0 ok true, 1 contains 2, 1 ok false')).toBe('insert 0, contains 1')
    expect(sentenceOf('0 insert 1, 0 ok true, 1 contains 2, 1 ok true')).toBe(
      'the contains 2 by process 1 returned true, but nothing that could have put in 2 had begun',
    )
  })

  it('does not judge inserts and removes without a result, nor other operations', () => {
    expect(reasonOf('0 insert 1, 0 ok')).toBe('the insert 1 by process 0 returned null, which is neither true nor false')
    expect(reasonOf('0 add 1, 0 ok')).toBe('add is none of insert, remove, contains')
    expect(orderOf('0 contains 1, 0 ok ?')).toBe('contains 0')
  })
})
