/** Histories written down in one line. */
import type { Operation } from '../operation.ts'
import type { Value } from '../value.ts'

/**
 * The operations of a history such as `0 enqueue 1, 1 dequeue, 0 ok, 1 ok 1`: calls and returns in order, each with its
 * process. Values are JSON; `ok` alone returns null, `ok ?` something that nobody knows; what never returns is pending.
 */
export function recorded(text: string): Operation[] {
  const operations: Operation[] = []
  const open = new Map<number, number>()
  for (const [position, event] of text.split(', ').entries()) {
    const [, process = '', word = '', json = 'null'] = /^(\d+) (\S+)(?: (.*))?$/.exec(event) ?? []
    const value = json === '?' ? undefined : (JSON.parse(json) as Value)
    const id = open.get(Number(process))
    if (word !== 'ok' && word !== 'fail') {
      open.set(Number(process), operations.length)
      const pending = { output: undefined, completion: 'info', call: position, return: Number.POSITIVE_INFINITY } as const
      operations.push({ id: operations.length, process: Number(process), key: undefined, f: word, input: value ?? null, ...pending })
      continue
    }
    const operation = operations[id ?? -1]
    if (operation === undefined) throw new Error(`nothing is open at "${event}"`)
    operations[operation.id] = { ...operation, output: value, completion: word, return: position }
  }
  return operations
}
