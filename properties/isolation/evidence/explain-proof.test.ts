import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../budget.ts'
import { rw, wr, ww } from '../edge.ts'
import type { Facts } from '../facts.ts'
import { infer } from '../inference/infer.ts'
import { shapeOf } from '../order-search/level-shape.ts'
import type { OrderProof } from '../order-search/proof.ts'
import { prove } from '../order-search/prove.ts'
import { tableOf } from '../table/table-builder.ts'
import { transactionsArb } from '../testing/generate.ts'
import { written } from '../testing/written-transactions.ts'
import { explanationText } from './explain.ts'
import { storyOfProof } from './explain-proof.ts'

function told(proof: OrderProof, facts: Facts): string {
  return explanationText(storyOfProof('serializable', proof, facts).explanation, Number.POSITIVE_INFINITY).join('\n')
}

function text(raw: string): string {
  const all = raw.split('\n').slice(1, -1)
  const indent = (all[0] as string).search(/\S/)
  return all.map((line) => line.slice(indent)).join('\n')
}

/** T0 and T1 write x; T2 has seen T0's y and reads T1's x; T3 has seen T1's z and reads T0's x. */
const history = `
  s1: w x 3, w y 5
  s2: w x 4, w z 6
  s3: r y 5, r x 4
  s4: r z 6, r x 3`
const { facts } = infer(tableOf(written(history)))
const x = facts.table.keys.indexOf('x')
const y = facts.table.keys.indexOf('y')
const z = facts.table.keys.indexOf('z')
/** If T1's x comes before T0's, T2 overlooks T0's; if T0's comes before T1's, T3 overlooks T1's. */
const ifT1First = [
  { transaction: 0, kind: wr, key: y },
  { transaction: 2, kind: rw, key: x },
] as const
const ifT0First = [
  { transaction: 1, kind: wr, key: z },
  { transaction: 3, kind: rw, key: x },
] as const

