/** The levels by their definitions, by trying everything: for histories of a handful of operations on registers with an `access`. */
import type { Problem } from '../levels/problem.ts'
import type { Operation } from '../operation.ts'
import type { Outcome } from '../spec.ts'
import { equal, keyOf, type Value } from '../value.ts'

/** Every choice of the operations with an unknown end that happened. */
function* happenings(operations: readonly Operation[]): Generator<Operation[]> {
  const open = operations.filter(({ completion }) => completion === 'info')
  for (let choice = 0; choice < 2 ** open.length; choice++)
    yield operations.filter((operation) => operation.completion !== 'info' || (choice >> open.indexOf(operation)) % 2 === 1)
}

/** Every order of the items that keeps `isBefore`, for which no prefix is refused. */
function someOrder<T>(items: readonly T[], isBefore: (a: T, b: T) => boolean, accepts: (order: readonly T[]) => boolean): boolean {
  const order: T[] = []
  const visit = (): boolean => {
    if (order.length === items.length) return true
    return items.some((item) => {
      if (order.includes(item) || items.some((other) => other !== item && !order.includes(other) && isBefore(other, item))) return false
      order.push(item)
      const found = accepts(order) && visit()
      order.pop()
      return found
    })
  }
  return visit()
}

export function programOrder(a: Operation, b: Operation): boolean {
  return a.process === b.process && a.call < b.call && a.completion !== 'info'
}

export function realTime(a: Operation, b: Operation): boolean {
  return a.return < b.call
}

function sameKey(a: Operation, b: Operation): boolean {
  return keyOf(a.key ?? null) === keyOf(b.key ?? null)
}

/** Whether one order explains all results. */
function explainable({ spec, operations, initial }: Problem, isBefore: (a: Operation, b: Operation) => boolean): boolean {
  const isExplained = (order: readonly Operation[]): boolean => {
    const last = order.at(-1) as Operation
    let states: Value[] = [initial]
    for (const operation of order.filter((other) => sameKey(other, last)))
      states = states.flatMap((state) => {
        const result = spec.operations[operation.f]?.(state, operation.input as never, operation) ?? []
        if (typeof result === 'string') return []
        const outcomes: readonly Outcome[] = Array.isArray(result) ? result : [result as Outcome]
        return outcomes
          .filter(({ returns, completes = 'ok' }) => {
            if (operation.completion === 'info') return true
            if (completes !== operation.completion) return false
            if (returns === undefined || operation.output === undefined) return true
            return typeof returns === 'function' ? returns(operation.output) : equal(returns, operation.output)
          })
          .map((outcome) => outcome.state ?? state)
      })
    return states.length > 0
  }
  for (const happened of happenings(operations)) if (someOrder(happened, isBefore, isExplained)) return true
  return false
}

export const isSequential = (problem: Problem): boolean => explainable(problem, programOrder)
export const isLinearizable = (problem: Problem): boolean => explainable(problem, (a, b) => realTime(a, b) || programOrder(a, b))

interface Registers {
  readonly operations: readonly Operation[]
  readonly reads: (operation: Operation) => Value | undefined
  readonly writes: (operation: Operation) => Value | undefined
  /** The write that an operation read from; `null` for the initial value. */
  readonly source: ReadonlyMap<Operation, Operation | null>
}

/** Every way of telling what happened and who read from whom. */
function* readings({ spec, operations, initial }: Problem): Generator<Registers> {
  const reads = (operation: Operation): Value | undefined => spec.access?.(operation).reads
  const writes = (operation: Operation): Value | undefined => spec.access?.(operation).writes
  for (const happened of happenings(operations)) {
    const readers = happened.filter((operation) => reads(operation) !== undefined)
    const options = readers.map((read) => {
      const writers: (Operation | null)[] = happened.filter(
        (write) => write !== read && sameKey(write, read) && writes(write) !== undefined && equal(writes(write), reads(read)),
      )
      return equal(reads(read), initial) ? [null, ...writers] : writers
    })
    const combinations = options.reduce((product, { length }) => product * length, 1)
    for (let number = 0; number < combinations; number++) {
      let rest = number
      const source = new Map<Operation, Operation | null>()
      for (const [i, list] of options.entries()) {
        source.set(readers[i] as Operation, list[rest % list.length] as Operation | null)
        rest = Math.floor(rest / list.length)
      }
      yield { operations: happened, reads, writes, source }
    }
  }
}

function someReading(problem: Problem, holds: (registers: Registers) => boolean): boolean {
  for (const registers of readings(problem)) if (holds(registers)) return true
  return false
}

