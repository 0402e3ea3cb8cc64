/** What is measured. Sizes in parentheses are for a smoke run, which only shows that the benchmark works. */
import type { CheckOptions, Model } from 'counterpoint'
import { raft, twoPhaseCommit } from 'counterpoint/models'
import { fairRaft } from './fair-raft.ts'
import { readsEverything } from './reads-everything.ts'

export interface Workload {
  readonly title: string
  readonly model: Model
  readonly options: CheckOptions
  /** The reference explorer does so many states of the same space. */
  readonly referenceStates: number
  /** A script of the sketch in the shared folder that does the same, with its arguments. */
  readonly sketch?: readonly string[]
}

export function workloads(smoke: boolean): Record<string, Workload> {
  return {
    raft: {
      title: `raft, ${smoke ? 2 : 3} servers, 2 terms, 1 entry, 1 crash`,
      model: raft,
      options: { constants: { servers: smoke ? 2 : 3, maxTerm: 2, maxLog: 1, crashes: 1 } },
      referenceStates: smoke ? 200 : 3000,
    },
    'raft, liveness': {
      title: 'the same, and what happens in the end',
      model: fairRaft,
      options: { constants: { servers: smoke ? 2 : 3, maxTerm: 2, maxLog: 1, crashes: 1 } },
      referenceStates: smoke ? 200 : 3000,
    },
    'two-phase-commit': {
      title: `two-phase commit, ${smoke ? 4 : 8} resource managers`,
      model: twoPhaseCommit,
      options: { constants: { resourceManagers: smoke ? 4 : 8 } },
      referenceStates: smoke ? 200 : 3000,
      sketch: ['two-phase-commit.mjs', smoke ? '4' : '8'],
    },
    'reads-everything': {
      title: 'every action reads everything',
      model: readsEverything,
      options: { constants: { cells: smoke ? 4 : 6, values: smoke ? 4 : 6 } },
      referenceStates: smoke ? 200 : 3000,
    },
    'reads-everything, never memoizing': {
      title: 'the same, never memoizing',
      model: readsEverything,
      options: { constants: { cells: smoke ? 4 : 6, values: smoke ? 4 : 6 }, memoize: false },
      referenceStates: smoke ? 200 : 3000,
    },
  }
}
