/**
 * The ten scenarios of Hermitage (Kleppmann, Hermitage: Testing the I in ACID, 2014; after Adya, Weak Consistency, MIT 1999, and Bailis
 * et al., Highly Available Transactions, VLDB 2013): each a script that a database in a weak mode lets happen, and what Adya and
 * Bailis say about it.
 *
 * Two differ from the original. Its dirty write is told from the final state; here T2 also overtakes T1 on the second key, since two
 * transactions that merely overwrite each other's uncommitted writes in one order do no harm that a history shows. And its predicates
 * are reads of all keys of a table here, also of those in which there is nothing yet: what is inserted then is an item that had been
 * read as absent. What predicates show as predicate-many-preceders and as G2 is therefore a G-single and a G2 of items here,
 * and violates repeatable read too, which says nothing about predicates.
 */
import { isList } from '../../value.ts'
import type { AnomalyName } from '../anomaly.ts'
import { type LevelBase, levelBases } from '../level.ts'
import type { Step, Transaction } from '../table/transaction.ts'
import { type Mode, runScript, type ScriptStep } from './hermitage-database.ts'

export interface Scenario {
  readonly name: string
  readonly script: readonly ScriptStep[]
  /** The modes that let it happen; the history is from the strongest of them. */
  readonly happensIn: readonly Mode[]
  readonly transactions: readonly Transaction[]
  /** What there must be. */
  readonly anomaly: AnomalyName
  readonly violates: readonly LevelBase[]
  /** All other levels. */
  readonly allows: readonly LevelBase[]
}

const start: readonly ScriptStep[] = [
  ['T0', 'append', 'x', 10],
  ['T0', 'append', 'y', 20],
  ['T0', 'commit'],
]

const belowReadCommitted: readonly LevelBase[] = ['read-uncommitted', 'item-cut-isolation']
const belowReadAtomic: readonly LevelBase[] = ['read-uncommitted', 'read-committed', 'monotonic-atomic-view', 'item-cut-isolation']

