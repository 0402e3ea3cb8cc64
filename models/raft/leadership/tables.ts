/** What PreVote is for. */
import type { Table } from '../../../checker/index.ts'

const cutOff = { servers: 3, maxTerm: 2, maxLog: 0, cuts: 1, inFlight: 2, isElected: true }

export const tables: Readonly<Record<string, Table>> = {
  disturbance: {
    about: 'Whether a server that was cut off deposes a leader that reaches a majority when it comes back',
    source: "Ongaro's dissertation, section 9.6",
    rows: {
      'without PreVote': { constants: { ...cutOff, preVote: false } },
      'with PreVote': { constants: { ...cutOff, preVote: true } },
      'with PreVote that adopts terms': { constants: { ...cutOff, preVote: true }, bugs: ['pre-vote-adopts-term'] },
    },
    columns: { 'leader stays': { property: 'undisturbed', words: { holds: 'yes', violated: 'no' } } },
    expect: { 'without PreVote': ['no'], 'with PreVote': ['yes'], 'with PreVote that adopts terms': ['no'] },
  },
}
