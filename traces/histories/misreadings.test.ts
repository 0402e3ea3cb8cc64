/** Ways in which a history could be read as one that it is not, and its verdict come out wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { faultIn } from '../../properties/linearizability/witness.ts'
import { operationsOf } from '../../properties/operation.ts'
import type { Spec } from '../../properties/spec.ts'
import { counter, multiRegister, queue, register } from '../../properties/specs/index.ts'
import { judge, verify } from '../../properties/verify.ts'
import { linearizable } from '../fast-check.ts'
import { recorder } from './recorder.ts'
import { errorOf, readText } from './testing/read-text.ts'
import { type VerifyFileOptions, verifyFile } from './verify-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'misreadings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function judged(text: string | Buffer, options: VerifyFileOptions = {}): string {
  const path = join(folder, 'history')
  writeFileSync(path, text)
  return errorOrVerdict(() => verifyFile(path, { file: 'h', ...options }).judgements[0]?.verdict)
}

function errorOrVerdict(run: () => unknown): string {
  let verdict: unknown
  const error = errorOf(() => {
    verdict = run()
  })
  return error === 'no error' ? String(verdict) : error
}

const txn = (...steps: readonly string[]): string =>
  steps
    .map(
      (step, process) =>
        `{:process ${process}, :type :invoke, :f :txn, :value ${step}}\n{:process ${process}, :type :ok, :f :txn, :value ${step}}\n`,
    )
    .join('')

describe('a history', () => {
  it('of transactions that append is refused, and not taken for one of registers', () => {
    expect(judged(txn('[[:append :x 1]]', '[[:append :x 2]]', '[[:r :x [1 2]]]'))).toMatch(/^history-operation h: .*append.* is not a step/)
    expect(judged(txn('[[:w :x 1]]', '[[:r :x 1]]'))).toBe('holds')
    expect(judged(txn('[[:w :x 1]]', '[[:r :x 2]]'))).toBe('violated')
    const reads = txn('[[:r 0 1] [:r 1 nil]]').replaceAll(':txn', ':read')
    expect(judged(reads)).toMatch(/^option h: its values are transactions/)
  })

  it('is not read by an option that its operations do not have', () => {
    const failed = '{:process 0, :type :invoke, :f :cas, :value [0 1]}\n{:process 0, :type :fail, :f :cas, :value [0 1]}\n'
    expect(judged(failed, { reading: { fail: { cas: 'observed' }, initial: 0 } })).toBe('violated')
    expect(judged(failed, { reading: { fail: { CAS: 'observed' }, initial: 0 } })).toMatch(/^option .*CAS/)
    expect(judged(txn('[[:w :x 1]]'), { reading: { nil: 'value' } })).toMatch(/^option .*always unknown/)
    expect(judged(txn('[[:w :x 1]]'), { spec: multiRegister as unknown as Spec, reading: { nil: 'unknown' } })).toBe('holds')
  })

  it('that a recorder has saved gets the verdict that it had', async () => {
    const record = recorder()
    const client = record.client()
    await client.call('write', 1, async () => {})
    await client.call('read', null, async () => null)
    expect(verify(record.history, register).verdict).toBe('violated')
    for (const name of ['saved.edn', 'saved.json']) {
      record.save(join(folder, name))
      expect(verifyFile(join(folder, name)).judgements[0]?.verdict).toBe('violated')
    }
  })

  it('is text in UTF-8, or it is refused where it is not', () => {
    const bytes = Buffer.from('{"process":0,"type":"invoke","f":"read"}\n{"process":0,"type":"ok","f":"read","value":"ab"}\n')
    bytes[bytes.length - 5] = 0xff
    expect(judged(bytes)).toMatch(/^history-syntax h:2:\d+: found bytes that are not UTF-8/)
  })

  it('has sets, which are equal however they are printed', () => {
    const { history } = readText(
      '{:process 0, :type :invoke, :f :write, :value #{1 2}}\n{:process 0, :type :ok, :f :write, :value #{2 1}}\n{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0, :type :ok, :f :read, :value #{2 1}}\n',
    )
    expect(verify(history, register).verdict).toBe('holds')
  })

  it('has events whose indexes rise', () => {
    const event = { process: 0, f: 'write', value: 1 } as const
    const repeated = [
      { ...event, index: 0, type: 'invoke' as const },
      { ...event, index: 0, type: 'ok' as const },
    ]
    expect(errorOf(() => verify(repeated, register))).toMatch(/^history-events event 0: its index does not rise/)
  })

  it('of a queue that does not start empty is not judged by what was put in', () => {
    const history = readText('{"process":0,"type":"invoke","f":"dequeue"}\n{"process":0,"type":"ok","f":"dequeue","value":1}\n').history
    expect(verify(history, queue, { initial: [1] }).verdict).toBe('holds')
    expect(verify(history, queue, { initial: [1], level: 'exactly-once' }).verdict).toBe('inapplicable')
  })

  it('has a witness that can be checked against operations read anew', () => {
    const history = readText(txn('[[:w :x 1]]').replaceAll(':txn', ':write')).history
    const { decision } = judge(operationsOf(history, register), register)
    expect(decision.verdict === 'holds' && faultIn(decision.witness ?? [], operationsOf(history, register), register, null)).toBeNull()
  })

  it('cannot be made of commands that the object does not have', () => {
    expect(
      errorOf(() => linearizable(counter, { commands: { raed: fc.constant(null) }, system: () => ({ raed: async () => null }) })),
    ).toMatch(/^option commands: raed is not an operation of counter/)
  })
})
