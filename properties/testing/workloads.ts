/** For every specification: what clients do, and the contradictions that are planted among it. */
import { defineSpec, type Spec } from '../spec.ts'
import {
  bank,
  casRegister,
  counter,
  deque,
  fencedLock,
  growOnlySet,
  keyValue,
  lease,
  log,
  minPriorityQueue,
  multiRegister,
  mutex,
  priorityQueue,
  queue,
  register,
  semaphore,
  set,
  stack,
} from '../specs/index.ts'
import type { Value } from '../value.ts'
import { type Call, lacking, madeUp, type Step, type Workload } from './planted.ts'

const [u1, u2, u3] = [madeUp + 1, madeUp + 2, madeUp + 3]

function real(f: string, input: Value = null, client: 0 | 1 = 0): Step {
  return { call: [f, input], client }
}

/** An operation that is said to have returned a value, or what comes of looking at the true state. */
function made(f: string, input: Value, output: Value | ((state: Value) => Value), client: 0 | 1 = 0): Step {
  return { call: [f, input], client, says: ({ state }) => ({ output: typeof output === 'function' ? output(state) : output }) }
}

function always(...call: Call): () => Call {
  return () => call
}

type Settings = Omit<Workload, 'name' | 'spec'> & { readonly name?: string }

function of<S extends Value>(spec: Spec<S>, settings: Settings): Workload {
  return { name: spec.name, ...settings, spec: spec as unknown as Spec }
}

/** Any of its elements comes out: nondeterministic. */
const bag = defineSpec<readonly number[]>({
  name: 'bag',
  initial: [],
  operations: {
    put: (items, value: number) => ({ state: [...items, value].sort((a, b) => a - b) }),
    take: (items) =>
      items.length === 0 ? { returns: null } : items.map((item, i) => ({ state: items.filter((_, j) => j !== i), returns: item })),
  },
})

const overwritten = [real('write', u1), real('write', u2), made('read', null, u1)]
const registerScripts = {
  'a read of what was overwritten': overwritten,
  'a read of what was overwritten, by another': [real('write', u1), real('write', u2), made('read', null, u1, 1)],
  'a read of what nobody wrote': [made('read', null, u3)],
  'a read that goes back': [real('write', u1), real('write', u2), made('read', null, u2, 1), made('read', null, u1, 1)],
}

/** The elements that come out of a container in an order that it cannot have. */
function containerScripts(put: string, take: string, order: readonly [number, number]): Workload['scripts'] {
  const [first, second] = order
  return {
    'an element that comes out twice': [real(put, u1), made(take, null, u1), made(take, null, u1, 1)],
    'an element that nobody put in': [made(take, null, u3)],
    'elements in the wrong order': [real(put, u1), real(put, u2), made(take, null, first), made(take, null, second, 1)],
    'empty while something is in it': [real(put, u1), made(take, null, null, 1), made(take, null, u1)],
  }
}

