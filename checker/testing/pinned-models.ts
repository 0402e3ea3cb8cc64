/** Small models on which an engine is easily wrong, as ours was on most of them; each is named after what it does. */
import { anyOf, bag, cell, cells, defineModel, fifo, ids, type Model } from '../index.ts'

interface Row {
  v: number
}

export const pinnedModels: Readonly<Record<string, Model>> = {
  'asks for a key that may not be there': defineModel({
    name: 'absent-key',
    about: '',
    state: () => ({ map: cell<Record<string, number>>({}), seen: cell(false as boolean) }),
    actions: (on) => ({
      add: on.action({ over: (s) => [0, Object.hasOwn(s.map, 'x') ? 1 : 0], then: (s, value) => void (s.map['x'] = value) }),
      look: on.action({ when: (s) => 'x' in s.map && !Object.hasOwn(s.map, 'y'), then: (s) => void (s.seen = true) }),
    }),
    properties: () => ({}),
  }),
  'moves parts of cells to other cells': defineModel({
    name: 'moved-parts',
    about: '',
    state: () => ({ row: cells<{ inner: Row }>(2, (i) => ({ inner: { v: i } })), kept: cell<Row | null>(null) }),
    actions: (on) => ({
      keep: on.action({ each: ids(2), then: (s, i) => void (s.kept = s.row[i].inner) }),
      copy: on.action({
        then: (s) => {
          s.row[1].inner = s.row[0].inner
          s.row[0] = s.row[1]
        },
      }),
      swap: on.action({
        then: (s) => {
          const first = s.row[0]
          s.row[0] = s.row[1]
          s.row[1] = first
          first.inner.v = 2
        },
      }),
    }),
    properties: () => ({}),
  }),
  'offers every element of a queue that holds equal ones': defineModel({
    name: 'equal-elements',
    about: '',
    state: () => ({ queue: fifo([1, 2, 1]), taken: cell(0) }),
    actions: (on) => ({ take: on.action({ over: (s) => s.queue, then: (s, element) => void (s.taken = element) }) }),
    properties: () => ({}),
  }),
  'assigns one object to two places and later changes one of them': defineModel({
    name: 'shared-object',
    about: '',
    state: () => ({ rows: cell<Row[]>([{ v: 0 }, { v: 1 }]) }),
    actions: (on) => ({
      share: on.action({
        then: (s) => {
          const row = { v: 0 }
          s.rows = [row, row]
        },
      }),
      change: on.action({
        each: ids(2),
        then: (s, i) => {
          const row = s.rows[i]
          if (row) row.v = 2
        },
      }),
    }),
    properties: (on) => ({ onlyFirst: on.sometimes((s) => s.rows[0]?.v === 2 && s.rows[1]?.v === 0) }),
  }),
  'is violated next to its boundary': defineModel({
    name: 'boundary',
    about: '',
    state: () => ({ n: cell(anyOf([0, 5])), jobs: bag<number>() }),
    boundary: (s) => s.n <= 2 && s.jobs.size <= 2,
    actions: (on) => ({
      add: on.action({ then: (s) => void (s.n += 1) }),
      queue: on.action({ each: ids(2), then: (s, i) => s.jobs.add(i) }),
    }),
    properties: (on) => ({
      small: on.always((s) => s.n < 2 || `n is ${s.n}`),
      few: on.always('at most one job', (s) => s.jobs.size < 2),
      never: on.sometimes((s) => s.n > 2),
    }),
  }),
  'watches a cell that no action reads': defineModel({
    name: 'unread',
    about: '',
    state: () => ({ n: cell(0), node: cells(2, 0) }),
    actions: (on) => ({
      set: on.action({ each: [0, 1, 2], then: (s, value) => void (s.n = value) }),
      raise: on.action({ each: ids(2), then: (s, i) => void (s.node[i] = 1) }),
      lower: on.action({ each: ids(2), then: (s, i) => void (s.node[i] = 0) }),
    }),
    properties: (on) => ({
      oneByOne: on.step('n changes by one', 'n', (before, after) => Math.abs(after - before) === 1 || `from ${before} to ${after}`),
      stays: on.step('raised nodes stay raised', 'node', (before, after) => after > before),
    }),
  }),
}
