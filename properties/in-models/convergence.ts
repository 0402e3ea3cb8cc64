/**
 * What replicated systems promise of a state, as checks to put into properties: each answers `true`, or says in a sentence what is
 * wrong. When to ask (nothing is on its way, faults have healed) is up to the model.
 */
import { keyOf, showValue } from '../value.ts'
import { type Answer, type Plain, plainOf } from './monitor.ts'

/**
 * Whether replicas agree: convergence, to be asked once everything has been delivered (Shapiro, Preguiça, Baquero & Zawirski,
 * Conflict-free replicated data types, SSS 2011: replicas that have delivered the same updates have equivalent states).
 * @param replicas what each shows to clients, in the order of their numbers
 */
export function converged(replicas: Iterable<unknown>): Answer {
  const [first, ...others] = [...replicas].map((replica) => ({ shown: show(replica), key: keyOf(replica) }))
  const other = others.findIndex(({ key }) => key !== first?.key)
  return other === -1 || `replica 0 holds ${first?.shown} and replica ${other + 1} holds ${others[other]?.shown}`
}

/**
 * Whether no acknowledged write is lost: every one of them is still there, or something that may replace it.
 * @param isKept whether a write is where clients can find it
 */
export function durable<W>(acknowledged: Iterable<W>, isKept: (write: W) => boolean): Answer {
  for (const write of acknowledged) if (!isKept(write)) return `${show(write)} was acknowledged, and is lost`
  return true
}

/**
 * Whether every client that waits at a node which is up still can be answered without help from outside. On a finite model this is
 * the availability of the CAP theorem (Gilbert & Lynch, Brewer's conjecture, SIGACT News 33(2), 2002: every request received by a
 * non-failing node must result in a response) as far as one state can show it: asked in all reachable states, it is violated iff
 * some client waits and no step but the end of a fault can lead to its answer. It does not see clients that are passed over for ever
 * while others make progress, which is a matter of fairness.
 * @param waiting clients of nodes that are up, each with what it waits for
 * @param canBeHelped whether something that may lead to the answer can happen while the fault lasts
 */
export function available<C>(waiting: Iterable<C>, canBeHelped: (client: C) => boolean): Answer {
  for (const client of waiting)
    if (!canBeHelped(client)) return `${show(client)} waits for an answer that cannot come before the fault ends`
  return true
}

/**
 * Whether parts of one change are in effect all together or not at all (Lynch, Merritt, Weihl & Fekete, Atomic Transactions, 1993).
 * @param parts whether each has taken effect, or `null` while that is open
 */
export function atomic(parts: Iterable<boolean | null>): Answer {
  const all = [...parts]
  const [done, undone] = [all.indexOf(true), all.indexOf(false)]
  return done === -1 || undone === -1 || `part ${done} has taken effect and part ${undone} has not`
}

function show(value: unknown): string {
  return showValue(plainOf(value as Plain))
}
