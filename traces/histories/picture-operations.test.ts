import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textWidth } from '../text.ts'
import { showOperations } from './picture-operations.ts'
import { arbitraryOperations, drawn } from './testing/pictured.ts'

const stale = drawn(
  [0, 'write', 1, 1, 0, 3],
  [1, 'read', null, 1, 1, 2],
  [2, 'write', 4, 4, 4, null],
  [0, 'cas', [1, 2], null, 5, 8],
  [1, 'read', null, 0, 6, 7],
)
const plain = { colours: false }

describe('the picture of operations', () => {
  it('shows who overlaps whom, who crashed, and what fails', () => {
    expect(showOperations(stale, { ...plain, mark: new Set([4]) })).toMatchInlineSnapshot(`
      "process  time →
            0  ├─ write 1 ────┤ ├─ cas [1 2] → ok ─┤
            1   ├─ read → 1 ─┤   ├─ ✗ read → 0 ─┤
            2                  ├─ write 4 ╌╌╌╌╌╌╌╌ ?

      ✗ cannot be explained   ? never returned
      "
    `)
  })

  it('draws what matters heavier than the rest', () => {
    expect(showOperations(stale, { ...plain, mark: new Set([4]), core: new Set([0, 4]) })).toMatchInlineSnapshot(`
      "process  time →
            0  ┣━ write 1 ━━━━┫ ├─ cas [1 2] → ok ─┤
            1   ├─ read → 1 ─┤   ┣━ ✗ read → 0 ━┫
            2                  ├─ write 4 ╌╌╌╌╌╌╌╌ ?

      ✗ cannot be explained   ━ matters   ? never returned
      "
    `)
    expect(showOperations(stale, { ...plain, core: new Set([0, 1, 2, 3, 4]) })).toBe(showOperations(stale, plain))
  })

  it('goes on below where the width ends', () => {
    const operations = drawn(...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i % 3, 'write', `v${i}`, null, 3 * i, 3 * i + 4] as const), [
      'crashing',
      'write',
      9,
      null,
      5,
      null,
    ])
    expect(showOperations(operations, { ...plain, width: 60 })).toMatchInlineSnapshot(`
      " process  time →
             0  ├─ write v0 ─┤   ├─ write v3 ─┤
             1   ├─ write v1 ───┤            ├─ write v4 ─┤
      crashing                ├─ write 9 ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ ?
             2                 ├─ write v2 ─┤  ├─ write v5 ─…

             0   ├─ write v6 ──┤
             1                ├─ write v7 ─┤
             2  …─ write v5 ─┤
                still open: write 9 (crashing)

      ? never returned   … goes on in the next part
      "
    `)
  })

  it('keeps lanes in line under wide characters, and shortens long values in the middle', () => {
    const operations = drawn(
      [0, 'write', '日本語', null, 0, 2],
      ['東京', 'read', null, '日本語', 1, 3],
      [0, 'append', 'abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz', null, 4, 5],
    )
    expect(showOperations(operations, plain)).toMatchInlineSnapshot(`
      "process  time →
            0  ├─ write "日本語" ─┤  ├─ append abcdefghijklmnop…klmnopqrstuvwxyz ─┤
         東京   ├─ read → "日本語" ─┤
      "
    `)
  })

  it('names the key of each operation', () => {
    expect(showOperations(drawn([0, 'write', 1, 1, 0, 2, 'x'], [1, 'read', null, 1, 1, 3, 'y']), plain)).toMatchInlineSnapshot(`
      "process  time →
            0  ├─ x: write 1 ─┤
            1   ├─ y: read → 1 ─┤
      "
    `)
  })

  it('says the same without colour', () => {
    const options = { mark: new Set([4]), core: new Set([0, 4]) }
    const coloured = showOperations(stale, { ...options, colours: true })
    expect(coloured).toContain('\u001b[31m┣━ ✗ read → 0 ━┫')
    expect(stripVTControlCharacters(coloured)).toBe(showOperations(stale, { ...options, colours: false }))
  })

  it('leaves room to see that an operation never returned', () => {
    expect(showOperations(drawn([0, 'write', 4, null, 0, null]), plain)).toContain('  ├─ write 4 ╌╌ ?\n')
  })

  it('is empty without operations', () => {
    expect(showOperations([], plain)).toBe('')
  })

  it('is never wider than asked, marks what fails, and lets no control character through', () => {
    fc.assert(
      fc.property(arbitraryOperations, fc.integer({ min: 40, max: 120 }), fc.nat(), fc.nat(), (operations, width, marked, matters) => {
        const mark = new Set([marked % 30])
        const picture = showOperations(operations, { ...plain, width, mark, core: new Set([matters % 30]) })
        for (const line of picture.split('\n')) {
          expect(textWidth(line)).toBeLessThanOrEqual(width)
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
          expect(line).toBe(line.trimEnd())
        }
        expect(/[├┣]. ✗ /.test(picture)).toBe(operations.some(({ id }) => mark.has(id)))
      }),
      { numRuns: 1000 },
    )
  })

  it('has a bar with a label for every operation', () => {
    fc.assert(
      fc.property(arbitraryOperations, fc.integer({ min: 40, max: 120 }), (operations, width) => {
        const named = operations.map((operation) => ({ ...operation, key: undefined, f: 'write', input: `v${operation.id}v` }))
        const picture = showOperations(named, { ...plain, width })
        for (const { id } of named) expect(picture.match(new RegExp(`├─ write v${id}v[ ]`, 'g'))).toHaveLength(1)
      }),
    )
  })
})
