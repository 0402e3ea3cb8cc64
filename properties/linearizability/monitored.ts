/** Decides by the polynomial monitors of a type, and finds the shortest prefix that they refute. */
import type { Budget } from '../budget.ts'
import type { Holds, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import type { Monitor, MonitorDecision, Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import { until } from './minimize.ts'

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
  let best = found
  let longest: readonly Operation[] | undefined
  let low = 0
  let high = returns.length - 1
  while (low <= high && budget.exhausted() === null) {
    const middle = (low + high) >> 1
    const decision = judge(until(operations, returns[middle] as Operation, spec), initial)
    if (decision.verdict === 'violated') {
      best = decision
      high = middle - 1
    } else {
      low = middle + 1
      if (decision.verdict === 'holds') longest = decision.order
    }
  }
  // What was still running in the prefix is told of as it ended.
  const byId = new Map(operations.map((operation) => [operation.id, operation]))
  const whole = (operation: Operation): Operation => byId.get(operation.id) ?? operation
  return {
    verdict: 'violated',
    algorithm: name,
    sentence: best.sentence,
    failing: whole(best.failing),
    core: best.core.map(whole),
    prefix: ((returns[high + 1] ?? returns.at(-1))?.return ?? 0) + 1,
    ...(longest && { longest: longest.map(whole) }),
  }
}
