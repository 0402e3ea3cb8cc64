/**
 * Where a key is kept (the paper, sections 4.2, 4.3 and 4.6). Nodes have positions on a ring, and a key belongs to the first N distinct
 * nodes that one meets clockwise from the position of the key. All nodes in that order are its preference list.
 */
import { type FamilyView, type Id, ids, type NetworkView } from '../../checker/index.ts'
import type { Node, Put } from './node.ts'

export interface Ring {
  readonly nodes: number
  readonly N: number
  readonly tokens: number
  readonly quorum: 'strict' | 'sloppy'
}

/** Who can be reached, and who is thought to be. */
export interface Reach {
  readonly server: FamilyView<Node>
  readonly net: Pick<NetworkView<Put>, 'connected'>
  readonly suspects: FamilyView<readonly Id[]>
}

/** Who keeps a version: on its own account, or in the place of a node that cannot be reached. */
export interface Place {
  readonly node: Id
  readonly for: Id | null
}

/**
 * Who is at each position of the ring, clockwise from the keys. A node with several positions (virtual nodes, section 4.2) has them
 * next to each other, as they may fall.
 */
export function positions({ nodes, tokens }: Ring): readonly Id[] {
  return ids(nodes).flatMap((node) => Array.from({ length: tokens }, () => node))
}

/** "Constructed by skipping positions in the ring to ensure that the list contains only distinct physical nodes" (section 4.3). */
export function preferenceList(ring: Ring): readonly Id[] {
  return [...new Set(positions(ring))]
}

/** Whom a node can reach, as far as it knows (section 4.8.3: each finds out for itself, by the answers that it gets or does not get). */
export function isHealthy(s: Reach, observer: Id, node: Id): boolean {
  if (observer === node) return true
  return s.server[node].isUp && s.net.connected(observer, node) && !s.suspects[observer].includes(node)
}

/**
 * Where a coordinator reads and writes. With strict quorums: at those of the first N nodes that are healthy. With sloppy ones: at
 * the first N healthy nodes of the preference list, "which may not always be the first N nodes encountered while walking the ring".
 * Each that is not one of these stands in for one of them that is missing.
 */
export function placesOf(s: Reach, ring: Ring, coordinator: Id, list: readonly Id[]): readonly Place[] {
  const healthy = list.filter((node) => isHealthy(s, coordinator, node))
  const owners = list.slice(0, ring.N)
  const present = owners.filter((node) => healthy.includes(node))
  const missing = owners.filter((node) => !healthy.includes(node))
  const own = [...new Set(present)].map((node) => ({ node, for: null }))
  if (ring.quorum === 'strict') return own
  const others = healthy.filter((node) => !owners.includes(node))
  return [...own, ...missing.flatMap((owner, i) => others.slice(i, i + 1).map((node) => ({ node, for: owner })))]
}

/** How many of the N replicas these nodes are. A stand-in is one. */
export function votesOf(nodes: readonly Id[], { N }: Ring, list: readonly Id[]): number {
  const owners = list.slice(0, N)
  return nodes.reduce<number>((sum, node) => sum + Math.max(1, owners.filter((owner) => owner === node).length), 0)
}
