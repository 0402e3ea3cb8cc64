/** What cannot happen in a state: which guard says no, and what it looked at. */
import type { Json, Program, Simulation, State } from '../../checker/index.ts'
import { wrappedBy } from '../../checker/language/actions.ts'
import { canonicalKey, plain } from '../../checker/language/json.ts'
import type { ProgramAction } from '../../checker/language/program.ts'
import { literal } from '../literal.ts'
import { stepText } from '../replay.ts'
import { clip } from '../text.ts'
import type { Refused } from './api.ts'

type Asked = NonNullable<ProgramAction['when'] | ProgramAction['over']>

/** Columns of a guard's text, and of a slot's value. */
const textMax = 600
const valueMax = 200

/** Every action that a state refuses: with each of its arguments, or, where there is none to take, without. */
export function* refusalsAt(sim: Simulation, state: State): Generator<Refused, void, void> {
  for (const action of sim.program.actions) {
    for (const each of action.each) {
      const first = each === undefined ? [] : [each]
      const offered = argumentsOf(sim, action, state, first)
      const process = action.process(each)
      if (action.over !== null && offered.lists.length === 0)
        yield refused(sim, state, action.over, offered.reads, { action, args: first, process }, 'over')
      for (const args of offered.lists) {
        const { when } = action
        if (when === null) continue
        const { result, reads } = sim.observe(state, `when of action ${action.name}`, (s) => when(s, ...args))
        if (result === false) yield refused(sim, state, when, reads, { action, args, process }, 'when')
      }
    }
  }
}

interface Arguments {
  readonly lists: readonly (readonly Json[])[]
  readonly reads: readonly number[]
}

function argumentsOf(sim: Simulation, { name, over }: ProgramAction, state: State, first: readonly Json[]): Arguments {
  if (over === null) return { lists: [first], reads: [] }
  const { result, reads } = sim.observe(state, `over of action ${name}`, (s) => {
    const elements = [...(over(s, ...first) as Iterable<unknown>)].map((element) => plain(element))
    return [...new Map(elements.map((element) => [canonicalKey(element), element])).values()]
  })
  return { lists: result.map((element) => [...first, element]), reads }
}

interface Instance {
  readonly action: ProgramAction
  readonly args: readonly Json[]
  readonly process: number | null
}

function refused(
  sim: Simulation,
  state: State,
  asked: Asked,
  reads: readonly number[],
  { action, args, process }: Instance,
  by: Refused['by'],
): Refused {
  const wrapped = wrappedBy(asked)
  const own = wrapped === undefined ? asked : wrapped.own
  return {
    text: stepText({ action: action.name, args }),
    process,
    by,
    source: own === null ? null : sourceOf(own),
    also: wrapped?.also ?? '',
    slots: reads.map((slot) => ({ name: nameOf(sim.program, slot), value: literal(state[slot] as Json, valueMax) })),
  }
}

/** As it runs: types are gone, and names that it closes over are not explained. */
function sourceOf(f: (...given: never[]) => unknown): string | null {
  const text = Function.prototype.toString.call(f)
  // A bound or built-in function does not tell its text.
  return /\{\s*\[native code\]\s*\}$/.test(text) ? null : clip(withoutIndent(text), textMax)
}

/** The first line stands where the property began; the others keep their indent relative to the last. */
function withoutIndent(text: string): string {
  const lines = text.split('\n')
  const indent = /^ */.exec(lines.at(-1) ?? '')?.[0].length ?? 0
  return lines.map((line, i) => (i === 0 ? line : line.slice(Math.min(indent, /^ */.exec(line)?.[0].length ?? 0)))).join('\n')
}

function nameOf({ shape }: Program, slot: number): string {
  return shape.slots[slot]?.name ?? ''
}
