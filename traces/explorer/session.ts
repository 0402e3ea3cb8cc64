/** Answers the questions of the explorer's page about one model. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { z } from 'zod'
import { type Json, type Limit, type Program, type State, UserError } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'
import { limits } from '../../checker/search/limits.ts'
import { type TraceDocument, writeTrace } from '../format.ts'
import { modelFacts } from '../html/trace-report.ts'
import { pathView, stripOf } from '../html/trace-view.ts'
import { literal } from '../literal.ts'
import { findingText } from '../replay.ts'
import { visible } from '../text.ts'
import type { ChoicesAnswer, ExplorerDocument, Path, PathAnswer, Questions, Refused, SearchAnswer, TraceAnswer, WalkAnswer } from './api.ts'
import { choicesAt } from './choices.ts'
import { earlierVisits, loopOf } from './lasso.ts'
import { nearest } from './nearest.ts'
import { lassoTrace, pathTrace } from './path-trace.ts'
import { type Predicate, predicateOf } from './predicate.ts'
import { refusalsAt } from './refusals.ts'
import { digestOf, type Stop, Walker } from './walker.ts'

export interface SessionOptions {
  /**
   * Keeps a trace in a file and returns its name, by which `show` and `replay` find it. Without it the page offers the trace as a download,
   * which does not tell where the model's own file is, if it has one.
   */
  readonly save?: (trace: TraceDocument) => string
  /** The command that starts the explorer again. */
  readonly command?: string
  /** Limits on each search. */
  readonly maxStates?: number
  readonly timeMs?: number
}

export type QuestionName = keyof Questions
type Handlers = {
  readonly [N in QuestionName]: (question: Questions[N]['question'], signal: AbortSignal) => Answer<N> | Promise<Answer<N>>
}
type Answer<N extends QuestionName> = Questions[N]['answer']

/** Longer paths are not drawn; nobody has chosen them by hand. */
const pathMax = 5000
const initialMax = 500
const refusedMax = 500

