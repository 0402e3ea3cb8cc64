import { describe, expect, it } from 'vitest'
import { Judge } from '../engine/judge.ts'
import { Machine } from '../engine/machine.ts'
import { Space } from '../engine/space.ts'
import { type CheckOptions, type CheckResult, cell, cells, check, defineModel, ids, type Model, network } from '../index.ts'
import { program } from '../language/program.ts'
import { bfs } from '../search/bfs.ts'
import { Findings } from '../search/findings.ts'
import { limits, OutOfMemory } from '../search/limits.ts'
import { decideLiveness, type Liveness } from './decide.ts'

/** A server that answers a client, which may ask again; and two ways in which the answer may be put off. */
function answering(fair: 'weak' | 'strong' | undefined): Model {
  return defineModel({
    name: 'answering',
    about: '',
    state: () => ({ asked: cell(false as boolean), busy: cell(false as boolean) }),
    actions: (on) => ({
      ask: on.action({
        when: (s) => !s.asked,
        then: (s) => {
          s.asked = true
        },
      }),
      toggle: on.action({
        fair: 'weak',
        then: (s) => {
          s.busy = !s.busy
        },
      }),
      answer: on.action({
        ...(fair !== undefined && { fair }),
        when: (s) => s.asked && !s.busy,
        then: (s) => {
          s.asked = false
        },
      }),
    }),
    properties: (on) => ({
      answered: on.leadsTo(
        'who asks is answered',
        (s) => s.asked,
        (s) => !s.asked,
      ),
    }),
  })
}

/** Node 0 tells node 1 something, over a network with faults. */
function telling(options: { heals?: boolean; drops?: number; partitions?: number; fair?: 'weak' | 'strong'; again?: boolean }): Model {
  const { fair, again, ...faults } = options
  return defineModel({
    name: 'telling',
    about: '',
    state: () => ({ told: cells(2, (i) => i === 0), sent: cell(false as boolean), net: network<'news'>({ nodes: 2, ...faults }) }),
    actions: (on) => ({
      tell: on.action({
        fair: 'weak',
        when: (s) => (again === true ? !s.told[1] && s.net.pending(1).length === 0 : !s.sent),
        then: (s) => {
          s.sent = true
          s.net.send(0, 1, 'news')
        },
      }),
      receive: on.receive('net', {
        ...(fair !== undefined && { fair }),
        then: (s, to) => {
          s.told[to] = true
        },
      }),
    }),
    properties: (on) => ({ known: on.stabilizes('everybody knows for good', (s) => s.told.every((knows) => knows)) }),
  })
}

function verdict(model: Model, options: CheckOptions = {}): string | undefined {
  return Object.values(check(model, options).properties)[0]?.verdict
}

