/**
 * The ways in which the operations so far can have taken effect, while nobody knows yet what those that are open will return. A
 * configuration is a state of the specification, the open operations that have taken effect to reach it, each with what it must
 * then return, and the crashed ones that have not taken effect and still may.
 *
 * As in just-in-time linearization (Lowe, Testing for linearizability, Concurrency and Computation 2017), operations take effect
 * only when another cannot return otherwise. A configuration is left out where another can become it, or one that leaves open
 * more crashed operations: what remains is the same for all pasts with the same future, because becoming is a partial order.
 *
 * Where what an operation does depends on what it returns, as with a lock that hands out tokens, the state after it is not known
 * before it returns: what takes effect from then on is kept as steps.
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
  /** What took effect after the state; the first is an open operation that does what depends on what it will return. */
  readonly steps: readonly Step[]
}

export interface Step {
  readonly call: Call
  readonly ending: Ending | 'unknown' | 'crashed'
}

export interface Placed {
  readonly process: Process
  readonly must: Must
}

/** What is computed of a configuration again and again. */
interface Known {
  readonly configuration: Configuration
  /** Of all but what has crashed. */
  readonly group: string
  readonly crashed: readonly string[]
  /** By the operation that takes effect. */
  readonly next: Map<string, readonly Known[]>
}

/** Works on sets of configurations, and remembers what each can become. */
export class Configurations {
  readonly #effects: Effects
  readonly #known = new Map<string, Known>()

  constructor(effects: Effects) {
    this.#effects = effects
  }

