/**
 * Evidence that a person can follow: a proof in words that transactions contradict each other, in the manner of Elle (Kingsbury and
 * Alvaro, VLDB 2020). All reasons are found again in the steps of the transactions themselves.
 */
import type { Anomaly, CycleStep } from '../anomaly.ts'
import type { Facts } from '../facts.ts'
import { accountOf } from './explain-anomalies.ts'
import { Cast } from './explain-cast.ts'
import { cycleSentences, type ReasonedEdge, reasonedEdges } from './explain-cycle.ts'
import { effectSentences } from './explain-effects.ts'
import type { Scene } from './explain-orders.ts'
import { titleOf } from './explain-titles.ts'

/** A proof in words. */
export interface Explanation {
  /** Such as `G-single (read skew)`. */
  readonly title: string
  /** Who appears: `T1 = process 3, events 4 and 9: append x 4, read y [1 2]`. Steps that do not matter may be left out, as `…`. */
  readonly lets: readonly string[]
  /** Sentences; those of a case within a proof by cases are indented by two spaces for each case that they are in. */
  readonly because: readonly string[]
  readonly conclusion: string
}

/** An explanation with what it is made of: what pictures, documents and sub-histories are drawn up from, so that all use the same names. */
export interface Story {
  /** The anomaly, or the level that is violated. */
  readonly name: string
  readonly explanation: Explanation
  readonly facts: Facts
  /** The transactions that it speaks of, under their names. */
  readonly cast: Cast
  /** The dependencies that contradict each other, with their reasons; none where no cycle is needed to see what is wrong. */
  readonly edges: readonly ReasonedEdge[]
}

/** Explains an anomaly by the facts that it was found in. */
export function explainAnomaly(anomaly: Anomaly, facts: Facts): Explanation {
  return storyOf(anomaly, facts).explanation
}

/** The story of an anomaly: T1 is the first of its transactions, and so on; others that prove something follow. */
export function storyOf(anomaly: Anomaly, facts: Facts): Story {
  const { name, cycle, transactions } = anomaly
  if (cycle !== undefined) return storyOfCycle({ name, title: titleOf(name), cycle }, facts)
  const cast = new Cast(facts.table, transactions)
  const scene: Scene = { facts, cast }
  const { because, conclusion } = accountOf(scene, anomaly)
  return storyFrom({ name, title: titleOf(name), scene, edges: [], sentences: [...because, conclusion] })
}

export interface ForbiddenCycle {
  /** The anomaly, or the level that is violated. */
  readonly name: string
  readonly title: string
  readonly cycle: readonly CycleStep[]
}

/** @param argued why orders of writes that no read shows are as they are; see `Scene` */
export function storyOfCycle({ name, title, cycle }: ForbiddenCycle, facts: Facts, argued?: (cast: Cast) => Scene['argued']): Story {
  const cast = new Cast(
    facts.table,
    cycle.map(({ transaction }) => transaction),
  )
  const scene: Scene = { facts, cast, argued: argued?.(cast) }
  const edges = reasonedEdges(scene, cycle)
  return storyFrom({ name, title, scene, edges, sentences: cycleSentences(cast, edges) })
}

export interface StoryParts {
  readonly name: string
  readonly title: string
  readonly scene: Scene
  readonly edges: readonly ReasonedEdge[]
  /** The last one is the conclusion. */
  readonly sentences: readonly string[]
}

/** Adds who took effect though nobody saw it, and then who all are. */
export function storyFrom({ name, title, scene, edges, sentences }: StoryParts): Story {
  const { facts, cast } = scene
  const because = [...effectSentences(scene), ...sentences.slice(0, -1)]
  return { name, facts, cast, edges, explanation: { title, lets: cast.lets(), because, conclusion: sentences.at(-1) ?? '' } }
}

/** Plain lines of at most so many characters, but for words that are longer. */
export function explanationText({ title, lets, because, conclusion }: Explanation, width = 100): string[] {
  const body = conclusion === '' ? because : [...because, conclusion]
  return [
    title,
    'Let',
    ...lets.flatMap((line) => wrapped(`  ${line}`, width)),
    'Then',
    ...body.flatMap((line) => wrapped(`  ${line}`, width)),
  ]
}

/** Lines that go on are indented by four more than the first. */
function wrapped(line: string, width: number): string[] {
  const text = line.trimStart()
  const indent = ' '.repeat(line.length - text.length)
  const lines: string[] = []
  let current = indent
  for (const word of text.split(' ')) {
    const isFirst = current.trim() === ''
    if (!isFirst && Array.from(current).length + 1 + Array.from(word).length > width) {
      lines.push(current)
      current = `${indent}    ${word}`
    } else current = isFirst ? current + word : `${current} ${word}`
  }
  return [...lines, current]
}
