/**
 * Pictures of transactions that contradict each other, for Graphviz and for Mermaid: a node for each transaction, with its steps, and an
 * edge for each dependency. Those that contradict each other are thick; others between the same transactions are thin. The kinds of
 * edges have their colour and their line, and are named.
 */

import { type EdgeKind, rt, rw, so, wr, ww } from '../edge.ts'
import { drawnEdges } from './draw-cycle-edges.ts'
import { dotEscaped, mermaidEscaped } from './draw-cycle-escape.ts'
import type { Story } from './explain.ts'
import { transactionText } from './explain-cast.ts'
import { keyText } from './explain-words.ts'

/** A picture in Graphviz' language DOT; edges go from step to step where steps prove them. */
export function cycleDot(story: Story): string {
  const { cast, explanation } = story
  const nodes = cast.transactions.map((transaction) => {
    const fields = cast.steps(transaction).map(({ step, text }) => (step === -1 ? dotEscaped(text) : `<${port(step)}> ${dotEscaped(text)}`))
    return `  ${cast.name(transaction)} [label="${[dotEscaped(headOf(story, transaction)), ...fields].join('|')}"]`
  })
  const edges = drawnEdges(story).map(({ from, to, kind, key, fromStep, toStep, isProof }) => {
    const { colour, dot } = looks[kind]
    const label = dotEscaped(labelOf(story, kind, key))
    const width = isProof ? 3 : 1
    return `  ${dotEnd(story, from, fromStep)} -> ${dotEnd(story, to, toStep)} [label="${label}", color="${colour}", fontcolor="${colour}", penwidth=${width}, ${dot}]`
  })
  // Left to right, the fields of a record are below each other.
  const graph = ['rankdir=LR', 'node [shape=record, fontname="Helvetica"]', 'edge [fontname="Helvetica"]'].map((line) => `  ${line}`)
  return ['digraph {', `  label="${dotEscaped(explanation.title)}"`, ...graph, ...nodes, ...edges, '}', ''].join('\n')
}

/** A flowchart in Mermaid. */
export function cycleMermaid(story: Story): string {
  const { cast, explanation } = story
  const nodes = cast.transactions.map((transaction) => {
    const lines = [headOf(story, transaction), ...cast.steps(transaction).map(({ text }) => text)]
    return `  ${cast.name(transaction)}["${lines.map(mermaidEscaped).join('<br/>')}"]`
  })
  const edges = drawnEdges(story)
  const arrows = edges.map(
    ({ from, to, kind, key, isProof }) =>
      `  ${cast.name(from)} ${isProof ? '==>' : '-->'}|"${mermaidEscaped(labelOf(story, kind, key))}"| ${cast.name(to)}`,
  )
  const styles = edges.map(({ kind, isProof }, i) => {
    const { colour, dashes } = looks[kind]
    return `  linkStyle ${i} stroke:${colour},stroke-width:${isProof ? 3 : 1}px${dashes === '' ? '' : `,stroke-dasharray:${dashes}`}`
  })
  return ['---', `title: ${JSON.stringify(explanation.title)}`, '---', 'flowchart LR', ...nodes, ...arrows, ...styles, ''].join('\n')
}

interface Look {
  readonly name: string
  readonly colour: string
  readonly dot: string
  /** Lengths of strokes and gaps. */
  readonly dashes: string
}

const looks: Readonly<Record<EdgeKind, Look>> = {
  [ww]: { name: 'ww', colour: '#b2182b', dot: 'style=solid, arrowhead=normal', dashes: '' },
  [wr]: { name: 'wr', colour: '#2166ac', dot: 'style=solid, arrowhead=onormal', dashes: '' },
  [rw]: { name: 'rw', colour: '#762a83', dot: 'style=dashed, arrowhead=normal', dashes: '8 4' },
  [so]: { name: 'session', colour: '#4d4d4d', dot: 'style=dotted, arrowhead=vee', dashes: '2 4' },
  [rt]: { name: 'real time', colour: '#1b7837', dot: 'style=dotted, arrowhead=open', dashes: '2 2 8 2' },
}

function labelOf({ facts }: Story, kind: EdgeKind, key: number): string {
  return key === -1 ? looks[kind].name : `${looks[kind].name} ${keyText(facts.table, key)}`
}

function headOf({ cast, facts }: Story, transaction: number): string {
  return `${cast.name(transaction)} = ${transactionText(facts.table, transaction)}`
}

function dotEnd({ cast }: Story, transaction: number, step: number): string {
  return step === -1 ? cast.name(transaction) : `${cast.name(transaction)}:${port(step)}`
}

function port(step: number): string {
  return `s${step}`
}
