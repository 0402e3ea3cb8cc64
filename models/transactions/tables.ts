/** Verdicts side by side: Table 4 of the paper, the same of the controls that are not in it, and what each control costs. */
import type { Column, Table, Variant } from '../../checker/index.ts'
import { type ControlName, promises } from './controls/controls.ts'
import { type WorkloadName, workloadNames, workloads } from './workloads.ts'

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

// biome-ignore format: one row a line
const others: Table = {
  about: 'The same of the controls that are not in Table 4; of transactions that are aborted in the end, too',
  source: 'Berenson et al. 1995, section 3, for the phenomena; the source of each control',
  rows: {
    'no control': control('none'),
    'short write locks, degree 0': control('write-locks-short'),
    'versions by statement': control('mvcc-read-committed'),
    'snapshots, first updater wins': control('snapshot-first-updater-wins'),
    'serializable snapshots': control('serializable-snapshot'),
    'timestamp ordering': control('timestamp-ordering'),
    'optimistic validation': control('optimistic-validation'),
  },
  columns: phenomena,
  expect: {
    'no control': [yes, yes, yes, yes, yes, yes, yes, yes],
    'short write locks, degree 0': [yes, yes, yes, yes, yes, yes, yes, yes],
    'versions by statement': [no, no, yes, yes, yes, yes, yes, yes],
    'snapshots, first updater wins': [no, no, no, no, no, some, no, yes],
    'serializable snapshots': [no, no, no, no, no, no, no, no],
    'timestamp ordering': [no, no, no, no, no, no, no, no],
    'optimistic validation': [no, no, no, no, yes, some, yes, no],
  },
}

const isSo = { holds: 'yes', violated: 'no' }
const happens = { holds: 'no', violated: 'yes', differs: 'sometimes' }

// biome-ignore format: one row a line
const costs: Table = {
  about: 'What each control lets through, and what it costs: who waits for whom, and who is aborted though it was not necessary',
  source: 'the source of each control; Fekete, O\'Neil & O\'Neil 2004 (the read-only anomaly)',
  isSlow: true,
  rows: {
    'no control': control('none'),
    'short write locks': control('write-locks-short'),
    'read uncommitted': control('read-uncommitted'),
    'read committed, locking': control('read-committed-locking'),
    'cursor stability': control('cursor-stability'),
    'repeatable read, locking': control('repeatable-read-locking'),
    'two-phase locking, detection': control('two-phase-locking'),
    'two-phase locking, wait-die': control('two-phase-locking', 'wait-die'),
    'two-phase locking, wound-wait': control('two-phase-locking', 'wound-wait'),
    'two-phase locking, no-wait': control('two-phase-locking', 'no-wait'),
    'versions by statement': control('mvcc-read-committed'),
    'snapshots, first committer wins': control('snapshot-first-committer-wins'),
    'snapshots, first updater wins': control('snapshot-first-updater-wins'),
    'serializable snapshots': control('serializable-snapshot'),
    'timestamp ordering': control('timestamp-ordering'),
    'optimistic validation': control('optimistic-validation'),
  },
  columns: {
    serializable: { property: 'isolated', variants: on({ judge: 'serializable' }, ['chain']), words: isSo },
    'lost increments': { property: 'P4', variants: on({ judge: 'phenomena' }, ['counter']), words: happens },
    'read-only anomaly': { property: 'readOnlyAnomaly', variants: on({ judge: 'phenomena' }, ['read-only-anomaly']), words: happens },
    'long fork': { property: 'longFork', variants: on({ judge: 'phenomena' }, ['long-fork']), words: happens },
    deadlock: { property: 'noWaitCircle', variants: on({ judge: 'costs' }, ['crossing-updates']), words: happens },
    'reader waits for writer': { property: 'readersDoNotWait', variants: on({ judge: 'costs' }, ['read-skew']), words: happens },
    'writer waits for reader': { property: 'writersDoNotWaitForReaders', variants: on({ judge: 'costs' }, ['fuzzy-read']), words: happens },
    'aborts in vain': {
      property: 'noWastedAborts',
      variants: on({ judge: 'costs' }, ['dirty-write', 'crossing-updates', 'read-only-anomaly']),
      words: happens,
    },
  },
  expect: {
    'no control': ['no', 'yes', 'yes', 'yes', 'no', 'no', 'no', 'no'],
    'short write locks': ['no', 'no', 'yes', 'yes', 'no', 'no', 'no', 'no'],
    'read uncommitted': ['no', 'no', 'yes', 'yes', 'yes', 'no', 'no', 'no'],
    'read committed, locking': ['no', 'no', 'yes', 'yes', 'yes', 'yes', 'no', 'no'],
    'cursor stability': ['no', 'no', 'yes', 'yes', 'yes', 'yes', 'no', 'no'],
    'repeatable read, locking': ['no', 'no', 'no', 'no', 'yes', 'yes', 'yes', 'no'],
    'two-phase locking, detection': ['yes', 'no', 'no', 'no', 'yes', 'yes', 'yes', 'no'],
    'two-phase locking, wait-die': ['yes', 'no', 'no', 'no', 'no', 'yes', 'yes', 'yes'],
    'two-phase locking, wound-wait': ['yes', 'no', 'no', 'no', 'no', 'yes', 'yes', 'yes'],
    'two-phase locking, no-wait': ['yes', 'no', 'no', 'no', 'no', 'no', 'no', 'yes'],
    'versions by statement': ['no', 'no', 'yes', 'yes', 'yes', 'no', 'no', 'no'],
    'snapshots, first committer wins': ['no', 'no', 'yes', 'no', 'no', 'no', 'no', 'sometimes'],
    'snapshots, first updater wins': ['no', 'no', 'yes', 'no', 'yes', 'no', 'no', 'sometimes'],
    'serializable snapshots': ['yes', 'no', 'no', 'no', 'yes', 'no', 'no', 'yes'],
    'timestamp ordering': ['yes', 'no', 'no', 'no', 'no', 'yes', 'no', 'yes'],
    'optimistic validation': ['yes', 'no', 'no', 'no', 'no', 'no', 'no', 'sometimes'],
  },
}

