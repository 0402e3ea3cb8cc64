/** How well pasts merge: the monitor as an automaton, against the smallest one that gives the same verdicts (Moore's refinement). */
import { describe, expect, it } from 'vitest'
import type { Spec } from '../spec.ts'
import { casRegister, register } from '../specs/index.ts'
import { keyOf } from '../value.ts'
import { type HistoryMonitor, type HistoryValue, history } from './history.ts'
import type { Plain } from './monitor.ts'

type Command = readonly [f: string, input: Plain, outputs: readonly Plain[]]

const read: Command = ['read', null, [null, 1, 2]]
const writes: readonly Command[] = [1, 2].map((value) => ['write', value, [null]])

describe('the values of a history', () => {
  it.each([
    ['a register', register as Spec, [read, ...writes]],
    ['a cas-register', casRegister as Spec, [read, ['write', 1, [null]], ['cas', [1, 2], [true, false]]]],
  ] as const)(
    'of %s are as few as can be: while a client is idle, who may still look, no two have the same future',
    (_, spec, commands) => {
      const { values, next } = automaton(history(spec), 3, commands)
      const classOf = classes(
        values.map((value) => ('violated' in value ? 1 : 0)),
        next,
      )
      const idle = values.flatMap((value, at) => ('violated' in value || value.open.length < 3 ? [classOf[at]] : []))
      expect(idle.length).toBeGreaterThan(300)
      expect(new Set(idle).size).toBe(idle.length)
    },
  )
})

/** All values that can be reached, one violated one for all, and per value what each event leads to; -1 where it cannot happen. */
function automaton(monitor: HistoryMonitor, processes: number, commands: readonly Command[]) {
  const ids = new Map<string, number>()
  const values: HistoryValue[] = []
  const idOf = (value: HistoryValue): number => {
    const one: HistoryValue = 'violated' in value ? { violated: '' } : value
    const key = keyOf(one)
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, values.length)
    return values.push(one) - 1
  }
  idOf(monitor.initial)
  const next: number[][] = []
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as HistoryValue
    const row: number[] = []
    for (let process = 0; process < processes; process++) {
      const open = 'violated' in value ? undefined : value.open.find((call) => call.process === process)
      for (const [f, input, outputs] of commands) {
        row.push(open === undefined ? idOf(monitor.events.invoke(value, process, f, input)) : -1)
        const isOpen = open !== undefined && open.f === f && keyOf(open.input) === keyOf(input)
        for (const output of outputs) row.push(isOpen ? idOf(monitor.events.ok(value, process, output)) : -1)
      }
    }
    next.push('violated' in value ? row.map(() => at) : row)
  }
  return { values, next }
}

/** Of each state, the number of those that have the same future. */
function classes(outputs: readonly number[], next: readonly (readonly number[])[]): readonly number[] {
  let classOf = outputs
  for (let count = 0; ; ) {
    const names = new Map<string, number>()
    const refined = classOf.map((own, state) => {
      const name = `${own}:${(next[state] as readonly number[]).map((to) => (to < 0 ? -1 : classOf[to])).join()}`
      if (!names.has(name)) names.set(name, names.size)
      return names.get(name) as number
    })
    if (names.size === count) return refined
    count = names.size
    classOf = refined
  }
}
