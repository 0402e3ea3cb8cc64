import { instance } from '@viz-js/viz'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../../value.ts'
import { cycleAnomalies } from '../cycles/cycle-anomalies.ts'
import { rw, so } from '../edge.ts'
import { infer } from '../inference/infer.ts'
import { tableOf } from '../table/table-builder.ts'
import type { Transaction } from '../table/transaction.ts'
import { written } from '../testing/written-transactions.ts'
import { cycleDot, cycleMermaid } from './draw-cycle.ts'
import { dotEscaped, mermaidEscaped } from './draw-cycle-escape.ts'
import { type Story, storyOf, storyOfCycle } from './explain.ts'

const readSkew = `
  s1 4-9: a x 4, a y 3
  s2 5-8: r x [4], r y []`

describe('a picture in DOT', () => {
  it('has transactions with their steps, and edges between the steps that prove them', () => {
    expect(cycleDot(storyIn(written(readSkew)))).toBe(
      [
        'digraph {',
        '  label="G-single (read skew)"',
        '  rankdir=LR',
        '  node [shape=record, fontname="Helvetica"]',
        '  edge [fontname="Helvetica"]',
        '  T1 [label="T1 = process s1, events 4 and 9|<s0> append x 4|<s1> append y 3"]',
        '  T2 [label="T2 = process s2, events 5 and 8|<s2> read x [4]|<s3> read y []"]',
        '  T1:s0 -> T2:s2 [label="wr x", color="#2166ac", fontcolor="#2166ac", penwidth=3, style=solid, arrowhead=onormal]',
        '  T2:s3 -> T1:s1 [label="rw y", color="#762a83", fontcolor="#762a83", penwidth=3, style=dashed, arrowhead=normal]',
        '}',
        '',
      ].join('\n'),
    )
  })

  it('has what else the transactions have to do with each other, thin', () => {
    const table = tableOf(written('s1: w x 1, w z 1\ns1: r x nil, r z 1'))
    const { facts } = infer(table)
    const cycle = [
      { transaction: 0, kind: so, key: -1 },
      { transaction: 1, kind: rw, key: 0 },
    ] as const
    const dot = cycleDot(storyOfCycle({ name: 'causal', title: 'causal is violated', cycle }, facts))
    expect(dot.split('\n').filter((line) => line.includes('->'))).toEqual([
      '  T1 -> T2 [label="session", color="#4d4d4d", fontcolor="#4d4d4d", penwidth=3, style=dotted, arrowhead=vee]',
      '  T2:s2 -> T1:s0 [label="rw x", color="#762a83", fontcolor="#762a83", penwidth=3, style=dashed, arrowhead=normal]',
      '  T1:s1 -> T2:s3 [label="wr z", color="#2166ac", fontcolor="#2166ac", penwidth=1, style=solid, arrowhead=onormal]',
    ])
  })

  it('has no edges where no cycle is needed and nothing is read from one another', () => {
    const dot = cycleDot(storyIn(written('s1: r x 7')))
    expect(dot).not.toContain('->')
    expect(dot).toContain('T1 [label="T1 = transaction 1 of process s1|<s0> read x 7"]')
  })

  it('leaves out steps that do not matter', () => {
    const dot = cycleDot(storyIn(written('s1: a p 1, a q 1, a r 1, a s 1, a t 1, a x 4, a y 3\ns2: r x [4], r y []')))
    expect(dot).toContain('T1 [label="T1 = transaction 1 of process s1|…|<s5> append x 4|<s6> append y 3"]')
  })
})

describe('a picture in Mermaid', () => {
  it('has transactions with their steps, and thick edges for the proof', () => {
    expect(cycleMermaid(storyIn(written(readSkew)))).toBe(
      [
        '---',
        'title: "G-single (read skew)"',
        '---',
        'flowchart LR',
        '  T1["T1 = process s1, events 4 and 9<br/>append x 4<br/>append y 3"]',
        '  T2["T2 = process s2, events 5 and 8<br/>read x #91;4#93;<br/>read y #91;#93;"]',
        '  T1 ==>|"wr x"| T2',
        '  T2 ==>|"rw y"| T1',
        '  linkStyle 0 stroke:#2166ac,stroke-width:3px',
        '  linkStyle 1 stroke:#762a83,stroke-width:3px,stroke-dasharray:8 4',
        '',
      ].join('\n'),
    )
  })
})

