/** Writes plain values as EDN that Clojure reads; what `EdnReader` makes of it is equal to what was written. */
import type { Value } from '../../properties/value.ts'
import { showDigits } from './digits.ts'

const word = /^[A-Za-z][\w.*+!?-]*$/
const keyword = /^:[A-Za-z][\w.*+!?-]*(?:\/[A-Za-z][\w.*+!?-]*)?$/
const integer = /^(?:0|-?[1-9]\d{0,14})$/

/** A string that looks like a keyword was one, and is one again. */
export function showEdn(value: Value): string {
  if (value === null) return 'nil'
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return showDigits(value)
    case 'string':
      // The escapes of JSON are among those of Clojure's reader.
      return keyword.test(value) ? value : JSON.stringify(value)
    case 'boolean':
      return String(value)
    default:
      return Array.isArray(value) ? `[${value.map(showEdn).join(' ')}]` : showMap(value as { readonly [key: string]: Value })
  }
}

/** A name such as that of an operation: a keyword where it can be one. */
export function showEdnName(name: string): string {
  return word.test(name) ? `:${name}` : JSON.stringify(name)
}

function showMap(value: { readonly [key: string]: Value }): string {
  const members = Object.entries(value).map(([key, member]) => `${integer.test(key) ? key : showEdnName(key)} ${showEdn(member)}`)
  return `{${members.join(', ')}}`
}
