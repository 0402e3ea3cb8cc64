/** Checks a model: compiles it, runs a strategy over its state space, and reports what was found and what was covered. */
import { Judge } from './engine/judge.ts'
import { Machine } from './engine/machine.ts'
import { Space } from './engine/space.ts'
import { UserError } from './errors.ts'
import type { Model } from './language/model.ts'
import { deadlockProperty, deadlockSentence, type Program, program, requireInitial } from './language/program.ts'
import { isLiveness } from './language/properties.ts'
import { decideLiveness, type Liveness } from './liveness/decide.ts'
import { lassoTrace } from './liveness/lasso-trace.ts'
import type { CheckOptions, CheckResult, Limit, Progress, PropertyResult, Verdict, Violation } from './result.ts'
import { bfs } from './search/bfs.ts'
import { dfs } from './search/dfs.ts'
import { Findings, type Found } from './search/findings.ts'
import { limits } from './search/limits.ts'
import { pct } from './search/pct.ts'
import type { Exploration, Run, Search } from './search/search.ts'
import { type How, traceOf } from './search/traces.ts'
import { uniform, walk } from './search/walks.ts'
import type { Strategy, Trace } from './trace.ts'

/**
 * Runs a whole check.
 * @throws UserError where the model or the options are wrong
 */
export function check(model: Model, options: CheckOptions = {}): CheckResult {
  const run = explore(model, options)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/** The same, in slices: yields progress a few times a second, so that a caller can draw it, stay responsive, and interrupt. */
export function* explore(model: Model, options: CheckOptions = {}): Generator<Progress, CheckResult, void> {
  const instance = program(model, options)
  const strategy = options.strategy ?? 'bfs'
  const seed = strategy === 'random' || strategy === 'pct' ? wholeOption('seed', options.seed ?? 1, Number.MIN_SAFE_INTEGER) : null
  const search = searchOf(instance, options)
  const exploration = yield* runStrategy(strategy, search, options)
  requireInitial(instance, search.space.table.size > 0 || exploration.limit !== null, 'boundary')
  const complete = exploration.limit === null && !search.findings.enough && seed === null
  const liveness = complete && [...instance.properties.values()].some(isLiveness) ? yield* decideLiveness(search, exploration) : null
  return report(instance, { strategy, seed }, search, exploration, liveness)
}

function searchOf(instance: Program, options: CheckOptions): Search {
  const memoize = options.memoize ?? true
  const machine = new Machine(instance, { checkPurity: options.checkPurity ?? true, memoize })
  const bounds = limits(options)
  const judge = new Judge(machine, memoize)
  const { done } = instance
  return {
    initial: machine.initialStates(),
    space: new Space(machine, bounds.reserve),
    judge,
    findings: new Findings(bounds.maxViolations, (property) => judge.retire(property)),
    limits: bounds,
    done: done && machine.predicate('done', () => done(machine.view) === true),
  }
}

function runStrategy(strategy: Strategy, search: Search, options: CheckOptions): Run {
  const seed = options.seed ?? 1
  const walks = wholeOption('walks', options.walks ?? 10_000, 1)
  const maxDepth = strategy === 'random' || strategy === 'pct' ? wholeOption('maxDepth', options.maxDepth ?? 100, 1) : 0
  const bugDepth = wholeOption('bugDepth', options.bugDepth ?? 3, 1)
  switch (strategy) {
    case 'bfs':
      return bfs(search)
    case 'dfs':
      return dfs(search)
    case 'random':
      return walk(search, { seed, walks, maxDepth, strategy }, uniform)
    case 'pct':
      return walk(search, { seed, walks, maxDepth, strategy }, (random) => pct({ bugDepth, maxDepth }, random))
    default:
      throw new UserError('bad-option', `strategy must be bfs, dfs, random or pct, not ${String(strategy satisfies never)}`)
  }
}

function report(instance: Program, how: How, search: Search, exploration: Exploration, liveness: Liveness | null): CheckResult {
  const { space, judge, findings, limits: bounds } = search
  const { machine } = space
  const seconds = bounds.seconds()
  const trace = (found: Found): Trace => traceOf(found, search, exploration.parents, how)
  const limit = exploration.limit ?? liveness?.limit ?? null
  const decided = [...(liveness?.decided.values() ?? [])].flatMap((lasso) => (lasso === null ? [] : [lassoTrace(lasso, search, how)]))
  const lassos = [...exploration.lassos, ...decided]
  const violations: Violation[] = [
    ...findings.violations.map((found) => ({ property: found.property, message: found.message, part: found.part, trace: trace(found) })),
    ...lassos.map((lasso) => ({ property: lasso.property, message: lasso.message, part: null, trace: lasso })),
  ].map((violation) => ({ ...violation, depth: levelOf(violation.trace) }))
  // Walks never cover everything for certain.
  const complete = exploration.limit === null && !findings.enough && how.seed === null
  const properties = { ...judged(instance, findings, complete, trace), ...judgedLiveness(instance, how.strategy, liveness, lassos, limit) }
  const stateBytes = space.table.bytes + exploration.parentBytes
  const distinct = space.table.size
  const taken = space.takenPerAction()
  return {
    model: instance.model.name,
    constants: instance.constants,
    bugs: instance.bugs,
    fairness: instance.fairness,
    ...how,
    verdict: overall(Object.values(properties), limit),
    limit,
    distinct,
    generated: exploration.generated,
    depth: exploration.depth,
    levels: exploration.levels,
    terminal: exploration.terminal,
    outside: space.cut,
    walks: exploration.walks,
    seconds,
    statesPerSecond: Math.round(distinct / seconds),
    bytesPerState: distinct === 0 ? 0 : stateBytes / distinct,
    stateBytes,
    memoBytes: machine.memoBytes + judge.bytes,
    graphBytes: liveness?.graphBytes ?? 0,
    modelRuns: machine.lab.runs,
    actions: Object.fromEntries(
      instance.actions.map(({ name }, i) => [name, { taken: taken[i] as number, enabled: space.enabled[i] as number }]),
    ),
    properties: inOrder(instance, properties),
    violations: violations.slice(0, bounds.maxViolations),
    slots: Object.fromEntries(machine.families.map((family, i) => [family, machine.sizes()[i] as number])),
    guarantee: exploration.guarantee,
  }
}

function judged(instance: Program, findings: Findings, complete: boolean, trace: (found: Found) => Trace): Record<string, PropertyResult> {
  const named = [...instance.properties].flatMap(([name, property]) =>
    isLiveness(property) ? [] : [{ name, kind: property.kind, sentence: property.sentence }],
  )
  const deadlock = { name: deadlockProperty, kind: 'deadlock' as const, sentence: deadlockSentence }
  return Object.fromEntries(
    [...named, ...(instance.done ? [deadlock] : [])].map(({ name, kind, sentence }) => {
      const found = findings.first.get(name)
      const unfound: Verdict = !complete ? 'inconclusive' : kind === 'sometimes' ? 'violated' : 'holds'
      const verdict: Verdict = found ? (kind === 'sometimes' ? 'holds' : 'violated') : unfound
      const never = verdict === 'violated' && !found ? 'no reachable state satisfies it' : null
      const path = found ? trace(found) : null
      return [
        name,
        { kind, sentence, verdict, depth: path && levelOf(path), message: found?.message ?? never, part: found?.part ?? null, trace: path },
      ]
    }),
  )
}

function judgedLiveness(
  instance: Program,
  strategy: Strategy,
  liveness: Liveness | null,
  lassos: readonly Trace[],
  limit: Limit | null,
): Record<string, PropertyResult> {
  return Object.fromEntries(
    [...instance.properties].flatMap(([name, property]) => {
      if (!isLiveness(property)) return []
      const { kind, sentence } = property
      const trace = lassos.find((lasso) => lasso.property === name) ?? null
      const decided = liveness?.decided.has(name) ?? false
      const verdict: Verdict = trace ? 'violated' : decided ? 'holds' : 'inconclusive'
      const message = trace?.message ?? (decided ? null : undecided(strategy, limit))
      return [[name, { kind, sentence, verdict, depth: trace && levelOf(trace), message, part: null, trace }]]
    }),
  )
}

function undecided(strategy: Strategy, limit: Limit | null): string {
  if (strategy === 'random' || strategy === 'pct')
    return 'not decided: no execution among the states that walks have met breaks it for ever; bfs and dfs decide it'
  if (limit !== null) return `not decided: that takes every state, and the search ended at its limit on ${limit}`
  return 'not decided: that takes every state, and the search stopped at a violation'
}

/** As the model declares them, deadlock last. */
function inOrder(instance: Program, results: Readonly<Record<string, PropertyResult>>): Record<string, PropertyResult> {
  const names = [...instance.properties.keys(), deadlockProperty].filter((name) => Object.hasOwn(results, name))
  return Object.fromEntries(names.map((name) => [name, results[name] as PropertyResult]))
}

/** A depth-first search may have come to know a shorter path than the one on which it found the state. */
function levelOf(trace: Trace): number {
  return trace.steps.length + 1
}

/** Verdicts merge worst first. */
function overall(properties: readonly PropertyResult[], limit: Limit | null): Verdict {
  if (properties.some(({ verdict }) => verdict === 'violated')) return 'violated'
  return limit !== null || properties.some(({ verdict }) => verdict === 'inconclusive') ? 'inconclusive' : 'holds'
}

function wholeOption(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new UserError(
    'bad-option',
    `${name} must be a whole number${least > Number.MIN_SAFE_INTEGER ? ` of at least ${least}` : ''}, not ${value}`,
  )
}
