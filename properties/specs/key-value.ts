/** One key of a map; maps are judged key by key, since their keys are independent objects (locality, Herlihy & Wing 1990). */
import type { Operation } from '../operation.ts'
import { type Access, defineSpec, type Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import { casRegister, compareAndSet } from './register.ts'

/** `get`, `put v`, `append text`, `delete` and `cas [from to]`; a key that is not there holds null. */
export const keyValue: Spec<Value> = defineSpec<Value>({
  name: 'key-value',
  about: 'A map: get, put v, append text, delete, cas [from to], each with a key',
  initial: null,
  operations: {
    get: (value) => ({ returns: value }),
    read: (value) => ({ returns: value }),
    put: (_, value) => ({ state: value }),
    write: (_, value) => ({ state: value }),
    append: (value, text: string) => ({ state: `${value ?? ''}${text}` }),
    delete: () => ({ state: null }),
    cas: compareAndSet,
  },
  observers: ['get', 'read'],
  access,
})

function access(operation: Operation): Access {
  const { f, input, output } = operation
  if (f === 'put') return { writes: input }
  if (f === 'delete') return { writes: null }
  if (f === 'get') return output === undefined ? {} : { reads: output }
  return f === 'append' ? {} : (casRegister.access as (operation: Operation) => Access)(operation)
}
