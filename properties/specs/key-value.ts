import type { Operation } from '../operation.ts'
import { type Access, defineSpec, type Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import { foreseenTexts } from './appended-text.ts'
import { compareAndSet, registerAccess } from './register.ts'

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
  foresight: foreseenTexts,
})
function access(operation: Operation): Access {
  const { f, input, output } = operation
  if (f === 'put') return { writes: input }
  if (f === 'delete') return { writes: null }
  if (f === 'get') return output === undefined ? {} : { reads: output }
  return f === 'append' ? {} : registerAccess(operation)
}
