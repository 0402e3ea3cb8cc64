/** What the clients of generated histories ask of each specification. */
import { defineSpec, type Spec } from '../spec.ts'
import {
  casRegister,
  counter,
  deque,
  fencedLock,
  growOnlySet,
  keyValue,
  log,
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
import type { Commands } from './histories.ts'

/** A bag that gives back any of its elements: nondeterministic. */
const bag = defineSpec<readonly number[]>({
  name: 'bag',
  initial: [],
  operations: {
    put: (items, value: number) => ({ state: [...items, value].sort() }),
    take: (items) =>
      items.length === 0 ? 'it is empty' : items.map((item, i) => ({ state: items.filter((_, j) => j !== i), returns: item })),
    shake: (items) => [{}, { state: items.slice(1) }],
  },
})

function of<S extends Value>(spec: Spec<S>, commands: Commands['commands'], initial?: Value): Commands {
  return { spec: spec as unknown as Spec, commands, ...(initial === undefined ? {} : { initial }) }
}

export const objects: readonly Commands[] = [
  of(register, [
    ['read', null],
    ['write', 1],
    ['write', 2],
    ['read', null],
  ]),
  of(
    casRegister,
    [
      ['read', null],
      ['write', 0],
      ['write', 1],
      ['cas', [0, 1]],
      ['cas', [1, 2]],
      ['cas', [2, 0]],
    ],
    0,
  ),
  of(
    keyValue,
    [
      ['get', null],
      ['append', 'a'],
      ['append', 'b'],
      ['get', null],
      ['append', 'c'],
    ],
    '',
  ),
  of(
    keyValue,
    [
      ['get', null],
      ['append', 'a'],
      ['append', 'b'],
      ['put', 'p'],
      ['put', 'q'],
    ],
    '',
  ),
  of(
    keyValue,
    [
      ['get', null],
      ['append', 'a'],
      ['append', 'ab'],
      ['put', 'a'],
      ['put', 'b'],
      ['delete', null],
    ],
    '',
  ),
  of(multiRegister, [
    ['txn', [['read', 'x', 1]]],
    [
      'txn',
      [
        ['write', 'x', 1],
        ['write', 'y', 1],
      ],
    ],
    [
      'txn',
      [
        ['read', 'y', 2],
        ['write', 'x', 2],
      ],
    ],
  ]),
  of(counter, [
    ['add', 1],
    ['read', null],
    ['add', 2],
    ['decrement', null],
  ]),
  of(growOnlySet, [
    ['add', 1],
    ['add', 2],
    ['read', null],
  ]),
  of(set, [
    ['insert', 1],
    ['remove', 1],
    ['contains', 1],
    ['insert', 2],
    ['contains', 2],
  ]),
  of(queue, [
    ['enqueue', 1],
    ['enqueue', 2],
    ['dequeue', null],
    ['enqueue', 3],
    ['dequeue', null],
  ]),
  of(stack, [
    ['push', 1],
    ['push', 2],
    ['pop', null],
    ['push', 3],
    ['pop', null],
    ['peek', null],
  ]),
  of(deque, [
    ['push-front', 1],
    ['push-back', 2],
    ['pop-front', null],
    ['pop-back', null],
    ['peek-back', null],
  ]),
  of(priorityQueue, [
    ['insert', 1],
    ['insert', 2],
    ['poll', null],
    ['insert', 3],
    ['peek', null],
  ]),
  of(log, [
    ['append', 7],
    ['append', 8],
    ['read', null],
    ['get', 0],
    ['get', 1],
  ]),
  of(mutex, [
    ['acquire', null],
    ['release', null],
  ]),
  of(fencedLock, [
    ['acquire', null],
    ['release', null],
    ['use', 1],
    ['use', 2],
  ]),
  of(
    semaphore,
    [
      ['acquire', null],
      ['release', null],
      ['acquire', 2],
    ],
    2,
  ),
  of(bag, [
    ['put', 1],
    ['put', 2],
    ['take', null],
    ['shake', null],
    ['take', null],
  ]),
]
