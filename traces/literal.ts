/** Plain data as short, readable text: `requestVote{term: 1, log: [{term: 1}]}`. Meant for people; it does not parse back. */
import type { Json } from '../checker/index.ts'
import { clip, visible } from './text.ts'

/**
 * A value as text on one line. Words stay unquoted; an object with a tag (see `tagOf`) shows it in front.
 * @param max the width beyond which the text is cut, with an ellipsis
 */
export function literal(value: Json, max: number = Number.POSITIVE_INFINITY): string {
  return clip(text(value), max)
}

/** The field that tells variants apart, if there is one: `kind`, `type` or `is`, with a word as its value. */
export function tagOf(value: Readonly<Record<string, Json>>): string | undefined {
  return ['kind', 'type', 'is'].find((name) => Object.hasOwn(value, name) && isWord(value[name]))
}

const word = /^[\p{L}_][\p{L}\p{N}_-]*$/u
// These would read as another value.
const reserved = new Set(['true', 'false', 'null'])

function text(value: Json): string {
  if (typeof value === 'string') return isWord(value) ? value : visible(JSON.stringify(value))
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`
  return record(value as Readonly<Record<string, Json>>)
}

function record(value: Readonly<Record<string, Json>>): string {
  const tag = tagOf(value)
  const members = Object.entries(value).filter(([name]) => name !== tag)
  const inside = members.map(([name, member]) => `${word.test(name) ? name : visible(JSON.stringify(name))}: ${text(member)}`).join(', ')
  if (tag === undefined) return `{${inside}}`
  return members.length === 0 ? String(value[tag]) : `${value[tag]}{${inside}}`
}

function isWord(value: Json | undefined): value is string {
  return typeof value === 'string' && word.test(value) && !reserved.has(value)
}
