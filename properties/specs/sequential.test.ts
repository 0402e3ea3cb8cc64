/** What each specification allows and refuses, one operation after the other: `f input = output`. */
import { describe, expect, it } from 'vitest'
import type { Spec } from '../spec.ts'
import { sequenceOf, verdictOf } from '../testing/verdict-of.ts'
import type { Value } from '../value.ts'
import {
  bank,
  casRegister,
  counter,
  deque,
  fencedLock,
  growOnlySet,
  keyValue,
  log,
  minPriorityQueue,
  multiRegister,
  mutex,
  priorityQueue,
  queue,
  register,
  semaphore,
  set,
  specs,
  stack,
} from './index.ts'

interface Sequences {
  readonly initial?: Value
  readonly allows: readonly string[]
  readonly refuses: readonly string[]
}

const table: readonly (readonly [Spec, Sequences])[] = [
  rows(register, {
    allows: [
      'read = null',
      'write 1; read = 1; read = 1; write 2; read = 2',
      'write 1; write 2 crashes; read = 1',
      'write 1; write 2 crashes; read = 1; read = 2; read = 2',
      'write 1 = 1; read = 1',
      'write null; read = null',
      'write {"b":1,"a":2}; read = {"a":2,"b":1}',
    ],
    refuses: [
      'read = 1',
      'write 1; read = null',
      'write 1; write 2; read = 1',
      'write 1; write 2 crashes; read = 2; read = 1',
      'write 1; read = "1"',
    ],
  }),
  rows(casRegister, {
    initial: 0,
    allows: [
      'cas [0,1]; read = 1',
      'cas [0,1] = [0,1]; read = 1',
      'cas [0,1] = true; cas [0,2] = false; read = 1',
      'cas [1,2] fails; read = 0',
      'cas [1,2] = false; read = 0',
      'cas [0,1] crashes; read = 0; cas [1,2]; read = 2',
      'write 5; cas [5,5]; read = 5',
    ],
    refuses: [
      'cas [1,2]; read = 2',
      'cas [0,1] fails',
      'cas [0,1] = false',
      'cas [1,2] = true',
      'cas [0,1] = [0,1]; read = 0',
      'cas [1,2] crashes; read = 2',
      'cas [0,1]; cas [0,2]',
    ],
  }),
  rows(keyValue, {
    allows: [
      'get = null; put 1; get = 1; delete; get = null',
      'append "a"; append "b"; get = "ab"',
      'put "x"; append "y"; read = "xy"',
      'put 1; cas [1,2]; get = 2; cas [1,3] fails',
      'write 4; read = 4',
      'append "a" crashes; append "b"; get = "b"; get = "ba"',
    ],
    refuses: [
      'get = 1',
      'append "a"; append "b"; get = "ba"',
      'append "a"; get = null',
      'put 1; delete; get = 1',
      'append "a" crashes; append "b"; get = "aba"',
      'put 1; cas [2,3]',
    ],
  }),
  rows(multiRegister, {
    initial: { x: 0, y: 0 },
    allows: [
      'txn [["read","x",0]] = [["read","x",0]]',
      'txn [["write","x",1],["write","y",2]]; txn [["read","x",null],["read","y",null]] = [["read","x",1],["read","y",2]]',
      'txn [["write","x",1],["read","x",1]]',
      'txn [["read","x",null]] = [["read","x",null]]',
      'txn [[":write",":x",1]]; txn [["r","x",1]]',
      'txn [["write","x",1]] crashes; txn [["read","x",0]]; txn [["read","x",1]]',
    ],
    refuses: [
      'txn [["read","x",null]] = [["read","x",1]]',
      'txn [["write","x",1],["write","y",2]]; txn [["read","x",null],["read","y",null]] = [["read","x",1],["read","y",0]]',
      'txn [["write","x",1],["read","x",0]]',
      'txn [["write","x",1]] crashes; txn [["read","x",1]]; txn [["read","x",0]]',
    ],
  }),
  rows(counter, {
    allows: [
      'add 2; read = 2',
      'increment; increment; decrement; read = 1',
      'increment 5; decrement 2; read = 3',
      // Jepsen echoes the argument.
      'add 2; add 2 = 2; read = 4',
      // Others answer with the new value.
      'add 3 = 3; add 2 = 5; increment = 6',
      'add 1 crashes; read = 0; read = 1',
      'add -1; read = -1',
    ],
    refuses: ['add 2; read = 3', 'add 3; add 2 = 6', 'increment = 2', 'add 1 crashes; read = 2', 'increment; decrement; read = 1'],
  }),
  rows(growOnlySet, {
    allows: [
      'read = []',
      'add 2; add 1; read = [1,2]',
      'add 2; add 1; read = [2,1]',
      'add 1; add 1; read = [1]',
      'add 1 crashes; read = []',
    ],
    refuses: [
      'add 1; read = []',
      'read = [1]',
      'add 1; read = [1,1]',
      'add 1 crashes; read = [1]; read = []',
      'add 1; read = 1',
      'read = null',
    ],
  }),
  rows(set, {
    allows: [
      'insert 1 = true; insert 1 = false; contains 1 = true; remove 1 = true; remove 1 = false; contains 1 = false',
      'insert 1; insert 1 = null; contains 1 = true',
      'insert 1 = 1; contains 1 = true',
      'add 1; contains 1 = true; read = [1]',
      'insert 1 crashes; insert 1 = false',
      'insert {"a":1} = true; contains {"a":1} = true',
    ],
    refuses: [
      'insert 1 = false',
      'insert 1 = true; insert 1 = true',
      'remove 1 = true',
      'insert 1; contains 1 = false',
      'insert 1; remove 1 = false',
      'contains 1 = true',
    ],
  }),
  rows(queue, {
    allows: [
      'dequeue = null',
      'enqueue 1; enqueue 2; dequeue = 1; dequeue = 2; dequeue = null',
      'enqueue 1; peek = 1; dequeue = 1; peek = null',
      'enqueue 1; enqueue 2; drain = [1,2]; dequeue = null',
      'drain = []',
      'enqueue 1; enqueue 1; dequeue = 1; dequeue = 1',
      'enqueue 1 crashes; dequeue = null; dequeue = 1',
      'enqueue 1; dequeue crashes; dequeue = null',
      'enqueue 1; dequeue ?; dequeue = null',
      'enqueue 1; dequeue crashes; dequeue = 1',
    ],
    refuses: [
      'dequeue = 1',
      'enqueue 1; dequeue = null',
      'enqueue 1; enqueue 2; dequeue = 2',
      'enqueue 1; dequeue = 1; dequeue = 1',
      'enqueue 1; enqueue 2; drain = [2,1]',
      'enqueue 1; peek = null',
      'enqueue 1; dequeue crashes; dequeue = 1; dequeue = 1',
    ],
  }),
  rows(stack, {
    allows: [
      'push 1; push 2; pop = 2; pop = 1; pop = null',
      'push 1; push 2; peek = 2; pop = 2',
      'push 2 crashes; push 1; pop = 2; pop = 1',
    ],
    refuses: ['push 1; push 2; pop = 1', 'push 1; pop = 1; pop = 1', 'push 1; peek = null', 'push 1; push 2; peek = 1', 'pop = 1'],
  }),
  rows(deque, {
    allows: [
      'push-front 1; push-front 2; pop-back = 1; pop-back = 2; pop-back = null',
      'push-back 1; push-back 2; pop-front = 1; peek-front = 2; peek-back = 2',
      'push-front 1; push-back 2; peek-front = 1; peek-back = 2; pop-front = 1',
      'pop-front = null; peek-back = null',
    ],
    refuses: [
      'push-front 1; push-back 2; pop-front = 2',
      'push-front 1; push-front 2; pop-back = 2',
      'push-back 1; pop-front = null',
      'push-back 1; peek-back = null',
    ],
  }),
  rows(priorityQueue, {
    allows: ['insert 1; insert 3; insert 2; peek = 3; poll = 3; poll = 2; poll = 1; poll = null', 'insert 1; insert 1; poll = 1; poll = 1'],
    refuses: [
      'insert 1; insert 2; poll = 1',
      'insert 1; poll = null',
      'insert 1; poll = 1; poll = 1',
      'poll = 1',
      'insert 1; insert 2; peek = 1',
    ],
  }),
  rows(minPriorityQueue, {
    allows: ['insert 2; insert 1; peek = 1; poll = 1; poll = 2; poll = null'],
    refuses: ['insert 2; insert 1; poll = 2', 'insert 2; insert 1; peek = 2'],
  }),
  rows(log, {
    allows: [
      'append 7 = 0; append 8 = 1; read = [7,8]; get 0 = 7; get 1 = 8; get 2 = null',
      // An echo says nothing of the offset.
      'append 7 = 7; append 8; read = [7,8]',
      'append 7 crashes; append 8 = 0; append 9 = 2; read = [8,7,9]',
      'read = []',
    ],
    refuses: [
      'append 7 = 1',
      'append 7 = 0; append 8 = 0',
      'append 7; append 8; read = [8,7]',
      'append 7; read = []',
      'append 7; get 0 = null',
      'append 7 crashes; append 8 = 2',
      'read = null',
    ],
  }),
  rows(mutex, {
    allows: ['acquire; release; acquire', 'acquire; acquire fails; release', 'release fails', 'acquire crashes; acquire; release'],
    refuses: ['acquire; acquire', 'release', 'acquire; release; release', 'acquire fails', 'acquire; release fails'],
  }),
  rows(fencedLock, {
    allows: [
      'acquire = 1; use 1; release; acquire = 5; use 5; release',
      'acquire = 3; release; acquire ?; release; acquire = 4',
      'use 2; use 1 fails; use 2; use 3',
      'acquire = 1; acquire fails',
    ],
    refuses: [
      'acquire = 2; release; acquire = 2',
      'acquire = 2; release; acquire = 1',
      'use 2; use 1',
      'use 1; use 2 fails',
      'acquire = 1; acquire = 2',
      'release',
    ],
  }),
  rows(semaphore, {
    initial: 2,
    allows: [
      'acquire; acquire; acquire fails; release; acquire',
      'acquire 2; release 2; acquire 2',
      'acquire 3 fails; release; acquire 3',
      'acquire 2; release crashes; acquire',
    ],
    refuses: ['acquire; acquire; acquire', 'acquire 3', 'acquire fails', 'acquire 2; release crashes; acquire; acquire'],
  }),
  rows(bank, {
    initial: { a: 10, b: 0 },
    allows: [
      'read = {"a":10,"b":0}; transfer {"from":"a","to":"b","amount":4}; read = {"a":6,"b":4}',
      'transfer {"from":"b","to":"a","amount":1} fails; read = {"b":0,"a":10}',
      'transfer {"from":"a","to":"b","amount":4} crashes; read = {"a":10,"b":0}; read = {"a":6,"b":4}',
      'transfer {"from":"a","to":"a","amount":4}; read = {"a":10,"b":0}',
      'transfer {"from":"a","to":"c","amount":4}; read = {"a":6,"b":0,"c":4}',
    ],
    refuses: [
      'read = {"a":10,"b":1}',
      'transfer {"from":"a","to":"b","amount":4}; read = {"a":10,"b":0}',
      'transfer {"from":"a","to":"b","amount":4}; read = {"a":6,"b":0}',
      'transfer {"from":"b","to":"a","amount":1}',
      'transfer {"from":"a","to":"b","amount":4} fails',
    ],
  }),
]