describe('fairness', () => {
  it('weak, asks for an action that stays enabled; strong, for one that is enabled again and again', () => {
    expect(verdict(answering(undefined))).toBe('violated')
    expect(verdict(answering('weak'))).toBe('violated')
    expect(verdict(answering('strong'))).toBe('holds')
  })

  it('is what the lasso respects: the loop sees the weakly fair action disabled', () => {
    const { trace } = check(answering('weak')).properties['answered'] as CheckResult['properties'][string]
    expect(trace?.steps.map(({ action }) => action)).toEqual(['ask', 'toggle', 'toggle'])
    expect(trace?.loop).toBe(1)
  })

  it('left aside, allows every execution to stop', () => {
    const { properties } = check(answering('strong'), { fairness: false })
    expect(properties['answered']).toMatchObject({ verdict: 'violated', trace: { loop: 1, steps: [{ action: 'ask' }], fairness: false } })
  })

  it('of a step that changes nothing, asks for nothing', () => {
    const idle = defineModel({
      name: 'idle',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: (on) => ({
        rest: on.action({ fair: 'strong', then: () => {} }),
        go: on.action({
          when: (s) => s.n === 0,
          then: (s) => {
            s.n = 1
          },
        }),
      }),
      properties: (on) => ({ goes: on.eventually('it goes', (s) => s.n === 1) }),
    })
    expect(verdict(idle)).toBe('violated')
  })

  it('is for each static argument by itself', () => {
    const two = (fair: 'weak' | undefined): Model =>
      defineModel({
        name: 'two',
        about: '',
        state: () => ({ on: cells(2, false as boolean) }),
        actions: (on) => ({
          turn: on.action({
            each: ids(2),
            ...(fair !== undefined && { fair }),
            then: (s, i) => {
              s.on[i] = !s.on[i]
            },
          }),
        }),
        properties: (on) => ({ second: on.alwaysEventually('the second is on', (s) => s.on[1]) }),
      })
    expect(verdict(two('weak'))).toBe('holds')
    expect(verdict(two(undefined))).toBe('violated')
  })

  it('of what only the boundary prevents, does not let an execution rest there', () => {
    const counting = defineModel({
      name: 'counting',
      about: '',
      state: () => ({ n: cell(0) }),
      boundary: (s) => s.n <= 3,
      actions: (on) => ({
        count: on.action({
          fair: 'weak',
          then: (s) => {
            s.n += 1
          },
        }),
      }),
      properties: (on) => ({ far: on.eventually('far beyond', (s) => s.n > 9) }),
    })
    const result = check(counting)
    expect(result.properties['far']?.verdict).toBe('holds')
    expect(result.outside).toBe(1)
  })
})

describe('a network', () => {
  it('may keep a message for ever, unless its delivery is declared fair', () => {
    expect(verdict(telling({}))).toBe('violated')
    expect(verdict(telling({ fair: 'weak' }))).toBe('holds')
  })

  it('may lose a message, which sending again makes good within the budget', () => {
    expect(verdict(telling({ fair: 'weak', drops: 2 }))).toBe('violated')
    expect(verdict(telling({ fair: 'weak', drops: 2, again: true }))).toBe('holds')
  })

  it('may stay parted for ever, unless it heals', () => {
    expect(verdict(telling({ fair: 'weak', partitions: 2 }))).toBe('violated')
    expect(verdict(telling({ fair: 'weak', partitions: 2, heals: true }))).toBe('holds')
  })
})

describe('each kind of property', () => {
  // It goes 0, 1, 2, 3 and then from 3 back to 2, for ever.
  const rho = defineModel({
    name: 'rho',
    about: '',
    state: () => ({ n: cell(0) }),
    actions: (on) => ({
      go: on.action({
        fair: 'weak',
        then: (s) => {
          s.n = s.n === 3 ? 2 : s.n + 1
        },
      }),
    }),
    properties: (on) => ({
      reaches: on.eventually('1 is reached', (s) => s.n === 1),
      misses: on.eventually('4 is reached', (s) => s.n === 4),
      follows: on.leadsTo(
        'after 1 comes 3',
        (s) => s.n === 1,
        (s) => s.n === 3,
      ),
      precedes: on.leadsTo(
        'after 3 comes 1',
        (s) => s.n === 3,
        (s) => s.n === 1,
      ),
      recurs: on.alwaysEventually('3 comes again', (s) => s.n === 3),
      passes: on.alwaysEventually('1 comes again', (s) => s.n === 1),
      settles: on.stabilizes('at 2 or more for good', (s) => s.n >= 2),
      wavers: on.stabilizes('at 2 for good', (s) => s.n === 2),
    }),
  })

  it('means what temporal logic says', () => {
    const { properties, verdict: whole, violations } = check(rho)
    const said = Object.entries(properties).map(([name, { verdict: each, message }]) => `${name} ${each}: ${message}`)
    expect(said).toEqual([
      'reaches holds: null',
      'misses violated: no state of this execution is such a state',
      'follows holds: null',
      'precedes violated: asked for after step 3, and never so from then on',
      'recurs holds: null',
      'passes violated: so after step 1 for the last time',
      'settles holds: null',
      'wavers violated: not so again and again, first after step 3',
    ])
    expect(whole).toBe('violated')
    expect(violations).toHaveLength(1)
    expect(check(rho, { maxViolations: 3 }).violations.map(({ property }) => property)).toEqual(['misses', 'precedes', 'passes'])
  })

  it.each(['random', 'pct'] as const)('is found to be broken by %s walks among what they meet, or else left undecided', (strategy) => {
    const { properties, verdict: whole, violations, walks } = check(rho, { strategy, walks: 50 })
    expect(whole).toBe('violated')
    expect(walks).toBeLessThan(50)
    expect(violations).toMatchObject([{ property: 'misses', trace: { strategy, seed: 1, loop: expect.any(Number) } }])
    const { reaches } = properties
    expect(reaches).toMatchObject({
      verdict: 'inconclusive',
      message: 'not decided: no execution among the states that walks have met breaks it for ever; bfs and dfs decide it',
    })
  })

  it('is left undecided at a limit, which says so', () => {
    const { properties, verdict: whole } = check(rho, { maxStates: 2 })
    expect(whole).toBe('inconclusive')
    expect(properties['reaches']).toMatchObject({
      verdict: 'inconclusive',
      message: 'not decided: that takes every state, and the search ended at its limit on states',
    })
  })
})

