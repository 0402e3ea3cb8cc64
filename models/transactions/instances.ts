/** Checked instances with their exact sizes. */
import type { Instance } from '../../checker/index.ts'

// biome-ignore format: one instance a line
export const instances: readonly Instance[] = [
  // Each control keeps its promise when three transactions meet, two of which write.
  { constants: { control: 'read-uncommitted', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 260, generated: 551, depth: 13 },
  { constants: { control: 'read-committed-locking', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 465, generated: 707, depth: 13 },
  { constants: { control: 'cursor-stability', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 465, generated: 707, depth: 13 },
  { constants: { control: 'repeatable-read-locking', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 317, generated: 426, depth: 13 },
  { constants: { control: 'two-phase-locking', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 317, generated: 426, depth: 13 },
  { constants: { control: 'mvcc-read-committed', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 465, generated: 736, depth: 13 },
  { constants: { control: 'snapshot-first-committer-wins', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 359, generated: 587, depth: 13 },
  { constants: { control: 'snapshot-first-updater-wins', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 359, generated: 587, depth: 13 },
  { constants: { control: 'serializable-snapshot', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 359, generated: 587, depth: 13 },
  { constants: { control: 'timestamp-ordering', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 988, generated: 1_581, depth: 13 },
  { constants: { control: 'optimistic-validation', workload: 'read-only-anomaly' }, expect: 'holds', distinct: 501, generated: 760, depth: 13 },

  // Two who wait for each other.
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'detection' }, expect: 'holds', distinct: 37, generated: 43, depth: 9 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'wait-die' }, expect: 'holds', distinct: 55, generated: 61, depth: 9 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'wound-wait' }, expect: 'holds', distinct: 55, generated: 61, depth: 9 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'no-wait' }, expect: 'holds', distinct: 41, generated: 47, depth: 9 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'undetected' }, expect: 'noDeadlock', depth: 5 },

  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'timeout' }, expect: 'holds', distinct: 41, generated: 47, depth: 9 },

  // Who is aborted begins again.
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'detection', judge: 'progress' }, expect: 'nobodyStarves', depth: 9 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'wait-die', judge: 'progress' }, expect: 'holds', distinct: 57, generated: 75, depth: 11 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'wound-wait', judge: 'progress' }, expect: 'holds', distinct: 61, generated: 79, depth: 12 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates', deadlocks: 'no-wait', judge: 'progress' }, expect: 'nobodyStarves', depth: 15 },
  { constants: { control: 'timestamp-ordering', workload: 'crossing-updates', judge: 'progress' }, expect: 'nobodyStarves', depth: 10 },
  { constants: { control: 'optimistic-validation', workload: 'crossing-updates', judge: 'progress' }, expect: 'holds', distinct: 48, generated: 61, depth: 13 },

  // A snapshot that is taken late is still one snapshot.
  { constants: { control: 'snapshot-first-committer-wins', workload: 'read-only-anomaly', snapshot: 'at-first-step' }, expect: 'holds', distinct: 690, generated: 937, depth: 13 },
  { constants: { control: 'snapshot-first-updater-wins', workload: 'read-only-anomaly', snapshot: 'at-first-step' }, expect: 'holds', distinct: 690, generated: 937, depth: 13 },
  { constants: { control: 'serializable-snapshot', workload: 'read-only-anomaly', snapshot: 'at-first-step' }, expect: 'holds', distinct: 685, generated: 936, depth: 13 },

  // What weaker controls let through, and stronger ones do not.
  { constants: { control: 'snapshot-first-committer-wins', workload: 'write-skew', judge: 'serializable' }, expect: 'isolated', depth: 9 },
  { constants: { control: 'snapshot-first-committer-wins', workload: 'read-only-anomaly', judge: 'serializable' }, expect: 'isolated', depth: 13 },
  { constants: { control: 'read-committed-locking', workload: 'lost-update', judge: 'snapshot-isolation' }, expect: 'isolated', depth: 9 },
  { constants: { control: 'read-uncommitted', workload: 'aborted-read', judge: 'read-committed' }, expect: 'isolated', depth: 7 },
  { constants: { control: 'read-uncommitted', workload: 'intermediate-read', judge: 'read-committed' }, expect: 'isolated', depth: 7 },
  { constants: { control: 'read-uncommitted', workload: 'circular-flow', judge: 'read-committed' }, expect: 'isolated', depth: 9 },
  { constants: { control: 'none', workload: 'dirty-write', judge: 'phenomena' }, expect: 'P0', depth: 5 },

  // Two writers, and two readers who may disagree about them.
  { constants: { control: 'read-committed-locking', workload: 'long-fork' }, expect: 'holds', distinct: 6_406, generated: 10_409, depth: 15, isSlow: true },
  { constants: { control: 'two-phase-locking', workload: 'long-fork' }, expect: 'holds', distinct: 3_938, generated: 5_621, depth: 15, isSlow: true },
  { constants: { control: 'mvcc-read-committed', workload: 'long-fork' }, expect: 'holds', distinct: 6_406, generated: 10_907, depth: 15, isSlow: true },
  { constants: { control: 'snapshot-first-committer-wins', workload: 'long-fork' }, expect: 'holds', distinct: 4_860, generated: 8_113, depth: 15, isSlow: true },
  { constants: { control: 'snapshot-first-updater-wins', workload: 'long-fork' }, expect: 'holds', distinct: 4_860, generated: 8_113, depth: 15, isSlow: true },
  { constants: { control: 'serializable-snapshot', workload: 'long-fork' }, expect: 'holds', distinct: 4_860, generated: 8_113, depth: 15, isSlow: true },
  { constants: { control: 'timestamp-ordering', workload: 'long-fork' }, expect: 'holds', distinct: 21_289, generated: 37_941, depth: 15, isSlow: true },
  { constants: { control: 'optimistic-validation', workload: 'long-fork' }, expect: 'holds', distinct: 7_760, generated: 12_193, depth: 15, isSlow: true },

  // The constants of the known bugs, without them.
  { constants: { control: 'two-phase-locking', workload: 'aborted-read' }, expect: 'holds', distinct: 21, generated: 25, depth: 7 },
  { constants: { control: 'two-phase-locking', workload: 'lost-update' }, expect: 'holds', distinct: 37, generated: 43, depth: 9 },
  { constants: { control: 'two-phase-locking', workload: 'crossing-updates' }, expect: 'holds', distinct: 37, generated: 43, depth: 9 },
  { constants: { control: 'snapshot-first-updater-wins', workload: 'blocked-write', deadlocks: 'timeout' }, expect: 'holds', distinct: 322, generated: 495, depth: 12 },
  { constants: { control: 'snapshot-first-updater-wins', workload: 'dirty-write-seen' }, expect: 'holds', distinct: 279, generated: 415, depth: 13 },
  { constants: { control: 'snapshot-first-committer-wins', workload: 'read-skew' }, expect: 'holds', distinct: 34, generated: 47, depth: 9 },
  { constants: { control: 'snapshot-first-committer-wins', workload: 'same-row' }, expect: 'holds', distinct: 34, generated: 47, depth: 9 },
  { constants: { control: 'snapshot-first-updater-wins', workload: 'counter' }, expect: 'holds', distinct: 20, generated: 23, depth: 7 },
  { constants: { control: 'timestamp-ordering', workload: 'fuzzy-read' }, expect: 'holds', distinct: 43, generated: 52, depth: 8 },
  { constants: { control: 'optimistic-validation', workload: 'chain' }, expect: 'holds', distinct: 484, generated: 751, depth: 13 },

  { bugs: ['lock-released-before-commit'], expect: 'isolated', depth: 7 },
  { bugs: ['upgrade-without-conflict-check'], expect: 'isolated', depth: 9 },
  { bugs: ['detector-aborts-all'], expect: 'someoneCommits', depth: 6 },
  { bugs: ['timeout-aborts-statement-only'], expect: 'isolated', depth: 11 },
  { bugs: ['writers-do-not-wait'], expect: 'isolated', depth: 13 },
  { bugs: ['snapshot-at-first-read'], expect: 'isolated', depth: 9 },
  { bugs: ['first-committer-checks-reads'], expect: 'isolated', depth: 9 },
  { bugs: ['waiter-overwrites'], expect: 'isolated', depth: 7 },
  { bugs: ['ssi-forgets-committed-pivot'], expect: 'isolated', depth: 13 },
  { bugs: ['late-write-admitted'], expect: 'isolated', depth: 8 },
  { bugs: ['validates-last-commit-only'], expect: 'isolated', depth: 13 },
]