export const workloads: readonly Workload[] = [
  of(register, {
    calls: [always('read', null), (n) => ['write', n % 4]],
    scripts: registerScripts,
  }),
  of(register, {
    name: 'register of unique values',
    calls: [always('read', null), (n) => ['write', n]],
    scripts: registerScripts,
  }),
  of(casRegister, {
    initial: 0,
    calls: [always('read', null), (n) => ['write', n % 4], (n) => ['cas', [n % 4, (n >> 2) % 4]]],
    scripts: {
      ...registerScripts,
      'a compare-and-set of what was overwritten': [real('write', u1), real('write', u2), made('cas', [u1, u3], null, 1)],
      'two that both found the same': [real('write', u1), made('cas', [u1, u2], true), made('cas', [u1, u3], true, 1)],
    },
  }),
  of(multiRegister, {
    calls: [
      (n) => ['txn', [['write', 'x', n % 3]]],
      (n) => ['txn', [['write', 'y', n % 3]]],
      always('txn', [['read', 'x', null]]),
      (n) => [
        'txn',
        [
          ['write', 'x', n % 5],
          ['read', 'y', null],
        ],
      ],
    ],
    answer: (state, [, input]) =>
      (input as readonly (readonly [string, string, Value])[]).map(([f, name, value]) => [
        f,
        name,
        f === 'read' ? ((state as Record<string, Value>)[name] ?? null) : value,
      ]),
    scripts: {
      'a read of what was overwritten': [
        real('txn', [['write', 'x', u1]]),
        real('txn', [['write', 'x', u2]]),
        made('txn', [['read', 'x', null]], [['read', 'x', u1]], 1),
      ],
      'a torn read': [
        real('txn', [
          ['write', 'x', u1],
          ['write', 'y', u1],
        ]),
        real('txn', [
          ['write', 'x', u2],
          ['write', 'y', u2],
        ]),
        made(
          'txn',
          [
            ['read', 'x', null],
            ['read', 'y', null],
          ],
          [
            ['read', 'x', u2],
            ['read', 'y', u1],
          ],
        ),
      ],
    },
  }),
  of(keyValue, {
    initial: '',
    calls: [always('get', null), (n) => ['append', `a${n}.`], (n) => ['append', `b${n}.`]],
    scripts: {
      'a lost append': [real('append', 'U.'), made('get', null, (state) => String(state).replace('U.', ''))],
      'an append that happened twice': [real('append', 'U.'), made('get', null, (state) => `${String(state)}U.`)],
    },
    isHardToSearch: true,
    operationsMax: 60,
    processesMax: 5,
    crashesMax: 2,
  }),
  of(keyValue, {
    name: 'key-value with puts',
    initial: '',
    calls: [always('get', null), (n) => ['put', `p${n}.`], (n) => ['append', `a${n}.`], always('delete', null)],
    scripts: {
      'a read of what was overwritten': [real('put', 'U1.'), real('put', 'U2.'), made('get', null, 'U1.', 1)],
      'a lost append': [real('put', 'U1.'), real('append', 'V.'), made('get', null, 'U1.', 1)],
    },
    operationsMax: 60,
    processesMax: 5,
    crashesMax: 2,
  }),
  of(counter, {
    calls: [always('read', null), (n) => ['add', 1 + (n % 2)], always('decrement', null), always('increment', null)],
    scripts: {
      'a lost update': [real('add', madeUp), made('read', null, (state) => Number(state) - madeUp, 1)],
      'an update that happened twice': [real('add', madeUp), made('read', null, (state) => Number(state) + madeUp)],
    },
    operationsMax: 100,
  }),
  of(growOnlySet, {
    calls: [always('read', null), (n) => ['add', n % 30]],
    scripts: {
      'a lost element': [real('add', u1), made('read', null, (state) => lacking(state, u1), 1)],
      'an element that nobody added': [made('read', null, (state) => [...(state as readonly Value[]), u3])],
    },
    operationsMax: 80,
    processesMax: 6,
    crashesMax: 2,
  }),
  of(set, {
    calls: [(n) => ['insert', n % 5], (n) => ['remove', n % 5], (n) => ['contains', n % 5]],
    scripts: {
      'an element that is inserted twice': [real('insert', u1), made('insert', u1, true, 1)],
      'an element that is gone': [real('insert', u1), made('contains', u1, false, 1)],
      'an element that came back': [real('insert', u1), real('remove', u1), made('contains', u1, true, 1)],
      'an element that is removed twice': [real('insert', u1), made('remove', u1, true), made('remove', u1, true, 1)],
    },
    operationsMax: 60,
  }),
  of(queue, {
    calls: [(n) => ['enqueue', n], always('dequeue', null), always('dequeue', null)],
    scripts: containerScripts('enqueue', 'dequeue', [u2, u1]),
    isHardToSearch: true,
    crashing: ['enqueue'],
    crashesMax: 2,
  }),
  of(queue, {
    name: 'queue of few values',
    calls: [(n) => ['enqueue', n % 3], always('dequeue', null), always('peek', null)],
    scripts: containerScripts('enqueue', 'dequeue', [u2, u1]),
    crashesMax: 2,
    processesMax: 4,
    operationsMax: 40,
  }),
  of(stack, {
    calls: [(n) => ['push', n], always('pop', null), always('pop', null)],
    scripts: containerScripts('push', 'pop', [u1, u2]),
    isHardToSearch: true,
    crashing: ['push'],
    crashesMax: 2,
  }),
  of(deque, {
    calls: [
      (n) => ['push-front', n],
      (n) => ['push-back', n],
      always('pop-front', null),
      always('pop-back', null),
      always('peek-back', null),
    ],
    scripts: containerScripts('push-back', 'pop-back', [u1, u2]),
    crashesMax: 1,
    processesMax: 4,
    operationsMax: 40,
  }),
  of(priorityQueue, {
    calls: [(n) => ['insert', n], always('poll', null), always('poll', null)],
    scripts: containerScripts('insert', 'poll', [u1, u2]),
    isHardToSearch: true,
    crashing: ['insert'],
    crashesMax: 2,
  }),
  of(minPriorityQueue, {
    calls: [(n) => ['insert', n], always('poll', null), always('poll', null)],
    scripts: containerScripts('insert', 'poll', [u2, u1]),
    isHardToSearch: true,
    crashing: ['insert'],
    crashesMax: 2,
  }),
  of(log, {
    calls: [always('read', null), (n) => ['append', n], (n) => ['get', n % 10]],
    answer: (state, [f, input]) =>
      f === 'append' ? (state as readonly Value[]).length : f === 'read' ? state : ((state as readonly Value[])[Number(input)] ?? null),
    scripts: {
      'a lost entry': [real('append', u1), made('read', null, (state) => lacking(state, u1), 1)],
      'an offset that was given out twice': [
        real('append', u1),
        { call: ['append', u2], client: 1, says: ({ script }) => ({ output: script.at(-1)?.output }) },
      ],
      'another entry at its offset': [
        real('append', u1),
        { call: ['get', 0], says: ({ script }) => ({ input: script.at(-1)?.output ?? null, output: u2 }) },
      ],
    },
    operationsMax: 80,
    processesMax: 5,
    crashesMax: 2,
  }),
  of(mutex, {
    calls: [always('acquire', null), always('release', null)],
    scripts: {
      'two that hold it': [real('acquire'), made('acquire', null, null, 1)],
      'a release by one who never held it': [made('release', null, null)],
    },
  }),
  of(fencedLock, {
    calls: [always('acquire', null), always('release', null), (n) => ['use', n % 9]],
    answer: (state, [f], n) => (f === 'acquire' ? (state as { granted: number }).granted + 1 + (n % 3) : null),
    scripts: {
      'two that hold it': [
        real('acquire'),
        { call: ['acquire', null], client: 1, says: ({ state }) => ({ output: (state as { granted: number }).granted + 9 }) },
      ],
      'a token that is not greater': [
        real('acquire'),
        real('release'),
        { call: ['acquire', null], client: 1, says: ({ script }) => ({ output: script[0]?.output }) },
      ],
      'the use of an old token': [real('use', u2), made('use', u1, null, 1)],
    },
  }),
  of(lease, {
    calls: [(n) => ['acquire', 10 + (n % 40)], (n) => ['renew', 10 + (n % 40)], always('release', null), (n) => ['acquire', 5 + (n % 9)]],
    scripts: {
      'two that hold it': [real('acquire', madeUp), made('acquire', 10, null, 1)],
      'a release by one who never held it': [made('release', null, null)],
    },
  }),
  of(semaphore, {
    initial: 4,
    calls: [always('acquire', null), always('release', null), always('acquire', 2), always('release', 2)],
    scripts: {
      'one permit more than there can be': [
        {
          call: ['acquire', 1],
          says: ({ operations }) => ({
            input: operations.reduce((free, { f, input }) => (f === 'release' ? free + Number(input ?? 1) : free), 4) + 1,
          }),
        },
      ],
    },
  }),
  of(bank, {
    initial: { a: 20, b: 20, c: 20 },
    calls: [always('read', null), (n) => ['transfer', { from: 'abc'[n % 3] as string, to: 'abc'[(n >> 2) % 3] as string, amount: n % 7 }]],
    answer: (state, [f]) => (f === 'read' ? state : null),
    scripts: {
      'a total that is wrong': [
        made('read', null, (state) => ({ ...(state as Record<string, number>), a: Number((state as { a: number }).a) + 1 })),
      ],
      'an account below zero': [made('read', null, { a: -1, b: 30, c: 31 })],
    },
    operationsMax: 60,
  }),
  of(bag, {
    calls: [(n) => ['put', n % 5], always('take', null)],
    scripts: {
      'an element that comes out twice': [real('put', u1), made('take', null, u1), made('take', null, u1, 1)],
      'an element that nobody put in': [made('take', null, u3)],
    },
    processesMax: 4,
    crashesMax: 2,
    operationsMax: 40,
  }),
]
