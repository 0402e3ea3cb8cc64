/**
 * The ways in which the operations so far can have taken effect, while nobody knows yet what those that are open will return. A
 * configuration is a state of the specification, the open operations that have taken effect to reach it, each with what it must
 * then return, and the crashed ones that have not taken effect and still may.
 *
 * As in just-in-time linearization (Lowe, Testing for linearizability, Concurrency and Computation 2017), operations take effect
 * only when another cannot return otherwise. A configuration is left out where another can become it, or one that leaves open
 * more crashed operations: what remains is the same for all pasts with the same future, because becoming is a partial order.
 */
import { equal, keyOf } from '../value.ts'
import type { Call, Effects, Ending, Must } from './effects.ts'
import type { Plain, Process } from './monitor.ts'

export interface Configuration {
  readonly state: Plain
  /** Open operations that have taken effect, by process. */
  readonly placed: readonly Placed[]
  /** Crashed operations that may still take effect. */
  readonly crashed: readonly Call[]
}

export interface Placed {
  readonly process: Process
  readonly must: Must
}

/** Every configuration that one can become while nothing is called and nothing returns, itself included. */
export function reachable(from: Configuration, open: readonly Call[], effects: Effects, except?: Process): Configuration[] {
  const found = new Map([[keyOf(from), from]])
  for (const configuration of found.values()) {
    for (const next of successors(configuration, open, effects, except)) found.set(keyOf(next), found.get(keyOf(next)) ?? next)
  }
  return [...found.values()]
}

/** The configurations after an operation has ended, in any of which it took effect, or failed, as its client was told. */
export function ended(configuration: Configuration, call: Call, ending: Ending, open: readonly Call[], effects: Effects): Configuration[] {
  const placed = configuration.placed.find(({ process }) => process === call.process)
  if (placed !== undefined) return agrees(placed.must, call, ending, effects) ? [forgetting(configuration, call.process)] : []
  const others = reachable(configuration, open, effects, call.process)
  return others.flatMap((other) => effects.of(other.state, call, ending).map(({ state }) => ({ ...other, state })))
}

/** Those in which a failed operation has not taken effect. */
export function undone(configurations: readonly Configuration[], call: Call): readonly Configuration[] {
  return configurations.filter(({ placed }) => placed.every(({ process }) => process !== call.process))
}

/** After an operation of which nobody will know what became of it; `as` what it may still take effect, if at all. */
export function crashed(configuration: Configuration, call: Call, as: Call | null): Configuration {
  if (configuration.placed.some(({ process }) => process === call.process)) return forgetting(configuration, call.process)
  return as === null ? configuration : { ...configuration, crashed: sorted([...configuration.crashed, as]) }
}

/** Without those that another makes superfluous, in order. */
export function essential(configurations: readonly Configuration[], open: readonly Call[], effects: Effects): readonly Configuration[] {
  const distinct = [...new Map(configurations.map((one) => [keyOf(one), one]))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
  if (distinct.length < 2) return distinct
  const within = distinct.map((one) => reachable(one, open, effects))
  return distinct.filter((one, i) => !within.some((others, j) => j !== i && others.some((other) => covers(other, one))))
}

function successors({ state, placed, crashed: waiting }: Configuration, open: readonly Call[], effects: Effects, except?: Process) {
  const next: Configuration[] = []
  for (const call of open) {
    if (call.process === except || placed.some(({ process }) => process === call.process)) continue
    for (const { state: after, must } of effects.of(state, call, 'unknown'))
      next.push({ state: after, placed: sorted([...placed, { process: call.process, must }]), crashed: waiting })
  }
  for (const [i, call] of waiting.entries()) {
    if (i > 0 && equal(waiting[i - 1], call)) continue
    for (const { state: after } of effects.of(state, call, 'crashed'))
      if (!equal(after, state)) next.push({ state: after, placed, crashed: waiting.toSpliced(i, 1) })
  }
  return next
}

function agrees(must: Must, call: Call, ending: Ending, effects: Effects): boolean {
  if (must === 'fail' || ending === 'fail') return must === ending
  if (must === 'succeed') return true
  if ('return' in must) return equal(must.return, ending.ok)
  return effects.of(must.from, call, ending).some(({ state }) => equal(state, must.to))
}

function forgetting(configuration: Configuration, process: Process): Configuration {
  return { ...configuration, placed: configuration.placed.filter((other) => other.process !== process) }
}

/** Whether one is another that has more crashed operations left. */
function covers(one: Configuration, other: Configuration): boolean {
  if (!equal(one.state, other.state) || !equal(one.placed, other.placed)) return false
  const left = one.crashed.map((call) => keyOf(call))
  return other.crashed.every((call) => {
    const at = left.indexOf(keyOf(call))
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}

function sorted<T>(list: readonly T[]): readonly T[] {
  return list
    .map((member) => ({ member, key: keyOf(member) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ member }) => member)
}
