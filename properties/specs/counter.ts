/** A number that is added to and read. */
import { defineSpec, type Spec } from '../spec.ts'

/** `add n` (Jepsen), `increment` and `decrement` (by one, or by n), `read`; an update may return the new value, or nothing. */
export const counter: Spec<number> = defineSpec<number>({
  name: 'counter',
  about: 'A number: add n, increment, decrement, read',
  initial: 0,
  operations: {
    add: (total, n: number | null, { output }) => added(total, n, 1, output),
    increment: (total, n: number | null, { output }) => added(total, n, 1, output),
    decrement: (total, n: number | null, { output }) => added(total, n, -1, output),
    read: (total) => ({ returns: total }),
  },
  observers: ['read'],
})

/** Jepsen echoes the argument; a counter that answers with the new value is held to it. */
function added(total: number, n: number | null, sign: number, output: unknown): { state: number; returns?: number } {
  const state = total + sign * (n ?? 1)
  const says = typeof output === 'number' && output !== n
  return { state, ...(says ? { returns: state } : {}) }
}
