import { describe, expect, it } from 'vitest'
import type { Adapter, Outcome, RealStep, StepResult } from './adapter.ts'
import { recordedRun, recordedRunSchema } from './recorded-run.ts'
import { replayOn } from './replayer.ts'
import type { Pattern, PlannedStep, Scenario } from './scenario.ts'

const ok = (value: number): Outcome => ({ kind: 'ok', value })
const refused: Outcome = { kind: 'error', code: '40001', message: 'try again', definite: true }

/** Answers one step after the other, and remembers what was done with it. */
class Scripted implements Adapter {
  readonly name = 'a script'
  readonly capabilities = new Set(['operation'] as const)
  readonly log: string[] = []
  readonly #answers: (Outcome | StepResult | Error)[]

  constructor(...answers: (Outcome | StepResult | Error)[]) {
    this.#answers = answers
  }

  async setup(): Promise<void> {
    this.log.push('setup')
  }

  async step(step: RealStep): Promise<StepResult> {
    this.log.push(step.kind === 'operation' ? `${step.actor} ${step.operation}` : step.kind)
    const answer = this.#answers.shift() ?? ok(0)
    if (answer instanceof Error) throw answer
    return 'outcome' in answer ? answer : { outcome: answer, completed: [] }
  }

  async teardown(): Promise<void> {
    this.log.push('teardown')
  }
}

const step = (actor: string, operation: string, allowed: readonly Pattern[]): PlannedStep => ({
  step: { kind: 'operation', actor, operation, argument: null },
  text: `${actor}: ${operation}`,
  of: 1,
  allowed,
})

/** A reads 0 and then 1. */
const scenario = (isViolated = true): Scenario => ({
  name: 'two reads',
  steps: [step('A', 'read', [{ kind: 'ok', value: 0 }]), step('A', 'again', [{ kind: 'ok', value: 1 }])],
  history: (taken) => taken.map((_, index) => ({ index, process: 'A', type: 'invoke', f: 'read', value: null })),
  judge: (history) => ({ violated: isViolated, text: `${history.length} events` }),
})

describe('a replay', () => {
  it('is reproduced where every step is as in the model, and the oracle finds what the clients saw to be wrong', async () => {
    const adapter = new Scripted(ok(0), ok(1))
    const run = await replayOn(adapter, scenario())
    expect(run).toMatchObject({ verdict: 'reproduced', reason: '2 events', at: null, target: 'a script', judged: { violated: true } })
    expect(adapter.log).toEqual(['setup', 'A read', 'A again', 'teardown'])
  })

  it('diverged where every step is as in the model, but nothing is wrong', async () => {
    expect(await replayOn(new Scripted(ok(0), ok(1)), scenario(false))).toMatchObject({ verdict: 'diverged', at: null })
  })

  it('diverged at the first step that came to something else', async () => {
    const adapter = new Scripted(ok(2))
    expect(await replayOn(adapter, scenario())).toMatchObject({ verdict: 'diverged', at: 0, reason: 'A: read: 2' })
    expect(adapter.log).toEqual(['setup', 'A read', 'teardown'])
  })

  it.each<readonly [string, Outcome]>([
    ['refuses the step', refused],
    ['makes it wait', { kind: 'blocked', on: 'B' }],
  ])('is prevented where the system %s', async (_, outcome) => {
    expect(await replayOn(new Scripted(ok(0), outcome), scenario())).toMatchObject({ verdict: 'prevented', at: 1 })
  })

  it('is neither where nobody knows whether the step was taken', async () => {
    const lost: Outcome = { kind: 'error', code: 'lost', message: 'connection lost', definite: false }
    expect(await replayOn(new Scripted(lost), scenario())).toMatchObject({ verdict: 'diverged', at: 0 })
    expect(await replayOn(new Scripted({ kind: 'unknown' }), scenario())).toMatchObject({ verdict: 'inconclusive', at: 0 })
  })

  it('holds what waited against what the model allowed when it was asked for', async () => {
    const waits: Scenario = {
      ...scenario(),
      steps: [step('A', 'write', [{ kind: 'blocked' }, { kind: 'ok', value: 1 }]), step('B', 'commit', [{ kind: 'ok' }])],
    }
    const blocked: Outcome = { kind: 'blocked', on: 'B' }
    const goesOn = (outcome: Outcome): StepResult => ({ outcome: ok(0), completed: [{ actor: 'A', outcome }] })
    expect(await replayOn(new Scripted(blocked, goesOn(ok(1))), waits)).toMatchObject({ verdict: 'reproduced' })
    expect(await replayOn(new Scripted(blocked, goesOn(ok(2))), waits)).toMatchObject({ verdict: 'diverged', reason: 'A goes on: 2' })
    expect(await replayOn(new Scripted(blocked, goesOn(refused)), waits)).toMatchObject({ verdict: 'prevented', at: 1 })
  })

  it('is refused before it starts where the system cannot do all of it', async () => {
    const adapter = new Scripted()
    const held: PlannedStep = { ...step('A', 'x', []), step: { kind: 'link', from: 'a', to: 'b', mode: 'hold' }, text: 'hold a to b' }
    const run = await replayOn(adapter, { ...scenario(), steps: [held] })
    expect(run).toMatchObject({ verdict: 'inconclusive', reason: 'a script cannot do this: hold a to b' })
    expect(adapter.log).toEqual([])
  })

  it('is inconclusive, and cleans up, where the adapter fails or the user has enough', async () => {
    const broken = new Scripted(new Error('the server has gone'))
    expect(await replayOn(broken, scenario())).toMatchObject({ verdict: 'inconclusive', reason: 'the server has gone' })
    expect(broken.log).toEqual(['setup', 'A read', 'teardown'])
    const controller = new AbortController()
    const stopped = new Scripted(ok(0))
    const run = await replayOn(stopped, scenario(), { signal: controller.signal, onStep: () => controller.abort() })
    expect(run).toMatchObject({ verdict: 'inconclusive', reason: 'it was interrupted' })
    expect(stopped.log).toEqual(['setup', 'A read', 'teardown'])
  })

  it('is recorded with the steps that were not taken', async () => {
    const recorded = recordedRun(await replayOn(new Scripted(refused), scenario()), scenario())
    expect(recorded).toMatchObject({ target: 'a script', verdict: 'prevented', at: 1 })
    expect(recorded.rows.map(({ text, model, real, isAllowed }) => [text, model, real, isAllowed])).toEqual([
      ['A: read', '0', 'error 40001: try again', false],
      ['A: again', '1', null, true],
    ])
    expect(recordedRunSchema.parse(JSON.parse(JSON.stringify(recorded)))).toEqual(recorded)
  })
})
