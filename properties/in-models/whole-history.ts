/**
 * A history that is kept whole, and judged by `verify` whenever it is asked: what `history` says with fewer states. For
 * measurements, and for tests that hold one against the other.
 */
import type { HistoryEvent } from '../history.ts'
import type { Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import { verify } from '../verify.ts'
import type { HistoryMonitor } from './history.ts'
import type { Plain, Process } from './monitor.ts'

/** An event; of its operation only the name of its process, once it has been invoked. */
export interface WholeEvent {
  readonly process: Process
  readonly type: HistoryEvent['type']
  readonly f: string
  readonly value: Plain
}

/** Watches operations on one object. A process must not go on after `info`. */
export function wholeHistory<S extends Value>(spec: Spec<S>): HistoryMonitor<readonly WholeEvent[]> {
  const ending = (value: readonly WholeEvent[], process: Process, type: HistoryEvent['type'], output: Plain): readonly WholeEvent[] => {
    const f = value.findLast((event) => event.process === process)?.f ?? ''
    return [...value, { process, type, f, value: output }]
  }
  return {
    name: `whole history of ${spec.name}`,
    initial: [],
    events: {
      invoke: (value, process, f, input = null) => [...value, { process, type: 'invoke', f, value: input }],
      ok: (value, process, output = null) => ending(value, process, 'ok', output),
      fail: (value, process) => ending(value, process, 'fail', null),
      info: (value, process) => ending(value, process, 'info', null),
    },
    questions: {
      linearizable: (value) => {
        const { decision } = verify(
          value.map((event, index) => ({ ...event, index })),
          spec,
        )
        return decision.verdict === 'violated' ? decision.sentence : decision.verdict === 'holds' || 'the oracle reached a limit'
      },
      isQuiet: (value) => value.filter(({ type }) => type === 'invoke').length === value.filter(({ type }) => type !== 'invoke').length,
    },
  }
}
