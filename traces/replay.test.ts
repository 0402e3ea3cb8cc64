import { describe, expect, it } from 'vitest'
import { check, defineModel, ids, isUserError, type Model, network, type Strategy } from '../checker/index.ts'
import { models } from '../models/index.ts'
import type { TraceDocument } from './format.ts'
import { replay, stepText } from './replay.ts'
import { counters, election } from './testing/models.ts'
import { pathOf } from './testing/paths.ts'

const options = { bugs: ['votes-twice'], property: 'oneLeader' }

function counterexample(strategy: Strategy, property = 'oneLeader'): TraceDocument {
  const { violations } = check(election, { bugs: ['votes-twice'], properties: [property], strategy })
  return violations[0]?.trace as TraceDocument
}

function refusal(model: Model, trace: TraceDocument): string {
  try {
    replay(model, trace)
  } catch (error) {
    expect(isUserError(error) && error.code).toBe('bad-trace')
    expect((error as Error).message).not.toContain('\n')
    return (error as Error).message
  }
  throw new Error('fits')
}

describe('replay', () => {
  it.each(['bfs', 'dfs', 'random', 'pct'] as const)('finds what %s has found, at the end of the trace', (strategy) => {
    const trace = counterexample(strategy)
    const { states, transitions, finding } = replay(election, trace)
    expect(transitions).toHaveLength(trace.steps.length)
    expect(states).toHaveLength(trace.steps.length + 1)
    expect(finding).toMatchObject({ property: 'oneLeader', kind: 'always', message: trace.message })
  })

  it('finds the violations and witnesses of every model here', () => {
    for (const model of models) {
      const { properties } = check(model, { maxStates: 2000 })
      for (const { trace } of Object.values(properties)) if (trace) expect(replay(model, trace).finding?.property).toBe(trace.property)
    }
  })

  it('finds violations by a step, of a part, and in the initial state', () => {
    const steps: [string, number][] = [
      ['raise', 1],
      ['raise', 1],
      ['raise', 1],
    ]
    expect(replay(counters, pathOf(counters, { property: 'goals' }, steps)).finding).toMatchObject({
      part: 'others',
      message: 'another counter is there',
    })
    const jump = pathOf(counters, { property: 'slowly' }, [['raise', 0], ['jump']])
    expect(replay(counters, jump).finding).toMatchObject({ kind: 'step', message: 'n[0]: from 1 to 3' })
    const none = pathOf(counters, { property: 'goals', constants: { goal: 0 } }, [])
    expect(replay(counters, none).finding?.part).toBe('zero')
  })

  it('says so where the violation no longer occurs', () => {
    const fixed = pathOf(election, { ...options, bugs: [] }, [['timeout', 0]])
    expect(replay(election, fixed).finding).toBeNull()
    const part = {
      ...pathOf(counters, { property: 'goals' }, [
        ['raise', 0],
        ['raise', 0],
        ['raise', 0],
      ]),
      part: 'others',
    }
    expect(replay(counters, part).finding).toBeNull()
  })
})

describe('a trace that does not fit the model any more', () => {
  const trace = pathOf(election, options, [
    ['timeout', 0],
    ['timeout', 1],
    ['timeout', 2],
  ])
  const again = '; check the model again for a new trace'
  const unfit = 'the trace does not fit model election any more: '

  it('is refused at the step of an unknown action', () => {
    const steps = trace.steps.map((step, i) => (i === 1 ? { ...step, action: 'elect' } : step))
    expect(refusal(election, { ...trace, steps })).toBe(`${unfit}step 2, elect(1), does not fit: the model has no action elect${again}`)
  })

  it('is refused at the step that is not enabled', () => {
    const steps = [...trace.steps, ...trace.steps]
    expect(refusal(election, { ...trace, steps })).toMatch(
      /: step 4, timeout\(0\), does not fit: action timeout is not enabled with these arguments; check/,
    )
    const odd = [{ action: 'timeout', args: [7], process: 7 }]
    expect(refusal(election, { ...trace, steps: odd })).toContain('step 1, timeout(7), does not fit')
  })

  it('is refused at the step that leaves the boundary', () => {
    const bounded: Model = {
      ...election,
      spec: { ...election.spec, boundary: (s) => (s['server'] as { role: string }[])[1]?.role === 'follower' },
    }
    expect(refusal(bounded, trace)).toContain("step 2, timeout(1), does not fit: it leaves the model's boundary")
  })

  it('is refused where a constant, a bug or the property is unknown or out of range', () => {
    expect(refusal(election, { ...trace, constants: { ...trace.constants, node: 3 } })).toBe(
      `${unfit}model election has no constant "node", did you mean "nodes"?${again}`,
    )
    expect(refusal(election, { ...trace, constants: { ...trace.constants, nodes: 99 } })).toContain(
      'constant nodes of model election is 1 to 9',
    )
    expect(refusal(election, { ...trace, bugs: ['votes-thrice'] })).toContain('no known bug "votes-thrice"')
    expect(refusal(election, { ...trace, property: 'oneLeaders' })).toContain('no property "oneLeaders"')
    expect(refusal(election, { ...trace, kind: 'step' })).toContain(
      'property oneLeader is of kind always now, and of kind step in the trace',
    )
  })

  it('is refused where its initial state no longer is one, naming the slot', () => {
    const started = { ...trace.initial, 'server[1]': { role: 'leader' } }
    expect(refusal(election, { ...trace, initial: started })).toBe(
      `${unfit}its initial state is none of the model's: server[1] is {role: leader} in the trace, now {role: follower, term: 0, votedFor: null, votes: []}${again}`,
    )
    const { 'server[2]': _, ...fewer } = trace.initial
    expect(refusal(election, { ...trace, initial: fewer })).toContain('the trace has no slot server[2]')
    expect(refusal(election, { ...trace, initial: { ...trace.initial, clock: 0 } })).toContain('the model has no slot clock')
  })

  it('is refused where it is of another model', () => {
    expect(refusal(counters, trace)).toBe('the trace is of model election, not of model counters')
  })

  it('passes on what the model itself throws', () => {
    const broken = defineModel({
      name: 'broken',
      about: 'throws',
      state: () => ({ net: network<string>({ nodes: 2 }) }),
      actions: (on) => ({
        go: on.action({
          each: ids(2),
          then: () => {
            throw new Error('oops')
          },
        }),
      }),
      properties: (on) => ({ fine: on.always('fine', () => true) }),
    })
    const step = { action: 'go', args: [0], process: 0 }
    const initial = { 'net.inbox[0]': [], 'net.inbox[1]': [] }
    expect(() => replay(broken, { ...trace, model: 'broken', constants: {}, bugs: [], property: 'fine', initial, steps: [step] })).toThrow(
      'action go of model broken threw: oops',
    )
  })
})

describe('stepText', () => {
  it('shows the action with its arguments, cut where they are long', () => {
    expect(stepText({ action: 'stop', args: [] })).toBe('stop()')
    expect(stepText({ action: 'receive', args: [1, { from: 0, message: { kind: 'ping' } }] })).toBe('receive(1, {from: 0, message: ping})')
    expect(stepText({ action: 'put', args: ['x'.repeat(100)] }, 20)).toBe(`put(${'x'.repeat(19)}…)`)
  })
})
