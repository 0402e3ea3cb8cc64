/**
 * What the monitors of queues, stacks and priority queues share: which histories they judge, what pending removals mean,
 * and how a conflict becomes a small core with a sentence.
 */
import type { Operation } from '../operation.ts'
import type { Monitor, MonitorDecision } from '../spec.ts'
import { isList, showValue, type Value } from '../value.ts'
import { type ContainerTable, containerTable, type Role } from './container-table.ts'
import { fewest, reduced, type Step } from './core.ts'
import { interner } from './intern.ts'
import { withObservers } from './unknown-observers.ts'
import { lastToReturn, listed, named, returned } from './wording.ts'

/** An order that explains all operations, or operations that are violated by themselves. */
export type Solution = { readonly order: readonly Operation[] } | { readonly conflict: readonly Operation[] }

export interface Container {
  /** As people say it: `queue`. */
  readonly noun: string
  /** The algorithm and its source. */
  readonly name: string
  readonly roles: Readonly<Record<string, Role>>
  readonly step: Step
  /** Why the monitor cannot judge these values, or `null`. */
  readonly refuses?: (values: readonly Value[]) => string | null
  readonly solve: (table: ContainerTable) => Solution
  /** A sentence for a core without an operation that found the container empty. */
  readonly explain: (lives: readonly Life[]) => Explanation
}

/** A value of a core: what happened to it there. */
export interface Life {
  readonly value: Value
  readonly insert: Operation
  readonly remove: Operation | null
  readonly observers: readonly Operation[]
}

export interface Explanation {
  readonly failing?: Operation
  readonly sentence: string
}

export function containerMonitor(container: Container): Monitor {
  return { name: container.name, judge: (operations, initial) => judge(container, operations, initial) }
}

/** As `4 from the return of enqueue 4 by process 1 until the dequeue by process 2 began`. */
export function presences(lives: readonly Life[]): string {
  return listed(lives.filter((life) => presentFrom(life).return < presentUntil(life)).map(presence))
}

function presence(life: Life): string {
  const { value, remove } = life
  const from = `${showValue(value)} from the return of ${named(presentFrom(life))}`
  return remove === null ? `${from} on` : `${from} until ${named(remove)} began`
}

/** The first return that proves the value to be there. */
function presentFrom({ insert, observers }: Life): Operation {
  return observers.reduce((first, next) => (next.return < first.return ? next : first), insert)
}

function presentUntil({ remove }: Life): number {
  return remove?.call ?? Number.POSITIVE_INFINITY
}

function judge(container: Container, operations: readonly Operation[], initial: Value): MonitorDecision {
  if (!isList(initial) || initial.length > 0)
    return { verdict: 'inapplicable', reason: `the ${container.noun} is not empty at the start, but holds ${showValue(initial)}` }
  const table = containerTable(operations, container.roles)
  if ('verdict' in table) return table
  const refused = container.refuses?.(table.values) ?? null
  if (refused !== null) return { verdict: 'inapplicable', reason: refused }
  const solution = container.solve(table)
  if ('order' in solution)
    return {
      verdict: 'holds',
      order: withObservers(
        solution.order,
        operations.filter((o) => isUnknown(container, o)),
      ),
    }
  if (table.pendingRemovals === 0 || table.remove.every((removal) => removal !== null)) return violated(container, solution.conflict)
  return withoutWhatPendingRemovalsMayTake(container, table)
}

function isUnknown({ roles }: Container, operation: Operation): boolean {
  return operation.completion === 'ok' && operation.output === undefined && roles[operation.f] === 'observe'
}

/**
 * A pending removal takes no value that another one has removed, so what is violated with those values alone is violated.
 * (And where all is well without the pending removals, they need not have happened.)
 */
function withoutWhatPendingRemovalsMayTake(container: Container, table: ContainerTable): MonitorDecision {
  const removed = [...table.empties.operations]
  for (const [value, removal] of table.remove.entries()) if (removal !== null) removed.push(table.insert[value] as Operation, removal)
  for (const [i, observer] of table.observers.operations.entries())
    if (table.remove[table.observed[i] as number] !== null) removed.push(observer)
  const conflict = conflictOf(container, removed)
  if (conflict !== null) return violated(container, conflict)
  return { verdict: 'inapplicable', reason: 'nobody knows which values the pending removals have taken, if any' }
}

function conflictOf(container: Container, operations: readonly Operation[]): readonly Operation[] | null {
  const table = containerTable(operations, container.roles)
  if ('verdict' in table) return operations
  const solution = container.solve(table)
  return 'conflict' in solution ? solution.conflict : null
}

function violated(container: Container, conflict: readonly Operation[]): MonitorDecision {
  const isViolated = (operations: readonly Operation[]): boolean => conflictOf(container, operations) !== null
  const values = fewest(byValue(container, conflict), (groups) => isViolated(groups.flat())).flat()
  const fixed = values.filter((operation) => container.roles[operation.f] !== 'observe')
  const observers = values.filter((operation) => container.roles[operation.f] === 'observe')
  const core = reduced([...fixed, ...fewest(observers, (some) => isViolated([...fixed, ...some]))], container.step)
  const empty = core.find((operation) => operation.output === null && container.roles[operation.f] !== 'insert')
  const lives = livesIn(container, core)
  if (empty !== undefined) {
    const sentence = `the ${returned(empty)}, but all the while the ${container.noun} held something: ${presences(lives)}`
    return { verdict: 'violated', core, failing: empty, sentence }
  }
  const { sentence, failing = lastToReturn(core) } = container.explain(lives)
  return { verdict: 'violated', core, failing, sentence }
}

/** All operations of a value together; what found the container empty is alone. */
function byValue(container: Container, operations: readonly Operation[]): Operation[][] {
  const names = interner()
  const groups: Operation[][] = []
  const empties: Operation[][] = []
  for (const operation of operations) {
    const value = container.roles[operation.f] === 'insert' ? operation.input : (operation.output ?? null)
    if (value === null && container.roles[operation.f] !== 'insert') {
      empties.push([operation])
      continue
    }
    const number = names.of(value)
    const group = groups[number] ?? []
    group.push(operation)
    groups[number] = group
  }
  return [...groups, ...empties]
}

function livesIn(container: Container, core: readonly Operation[]): Life[] {
  const lives: Life[] = []
  for (const group of byValue(container, core)) {
    const insert = group.find((operation) => container.roles[operation.f] === 'insert')
    if (insert === undefined) continue
    const remove = group.find((operation) => container.roles[operation.f] === 'remove') ?? null
    lives.push({ value: insert.input, insert, remove, observers: group.filter((operation) => container.roles[operation.f] === 'observe') })
  }
  return lives
}
