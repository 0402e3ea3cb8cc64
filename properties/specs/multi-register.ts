/** Several registers that are read and written together, as in Knossos: `txn [[:read x nil] [:write y 2]]`. */
import { HistoryError } from '../errors.ts'
import type { Operation } from '../operation.ts'
import { defineSpec, type Spec } from '../spec.ts'
import { equal, isList, showValue, type Value } from '../value.ts'

type Registers = { readonly [name: string]: Value }

/** The state is a record from register to value; registers that are not in it hold null. */
export const multiRegister: Spec<Registers> = defineSpec<Registers>({
  name: 'multi-register',
  about: 'Several values: txn [[read x v] [write y v] ...], all at once',
  initial: {},
  operations: { txn: transaction },
})

function transaction(registers: Registers, input: readonly Value[], { output, call }: Operation) {
  const seen = isList(output) ? output : input
  let after: Registers = registers
  for (const step of seen) {
    const [f, name = null, value = null] = isList(step) ? step : []
    if (!isRead(f) && !isWrite(f)) throw unknownStep(step, call)
    const register = nameOf(name)
    if (isRead(f)) {
      const holds = after[register] ?? null
      // A null is what a client writes where it does not know the result yet.
      if (value !== null && !equal(holds, value)) return `${register} held ${showValue(holds)}`
    } else after = { ...after, [register]: value }
  }
  return { state: after }
}

function isRead(f: Value | undefined): boolean {
  return f === 'read' || f === ':read' || f === 'r' || f === ':r'
}

function isWrite(f: Value | undefined): boolean {
  return f === 'write' || f === ':write' || f === 'w' || f === ':w'
}

function unknownStep(step: Value, call: number): HistoryError {
  const what = `event ${call}: ${showValue(step)} is not a step of a multi-register, such as [read x 1] or [write x 2]`
  return new HistoryError(
    'history-operation',
    `${what}; a transaction is a list of steps [r key value], [w key value] or [append key value]`,
  )
}

function nameOf(name: Value): string {
  return typeof name === 'string' ? name.replace(/^:/, '') : showValue(name)
}
