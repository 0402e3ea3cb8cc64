/**
 * Two-phase commit: a transaction manager and resource managers agree to commit or to abort.
 *
 * Messages are a set that only grows, as in the TLA+ specification TwoPhase: losing or repeating a message is then the
 * same as never, or again, acting on it. Crashes are omitted: a crashed manager is one that takes no more steps.
 *
 * Source: Gray & Lamport, Consensus on Transaction Commit, ACM TODS 31(1), 2006, section 3 and its TwoPhase specification.
 */
import { cell, cells, defineModel, type Id, ids, type Model, set } from '../../checker/index.ts'

type Message = { kind: 'prepared'; from: Id } | { kind: 'commit' } | { kind: 'abort' }

export const twoPhaseCommit: Model = defineModel({
  name: 'two-phase-commit',
  about: 'A transaction manager and resource managers agree to commit or to abort a transaction',
  source: 'Gray & Lamport, Consensus on Transaction Commit, ACM TODS 31(1), 2006',
  covers: [
    'The protocol of the paper, section 3: resource managers prepare or abort on their own, the transaction manager decides, and tells them',
    'Messages that are lost, repeated or out of order: they are a set that only grows, and nobody has to act on one',
  ],
  omits: {
    crashes: 'a crashed manager is one that takes no more steps, and no step has to happen',
    'that a crashed transaction manager blocks the others': 'that they decide at all is not promised',
  },
  constants: { resourceManagers: { default: 5, min: 1, max: 12, about: 'participants of the transaction' } },
  state: (c) => ({
    /** What each resource manager has decided. */
    rm: cells<'working' | 'prepared' | 'committed' | 'aborted'>(c.resourceManagers, 'working'),
    /** What the transaction manager has decided. */
    tm: cell<'init' | 'committed' | 'aborted'>('init'),
    /** Which resource managers the transaction manager knows to be prepared. */
    prepared: cells(c.resourceManagers, false as boolean),
    /** Everything ever sent. */
    messages: set<Message>(),
  }),
  roles: (c) => ({ 'resource manager': c.resourceManagers, 'transaction manager': null }),
  actions: (on, c) => ({
    /** TMRcvPrepared: enabled iff the outcome is open and this resource manager has said that it is prepared. */
    receivePrepared: on.action({
      by: 'transaction manager',
      each: ids(c.resourceManagers),
      when: (s, rm) => s.tm === 'init' && s.messages.has({ kind: 'prepared', from: rm }),
      then: (s, rm) => {
        s.prepared[rm] = true
      },
    }),
    /** TMCommit: enabled iff the outcome is open and everyone is known to be prepared. */
    commit: on.action({
      by: 'transaction manager',
      when: (s) => s.tm === 'init' && s.prepared.every((isPrepared) => isPrepared),
      then: (s) => {
        s.tm = 'committed'
        s.messages.add({ kind: 'commit' })
      },
    }),
    /** TMAbort: enabled iff the outcome is open. */
    abort: on.action({
      by: 'transaction manager',
      when: (s) => s.tm === 'init',
      then: (s) => {
        s.tm = 'aborted'
        s.messages.add({ kind: 'abort' })
      },
    }),
    /** RMPrepare: enabled iff this resource manager is still working. */
    prepare: on.action({
      each: ids(c.resourceManagers),
      when: (s, rm) => s.rm[rm] === 'working',
      then: (s, rm) => {
        s.rm[rm] = 'prepared'
        s.messages.add({ kind: 'prepared', from: rm })
      },
    }),
    /** RMChooseToAbort: enabled iff this resource manager is still working. */
    chooseToAbort: on.action({
      each: ids(c.resourceManagers),
      when: (s, rm) => s.rm[rm] === 'working',
      then: (s, rm) => {
        s.rm[rm] = 'aborted'
      },
    }),
    /** RMRcvCommitMsg: enabled iff the transaction manager has said commit. */
    receiveCommit: on.action({
      each: ids(c.resourceManagers),
      when: (s) => s.messages.has({ kind: 'commit' }),
      then: (s, rm) => {
        s.rm[rm] = 'committed'
      },
    }),
    /** RMRcvAbortMsg: enabled iff the transaction manager has said abort. */
    receiveAbort: on.action({
      each: ids(c.resourceManagers),
      when: (s) => s.messages.has({ kind: 'abort' }),
      then: (s, rm) => {
        s.rm[rm] = 'aborted'
      },
    }),
  }),
  properties: (on) => ({
    consistent: on.always('no resource manager commits while another aborts', (s) => {
      const [committed, aborted] = [s.rm.indexOf('committed'), s.rm.indexOf('aborted')]
      return committed < 0 || aborted < 0 || `resource manager ${committed} has committed and ${aborted} has aborted`
    }),
    allCommit: on.sometimes('every resource manager commits', (s) => s.rm.every((state) => state === 'committed')),
    allAbort: on.sometimes('every resource manager aborts', (s) => s.rm.every((state) => state === 'aborted')),
  }),
  instances: [
    { constants: { resourceManagers: 1 }, expect: 'holds', distinct: 12, generated: 20, depth: 5 },
    { constants: { resourceManagers: 2 }, expect: 'holds', distinct: 56, generated: 154, depth: 8 },
    {
      constants: { resourceManagers: 3 },
      expect: 'holds',
      distinct: 288,
      generated: 1_146,
      depth: 11,
      source: 'the TLA+ Examples manifest, and Stateright',
    },
    { constants: { resourceManagers: 5 }, expect: 'holds', distinct: 8_832, generated: 58_146, depth: 17, source: 'Stateright' },
    { constants: { resourceManagers: 7 }, expect: 'holds', distinct: 296_448, generated: 2_744_706, depth: 23 },
  ],
})
