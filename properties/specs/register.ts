/** Registers: one value that is written and read, and the compare-and-set that etcd, Consul and ZooKeeper offer. */
import { registerZones } from '../monitors/register.ts'
import type { Operation } from '../operation.ts'
import { type Access, defineSpec, type Outcome, type Spec } from '../spec.ts'
import { equal, isList, type Value } from '../value.ts'

/** `read` returns what `write` wrote last. */
export const register: Spec<Value> = defineSpec<Value>({
  name: 'register',
  about: 'One value: read, write v',
  initial: null,
  operations: {
    read: (value) => ({ returns: value }),
    write: (_, value) => ({ state: value }),
  },
  observers: ['read'],
  access: registerAccess,
  monitors: [registerZones],
})

/** A register with `cas [from to]`, which writes `to` where the value is `from`, and fails otherwise. */
export const casRegister: Spec<Value> = defineSpec<Value>({
  name: 'cas-register',
  about: 'One value: read, write v, cas [from to]',
  initial: null,
  operations: { ...register.operations, cas: compareAndSet },
  observers: ['read'],
  access: registerAccess,
  monitors: [registerZones],
})

/** A failed comparison may be recorded as a failure or as the result `false`; a success as `true`, or as Jepsen's echo. */
export function compareAndSet(value: Value, [from, to]: [Value, Value]): Outcome<Value> | readonly Outcome<Value>[] {
  if (equal(value, from)) return { state: to, returns: (output) => output !== false }
  return [{ completes: 'fail' }, { returns: false }]
}

/** What the operations of registers read and write. */
export function registerAccess({ f, input, output, completion }: Operation): Access {
  if (f === 'write') return { writes: input }
  if (f === 'read') return output === undefined ? {} : { reads: output }
  if (completion === 'fail' || output === false || !isList(input)) return {}
  const [from = null, to = null] = input
  return completion === 'info' ? { writes: to } : { reads: from, writes: to }
}
