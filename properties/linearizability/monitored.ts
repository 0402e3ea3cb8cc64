/** Decides by the polynomial monitors of a type, and finds the shortest prefix that they refute. */
import type { Budget } from '../budget.ts'
import type { Holds, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import type { Monitor, MonitorDecision, Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import { explained, unplaceable } from './explain.ts'
import { operationsThatMatter, until } from './minimize.ts'
import { attempt } from './search.ts'

/** @returns what the first monitor says that applies; `null` where none does */
export function monitored(
  operations: readonly Operation[],
  spec: Spec,
  initial: Value,
  evidence: 'small' | 'any',
  budget: Budget,
): Holds | Violated | null {
  for (const monitor of spec.monitors) {
    const decision = monitor.judge(operations, initial)
    if (decision.verdict === 'holds') return { verdict: 'holds', algorithm: monitor.name, witness: decision.order }
    if (decision.verdict === 'violated')
      return evidence === 'any'
        ? { ...decision, algorithm: monitor.name }
        : shortest(monitor, operations, spec, initial, decision, budget.part(0.5, 1))
  }
  return null
}

/** Prefixes of which a monitor cannot tell are searched up to this length. */
const searchedMax = 64

/** The violation of the shortest prefix, with a linearization of what comes before it. */
function shortest(
  { name, judge }: Monitor,
  operations: readonly Operation[],
  spec: Spec,
  initial: Value,
  found: Extract<MonitorDecision, { verdict: 'violated' }>,
  budget: Budget,
): Violated {
  const returns = operations.filter((operation) => operation.return !== Number.POSITIVE_INFINITY).sort((a, b) => a.return - b.return)
  /** `null`: a monitor cannot tell of that prefix, but a search can. */
  let best: typeof found | null = found
  let longest: readonly Operation[] | undefined
  let low = 0
  let high = returns.length - 1
  while (low <= high && budget.exhausted() === null) {
    const middle = (low + high) >> 1
    const prefix = until(operations, returns[middle] as Operation, spec)
    const decision = judge(prefix, initial)
    const searched = decision.verdict === 'inapplicable' && prefix.length <= searchedMax ? attempt(spec, prefix, initial, budget) : null
    if (decision.verdict === 'violated' || searched?.verdict === 'violated') {
      best = decision.verdict === 'violated' ? decision : null
      high = middle - 1
    } else {
      low = middle + 1
      longest = decision.verdict === 'holds' ? decision.order : searched?.order
    }
  }
  const last = returns[high + 1] ?? (returns.at(-1) as Operation)
  // What was still running in the prefix is told of as it ended.
  const byId = new Map(operations.map((operation) => [operation.id, operation]))
  const whole = (operation: Operation): Operation => byId.get(operation.id) ?? operation
  const about = { verdict: 'violated', algorithm: name, prefix: last.return + 1, ...(longest && { longest: longest.map(whole) }) } as const
  if (best !== null) return { ...about, sentence: best.sentence, failing: whole(best.failing), core: best.core.map(whole) }
  const { core, isMinimal } = operationsThatMatter(spec, operations, last, initial, budget)
  return {
    ...about,
    sentence: isMinimal ? explained(spec, core, last, initial, []) : unplaceable(last, []),
    failing: last,
    core,
    isMinimal,
  }
}
