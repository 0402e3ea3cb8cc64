/** Two-phase commit with messages in a set that only grows. Source: TLA+ Examples, transaction_commit/TwoPhase (Gray & Lamport 2006). */
import { cell, cells, defineModel, type Id, ids, type Model, set } from '../../index.ts'

type Message = { type: 'prepared'; rm: Id } | { type: 'commit' | 'abort' }

export const twoPhase: Model = defineModel({
  name: 'two-phase',
  about: 'Resource managers commit together or not at all',
  constants: {
    resourceManagers: { default: 3, min: 1 },
    selfLoops: { default: true, about: 'whether messages may be received again, to no effect' },
  },
  state: (c) => ({
    rm: cells<'working' | 'prepared' | 'committed' | 'aborted'>(c.resourceManagers, 'working'),
    tm: cell<'init' | 'committed' | 'aborted'>('init'),
    tmPrepared: set<Id>(),
    messages: set<Message>(),
  }),
  actions: (on, c) => {
    const rms = ids(c.resourceManagers)
    return {
      tmRcvPrepared: on.action({
        each: rms,
        when: (s, rm) => s.tm === 'init' && s.messages.has({ type: 'prepared', rm }) && (c.selfLoops || !s.tmPrepared.has(rm)),
        then: (s, rm) => s.tmPrepared.add(rm),
      }),
      tmCommit: on.action({
        when: (s) => s.tm === 'init' && s.tmPrepared.size === c.resourceManagers,
        then: (s) => {
          s.tm = 'committed'
          s.messages.add({ type: 'commit' })
        },
      }),
      tmAbort: on.action({
        when: (s) => s.tm === 'init',
        then: (s) => {
          s.tm = 'aborted'
          s.messages.add({ type: 'abort' })
        },
      }),
      rmPrepare: on.action({
        each: rms,
        when: (s, rm) => s.rm[rm] === 'working',
        then: (s, rm) => {
          s.rm[rm] = 'prepared'
          s.messages.add({ type: 'prepared', rm })
        },
      }),
      rmChooseToAbort: on.action({
        each: rms,
        when: (s, rm) => s.rm[rm] === 'working',
        then: (s, rm) => {
          s.rm[rm] = 'aborted'
        },
      }),
      rmRcvCommit: on.action({
        each: rms,
        when: (s, rm) => s.messages.has({ type: 'commit' }) && (c.selfLoops || s.rm[rm] !== 'committed'),
        then: (s, rm) => {
          s.rm[rm] = 'committed'
        },
      }),
      rmRcvAbort: on.action({
        each: rms,
        when: (s, rm) => s.messages.has({ type: 'abort' }) && (c.selfLoops || s.rm[rm] !== 'aborted'),
        then: (s, rm) => {
          s.rm[rm] = 'aborted'
        },
      }),
    }
  },
  properties: (on) => ({
    consistent: on.always('nobody commits while another aborts', (s) => !s.rm.includes('committed') || !s.rm.includes('aborted')),
    allCommit: on.sometimes('everybody commits', (s) => s.rm.every((state) => state === 'committed')),
    allAbort: on.sometimes('everybody aborts', (s) => s.rm.every((state) => state === 'aborted')),
  }),
})
