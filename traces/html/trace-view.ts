/** A trace as the page of a report shows it: who sent what to whom, what changed, and which properties held when. */
import { type Json, program, type Simulation, type State, simulation } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'
import { isLiveness, type Property } from '../../checker/language/properties.ts'
import { writeTrace } from '../format.ts'
import { traceItf } from '../itf.ts'
import { literal } from '../literal.ts'
import { traceMermaid } from '../mermaid.ts'
import type { Parties } from '../parties.ts'
import { findingText, type Replay } from '../replay.ts'
import { isOutside, type Message, type Story, type StoryStep, type Told, tellStory } from '../story.ts'
import { visible } from '../text.ts'
import type { ChangeText, Lane, Partition, PropertyStrip, StepMark, TraceMessage, TraceStep, TraceView } from './document.ts'

export function traceView(replayed: Replay): TraceView {
  const { trace } = replayed
  return {
    ...pathView(replayed, replayed.simulation),
    properties: stripsOf(replayed),
    loop: trace.loop ?? null,
    exports: { json: writeTrace(trace), mmd: traceMermaid(replayed), 'itf.json': traceItf(replayed) },
  }
}

/** A path that need not be a trace, and no more than what happens on it. */
export function pathView(told: Told, sim: Simulation): Omit<TraceView, 'properties' | 'loop' | 'exports'> {
  const story = tellStory(told)
  const lanes = new Map(story.nodes.map((node, i) => [node, i]))
  const environment = story.steps.some(isOutside) ? lanes.size : null
  return {
    kind: 'trace',
    lanes: [
      ...story.nodes.map((node): Lane => laneOf(story.parties, node)),
      ...(environment === null ? [] : [{ name: 'env', short: 'env', kind: 'environment' } as const]),
    ],
    steps: story.steps.map((step, i) => ({
      ...stepOf(told, step, i),
      lane: isOutside(step) ? environment : (lanes.get(step.lane ?? -1) ?? null),
    })),
    messages: messagesOf(story, lanes),
    partitions: partitionsOf(story, lanes),
    initial: sim.record(told.states[0] as State),
  }
}

function laneOf(parties: Parties, lane: number): Lane {
  const [name, { role, number }] = [parties.nameOf(lane), parties.shortOf(lane)]
  return { name, short: role + number, kind: role === '' ? 'node' : 'party' }
}

function stepOf({ program: { shape }, states }: Told, step: StoryStep, i: number): Omit<TraceStep, 'lane'> {
  const { transition, changes, operations } = step
  const [before, after] = [states[i] as State, states[i + 1] as State]
  const written = shape.slots.flatMap(({ name }, slot) => (before[slot] === after[slot] ? [] : [[name, after[slot] as Json] as const]))
  return {
    action: transition.action,
    text: textOfStep(step),
    mark: markOf(step),
    writes: Object.fromEntries(written),
    changes: [
      ...changes.map(({ path, before: was, after: is }): ChangeText => ({ path, before: textOf(was), after: textOf(is) })),
      ...operations.map(({ slot, sign, text, argument }): ChangeText => {
        const said = sign === '' ? `${text} ${literal(argument)}` : literal(argument)
        return { path: slot, before: sign === '-' ? said : null, after: sign === '-' ? null : said }
      }),
    ],
  }
}

function textOfStep({ transition: { action, args }, arrived, lost, copied }: StoryStep): string {
  const messages = [...arrived, ...lost, ...copied.map(({ original }) => original)]
  const texts = args.map((arg) => {
    const message = messages.find(({ element }) => typeof arg === 'object' && sameJson(element, arg))
    return message?.name ?? literal(arg)
  })
  return `${action}(${texts.join(', ')})`
}

function textOf(value: Json | undefined): string | null {
  return value === undefined ? null : literal(value)
}

const marksByName: readonly (readonly [RegExp, StepMark])[] = [
  [/crash|kill/i, 'crash'],
  [/restart|recover/i, 'restart'],
  [/time(s)?out|tick|expire|elapse/i, 'timer'],
]

