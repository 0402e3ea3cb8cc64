import { describe, expect, it } from 'vitest'
import { type Decision, type Judgement, type Operation, register } from '../properties/index.ts'
import type { FileVerdict } from '../traces/index.ts'
import { fileLine, filesText, levelsText, verdictText } from './verdicts.ts'

const printing = { width: 80, colour: false }

const read: Operation = {
  id: 0,
  process: 1,
  key: undefined,
  f: 'read',
  input: null,
  output: 1,
  completion: 'ok',
  call: 0,
  return: 1,
}
const holds: Decision = { verdict: 'holds', algorithm: 'a', witness: [read] }
const violated: Decision = { verdict: 'violated', algorithm: 'a', sentence: 'the \u001b[31mread\nis wrong', failing: read, core: [read] }
const unknown: Decision = { verdict: 'unknown', algorithm: 'a', limit: 'time', reached: 'half of it' }
const inapplicable: Decision = { verdict: 'inapplicable', algorithm: 'a', reason: 'it is no queue' }

const judged = (decision: Decision, level: Judgement['level'] = 'linearizable'): Judgement => ({
  model: register.name,
  level,
  verdict: decision.verdict,
  operations: 1,
  objects: 1,
  algorithm: decision.algorithm,
  seconds: 0.5,
  decision,
})

const found = (judgements: readonly Judgement[], more: Partial<FileVerdict> = {}): FileVerdict => ({
  file: 'h.edn',
  format: 'jepsen-edn',
  model: register.name,
  spec: register as unknown as FileVerdict['spec'],
  reading: { fail: { cas: 'observed' }, nil: 'value', initial: { x: 9007199254740993n } },
  ties: null,
  independent: false,
  events: 2,
  annotations: 1,
  judgements,
  operations: [read],
  ...more,
})

describe('the last line of a verdict', () => {
  it('says how what was left open has been read, integers of any size included', () => {
    expect(verdictText(found([judged(holds)]), printing, '')).toContain(
      '\nread: 2 events, 1 annotation set aside, --fail cas=observed, --nil value,\n  --initial {x: 9007199254740993}\n',
    )
    expect(verdictText(found([judged(holds)], { independent: true, ties: 'concurrent' }), printing, '')).toMatch(
      /keys split, [\s\S]*--ties concurrent\n$/,
    )
  })
})

describe('a table of levels', () => {
  it('says of each why, and lets no control character through', () => {
    const judgements = [judged(violated), judged(unknown, 'sequential'), judged(inapplicable, 'causal'), judged(holds, 'pram')]
    const [title, , ...rows] = levelsText(found(judgements), printing).split('\n')
    expect(title).toBe('h.edn · register · 1 operation')
    expect(rows.slice(0, 4)).toEqual([
      '✗ linearizable  the \\u{1b}[31mread\\u{a}is wrong',
      '? sequential    unknown: half of it',
      '– causal        does not apply: it is no queue',
      '✓ pram          holds',
    ])
  })
})

describe('the line of a file', () => {
  it('has the worst of its levels', () => {
    expect(fileLine(found([judged(holds), judged(violated, 'pram'), judged(unknown, 'safe')]), printing, false)).toMatch(
      /^✗ h\.edn: not PRAM consistent, 1 operation, 0\.50 s: the .*is wrong\n$/,
    )
    expect(fileLine(found([judged(inapplicable), judged(holds, 'pram')]), printing, false)).toMatch(/^✓ h\.edn: PRAM consistent/)
  })

  it('is cut where a terminal ends', () => {
    const long = { ...violated, sentence: 'because '.repeat(40) }
    expect(fileLine(found([judged(long)]), printing, true).trimEnd().length).toBeLessThanOrEqual(80)
    expect(fileLine(found([judged(long)]), printing, false).length).toBeGreaterThan(300)
  })
})

describe('the summary of several files', () => {
  it('counts the worst verdict of each', () => {
    const files = [found([judged(holds)]), found([judged(holds), judged(violated)]), found([judged(unknown)])]
    expect(filesText(files, 2, printing)).toBe('\n5 files: 1 hold, 1 violated, 1 unknown, 2 could not be read (2.00 s of judging)\n')
  })
})
