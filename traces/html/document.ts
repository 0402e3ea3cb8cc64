/**
 * What a report shows, as plain data: the page only draws. It is embedded in the page as JSON, so that the file stands alone. Steps
 * are counted from 1, as in the terminal; state 0 is the initial one and state n the one after step n.
 */
import type { Json } from '../../checker/language/json.ts'

export interface ReportDocument {
  readonly header: ReportHeader
  /** What there is to see, each under a tab of its own; the first is shown at first. */
  readonly views: readonly ReportView[]
}

export interface ReportHeader {
  /** What it is about: a model, or the name of a file. */
  readonly title: string
  readonly tone: Tone
  /** The verdict as a sentence. */
  readonly sentence: string
  /** Model, constants, bugs, strategy, seed, statistics. */
  readonly facts: readonly Fact[]
  /** What prints the same again; null where nothing does. */
  readonly command: string | null
}

/** Shown by a sign and a word, and by colour besides. */
export type Tone = 'good' | 'bad' | 'unsure'

export interface Fact {
  readonly name: string
  readonly value: string
}

export type ReportView = TraceView | HistoryView | TransactionsView | FindingsView | ReplayView | ExplorationView

/** A counterexample, or a witness, as a space-time diagram. */
export interface TraceView {
  readonly kind: 'trace'
  /** Nodes and clients, from left to right. */
  readonly lanes: readonly Lane[]
  readonly steps: readonly TraceStep[]
  /** In the order of sending. */
  readonly messages: readonly TraceMessage[]
  readonly partitions: readonly Partition[]
  /** The initial value of each slot. */
  readonly initial: Readonly<Record<string, Json>>
  readonly properties: readonly PropertyStrip[]
  /** Of a lasso: the steps after this one are taken for ever; as many as there are steps where nothing happens any more. */
  readonly loop: number | null
  /** The trace in other forms, by the ending of a file name: `mmd` (Mermaid), `itf.json` (Apalache, Quint), `json` (our own). */
  readonly exports: Readonly<Record<string, string>>
}

export interface Lane {
  /** `client 0`, as the model names its roles; else a number. */
  readonly name: string
  /** For where there is little room: `c0`. */
  readonly short: string
  /** `node`: it has a number only. */
  readonly kind: 'node' | 'party' | 'environment'
}

export interface TraceStep {
  readonly action: string
  /** The action with its arguments, messages by their names: `receive(1, m2)`. */
  readonly text: string
  /** Index of the lane of who acts; null: it is nobody's. */
  readonly lane: number | null
  /** What a reader looks for: faults and timers stand out. */
  readonly mark: StepMark | null
  /** Slots with a new value after the step. */
  readonly writes: Readonly<Record<string, Json>>
  /** What it changed, as text: `node[1].term: 1 -> 2`. */
  readonly changes: readonly ChangeText[]
}

export type StepMark = 'crash' | 'restart' | 'timer' | 'drop' | 'duplicate' | 'partition' | 'heal'

export interface ChangeText {
  readonly path: string
  /** Null where something came. */
  readonly before: string | null
  /** Null where something went. */
  readonly after: string | null
}

export interface TraceMessage {
  readonly name: string
  /** Whether it is asked or answered at once, in one step; the text may then be empty, where the step says it. */
  readonly isCall: boolean
  /** Index of a lane; null: nobody in particular. */
  readonly from: number | null
  readonly to: number
  readonly text: string
  readonly content: Json
  /** The step that sent it; 0: it is there from the start. */
  readonly sent: number
  /** The step in which it arrived, or was lost; null: it is still on its way. */
  readonly ended: number | null
  readonly isLost: boolean
  /** The name of the message that it is a copy of. */
  readonly copyOf: string | null
}

export interface Partition {
  /** Indices of the lanes on one side. */
  readonly lanes: readonly number[]
  readonly from: number
  /** The step that heals it; null: none does. */
  readonly to: number | null
}

/** One property over time. */
export interface PropertyStrip {
  readonly name: string
  readonly kind: string
  /** What it says. */
  readonly sentence: string
  /** Of each state from 0 on: whether it holds there. `null`: it says nothing of this state alone. */
  readonly holds: readonly (boolean | null)[]
  /** The first state in which it does not hold, or which witnesses it; null: none. */
  readonly first: number | null
  /** What is wrong there. */
  readonly message: string
}

/** A recorded history of operations on objects, and what an oracle found at one level. */
export interface HistoryView {
  readonly kind: 'history'
  readonly level: string
  readonly tone: Tone
  /** What the oracle says of it. */
  readonly sentence: string
  /** Each key of its own; one with something wrong comes first. */
  readonly objects: readonly HistoryObject[]
  /** What is not shown, and why, in sentences. */
  readonly notes: readonly string[]
}

export interface HistoryObject {
  /** The key as text; null: the history has only one object. */
  readonly name: string | null
  /** In the order of their calls. */
  readonly operations: readonly HistoryOperation[]
  readonly order: OperationOrder | null
  /** The id of the operation that cannot be placed. */
  readonly failing: number | null
  /** The states that were possible when it failed. */
  readonly possible: readonly string[]
}

