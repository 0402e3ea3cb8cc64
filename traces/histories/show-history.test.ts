import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision, Judgement, Violated } from '../../properties/decision.ts'
import { textWidth } from '../text.ts'
import { showJudgement } from './show-history.ts'
import { arbitraryOperations, drawn } from './testing/pictured.ts'

const operations = drawn(
  [0, 'write', 1, 1, 0, 3, 'x'],
  [1, 'read', null, 1, 1, 2, 'x'],
  [2, 'write', 4, 4, 4, null, 'x'],
  [0, 'cas', [1, 2], null, 5, 8, 'x'],
  [1, 'read', null, 0, 6, 7, 'x'],
  [3, 'write', 7, 7, 9, 10, 'y'],
)
const [write, read, crashed, cas, failing] = operations as [
  (typeof operations)[0],
  (typeof operations)[0],
  (typeof operations)[0],
  (typeof operations)[0],
  (typeof operations)[0],
]
const violated: Violated = {
  verdict: 'violated',
  algorithm: 'just-in-time linearization',
  sentence: 'read → 0 by process 1 has no write of 0 to read from: write 1 by process 0 had returned before it was called',
  failing,
  core: [write, failing],
  longest: [write, read, crashed, cas],
  states: ['1', '4'],
}

function judgement(decision: Decision, more: Partial<Judgement> = {}): Judgement {
  const { verdict, algorithm } = decision
  return {
    model: 'cas-register',
    level: 'linearizable',
    verdict,
    operations: 120,
    objects: 1,
    algorithm,
    seconds: 0.0032,
    decision,
    ...more,
  }
}

const plain = { colours: false }

