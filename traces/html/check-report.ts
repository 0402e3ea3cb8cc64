/** The report of a check: the first counterexample, where there is one, and what was explored. */
import type { CheckResult, Program } from '../../checker/index.ts'
import { replay } from '../replay.ts'
import type { Fact, ReportDocument } from './document.ts'
import { explorationView } from './exploration-view.ts'
import { modelFacts, traceReport } from './trace-report.ts'

/** @param command what repeats the check */
export function checkReport(result: CheckResult, instance: Program, command: string): ReportDocument {
  const [violation, ...more] = result.violations
  const facts = statistics(result)
  if (violation !== undefined) {
    const replayed = replay(instance.model, { ...violation.trace, part: violation.part })
    return traceReport(replayed, {
      command,
      facts,
      others: [...new Set(more.map(({ property }) => property))],
      views: [explorationView(result, instance, replayed)],
    })
  }
  const { model, verdict, properties, bugs, constants, outside } = result
  const open = Object.entries(properties).filter(([, { verdict: one }]) => one !== 'holds')
  const count = Object.keys(properties).length
  return {
    header: {
      title: model,
      tone: verdict === 'holds' ? 'good' : 'unsure',
      sentence:
        verdict === 'holds'
          ? `${model} holds: ${count === 1 ? 'its property' : `all ${count} properties`}, in every state ${outside === 0 ? 'that can be reached' : "within the model's boundary"}`
          : `inconclusive, no violation among the ${result.distinct.toLocaleString('en')} ${result.distinct === 1 ? 'state' : 'states'} seen: ${open.map(([name, { message }]) => (message === null ? name : `${name} (${message})`)).join(', ')}`,
      facts: [...modelFacts(bugs, constants), ...facts],
      command,
    },
    views: [explorationView(result, instance, null)],
  }
}

function statistics({ strategy, seed, distinct, generated, depth, seconds, statesPerSecond, walks, limit }: CheckResult): Fact[] {
  const facts: readonly (readonly [string, string | number | null])[] = [
    ['strategy', strategy],
    ['seed', seed],
    ['states', distinct],
    ['transitions', generated],
    ['depth', depth],
    ['walks', walks],
    ['limit reached', limit],
    ['time', `${seconds.toFixed(1)} s`],
    ['states per second', Math.round(statesPerSecond)],
  ]
  return facts.flatMap(([name, value]) =>
    value === null ? [] : [{ name, value: typeof value === 'number' ? value.toLocaleString('en') : value }],
  )
}
