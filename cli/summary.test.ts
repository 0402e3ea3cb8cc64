import { describe, expect, it } from 'vitest'
import { type CheckResult, check, type PropertyResult, program, type Verdict } from '../checker/index.ts'
import { twoPhaseCommit } from '../models/two-phase-commit/two-phase-commit.ts'
import { headerText, summaryText, verdictText } from './summary.ts'

const constants = { resourceManagers: 2 }
const instance = program(twoPhaseCommit, { constants })
const base = check(twoPhaseCommit, { constants })
const printing = { width: 80, colour: false }

function property(kind: PropertyResult['kind'], verdict: Verdict, more: Partial<PropertyResult> = {}): PropertyResult {
  return { kind, sentence: 'all is well', verdict, depth: null, message: null, part: null, trace: null, ...more }
}

const go = { action: 'go', args: [], process: null }
const stepless: NonNullable<PropertyResult['trace']> = {
  schema: 1,
  model: 'm',
  constants: {},
  bugs: [],
  strategy: 'bfs',
  seed: null,
  property: 'stops',
  kind: 'eventually',
  message: '',
  initial: {},
  steps: [],
}

function summary(changes: Partial<CheckResult>): string {
  return summaryText({ ...base, ...changes }, instance, printing)
}

function verdict(changes: Partial<CheckResult>): string {
  return verdictText({ ...base, ...changes }, printing)
}

describe('the summary of a check', () => {
  it('gives every property a mark, a word, its sentence and its place', () => {
    const properties = {
      safe: property('always', 'violated', { depth: 9, message: 'n is 3', part: 'upper bound' }),
      stepwise: property('step', 'holds', { sentence: '' }),
      reached: property('sometimes', 'holds', { depth: 4, message: '' }),
      unreachable: property('sometimes', 'violated'),
      unseen: property('sometimes', 'inconclusive'),
      noDeadlock: property('deadlock', 'inconclusive'),
    }
    expect(summary({ properties }).split('\n\n')[0]).toMatchInlineSnapshot(`
      "✗ safe         violated      all is well (level 9: upper bound: n is 3)
      ✓ stepwise     holds
      ✓ reached      holds         all is well (witness in level 4)
      ✗ unreachable  violated      all is well (no reachable state is a witness)
      ? unseen       inconclusive  all is well (no witness so far)
      ? noDeadlock   inconclusive  all is well"
    `)
  })

  it('says of a property of whole executions how its lasso goes, or why it was not decided', () => {
    const lasso = (loop: number): PropertyResult['trace'] => ({ ...stepless, loop, steps: Array.from({ length: 3 }, () => go) })
    const properties = {
      stops: property('eventually', 'violated', { depth: 4, message: 'no such state', trace: lasso(3) }),
      goesRound: property('leadsTo', 'violated', { depth: 4, message: 'never so', trace: lasso(1) }),
      undecided: property('stabilizes', 'inconclusive', { message: 'not decided: walks end' }),
      settled: property('alwaysEventually', 'holds'),
    }
    expect(summary({ properties }).split('\n\n')[0]).toMatchInlineSnapshot(`
      "✗ stops      violated      all is well (3 steps, then nothing for ever: no such
                                 state)
      ✗ goesRound  violated      all is well (1 step, then 2 steps for ever: never so)
      ? undecided  inconclusive  all is well (not decided: walks end)
      ✓ settled    holds         all is well"
    `)
    expect(summary({ properties, outside: 2 })).toContain('✓ settled    holds         all is well (within the boundary)')
  })

  it('gives totals where only lassos were found', () => {
    const trace = { ...stepless, loop: 0 }
    const violations = [{ property: 'stops', depth: 1, message: '', part: null, trace }]
    expect(summary({ violations })).not.toContain('these are not totals')
    const { loop: _, ...path } = trace
    expect(summary({ violations: [{ ...violations[0], trace: path } as never] })).toContain('these are not totals')
  })

  it('points out what was never enabled, and what was not enabled so far', () => {
    const actions = { send: { taken: 1200, enabled: 30 }, crash: { taken: 0, enabled: 0 } }
    expect(summary({ actions })).toContain('crash       0                  0  never enabled\n')
    expect(summary({ actions, limit: 'states' })).toContain('crash       0                  0  not enabled so far\n')
  })

  it('lists the slots with the most values first', () => {
    expect(summary({ slots: { few: 2, many: 12345, some: 70 } })).toContain(
      'slot  distinct values\nmany           12,345\nsome               70\nfew                 2\n',
    )
  })

  it('says that terminal states are not judged where the model does not say where it may stop', () => {
    expect(summary({ terminal: 3 })).toContain('3 terminal states, not judged: without `done`')
    expect(summary({ terminal: 0 })).not.toContain('terminal')
  })

  it('counts what lies beyond the boundary, and the walks', () => {
    expect(summary({ outside: 1 })).toContain("1 successor beyond the model's boundary, not explored")
    expect(summary({ walks: 500, levels: [] })).toMatch(/ distinct states in 500 walks, /)
  })

  it('shortens a long list of levels', () => {
    const levels = Array.from({ length: 500 }, (_, i) => i + 1)
    expect(summary({ levels }).replace(/\s+/g, ' ')).toContain(' 39 40 ... 486 487 ')
  })

  it('prints the guarantee with its numbers', () => {
    const guarantee = { bugDepth: 2, probabilityPerRun: 0.1, probability: 0.9, explanation: 'at least 90 % of bugs of depth 2' }
    expect(summary({ guarantee })).toContain('\nguarantee: at least 90 % of bugs of depth 2\n')
  })
})

describe('the verdict', () => {
  it('says what it rests on', () => {
    expect(verdict({})).toBe('✓ holds: every property holds; all 56 reachable states were seen\n')
    expect(verdict({ outside: 3 })).toBe("✓ holds: every property holds in all 56 states within the model's boundary\n")
    const properties = {
      safe: property('always', 'violated'),
      live: property('sometimes', 'holds'),
      far: property('sometimes', 'violated'),
    }
    expect(verdict({ verdict: 'violated', properties })).toBe('✗ violated: safe, far\n')
    expect(verdict({ verdict: 'violated', properties, limit: 'interrupted' })).toBe('✗ violated: safe, far (interrupted)\n')
  })

  it('names the limit that was reached', () => {
    const inconclusive = (limit: CheckResult['limit']) =>
      verdict({ verdict: 'inconclusive', limit, walks: 10, depth: 7 }).replace(/\s+/g, ' ')
    expect(inconclusive('states')).toContain(
      '? inconclusive: the limit on states was reached; no violation among the 56 states that were seen',
    )
    expect(inconclusive('depth')).toContain('paths were cut off at the limit on depth (level 7 reached)')
    expect(inconclusive('time')).toContain('the limit on time was reached')
    expect(inconclusive('memory')).toContain('the limit on memory was reached')
    expect(inconclusive('walks')).toContain('10 walks ended without a violation, and walks never cover everything for certain')
    expect(inconclusive('interrupted')).toContain('interrupted; no violation')
    expect(inconclusive(null)).toContain('not every property was decided')
  })
})

describe('the header', () => {
  it('names model, constants, bugs and strategy', () => {
    const buggy = { ...twoPhaseCommit, bugs: { hasty: { about: 'commits without asking' } } }
    expect(headerText(program(buggy, { constants, bugs: ['hasty'] }), 'breadth-first search', printing)).toMatchInlineSnapshot(`
      "two-phase-commit: A transaction manager and resource managers agree to commit or
        to abort a transaction
        constants  resourceManagers=2
        bug        hasty: commits without asking
        strategy   breadth-first search
      "
    `)
  })
})
