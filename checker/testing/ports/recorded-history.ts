/**
 * A history of register operations kept whole in the state, as Stateright's LinearizabilityTester keeps it: two states that
 * differ only in recorded real-time order are distinct.
 */
export type Operation = { kind: 'write'; value: string } | { kind: 'read' }
export type Return = { kind: 'written' } | { kind: 'read'; value: string }

interface Invocation {
  /** Per thread, the index of the last operation that had completed before this one began. */
  readonly after: readonly (number | null)[]
  readonly operation: Operation
}

/** By thread. */
export interface RecordedHistory {
  readonly completed: readonly (readonly (Invocation & { readonly returned: Return })[])[]
  readonly inFlight: readonly (Invocation | null)[]
  readonly valid: boolean
}

export function emptyHistory(threads: number): RecordedHistory {
  const each = Array.from({ length: threads })
  return { completed: each.map(() => []), inFlight: each.map(() => null), valid: true }
}

export function invoked(history: RecordedHistory, thread: number, operation: Operation): RecordedHistory {
  if (history.inFlight[thread] !== null) return { ...history, valid: false }
  const after = history.completed.map((done, other) => (other === thread || done.length === 0 ? null : done.length - 1))
  return { ...history, inFlight: history.inFlight.with(thread, { after, operation }) }
}

export function returned(history: RecordedHistory, thread: number, value: Return): RecordedHistory {
  const invocation = history.inFlight[thread] ?? null
  if (invocation === null) return { ...history, valid: false }
  const done = [...(history.completed[thread] ?? []), { ...invocation, returned: value }]
  return { ...history, completed: history.completed.with(thread, done), inFlight: history.inFlight.with(thread, null) }
}

/** By brute force: some order of the operations, those in flight or not, respects real time and is what a register would do. */
export function isLinearizable(history: RecordedHistory, initial: string): boolean {
  const search = (value: string, taken: readonly number[]): boolean =>
    history.completed.every((done, thread) => (taken[thread] ?? 0) >= done.length) ||
    history.completed.some((done, thread) => {
      const at = taken[thread] ?? 0
      const next = at < done.length ? done[at] : at === done.length ? history.inFlight[thread] : null
      if (!next || next.after.some((last, other) => last !== null && (taken[other] ?? 0) <= last)) return false
      const { operation } = next
      const expected: Return = operation.kind === 'write' ? { kind: 'written' } : { kind: 'read', value }
      if ('returned' in next && !sameReturn(next.returned as Return, expected)) return false
      return search(operation.kind === 'write' ? operation.value : value, taken.with(thread, at + 1))
    })
  return (
    history.valid &&
    search(
      initial,
      history.completed.map(() => 0),
    )
  )
}

function sameReturn(a: Return, b: Return): boolean {
  return a.kind === b.kind && (a.kind === 'written' || b.kind === 'written' || a.value === b.value)
}
