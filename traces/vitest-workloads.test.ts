import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../properties/history.ts'
import type { Value } from '../properties/value.ts'
import { recorder } from './histories/recorder.ts'
import './vitest.ts'

const folder = mkdtempSync(join(tmpdir(), 'workloads-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** One client, which reads the accounts, transfers 5 from `a` to `b`, and reads them again, as what they are then. */
function banking(after: Value): HistoryEvent<Value>[] {
  const events: readonly [HistoryEvent['type'], string, Value][] = [
    ['invoke', 'read', null],
    ['ok', 'read', { a: 50, b: 50 }],
    ['invoke', 'transfer', { from: 'a', to: 'b', amount: 5 }],
    ['ok', 'transfer', { from: 'a', to: 'b', amount: 5 }],
    ['invoke', 'read', null],
    ['ok', 'read', after],
  ]
  return events.map(([type, f, value], index) => ({ index, process: 0, type, f, value }))
}

function failure(assert: () => unknown): string {
  try {
    assert()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the assertion passed')
}

describe('toKeepInvariant', () => {
  it('passes where the invariant of the workload is kept, also negated', () => {
    expect(banking({ a: 45, b: 55 })).toKeepInvariant('bank')
    expect(banking({ a: 45, b: 50 })).not.toKeepInvariant('bank')
    expect([]).toKeepInvariant('counter')
    expect([]).toKeepInvariant('long-fork')
  })

  it('takes the options of the workload, and no others', () => {
    expect(banking({ a: -5, b: 105 })).not.toKeepInvariant('bank')
    expect(banking({ a: -5, b: 105 })).toKeepInvariant('bank', { negativeBalances: true })
    expect(banking({ a: 45, b: 55 })).not.toKeepInvariant('bank', { total: 101 })
    // @ts-expect-error: a counter has no accounts that could be overdrawn
    expect([]).toKeepInvariant('counter', { negativeBalances: true })
    // @ts-expect-error: no such workload
    expect(failure(() => expect([]).toKeepInvariant('banc'))).toContain('expected a workload: bank, counter, set, long-fork')
  })

  it('fails with what was found and the events that show it, and saves the history', () => {
    const save = join(folder, 'bank.edn')
    const message = failure(() => expect(banking({ a: 45, b: 50 })).toKeepInvariant('bank', { save }))
    expect(message).toContain('✗ the bank invariant is violated')
    expect(message.replaceAll(/\s+/g, ' ')).toContain('account a shows the transfer of 5 from a to b (event 2), account b does not')
    expect(message).toContain('event 5  process 0 ok read {a: 45, b: 50}')
    expect(message).toContain(`the history is in ${save}`)
    expect(existsSync(save)).toBe(true)
    expect(failure(() => expect(banking({ a: 45, b: 55 })).not.toKeepInvariant('bank'))).toContain(
      'expected a history that does not satisfy the bank invariant, but this one does',
    )
  })

  it('shows events by their indexes, also of a part of a history', () => {
    const part = banking({ a: 45, b: 50 }).map((event) => ({ ...event, index: event.index + 1 }))
    const message = failure(() => expect(part).toKeepInvariant('bank'))
    expect(message).toContain('event 6  process 0 ok read {a: 45, b: 50}')
    expect(message).toContain('event 2  process 0 ok read {a: 50, b: 50}')
  })

  it('fails both ways where nobody can tell', async () => {
    const record = recorder()
    await record.client().call('add', 1, () => null)
    expect(failure(() => expect(record).toKeepInvariant('set'))).toContain('? unknown whether the set invariant holds')
    expect(failure(() => expect(record).not.toKeepInvariant('set'))).toContain('no read completed of a set with 1 acknowledged element')
    await record.client().call('read', null, () => [1])
    expect(record).toKeepInvariant('set')
  })

  it('takes nothing but histories', () => {
    expect(failure(() => expect(1).toKeepInvariant('bank'))).toContain('expected a history')
  })
})
