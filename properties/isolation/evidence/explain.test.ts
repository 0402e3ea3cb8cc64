import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnomalyName } from '../anomaly.ts'
import { cycleAnomalies } from '../cycles/cycle-anomalies.ts'
import { rt, rw, so, ww } from '../edge.ts'
import { infer } from '../inference/infer.ts'
import type { InferOptions } from '../inference/inference.ts'
import { tableOf } from '../table/table-builder.ts'
import { transactionsArb } from '../testing/generate.ts'
import { written } from '../testing/written-transactions.ts'
import { decideWeak, type WeakBase } from '../weak-levels/weak-levels.ts'
import { explainAnomaly, explanationText, type Story, storyOf, storyOfCycle } from './explain.ts'
import { transactionOfStep } from './explain-steps.ts'
import { titleOf } from './explain-titles.ts'
import { storyOfWeak } from './explain-weak.ts'

/** All that is found in a history. */
function stories(history: string, options: InferOptions = {}): Story[] {
  const table = tableOf(written(history))
  const { facts, anomalies } = infer(table, options)
  const cycles = cycleAnomalies(facts, { order: table.hasTimes ? 'real-time' : 'session' })
  return [...anomalies, ...cycles].map((anomaly) => storyOf(anomaly, facts))
}

/** The text of the first anomaly of a name. */
function told(name: AnomalyName, history: string, options: InferOptions = {}): string {
  const found = stories(history, options)
  const story = found.find((one) => one.name === name)
  if (story === undefined) return `no ${name} among ${found.map((one) => one.name).join(', ')}`
  return explanationText(story.explanation, Number.POSITIVE_INFINITY).join('\n')
}

function text(raw: string): string {
  const all = raw.split('\n').slice(1, -1)
  const indent = (all[0] as string).search(/\S/)
  return all.map((line) => line.slice(indent)).join('\n')
}

