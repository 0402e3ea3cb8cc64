/**
 * What the levels below linearizability say of the clients of a model, judged while they see it. These levels know no time: what
 * they ask for depends only on what each process did, one operation after the other. That is the value, so that paths on which
 * the same processes do the same in another interleaving meet.
 */
import { HistoryError } from '../errors.ts'
import type { LevelName } from '../levels/names.ts'
import { type Operation, requireOperation } from '../operation.ts'
import type { Spec } from '../spec.ts'
import { keyOf, type Value } from '../value.ts'
import { judge } from '../verify.ts'
import type { Call } from './effects.ts'
import type { OperationEvents } from './history.ts'
import { type Answer, impossible, inserted, openOf, type Plain, type Process, plainOf, without } from './monitor.ts'

/** An operation that returned, or, without an output, one of which nobody will know. */
interface Done {
  readonly f: string
  readonly input: Plain
  readonly output?: Plain
}

interface Session {
  readonly process: Process
  readonly operations: readonly Done[]
}

export interface SessionsValue {
  readonly open: readonly Call[]
  readonly sessions: readonly Session[]
  /** The operations of processes that have crashed. */
  readonly crashed: readonly (readonly Done[])[]
}

type Level = Extract<
  LevelName,
  'sequential' | 'causal' | 'pram' | 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads'
>
type Question = (value: SessionsValue) => Answer

export interface SessionsMonitor {
  readonly name: string
  readonly initial: SessionsValue
  readonly events: OperationEvents<SessionsValue>
  /** Of what has been seen so far; operations that are open may have happened. */
  readonly questions: {
    readonly sequential: Question
    readonly causal: Question
    readonly pram: Question
    readonly readYourWrites: Question
    readonly monotonicReads: Question
    readonly monotonicWrites: Question
    readonly writesFollowReads: Question
    readonly isQuiet: (value: SessionsValue) => boolean
  }
}

/**
 * Watches operations on one object. An operation that failed did not happen. All questions but `sequential` are about specifications
 * like registers, with an `access`.
 * @throws HistoryError, when it is asked, where the oracle cannot tell: see `verify`
 */
export function sessions<S extends Value>(
  given: Spec<S>,
  { initial = plainOf(given.initial) }: { readonly initial?: Plain } = {},
): SessionsMonitor {
  const spec = given as unknown as Spec
  const asked =
    (level: Level): Question =>
    (value) =>
      answer(value, spec, initial, level)
  return {
    name: `sessions of ${spec.name}`,
    initial: { open: [], sessions: [], crashed: [] },
    events: {
      invoke: (value, process, f, input = null) => {
        requireOperation(f, spec)
        const already = openOf(value.open, process)
        if (already) impossible(process, `invokes ${f} while its ${already.f} is open`)
        return { ...value, open: inserted(value.open, { process, f, input }) }
      },
      ok: (value, process, output = null) => {
        const { f, input } = called(value, process)
        const session = openOf(value.sessions, process) ?? { process, operations: [] }
        const longer = { process, operations: [...session.operations, { f, input, output }] }
        return { ...value, open: without(value.open, process), sessions: inserted(without(value.sessions, process), longer) }
      },
      fail: (value, process) => {
        called(value, process)
        return { ...value, open: without(value.open, process) }
      },
      info: (value, process) => {
        const { f, input } = called(value, process)
        const before = openOf(value.sessions, process)?.operations ?? []
        const operations = spec.observers.has(f) ? before : [...before, { f, input }]
        const crashed = [...value.crashed, operations].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        return { open: without(value.open, process), sessions: without(value.sessions, process), crashed }
      },
    },
    questions: {
      sequential: asked('sequential'),
      causal: asked('causal'),
      pram: asked('pram'),
      readYourWrites: asked('read-your-writes'),
      monotonicReads: asked('monotonic-reads'),
      monotonicWrites: asked('monotonic-writes'),
      writesFollowReads: asked('writes-follow-reads'),
      isQuiet: ({ open }) => open.length === 0,
    },
  }
}

function called({ open }: SessionsValue, process: Process): Call {
  return openOf(open, process) ?? impossible(process, 'ends an operation without having invoked one')
}

function answer(value: SessionsValue, spec: Spec, initial: Plain, level: Level): Answer {
  const { decision } = judge(operationsIn(value, spec), spec, { level, initial })
  if (decision.verdict === 'holds') return true
  if (decision.verdict === 'violated') return decision.sentence
  const why = decision.verdict === 'unknown' ? decision.reached : decision.reason
  throw new HistoryError('option', `whether what the clients saw is ${level} cannot be told: ${why}`)
}

/** One process after the other: at these levels it is all the same. */
function operationsIn({ open, sessions: live, crashed }: SessionsValue, spec: Spec): Operation[] {
  const operations: Operation[] = []
  const add = (process: Process, { f, input, output }: Done): void => {
    const [id, call] = [operations.length, 2 * operations.length]
    const end = output === undefined ? Number.POSITIVE_INFINITY : call + 1
    const completion = output === undefined ? 'info' : 'ok'
    operations.push({ id, process, key: undefined, f, input, output, completion, call, return: end })
  }
  for (const { process, operations: done } of live) for (const one of done) add(process, one)
  for (const { process, f, input } of open) if (!spec.observers.has(f)) add(process, { f, input })
  for (const [i, done] of crashed.entries()) for (const one of done) add(`crashed ${i}`, one)
  return operations
}
