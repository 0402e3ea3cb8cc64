/**
 * Transactions under concurrency controls: locking at several degrees, two-phase locking, versions and snapshots, timestamps,
 * validation. A workload is a few transactions with fixed programs (workloads.ts), and the checker runs them in every order that the
 * control lets through. A control (controls/) answers each step of a transaction: it is granted, it waits, or the transaction is
 * aborted. What is committed is judged by the level that the control promises, or phenomenon by phenomenon, as in the paper's Table 4.
 *
 * Source: Berenson, Bernstein, Gray, Melton, O'Neil & O'Neil, A critique of ANSI SQL isolation levels, SIGMOD 1995. Each control
 * names its own.
 */
import { cell, cells, defineModel, type Id, ids, type Model, monitor } from '../../checker/index.ts'
import { type IsolationLevel, transactions as transactionMonitor } from '../../properties/index.ts'
import { bugs } from './bugs.ts'
import { deadlockPolicies } from './controls/conflicts.ts'
import { controlNames, controlOf, promises } from './controls/controls.ts'
import {
  changed,
  type Database,
  type Key,
  type Lock,
  ready,
  type Transaction,
  type Transactions,
  transaction,
  unwritten,
  type Version,
  type Versions,
} from './database.ts'
import { instances } from './instances.ts'
import * as phenomena from './phenomena.ts'
import { ask, circle, isChanged, nextStep, retried, type System, taken, timedOut, waiting, withoutVictims } from './steps.ts'
import { tables } from './tables.ts'
import { isWrite, type Step, torn, workloadNames, workloads, writesFrom } from './workloads.ts'