describe('a cycle is explained', () => {
  it('as a contradiction, with who takes part in it', () => {
    const history = `
      s1 4-9: a x 4, a y 3
      s2 5-8: r x [4], r y []`
    expect(told('G-single', history)).toBe(
      text(`
        G-single (read skew)
        Let
          T1 = process s1, events 4 and 9: append x 4, append y 3
          T2 = process s2, events 5 and 8: read x [4], read y []
        Then
          T1 < T2, because T2 observed T1's append of 4 to x.
          However, T2 < T1, because T2 read y before anything was appended to it, and T1 appended 3: a contradiction.
      `),
    )
  })

  it('with those who prove the order of writes', () => {
    const history = `
      s1: a x 1, a y 1
      s2: a x 2, a y 2
      s3: r x [1 2], r y [2 1]`
    expect(told('G0', history)).toBe(
      text(`
        G0 (dirty writes)
        Let
          T1 = transaction 1 of process s2: append x 2, append y 2
          T2 = transaction 1 of process s1: append x 1, append y 1
          T3 = transaction 1 of process s3: read x [1 2], read y [2 1]
        Then
          T1 < T2, because T1's append of 2 to y comes before T2's of 1 (T3 read y as [2 1]).
          However, T2 < T1, because T2's append of 1 to x comes before T1's of 2 (T3 read x as [1 2]): a contradiction.
      `),
    )
  })

  it('where information flows in a circle', () => {
    expect(told('G1c', 's1 0-5: w x 1, r y 1\ns2 1-: w y 1, r x 1')).toContain(
      text(`
        Then
          T1 < T2, because T2 read y as 1, which T1 wrote.
          However, T2 < T1, because T1 read x as 1, which T2 wrote: a contradiction.
      `).replaceAll('\n        ', '\n'),
    )
  })

  it('of anti-dependencies', () => {
    expect(told('write-skew', 's1 unknown 0-: r x nil, w y 1\ns2 1-5: r y nil, w x 2\ns3 6-7: r y 1')).toBe(
      text(`
        write-skew (A5B)
        Let
          T1 = process s2, events 1 and 5: read y (initial), write x 2
          T2 = process s1, from event 0, outcome unknown: read x (initial), write y 1
          T3 = process s3, events 6 and 7: read y 1
        Then
          T2 took effect, because T3 read y as 1, which T2 wrote.
          T1 < T2, because T1 read y before anything was written to it, and T2 wrote 1.
          However, T2 < T1, because T2 read x before anything was written to it, and T1 wrote 2: a contradiction.
      `),
    )
  })

  it('with how it is known that a transaction took effect, and those that say so', () => {
    const { facts } = infer(
      tableOf(written('s1 unknown 0-: r z nil, w x 1\ns2 unknown 1-: r x 1, w y 2\ns3 2-3: r y 2\ns4 4-5: r x nil, w z 5')),
    )
    const cycle = [
      { transaction: 0, kind: rw, key: 0 },
      { transaction: 3, kind: rw, key: 1 },
    ] as const
    expect(storyOfCycle({ name: 'serializable', title: 'serializable is violated', cycle }, facts).explanation.because).toEqual([
      'T1 took effect, because T3 read x as 1, which T1 wrote.',
      'T3 took effect, because T4 read y as 2, which T3 wrote.',
      'T1 < T2, because T1 read z before anything was written to it, and T2 wrote 5.',
    ])
  })

  it('in real time, and in session order', () => {
    expect(told('G-single-realtime', 's1 0-1: a x 1\ns2 2-3: r x []')).toBe(
      text(`
        G-single-realtime (read skew, with real-time order)
        Let
          T1 = process s1, events 0 and 1: append x 1
          T2 = process s2, events 2 and 3: read x []
        Then
          T1 < T2, because T1 ended (event 1) before T2 began (event 2).
          However, T2 < T1, because T2 read x before anything was appended to it, and T1 appended 1: a contradiction.
      `),
    )
    expect(told('G-single-session', 's1: a x 1\ns1: r x []')).toBe(
      text(`
        G-single-session (read skew, with session order)
        Let
          T1 = transaction 1 of process s1: append x 1
          T2 = transaction 2 of process s1: read x []
        Then
          T1 < T2, because both are of process s1, T1 first.
          However, T2 < T1, because T2 read x before anything was appended to it, and T1 appended 1: a contradiction.
      `),
    )
  })

  it('without the steps of long transactions that do not matter', () => {
    const history = `
      s1: a x 1, a x 2, a x 3, a x 4, a x 5, a y 6, a z 7
      s2: r x [1 2 3 4 5], r z []`
    const [first] = stories(history).filter(({ name }) => name === 'G-single')
    expect(first?.explanation.lets).toEqual([
      'T1 = transaction 1 of process s1: …, append x 5, …, append z 7',
      'T2 = transaction 1 of process s2: read x [1 2 3 4 5], read z []',
    ])
  })
})

