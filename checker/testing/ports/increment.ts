/** Threads add one to a shared counter, reading and writing it in two steps: an update can be lost. Source: Stateright, examples/increment.rs. */
import { cell, cells, defineModel, ids, type Model } from '../../index.ts'

export const increment: Model = defineModel({
  name: 'increment',
  about: 'Threads increment a shared counter without a lock',
  constants: { threads: { default: 2, min: 1 } },
  state: (c) => ({ counter: cell(0), thread: cells(c.threads, { read: 0, pc: 1 }) }),
  actions: (on, c) => ({
    read: on.action({
      each: ids(c.threads),
      when: (s, i) => s.thread[i].pc === 1,
      then: (s, i) => {
        s.thread[i] = { read: s.counter, pc: 2 }
      },
    }),
    write: on.action({
      each: ids(c.threads),
      when: (s, i) => s.thread[i].pc === 2,
      then: (s, i) => {
        s.counter = s.thread[i].read + 1
        s.thread[i].pc = 3
      },
    }),
  }),
  properties: (on) => ({
    fin: on.always('the counter counts the finished threads', (s) => s.thread.filter(({ pc }) => pc === 3).length === s.counter),
  }),
})

export const incrementLock: Model = defineModel({
  name: 'increment-lock',
  about: 'Threads increment a shared counter under a lock',
  constants: { threads: { default: 2, min: 1 } },
  state: (c) => ({ counter: cell(0), locked: cell(false as boolean), thread: cells(c.threads, { read: 0, pc: 0 }) }),
  actions: (on, c) => ({
    lock: on.action({
      each: ids(c.threads),
      when: (s, i) => s.thread[i].pc === 0 && !s.locked,
      then: (s, i) => {
        s.thread[i].pc = 1
        s.locked = true
      },
    }),
    read: on.action({
      each: ids(c.threads),
      when: (s, i) => s.thread[i].pc === 1,
      then: (s, i) => {
        s.thread[i].read = s.counter
        s.thread[i].pc = 2
      },
    }),
    write: on.action({
      each: ids(c.threads),
      when: (s, i) => s.thread[i].pc === 2,
      then: (s, i) => {
        s.counter = s.thread[i].read + 1
        s.thread[i].pc += 1
      },
    }),
    release: on.action({
      each: ids(c.threads),
      when: (s, i) => s.thread[i].pc === 3 && s.locked,
      then: (s, i) => {
        s.thread[i].pc = 4
        s.locked = false
      },
    }),
  }),
  properties: (on) => ({
    fin: on.always('the counter counts the finished threads', (s) => s.thread.filter(({ pc }) => pc >= 3).length === s.counter),
    mutex: on.always('at most one thread holds the lock', (s) => s.thread.filter(({ pc }) => pc >= 1 && pc < 4).length <= 1),
  }),
})
