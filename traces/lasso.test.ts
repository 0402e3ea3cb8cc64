import { describe, expect, it } from 'vitest'
import { type CheckOptions, cell, check, defineModel, isUserError, type Model } from '../checker/index.ts'
import { peterson, tokenRing } from '../models/index.ts'
import { readTrace, type TraceDocument, writeTrace } from './format.ts'
import { minimize, minimizingResult } from './minimize.ts'
import { replay } from './replay.ts'
import { showTrace } from './show.ts'

function lasso(model: Model, property: string, options: CheckOptions): TraceDocument {
  return check(model, { ...options, properties: [property] }).properties[property]?.trace as TraceDocument
}

const politeness = lasso(peterson, 'process0GetsIn', { bugs: ['after-you'] })

function refusal(trace: TraceDocument): string {
  try {
    replay(peterson, trace)
  } catch (error) {
    expect(isUserError(error) && error.code).toBe('bad-trace')
    return (error as Error).message
  }
  throw new Error('fits')
}

describe('a lasso', () => {
  it('goes through a document unchanged, and is verified by replay', () => {
    const read = readTrace(writeTrace(politeness), 'trace.json')
    expect(read).toEqual(politeness)
    expect(read.loop).toBe(4)
    expect(replay(peterson, read).finding).toEqual({
      property: 'process0GetsIn',
      kind: 'leadsTo',
      part: null,
      message: politeness.message,
    })
  })

  it('keeps in its document that fairness was left aside', () => {
    const stop = lasso(tokenRing, 'node1GetsIn', { fairness: false })
    const read = readTrace(writeTrace(stop), 'trace.json')
    expect(read).toMatchObject({ fairness: false, loop: 1 })
    expect(replay(tokenRing, read).finding?.property).toBe('node1GetsIn')
    const { fairness: _, ...fair } = read
    expect(replay(tokenRing, fair)).toMatchObject({
      finding: null,
      refused: 'it is not fair: pass(0) is weakly fair and never happens, though it is enabled all the time',
    })
  })

  it('is none where its last state is another than the one that it goes back to', () => {
    const open = { ...politeness, loop: 3 }
    expect(replay(peterson, open)).toMatchObject({ finding: null, refused: 'its last state is not the one after step 3 again' })
  })

  it('is none where it satisfies the property', () => {
    const { steps } = politeness
    const inside = [...steps.slice(0, 2), { action: 'enter', args: [0], process: 0 }]
    expect(replay(peterson, { ...politeness, fairness: false, steps: inside, loop: 3 })).toMatchObject({
      finding: null,
      refused: 'it satisfies the property',
    })
  })

  it('is refused without a loop, with one beyond its end, and with one that its property cannot use', () => {
    const { loop: _, ...endless } = politeness
    expect(refusal(endless)).toBe('the trace has no loop, which a property of kind leadsTo needs')
    expect(refusal({ ...politeness, loop: 7 })).toContain('loop: 7 is beyond the 6 steps of the trace')
    const { violations } = check(peterson, { bugs: ['turn-before-flag'], properties: ['mutualExclusion'] })
    expect(refusal({ ...(violations[0]?.trace as TraceDocument), loop: 0 })).toBe(
      'the trace has a loop, but its property is of kind always',
    )
  })

  it('stays as it is when counterexamples are minimized', () => {
    expect(minimize(peterson, politeness)).toBe(politeness)
    const result = check(peterson, { bugs: ['after-you'], strategy: 'dfs', properties: ['process0GetsIn'] })
    const { value } = [...drain(minimizingResult(peterson, result))].at(-1) as { value: typeof result }
    expect(value.violations).toEqual(result.violations.map((violation) => ({ ...violation, trace: { ...violation.trace, part: null } })))
    expect(value.properties['process0GetsIn']?.message).toBe(politeness.message)
  })
})

describe('the picture of a lasso', () => {
  it('brackets what is repeated for ever', () => {
    const text = showTrace(peterson, politeness)
    expect(text).toContain('4 steps, then 2 steps for ever, by breadth-first')
    expect(text.slice(text.indexOf('   4  '), text.indexOf('● acts'))).toMatchInlineSnapshot(`
      "   4  │     ●     yield(1)
            │     │       at[1]: flagged → waiting
            │     │       turn: 0 → 1
      ╭  5  ●     │     withdraw(0)
      │     │     │       at[0]: waiting → withdrawn
      │     │     │       flag[0]: true → false
      │  6  ●     │     raiseAgain(0)
      │     │     │       at[0]: withdrawn → waiting
      │     │     │       flag[0]: false → true
      ╰⟲ back to the state after step 4, for ever

      loops from at[0..1]: waiting
                 flag[0..1]: true
                 turn: 1

      "
    `)
    expect(text.trimEnd().split('\n').at(-1)).toBe('✗ for ever, process0GetsIn: asked for after step 1, and never so from then on')
  })

  it('says so where nothing happens any more, even from the beginning', () => {
    const idle = defineModel({
      name: 'idle',
      about: '',
      state: () => ({ n: cell(0) }),
      actions: (on) => ({ go: on.action({ when: (s) => s.n < 1, then: increment }) }),
      properties: (on) => ({ goes: on.eventually('it goes', (s) => s.n === 1) }),
    })
    expect(showTrace(idle, lasso(idle, 'goes', {}))).toMatchInlineSnapshot(`
      "✗ goes is violated: it goes
        idle · nothing for ever, by breadth-first search

      initially  n: 0

         ⟲  and then nothing, for ever: no action is declared fair

      ✗ for ever, goes: no state of this execution is such a state
      "
    `)
  })

  it('says why a lasso is none any more', () => {
    const text = showTrace(peterson, { ...politeness, bugs: [], steps: politeness.steps.slice(0, 4) })
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'is not violated for ever any more, since it is not fair: enter(0) is weakly fair and never happens',
    )
  })
})

function increment(s: { n: number }): void {
  s.n += 1
}

function* drain<T, R>(run: Generator<T, R, undefined>): Generator<IteratorResult<T, R>> {
  for (;;) {
    const next = run.next()
    yield next
    if (next.done) return
  }
}
