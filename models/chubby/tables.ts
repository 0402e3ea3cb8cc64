/** What protects the resource, what a session survives, and what clocks may do: verdicts side by side. */
import type { Table } from '../../checker/index.ts'

const order = { holds: 'in order', violated: 'not in order' }
const survival = { holds: 'survive', violated: 'may end' }
const conservative = { holds: 'never', violated: 'may' }
const alone = { clients: 1, lease: 7, grace: 1 }
const failover = { lease: 3, failovers: 1, prompt: true }

export const tables: Readonly<Record<string, Table>> = {
  protection: {
    about: 'What keeps the resource from acting for a holder of the lock after it has acted for a later one',
    source: 'the paper, section 2.4',
    rows: {
      nothing: { constants: { resource: 'trusts', lockDelay: 0 } },
      'lock-delay': { constants: { resource: 'trusts', lockDelay: 1 } },
      sequencers: { constants: { resource: 'checks', lockDelay: 0 } },
      both: { constants: { resource: 'checks', lockDelay: 1 } },
    },
    columns: {
      'requests within the lock-delay': { property: 'ordered', variants: [{ constants: { latency: 1 } }], words: order },
      'a tick longer': { property: 'ordered', variants: [{ constants: { latency: 2 } }], words: order },
      'of any length': { property: 'ordered', variants: [{ constants: { latency: 0 } }], words: order },
    },
    expect: {
      nothing: ['not in order', 'not in order', 'not in order'],
      'lock-delay': ['in order', 'not in order', 'not in order'],
      sequencers: ['in order', 'in order', 'in order'],
      both: ['in order', 'in order', 'in order'],
    },
  },
  'fail-over': {
    about:
      'Whether sessions survive until there is a new master, for so many ticks without one and so many of grace, leases being of three ticks',
    source: 'the paper, section 2.9 and Figure 2',
    rows: {
      'a tick': { constants: { ...failover, outage: 1 } },
      '2 ticks': { constants: { ...failover, outage: 2 } },
      '3 ticks': { constants: { ...failover, outage: 3 } },
      '4 ticks': { constants: { ...failover, outage: 4 } },
    },
    columns: {
      'no grace': { property: 'survival', variants: [{ constants: { grace: 0 } }], words: survival },
      'a tick of grace': { property: 'survival', variants: [{ constants: { grace: 1 } }], words: survival },
      '2 ticks of grace': { property: 'survival', variants: [{ constants: { grace: 2 } }], words: survival },
    },
    expect: {
      'a tick': ['survive', 'survive', 'survive'],
      '2 ticks': ['may end', 'survive', 'survive'],
      '3 ticks': ['may end', 'may end', 'survive'],
      '4 ticks': ['may end', 'may end', 'may end'],
    },
  },
  drift: {
    about:
      'Whether the master may end a session while its client relies on the lease, for how much a clock may gain on another and what clients reckon with',
    source: 'the paper, section 2.8; Gray & Cheriton, SOSP 1989, section 5',
    rows: {
      'no drift': { constants: alone },
      'a tick in 3': { constants: { ...alone, driftEvery: 3 } },
      'a tick in 2': { constants: { ...alone, driftEvery: 2 } },
    },
    columns: {
      'none reckoned with': { property: 'conservative', words: conservative },
      'a tick in 3 reckoned with': { property: 'conservative', variants: [{ constants: { boundEvery: 3 } }], words: conservative },
      'a tick in 2 reckoned with': { property: 'conservative', variants: [{ constants: { boundEvery: 2 } }], words: conservative },
    },
    expect: {
      'no drift': ['never', 'never', 'never'],
      'a tick in 3': ['may', 'never', 'never'],
      'a tick in 2': ['may', 'may', 'never'],
    },
  },
}

const shown = { failovers: 1, grace: 1, events: true, prompt: false }
const kept = { holds: 'kept', violated: 'broken' }

export const cacheTables: Readonly<Record<string, Table>> = {
  promises: {
    about: 'Which promise of the cache each mistake breaks',
    source: 'the paper, sections 2.5, 2.7 to 2.9',
    rows: {
      'as published': { constants: shown },
      'invalidation not awaited': { constants: shown, bugs: ['invalidation-not-awaited'] },
      'epoch not checked': { constants: shown, bugs: ['epoch-not-checked'] },
      'lease from receipt': { constants: shown, bugs: ['lease-from-receipt'] },
      'late fill': { constants: shown, bugs: ['late-fill'] },
      'event before the write': { constants: shown, bugs: ['event-before-write'] },
    },
    columns: {
      'reads see the last completed write': { property: 'linearizable', words: kept },
      'reads see what events told': { property: 'eventsAfter', words: kept },
    },
    expect: {
      'as published': ['kept', 'kept'],
      'invalidation not awaited': ['broken', 'broken'],
      'epoch not checked': ['broken', 'broken'],
      'lease from receipt': ['broken', 'broken'],
      'late fill': ['broken', 'broken'],
      'event before the write': ['kept', 'broken'],
    },
  },
}

const election = { lease: 3, prompt: true }
const masters = { holds: 'one', violated: 'two' }
const asked = { lease: 1, prompt: true, operations: 4 }
const session = [{ constants: { judged: 'sessions' } }]

export const cellTables: Readonly<Record<string, Table>> = {
  drift: {
    about: 'How many masters there may be, for how much a clock may gain on another and what a master reckons with',
    source: 'the paper, section 2.1; Gray & Cheriton, SOSP 1989, section 5',
    rows: {
      'no drift': { constants: election },
      'a tick in 2': { constants: { ...election, driftEvery: 2 } },
      'a tick in 1': { constants: { ...election, driftEvery: 1 } },
    },
    columns: {
      'none reckoned with': { property: 'oneMaster', words: masters },
      'a tick in 2 reckoned with': { property: 'oneMaster', variants: [{ constants: { boundEvery: 2 } }], words: masters },
    },
    expect: {
      'no drift': ['one', 'one'],
      'a tick in 2': ['two', 'one'],
      'a tick in 1': ['two', 'two'],
    },
  },
  reads: {
    about: 'What clients may rely on who read through the master, by how sure it is that it still is the master',
    source: 'the paper, section 2.1; Gray & Cheriton, SOSP 1989; Terry et al., PDIS 1994, for the session guarantees',
    isSlow: true,
    rows: {
      'it looks at its lease': { constants: asked },
      'it does not': { constants: asked, bugs: ['lease-not-checked'] },
      'it does, but clocks drift more than it reckons with': { constants: { ...asked, driftEvery: 1 } },
    },
    columns: {
      linearizable: { property: 'linearizable', variants: [{ constants: { operations: 2 } }], words: kept },
      'read your writes': { property: 'readYourWrites', variants: session, words: kept },
      'monotonic reads': { property: 'monotonicReads', variants: session, words: kept },
      'monotonic writes': { property: 'monotonicWrites', variants: session, words: kept },
      'writes follow reads': { property: 'writesFollowReads', variants: session, words: kept },
    },
    expect: {
      'it looks at its lease': ['kept', 'kept', 'kept', 'kept', 'kept'],
      'it does not': ['broken', 'broken', 'broken', 'broken', 'broken'],
      'it does, but clocks drift more than it reckons with': ['broken', 'broken', 'broken', 'broken', 'broken'],
    },
  },
}
