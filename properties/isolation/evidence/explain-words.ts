/** Values, steps and places of transactions in words; nothing in them drives the reader's terminal. */
import { showValue, type Value } from '../../value.ts'
import { appendStep, initialVersion, readListStep, type TransactionTable, unknownVersion, writeStep } from '../table/transaction-table.ts'

/** Characters of a value at most. */
const valueWidth = 30

/** Elements of a list that are shown without leaving any out. */
const wholeListMax = 8

export function said(value: Value): string {
  // Control, direction and invisible characters are escaped.
  return showValue(value, valueWidth).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

export function keyText({ keys }: TransactionTable, key: number): string {
  return said(keys[key] as Value)
}

export function versionText({ versions }: TransactionTable, version: number): string {
  return said(versions.value(version))
}

/** A list: of a long one its first and last elements, and those that matter. */
export function listText(table: TransactionTable, list: number, matters: (version: number) => boolean): string {
  const elements = table.lists.elements(list)
  const isShown = (i: number): boolean =>
    elements.length <= wholeListMax || i === 0 || i >= elements.length - 2 || matters(elements[i] as number)
  return `[${withGaps(elements, { isShown, show: (version) => versionText(table, version), gap: '…' }).join(' ')}]`
}

/** What a read returned. */
export function resultText(table: TransactionTable, step: number, matters: (version: number) => boolean): string {
  const version = table.version[step] as number
  if (table.kind[step] === readListStep) return listText(table, version, matters)
  if (version === initialVersion) return '(initial)'
  return version === unknownVersion ? '?' : versionText(table, version)
}

/** A step, such as `append x 4` or `read y [1 2]`. */
export function stepText(table: TransactionTable, step: number, matters: (version: number) => boolean): string {
  const key = keyText(table, table.key[step] as number)
  const kind = table.kind[step]
  if (kind === appendStep || kind === writeStep)
    return `${kind === appendStep ? 'append' : 'write'} ${key} ${versionText(table, table.version[step] as number)}`
  return `read ${key} ${resultText(table, step, matters)}`
}

/** Those that are shown, with a gap for each run of others. */
export function withGaps<T, R>(
  all: ArrayLike<T>,
  { isShown, show, gap }: { readonly isShown: (index: number) => boolean; readonly show: (one: T) => R; readonly gap: R },
): R[] {
  const found: R[] = []
  for (let i = 0; i < all.length; i++) {
    if (isShown(i)) found.push(show(all[i] as T))
    else if (found.at(-1) !== gap) found.push(gap)
  }
  return found
}