  /** Every configuration that some can become while nothing is called and nothing returns, they themselves included. */
  reachable(from: readonly Configuration[], open: readonly Call[]): Configuration[] {
    const found = new Set(from.map((one) => this.#know(one)))
    for (const known of found) for (const next of this.#successors(known, open)) found.add(next)
    return [...found].map(({ configuration }) => configuration)
  }

  /**
   * Those in which an operation ended as its client was told.
   * @param others the operations that are open besides it
   */
  ended(from: readonly Configuration[], call: Call, ending: Ending, others: readonly Call[]): Configuration[] {
    const waiting = from.filter((one) => !hasTakenEffect(one, call))
    const now = this.reachable(waiting, others).flatMap((one) => this.#settled({ ...one, steps: [...one.steps, { call, ending }] }))
    return [...from.filter((one) => hasTakenEffect(one, call)).flatMap((one) => this.#told(one, call, ending)), ...now]
  }

  /** After an operation of which nobody will know what became of it; `as` what may still take effect, if anything. */
  crashed(from: readonly Configuration[], call: Call, as: Call | null): Configuration[] {
    return from.flatMap((one) => {
      if (hasTakenEffect(one, call)) return this.#told(one, call, 'crashed')
      return [as === null ? one : { ...one, crashed: sorted([...one.crashed, as]) }]
    })
  }

  /** The states that a configuration can be in. */
  statesOf({ state, steps }: Configuration): Plain[] {
    return steps.reduce<Plain[]>(
      (states, { call, ending }) =>
        distinct(states.flatMap((one) => this.#effects.of(one, call, ending).map((accepted) => accepted.state))),
      [state],
    )
  }

  /** Without those that another makes superfluous, in order. */
  essential(from: readonly Configuration[], open: readonly Call[]): readonly Configuration[] {
    const all = new Set(from.map((one) => this.#know(one)))
    if (all.size === 1) return [...all].map(({ configuration }) => configuration)
    // None becomes itself again, so what another becomes is superfluous.
    const become = new Set<Known>()
    for (const known of all) for (const next of this.#successors(known, open)) become.add(next)
    for (const known of become) for (const next of this.#successors(known, open)) become.add(next)
    const groups = new Map<string, Known[]>()
    for (const known of new Set([...all, ...become])) groups.set(known.group, [...(groups.get(known.group) ?? []), known])
    return [...all]
      .filter((known) => !become.has(known) && !groups.get(known.group)?.some((other) => other !== known && hasMore(other, known)))
      .sort((a, b) => (keyOfKnown(a) < keyOfKnown(b) ? -1 : 1))
      .map(({ configuration }) => configuration)
  }

  #successors(known: Known, open: readonly Call[]): Known[] {
    const { configuration } = known
    const next: Known[] = []
    for (const call of open) if (!hasTakenEffect(configuration, call)) next.push(...this.#placing(known, call))
    for (const [i, call] of configuration.crashed.entries())
      if (i === 0 || known.crashed[i] !== known.crashed[i - 1]) next.push(...this.#reviving(known, call, i))
    return next
  }

  /** An open operation takes effect. */
  #placing({ configuration, next }: Known, call: Call): readonly Known[] {
    return remembered(next, `${typeof call.process} ${call.process} ${call.f} ${keyOf(call.input)}`, () => {
      const steps = [...configuration.steps, { call, ending: 'unknown' as const }]
      return this.#settled({ ...configuration, steps }).map((one) => this.#know(one))
    })
  }

  /** A crashed operation takes effect; where that changes nothing, it need not. */
  #reviving({ configuration, next }: Known, call: Call, at: number): readonly Known[] {
    return remembered(next, `crashed ${at}`, () => {
      const crashed = configuration.crashed.toSpliced(at, 1)
      const after = this.#settled({ ...configuration, crashed, steps: [...configuration.steps, { call, ending: 'crashed' }] })
      const before = keyOf(this.statesOf(configuration))
      return after.filter((one) => keyOf(this.statesOf(one)) !== before).map((one) => this.#know(one))
    })
  }

  /** An operation that has taken effect is said to have ended so. */
  #told(one: Configuration, call: Call, ending: Ending | 'crashed'): Configuration[] {
    const { must } = one.placed.find(({ process }) => process === call.process) ?? {}
    if (must === undefined) {
      const isIt = (step: Step): boolean => step.ending === 'unknown' && step.call.process === call.process
      return this.#settled({ ...one, steps: one.steps.map((step) => (isIt(step) ? { ...step, ending } : step)) })
    }
    if (ending !== 'crashed' && !this.#agrees(must, call, ending)) return []
    return [{ ...one, placed: one.placed.filter((other) => other.process !== call.process) }]
  }

  /** Takes the steps whose effect is known into the state; none remains where they are impossible. */
  #settled(one: Configuration): Configuration[] {
    const [first, ...steps] = one.steps
    if (first === undefined) return [one]
    const { call, ending } = first
    const accepted = this.#effects.of(one.state, call, ending)
    if (ending === 'unknown' && accepted.some(({ must }) => must === null)) return this.statesOf(one).length > 0 ? [one] : []
    return accepted.flatMap(({ state, must }) => {
      const placed = ending !== 'unknown' || must === null ? one.placed : sorted([...one.placed, { process: call.process, must }])
      return this.#settled({ ...one, state, placed, steps })
    })
  }

  #agrees(must: Must, call: Call, ending: Ending): boolean {
    if (must === 'fail' || ending === 'fail') return must === ending
    if (must === 'succeed') return true
    if ('return' in must) return equal(must.return, ending.ok)
    return this.#effects.of(must.from, call, ending).some(({ state }) => equal(state, must.to))
  }

  #know(configuration: Configuration): Known {
    const { state, placed, crashed, steps } = configuration
    const group = `${keyOf(state)} ${keyOf(placed)} ${keyOf(steps)}`
    const waiting = crashed.map((call) => keyOf(call))
    return remembered(this.#known, `${group} ${waiting.join()}`, () => ({ configuration, group, crashed: waiting, next: new Map() }))
  }
}

/** Whether an operation that is open has taken effect. */
export function hasTakenEffect({ placed, steps }: Configuration, { process }: Call): boolean {
  return (
    placed.some((other) => other.process === process) || steps.some(({ call, ending }) => ending === 'unknown' && call.process === process)
  )
}

/** Whether one that is otherwise the same has all the crashed operations left that the other has. */
function hasMore({ crashed: more }: Known, { crashed: fewer }: Known): boolean {
  const left = [...more]
  return fewer.every((call) => {
    const at = left.indexOf(call)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}

function keyOfKnown({ group, crashed: waiting }: Known): string {
  return `${group} ${waiting.join()}`
}

function sorted<T>(list: readonly T[]): readonly T[] {
  return list
    .map((member) => ({ member, key: keyOf(member) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ member }) => member)
}

function distinct(states: readonly Plain[]): Plain[] {
  return states.length < 2 ? [...states] : [...new Map(states.map((state) => [keyOf(state), state])).values()]
}

function remembered<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