describe.each(table.map(([spec, sequences]) => [spec.name, spec, sequences] as const))('a %s', (_, spec, { initial, allows, refuses }) => {
  it.each(allows)('allows %s', (sequence) => {
    expect(verdictOf(spec, sequenceOf(sequence), initial)).toBe('holds')
  })

  it.each(refuses)('refuses %s', (sequence) => {
    expect(verdictOf(spec, sequenceOf(sequence), initial)).toBe('violated')
  })
})

describe('a bank whose accounts nobody told', () => {
  it.each([
    ['holds', 'read = {"a":1,"b":2}; transfer {"from":"b","to":"a","amount":2}; read = {"a":3,"b":0}'],
    ['violated', 'read = {"a":1,"b":2}; read = {"a":2,"b":2}'],
    ['violated', 'read = {"a":-1,"b":2}'],
    ['violated', 'transfer {"from":"a","to":"b","amount":1}; read = {"a":1}'],
  ])('%s: %s', (verdict, sequence) => {
    expect(verdictOf(bank, sequenceOf(sequence))).toBe(verdict)
  })
})

describe('a multi-register', () => {
  it('says what its transactions are made of', () => {
    expect(() => verdictOf(multiRegister, sequenceOf('txn ["write"]'))).toThrow('event 0: write is not a step of a multi-register')
  })
})

