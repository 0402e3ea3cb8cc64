/** What was found of a workload in a file, as plain data for other programs; the names stay as they are once published. */
import { eventsAt } from './events-at.ts'
import type { WorkloadVerdict } from './verify-workload.ts'

/** Evidence is what was compared, and up to ten findings of each name, each with its events. */
export function workloadDocument(found: WorkloadVerdict): Readonly<Record<string, unknown>> {
  const { file, format, model, independent, annotations, history, options, decision, seconds } = found
  const { verdict, findings, counts, operations, note } = decision
  const [first] = findings
  return {
    file,
    model,
    level: 'invariant',
    verdict,
    operations,
    seconds,
    evidence: {
      ...(first === undefined ? {} : { sentence: first.sentence }),
      note,
      findings: findings.map(({ name, sentence, events, violates }) => ({
        name,
        sentence,
        violates,
        events: eventsAt(history, events),
      })),
      counts: Object.fromEntries(counts),
    },
    format,
    reading: options,
    independent,
    events: history.length,
    annotations,
  }
}