function markOf({ lost, copied, cut, transition }: StoryStep): StepMark | null {
  if (lost.length > 0) return 'drop'
  if (copied.length > 0) return 'duplicate'
  if (cut !== undefined) return cut === null ? 'heal' : 'partition'
  return marksByName.find(([name]) => name.test(transition.action))?.[1] ?? null
}

function messagesOf({ steps, inFlight }: Story, lanes: ReadonlyMap<number, number>): TraceMessage[] {
  const sent = new Map<string, { message: Message; at: number; copyOf: string | null }>()
  const calls = new Set(steps.flatMap(({ called }) => called.map(({ name }) => name)))
  const ended = new Map<string, { at: number; isLost: boolean }>()
  const know = (message: Message, at: number, copyOf: string | null = null): void => {
    if (!sent.has(message.name)) sent.set(message.name, { message, at, copyOf })
  }
  for (const [i, { arrived, lost, sent: out, called, copied }] of steps.entries()) {
    for (const call of called) {
      know(call, i + 1)
      ended.set(call.name, { at: i + 1, isLost: false })
    }
    // What arrives without having been sent was there from the start.
    for (const message of [...arrived, ...lost]) know(message, 0)
    for (const message of arrived) ended.set(message.name, { at: i + 1, isLost: false })
    for (const message of lost) ended.set(message.name, { at: i + 1, isLost: true })
    for (const message of out) know(message, i + 1)
    for (const { original, copy } of copied) know(copy, i + 1, original.name)
  }
  for (const message of inFlight) know(message, 0)
  return [...sent.values()].map(({ message: { name, from, to, content }, at, copyOf }) => ({
    name,
    from: from === null ? null : (lanes.get(from) ?? null),
    to: lanes.get(to) ?? 0,
    text: calls.has(name) && content === null ? '' : literal(content),
    content,
    sent: at,
    ended: ended.get(name)?.at ?? null,
    isLost: ended.get(name)?.isLost ?? false,
    copyOf,
    isCall: calls.has(name),
  }))
}

function partitionsOf({ steps }: Story, lanes: ReadonlyMap<number, number>): Partition[] {
  const partitions: { lanes: readonly number[]; from: number; to: number | null }[] = []
  for (const [i, { cut }] of steps.entries()) {
    if (cut === undefined) continue
    const last = partitions.at(-1)
    if (last !== undefined && last.to === null) last.to = i + 1
    if (cut !== null) partitions.push({ lanes: cut.flatMap((node) => lanes.get(node) ?? []), from: i + 1, to: null })
  }
  return partitions
}

/** The property of the trace comes first; the others are judged in the same states. */
function stripsOf({ trace, states, program: { model }, finding }: Replay): PropertyStrip[] {
  const { constants, bugs, fairness = true } = trace
  const sim = simulation(program(model, { constants, bugs, fairness }))
  const strips = [...sim.program.properties].map(([name, property]) => stripOf(sim, states, name, property))
  const own = strips.filter(({ name }) => name === trace.property)
  const said = own.map((strip) => (strip.first === null && finding !== null ? { ...strip, message: visible(findingText(finding)) } : strip))
  return [...said, ...strips.filter(({ name }) => name !== trace.property)]
}

/** One property in each of these states. */
export function stripOf(sim: Simulation, states: readonly State[], name: string, property: Property): PropertyStrip {
  const found = states.map((state, i) => {
    const findings = property.kind === 'step' ? (i === 0 ? [] : sim.judgeStep(states[i - 1] as State, state)) : sim.judge(state)
    return findings.find((finding) => finding.property === name) ?? null
  })
  const first = found.findIndex((finding) => finding !== null)
  const firstFound = found[first]
  const says = (i: number): boolean | null => {
    if (isLiveness(property) || (property.kind === 'step' && i === 0)) return null
    return property.kind === 'sometimes' ? found[i] !== null : found[i] === null
  }
  return {
    name,
    kind: property.kind,
    sentence: property.sentence,
    holds: states.map((_, i) => says(i)),
    first: first < 0 ? null : first,
    message: firstFound === undefined || firstFound === null ? '' : visible(findingText(firstFound)),
  }
}
