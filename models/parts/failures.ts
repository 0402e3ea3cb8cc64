/**
 * Nodes that fail by stopping, and come back with what they have on disk (crash-recovery; Cachin, Guerraoui & Rodrigues,
 * Introduction to Reliable and Secure Distributed Programming, 2nd ed. 2011, section 2.2.4). How often is a budget, so that the
 * space stays finite. A model keeps its nodes in cells named `server` and the budget in a cell named `crashes`:
 *
 *     crash: on.action(crash(c.servers, (server) => { server.cache = [] })),
 *     restart: on.action(restart(c.servers)),
 *
 * Messages to a node that is down wait, as those to a slow one do; a model whose messages get lost then says so in `receive`.
 */
import { type FamilyView, type Id, ids } from '../../checker/index.ts'

/** What can be up or down. */
export interface Mortal {
  isUp: boolean
}

interface View<N> {
  readonly crashes: number
  readonly server: FamilyView<N>
}

interface Draft<N> {
  crashes: number
  readonly server: { [index: number]: N }
}

interface Crash<N> {
  readonly each: readonly Id[]
  readonly when: (s: View<N>, i: Id) => boolean
  readonly then: (s: Draft<N>, i: Id) => void
}

/** Enabled iff the node is up and crashes are left. `forget` loses what is volatile. */
export function crash<N extends Mortal>(nodes: number, forget: (node: N) => void = () => {}): Crash<N> {
  return {
    each: ids(nodes),
    when: (s, i) => s.crashes > 0 && (s.server[i] as N).isUp,
    then: (s, i) => {
      s.crashes -= 1
      const node = s.server[i] as N
      node.isUp = false
      forget(node)
    },
  }
}

/** Enabled iff the node is down, which no node is for ever. `recover` does what a node does when it starts. */
export function restart<N extends Mortal>(
  nodes: number,
  recover: (node: N) => void = () => {},
): Omit<Crash<N>, 'when'> & {
  readonly when: (s: Pick<View<N>, 'server'>, i: Id) => boolean
  readonly fair: 'weak'
} {
  return {
    each: ids(nodes),
    fair: 'weak',
    when: (s, i) => !(s.server[i] as N).isUp,
    then: (s, i) => {
      const node = s.server[i] as N
      node.isUp = true
      recover(node)
    },
  }
}
