/**
 * Peterson's algorithm: two processes enter a critical section one at a time, by shared variables that are only read and
 * written. Each raises its flag, says that it is its own turn to wait, and waits while the other's flag is up and the turn
 * is still its own.
 *
 * Each action reads or writes one shared variable, save the test of the waiting loop, which reads both at once; Peterson
 * notes that it need not. A process may stay outside for ever; once it has raised its flag, it goes on.
 *
 * Source: Peterson, Myths about the mutual exclusion problem, Information Processing Letters 12(3), 1981. The attempts that
 * fail are from Dijkstra, Cooperating sequential processes (EWD 123), 1965, section 2.1.
 */
import { cell, cells, defineModel, type Id, ids, type Model } from '../../checker/index.ts'

type Place = 'outside' | 'flagged' | 'waiting' | 'inside' | 'withdrawn'

export const peterson: Model = defineModel({
  name: 'peterson',
  about: 'Two processes share a critical section by reading and writing variables',
  source: 'Peterson, Myths about the mutual exclusion problem, IPL 12(3), 1981',
  covers: [
    'Two processes that each raise a flag, take their turn to wait, and wait: one read or write of a shared variable a step',
    'Processes that stay outside for ever; who has raised a flag goes on (weak fairness)',
    'The attempts that fail, in EWD 123, as known bugs',
  ],
  omits: {
    'a waiting loop that reads the two variables one after the other': 'the test is one step here; Peterson notes that it need not be',
    'more than two processes': 'the paper has them as another algorithm',
  },
  bugs: {
    'turn-before-flag': {
      about: 'A process takes its turn to wait before it raises its flag',
      violates: 'mutualExclusion',
    },
    'flags-only': {
      about: 'A process waits while the flag of the other is up, whoever raised it last',
      source: 'EWD 123, the third attempt',
      violates: 'process0GetsIn',
    },
    'after-you': {
      about: 'A process that meets the flag of the other lowers its own and tries again',
      source: 'EWD 123, the fourth attempt',
      violates: 'process0GetsIn',
    },
    'turn-only': {
      about: 'A process waits until it is not its turn to wait, though the other may never come',
      source: 'EWD 123, the first attempt: strict alternation',
      violates: 'process0GetsIn',
    },
  },
  state: () => ({
    /** Where each process is in its program. */
    at: cells<Place>(2, 'outside'),
    /** Q1 and Q2: who wants to be inside. */
    flag: cells(2, false as boolean),
    /** TURN: who is to wait if both want. */
    turn: cell<Id>(0),
  }),
  actions: (on, _c, bug) => ({
    /** Q_i := true. Enabled iff the process is outside. No one has to. */
    raise: on.action({
      each: ids(2),
      when: (s, i) => s.at[i] === 'outside',
      then: (s, i) => {
        if (bug('turn-before-flag')) s.turn = i
        else s.flag[i] = true
        s.at[i] = 'flagged'
      },
    }),
    /** TURN := i. Enabled iff the flag has just been raised. */
    yield: on.action({
      each: ids(2),
      fair: 'weak',
      when: (s, i) => s.at[i] === 'flagged',
      then: (s, i) => {
        if (bug('turn-before-flag')) s.flag[i] = true
        else s.turn = i
        s.at[i] = 'waiting'
      },
    }),
    /** wait until not Q_j or TURN = j. */
    enter: on.action({
      each: ids(2),
      fair: 'weak',
      when: (s, i) => {
        if (s.at[i] !== 'waiting') return false
        const otherIsAway = !s.flag[1 - i]
        const otherWaits = s.turn !== i
        if (bug('turn-only')) return otherWaits
        return otherIsAway || (otherWaits && !bug('flags-only') && !bug('after-you'))
      },
      then: (s, i) => {
        s.at[i] = 'inside'
      },
    }),
    /** Q_i := false. Enabled iff the process is inside. */
    leave: on.action({
      each: ids(2),
      fair: 'weak',
      when: (s, i) => s.at[i] === 'inside',
      then: (s, i) => {
        s.flag[i] = false
        s.at[i] = 'outside'
      },
    }),
    ...(bug('after-you') && {
      /** Enabled iff both flags are up. */
      withdraw: on.action({
        each: ids(2),
        fair: 'weak',
        when: (s, i) => s.at[i] === 'waiting' && s.flag[1 - i] === true,
        then: (s, i) => {
          s.flag[i] = false
          s.at[i] = 'withdrawn'
        },
      }),
      /** Enabled iff the process has just withdrawn. */
      raiseAgain: on.action({
        each: ids(2),
        fair: 'weak',
        when: (s, i) => s.at[i] === 'withdrawn',
        then: (s, i) => {
          s.flag[i] = true
          s.at[i] = 'waiting'
        },
      }),
    }),
  }),
  properties: (on) => ({
    mutualExclusion: on.always('at most one process is inside', (s) => !s.at.every((place) => place === 'inside')),
    process0GetsIn: on.leadsTo(
      'process 0 gets in once it has raised its flag',
      (s) => s.at[0] !== 'outside',
      (s) => s.at[0] === 'inside',
    ),
    process1GetsIn: on.leadsTo(
      'process 1 gets in once it has raised its flag',
      (s) => s.at[1] !== 'outside',
      (s) => s.at[1] === 'inside',
    ),
    bothWait: on.sometimes('both processes wait', (s) => s.at.every((place) => place === 'waiting')),
  }),
  instances: [
    { expect: 'holds', distinct: 20, generated: 35, depth: 7 },
    { bugs: ['turn-before-flag'], expect: 'mutualExclusion', depth: 7 },
    { bugs: ['flags-only'], expect: 'process0GetsIn', distinct: 20, generated: 33, depth: 5 },
    { bugs: ['after-you'], expect: 'process0GetsIn', distinct: 46, generated: 93, depth: 7 },
    { bugs: ['turn-only'], expect: 'process0GetsIn', distinct: 12, generated: 17, depth: 3 },
  ],
})
