/**
 * What can be foreseen of texts that are appended to. From one `put` to the next a text only grows, so all that it is in that
 * time begins alike: with what is read of it at its longest, or the beginning of that. A search that knows it does not try
 * the orders of appends that a later read refutes.
 */
import type { Operation } from '../operation.ts'
import type { Value } from '../value.ts'

/**
 * @returns whether a text can occur where all operations are explained; null where nothing is foreseen: the values that are put
 * and appended must be told apart by how they begin
 */
export function foreseenTexts(operations: readonly Operation[], initial: Value): ((state: Value) => boolean) | null {
  const put: string[] = []
  const appended: string[] = []
  const read: string[] = []
  for (const { f, input, output } of operations) {
    if (f === 'put' && typeof input === 'string') put.push(input)
    else if (f === 'append' && typeof input === 'string') appended.push(input)
    else if (f !== 'get') return null
    else if (typeof output === 'string') read.push(output)
  }
  if (put.length > 0 && !areToldApart([...put, ...appended, ...(initial === null || initial === '' ? [] : [String(initial)])])) return null
  const rootOf = (text: string): string => put.find((root) => text.startsWith(root)) ?? ''
  const longest = new Map<string, string>()
  for (const text of read) {
    const root = rootOf(text)
    if (text.length > (longest.get(root) ?? '').length) longest.set(root, text)
  }
  return (state) => {
    if (typeof state !== 'string') return true
    const known = longest.get(rootOf(state)) ?? ''
    return state.length <= known.length ? known.startsWith(state) : state.startsWith(known)
  }
}

/** None of the texts is the beginning of another. */
function areToldApart(texts: readonly string[]): boolean {
  // In this order a text stands right before those that begin with it.
  const sorted = [...texts].sort()
  return sorted.every((text, i) => text !== '' && !(sorted[i + 1] ?? '').startsWith(text))
}
