/**
 * What the page of the explorer and its server say to each other: `POST /api/<question>` with the question as JSON, answered by JSON.
 * Nothing is remembered between two questions that an answer depends on, so that a place is no more than its path.
 */
import type { Fact, TraceStep, TraceView } from '../html/document.ts'

/**
 * A place in the state space: the number of the initial state, then of each step among those possible there, all from 0 and in the
 * model's order. Never empty.
 */
export type Path = readonly number[]

/** What the page knows from the start. */
export interface ExplorerDocument {
  readonly model: string
  readonly about: string
  readonly facts: readonly Fact[]
  /** The command that starts the explorer again, up to its flag --at. */
  readonly command: string
  /** The initial states, by what tells them apart; the first so many. */
  readonly initial: readonly string[]
  readonly initialTotal: number
}

/** The questions, by name, and their answers. What a user has caused is answered by a `Refusal` instead. */
export interface Questions {
  /** The states along a path. */
  readonly path: { readonly question: { readonly path: Path }; readonly answer: PathAnswer }
  /** What can happen at the end of a path, and what cannot. */
  readonly choices: { readonly question: { readonly path: Path }; readonly answer: ChoicesAnswer }
  /** Goes on at random, each possible step being as likely as any other, until a property is violated. */
  readonly walk: {
    readonly question: { readonly path: Path; readonly steps: number; readonly seed: number }
    readonly answer: WalkAnswer
  }
  /** The first state in breadth-first order from the initial state of the path that is not among those seen, by digest. */
  readonly next: { readonly question: { readonly path: Path; readonly seen: readonly string[] }; readonly answer: SearchAnswer }
  /** The nearest state, from the end of the path on, that satisfies a predicate: an expression of JavaScript over `s`. */
  readonly find: { readonly question: { readonly path: Path; readonly predicate: string }; readonly answer: SearchAnswer }
  /** The path as a trace document; as a lasso, where the number of steps before its loop is given. */
  readonly trace: { readonly question: { readonly path: Path; readonly loop?: number }; readonly answer: TraceAnswer }
}

/** One line that says what is wrong and what to do. */
export interface Refusal {
  readonly error: string
}

/** A path to draw. */
export type PathView = Omit<TraceView, 'exports'>

export interface PathAnswer {
  /** As far as it fits the model. */
  readonly path: Path
  /** Why it does not fit any further; null: it does. */
  readonly cut: string | null
  readonly view: PathView
  /** Of each state, a short text that two states share only if they are equal. */
  readonly digests: readonly string[]
}

export interface ChoicesAnswer {
  readonly possible: readonly Possible[]
  readonly refused: readonly Refused[]
  /** How many more are refused than are told. */
  readonly refusedMore: number
  /** What is violated here. */
  readonly findings: readonly Violated[]
  /** What comes of it if it goes on for ever as it did since it was in this state before; null: it was not. */
  readonly lasso: Lasso | null
}

export interface Violated {
  readonly property: string
  readonly message: string
}

/** A path that comes back to a state, or that ends where nothing can happen any more. */
export interface Lasso {
  /** The steps before the loop; as many as there are where nothing can happen any more. */
  readonly loop: number
  /** Why no execution goes on like that for ever: the fair action that is passed over; null: one may. */
  readonly unfair: string | null
  /** The properties of whole executions that are violated if one does. */
  readonly violated: readonly Violated[]
}

/** A step that can be taken. */
export interface Possible {
  readonly choice: number
  /** The lane of who takes it; null: the environment does. */
  readonly process: number | null
  /** Its name: `client 0`, `node 1`. */
  readonly who: string
  /** What it does; the state after it is not told. */
  readonly step: Omit<TraceStep, 'writes' | 'lane'>
  /** Messages that it sends, receives, copies or loses. */
  readonly messages: readonly string[]
  readonly digest: string
  /** It leaves the model's boundary, where checks do not go, nor the explorer. */
  readonly isOutside: boolean
  /** It leads back to the same state. */
  readonly isIdle: boolean
}

/** An action that cannot happen, and what stops it. */
export interface Refused {
  readonly text: string
  readonly process: number | null
  /** `when` said no, or `over` offered nothing to do it with. */
  readonly by: 'when' | 'over'
  /** The text of that function, as it runs; null: it is not the model's own. */
  readonly source: string | null
  /** What a network asks for besides, in words; empty: nothing. */
  readonly also: string
  /** The slots that it asked for, with their values. */
  readonly slots: readonly { readonly name: string; readonly value: string }[]
}

export interface WalkAnswer {
  readonly path: Path
  /** Why it ended. */
  readonly ended: 'steps' | 'violated' | 'stuck' | 'too long'
}

export interface SearchAnswer {
  /** The path to what was found, as a continuation of the one asked with; null: nothing was found. */
  readonly path: Path | null
  /** States that were looked at. */
  readonly states: number
  /** The limit that ended the search, in words; null: all states that can be reached were looked at, or it was found. */
  readonly limit: string | null
}

export interface TraceAnswer {
  /** The document. */
  readonly text: string
  /** The file that it was written to; null: to none. */
  readonly file: string | null
  /** What it shows. */
  readonly message: string
}
