import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { transactionRecorder } from './histories/transaction-recorder.ts'
import './vitest.ts'

const folder = mkdtempSync(join(tmpdir(), 'isolation-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two clients that each see the other's key unwritten and write their own. */
function writeSkew(): ReturnType<typeof transactionRecorder> {
  const record = transactionRecorder()
  const [one, other] = [record.begin('one'), record.begin('other')]
  one.read('x', null)
  other.read('y', null)
  one.write('y', 1)
  other.write('x', 1)
  one.commit()
  other.commit()
  return record
}

function failure(assert: () => unknown): string {
  try {
    assert()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the assertion passed')
}

describe('the matchers of transactions', () => {
  it('pass at the levels that a recorded history is at, also negated', () => {
    expect(writeSkew()).toBeSnapshotIsolated()
    expect(writeSkew().history).toSatisfyIsolation('strong-session-read-atomic')
    expect(writeSkew()).not.toBeSerializable()
    expect(writeSkew()).not.toBeStrictSerializable()
    expect(writeSkew()).not.toSatisfyIsolation('update-serializable')
  })

  it('fail with a proof, and save the history', () => {
    const save = join(folder, 'skew.edn')
    const message = failure(() => expect(writeSkew()).toBeSerializable({ save }))
    expect(message).toContain('not serializable')
    expect(message).toContain('write-skew')
    expect(message.replaceAll(/\s+/g, ' ')).toContain(': a contradiction.')
    expect(existsSync(save)).toBe(true)
    expect(failure(() => expect(writeSkew()).not.toBeSnapshotIsolated())).toContain('but this one does')
  })

  it('take nothing but histories', () => {
    expect(failure(() => expect(1).toBeSerializable())).toContain('expected a history')
  })
})
