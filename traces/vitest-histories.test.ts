import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { casRegister, type History, HistoryError, queue, register } from '../properties/index.ts'
import { readHistoryFile } from './histories/read.ts'
import { recorder } from './histories/recorder.ts'
import { transactionRecorder } from './histories/transaction-recorder.ts'
import './vitest.ts'

const folder = mkdtempSync(join(tmpdir(), 'matchers-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A write of 1 that completes, then a read of another process. */
const readAfterWrite = (seen: number | null): History => [
  { index: 0, process: 0, type: 'invoke', f: 'write', value: 1 },
  { index: 1, process: 0, type: 'ok', f: 'write', value: 1 },
  { index: 2, process: 1, type: 'invoke', f: 'read', value: null },
  { index: 3, process: 1, type: 'ok', f: 'read', value: seen },
]

function failure(assert: () => unknown): string {
  try {
    assert()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the assertion passed')
}

describe('the matchers of histories', () => {
  it('tell what is linearizable from what is not', () => {
    expect(readAfterWrite(1)).toBeLinearizable(register)
    expect(readAfterWrite(1)).toSatisfy('linearizable', register)
    expect(readAfterWrite(1)).toBeSequentiallyConsistent(register)
    expect(readAfterWrite(null)).not.toBeLinearizable(register)
    expect(readAfterWrite(null)).not.toSatisfy('linearizable', register)
  })

  it('refuse a recorder that has recorded nothing, which is not the same as an empty history', () => {
    expect([]).toBeLinearizable(register)
    const message = failure(() => expect(recorder()).toBeLinearizable(register))
    expect(message).toBe('the recorder has recorded nothing; run what is tested through it, or pass [] if an empty history is meant')
    expect(failure(() => expect(transactionRecorder()).toBeSerializable())).toBe(message)
  })

  it('judge by the level that they name', () => {
    // The read is of another process, which may be behind.
    expect(readAfterWrite(null)).toBeSequentiallyConsistent(register)
    expect(readAfterWrite(null)).toSatisfy('sequential', register)
    expect(readAfterWrite(7)).not.toBeSequentiallyConsistent(register)
    expect(failure(() => expect(readAfterWrite(7)).toSatisfy('sequential', register))).toContain('7')
    // @ts-expect-error: there is no such level
    expect(() => expect(readAfterWrite(1)).toSatisfy('sequentail', register)).toThrow(HistoryError)
  })

  it('take a level that says nothing of such operations for neither answer', () => {
    const events = readAfterWrite(1).map((event) => ({ ...event, f: event.f === 'write' ? 'enqueue' : 'dequeue' }))
    expect(events).toBeLinearizable(queue)
    failure(() => expect(events).toSatisfy('causal', queue))
    failure(() => expect(events).not.toSatisfy('causal', queue))
  })

  it('take a recorder for what it has recorded', async () => {
    const record = recorder()
    const client = record.client()
    await client.call('write', 1, () => null)
    await client.call('read', null, () => null)
    expect(record).not.toBeLinearizable(register)
    expect(record.history.slice(0, 2)).toBeLinearizable(register)
  })

  it('fail with the evidence', () => {
    const message = failure(() => expect(readAfterWrite(null)).toBeLinearizable(register))
    expect(message).toMatch(/^✗ /)
    expect(message).toContain('read → null')
    expect(message).toContain('write 1')
    expect(message).not.toContain('\u001b')
    expect(failure(() => expect(readAfterWrite(null)).toSatisfy('linearizable', register))).toContain('read → null')
  })

  it('fail with an order that explains what was not to be explained', () => {
    const message = failure(() => expect(readAfterWrite(1)).not.toBeLinearizable(register))
    expect(message).toMatch(/^expected a history that does not satisfy linearizable, but this one does\n/)
    expect(message).toMatch(/write 1.*read → 1/)
  })

  it('pass on what the history leaves open', () => {
    expect(readAfterWrite(null)).toBeLinearizable(register, { reading: { nil: 'unknown' } })
    expect(readAfterWrite(7)).toBeLinearizable(register, { reading: { neverWritten: 'ignored' } })
    expect(readAfterWrite(1).slice(2)).toBeLinearizable(register, { initial: 1 })
    expect(readAfterWrite(1).slice(2)).toBeLinearizable(register, { reading: { initial: 1 } })
  })

  it('write the history where they fail, and only there', () => {
    const path = (name: string): string => join(folder, name)
    expect(readAfterWrite(1)).toBeLinearizable(register, { save: path('passes.edn') })
    expect(readAfterWrite(null)).not.toBeLinearizable(register, { save: path('passes.edn') })
    expect(existsSync(path('passes.edn'))).toBe(false)
    const message = failure(() => expect(readAfterWrite(null)).toBeLinearizable(register, { save: path('fails.edn') }))
    expect(message).toContain(`the history is in ${path('fails.edn')}`)
    expect(readHistoryFile(path('fails.edn')).history).toEqual(readAfterWrite(null))
    failure(() => expect(readAfterWrite(1)).not.toBeLinearizable(register, { save: path('fails.json') }))
    expect(existsSync(path('fails.json'))).toBe(true)
  })

  it('do not take an unknown verdict for either answer, and name the limit', () => {
    const hard = crowdedQueue(9)
    const limits = { seconds: 0 }
    for (const assert of [
      () => expect(hard).toBeLinearizable(queue, { limits, algorithm: 'general' }),
      () => expect(hard).not.toBeLinearizable(queue, { limits, algorithm: 'general' }),
    ])
      expect(failure(assert)).toMatch(/stopped by the time limit[\s\S]*hint: raise limits\.seconds/)
  })

  it('refuse what is no history, and operations that the specification does not have', () => {
    expect(() => expect({}).toBeLinearizable(register)).toThrow('expected a history')
    expect(() => expect([1]).not.toBeLinearizable(register)).toThrow('expected a history')
    expect(() => expect(readAfterWrite(1)).not.toBeLinearizable(queue)).toThrow('write is not an operation of queue')
    expect(() => expect(readAfterWrite(1)).toSatisfy('linearizable', undefined as never)).toThrow('expected a specification')
  })

  it("leave vitest's own toSatisfy as it was", () => {
    expect(3).toSatisfy((value: number) => value > 2)
    expect(3).not.toSatisfy((value: number) => value > 3)
    expect([3]).toEqual([expect.toSatisfy((value: number) => value > 2)])
    expect(failure(() => expect(3).toSatisfy((value: number) => value > 3, 'be greater than 3'))).toMatch(/be greater than 3[\s\S]*3/)
    expect(failure(() => expect(3).not.toSatisfy((value: number) => value > 2))).toContain('not to satisfy')
  })

  it('have types', () => {
    const untested = (): void => {
      // @ts-expect-error: a specification is needed
      expect([]).toBeLinearizable()
      // @ts-expect-error: there is no option of this name
      expect([]).toBeLinearizable(register, { saved: 'history.edn' })
      // @ts-expect-error: a register is no name of a level
      expect([]).toSatisfy(register)
      // @ts-expect-error: the level has been said by the name of the matcher
      expect([]).toBeSequentiallyConsistent(casRegister, { level: 'linearizable' })
    }
    expect(untested).toBeTypeOf('function')
  })
})

/** Everything at once, and a result that no order explains. */
function crowdedQueue(clients: number): History {
  const each = Array.from({ length: clients }, (_, process) => process)
  return [
    ...each.map((process) => ({ process, type: 'invoke' as const, f: 'enqueue', value: process })),
    ...each.map((process) => ({ process, type: 'ok' as const, f: 'enqueue', value: process })),
    ...each.map((process) => ({ process, type: 'invoke' as const, f: 'dequeue', value: null })),
    ...each.map((process) => ({ process, type: 'ok' as const, f: 'dequeue', value: process === 0 ? clients : process })),
  ].map((event, index) => ({ index, ...event }))
}
