/** The specifications that come with the library, by name. */
import type { Spec } from '../spec.ts'
import { bank } from './bank.ts'
import { counter } from './counter.ts'
import { keyValue } from './key-value.ts'
import { fencedLock, lease, mutex, semaphore } from './lock.ts'
import { log } from './log.ts'
import { multiRegister } from './multi-register.ts'
import { deque, minPriorityQueue, priorityQueue, queue, stack } from './queue.ts'
import { casRegister, register } from './register.ts'
import { growOnlySet, set } from './set.ts'

export {
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
}

/** In the order in which they are listed to people. */
export const specs: ReadonlyMap<string, Spec> = new Map(
  [
    register,
    casRegister,
    multiRegister,
    keyValue,
    counter,
    growOnlySet,
    set,
    queue,
    stack,
    deque,
    priorityQueue,
    minPriorityQueue,
    log,
    mutex,
    fencedLock,
    lease,
    semaphore,
    bank,
  ].map((spec) => [spec.name, spec as unknown as Spec]),
)
