/** Verdicts in the words of each level: `not linearizable`, `monotonic-reads holds`. */
import { match } from 'ts-pattern'
import type { Judgement } from '../../properties/decision.ts'
import type { Style } from '../text.ts'

export interface VerdictText {
  /** Says the verdict without colour. */
  readonly sign: string
  readonly text: string
  readonly style: Style
}

/** A level that a history can be said to have is an adjective; other levels, such as guarantees, are names. */
const adjectives: Readonly<Record<string, string>> = {
  linearizable: 'linearizable',
  linearizability: 'linearizable',
  sequential: 'sequentially consistent',
  causal: 'causally consistent',
  pram: 'PRAM consistent',
  eventual: 'eventually consistent',
  serializable: 'serializable',
  'strict-serializable': 'strictly serializable',
}

export function verdictText({ level, verdict }: { readonly level: string; readonly verdict: Judgement['verdict'] }): VerdictText {
  const adjective = Object.hasOwn(adjectives, level) ? adjectives[level] : undefined
  return match(verdict)
    .returnType<VerdictText>()
    .with('holds', () => ({ sign: '✓', text: adjective ?? `${level} holds`, style: ['bold', 'green'] }))
    .with('violated', () => ({
      sign: '✗',
      text: adjective === undefined ? `${level} is violated` : `not ${adjective}`,
      style: ['bold', 'red'],
    }))
    .with('unknown', () => ({
      sign: '?',
      text: `unknown whether ${adjective === undefined ? `${level} holds` : adjective}`,
      style: ['bold', 'yellow'],
    }))
    .with('inapplicable', () => ({ sign: '–', text: `${adjective ?? level}: does not apply`, style: 'bold' }))
    .exhaustive()
}