describe('what needs no cycle is explained', () => {
  it.each<[AnomalyName, string, string]>([
    ['G1a', 's1: r x 1 | s2 aborted: w x 1', 'T1 read x as 1, which T2 wrote before it aborted.'],
    ['G1a', 's1: r x [1] | s2 aborted: a x 1', 'T1 read x as [1], with 1, which T2 appended before it aborted.'],
    ['G1b', 's1: r x 1 | s2: w x 1, w x 2', 'T1 read x as 1, which T2 wrote and then overwrote with 2.'],
    ['G1b', 's1: r x [1] | s2: a x 1, a x 2', "T1 read x as [1], which ends with T2's append of 1 and not with its last, of 2."],
    ['internal', 's1: w x 1, r x nil', 'T1 wrote 1 to x, and then read it as it was before anything was written to it.'],
    ['internal', 's1: w x 1, r x 2 | s2: w x 2', 'T1 wrote 1 to x, and then read it as 2.'],
    [
      'internal',
      's1: a x 1, r x [5] | s2: a x 5',
      'T1 appended 1 to x, and then read it as [5], which should end with what it had appended.',
    ],
    [
      'internal',
      's1: r x [5 6], a x 1, r x [5 1] | s2: a x 5 | s3: a x 6',
      'T1 read x as [5 6], and then as [5 1], with nothing but its own writes between.',
    ],
    ['future-read', 's1: r x 1, w x 1', 'T1 read x as 1, which it wrote only after that.'],
    ['future-read', 's1: r x [1], a x 1', 'T1 read x as [1], with 1, which it appended only after that.'],
    ['thin-air-read', 's1: r x 7 | s2: w x 1', 'T1 read x as 7, and nothing wrote 7.'],
    ['thin-air-read', 's1: r x [1 7] | s2: a x 1', 'T1 read x as [1 7], and nothing appended 7.'],
    [
      'dirty-update',
      's1 aborted: a x 1 | s2: a x 2 | s3: r x [1 2]',
      "T3 read x as [1 2], where T2's append of 2 comes after T1's of 1, and T1 aborted.",
    ],
    ['duplicate-elements', 's1: r x [1 2 1] | s2: a x 1 | s3: a x 2', 'T1 read x as [1 2 1]: 1 is there 2 times, and T2 appended it once.'],
    ['duplicate-elements', 's1: r x [1 1]', 'T1 read x as [1 1]: 1 is there 2 times, and nothing appended it.'],
    [
      'incompatible-order',
      's1: r x [1 2] | s2: r x [2 1 3] | s3: a x 1 | s4: a x 2 | s5: a x 3',
      'T1 read x as [1 2]. T2 read x as [2 1 3].',
    ],
    ['cyclic-versions', 's1: a x 1, a x 2 | s2: r x [2 1]', 'T1 appended 1 to x, and after that 2. T2 read x as [2 1].'],
    ['lost-update', 's1: r x 1, w x 2 | s2: r x 1, w x 3 | s3: w x 1', 'T1 read x as 1, and wrote 2. T2 also read x as 1, and wrote 3.'],
    [
      'lost-update',
      's1: r x nil, w x 2 | s2: r x nil, w x 3',
      'T1 read x before anything was written to it, and wrote 2. T2 also read x before anything was written to it, and wrote 3.',
    ],
    ['lost-update', 's1: r x [], a x 2 | s2: r x [], a x 3', 'T1 read x as [], and appended 2. T2 also read x as [], and appended 3.'],
    [
      'fractured-read',
      's1: w x 1, w y 1 | s2: r x 1, r y nil',
      'T1 read x as 1, which T2 wrote. T1 read y before anything was written to it, although T2 wrote 1 to y.',
    ],
    [
      'fractured-read',
      's1: a x 1, a y 1 | s2: r x [1], r y [0] | s3: a y 0 | s4: r y [0 1]',
      "T1 observed T2's append of 1 to x. T1 read y as [0], which ends with T3's append of 0, although T2 appended 1 to y.",
    ],
    ['non-repeatable-read', 's1: w x 1 | s2: r x nil, r x 1', 'T1 read x before anything was written to it and later as 1.'],
    ['non-repeatable-read', 's1: a x 1 | s2: r x [], r x [1]', 'T1 read x as [] and later as [1].'],
  ])('%s: %s', (name, history, sentences) => {
    const lines = history.replaceAll(' | ', '\n')
    const found = stories(lines)
    const story = found.find((one) => one.name === name && one.edges.length === 0)
    expect(story?.explanation.because.join(' ') ?? found.map((one) => one.name)).toBe(sentences)
    expect(story?.explanation.conclusion).toMatch(/^[A-Z][^T].*\.$|^T1 saw one part of what T2 wrote and not the other\.$/)
  })

  it('by the assumption that orders its versions', () => {
    const history = `
      s1 0-1: w x 1
      s2 2-3: w x 2
      s3 4-5: r x 1
      s4 6-7: r x 2`
    const found = stories(history, { versions: 'linearizable' }).find(({ name }) => name === 'cyclic-versions')
    expect(found?.explanation.because).toEqual([
      "T1's write of 1 to x comes before T2's of 2 (T1 wrote the former and T2 wrote the latter, and T1 ended before T2 began, where x by itself is taken to be linearizable).",
      "T2's write of 2 to x comes before T1's of 1 (T2 wrote the former and T3 read the latter, and T2 ended before T3 began, where x by itself is taken to be linearizable).",
    ])
    const late = stories('s1 0-1: w x 1\ns2 2-3: r x nil', { versions: 'linearizable' }).find(({ name }) => name === 'cyclic-versions')
    expect(late?.explanation.because).toEqual([
      'T1 wrote 1 to x.',
      'T2 read x before anything was written to it, too late (T1 wrote the former and T2 read the latter, and T1 ended before T2 began, where x by itself is taken to be linearizable).',
    ])
  })
})

