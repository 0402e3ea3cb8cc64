/**
 * Two writes that are seen in opposite orders: one reader sees the first alone, at a standby that has it while its client still waits for
 * the acknowledgement, and another the second alone. The model of replication shows the writes of a primary in the order of its log, and
 * so has no trace of it. Each write is an object of its own, that is there or is not.
 */

import type { Json } from '../../../../checker/index.ts'
import { type HistoryEvent, judgeIsolation, tableOf, transactionsOf, type Value } from '../../../../properties/index.ts'
import type { RealStep } from '../../adapter.ts'
import type { TakenStep } from '../../replayer.ts'
import type { Pattern, PlannedStep, Scenario } from '../../scenario.ts'
import { serverName } from '../replicated-server.ts'

export interface LongForkOptions {
  /** Who shows the second write alone: the primary, where its client has given up to wait, or another standby. */
  readonly second: 'primary' | 'standby'
  /** The second client waits on. */
  readonly isPatient?: boolean
}

/** For a primary and two standbys, of which one must acknowledge. */
export function longForkScenario({ second, isPatient = false }: LongForkOptions): Scenario {
  const waits: readonly Pattern[] = [{ kind: 'blocked' }]
  const has = (...ids: readonly number[]): readonly Pattern[] => [{ kind: 'ok', value: [...ids] }]
  const operation = (actor: string, server: number, name: string, argument: Json = null): RealStep => {
    return { kind: 'operation', actor, node: serverName(server), operation: name, argument }
  }
  const deliver = (to: number, id: number): RealStep => ({ kind: 'deliver', from: serverName(0), to: serverName(to), message: id })
  const steps: readonly Omit<PlannedStep, 'of'>[] = [
    { step: operation('client 0', 0, 'write', 1), text: 'client 0: write 1 at 0', allowed: waits },
    { step: deliver(1, 1), text: '0 → 1: write 1', allowed: has(1) },
    { step: { kind: 'settle', node: serverName(1) }, text: 'server 1: execute', allowed: has(1) },
    { step: operation('client 1', 0, 'write', 2), text: 'client 1: write 2 at 0', allowed: waits },
    ...(second === 'standby'
      ? [{ step: deliver(2, 2), text: '0 → 2: write 2', allowed: has(2), refusals: has(1, 2) }]
      : isPatient
        ? []
        : [
            {
              step: operation('client 1', 0, 'giveUp'),
              text: 'client 1: waits no longer',
              allowed: [{ kind: 'ok', value: null }] as const,
            },
          ]),
    { step: operation('client 2', 1, 'log'), text: 'client 2: reads all at 1', allowed: has(1) },
    {
      step: operation('client 3', second === 'primary' ? 0 : 2, 'log'),
      text: `client 3: reads all at ${second === 'primary' ? 0 : 2}`,
      allowed: has(2),
      refusals: [...has(), ...has(1, 2)],
    },
  ]
  return { name: 'a long fork', nodes: 3, steps: steps.map((step, i) => ({ ...step, of: i + 1 })), history: transactionsSeen, judge }
}

/** Transactions that write one object each, and of readers that read both. */
function transactionsSeen(taken: readonly TakenStep[]): readonly HistoryEvent<Value>[] {
  const events: Omit<HistoryEvent<Value>, 'index'>[] = []
  for (const { planned, outcome } of taken) {
    const { step } = planned
    if (step.kind !== 'operation') continue
    const { actor: process, operation, argument } = step
    if (operation === 'write') events.push({ process, type: 'invoke', f: 'txn', value: [['w', nameOf(argument as number), 1]] })
    if (operation === 'giveUp' && outcome.kind === 'ok') {
      const { value } = events.find((event) => event.process === process) as HistoryEvent<Value>
      events.push({ process, type: 'ok', f: 'txn', value })
    }
    if (operation === 'log' && outcome.kind === 'ok') {
      const found = outcome.value as readonly number[]
      const reads = (see: (id: number) => Value): Value => [1, 2].map((id): Value => ['r', nameOf(id), see(id)])
      events.push({ process, type: 'invoke', f: 'txn', value: reads(() => null) })
      events.push({ process, type: 'ok', f: 'txn', value: reads((id) => (found.includes(id) ? 1 : null)) })
    }
  }
  return events.map((event, index) => ({ ...event, index }))
}

function nameOf(id: number): string {
  return `write ${id}`
}

function judge(history: readonly HistoryEvent<Value>[]): { violated: boolean; text: string } {
  const level = 'snapshot-isolation'
  const { levels, anomalies } = judgeIsolation(tableOf(transactionsOf(history)), { levels: [level], anomalies: true })
  const verdict = levels[0]?.verdict ?? 'unknown'
  return { violated: verdict === 'violated', text: [`${level} ${verdict}`, ...new Set(anomalies.map(({ name }) => name))].join(', ') }
}