describe('a proof is told', () => {
  it('by cases, each within its own, to the end that there is no third', () => {
    const proof: OrderProof = {
      kind: 'either',
      key: x,
      first: 0,
      second: 1,
      ifBefore: { kind: 'cycle', cycle: ifT0First, orders: [] },
      ifAfter: { kind: 'cycle', cycle: ifT1First, orders: [] },
    }
    expect(told(proof, facts)).toBe(
      text(`
        serializable is violated
        Let
          T1 = transaction 1 of process s1: write x 3, write y 5
          T2 = transaction 1 of process s2: write x 4, write z 6
          T3 = transaction 1 of process s4: read z 6, read x 3
          T4 = transaction 1 of process s3: read y 5, read x 4
        Then
          Suppose that T1's write of 3 to x comes before T2's of 4.
            T2 < T3, because T3 read z as 6, which T2 wrote.
            However, T3 < T2, because T3 read x as 3, which T1 wrote and T2 overwrote with 4 (as supposed): a contradiction.
          Suppose instead that T2's write of 4 to x comes before T1's of 3.
            T1 < T4, because T4 read y as 5, which T1 wrote.
            However, T4 < T1, because T4 read x as 4, which T2 wrote and T1 overwrote with 3 (as supposed): a contradiction.
          There is no third way: a contradiction.
      `),
    )
  })

  it('with the orders that follow, each because of what would be otherwise', () => {
    const proof: OrderProof = { kind: 'cycle', cycle: ifT0First, orders: [{ key: x, first: 0, second: 1, otherwise: ifT1First }] }
    expect(told(proof, facts)).toBe(
      text(`
        serializable is violated
        Let
          T1 = transaction 1 of process s1: write x 3, write y 5
          T2 = transaction 1 of process s2: write x 4, write z 6
          T3 = transaction 1 of process s3: read y 5, read x 4
          T4 = transaction 1 of process s4: read z 6, read x 3
        Then
          T1's write of 3 to x comes before T2's of 4, for otherwise:
            T1 < T3, because T3 read y as 5, which T1 wrote.
            However, T3 < T1, because T3 read x as 4, which T2 wrote and T1 overwrote with 3 (as supposed): a contradiction.
          T2 < T4, because T4 read z as 6, which T2 wrote.
          However, T4 < T2, because T4 read x as 3, which T1 wrote and T2 overwrote with 4 (as shown): a contradiction.
      `),
    )
  })

  it('with cases within cases, and orders that follow from several', () => {
    const { facts: three } = infer(tableOf(written('s1: w x 1\ns2: w x 2\ns3: w x 3')))
    const circle = [
      { transaction: 0, kind: ww, key: 0 },
      { transaction: 2, kind: ww, key: 0 },
    ] as const
    const leaf: OrderProof = { kind: 'cycle', cycle: circle, orders: [] }
    const inner: OrderProof = {
      kind: 'either',
      key: 0,
      first: 1,
      second: 2,
      ifBefore: leaf,
      ifAfter: { kind: 'searched', conflicts: 1234 },
    }
    const { because, conclusion } = storyOfProof(
      'serializable',
      { kind: 'either', key: 0, first: 0, second: 1, ifBefore: inner, ifAfter: { kind: 'searched', conflicts: 2 } },
      three,
    ).explanation
    expect(because).toEqual([
      "Suppose that T1's write of 1 to x comes before T2's of 2.",
      "  Suppose that T2's write of 2 to x comes before T3's of 3.",
      "    T1 < T3, because T1's write of 1 to x comes before T3's of 3 (as follows from the orders of writes above).",
      "    However, T3 < T1, because T3's write of 3 to x comes before T1's of 1: a contradiction.",
      "  Suppose instead that T3's write of 3 to x comes before T2's of 2.",
      '    All orders of the writes were searched: each of 1,234 combinations led to a forbidden cycle, and none is left.',
      '  There is no third way: a contradiction.',
      "Suppose instead that T2's write of 2 to x comes before T1's of 1.",
      '  All orders of the writes were searched: each of 2 combinations led to a forbidden cycle, and none is left.',
    ])
    expect(conclusion).toBe('There is no third way: a contradiction.')
  })

  it('by the read that saw less, of several that a transaction made', () => {
    const { facts: several } = infer(tableOf(written('s1: w x 1\ns2: w x 2\ns3: w x 3\ns4: r x 1, r x 2, r x 3')))
    const cycle = [
      { transaction: 2, kind: wr, key: 0 },
      { transaction: 3, kind: rw, key: 0 },
    ] as const
    const circle: OrderProof = { kind: 'cycle', cycle, orders: [] }
    const either: OrderProof = {
      kind: 'either',
      key: 0,
      first: 1,
      second: 2,
      ifBefore: circle,
      ifAfter: { kind: 'searched', conflicts: 2 },
    }
    expect(storyOfProof('serializable', either, several).explanation.because).toContain(
      '  However, T3 < T2, because T3 read x as 2, which T1 wrote and T2 overwrote with 3 (as supposed): a contradiction.',
    )
  })

  it('with a reason for each of its edges, and with none who says nothing', () => {
    let cases = 0
    for (const base of ['serializable', 'parallel-snapshot-isolation'] as const) {
      fc.assert(
        fc.property(transactionsArb({ kind: 'register' }), (transactions) => {
          const { facts: known } = infer(tableOf(transactions))
          const proof = prove(known, shapeOf(base), 'session', new Budget({ seconds: 2 }))
          if (proof === null) return
          if (proof.kind === 'either') cases++
          const { edges, explanation } = storyOfProof(base, proof, known)
          for (const { kind, text: reason } of edges) {
            if (kind === ww) expect(reason).toMatch(/ \(.+\)$/)
            if (kind === rw) expect(reason).toMatch(/ \(.+\)$| before anything was written to it, and /)
          }
          const whole = [...explanation.because, explanation.conclusion].join('\n')
          const introduced = explanation.lets.map((line) => line.replace(/ = .*/s, ''))
          expect(introduced).toEqual([...introduced].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
          expect(new Set(introduced)).toEqual(new Set(whole.match(/\bT\d+\b/g)))
        }),
        { numRuns: 200 },
      )
    }
    expect(cases).toBeGreaterThan(5)
  })

  it('with all its edges, for pictures', () => {
    const proof: OrderProof = { kind: 'cycle', cycle: ifT0First, orders: [{ key: x, first: 0, second: 1, otherwise: ifT1First }] }
    expect(storyOfProof('serializable', proof, facts).edges.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [0, 2, wr],
      [2, 0, rw],
      [1, 3, wr],
      [3, 1, rw],
    ])
  })
})
