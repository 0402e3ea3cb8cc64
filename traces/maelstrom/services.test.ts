import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { casRegister, type HistoryEvent, type LevelName, type Value, verify } from '../../properties/index.ts'
import type { Body } from './message.ts'
import { type RunningService, startServices } from './services.ts'

const service = (name: string): RunningService => startServices().get(name) as RunningService

interface Call {
  readonly client: string
  readonly request: Body
  readonly pick: number
}

const calls: fc.Arbitrary<readonly Call[]> = fc
  .array(fc.record({ client: fc.constantFrom('n1', 'n2', 'n3'), kind: fc.nat(4), pick: fc.nat(), back: fc.nat(2) }), { maxLength: 20 })
  .map((drafts) =>
    drafts.map(({ client, kind, pick, back }, i) => {
      if (kind < 2) return { client, pick, request: { type: 'read', key: 'x' } }
      if (kind < 4) return { client, pick, request: { type: 'write', key: 'x', value: i } }
      return { client, pick, request: { type: 'cas', key: 'x', from: i - 1 - back, to: i } }
    }),
  )

/** Each call by itself, one after the other, as a history. */
function historyOf(name: string, all: readonly Call[], isPicked: boolean): readonly HistoryEvent<Value>[] {
  const asked = service(name)
  return all.flatMap(({ client, request, pick }, i) => {
    const reply = asked.apply(client, request, isPicked ? pick % asked.picks(client) : 0)
    const value: Value = request.type === 'cas' ? [request['from'] ?? null, request['to'] ?? null] : (request['value'] ?? null)
    const isRead = request.type === 'read'
    const result: Value = isRead ? (reply['value'] ?? null) : value
    const type = reply.type !== 'error' || isRead ? 'ok' : 'fail'
    return [
      { index: 2 * i, process: client, type: 'invoke', f: request.type, value },
      { index: 2 * i + 1, process: client, type, f: request.type, value: result },
    ]
  })
}

const levelHolds = (name: string, isPicked: boolean, level: LevelName) => (all: readonly Call[]) => {
  expect(verify(historyOf(name, all, isPicked), casRegister, { level }).verdict).toBe('holds')
}

const isViolatedAt = (name: string, level: LevelName): boolean => {
  const found = fc.check(
    fc.property(calls, (all) => verify(historyOf(name, all, true), casRegister, { level }).verdict !== 'violated'),
    { numRuns: 500 },
  )
  return found.failed
}

describe('the services', () => {
  it.each(['lin-kv', 'seq-kv', 'lww-kv'])('%s is linearizable where every pick is 0', (name) => {
    fc.assert(fc.property(calls, levelHolds(name, false, 'linearizable')))
  })

  it('lin-kv has no picks', () => {
    expect(service('lin-kv').picks('n1')).toBe(1)
  })

  it('seq-kv is sequential whatever the picks, and not linearizable', () => {
    fc.assert(fc.property(calls, levelHolds('seq-kv', true, 'sequential')))
    expect(isViolatedAt('seq-kv', 'linearizable')).toBe(true)
  })

  it('lww-kv is not even sequential', () => {
    expect(isViolatedAt('lww-kv', 'sequential')).toBe(true)
  })

  it('lww-kv lets the later write win once all replicas have met', () => {
    const kv = service('lww-kv')
    const at = (replica: number): number => 1 + replica * 25
    expect(kv.apply('n1', { type: 'write', key: 'x', value: 'a' }, at(1))).toEqual({ type: 'write_ok' })
    kv.apply('n1', { type: 'write', key: 'x', value: 'b' }, at(1))
    kv.apply('n2', { type: 'write', key: 'x', value: 'c' }, at(2))
    expect(kv.apply('n3', { type: 'read', key: 'x' }, at(2))).toEqual({ type: 'read_ok', value: 'c' })
    expect(kv.apply('n3', { type: 'read', key: 'x' }, at(3))).toMatchObject({ type: 'error', code: 20 })
    expect(kv.apply('n3', { type: 'read', key: 'x' }, 0)).toEqual({ type: 'read_ok', value: 'b' })
  })

  it('seq-kv never takes a client back behind what it has seen', () => {
    const kv = service('seq-kv')
    for (const value of [1, 2, 3]) kv.apply('n1', { type: 'write', key: 'x', value }, 0)
    expect(kv.apply('n2', { type: 'read', key: 'x' }, 1)).toEqual({ type: 'read_ok', value: 2 })
    expect([kv.picks('n1'), kv.picks('n2')]).toEqual([1, 2])
    expect(kv.apply('n2', { type: 'read', key: 'x' }, 99)).toEqual({ type: 'read_ok', value: 2 })
  })

  it('lin-tso counts from 0', () => {
    const oracle = service('lin-tso')
    expect([1, 2].map(() => oracle.apply('n1', { type: 'ts' }, 0))).toEqual([
      { type: 'ts_ok', ts: 0 },
      { type: 'ts_ok', ts: 1 },
    ])
  })

  it('compare values as a whole, create on demand, and say what they do not support', () => {
    const kv = service('lin-kv')
    const cas = { type: 'cas', key: ['k'], from: { a: [1] }, to: 2 }
    expect(kv.apply('n1', cas, 0)).toMatchObject({ code: 20 })
    expect(kv.apply('n1', { ...cas, create_if_not_exists: true, to: { a: [1] } }, 0)).toEqual({ type: 'cas_ok' })
    expect(kv.apply('n1', { ...cas, from: { a: [2] } }, 0)).toMatchObject({ code: 22 })
    expect(kv.apply('n1', cas, 0)).toEqual({ type: 'cas_ok' })
    expect(kv.apply('n1', { type: 'delete', key: ['k'] }, 0)).toMatchObject({ code: 10 })
  })
})
