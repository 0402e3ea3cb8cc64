/** What each path of reads promises. */
import type { Table } from '../../../checker/index.ts'

const lease = { reads: 'lease', isElected: true, electionTimeout: 2 }

export const tables: Readonly<Record<string, Table>> = {
  readPaths: {
    about: 'What the clients of a register may rely on, by the path of reads',
    source: "Ongaro's dissertation, sections 6.3 and 6.4",
    isSlow: true,
    rows: {
      'through the log': { constants: { reads: 'log', isElected: true } },
      ReadIndex: { constants: { reads: 'read-index', isElected: true } },
      'leader, without ReadIndex': { constants: { reads: 'read-index', isElected: true }, bugs: ['stale-read-from-deposed-leader'] },
      'lease, clocks agree': { constants: { ...lease, electionTimeout: 1 } },
      'lease, clocks drift, with margin': { constants: { ...lease, driftEvery: 1, boundEvery: 1 } },
      'lease, clocks drift more than that': { constants: { ...lease, electionTimeout: 3, driftEvery: 1, boundEvery: 2 } },
      'lease, clocks drift, without margin': { constants: { ...lease, driftEvery: 1, boundEvery: 1 }, bugs: ['lease-read-under-drift'] },
      'any server': { constants: { reads: 'local', isElected: true } },
    },
    columns: {
      linearizable: { property: 'linearizable', words: { holds: 'yes', violated: 'no' } },
      'read your writes': {
        property: 'readYourWrites',
        variants: [{ constants: { judged: 'sessions' } }],
        words: { holds: 'yes', violated: 'no' },
      },
      'monotonic reads': {
        property: 'monotonicReads',
        variants: [{ constants: { judged: 'sessions', readsEach: 2 } }],
        words: { holds: 'yes', violated: 'no' },
      },
    },
    // With leases, two reads after a write are too many states for a table.
    expect: {
      'through the log': ['yes', 'yes', 'yes'],
      ReadIndex: ['yes', 'yes', 'yes'],
      'leader, without ReadIndex': ['no', 'no', 'no'],
      'lease, clocks agree': ['yes', 'yes', null],
      'lease, clocks drift, with margin': ['yes', 'yes', null],
      'lease, clocks drift more than that': ['no', 'no', null],
      'lease, clocks drift, without margin': ['no', 'no', null],
      'any server': ['no', 'no', 'no'],
    },
  },
}
