/** A whole state in few lines: members of a family that are equal stand together, and empty collections are left out. */
import type { Json } from '../checker/index.ts'
import { sameJson } from '../checker/language/json.ts'
import { literal } from './literal.ts'
import type { Replay } from './replay.ts'
import type { Story } from './story.ts'
import { type Rich, span } from './text.ts'

/** @param only the slots to describe; by default all, save those of the network */
export function describeState({ program, states }: Replay, { hidden }: Story, at: number, only?: ReadonlySet<number>): Rich[] {
  const state = states[at] as readonly Json[]
  const { slots } = program.shape
  const groups: { family: string; first: number | null; last: number | null; value: Json }[] = []
  for (const [slot, { family, index, slot: kind }] of slots.entries()) {
    const value = state[slot] as Json
    const empty = kind.kind === 'accumulator' && Array.isArray(value) && value.length === 0 && only === undefined
    if (hidden(slot) || empty || (only !== undefined && !only.has(slot))) continue
    const group = groups.at(-1)
    const adjoins = group !== undefined && group.family === family && index !== null && group.last === index - 1
    if (adjoins && sameJson(group.value, value)) group.last = index
    else groups.push({ family, first: index, last: index, value })
  }
  return groups.map(({ family, first, last, value }) => {
    const range = first === null ? '' : first === last ? `[${first}]` : `[${first}..${last}]`
    return [span(`${family}${range}`, 'bold'), span(`: ${literal(value)}`)]
  })
}

/** The slots whose last value differs from their first. */
export function changedSlots({ states }: Replay): ReadonlySet<number> {
  const [first, last] = [states[0] as readonly Json[], states.at(-1) as readonly Json[]]
  return new Set(first.flatMap((value, slot) => (sameJson(value, last[slot]) ? [] : [slot])))
}