export const transactions: Model = defineModel({
  name: 'transactions',
  about: 'A few transactions run under a concurrency control, which decides what they see and which of them commit',
  source: "Berenson, Bernstein, Gray, Melton, O'Neil & O'Neil, A critique of ANSI SQL isolation levels, SIGMOD 1995",
  covers: [
    'Thirteen concurrency controls behind one interface: no control, the degrees of locking of Table 2 of the paper, versions that are read by statement, snapshots with two rules for writers, serializable snapshots, timestamps, and validation.',
    'Six ways to deal with transactions that wait for each other: a detector, wait-die, wound-wait, no waiting, timeouts, and none.',
    'Reads and writes of items, reads through a cursor, statements that read and write, reads of a predicate and rows that come to satisfy it.',
    'Transactions that commit, take everything back of their own accord, or are aborted by the control.',
  ],
  omits: {
    'Fuzzy reads and phantoms that nobody notices':
      'The paper has P2 and P3 broad: they are there as soon as somebody writes over what a running transaction has read, which every snapshot lets through. Here they are read as A2 and A3: a transaction reads again, and sees something else. With this reading snapshots have the cells of Table 4.',
    "Workloads of one's own":
      'Each phenomenon is looked for in the smallest workloads that can show it; "not possible" is exhaustive over all that these can come to.',
    Values:
      'A version stands for a value that only its writer writes. What a transaction computes from what it read does not matter to any control, and different writes look different.',
    'Rows that are deleted or change':
      'A row that leaves the predicate is, to those who read it, as new as one that comes; the paper counts both as phantoms.',
    'What is seen by transactions that begin again':
      'Where starvation is asked for (judge=progress), aborted transactions begin again. Elsewhere they do not: to the others, one that begins again is a further transaction.',
    'A second predicate': 'Predicates that share rows conflict as one does with itself, and those that do not are apart, as items are.',
    'Queues of those who wait': 'Who need not wait any more may go on, in any order: a queue would take some of the orders away.',
    'Crashes and the log': 'Recovery takes back what is not committed, as an abort does.',
  },
  constants: {
    control: { default: 'two-phase-locking', oneOf: controlNames, about: 'the concurrency control' },
    workload: { default: 'write-skew', oneOf: workloadNames, about: 'which transactions there are' },
    deadlocks: { default: 'detection', oneOf: deadlockPolicies, about: 'what becomes of transactions that would have to wait' },
    snapshot: { default: 'at-begin', oneOf: ['at-begin', 'at-first-step'], about: 'when a transaction takes its snapshot' },
    judge: {
      default: 'promise',
      oneOf: ['promise', 'phenomena', 'costs', 'progress', 'serializable', 'snapshot-isolation', 'read-committed'],
      about:
        'what is asked: what the control promises, which phenomena there are, what it costs, whether everybody commits who begins again, or a level',
    },
  },
  bugs,
  state: (c) => ({
    /** The database: versions of keys, locks, the order of commits, and what each transaction has done. */
    versions: cell<Versions>(unwritten),
    locks: cell<readonly Lock[]>([]),
    commits: cell<readonly Id[]>([]),
    transaction: cells<Transaction>(workloads[c.workload].length, ready),
    /** What the clients have seen, judged at a level. */
    seen: monitor(transactionMonitor(levelOf(c) ?? 'read-uncommitted')),
  }),
  roles: (c) => ({ transaction: workloads[c.workload].length }),
  actions: (on, c, bug) => {
    const level = levelOf(c)
    const system = systemOf(c, bug)
    const everyone = ids(system.programs.length)
    type Draft = Parameters<NonNullable<Parameters<typeof on.action>[0]['then']>>[0]

    /** A queue passes nobody over for ever; to whom it matters is only who begins again. */
    const fair = c.judge === 'progress' ? 'strong' : 'weak'

    const become = (s: Draft, before: Database, result: Database): void => {
      const after = c.judge === 'progress' ? retried(system, before, result) : result
      if (level !== null) tell(system, before, s.seen, after, level)
      if (after.versions !== before.versions) s.versions = after.versions
      if (after.locks !== before.locks) s.locks = after.locks
      if (after.commits !== before.commits) s.commits = after.commits
      for (const t of everyone) if (isChanged(before, after, t)) s.transaction[t] = transaction(after, t)
    }
    /** The next step, if it is of this kind and need not wait: as a list, of one or none. */
    const next = (db: Database, t: Id, is: Step['is']): readonly Step[] => {
      const step = nextStep(system, db, t)
      return step?.is === is && ask(system, db, t, step).is !== 'waits' ? [step] : []
    }
    /** Enabled iff it is the next step of the transaction, and the transaction need not wait for it. */
    const onKey = (is: Step['is']) =>
      on.action({
        each: everyone,
        fair,
        over: (s, t) => next(database(s), t, is).map(({ key }) => key),
        then: (s, t, key) => become(s, database(s), taken(system, database(s), t, { is, key })),
      })
    /** The same of steps that name no key. */
    const onAll = (is: Step['is']) =>
      on.action({
        each: everyone,
        fair,
        when: (s, t) => next(database(s), t, is).length > 0,
        then: (s, t) => become(s, database(s), taken(system, database(s), t, { is, key: null })),
      })
    return {
      /** Enabled iff the transaction has not begun. */
      begin: on.action({
        each: everyone,
        fair: 'weak',
        when: (s, t) => s.transaction[t].status === 'ready',
        then: (s, t) => {
          if (level !== null) s.seen.begin(t)
          become(s, database(s), changed(system.control.begin(database(s), t), t, { status: 'running' }))
        },
      }),
      read: onKey('read'),
      fetch: onKey('fetch'),
      move: onAll('move'),
      readRows: onAll('readRows'),
      write: onKey('write'),
      update: onKey('update'),
      commit: onAll('commit'),
      rollback: onAll('rollback'),
      /** Enabled iff transactions wait for each other in a circle, and somebody looks: any of the circle is aborted. */
      breakDeadlock: on.action({
        fair: 'weak',
        over: (s) => (c.deadlocks === 'detection' ? circle(waiting(system, database(s))) : []),
        then: (s, victim) => {
          const victims = bug('detector-aborts-all') ? circle(waiting(system, database(s))) : [victim]
          become(s, database(s), withoutVictims(system, database(s), victims))
        },
      }),
      /** Enabled iff the transaction waits, and may not wait for ever. */
      timeOut: on.action({
        each: everyone,
        fair: 'weak',
        when: (s, t) => c.deadlocks === 'timeout' && waiting(system, database(s)).some((one) => one.t === t),
        then: (s, t) => {
          const one = waiting(system, database(s)).find((waits) => waits.t === t)
          if (one !== undefined) become(s, database(s), timedOut(system, database(s), one, bug('timeout-aborts-statement-only')))
        },
      }),
    }
  },
  properties: (on, c, bug) => {
    const system = systemOf(c, bug)
    const level = levelOf(c)
    const mayAllCommit = system.programs.every((program) => program.at(-1)?.is === 'commit')
    return {
      ...(level !== null && {
        isolated: on.always(`what is committed is ${level}`, (s) => s.seen.isolated),
      }),
      ...(c.judge === 'phenomena' && {
        P0: on.always('no transaction writes over what another has not committed (P0, dirty write)', (s) =>
          phenomena.dirtyWrite(database(s)),
        ),
        P1: on.always('no transaction reads what another has not committed (P1, dirty read)', (s) => phenomena.dirtyRead(database(s))),
        OTV: on.always('what a transaction has seen of another does not give way to what was before (OTV, observed vanishes)', (s) =>
          phenomena.observedVanishes(database(s)),
        ),
        P2: on.always('no transaction reads an item again and sees another version (P2, fuzzy read)', (s) =>
          phenomena.fuzzyRead(database(s)),
        ),
        P3: on.always('no rows appear that a transaction should have seen (P3, phantom)', {
          again: (s) => phenomena.phantomRead(database(s)),
          added: (s) => phenomena.predicateSkew(database(s)),
        }),
        P4: on.always('no transaction commits a write over a version newer than it has read (P4, lost update)', (s) =>
          phenomena.lostUpdate(database(s)),
        ),
        P4C: on.always('none does so with what it has read through a cursor (P4C, cursor lost update)', (s) =>
          phenomena.cursorLostUpdate(database(s)),
        ),
        A5A: on.always('no transaction sees one item as another has left it, and one as it was before (A5A, read skew)', (s) =>
          phenomena.readSkew(database(s)),
        ),
        A5B: on.always('no two transactions commit, each of which overwrites what the other has read (A5B, write skew)', (s) =>
          phenomena.writeSkew(database(s)),
        ),
        longFork: on.always('no two transactions see writes of others in opposite orders', (s) => phenomena.longFork(database(s))),
        readOnlyAnomaly: on.always('where those who write are serializable, they are so with those who only read', (s) =>
          phenomena.readOnlyAnomaly(database(s)),
        ),
      }),
      ...(c.judge === 'costs' && {
        noWaitCircle: on.always('no transactions wait for each other in a circle', (s) => {
          const stuck = circle(waiting(system, database(s)))
          return stuck.length === 0 || `${stuck.join(' and ')} wait for each other`
        }),
        readersDoNotWait: on.always('no transaction waits to read', (s) => {
          const one = waiting(system, database(s)).find(({ step }) => step.is === 'read' || step.is === 'fetch' || step.is === 'readRows')
          return one === undefined || `${one.t} waits for ${one.for.join(' and ')} to read`
        }),
        writersDoNotWaitForReaders: on.always('no transaction waits to write what others have only read', (s) => {
          const one = waiting(system, database(s)).find((one) => one.for.some((holder) => hasOnlyRead(database(s), holder, one.step)))
          return one === undefined || `${one.t} waits to write what ${one.for.join(' and ')} has read`
        }),
        noWastedAborts: on.always('no transaction is aborted while all that was done and asked for is serializable', (s) => {
          const wasted = ids(system.programs.length).find((t) => transaction(database(s), t).isWasted)
          return wasted === undefined || `${wasted} was aborted in vain`
        }),
      }),
      ...(mayAllCommit && {
        someoneCommits: on.always(
          'once all is over, at least one transaction has committed',
          (s) => !isOver(s.transaction) || s.transaction.some(({ status }) => status === 'committed'),
        ),
        everyoneCommits: on.sometimes('all transactions commit', (s) => s.transaction.every(({ status }) => status === 'committed')),
      }),
      ...(c.judge === 'progress' &&
        mayAllCommit && {
          nobodyStarves: on.eventually('every transaction commits in the end, however often it has to begin again', (s) =>
            s.transaction.every(({ status }) => status === 'committed'),
          ),
        }),
      ...(c.deadlocks !== 'undetected' &&
        c.judge !== 'progress' && {
          everyoneEnds: on.eventually('every transaction commits or is aborted in the end', (s) => isOver(s.transaction)),
        }),
    }
  },
  done: (s) => isOver(s.transaction),
  instances,
  tables,
})

