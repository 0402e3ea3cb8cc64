import { describe, expect, it } from 'vitest'
import { type CheckOptions, check } from '../../../checker/index.ts'
import { raftClients } from '../../../models/index.ts'
import type { TraceDocument } from '../../format.ts'
import { replay } from '../../replay.ts'
import type { Scenario } from '../scenario.ts'
import { registerPlan } from './register-plan.ts'

function traceOf(property: string, options: CheckOptions): TraceDocument {
  const [violation] = check(raftClients, { ...options, properties: [property] }).violations
  if (violation === undefined) throw new Error(`${property} is not violated`)
  return { ...violation.trace, part: violation.part }
}

function planOf(property: string, options: CheckOptions): Scenario {
  return registerPlan(replay(raftClients, traceOf(property, options)))
}

describe('the plan of a trace of clients of Raft', () => {
  it('cuts off whom no message reaches, and holds acknowledgements until the model delivers them', () => {
    const { steps } = planOf('linearizable', { constants: { reads: 'local', isElected: true } })
    expect(steps.map(({ of, text }) => `${of} ${text}`)).toEqual([
      '0 2: is cut off',
      '1 1 → 0: is held',
      '1 client 0: write 1 at 0',
      '3 0 → 1: entry',
      '4 1 → 0: acknowledgement',
      '5 client 0: read at 1',
    ])
  })

  it('elects the server that the model elects, and reads where the model answers', () => {
    const { steps } = planOf('linearizable', { bugs: ['stale-read-from-deposed-leader'] })
    expect(steps.map(({ text }) => text)).toEqual([
      '0: is cut off',
      '1: is elected',
      '2 → 1: is held',
      'client 0: write 1 at 1',
      '1 → 2: entry',
      '2 → 1: acknowledgement',
      'client 0: read at 0',
    ])
    expect(steps.at(-1)?.allowed).toEqual([{ kind: 'ok', value: { read: null } }])
  })

  it('is refused where a step cannot be taken on real servers, and where a property is of their insides', () => {
    expect(() => planOf('linearizable', { bugs: ['duplicated-command-on-retry'] })).toThrow('cannot be taken on real servers: askAgain')
    const trace = traceOf('linearizable', { constants: { reads: 'local', isElected: true } })
    const replayed = replay(raftClients, trace)
    expect(() => registerPlan({ ...replayed, trace: { ...trace, property: 'logMatching' } })).toThrow('this one violates logMatching')
  })
})
