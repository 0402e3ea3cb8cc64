import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation } from './operation.ts'
import { operationName, operationText, shortened } from './operation-text.ts'
import type { Value } from './value.ts'

/** The output of an operation of which nobody knows what it returned. */
const open = Symbol('open')

function operation(f: string, input: Value, output: Value | typeof open = null, more: Partial<Operation> = {}): Operation {
  return {
    id: 0,
    process: 3,
    key: undefined,
    f,
    input,
    output: output === open ? undefined : output,
    completion: output === open ? 'info' : 'ok',
    call: 0,
    return: 1,
    ...more,
  }
}

describe('the text of an operation', () => {
  it.each([
    ['write 1', operation('write', 1, 1)],
    ['write 1', operation('write', 1)],
    ['write 1', operation('write', 1, 'ok')],
    ['write 1', operation('write', 1, open)],
    ['write null', operation('write', null)],
    ['enqueue 1', operation('enqueue', 1, 1)],
    ['add 1 → false', operation('add', 1, false)],
    ['read → 1', operation('read', null, 1)],
    ['read → 1', operation('read', 1, 1)],
    ['read → [1 2]', operation('read', [1, 2], [1, 2])],
    ['read → null', operation('read', null)],
    ['read → ?', operation('read', null, open)],
    ['cas [1 2] → ok', operation('cas', [1, 2], [1, 2])],
    ['cas [1 2] → ok', operation('cas', [1, 2])],
    ['cas [1 2] → false', operation('cas', [1, 2], false)],
    ['cas [1 2] → fail', operation('cas', [1, 2], open, { completion: 'fail' })],
    ['cas [1 2] → ?', operation('cas', [1, 2], open)],
    ['dequeue → 1', operation('dequeue', null, 1)],
    ['dequeue → empty', operation('dequeue', null)],
    ['pop → ?', operation('pop', null, open)],
    ['remove 2 → true', operation('remove', 2, true)],
    ['acquire', operation('acquire', null)],
    ['contains 1 → true', operation('contains', 1, true)],
    ['fetchAndAdd 1 → 1', operation('fetchAndAdd', 1, 1)],
    ['transfer {from: a, to: b}', operation('transfer', { from: 'a', to: 'b' }, { to: 'b', from: 'a' })],
    ['frobnicate → null', operation('frobnicate', null)],
    ['x: write 1', operation('write', 1, 1, { key: 'x' })],
    ['3: read → 1', operation('read', null, 1, { key: 3 })],
  ])('is %s', (text, of) => {
    expect(operationText(of)).toBe(text)
  })

  it('shortens long values in the middle, and keeps short ones beside them', () => {
    expect(operationText(operation('read', null, 'abcdefghijklmnopqrstuvwxyz'), 20)).toBe('read → abcdef…uvwxyz')
    expect(operationText(operation('append', ['x', 'abcdefghijklmnopqrstuvwxyz'], 7), 24)).toBe('append [x abc…vwxyz] → 7')
    expect(operationText(operation('read', null, 12345), 7)).toBe('rea…345')
  })

  it('is never longer than asked, and holds no control character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.integer({ min: 1, max: 60 }),
        (f, input, output, name, width) => {
          const text = operationText(operation(f, { [input]: input }, [output, name], { key: f }), width)
          expect(Array.from(text).length).toBeLessThanOrEqual(width)
          expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        },
      ),
    )
  })

  it('escapes what would drive a terminal, also in names', () => {
    expect(operationText(operation('write', '\u001b[31m'))).toBe('write "\\u001b[31m"')
    expect(operationText(operation('w\u001b', { '\u009b1m': '\u202e' }, open))).toBe('w\\u{1b} {\\u{9b}1m: "\\u{202e}"} → ?')
  })
})

describe('the name of an operation', () => {
  it('says who did it, and on what', () => {
    expect(operationName(operation('read', null, 1))).toBe('read → 1 by process 3')
    expect(operationName(operation('write', 1, 1, { key: 'x', process: 'client-2' }))).toBe('write 1 on key x by process client-2')
  })
})

describe('shortening', () => {
  it('takes the middle out', () => {
    expect(['abcdef', 'abcdef', 'abcdef', 'abcdef'].map((text, i) => shortened(text, [6, 5, 2, 1][i] ?? 0))).toEqual([
      'abcdef',
      'ab…ef',
      'a…',
      '…',
    ])
  })
})
