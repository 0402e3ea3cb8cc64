import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { HistoryError } from '../../properties/errors.ts'
import { casRegister } from '../../properties/specs/index.ts'
import { type FileVerdict, type VerifyFileOptions, verifyFile } from './verify-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function verified(text: string, options: VerifyFileOptions = {}): FileVerdict {
  const path = join(folder, 'history.txt')
  writeFileSync(path, text)
  return verifyFile(path, { file: 'history.txt', ...options })
}

const edn = (...rows: string[]): string => rows.map((row) => `[${row}]`).join('\n')
const fresh = edn('0 :invoke :write 1', '0 :ok :write 1', '1 :invoke :read nil', '1 :ok :read 1')
const stale = edn('0 :invoke :write 1', '0 :ok :write 1', '1 :invoke :read nil', '1 :ok :read 0')
const keyed = edn('0 :invoke :write [:x 1]', '0 :ok :write [:x 1]', '1 :invoke :read [:y nil]', '1 :ok :read [:y 1]')

describe('the history in a file', () => {
  it('is judged by the specification that its operations fit', () => {
    expect(verified(fresh)).toMatchObject({
      file: 'history.txt',
      format: 'jepsen-edn',
      model: 'register',
      events: 4,
      annotations: 0,
      judgements: [{ verdict: 'holds', level: 'linearizable', operations: 2 }],
    })
    expect(verified(stale)).toMatchObject({ judgements: [{ verdict: 'violated', decision: { failing: { f: 'read', output: 0 } } }] })
    expect(verified(edn('0 :invoke :cas [0 1]', '0 :ok :cas [0 1]'), { initial: 0 })).toMatchObject({
      model: 'cas-register',
      judgements: [{ verdict: 'holds' }],
    })
    expect(verified('# queue\nenq 1 0 5\ndeq 1 6 7\n')).toMatchObject({ model: 'queue', judgements: [{ verdict: 'holds' }] })
  })

  it('is judged at every level that is asked for, by the specification that is asked for', () => {
    const { model, judgements } = verified(stale, { spec: casRegister as never, levels: ['sequential', 'linearizable'] })
    expect(model).toBe('cas-register')
    expect(judgements.map(({ level, verdict }) => [level, verdict])).toEqual([
      ['sequential', 'violated'],
      ['linearizable', 'violated'],
    ])
  })

  it.each([false, true])('is read as its format means it, unless told otherwise; streamed: %s', (stream) => {
    const nil = edn('0 :invoke :write 1', '0 :ok :write 1', '1 :invoke :read nil', '1 :ok :read nil')
    const verdict = (text: string, options: VerifyFileOptions): string => `${verified(text, { stream, ...options }).judgements[0]?.verdict}`
    expect(verdict(nil, {})).toBe('holds')
    expect(verdict(nil, { reading: { nil: 'value' } })).toBe('violated')
    expect(verdict(stale, {})).toBe('violated')
    const failed = edn('0 :invoke :cas [0 1]', '0 :fail :cas [0 1]')
    expect(verdict(failed, { initial: 0 })).toBe('holds')
    expect(verdict(failed, { initial: 0, reading: { fail: 'observed' } })).toBe('violated')
    expect(verdict(fresh.replace(':read 1', ':read 0').replace('1 :ok', '0 :invoke :write 0]\n[1 :ok'), { initial: 0 })).toBe('holds')
    expect(verdict(edn('0 :invoke :read nil', '0 :ok :read 7'), { reading: { initial: 7 } })).toBe('holds')
    expect(verdict(edn('0 :invoke :read nil', '0 :ok :read 7'), { reading: { initial: 8 } })).toBe('violated')
  })

  it.each([false, true])('of several objects is split, and the one that fails named; streamed: %s', (stream) => {
    const { independent, judgements, operations } = verified(keyed, { stream, independent: true })
    expect(independent).toBe(true)
    expect(judgements).toMatchObject([{ verdict: 'violated', key: ':y', objects: 2 }])
    expect(operations?.length ?? null).toBe(stream ? null : 2)
  })

  it('is judged the same while it is read', () => {
    for (const text of [fresh, stale]) {
      const [held] = verified(text).judgements
      const [streamed] = verified(text, { stream: true }).judgements
      expect(streamed).toMatchObject({
        verdict: held?.verdict,
        operations: held?.operations,
        objects: held?.objects,
        level: 'linearizable',
      })
    }
  })

  it('tells how far it is', () => {
    const shares: number[] = []
    verified(fresh, { onProgress: (share) => shares.push(share) })
    expect(shares.at(-1)).toBe(1)
  })

  it('ends in unknown at a limit', () => {
    const many = (f: string, values: (i: number) => string): string[] => Array.from({ length: 24 }, (_, i) => `${i} ${f} ${values(i)}`)
    const hard = edn(
      ...many(':invoke :enqueue', (i) => `${i % 6}`),
      ...many(':ok :enqueue', (i) => `${i % 6}`),
      ...many(':invoke :dequeue', () => 'nil'),
      ...many(':ok :dequeue', (i) => `${i === 23 ? 0 : i % 6}`),
    )
    for (const stream of [false, true])
      expect(verified(hard, { stream, limits: { seconds: 0.1 } }).judgements).toMatchObject([
        { verdict: 'unknown', decision: { limit: 'time' } },
      ])
  })

  it.each<[string, string, VerifyFileOptions]>([
    ['history.txt: event 0: erase is not an operation of cas-register', edn('0 :invoke :erase 1'), { spec: casRegister as never }],
    ['history.txt: does not say what it is a history of (its operations are erase)', edn('0 :invoke :erase 1'), {}],
    ['history.txt: does not say what it is a history of', edn('0 :invoke :peek nil'), {}],
    ['history.txt', edn('0 :ok :read 1'), {}],
    ['history.txt', edn('0 :invoke :read nil', '0 :invoke :read nil'), {}],
    ['history.txt', 'neither this nor that', {}],
  ])('is refused with its name: %s', (message, text, options) => {
    expect(() => verified(text, options)).toThrow(HistoryError)
    expect(() => verified(text, options)).toThrow(message)
  })
})
