/**
 * A set with recorded results: decides in O(n log n) whether inserts, removes and membership tests are linearizable. Values
 * may be inserted again and again.
 *
 * A set is a product of independent sets of one element each, so each element is judged by itself (locality). Its state is
 * one bit: a successful insert sets it, a successful remove clears it, and they alternate; everything else only looks. So
 * the only choice is which operation makes the next change, and when. Changes are made as late as possible, when an
 * operation returns that needs one, and by the operation that has to return first: any order that explains the history can
 * be exchanged into one that does so, for a change made later can be made by more operations, and of two operations open at
 * once the more urgent may as well go first. An operation whose result nobody knows can make a change or none, and is never
 * urgent. Nothing is searched for: all of it is polynomial.
 *
 * The exchange argument is ours; that sets decompose into elements is Herlihy and Wing's locality, as used by Horn and
 * Kroening (P-compositionality, FORTE 2015).
 */
import type { Operation } from '../operation.ts'
import type { Monitor, MonitorDecision } from '../spec.ts'
import { equal, isList, showValue, type Value } from '../value.ts'
import { fewest, reduced, type Step, unknown, withHelpers } from './core.ts'
import { Heap } from './heap.ts'
import { interner } from './intern.ts'
import { at, rank } from './positions.ts'
import { withObservers } from './unknown-observers.ts'
import { lastToReturn, listed, named, returned } from './wording.ts'

/** For `insert`, `remove` and `contains`, which return whether they inserted, removed, found. */
export const setMonitor: Monitor = { name: 'set by element, changes made as late as possible', judge }

/** What an operation does to the bit of its element: makes it 0 or 1, or finds it so. */
interface Action {
  readonly operation: Operation
  readonly element: number
  readonly bit: 0 | 1
  readonly changes: boolean
}

type Swept = { readonly order: readonly Operation[] } | { readonly failing: Action }

function judge(operations: readonly Operation[], initial: Value): MonitorDecision {
  if (!isList(initial) || initial.length > 0)
    return { verdict: 'inapplicable', reason: `the set is not empty at the start, but holds ${showValue(initial)}` }
  const actions = actionsOf(operations)
  if (typeof actions === 'string') return { verdict: 'inapplicable', reason: actions }
  const swept = sweep(actions, 0)
  if ('order' in swept) {
    const unseen = operations.filter(({ f, completion, output }) => f === 'contains' && completion === 'ok' && output === undefined)
    return { verdict: 'holds', order: withObservers(swept.order, unseen) }
  }
  return violated(actions, swept.failing)
}

function actionsOf(operations: readonly Operation[]): Action[] | string {
  const elements = interner()
  const actions: Action[] = []
  for (const operation of operations) {
    const { f, output, completion } = operation
    if (f !== 'insert' && f !== 'remove' && f !== 'contains') return `${f} is none of insert, remove, contains`
    if (completion === 'fail') return `the ${named(operation)} was observed to fail`
    const isPending = completion === 'info'
    if (f === 'contains' && (isPending || output === undefined)) continue
    if (!isPending && typeof output !== 'boolean')
      return `the ${named(operation)} returned ${showValue(output)}, which is neither true nor false`
    const changes = f !== 'contains' && (isPending || output === true)
    // An insert that failed found the element, a remove that failed did not.
    const bit = f === 'contains' ? output === true : f === 'insert'
    actions.push({ operation, element: elements.of(operation.input), bit: bit ? 1 : 0, changes })
  }
  return actions
}

/** The state of each element as the positions go by, all elements in one sweep; fails at the return that nothing can serve. */
function sweep(actions: readonly Action[], start: 0 | 1): Swept {
  const { end, finish, actionAt } = timeline(actions)
  const elements = actions.reduce((most, { element }) => Math.max(most, element + 1), 0)
  const bits = new Uint8Array(elements).fill(start)
  const done = new Uint8Array(actions.length)
  const order: Operation[] = []
  /** By element and bit: what can make the bit so, the most urgent first, and what waits to find it so. */
  const changers = Array.from({ length: 2 * elements }, () => new Heap(finish))
  const lookers: number[][] = Array.from({ length: 2 * elements }, () => [])
  const finishes = (index: number): void => {
    done[index] = 1
    order.push((actions[index] as Action).operation)
  }
  const change = (element: number): boolean => {
    const bit = 1 - at(bits, element)
    const place = 2 * element + bit
    const index = changers[place]?.pop() ?? -1
    if (index < 0) return false
    finishes(index)
    bits[element] = bit
    for (const looker of lookers[place] ?? []) finishes(looker)
    lookers[place] = []
    return true
  }
  for (let position = 0; position < end; position++) {
    const index = at(actionAt, position) >> 1
    const { element, bit, changes } = actions[index] as Action
    if ((at(actionAt, position) & 1) === 0) {
      if (changes) changers[2 * element + bit]?.push(index)
      else if (at(bits, element) === bit) finishes(index)
      else lookers[2 * element + bit]?.push(index)
    } else if (done[index] === 0) {
      if (changes && at(bits, element) === bit && !change(element)) return { failing: actions[index] as Action }
      if (!change(element)) return { failing: actions[index] as Action }
    }
  }
  return { order }
}