/** Names and values that mean something in one of the languages. */
const oddTexts = [
  '"',
  '\\',
  '{a}',
  '|',
  '<b>',
  '</br>',
  '&lt;',
  '#35;',
  '%%{init}%%',
  '`a`',
  'end',
  'a  b',
  'ü→🙂',
  ']',
  '"] --> T9["',
  'style:#1;',
  '\n',
  '\u202e',
]

function oddHistory(key: string, value: Value): Transaction[] {
  const times = { status: 'committed', began: null, ended: null } as const
  return [
    { process: key, ...times, steps: ['x', 'y'].map((name) => ({ f: 'write', key: key + name, value }) as const) },
    {
      process: 2,
      ...times,
      steps: [
        { f: 'read', key: `${key}x`, value },
        { f: 'read', key: `${key}y`, value: null },
      ],
    },
  ]
}

const odd = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: 'binary' }), fc.string())

describe('texts of any characters', () => {
  it('stay within their labels in DOT: quotes, fields and ports are escaped', () => {
    expect(dotEscaped('a "b" {c|d} <e> \\ & f  g\nh')).toBe('a \\"b\\" \\{c\\|d\\} \\<e\\> \\\\ &amp; f \\ g\\nh')
    fc.assert(
      fc.property(odd, odd, (key, value) => {
        const dot = cycleDot(storyIn(oddHistory(key, value)))
        // Every line is a statement of its own, whose strings are closed.
        const statement =
          /^( {2}(label|T\d+ \[label|T\d+:s\d+ -> T\d+:s\d+ \[label)="(\\.|[^"\\\n])*"(\]|, .*\])?| {2}(rankdir|node|edge).*|digraph \{|\}|)$/u
        expect(dot.split('\n').filter((line) => !statement.test(line))).toEqual([])
        const records = [...dot.matchAll(/ T\d+ \[label="((?:\\.|[^"\\])*)"\]/gu)].map(([, label = '']) => label.replace(/\\./gu, ''))
        expect(records.map((label) => label.split('|').length)).toEqual([3, 3])
        for (const label of records) expect(label.replace(/\|<s\d> /g, '')).not.toMatch(/[{}<>|]/)
      }),
    )
  })

  it('stay within their labels in Mermaid: only letters, digits and plain punctuation are left as they are', () => {
    expect(mermaidEscaped('read x "a|b" {#1;} <c> `d`: [é]')).toBe(
      'read x #34;a#124;b#34; #123;#35;1#59;#125; #60;c#62; #96;d#96;#58; #91;é#93;',
    )
    fc.assert(
      fc.property(odd, odd, (key, value) => {
        const mermaid = cycleMermaid(storyIn(oddHistory(key, value)))
        const label = String.raw`"([\p{L}\p{M}\p{N} .,=/…-]|#\d+;|<br/>)*"`
        const statement = new RegExp(
          String.raw`^(  T\d+\[${label}\]|  T\d+ (==|--)>\|${label}\| T\d+|  linkStyle .*|---|title: ".*"|flowchart LR|)$`,
          'u',
        )
        expect(mermaid.split('\n').filter((line) => !statement.test(line))).toEqual([])
      }),
    )
  })

  it('are read by Graphviz', async () => {
    const graphviz = await instance()
    for (const text of oddTexts) {
      const { status, errors } = graphviz.render(cycleDot(storyIn(oddHistory(text, text))), { format: 'canon' })
      const refused = errors.filter(({ message }) => !message.includes('no value for width'))
      expect([status, refused]).toEqual(['success', []])
    }
  })
})

it('a picture is the same whenever it is drawn', () => {
  const draw = (): string[] => [cycleDot, cycleMermaid].map((picture) => picture(storyIn(written(readSkew))))
  expect(draw()).toEqual(draw())
})

/** What is found first, cycles before others. */
function storyIn(transactions: readonly Transaction[]): Story {
  const { facts, anomalies } = infer(tableOf(transactions))
  const [anomaly] = [...cycleAnomalies(facts, { order: 'session' }), ...anomalies]
  if (anomaly === undefined) throw new Error('nothing is wrong')
  return storyOf(anomaly, facts)
}