describe('a judgement', () => {
  it('of a violation says which operation, draws those that matter, and what was possible', () => {
    expect(showJudgement(judgement(violated), { ...plain, file: 'etcd_003.log' })).toMatchInlineSnapshot(`
      "✗ not linearizable: etcd_003.log
        cas-register · 120 operations · just-in-time linearization · 3.2 ms

      read → 0 by process 1 has no write of 0 to read from: write 1 by process 0 had
      returned before it was called

      what matters, 2 of 120 operations:
      process  time →
            0  ├─ x: write 1 ─┤
            1                  ├─ ✗ x: read → 0 ─┤

      ✗ cannot be explained

      The possible states then: 1, 4
      The longest linearization found: x: write 1, x: read → 1, x: write 4,
        x: cas [1 2] → ok (4 operations)
      "
    `)
  })

  it('of a short history on a key draws what else happened to it', () => {
    const options = { ...plain, file: 'etcd_003.log', operations }
    expect(showJudgement(judgement(violated, { key: 'x', objects: 2, operations: 6 }), options)).toMatchInlineSnapshot(`
      "✗ not linearizable: etcd_003.log
        cas-register · 6 operations · key x, one of 2 · just-in-time linearization ·
        3.2 ms

      read → 0 by process 1 has no write of 0 to read from: write 1 by process 0 had
      returned before it was called

      process  time →
            0  ┣━ write 1 ━━━━┫ ├─ cas [1 2] → ok ─┤
            1   ├─ read → 1 ─┤   ┣━ ✗ read → 0 ━┫
            2                  ├─ write 4 ╌╌╌╌╌╌╌╌ ?

      ✗ cannot be explained   ━ matters   ? never returned

      The possible states then: 1, 4
      The longest linearization found: write 1, read → 1, write 4, cas [1 2] → ok
        (4 operations)
      "
    `)
  })

  it('names a guarantee that is violated, and the end of a long order', () => {
    const longest = Array.from({ length: 1240 }, (_, i) => ({ ...write, id: i, input: i, key: undefined }))
    const text = showJudgement(judgement({ ...violated, longest, failing: null }, { level: 'read-your-writes' }), { ...plain, width: 60 })
    expect(text).toMatchInlineSnapshot(`
      "✗ read-your-writes is violated
        cas-register · 120 operations · just-in-time linearization
        · 3.2 ms

      read → 0 by process 1 has no write of 0 to read from:
      write 1 by process 0 had returned before it was called

      what matters, 2 of 120 operations:
      process  time →
            0  ├─ x: write 1 ─┤
            1                  ├─ x: read → 0 ─┤

      The possible states then: 1, 4
      The longest order found: …, write 1232 → 1, write 1233 → 1,
        write 1234 → 1, write 1235 → 1, write 1236 → 1,
        write 1237 → 1, write 1238 → 1, write 1239 → 1
        (1,240 operations)
      "
    `)
  })

  it('that is unknown says what stopped it, and what to do', () => {
    const decision = { verdict: 'unknown', algorithm: 'search', limit: 'time', reached: '40 of 90 operations linearized' } as const
    expect(showJudgement(judgement(decision, { objects: 3, seconds: 30 }), { ...plain, hint: 'raise --time' })).toMatchInlineSnapshot(`
      "? unknown whether linearizable
        cas-register · 120 operations · 3 keys · search · 30.0 s
        stopped by the time limit: 40 of 90 operations linearized
        hint: raise --time
      "
    `)
  })

  it('that holds shows the beginning of an order', () => {
    const witness = [...operations, ...operations]
    const decision = { verdict: 'holds', algorithm: 'search', witness, note: 'every read is at most 2 writes old' } as const
    expect(showJudgement(judgement(decision, { level: 'sequential', seconds: 1.5 }), plain)).toMatchInlineSnapshot(`
      "✓ sequentially consistent
        cas-register · 120 operations · search · 1.50 s
        every read is at most 2 writes old
        one order that explains it: x: write 1, x: read → 1, x: write 4,
        x: cas [1 2] → ok, x: read → 0, y: write 7, x: write 1, x: read → 1, …
        (12 operations)
      "
    `)
    expect(showJudgement(judgement({ ...decision, witness: null }), plain)).not.toContain('order')
  })

  it('that does not apply says why', () => {
    const decision = { verdict: 'inapplicable', algorithm: 'none', reason: 'a queue has no reads' } as const
    expect(showJudgement(judgement(decision, { level: 'causal' }), plain)).toMatchInlineSnapshot(`
      "– causally consistent: does not apply
        cas-register · 120 operations · none · 3.2 ms
        a queue has no reads
      "
    `)
  })

  it('says the same without colour', () => {
    const coloured = showJudgement(judgement(violated), { colours: true })
    expect(coloured).toContain('\u001b[')
    expect(stripVTControlCharacters(coloured)).toBe(showJudgement(judgement(violated), plain))
  })

  it('draws the failing operation even of too many that matter', () => {
    const core = drawn(...Array.from({ length: 300 }, (_, i) => [i % 4, 'write', i, i, 2 * i, 2 * i + 5] as const))
    const text = showJudgement(judgement({ ...violated, core, failing: core[100] ?? null }), plain)
    expect(text).toContain('40 of the 300 operations that matter:')
    expect(text).toMatch(/✗ write 100 /)
    expect(text).not.toMatch(/write 104 /)
  })

  it('is never wider than asked, and lets no control character through', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 })
    const decisions = fc.tuple(arbitraryOperations, text, fc.array(text, { maxLength: 4 })).map(([some, sentence, states]): Decision[] => [
      { ...violated, core: some, failing: some[3] ?? null, longest: some, sentence, states },
      { verdict: 'holds', algorithm: sentence, witness: some, note: sentence },
      { verdict: 'unknown', algorithm: sentence, limit: 'memory', reached: sentence },
      { verdict: 'inapplicable', algorithm: sentence, reason: sentence },
    ])
    fc.assert(
      fc.property(decisions, text, fc.integer({ min: 40, max: 120 }), (all, name, width) => {
        for (const decision of all) {
          const shown = showJudgement(judgement(decision, { model: name, key: name }), {
            ...plain,
            width,
            file: name,
            hint: name,
          })
          for (const line of shown.split('\n')) {
            expect(textWidth(line)).toBeLessThanOrEqual(width)
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