/** What is called (2 i) or returns (2 i + 1) at each position, for the index i of the action. */
function timeline(actions: readonly Action[]): { end: number; finish: Float64Array; actionAt: Int32Array } {
  const call = Float64Array.from(actions, ({ operation }, i) => (operation.call < 0 ? i - actions.length : operation.call))
  const finish = Float64Array.from(actions, ({ operation }) =>
    operation.completion === 'info' ? Number.POSITIVE_INFINITY : operation.return,
  )
  const end = rank(call, finish)
  const actionAt = new Int32Array(end)
  for (let i = 0; i < actions.length; i++) {
    actionAt[at(call, i)] = 2 * i
    if (at(finish, i) < end) actionAt[at(finish, i)] = 2 * i + 1
  }
  return { end, finish, actionAt }
}

/**
 * What matters of the element up to the failure: first of what was called after some moment (whatever the element was then,
 * and whatever was open), the latest that is violated; of that the fewest operations, knowing nothing of the others.
 */
function violated(actions: readonly Action[], failing: Action): MonitorDecision {
  const mine = actions.filter(({ element, operation }) => element === failing.element && operation.call < failing.operation.return)
  for (const window of [lastWindow(mine), { since: 0, known: mine, open: [] }]) {
    const { needed, rest } = fewestIn(window)
    const core = withHelpers(needed, rest, step)
    if (core !== null) return { verdict: 'violated', core, failing: lastToReturn(needed), sentence: explain(needed, core) }
  }
  const { needed, rest } = fewestIn(lastWindow(mine))
  const core = reduced([...needed, ...rest], step)
  const sentence = `no order of the operations on ${showValue(failing.operation.input)} explains that the ${listed(core.map((operation) => returned(operation)))}`
  return { verdict: 'violated', core, failing: lastToReturn(core), sentence }
}

/** The operations in a window that are violated, whatever the others there were. */
function fewestIn({ since, known, open }: Window): { needed: Operation[]; rest: Operation[] } {
  const starts: readonly (0 | 1)[] = since === 0 ? [0] : [0, 1]
  const needed = fewest(known, (some) => {
    const chosen = new Set(some)
    return isViolatedFrom(starts, known, open, (action) => chosen.has(action))
  })
  const rest = [...known, ...open].filter((action) => !needed.includes(action))
  return { needed: needed.map(({ operation }) => operation), rest: rest.map(({ operation }) => operation) }
}

interface Window {
  /** The index of the first action in it. */
  readonly since: number
  readonly known: readonly Action[]
  /** Called before it and still open. */
  readonly open: readonly Action[]
}

function lastWindow(mine: readonly Action[]): Window {
  const windowSince = (since: number): Window => {
    const from = mine[since]?.operation.call ?? 0
    return { since, known: mine.slice(since), open: mine.slice(0, since).filter(({ operation }) => operation.return > from) }
  }
  let low = 0
  let high = mine.length
  // The window from `low` on is violated, or starts with the history; the one from `high` on is not.
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    const { known, open } = windowSince(middle)
    if (isViolatedFrom([0, 1], known, open, () => true)) low = middle
    else high = middle
  }
  // So that the element can have been in, the window begins with an insert; without one it begins with the history.
  return windowSince(
    Math.max(
      0,
      mine.findLastIndex(({ bit, changes }, i) => i <= low && changes && bit === 1),
    ),
  )
}

/** Whether the actions are violated from each of the states, knowing nothing of the open ones and of those not chosen. */
function isViolatedFrom(
  starts: readonly (0 | 1)[],
  known: readonly Action[],
  open: readonly Action[],
  isChosen: (action: Action) => boolean,
): boolean {
  const vague = [...open, ...known.filter((action) => !isChosen(action))].flatMap((action) => {
    if (action.operation.f === 'contains') return []
    return [{ ...action, operation: unknown(action.operation), changes: true }]
  })
  const all = [...vague, ...known.filter(isChosen)].map((action) => ({ ...action, element: 0 }))
  return starts.every((start) => 'failing' in sweep(all, start))
}

/** The state holds the elements that are in; all operations of a core are on the same one. */
const step: Step = (state, { f, input, output }) => {
  const isIn = state.some((element) => equal(element, input))
  if (f === 'contains') return output === isIn || output === undefined ? [state] : []
  const succeeds = isIn === (f === 'remove')
  if (output !== undefined && output !== succeeds) return []
  return [!succeeds ? state : f === 'insert' ? [...state, input] : state.filter((element) => !equal(element, input))]
}

function explain(needed: readonly Operation[], core: readonly Operation[]): string {
  const last = lastToReturn(needed)
  const element = showValue(last.input)
  const others = needed.filter((operation) => operation !== last).map((operation) => `the ${returned(operation)}`)
  const helpers = core.filter((operation) => !needed.includes(operation) && operation.call < last.return)
  if (others.length === 0) return `the ${returned(last)}, but nothing that could have put in ${element} had begun`
  const even = helpers.length === 0 ? '' : `, whenever the ${listed(helpers.map(named))} took effect`
  return `the ${returned(last)}, but ${listed(others)}, and nothing else can have changed ${element} in between${even}`
}
