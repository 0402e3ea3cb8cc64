/**
 * Random walks from an initial state, each step chosen by a scheduler, until nothing is enabled, a violation, or the
 * depth limit. The states on the way are stored, so that the coverage reported is of distinct ones.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { outside } from '../engine/space.ts'
import { isLiveness } from '../language/properties.ts'
import { lassosAmong } from '../liveness/sampled.ts'
import type { Guarantee, Limit, Progress } from '../result.ts'
import type { Strategy, Trace } from '../trace.ts'
import { isOutOfMemory } from './limits.ts'
import { judgeTerminal, Pacer, type Run, type Search } from './search.ts'

/** A transition that a walk could take next. */
export interface Candidate {
  /** Where its entry stands in the machine's lists. */
  readonly position: number
  readonly instance: number
  /** Messages that it takes out of the network and puts into it, as keys that name slot and content; fifo takes name only the slot. */
  readonly takes: readonly string[]
  readonly sends: readonly string[]
}

export interface Scheduler {
  /** Begins a walk. */
  start(): void
  /** The index of the candidate to take; candidates are never empty. */
  choose(candidates: readonly Candidate[]): number
  /** What was taken, after it turned out to be possible, and whether it led the walk nowhere, back to where it has been, or on. */
  taken(candidate: Candidate, led: 'nowhere' | 'back' | 'on'): void
  guarantee(walks: number): Guarantee | null
}

/** A whole number from 0 to count - 1. */
export type Random = (count: number) => number

export interface WalkOptions {
  readonly seed: number
  readonly walks: number
  readonly maxDepth: number
  readonly strategy: Strategy
}

export function* walk(search: Search, options: WalkOptions, schedulerOf: (random: Random) => Scheduler): Run {
  const { space, judge, findings, limits } = search
  const { table } = space
  const generator = xoroshiro128plus(seedOf(options.seed))
  const random: Random = (count) => uniformInt(generator, 0, count - 1)
  const scheduler = schedulerOf(random)
  const candidatesOf = candidateReader(search)
  const terminal = new Set<number>()
  const pacer = new Pacer()
  let generated = 0
  let deepest = 0
  let walks = 0
  let limit: Limit | null = null
  const initialStates = new Set<number>()
  const hasLiveness = [...space.machine.program.properties.values()].some(isLiveness)
  let lassos: readonly Trace[] = []
  const enough = (): boolean => findings.violations.length + lassos.length >= limits.maxViolations

  const arrive = (state: number, known: number, depth: number, path: { initial: number; instances: number[] }): boolean => {
    generated++
    deepest = Math.max(deepest, depth)
    if (state < known) return false
    const found = judge.judge(space.peek(state))
    if (found.length > 0) findings.states(found, depth, { state, walk: { initial: path.initial, instances: [...path.instances] } })
    return found.some(({ kind }) => kind === 'always')
  }
  const comeUp = function* (): Generator<Progress, void, void> {
    if (table.size > limits.maxStates) limit = 'states'
    if (!pacer.due()) return
    yield {
      distinct: table.size,
      generated,
      frontier: options.walks - walks,
      depth: deepest,
      seconds: limits.seconds(),
      memoryBytes: limits.memoryBytes(),
    }
    limit = limits.exceeded() ?? limit
  }
  const oneWalk = function* (): Generator<Progress, void, void> {
    const initial = random(search.initial.length)
    const known = table.size
    let state = space.add(search.initial[initial] as Int32Array)
    if (state === outside) return
    initialStates.add(state)
    const path = { initial, instances: [] as number[] }
    if (arrive(state, known, 1, path)) return
    scheduler.start()
    const been = new Set([state])
    while (path.instances.length < options.maxDepth) {
      yield* comeUp()
      if (limit !== null) return
      space.load(state)
      const candidates = candidatesOf()
      const depth = path.instances.length + 1
      if (candidates.length === 0) {
        terminal.add(state)
        judgeTerminal(search, space.values, depth, { state, walk: { initial, instances: [...path.instances] } })
        return
      }
      const before = table.size
      const step = takeStep(search, scheduler, candidates)
      if (step === null) return
      scheduler.taken(step.candidate, step.state === state ? 'nowhere' : been.has(step.state) ? 'back' : 'on')
      been.add(step.state)
      path.instances.push(step.candidate.instance)
      const failed = failuresAt(search, step.candidate.position)
      for (const { property, message } of failed) {
        findings.add({
          property,
          kind: 'step',
          part: null,
          message,
          depth: depth + 1,
          place: { state: step.state, walk: { initial, instances: [...path.instances] } },
        })
      }
      state = step.state
      if (arrive(state, before, depth + 1, path) || failed.length > 0) return
    }
  }

  const lookForLassos = function* (): Generator<Progress, void, void> {
    const how = { strategy: options.strategy, seed: options.seed }
    const sampled = yield* lassosAmong(search, { initial: initialStates, depth: deepest, how })
    lassos = sampled.lassos
    limit ??= sampled.limit
  }

  try {
    while (search.initial.length > 0 && !enough()) {
      if (walks >= options.walks) limit = 'walks'
      yield* comeUp()
      if (limit !== null) break
      yield* oneWalk()
      if (limit === null) walks++
      // After 1, 2, 4, 8 ... walks and the last, so that all of it takes no more than twice the time of the last.
      if (hasLiveness && limit === null && !enough() && (isPowerOfTwo(walks) || walks === options.walks)) yield* lookForLassos()
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    limit = 'memory'
  }
  return {
    limit,
    generated,
    depth: deepest,
    levels: [],
    terminal: terminal.size,
    walks,
    guarantee: scheduler.guarantee(walks),
    parents: null,
    parentBytes: 0,
    lassos,
  }
}

/** Uniform choice among the enabled transitions. */
export function uniform(random: Random): Scheduler {
  return { start: () => {}, choose: (candidates) => random(candidates.length), taken: () => {}, guarantee: () => null }
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count))
}

