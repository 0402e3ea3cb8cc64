/** What was found of a workload that has an invariant, as the page of a report shows it. */
import { eventsAt } from '../histories/events-at.ts'
import { eventText } from '../histories/show-workload.ts'
import type { WorkloadVerdict } from '../histories/verify-workload.ts'
import { visible } from '../text.ts'
import type { FindingsView } from './document.ts'

export function findingsView({ history, decision: { note, findings, counts } }: WorkloadVerdict): FindingsView {
  return {
    kind: 'findings',
    note,
    findings: findings.map(({ name, sentence, violates, events }) => ({
      name,
      sentence: visible(sentence),
      violates,
      events: eventsAt(history, events).map((event) => ({ index: event.index, text: eventText(event) })),
    })),
    counts: [...counts].map(([name, count]) => ({ name, value: count.toLocaleString('en') })),
  }
}