describe('the locks', () => {
  it.each([
    ['mutex', 'holds', '0 acquire, 0 ok, 1 acquire, 0 release, 0 ok, 1 ok'],
    ['mutex', 'violated', '0 acquire, 0 ok, 1 acquire, 1 ok, 0 release, 0 ok'],
    ['mutex', 'violated', '0 acquire, 0 ok, 1 release, 1 ok'],
    ['mutex', 'holds', '0 acquire, 0 ok, 1 release, 1 fail'],
    // It may have been released; nobody else can have done that.
    ['mutex', 'holds', '0 acquire, 0 ok, 0 release, 1 acquire, 1 ok'],
    ['mutex', 'violated', '0 acquire, 0 ok, 1 acquire, 2 release, 1 ok'],
    ['fenced-lock', 'violated', '0 acquire, 0 ok 1, 0 release, 0 ok, 1 acquire, 1 ok 1'],
    ['fenced-lock', 'holds', '0 acquire, 1 acquire, 0 ok 1, 0 release, 1 ok 2, 0 ok'],
    // A semaphore does not know who holds what.
    ['semaphore', 'holds', '0 acquire, 0 ok, 1 release, 1 ok, 1 acquire, 1 ok'],
  ])('%s: %s: %s', (name, verdict, history) => {
    expect(verdictOf(specs.get(name) as Spec, history)).toBe(verdict)
  })
})

describe('the list of specifications', () => {
  it('has every one under its name, with a sentence about it, and a row above unless it is timed', () => {
    for (const [name, spec] of specs) {
      expect(spec.name).toBe(name)
      expect(spec.about).not.toBe('')
      expect(table.some(([shown]) => shown.name === name) || spec.timed, name).toBe(true)
    }
  })
})

function rows<S extends Value>(spec: Spec<S>, sequences: Sequences): readonly [Spec, Sequences] {
  return [spec as unknown as Spec, sequences]
}