/** An order that explains operations. */
export interface OperationOrder {
  /** Whether it explains all of them; else it is the longest one found of what comes before the operation that cannot be placed. */
  readonly isWhole: boolean
  /** How many operations are in it, shown or not. */
  readonly length: number
  readonly places: readonly OrderPlace[]
}

export interface OrderPlace {
  /** Of the operation. */
  readonly id: number
  /** From 1. */
  readonly position: number
  /** States of the specification, as text; null: nobody has told. */
  readonly before: string | null
  readonly after: string | null
}

export interface HistoryOperation {
  /** Unique in the history. */
  readonly id: number
  readonly process: string
  /** `write 1`, `read → 2`. */
  readonly text: string
  /** Indexes of the events of call and return; null: it never returned. A call at the index of a return comes before it. */
  readonly call: number
  readonly return: number | null
  /** Nanoseconds, where the history has them. */
  readonly callTime: number | null
  readonly returnTime: number | null
  /** It is among the few operations that the violation takes. */
  readonly isCore: boolean
}

/** Transactions in time, and the cycle of dependencies that a level forbids. */
export interface TransactionsView {
  readonly kind: 'transactions'
  readonly level: string
  readonly tone: Tone
  /** What is wrong, by its name: `G-single (read skew)`. */
  readonly sentence: string
  /** The proof, a sentence each. */
  readonly explanation: readonly string[]
  readonly transactions: readonly TransactionBar[]
  /** The cycle, in its order; then what else its transactions have to do with each other. */
  readonly edges: readonly DependencyEdge[]
  /** Whether the history says when transactions began and ended; else `call` and `return` are of their order in the history. */
  readonly hasTimes: boolean
  /** What is not shown, and why, in sentences. */
  readonly notes: readonly string[]
}

export interface TransactionBar {
  readonly id: number
  /** Of those that the proof speaks of: `T1`. */
  readonly name: string | null
  readonly process: string
  /** Such as `append x 4`; `…` are steps left out. */
  readonly operations: readonly string[]
  readonly status: 'committed' | 'aborted' | 'unknown'
  readonly call: number
  readonly return: number | null
}

export interface DependencyEdge {
  /** Ids of transactions. */
  readonly from: number
  readonly to: number
  /** `ww`, `wr`, `rw`, `session` or `real-time`. */
  readonly kind: string
  /** Of ww, wr and rw. */
  readonly key: string | null
  /** Why, in words. */
  readonly reason: string
  /** Whether it is one of those that contradict each other. */
  readonly isProof: boolean
  /** Indexes among the operations of both transactions of those that prove it; null: none does. */
  readonly fromOperation: number | null
  readonly toOperation: number | null
}

/** What was found of a workload that has an invariant. */
export interface FindingsView {
  readonly kind: 'findings'
  /** What was compared. */
  readonly note: string
  readonly findings: readonly Finding[]
  /** By name how often it was found. */
  readonly counts: readonly Fact[]
}

export interface Finding {
  readonly name: string
  readonly sentence: string
  /** The levels that it rules out. */
  readonly violates: readonly string[]
  /** The events that show it. */
  readonly events: readonly { readonly index: number; readonly text: string }[]
}

/** A model's trace and a real system, side by side. */
export interface ReplayView {
  readonly kind: 'replay'
  readonly target: string
  readonly verdict: 'reproduced' | 'prevented' | 'conforms' | 'diverged' | 'inconclusive'
  readonly reason: string
  readonly rows: readonly ReplayRow[]
  /** Index of the first row at which the system differs; null: none. */
  readonly firstDifference: number | null
}

export interface ReplayRow {
  /** The step of the trace; 0 before the first one. */
  readonly of: number
  readonly text: string
  /** What the model allows; empty where an operation that was blocked goes on. */
  readonly model: string
  /** What the system did; null: it was not taken there. */
  readonly real: string | null
  readonly isAllowed: boolean
}

/** What a check has explored. */
export interface ExplorationView {
  readonly kind: 'exploration'
  /** New states by depth, from the initial ones on. */
  readonly levels: readonly number[]
  readonly actions: readonly { readonly name: string; readonly taken: number; readonly enabled: number }[]
  readonly properties: readonly { readonly name: string; readonly kind: string; readonly verdict: string; readonly sentence: string }[]
  readonly graph: StateGraph | null
}

/** A part of the state graph, or all of it. */
export interface StateGraph {
  readonly isWhole: boolean
  readonly nodes: readonly StateNode[]
  readonly edges: readonly { readonly from: number; readonly to: number; readonly text: string; readonly isOnTrace: boolean }[]
}

export interface StateNode {
  readonly id: number
  readonly depth: number
  /** The state as text, a slot a line. */
  readonly text: string
  readonly isInitial: boolean
  readonly isOnTrace: boolean
  readonly isBad: boolean
}