export class Session {
  readonly walker: Walker
  readonly #options: SessionOptions
  readonly #handlers: Handlers = {
    path: ({ path }) => this.#path(path),
    choices: ({ path }) => this.#choices(path),
    walk: ({ path, steps, seed }, signal) => this.#walk(path, { steps, seed }, signal),
    next: ({ path, seen }, signal) => this.#next(path, seen, signal),
    find: ({ path, predicate }, signal) => this.#find(path, predicate, signal),
    trace: ({ path, loop }) => this.#trace(path, loop),
  }

  constructor(program: Program, options: SessionOptions = {}) {
    this.walker = new Walker(program)
    this.#options = options
  }

  get document(): ExplorerDocument {
    const { program, initial } = this.walker
    const { model, bugs, constants } = program
    return {
      model: model.name,
      about: model.about,
      facts: modelFacts(bugs, constants),
      command: this.#options.command ?? '',
      initial: this.#initialTexts(),
      initialTotal: initial.length,
    }
  }

  /** Whether there is such a question. */
  knows(name: string): name is QuestionName {
    return Object.hasOwn(schemas, name)
  }

  /**
   * @param question as it came, which may be anything
   * @throws UserError where the question, the model or a predicate is not as it should be
   */
  async answer(name: QuestionName, question: unknown, signal: AbortSignal): Promise<Answer<QuestionName>> {
    const read = schemas[name].safeParse(question)
    if (read.success)
      return (this.#handlers[name] as (question: unknown, signal: AbortSignal) => Promise<Answer<QuestionName>>)(read.data, signal)
    const [issue] = read.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'the question' : issue.path.join('.')
    throw new UserError('bad-option', `${name}: ${place}: ${(issue?.message ?? 'is wrong').replace(/\s+/g, ' ')}`)
  }

  #path(path: Path): PathAnswer {
    const { stops, cut } = this.walker.walk(path)
    const { program, simulation } = this.walker
    const states = stops.map(({ state }) => state)
    const transitions = stops.flatMap(({ transition }) => transition ?? [])
    const properties = [...program.properties].map(([name, property]) => stripOf(simulation, states, name, property))
    return {
      path: cut === null ? path : [this.walker.initial[path[0] ?? 0] === undefined ? 0 : (path[0] ?? 0), ...path.slice(1, stops.length)],
      cut,
      view: { ...pathView({ program, states, transitions }, simulation), properties, loop: earlierVisits(stops)[0] ?? null },
      digests: stops.map(({ digest }) => digest),
    }
  }

  #choices(path: Path): ChoicesAnswer {
    const stops = this.walker.follow(path)
    const here = stops.at(-1) as Stop
    const refused: Refused[] = []
    let refusedMore = 0
    for (const one of refusalsAt(this.walker.simulation, here.state)) {
      if (refused.length < refusedMax) refused.push(one)
      else refusedMore++
    }
    const findings = this.walker
      .violations(stops)
      .map((finding) => ({ property: finding.property, message: visible(findingText(finding)) }))
    const looping = loopOf(this.walker, stops)
    const lasso =
      looping === null
        ? null
        : {
            loop: looping.loop,
            unfair: looping.unfair,
            violated: looping.findings.map((finding) => ({ property: finding.property, message: visible(findingText(finding)) })),
          }
    return { possible: choicesAt(this.walker, here), refused, refusedMore, findings, lasso }
  }

  async #walk(path: Path, { steps, seed }: { readonly steps: number; readonly seed: number }, signal: AbortSignal): Promise<WalkAnswer> {
    const generator = xoroshiro128plus(seed)
    let reached = path
    for (let step = 0; step < steps && !signal.aborted; step++) {
      if (step % 20 === 19) await breath()
      if (reached.length > pathMax) return { path: reached, ended: 'too long' }
      const offers = this.walker
        .offers(this.walker.follow(reached).at(-1) as Stop)
        .flatMap(({ isInside }, choice) => (isInside ? [choice] : []))
      if (offers.length === 0) return { path: reached, ended: 'stuck' }
      reached = [...reached, offers[uniformInt(generator, 0, offers.length - 1)] as number]
      if (this.walker.violations(this.walker.follow(reached)).length > 0) return { path: reached, ended: 'violated' }
    }
    return { path: reached, ended: 'steps' }
  }

  #next(path: Path, seen: readonly string[], signal: AbortSignal): Promise<SearchAnswer> {
    const known = new Set(seen)
    return this.#search(path.slice(0, 1), (states) => states.findIndex((state) => !known.has(digestOf(state))), signal)
  }

  #find(path: Path, predicate: string, signal: AbortSignal): Promise<SearchAnswer> {
    return this.#search(path, predicateOf(predicate, this.walker.simulation), signal)
  }

  async #search(path: Path, accepts: Predicate, signal: AbortSignal): Promise<SearchAnswer> {
    const { maxStates = 1_000_000, timeMs = 60_000 } = this.#options
    const bounds = limits({ maxStates, timeMs, signal })
    const from = (this.walker.follow(path).at(-1) as Stop).state
    const run = nearest(this.walker.program, { from, accepts, limits: bounds })
    let slice = run.next()
    while (!slice.done) {
      await breath()
      slice = run.next()
    }
    const { steps, states, limit } = slice.value
    return {
      path: steps === null ? null : this.walker.continued(path, steps),
      states,
      limit: limit === null ? null : limitTexts[limit](maxStates, timeMs),
    }
  }

  #trace(path: Path, loop?: number): TraceAnswer {
    const stops = this.walker.follow(path)
    const trace = loop === undefined ? pathTrace(this.walker, stops) : lassoTrace(this.walker, stops, loop)
    const [what, end] = loop === undefined ? ['a path', 'at its end'] : ['a lasso', 'for ever']
    const message = trace.kind === 'path' ? `${what} of the model; nothing is violated ${end}` : `${trace.property} is violated ${end}`
    return { text: writeTrace(trace), file: this.#options.save?.(trace) ?? null, message }
  }

  /** What tells the initial states apart. */
  #initialTexts(): string[] {
    const { initial, program } = this.walker
    const [first] = initial
    const differing = program.shape.slots.flatMap(({ name }, slot) =>
      initial.some((state) => !sameJson(state[slot], first?.[slot])) ? [{ name, slot }] : [],
    )
    const text = (state: State): string => differing.map(({ name, slot }) => `${name}: ${literal(state[slot] as Json, 60)}`).join(', ')
    return initial.slice(0, initialMax).map((state) => text(state))
  }
}

/** Lets other questions, and the end of this one, be heard. */
function breath(): Promise<void> {
  return new Promise((done) => setImmediate(done))
}

const path = z
  .array(z.int().nonnegative())
  .min(1)
  .max(pathMax + 1)
const schemas: { readonly [N in QuestionName]: z.ZodType<Questions[N]['question']> } = {
  path: z.object({ path }),
  choices: z.object({ path }),
  walk: z.object({ path, steps: z.int().min(1).max(1000), seed: z.int() }),
  next: z.object({ path, seen: z.array(z.string().max(32)).max(200_000) }),
  find: z.object({ path, predicate: z.string().max(10_000) }),
  trace: z.object({ path, loop: z.int().nonnegative().exactOptional() }),
}

const limitTexts: Readonly<Record<Limit, (states: number, ms: number) => string>> = {
  states: (states) => `${states.toLocaleString('en')} states`,
  time: (_, ms) => `${ms / 1000} s`,
  memory: () => 'the memory that there is',
  depth: () => 'the depth',
  walks: () => 'the walks',
  interrupted: () => 'your stopping it',
}