/** The slots that make the database. */
interface Slots {
  readonly versions: Versions
  readonly locks: readonly Lock[]
  readonly commits: readonly Id[]
  readonly transaction: Transactions
}

function database({ versions, locks, commits, transaction }: Slots): Database {
  return { versions, locks, commits, transactions: transaction }
}

function isOver(all: Transactions): boolean {
  return all.every(({ status }) => status === 'committed' || status === 'aborted')
}

/** What clients tell the monitor. */
interface Clients {
  begin(t: Id): void
  read(t: Id, key: Key, version: Version | Draft): void
  write(t: Id, key: Key, version: Version | Draft): void
  commit(t: Id): void
  abort(t: Id): void
}

/** What its writer is yet to write over. */
type Draft = `draft of ${Id}`

/** What has happened between two states of the database. Repeatable reads are of items: a row that is not there is none. */
function tell({ programs }: System, before: Database, seen: Clients, after: Database, level: IsolationLevel): void {
  for (const t of ids(before.transactions.length)) {
    const [old, now] = [transaction(before, t), transaction(after, t)]
    if (!isChanged(before, after, t) || old.status !== 'running') continue
    for (const { key, version, way, isDraft } of now.reads.slice(old.reads.length)) {
      if (way !== 'predicate' || version !== null || !level.endsWith('repeatable-read'))
        seen.read(t, key, isDraft && version !== null ? `draft of ${version}` : version)
    }
    const program = programs[t] ?? []
    const step = program[old.done]
    if (step?.key && isWrite(step) && now.done > old.done && now.writes.includes(step.key))
      seen.write(t, step.key, writesFrom(program, now.done, step.key) ? `draft of ${t}` : t)
    if (now.status === 'committed') seen.commit(t)
    if (now.status === 'aborted') seen.abort(t)
  }
}

type Choice = Parameters<typeof controlOf>[0]

function systemOf(c: Choice & { readonly workload: keyof typeof workloads }, bug: Parameters<typeof controlOf>[1]): System {
  const programs = workloads[c.workload]
  return { control: controlOf(c, bug), programs: c.control === 'none' ? programs.map(torn) : programs }
}

/** The level that is judged, if any. */
function levelOf({ control, judge }: Pick<Choice, 'control'> & { readonly judge: string }): IsolationLevel | null {
  if (judge === 'promise') return promises[control]
  return judge === 'phenomena' || judge === 'costs' || judge === 'progress' ? null : (judge as IsolationLevel)
}

/** Whether the holder stands in the way of a step that writes without having written the key itself. */
function hasOnlyRead(db: Database, holder: Id, step: Step): boolean {
  const { key } = step
  return isWrite(step) && key !== null && !transaction(db, holder).writes.includes(key)
}
