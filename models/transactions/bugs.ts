/** Published mistakes. Each is a switch in the model, and the checker must find that it breaks the named property. */
import type { Bug } from '../../checker/index.ts'

type BugName =
  | 'lock-released-before-commit'
  | 'upgrade-without-conflict-check'
  | 'detector-aborts-all'
  | 'timeout-aborts-statement-only'
  | 'writers-do-not-wait'
  | 'snapshot-at-first-read'
  | 'first-committer-checks-reads'
  | 'waiter-overwrites'
  | 'ssi-forgets-committed-pivot'
  | 'late-write-admitted'
  | 'validates-last-commit-only'

/** Tells whether a bug is switched on. */
export type Bugs = (name: BugName) => boolean

export const bugs: Readonly<Record<BugName, Bug>> = {
  'lock-released-before-commit': {
    about: 'A transaction releases its locks when it has written, and takes others later: its locking is not two-phase',
    source: 'Eswaran, Gray, Lorie & Traiger, The notions of consistency and predicate locks, CACM 19(11), 1976',
    violates: 'isolated',
    constants: { control: 'two-phase-locking', workload: 'aborted-read' },
  },
  'upgrade-without-conflict-check': {
    about: 'A transaction that has a lock to read a key makes it one to write it, though others have locks to read it as well',
    source: 'Bernstein, Hadzilacos & Goodman 1987, chapter 3: a read lock that is converted conflicts like a new write lock',
    violates: 'isolated',
    constants: { control: 'two-phase-locking', workload: 'lost-update' },
  },
  'detector-aborts-all': {
    about: 'The detector aborts everybody in a circle of transactions that wait for each other, where one would do',
    source: 'Bernstein, Hadzilacos & Goodman 1987, section 3.4: the victim',
    violates: 'someoneCommits',
    constants: { control: 'two-phase-locking', workload: 'crossing-updates' },
  },
  'timeout-aborts-statement-only': {
    about: 'Who waits for a lock for too long loses the statement and not the transaction, the first half of which is then committed',
    source: 'MySQL 8.4 Reference Manual, innodb_rollback_on_timeout: by default, only the last statement is rolled back',
    violates: 'isolated',
    constants: { control: 'snapshot-first-updater-wins', workload: 'blocked-write', deadlocks: 'timeout' },
  },
  'writers-do-not-wait': {
    about: 'A transaction writes over what another one has written and not committed, so that each may keep what the other does not (G0)',
    source: 'Berenson et al. 1995, section 3: dirty writes (P0) are to be excluded at all levels',
    violates: 'isolated',
    constants: { control: 'snapshot-first-updater-wins', workload: 'dirty-write-seen' },
  },
  'snapshot-at-first-read': {
    about: 'The snapshot of a key is taken when the transaction first reads that key, so that it sees several at once',
    source: 'Berenson et al. 1995, section 4.2: all reads are from one snapshot, of the time when the transaction began',
    violates: 'isolated',
    constants: { control: 'snapshot-first-committer-wins', workload: 'read-skew' },
  },
  'first-committer-checks-reads': {
    about: 'At commit it is checked that nobody has overwritten the rows that were found, and not those that were written',
    source: 'Berenson et al. 1995, section 4.2: first committer wins is about what was written',
    violates: 'isolated',
    constants: { control: 'snapshot-first-committer-wins', workload: 'same-row' },
  },
  'waiter-overwrites': {
    about:
      'Who had to wait for another writer writes over what that one has committed, as under read committed, though its snapshot is older',
    source: 'Berenson et al. 1995, section 4.2; PostgreSQL 17 documentation, section 13.2.2: could not serialize access',
    violates: 'isolated',
    constants: { control: 'snapshot-first-updater-wins', workload: 'counter' },
  },
  'ssi-forgets-committed-pivot': {
    about: 'Pivots are looked for when they commit only, and not among those that have committed',
    source: 'Cahill, Röhm & Fekete 2008, section 3: a read or a write aborts that would make a committed transaction unsafe',
    violates: 'isolated',
    constants: { control: 'serializable-snapshot', workload: 'read-only-anomaly' },
  },
  'late-write-admitted': {
    about: 'A write is not refused though a transaction with a later timestamp has read the key',
    source: 'Bernstein, Hadzilacos & Goodman 1987, section 4.2',
    violates: 'isolated',
    constants: { control: 'timestamp-ordering', workload: 'fuzzy-read' },
  },
  'validates-last-commit-only': {
    about: 'A transaction is validated against the one that committed last, and not against all since it began',
    source: 'Kung & Robinson 1981, section 4: all transactions between the start number and the finish number',
    violates: 'isolated',
    constants: { control: 'optimistic-validation', workload: 'chain' },
  },
}
