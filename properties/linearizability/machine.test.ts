import { describe, expect, it } from 'vitest'
import type { Operation } from '../operation.ts'
import { defineSpec, type Spec } from '../spec.ts'
import { casRegister, lease, mutex, register } from '../specs/index.ts'
import { recorded } from '../testing/recorded.ts'
import type { Value } from '../value.ts'
import { illegal, Machine } from './machine.ts'
import { PairTable } from './pair-table.ts'

function machineOf<S extends Value>(spec: Spec<S>): Machine {
  return new Machine(spec as unknown as Spec)
}

function operation(text: string, changes: Partial<Operation> = {}): Operation {
  return { ...(recorded(text)[0] as Operation), ...changes }
}

describe('a specification as a machine', () => {
  it('runs its functions once for each state and class of operations', () => {
    const machine = machineOf(register)
    const start = machine.stateId(null)
    const write = machine.classId(operation('0 write 1, 0 ok'))
    const one = machine.step(start, write)
    expect([machine.step(start, write), machine.step(one, write), machine.step(one, write)]).toEqual([one, one, one])
    expect(machine.runs).toBe(2)
    expect(machine.state(one)).toBe(1)
    expect([machine.stateCount, machine.classCount]).toEqual([2, 1])
  })

  it('gives equal states one number, and freezes them', () => {
    const machine = machineOf(register)
    const state = { b: [1], a: 2 }
    expect(machine.stateId(state)).toBe(machine.stateId({ a: 2, b: [1] }))
    expect(Object.isFrozen(state) && Object.isFrozen(state.b)).toBe(true)
  })

  it('tells operations apart by name, argument, result and end; by process and time where the specification does', () => {
    const classes = (spec: Spec, all: readonly Operation[]): number => {
      const machine = machineOf(spec)
      return new Set(all.map((one) => machine.classId(one))).size
    }
    const acquire = operation('0 acquire, 0 ok')
    expect(
      classes(mutex as unknown as Spec, [
        acquire,
        { ...acquire, process: 1 },
        { ...acquire, process: '1' },
        { ...acquire, id: 7, call: 9, callTime: 5 },
      ]),
    ).toBe(3)
    expect(classes(lease as unknown as Spec, [acquire, { ...acquire, callTime: 5 }, { ...acquire, callTime: 5, returnTime: 6 }])).toBe(3)
    const cas = operation('0 cas [1,2], 0 ok')
    const different = [
      cas,
      { ...cas, output: true },
      { ...cas, completion: 'fail' as const },
      { ...cas, input: [2, 1] },
      { ...cas, f: 'write' },
    ]
    expect(classes(casRegister as unknown as Spec, [...different, { ...cas, process: 9, callTime: 3 }])).toBe(5)
    const unknown = { ...cas, output: undefined }
    expect(classes(casRegister as unknown as Spec, [cas, unknown, { ...unknown, completion: 'info' }])).toBe(3)
  })

  it('knows several next states, and none', () => {
    const machine = machineOf(
      defineSpec<number>({
        name: 'coin',
        initial: 0,
        operations: { toss: (n) => [{ state: n + 1 }, { state: n + 2 }, { state: n + 1 }], stop: () => 'no' },
      }),
    )
    const start = machine.stateId(0)
    const step = machine.step(start, machine.classId(operation('0 toss, 0 ok')))
    expect(step).toBeLessThan(illegal)
    expect(machine.several(step).map((state) => machine.state(state))).toEqual([1, 2])
    expect(machine.step(start, machine.classId(operation('0 stop, 0 ok')))).toBe(illegal)
  })

  it.each([
    ['0 read, 0 ok 5', 'would have returned null'],
    ['0 cas [1,2], 0 ok', 'would have failed or would have returned false'],
    ['0 cas [null,2], 0 fail', 'would have succeeded'],
  ])('says why %s is refused: %s', (text, reason) => {
    const machine = machineOf(casRegister)
    expect(machine.refusal(machine.stateId(null), operation(text))).toBe(reason)
  })

  it('takes a crashed operation not to have failed, if it happened', () => {
    const machine = machineOf(mutex)
    const crashed = machine.classId(operation('0 acquire'))
    expect(machine.step(machine.stateId(5), crashed)).toBe(illegal)
    expect(machine.state(machine.step(machine.stateId(null), crashed))).toBe(0)
  })
})

describe('a table of pairs', () => {
  it('has what was put into it, however much that is, and nothing else', () => {
    const table = new PairTable(4)
    for (let i = 0; i < 3000; i++) table.put(i % 61, Math.floor(i / 61), 7 - i)
    expect(table.size).toBe(3000)
    for (let i = 0; i < 3000; i++) expect(table.get(i % 61, Math.floor(i / 61))).toBe(7 - i)
    expect([table.get(61, 0), table.get(0, 50), table.get(49, 0)]).toEqual([PairTable.absent, PairTable.absent, -42])
  })
})
