/** What clients saw, judged without any server. */
import { describe, expect, it } from 'vitest'
import type { Outcome, RealStep } from '../adapter.ts'
import type { TakenStep } from '../replayer.ts'
import { judgeReplication, seenByClients } from './judge-replication.ts'
import { nothing } from './replicated-server.ts'

const ok = (value: Extract<Outcome, { kind: 'ok' }>['value'] = null): Outcome => ({ kind: 'ok', value })
const blocked: Outcome = { kind: 'blocked', on: 'replicas' }
const lost: Outcome = { kind: 'error', code: 'lost', message: '', definite: false }

const taken = (step: RealStep, outcome: Outcome, completed: TakenStep['completed'] = []): TakenStep => ({
  planned: { step, text: '', of: 1, allowed: [] },
  outcome,
  completed,
  isAllowed: true,
  facts: {},
})
const of = (actor: string, operation: string, outcome: Outcome, argument: number | null = null): TakenStep =>
  taken({ kind: 'operation', actor, node: 'server 0', operation, argument }, outcome)
const logAt = (node: string, ...log: readonly number[]): TakenStep =>
  taken({ kind: 'operation', actor: 'observer', node, operation: 'log', argument: null }, ok([...log]))

const isViolated = (property: string, ...steps: readonly TakenStep[]): boolean => judgeReplication(seenByClients(steps), property).violated

describe('the judgement of replication', () => {
  it('misses a write that was acknowledged, and no other', () => {
    expect(isViolated('durable', of('a', 'write', ok(), 1), logAt('server 1'))).toBe(true)
    expect(isViolated('durable', of('a', 'write', ok(), 1), logAt('server 1', 1))).toBe(false)
    expect(isViolated('durable', of('a', 'write', blocked, 1), logAt('server 1'))).toBe(false)
    expect(isViolated('durable', of('a', 'write', blocked, 1), of('a', 'answer', ok()), logAt('server 1'))).toBe(true)
    const crash = taken({ kind: 'crash', node: 'server 0' }, ok(), [{ actor: 'a', outcome: lost }])
    expect(isViolated('durable', of('a', 'write', blocked, 1), crash, logAt('server 1'))).toBe(false)
  })

  it('sees two sides where each lacks what the other has acknowledged', () => {
    const both = [of('a', 'write', ok(), 1), of('b', 'write', ok(), 2)]
    expect(isViolated('onePrimary', ...both, logAt('server 0', 1), logAt('server 1', 2))).toBe(true)
    expect(isViolated('onePrimary', ...both, logAt('server 0', 1), logAt('server 1', 1, 2))).toBe(false)
    const one = [of('a', 'write', ok(), 1), of('b', 'write', blocked, 2)]
    expect(isViolated('onePrimary', ...one, logAt('server 0', 1), logAt('server 1', 2))).toBe(false)
  })

  it('knows a client that still waits from one that was told that its connection is lost', () => {
    const crash = taken({ kind: 'crash', node: 'server 0' }, ok(), [{ actor: 'a', outcome: lost }])
    expect(isViolated('available', of('a', 'write', blocked, 1))).toBe(true)
    expect(isViolated('available', of('a', 'write', blocked, 1), crash)).toBe(false)
    expect(isViolated('available', of('a', 'write', ok(), 1))).toBe(false)
  })

  it('judges sessions and real time by what reads return', () => {
    const read = (actor: string, value: number | string): TakenStep => of(actor, 'read', ok(value))
    expect(isViolated('linearizable', of('a', 'write', ok(), 1), read('b', nothing))).toBe(true)
    expect(isViolated('linearizable', of('a', 'write', ok(), 1), read('b', 1))).toBe(false)
    expect(isViolated('linearizable', of('a', 'write', blocked, 1), read('b', nothing), of('a', 'answer', ok()))).toBe(false)
    expect(isViolated('monotonicReads', of('a', 'write', ok(), 1), read('b', 1), read('b', nothing))).toBe(true)
    expect(isViolated('monotonicReads', of('a', 'write', ok(), 1), read('b', 1), read('c', nothing))).toBe(false)
    expect(isViolated('readYourWrites', of('a', 'write', ok(), 1), read('a', nothing))).toBe(true)
  })
})
