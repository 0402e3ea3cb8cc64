/** Who can talk to whom, or be compared with whom. */
import { type Id, ids } from '../../checker/index.ts'

/** From every node to every other one. */
export function links(nodes: number): [Id, Id][] {
  return ids(nodes).flatMap((i) => others(i, nodes).map((j): [Id, Id] => [i, j]))
}

/** Every two nodes, the smaller number first. */
export function pairs(nodes: number): [Id, Id][] {
  return links(nodes).filter(([i, j]) => i < j)
}

/** Every node but one. */
export function others(self: Id, nodes: number): Id[] {
  return ids(nodes).filter((other) => other !== self)
}