describe('a level that forces an order of writes is explained', () => {
  const weak = (base: WeakBase, history: string): string => {
    const { facts } = infer(tableOf(written(history)))
    const decision = decideWeak(facts, base, 'none')
    if (decision.holds) return 'holds'
    return explanationText(storyOfWeak(base, decision, facts).explanation, Number.POSITIVE_INFINITY).join('\n')
  }

  it('by what the reader had to see', () => {
    const history = `
      s1: w x 1, w y 1
      s2: w x 2, w y 2
      s3: r x 1, r y 2
      s4: r y 2, r x 1`
    expect(weak('monotonic-atomic-view', history)).toBe(
      text(`
        monotonic-atomic-view is violated
        Let
          T1 = transaction 1 of process s1: write x 1, write y 1
          T2 = transaction 1 of process s2: write x 2, write y 2
          T3 = transaction 1 of process s3: read x 1, read y 2
          T4 = transaction 1 of process s4: read y 2, read x 1
        Then
          T1 < T2, because T1's write of 1 to y comes before T2's of 2 (T3 read x as 1, which T1 wrote; so of y, T3 had to see T1's 1 or what comes after it, and it saw T2's 2).
          However, T2 < T1, because T2's write of 2 to x comes before T1's of 1 (T4 read y as 2, which T2 wrote; so of x, T4 had to see T2's 2 or what comes after it, and it saw T1's 1): a contradiction.
      `),
    )
  })

  it('by a path of what happened before', () => {
    const history = `
      s1: w x 1
      s2: r x 1, w y 1
      s3: r y 1, r x 2
      s4: w x 2, w z 1
      s5: r z 1, r x 1`
    expect(weak('read-atomic', history)).toBe('holds')
    expect(weak('causal', history)).toBe(
      text(`
        causal is violated
        Let
          T1 = transaction 1 of process s1: write x 1
          T2 = transaction 1 of process s4: write x 2, write z 1
          T3 = transaction 1 of process s2: read x 1, write y 1
          T4 = transaction 1 of process s3: read y 1, read x 2
          T5 = transaction 1 of process s5: read z 1, read x 1
        Then
          T1 < T2, because T1's write of 1 to x comes before T2's of 2 (T3 read x as 1, which T1 wrote; T4 read y as 1, which T3 wrote; so of x, T4 had to see T1's 1 or what comes after it, and it saw T2's 2).
          However, T2 < T1, because T2's write of 2 to x comes before T1's of 1 (T5 read z as 1, which T2 wrote; so of x, T5 had to see T2's 2 or what comes after it, and it saw T1's 1): a contradiction.
      `),
    )
  })

  it('with a reason for each order of writes in it', () => {
    let forced = 0
    for (const base of ['monotonic-atomic-view', 'read-atomic', 'causal'] as const) {
      fc.assert(
        fc.property(transactionsArb({ kind: 'register', transactionsMax: 8 }), (transactions) => {
          const { facts } = infer(tableOf(transactions))
          const decision = decideWeak(facts, base, 'session')
          if (decision.holds || decision.proof !== 'cycle') return
          forced += decision.forced.length
          for (const { kind, text: reason } of storyOfWeak(base, decision, facts).edges)
            if (kind === ww) expect(reason).toMatch(/ comes before .* \(.+\)$/)
        }),
        { numRuns: 200 },
      )
    }
    expect(forced).toBeGreaterThan(0)
  })

  it('by two reads, where cut isolation is violated', () => {
    expect(weak('item-cut-isolation', 's1: w x 1\ns2: r x nil, r x 1')).toBe(
      text(`
        item-cut-isolation is violated
        Let
          T1 = transaction 1 of process s2: read x (initial), read x 1
        Then
          T1 read x before anything was written to it and later as 1.
          A transaction should see one version of a key.
      `),
    )
  })
})

