/** What the properties ask of a state. */
import { type Id, ids } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import type { Process } from './clients.ts'
import { isNews, type Node, read } from './node.ts'
import { isHealthy, placesOf } from './ring.ts'
import type { Setting, State } from './state.ts'
import { includes, merge, valuesOf } from './versions.ts'

/** What the nodes show that keep a key; and, where another one keeps something for one of them, what that one would show if it had it. */
export function shownBy(s: State, owners: readonly Id[]): readonly (readonly number[][])[] {
  const held = owners.map((i) => s.server[i].held)
  const hinted = s.server.flatMap(({ hints }) =>
    hints.map((hint) => s.server[hint.for].held.map((versions, key) => (key === hint.key ? merge(versions, hint.versions) : versions))),
  )
  return [...held, ...hinted].map((content) => content.map((versions) => [...valuesOf(versions)]))
}

/** Whether a write is on some node, or on its way to one. */
export function isKept(s: State, write: number): boolean {
  return [...s.server.entries()].some(
    ([i, node]) =>
      node.held.some((_, key) => includes(read(node, key), write)) ||
      s.net.pending(i).some(({ message }) => includes(message.versions, write)),
  )
}

/**
 * Whether all that keep a key hold what this one does, or more, or have dropped it already, and nobody can bring back anything older:
 * nothing is on its way or kept for somebody, and no request is open that may remember it.
 */
export function isEverywhere(s: State, owners: readonly Id[], i: Id, key: number): boolean {
  if (s.net.size > 0 || s.client.some(({ isWaiting }) => isWaiting) || s.server.some(({ hints }) => hints.length > 0)) return false
  const these = s.server[i].held[key] ?? []
  const others = owners.map((other) => s.server[other].held[key] ?? [])
  return others.every((versions) => versions.length === 0 || these.every(({ write }) => includes(versions, write)))
}

/** Nobody waits, nothing is on its way, and there is nothing left for hinted handoff and anti-entropy to do. */
export function isQuiet(s: State, owners: readonly Id[], c: Setting, bug: Bugs): boolean {
  if (s.net.size > 0 || s.client.some(({ isWaiting }) => isWaiting)) return false
  if (c.handoff && s.server.some(({ hints }) => hints.length > 0)) return false
  return !c.antiEntropy || !owners.some((i) => owners.some((j) => i !== j && hasNewsFor(s.server[i], s.server[j], bug)))
}

export function hasNewsFor(from: Node, to: Node, bug: Bugs): boolean {
  return from.held.some((versions, key) => isNews(to.held[key] ?? [], versions, bug))
}

/** Whether the request of a client can be answered by those that can be reached now. */
export function canBeHelped(s: State, { request }: Process, c: Setting, list: readonly Id[]): boolean {
  if (request === null) return false
  const { phase, coordinator } = request
  const reached = placesOf(s, c, coordinator, list).map(({ node }) => node)
  if (phase.is === 'collecting') return new Set([...phase.answered, ...reached]).size >= c.R
  const isComing = (i: Id): boolean =>
    phase.sent.includes(i) ? isHealthy(s, coordinator, i) && s.net.pending(i).some(({ from }) => from === coordinator) : reached.includes(i)
  return new Set([...phase.stored, ...ids(c.nodes).filter(isComing)]).size >= c.W
}
