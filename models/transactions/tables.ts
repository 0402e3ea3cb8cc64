/** Verdicts side by side: Table 4 of the paper, the same of the controls that are not in it, and what each control costs. */
import type { Column, Table, Variant } from '../../checker/index.ts'
import type { WorkloadName } from './workloads.ts'

const possible = { holds: 'not possible', violated: 'possible', differs: 'sometimes possible' }

function phenomenon(property: string, ...workloads: readonly WorkloadName[]): Column {
  return { property, variants: on({ judge: 'phenomena' }, workloads), words: possible }
}

function on(constants: Readonly<Record<string, string>>, workloads: readonly WorkloadName[]): Variant[] {
  return workloads.map((workload) => ({ constants: { ...constants, workload } }))
}

function control(name: string, deadlocks = 'detection'): Variant {
  return { constants: { control: name, deadlocks } }
}

/** The columns of Table 4. Of two workloads, one does without a cursor and one with it, or one reads rows again and one adds one. */
const phenomena: Readonly<Record<string, Column>> = {
  'P0 dirty write': phenomenon('P0', 'dirty-write'),
  'P1 dirty read': phenomenon('P1', 'dirty-read'),
  'P4C cursor lost update': phenomenon('P4C', 'lost-update-by-cursor'),
  'P4 lost update': phenomenon('P4', 'lost-update', 'lost-update-by-cursor'),
  'P2 fuzzy read': phenomenon('P2', 'fuzzy-read', 'fuzzy-read-by-cursor'),
  'P3 phantom': phenomenon('P3', 'phantom', 'phantom-constraint'),
  'A5A read skew': phenomenon('A5A', 'read-skew', 'read-skew-by-cursor'),
  'A5B write skew': phenomenon('A5B', 'write-skew', 'write-skew-by-cursor'),
}

const [no, yes, some] = ['not possible', 'possible', 'sometimes possible']

// biome-ignore format: one row a line
const berenson: Table = {
  about: 'Which phenomena are possible at which isolation level',
  source: 'Berenson et al. 1995, Table 4',
  rows: {
    'READ UNCOMMITTED, degree 1': control('read-uncommitted'),
    'READ COMMITTED, degree 2': control('read-committed-locking'),
    'Cursor stability': control('cursor-stability'),
    'REPEATABLE READ': control('repeatable-read-locking'),
    Snapshot: control('snapshot-first-committer-wins'),
    'ANSI SQL SERIALIZABLE, degree 3': control('two-phase-locking'),
  },
  columns: phenomena,
  expect: {
    'READ UNCOMMITTED, degree 1': [no, yes, yes, yes, yes, yes, yes, yes],
    'READ COMMITTED, degree 2': [no, no, yes, yes, yes, yes, yes, yes],
    'Cursor stability': [no, no, no, some, some, yes, yes, some],
    'REPEATABLE READ': [no, no, no, no, no, yes, no, no],
    Snapshot: [no, no, no, no, no, some, no, yes],
    'ANSI SQL SERIALIZABLE, degree 3': [no, no, no, no, no, no, no, no],
  },
}

export const tables: Readonly<Record<string, Table>> = { berenson }
