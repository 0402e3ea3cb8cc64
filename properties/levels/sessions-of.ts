/** Operations laid out for the search: a thread for each session, and one for each operation whose end is unknown. */
import type { Operation } from '../operation.ts'
import type { Task, Thread } from './order-search.ts'
import { keyName } from './problem.ts'

export interface Layout {
  readonly tasks: readonly Task[]
  readonly threads: readonly Thread[]
  readonly keys: number
}

/**
 * An operation with an unknown end comes after the earlier ones of its process, before none, or not at all.
 * @param judged what is judged of an operation; `null` leaves it out
 * @param sourceOf the operation that a read returned the value of; see `Task`
 */
export function sessionsOf(
  operations: readonly Operation[],
  judged: (operation: Operation) => Operation | null,
  sourceOf: (operation: Operation) => Operation | -1 | -2 = () => -2,
): Layout {
  const keys = new Map<string, number>()
  const sessions = new Map<number | string, number>()
  const threads: { tasks: number[]; after?: { thread: number; count: number } }[] = []
  const numbers = new Map<Operation, number>()
  const kept: { recorded: Operation; operation: Operation; key: number }[] = []
  for (const recorded of operations) {
    const operation = judged(recorded)
    if (operation === null) continue
    const name = keyName(recorded)
    const key = keys.get(name) ?? keys.size
    keys.set(name, key)
    numbers.set(recorded, kept.push({ recorded, operation, key }) - 1)
    const task = kept.length - 1
    let session = sessions.get(recorded.process)
    if (session === undefined) {
      session = threads.push({ tasks: [] }) - 1
      sessions.set(recorded.process, session)
    }
    const thread = threads[session] as { tasks: number[] }
    if (recorded.completion === 'info') threads.push({ tasks: [task], after: { thread: session, count: thread.tasks.length } })
    else thread.tasks.push(task)
  }
  const tasks = kept.map(({ recorded, operation, key }): Task => {
    const optional = recorded.completion === 'info'
    const source = optional ? -2 : sourceOf(recorded)
    return { recorded, operation, key, optional, source: typeof source === 'number' ? source : (numbers.get(source) ?? -2) }
  })
  return { tasks, threads, keys: keys.size }
}