export const hermitage: readonly Scenario[] = [
  scenario({
    name: 'G0: write cycles',
    script: [
      ['T1', 'append', 'x', 11],
      ['T2', 'append', 'x', 12],
      ['T2', 'append', 'y', 22],
      ['T1', 'append', 'y', 21],
      ['T1', 'commit'],
      ['T2', 'commit'],
      ['T3', 'read', 'x', 'y'],
      ['T3', 'commit'],
    ],
    happensIn: ['none'],
    anomaly: 'G0',
    allows: ['item-cut-isolation'],
  }),
  scenario({
    name: 'G1a: aborted reads',
    script: [
      ['T1', 'append', 'x', 101],
      ['T2', 'read', 'x'],
      ['T1', 'abort'],
      ['T2', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted'],
    anomaly: 'G1a',
    allows: belowReadCommitted,
  }),
  scenario({
    name: 'G1b: intermediate reads',
    script: [
      ['T1', 'append', 'x', 101],
      ['T2', 'read', 'x'],
      ['T1', 'append', 'x', 11],
      ['T1', 'commit'],
      ['T2', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted'],
    anomaly: 'G1b',
    allows: belowReadCommitted,
  }),
  scenario({
    name: 'G1c: circular information flow',
    script: [
      ['T1', 'append', 'x', 11],
      ['T2', 'append', 'y', 22],
      ['T1', 'read', 'y'],
      ['T2', 'read', 'x'],
      ['T1', 'commit'],
      ['T2', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted'],
    anomaly: 'G1c',
    allows: belowReadCommitted,
  }),
  scenario({
    name: 'OTV: observed transaction vanishes',
    script: [
      ['T1', 'append', 'x', 11],
      ['T1', 'append', 'y', 19],
      ['T2', 'append', 'x', 12],
      ['T1', 'commit'],
      ['T2', 'append', 'y', 18],
      ['T2', 'commit', 'y'],
      ['T3', 'read', 'x'],
      ['T3', 'read', 'y'],
      ['T2', 'publish'],
      ['T3', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted', 'read-committed'],
    anomaly: 'fractured-read',
    allows: ['read-uncommitted', 'read-committed', 'item-cut-isolation'],
  }),
  scenario({
    // T1 looks for what fulfils a predicate: z is not there, and the second time it is.
    name: 'PMP: predicate-many-preceders',
    script: [
      ['T1', 'read', 'x', 'y', 'z'],
      ['T2', 'append', 'z', 30],
      ['T2', 'commit'],
      ['T1', 'read', 'x', 'y', 'z'],
      ['T1', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted', 'read-committed', 'monotonic-atomic-view', 'item-locks'],
    anomaly: 'non-repeatable-read',
    allows: ['read-uncommitted', 'read-committed', 'monotonic-atomic-view'],
  }),
  scenario({
    name: 'P4: lost update',
    script: [
      ['T1', 'read', 'x'],
      ['T2', 'read', 'x'],
      ['T1', 'append', 'x', 11],
      ['T2', 'append', 'x', 12],
      ['T1', 'commit'],
      ['T2', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted', 'read-committed', 'monotonic-atomic-view'],
    anomaly: 'lost-update',
    allows: [...belowReadAtomic, 'read-atomic', 'causal', 'prefix'],
  }),
  scenario({
    name: 'G-single: read skew',
    script: [
      ['T1', 'read', 'x'],
      ['T2', 'read', 'x'],
      ['T2', 'read', 'y'],
      ['T2', 'append', 'x', 12],
      ['T2', 'append', 'y', 18],
      ['T2', 'commit'],
      ['T1', 'read', 'y'],
      ['T1', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted', 'read-committed', 'monotonic-atomic-view'],
    anomaly: 'G-single',
    allows: belowReadAtomic,
  }),
  scenario({
    name: 'G2-item: write skew',
    script: [
      ['T1', 'read', 'x', 'y'],
      ['T2', 'read', 'x', 'y'],
      ['T1', 'append', 'x', 11],
      ['T2', 'append', 'y', 21],
      ['T1', 'commit'],
      ['T2', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted', 'read-committed', 'monotonic-atomic-view', 'snapshot-isolation'],
    anomaly: 'write-skew',
    allows: levelBases.filter((base) => base !== 'update-serializable' && base !== 'repeatable-read' && base !== 'serializable'),
  }),
  scenario({
    // Both look for what fulfils a predicate, find nothing, and insert something that would.
    name: 'G2: anti-dependency cycles',
    script: [
      ['T1', 'read', 'x', 'y', 'z', 'w'],
      ['T2', 'read', 'x', 'y', 'z', 'w'],
      ['T1', 'append', 'z', 30],
      ['T2', 'append', 'w', 42],
      ['T1', 'commit'],
      ['T2', 'commit'],
    ],
    happensIn: ['none', 'read-uncommitted', 'read-committed', 'monotonic-atomic-view', 'item-locks', 'snapshot-isolation'],
    anomaly: 'G2-item',
    allows: levelBases.filter((base) => base !== 'update-serializable' && base !== 'repeatable-read' && base !== 'serializable'),
  }),
]

/** A scenario's history in any mode. */
export function runScenario({ script }: Pick<Scenario, 'script'>, mode: Mode): Transaction[] {
  return runScript(mode, [...start, ...script])
}

/**
 * A history of lists as one of registers, of which a read shows the last element. What only the order of the writes tells, as dirty
 * writes, is then not to be seen.
 */
export function asRegisters(transactions: readonly Transaction[]): Transaction[] {
  return transactions.map((transaction) => ({
    ...transaction,
    steps: transaction.steps.map((step): Step => {
      if (step.f === 'append') return { ...step, f: 'write' }
      return step.f === 'read' && isList(step.value) ? { ...step, value: step.value.at(-1) ?? null } : step
    }),
  }))
}

function scenario(described: Omit<Scenario, 'transactions' | 'violates'>): Scenario {
  const strongest = described.happensIn.at(-1) ?? 'none'
  return {
    ...described,
    transactions: runScenario(described, strongest),
    violates: levelBases.filter((base) => !described.allows.includes(base)),
  }
}
