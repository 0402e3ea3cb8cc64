/** A replay on a real system as the page of a report shows it. */
import type { RecordedRun } from '../replay/recorded-run.ts'
import type { ReplayView } from './document.ts'

export function replayView({ target, verdict, reason, rows }: RecordedRun): ReplayView {
  const differing = rows.findIndex(({ isAllowed }) => !isAllowed)
  return { kind: 'replay', target, verdict, reason, rows, firstDifference: differing < 0 ? null : differing }
}
