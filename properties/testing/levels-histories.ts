/** Small histories for the tests of the consistency levels: written down as text, or generated. */
import fc from 'fast-check'
import type { Problem } from '../levels/problem.ts'
import type { Operation } from '../operation.ts'
import { type Access, defineSpec, type Spec } from '../spec.ts'
import { equal, isList, type Value } from '../value.ts'

export const testRegister: Spec = defineSpec<Value>({
  name: 'test-register',
  initial: 0,
  operations: {
    read: (value) => ({ returns: value }),
    write: (_, value) => ({ state: value }),
    cas: (value, [from, to]: [Value, Value]) => (equal(value, from) ? { state: to } : { completes: 'fail' }),
  },
  observers: ['read'],
  access: ({ f, input, output, completion }): Access => {
    if (f === 'write') return { writes: input }
    if (f === 'read') return output === undefined ? {} : { reads: output }
    if (completion === 'fail' || !isList(input)) return {}
    const [from = null, to = null] = input
    return completion === 'info' ? { writes: to } : { reads: from, writes: to }
  },
})

export const testQueue: Spec = defineSpec<Value>({
  name: 'test-queue',
  initial: [],
  operations: {
    enqueue: (items, value: Value) => ({ state: [...(items as readonly Value[]), value] }),
    dequeue: (items) => {
      const [first = null, ...rest] = items as readonly Value[]
      return { state: rest, returns: first }
    },
    peek: (items) => ({ returns: (items as readonly Value[])[0] ?? null }),
  },
  observers: ['peek'],
})

export const testSet: Spec = defineSpec<Value>({
  name: 'test-set',
  initial: [],
  operations: {
    add: (elements, value: Value) => ({ state: [...(elements as readonly Value[]), value] }),
    read: (elements) => ({ returns: elements }),
  },
  observers: ['read'],
})

/** For messages: `0: write k0 1 @0-3`. */
export function brief(operations: readonly Operation[]): string {
  return operations
    .map(
      ({ process, f, key, input, output, call, return: end }) =>
        `${process}: ${f} ${String(key ?? '')} ${f === 'read' ? output : input} @${call}-${end}`,
    )
    .join('; ')
}

export function problemOf(operations: readonly Operation[], spec: Spec = testRegister): Problem {
  return { spec, operations, initial: spec.initial }
}

/**
 * A history as one line for each process: `A: wx1 rx2 | ...`. `wx1` writes 1 to x, `rx1` reads 1 of x, `cx12` changes x from 1 to 2; `?` behind it: with an
 * unknown end; `.` lets time pass. All operations in one column happen at the same time, column after column.
 */
export function columns(text: string): Operation[] {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/:\s*/))
  const operations: Omit<Operation, 'id'>[] = []
  for (const [process = '', line = ''] of lines)
    for (const [column, word] of line.split(/\s+/).entries()) {
      const [, f, key, digits, crash] = /^([rwc])([a-z])(\d+)(\??)$/.exec(word) ?? []
      if (f === undefined || key === undefined || digits === undefined) continue
      const numbers = [...digits].map(Number)
      const isRead = f === 'r'
      const isCrashed = crash === '?'
      operations.push({
        process,
        key,
        f: isRead ? 'read' : f === 'w' ? 'write' : 'cas',
        input: isRead ? null : f === 'w' ? Number(digits) : numbers,
        output: isCrashed ? undefined : isRead ? Number(digits) : f === 'w' ? Number(digits) : numbers,
        completion: isCrashed ? 'info' : 'ok',
        call: column * 100 + operations.length,
        return: isCrashed ? Number.POSITIVE_INFINITY : column * 100 + 50 + operations.length,
      })
    }
  return operations.sort((a, b) => a.call - b.call).map((operation, id) => ({ ...operation, id }))
}

export interface Shape {
  readonly operations: number
  readonly processes: number
  readonly keys: number
  /** Of the values written; 0: all are distinct. */
  readonly values?: number
  readonly cas?: boolean
  readonly crashes?: boolean
  /** The first process writes only, the others write seldom. */
  readonly roles?: boolean
  /** Reads lag behind by at most so many writes; 3, which is unless told, goes beyond any. */
  readonly lag?: number
}

/** Histories of registers in which reads return anything that is written somewhere, more often than not something plausible. */
export function registerHistories({
  operations: most,
  processes,
  keys,
  values = 0,
  cas = false,
  crashes = true,
  roles = false,
  lag: mostLag = 3,
}: Shape): fc.Arbitrary<Operation[]> {
  const step = fc.record({
    process: fc.nat(processes - 1),
    kind: fc.nat(9),
    key: fc.nat(keys - 1),
    pick: fc.nat(97),
    lag: fc.nat(mostLag),
    crashes: fc.boolean().chain((maybe) => (maybe && crashes ? fc.nat(4).map((n) => n === 0) : fc.constant(false))),
    length: fc.nat(6),
  })
  return fc.array(step, { minLength: 2, maxLength: most }).map((steps) => {
    const current = Array.from({ length: processes }, (_, i) => i)
    const freeAt = new Map<number, number>()
    const written: number[][] = Array.from({ length: keys }, () => [0])
    let nextValue = 0
    const drafts = steps.map((draft, i) => {
      const process = current[draft.process] as number
      const call = Math.max(i * 3, (freeAt.get(process) ?? -1) + 1)
      const end = call + 1 + draft.length
      if (draft.crashes) current[draft.process] = process + processes
      freeAt.set(process, end)
      const writesSeldom = roles && draft.process > 0
      const kind =
        draft.kind < (writesSeldom ? 2 : 4) || (roles && draft.process === 0) ? 'write' : draft.kind === 9 && cas ? 'cas' : 'read'
      const value = values === 0 ? ++nextValue : 1 + (draft.pick % values)
      if (kind !== 'read') (written[draft.key] as number[]).push(value)
      return { ...draft, process, call, end, f: kind, value, at: (written[draft.key] as number[]).length }
    })
    const moments = drafts
      .flatMap(({ call, end, crashes: isCrashed }, i) => [
        { time: call, i, isCall: true },
        ...(isCrashed ? [] : [{ time: end, i, isCall: false }]),
      ])
      .sort((a, b) => a.time - b.time || Number(a.isCall) - Number(b.isCall) || a.i - b.i)
    const place = new Map(moments.map(({ i, isCall }, index) => [`${i} ${isCall}`, index]))
    return drafts
      .map(({ process, f, key, value, pick, lag, crashes: isCrashed, at, call, end }, i): Operation => {
        const all = written[key] as number[]
        const seen = lag < 3 ? (all[Math.max(0, at - 1 - (pick % (lag + 1)))] as number) : (all[pick % all.length] as number)
        const from = f === 'cas' && seen === value ? 0 : seen
        return {
          id: i,
          process,
          key: keys === 1 ? undefined : `k${key}`,
          f,
          input: f === 'write' ? value : f === 'cas' ? [from, value] : null,
          output: isCrashed ? undefined : f === 'read' ? seen : null,
          completion: isCrashed ? 'info' : 'ok',
          call: place.get(`${i} true`) as number,
          return: isCrashed ? Number.POSITIVE_INFINITY : (place.get(`${i} false`) as number),
          callTime: call * 10,
          ...(isCrashed ? {} : { returnTime: end * 10 }),
        }
      })
      .sort((a, b) => a.call - b.call)
      .map((operation, id) => ({ ...operation, id }))
  })
}