describe('a limit that is reached while liveness is decided', () => {
  it('leaves liveness undecided, and what the search has shown as it is', () => {
    // Only the graph asks what liveness properties test.
    const controller = new AbortController()
    const model = defineModel({
      name: 'long',
      about: '',
      state: () => ({ digit: cells(5, 0) }),
      actions: (on) => ({
        turn: on.action({
          each: ids(5),
          then: (s, i) => {
            s.digit[i] = (s.digit[i] + 1) % 8
          },
        }),
      }),
      properties: (on) => ({
        small: on.always('digits', (s) => s.digit.every((d) => d < 8)),
        turns: on.eventually('it gets to 1', (s) => {
          controller.abort()
          return s.digit[0] === 1
        }),
      }),
    })
    const result = check(model, { signal: controller.signal })
    expect(result.limit).toBe('interrupted')
    expect(result.properties['small']?.verdict).toBe('holds')
    expect(result.properties['turns']).toMatchObject({ verdict: 'inconclusive' })
    expect(result.verdict).toBe('inconclusive')
  })
})

describe('a lack of memory', () => {
  it.each([1, 2, 3])('at allocation %d of the work on liveness leaves the property undecided', (failing) => {
    const machine = new Machine(program(answering('strong')), { checkPurity: true, memoize: true })
    const bounds = limits({})
    const space = new Space(machine, () => {})
    const findings = new Findings(1, () => {})
    const search = { space, judge: new Judge(machine, true), findings, limits: bounds, done: null, initial: machine.initialStates() }
    const exploration = finish(bfs(search))
    let allocations = 0
    const reserve = (): void => {
      if (++allocations === failing) throw new OutOfMemory()
    }
    const run = (): Liveness => finish(decideLiveness({ ...search, limits: { ...bounds, reserve } }, exploration))
    expect(run()).toMatchObject({ limit: 'memory', decided: new Map() })
    expect(run()).toMatchObject({ limit: null, decided: new Map([['answered', null]]) })
  })
})

function finish<T, R>(run: Generator<T, R, void>): R {
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

describe('what is wrong with a model', () => {
  const broken = (fair: unknown, test: unknown): Model =>
    defineModel({
      name: 'broken',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: (on) => ({ go: on.action({ fair: fair as 'weak', then: () => {} }) }),
      properties: (on) => ({ p: on.eventually('p', test as () => boolean) }),
    })

  it('is told where fairness is another word, or a test is no function or answers in words', () => {
    expect(() => check(broken('wek', () => true))).toThrow("actions of model broken: fair must be 'weak' or 'strong', not \"wek\"")
    expect(() => check(broken('weak', true))).toThrow(
      'properties of model broken: on.eventually needs a sentence and then a function of the state',
    )
    expect(() => check(broken('weak', () => 'yes'))).toThrow('property p of model broken: it returned a string; return true or false')
  })
})