const progress = { holds: 'commits in the end', violated: 'may starve' }
const [ends, starves] = [progress.holds, progress.violated]

function starvation(workload: WorkloadName): Column {
  return { property: 'nobodyStarves', variants: on({ judge: 'progress' }, [workload]), words: progress }
}

// biome-ignore format: one row a line
const retries: Table = {
  about: 'Whether a transaction that begins again whenever it is aborted commits in the end, though nobody who waits is passed over for ever',
  source: 'Rosenkrantz, Stearns & Lewis 1978; Bernstein, Hadzilacos & Goodman 1987, section 4.2 (cyclic restart)',
  rows: {
    'two-phase locking, detection, any victim': control('two-phase-locking'),
    'two-phase locking, wait-die': control('two-phase-locking', 'wait-die'),
    'two-phase locking, wound-wait': control('two-phase-locking', 'wound-wait'),
    'two-phase locking, no-wait': control('two-phase-locking', 'no-wait'),
    'snapshots, first committer wins': control('snapshot-first-committer-wins'),
    'snapshots, first updater wins, detection': control('snapshot-first-updater-wins'),
    'snapshots, first updater wins, wait-die': control('snapshot-first-updater-wins', 'wait-die'),
    'serializable snapshots, wait-die': control('serializable-snapshot', 'wait-die'),
    'timestamp ordering': control('timestamp-ordering'),
    'optimistic validation': control('optimistic-validation'),
  },
  columns: {
    'updates in opposite orders': starvation('crossing-updates'),
    'lost update': starvation('lost-update'),
    'write skew': starvation('write-skew'),
  },
  expect: {
    'two-phase locking, detection, any victim': [starves, ends, ends],
    'two-phase locking, wait-die': [ends, ends, ends],
    'two-phase locking, wound-wait': [ends, ends, ends],
    'two-phase locking, no-wait': [starves, starves, starves],
    'snapshots, first committer wins': [ends, ends, ends],
    'snapshots, first updater wins, detection': [starves, ends, ends],
    'snapshots, first updater wins, wait-die': [ends, ends, ends],
    'serializable snapshots, wait-die': [ends, ends, starves],
    'timestamp ordering': [starves, starves, starves],
    'optimistic validation': [ends, ends, ends],
  },
}

const kept = { holds: 'kept', violated: 'broken', differs: 'broken by some' }
const large: readonly WorkloadName[] = workloadNames.filter((name) => workloads[name].length > 2)
const rowsOfPromises = Object.entries(costs.rows).filter(([, { constants }]) => promises[constants?.['control'] as ControlName] !== null)

const promised: Table = {
  about: 'Whether each control keeps what it promises: serializable, of a snapshot, or read committed, and all of them in real time',
  source: 'the source of each control',
  isSlow: true,
  rows: Object.fromEntries(rowsOfPromises),
  columns: {
    'two transactions': {
      property: 'isolated',
      variants: on(
        {},
        workloadNames.filter((name) => !large.includes(name)),
      ),
      words: kept,
    },
    'three or four transactions': { property: 'isolated', variants: on({}, large), words: kept },
  },
  expect: Object.fromEntries(rowsOfPromises.map(([name]) => [name, ['kept', 'kept']])),
}

export const tables: Readonly<Record<string, Table>> = { berenson, others, costs, retries, promises: promised }