describe('an explanation', () => {
  it('of whatever is found in a generated history leaves nothing unsaid', () => {
    const names = new Set<AnomalyName>()
    for (const kind of ['list', 'register', 'mixed'] as const) {
      fc.assert(
        fc.property(transactionsArb({ kind, faults: true }), (transactions) => {
          const table = tableOf(transactions)
          const { facts, anomalies } = infer(table)
          for (const anomaly of [...anomalies, ...cycleAnomalies(facts, { order: 'real-time' })]) {
            names.add(anomaly.name)
            const story = storyOf(anomaly, facts)
            const { lets, because, conclusion } = story.explanation
            const whole = [...because, conclusion].join('\n')
            expect(whole).not.toMatch(/undefined|NaN|null|\?| -1|initial version/)
            // Whoever is spoken of has been introduced, and whoever takes part is spoken of.
            const introduced = lets.map((line) => line.replace(/ = .*/s, ''))
            expect(introduced).toEqual(lets.map((_, i) => `T${i + 1}`))
            const spokenOf = new Set(whole.match(/\bT\d+\b/g))
            expect([...spokenOf].filter((name) => !introduced.includes(name))).toEqual([])
            expect(anomaly.transactions.filter((one) => !spokenOf.has(story.cast.name(one)))).toEqual([])
            for (const { from, to, kind, key, fromStep, toStep, text } of story.edges) {
              if (kind === so || kind === rt) continue
              expect([transactionOfStep(table, fromStep), transactionOfStep(table, toStep)]).toEqual([from, to])
              expect([table.key[fromStep], table.key[toStep]]).toEqual([key, key])
              if (kind === ww) expect(text).toMatch(/ comes before .* \(.*\)$/)
            }
          }
        }),
        { numRuns: 250 },
      )
    }
    expect(names.size).toBeGreaterThan(15)
  })

  it('is wrapped to a width, lines that go on indented', () => {
    const { facts, anomalies } = infer(tableOf(written('s1: r x 1\ns2 aborted: w x 1')))
    const [aborted] = anomalies
    const explanation = aborted && explainAnomaly(aborted, facts)
    expect(explanation && explanationText(explanation, 40)).toEqual([
      'G1a (aborted read)',
      'Let',
      '  T1 = transaction 1 of process s1: read',
      '      x 1',
      '  T2 = transaction 1 of process s2,',
      '      aborted: write x 1',
      'Then',
      '  T1 read x as 1, which T2 wrote before',
      '      it aborted.',
      '  What an aborted transaction wrote must',
      '      not be seen.',
    ])
  })

  it('keeps the indentation of cases, and words that are too long', () => {
    const lines = explanationText({ title: 't', lets: [], because: ['    if so, aaaaaaaaaaaaaaaaaaaaaaaaaaa b'], conclusion: '' }, 20)
    expect(lines).toEqual(['t', 'Let', 'Then', '      if so,', '          aaaaaaaaaaaaaaaaaaaaaaaaaaa', '          b'])
  })

  it('has a title for every name, that says which order it needs', () => {
    expect(titleOf('G2-item-session')).toBe('G2-item-session (anti-dependency cycle, with session order)')
    expect(titleOf('G0-realtime')).toBe('G0-realtime (dirty writes, with real-time order)')
    expect(titleOf('long-fork')).toBe('long-fork (two reads see two writes in opposite orders)')
  })
})