/** Whether the last operation of an order returns what the last write of its key before it wrote, if it is one that `counts`. */
function returnsLast({ writes, source }: Registers, counts: (operation: Operation) => boolean): (order: readonly Operation[]) => boolean {
  return (order) => {
    const last = order.at(-1) as Operation
    if (!source.has(last) || !counts(last)) return true
    const write = order.slice(0, -1).findLast((other) => sameKey(other, last) && writes(other) !== undefined)
    return (write ?? null) === source.get(last)
  }
}

/** The transitive closure of a relation as the set of predecessors of each operation; `null` if it is cyclic. */
function closure(
  operations: readonly Operation[],
  relates: (a: Operation, b: Operation) => boolean,
): Map<Operation, Set<Operation>> | null {
  const past = new Map(operations.map((b) => [b, new Set(operations.filter((a) => relates(a, b)))]))
  for (const middle of operations)
    for (const set of past.values()) if (set.has(middle)) for (const earlier of past.get(middle) as Set<Operation>) set.add(earlier)
  return operations.some((operation) => past.get(operation)?.has(operation)) ? null : past
}

function causality({ operations, source }: Registers): Map<Operation, Set<Operation>> | null {
  return closure(operations, (a, b) => programOrder(a, b) || source.get(b) === a)
}

/** Definitions of POPL 2017, section 3: `own` says whose results count in the explanation of an operation. */
function isCausalWith(problem: Problem, own: (explained: Operation, other: Operation) => boolean): boolean {
  return someReading(problem, (registers) => {
    const past = causality(registers)
    if (past === null) return false
    return registers.operations.every((explained) => {
      const items = [...(past.get(explained) as Set<Operation>), explained]
      return someOrder(
        items,
        (a, b) => past.get(b)?.has(a) === true,
        returnsLast(registers, (other) => own(explained, other)),
      )
    })
  })
}

export const isWeaklyCausal = (problem: Problem): boolean => isCausalWith(problem, (explained, other) => explained === other)
export const isCausalMemory = (problem: Problem): boolean =>
  isCausalWith(problem, (explained, other) => explained === other || programOrder(other, explained))

export function isCausallyConvergent(problem: Problem): boolean {
  return someReading(problem, (registers) => {
    const past = causality(registers)
    if (past === null) return false
    return someOrder(
      registers.operations,
      (a, b) => past.get(b)?.has(a) === true,
      (order) => {
        const last = order.at(-1) as Operation
        return returnsLast(registers, () => true)([...order.filter((other) => past.get(last)?.has(other)), last])
      },
    )
  })
}

export function isPram(problem: Problem): boolean {
  const processes = [...new Set(problem.operations.map(({ process }) => process))]
  return processes.every((process) =>
    someReading(problem, (registers) =>
      someOrder(
        registers.operations.filter((operation) => operation.process === process || registers.writes(operation) !== undefined),
        programOrder,
        returnsLast(registers, (operation) => operation.process === process),
      ),
    ),
  )
}

/** For each process and key some order of the writes, with the initial value (`null`) first, that `allows` its reads. */
function somePersonalOrder(
  problem: Problem,
  keeps: (process: Operation['process'], a: Operation, b: Operation) => boolean,
  allows: (process: Operation['process'], position: (write: Operation | null) => number, registers: Registers, key: string) => boolean,
): boolean {
  const processes = [...new Set(problem.operations.map(({ process }) => process))]
  const keys = [...new Set(problem.operations.map(({ key }) => keyOf(key ?? null)))]
  return someReading(problem, (registers) =>
    processes.every((process) =>
      keys.every((key) => {
        const writes = registers.operations.filter(
          (operation) => keyOf(operation.key ?? null) === key && registers.writes(operation) !== undefined,
        )
        return (
          someOrder(
            writes,
            (a, b) => keeps(process, a, b),
            (order) =>
              order.length < writes.length || allows(process, (write) => (write === null ? -1 : order.indexOf(write)), registers, key),
          ) ||
          (writes.length === 0 && allows(process, () => -1, registers, key))
        )
      }),
    ),
  )
}

export function hasMonotonicReads(problem: Problem): boolean {
  return somePersonalOrder(
    problem,
    () => false,
    (process, position, { operations, source }, key) => {
      const reads = operations.filter(
        (operation) => operation.process === process && source.has(operation) && keyOf(operation.key ?? null) === key,
      )
      return reads.every((a) =>
        reads.every(
          (b) => !programOrder(a, b) || position(source.get(a) as Operation | null) <= position(source.get(b) as Operation | null),
        ),
      )
    },
  )
}