/** All bits of a safe integer count, though the generator takes 32. */
function seedOf(seed: number): number {
  return (seed | 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1)
}

/** Takes the scheduler's choice; one that leads outside of the boundary is not among the choices. */
function takeStep({ space }: Search, scheduler: Scheduler, all: readonly Candidate[]): { candidate: Candidate; state: number } | null {
  const candidates = [...all]
  while (candidates.length > 0) {
    const index = scheduler.choose(candidates)
    const candidate = candidates[index] as Candidate
    const state = space.fire(candidate.position)
    if (state === outside) {
      candidates.splice(index, 1)
      continue
    }
    const action = space.machine.instances[candidate.instance]?.action as number
    space.taken[action] = (space.taken[action] as number) + 1
    return { candidate, state }
  }
  return null
}

function failuresAt({ space }: Search, position: number): readonly { property: string; message: string }[] {
  const { lists, steps } = space.machine
  return (lists.data[position] as number) < 0 ? (steps.failures[lists.data[position + 1] as number] ?? []) : []
}

/** Reads the candidates of the current state, remembering them by successor list. */
function candidateReader({ space }: Search): () => readonly Candidate[] {
  const { machine } = space
  const known = new Map<number, readonly Candidate[]>()
  const describe = (list: number): readonly Candidate[] =>
    machine.lists.positions(list).map((position) => {
      const instance = machine.lists.instanceAt(position)
      const { operations } = machine.outcome(instance, space.values)
      const [takes, sends]: [string[], string[]] = [[], []]
      for (const [slot, id] of operations) {
        const { name, argument, kind } = machine.operation(id)
        if (name === kind?.takes) takes.push(messageKey(slot, argument))
        if (name === kind?.sends) sends.push(messageKey(slot, argument))
      }
      return { position, instance, takes, sends }
    })
  return () => {
    machine.lists.discard()
    const enabled = new Set<number>()
    const candidates = space.lists().flatMap((list) => {
      const kept = machine.lists.isKept(list)
      const found = (kept ? known.get(list) : undefined) ?? describe(list)
      if (kept) known.set(list, found)
      return found
    })
    for (const { instance } of candidates) enabled.add(machine.instances[instance]?.action as number)
    for (const action of enabled) space.enabled[action] = (space.enabled[action] as number) + 1
    return candidates
  }
}

function messageKey(slot: number, argument: unknown): string {
  return argument === null ? `${slot}` : `${slot} ${JSON.stringify(argument)}`
}
