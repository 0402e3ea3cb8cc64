/** Collections that give back what was put into them: first in first out, last in first out, greatest first, from either end. */
import { priorityQueueMonitor } from '../monitors/priority-queue.ts'
import { queueMonitor } from '../monitors/queue.ts'
import { stackMonitor } from '../monitors/stack.ts'
import { defineSpec, type Outcome, type Spec } from '../spec.ts'
import type { Value } from '../value.ts'

type Items = readonly Value[]

/** `enqueue v`, `dequeue` (null: empty); `drain` returns all that is left, as at the end of a Jepsen test. */
export const queue: Spec<Items> = defineSpec<Items>({
  name: 'queue',
  about: 'First in, first out: enqueue v, dequeue (null: empty), peek, drain',
  initial: [],
  operations: {
    enqueue: (items, value: Value) => ({ state: [...items, value] }),
    dequeue: first,
    peek: ([item = null]) => ({ returns: item }),
    drain: (items) => (items.length === 0 ? { returns: [] } : { state: [], returns: items }),
  },
  observers: ['peek'],
  monitors: [queueMonitor],
})

/** `push v`, `pop` (null: empty), `peek`. */
export const stack: Spec<Items> = defineSpec<Items>({
  name: 'stack',
  about: 'Last in, first out: push v, pop (null: empty), peek',
  initial: [],
  operations: {
    push: (items, value: Value) => ({ state: [...items, value] }),
    pop: last,
    peek: (items) => ({ returns: items.at(-1) ?? null }),
  },
  observers: ['peek'],
  monitors: [stackMonitor],
})

/** `push-front v`, `push-back v`, and `pop-` and `peek-` of either end (null: empty). */
export const deque: Spec<Items> = defineSpec<Items>({
  name: 'deque',
  about: 'Two ends: push-front v, push-back v, pop-front, pop-back (null: empty), peek-front, peek-back',
  initial: [],
  operations: {
    'push-front': (items, value: Value) => ({ state: [value, ...items] }),
    'push-back': (items, value: Value) => ({ state: [...items, value] }),
    'pop-front': first,
    'pop-back': last,
    'peek-front': ([item = null]) => ({ returns: item }),
    'peek-back': (items) => ({ returns: items.at(-1) ?? null }),
  },
  observers: ['peek-front', 'peek-back'],
})

/** `insert v`, `poll` (removes and returns the greatest; null: empty), `peek`. */
export const priorityQueue: Spec<Items> = byPriority('priority-queue', 'Greatest first: insert v, poll (null: empty), peek', 'max')

/** As `priorityQueue`, with the smallest first. */
export const minPriorityQueue: Spec<Items> = byPriority('min-priority-queue', 'Smallest first: insert v, poll (null: empty), peek', 'min')

function byPriority(name: string, about: string, extreme: 'max' | 'min'): Spec<Items> {
  return defineSpec<Items>({
    name,
    about,
    initial: [],
    operations: {
      insert: (items, value: number) => {
        const at = items.findIndex((item) => (extreme === 'max' ? (item as number) < value : (item as number) > value))
        return { state: at === -1 ? [...items, value] : [...items.slice(0, at), value, ...items.slice(at)] }
      },
      poll: first,
      peek: ([item = null]) => ({ returns: item }),
    },
    observers: ['peek'],
    monitors: [priorityQueueMonitor(extreme)],
  })
}

function first(items: Items): Outcome<Items> {
  const [item, ...rest] = items
  return item === undefined ? { returns: null } : { state: rest, returns: item }
}

function last(items: Items): Outcome<Items> {
  const item = items.at(-1)
  return item === undefined ? { returns: null } : { state: items.slice(0, -1), returns: item }
}