export function hasReadYourWrites(problem: Problem): boolean {
  return somePersonalOrder(
    problem,
    (process, a, b) => a.process === process && programOrder(a, b),
    (process, position, { operations, source, writes }, key) =>
      operations.every((write) =>
        operations.every(
          (read) =>
            write.process !== process ||
            !programOrder(write, read) ||
            !source.has(read) ||
            writes(write) === undefined ||
            keyOf(write.key ?? null) !== key ||
            keyOf(read.key ?? null) !== key ||
            source.get(read) === write ||
            // What it will itself write later is no older than what it wrote.
            position(source.get(read) as Operation | null) > position(write),
        ),
      ),
  )
}

export function hasMonotonicWrites(problem: Problem): boolean {
  return someReading(problem, ({ operations, source, writes }) => {
    const all = operations.filter((operation) => writes(operation) !== undefined)
    return !operations.some((seen) =>
      operations.some((read) => {
        const w2 = source.get(seen)
        const v = source.get(read)
        if (!w2 || v === undefined || !programOrder(seen, read)) return false
        return all.some(
          (w1) =>
            sameKey(w1, read) &&
            ((w1 === w2 && v !== null) || programOrder(w1, w2)) &&
            (v === null || (sameKey(v, w1) && programOrder(v, w1))),
        )
      }),
    )
  })
}

export function hasWritesFollowReads(problem: Problem): boolean {
  return someReading(problem, ({ operations, source, writes }) => {
    const all = operations.filter((operation) => writes(operation) !== undefined)
    const follows = closure(all, (w1, w2) => operations.some((read) => source.get(read) === w1 && (read === w2 || programOrder(read, w2))))
    if (follows === null) return false
    return !operations.some((seen) =>
      operations.some((read) => {
        const w2 = source.get(seen)
        const v = source.get(read)
        if (!w2 || v === undefined || !programOrder(seen, read)) return false
        const before = [...(follows.get(w2) as Set<Operation>)].filter((w1) => sameKey(w1, read))
        if (v === null) return before.length > 0
        return [...before, ...(sameKey(w2, read) ? [w2] : [])].some((w1) => follows.get(w1)?.has(v) === true)
      }),
    )
  })
}

export function isRegular({ spec, operations, initial }: Problem, safe = false): boolean {
  const reads = (operation: Operation): Value | undefined => spec.access?.(operation).reads
  return operations.every((read) => {
    const value = reads(read)
    if (value === undefined || read.completion === 'info') return true
    const writes = operations.filter((write) => write !== read && sameKey(write, read) && spec.access?.(write).writes !== undefined)
    if (safe && writes.some((write) => !realTime(write, read) && !realTime(read, write))) return true
    // Its own write, if it has one, did not end before it began.
    const ended = writes.filter((write) => realTime(write, read))
    if (equal(value, initial) && ended.length === 0) return true
    return writes.some(
      (write) => equal(spec.access?.(write).writes, value) && !realTime(read, write) && !ended.some((other) => realTime(write, other)),
    )
  })
}

/** Whether in some order, consistent with `isBefore`, each read returns one of the last k writes, the initial value being the first. */
export function isKAtomic(problem: Problem, k: number, isBefore: (a: Operation, b: Operation) => boolean = realTime): boolean {
  const keys = [...new Set(problem.operations.map(({ key }) => keyOf(key ?? null)))]
  return keys.every((key) =>
    someReading({ ...problem, operations: problem.operations.filter((operation) => keyOf(operation.key ?? null) === key) }, (registers) =>
      someOrder(registers.operations, isBefore, (order) => {
        const last = order.at(-1) as Operation
        if (!registers.source.has(last)) return true
        const writes = [null, ...order.slice(0, -1).filter((other) => registers.writes(other) !== undefined)]
        return writes.slice(-k).includes(registers.source.get(last) as Operation | null)
      }),
    ),
  )
}

export function isDeltaAtomic(problem: Problem, delta: number): boolean {
  const isMoved = (operation: Operation): boolean => {
    const { reads, writes } = problem.spec.access?.(operation) ?? {}
    return delta > 0 && reads !== undefined && writes === undefined
  }
  return isKAtomic(problem, 1, (a, b) => {
    const end = a.returnTime ?? Number.POSITIVE_INFINITY
    const start = (b.callTime as number) - (isMoved(b) ? delta : 0)
    return end < start || (!isMoved(b) && end === start && a.return < b.call)
  })
}
