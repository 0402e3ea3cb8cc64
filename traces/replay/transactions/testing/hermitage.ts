/**
 * What Hermitage says of databases: which anomalies each isolation level lets happen. And, for each of these anomalies, the traces of our
 * model that show it.
 *
 * Source: Kleppmann, Hermitage: Testing the "I" in ACID, 2014, github.com/ept/hermitage (PostgreSQL 9.3, MySQL 5.6).
 */
import { check } from '../../../../checker/index.ts'
import { transactions } from '../../../../models/index.ts'
import { replay } from '../../../replay.ts'
import type { Scenario } from '../../scenario.ts'
import { transactionsPlan } from '../plan.ts'

export const anomalies = ['G0', 'G1a', 'G1b', 'G1c', 'OTV', 'PMP', 'P4', 'G-single', 'G2-item', 'G2'] as const
export type Anomaly = (typeof anomalies)[number]

/** `in writes`: not to those who read, but a statement that writes finds what the transaction would not read. */
export type Happens = 'prevented' | 'in writes' | 'occurs'

const [no, writes, yes] = ['prevented', 'in writes', 'occurs'] as const

// biome-ignore format: a table
export const published: Readonly<Record<'PostgreSQL' | 'InnoDB', Readonly<Record<string, readonly Happens[]>>>> = {
  PostgreSQL: {
    'read committed':   [no, no, no, no, no, yes, yes, yes, yes, yes],
    'repeatable read':  [no, no, no, no, no, no, no, no, yes, yes],
    'serializable':     [no, no, no, no, no, no, no, no, no, no],
  },
  InnoDB: {
    'read uncommitted': [no, yes, yes, yes, yes, yes, yes, yes, yes, yes],
    'read committed':   [no, no, no, no, no, yes, yes, yes, yes, yes],
    'repeatable read':  [no, no, no, no, no, writes, yes, writes, yes, yes],
    'serializable':     [no, no, no, no, no, no, no, no, no, no],
  },
}

/** Traces of the model. */
interface Shown {
  readonly controls: readonly string[]
  readonly workload: string
  readonly judge?: string
  readonly property?: string
  readonly bug?: string
}

/** One that reads what is not committed, one that reads versions by statement, and snapshots. */
const weak = ['read-uncommitted', 'mvcc-read-committed', 'snapshot-first-updater-wins']

/** What shows an anomaly to those who read, and to those who write. */
const shown: Readonly<Record<Anomaly, { readonly reads: readonly Shown[]; readonly writes?: Shown }>> = {
  G0: {
    reads: [{ controls: ['snapshot-first-updater-wins'], workload: 'dirty-write-seen', judge: 'promise', bug: 'writers-do-not-wait' }],
  },
  G1a: { reads: [{ controls: weak, workload: 'aborted-read', judge: 'read-committed' }] },
  G1b: { reads: [{ controls: weak, workload: 'intermediate-read', judge: 'read-committed' }] },
  G1c: { reads: [{ controls: weak, workload: 'circular-flow', judge: 'read-committed' }] },
  OTV: { reads: [{ controls: weak, workload: 'observed-vanishes', judge: 'phenomena', property: 'OTV' }] },
  PMP: {
    reads: [{ controls: weak, workload: 'phantom' }],
    writes: { controls: ['mvcc-read-committed'], workload: 'phantom-in-write' },
  },
  P4: { reads: [{ controls: weak, workload: 'lost-update' }] },
  'G-single': {
    reads: [
      { controls: weak, workload: 'read-skew' },
      { controls: weak, workload: 'read-skew-of-rows' },
    ],
    writes: { controls: ['mvcc-read-committed'], workload: 'read-skew-in-write' },
  },
  'G2-item': { reads: [{ controls: weak, workload: 'write-skew' }] },
  G2: {
    reads: [
      { controls: weak, workload: 'phantom-constraint' },
      { controls: weak, workload: 'read-only-anomaly' },
    ],
  },
}

/** The plans of the shortest traces of an anomaly, under each of the controls that let it through. */
export function plansOf(anomaly: Anomaly): { readonly reads: readonly Scenario[]; readonly writes: readonly Scenario[] } {
  const { reads, writes } = shown[anomaly]
  return { reads: reads.flatMap(plansOfShown), writes: writes === undefined ? [] : plansOfShown(writes) }
}

function plansOfShown({ controls, workload, judge = 'serializable', property = 'isolated', bug }: Shown): readonly Scenario[] {
  return controls.flatMap((control) => tracesOf({ control, workload, judge }, property, bug))
}

/** The plans of the shortest counterexamples to a property, if there are any. */
export function tracesOf(constants: Readonly<Record<string, string>>, property: string, bug?: string): readonly Scenario[] {
  const { violations } = check(transactions, { constants, properties: [property], ...(bug !== undefined && { bugs: [bug] }) })
  return violations.map(({ trace, part }) => transactionsPlan(replay(transactions, { ...trace, part })))
}
