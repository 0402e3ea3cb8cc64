import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, type Id, ids, type Json, program, simulation } from '../../checker/index.ts'
import { referenceExplore } from '../../checker/testing/reference.ts'
import { areSerializable } from './conflict-graph.ts'
import { type DeadlockPolicy, deadlockPolicies } from './controls/conflicts.ts'
import { type ControlName, controlNames, controlOf, promises } from './controls/controls.ts'
import { changed, type Database, type Key, ready, rows, type Transaction, unwritten, type Version } from './database.ts'
import { circle, nextStep, type System, taken, timedOut, waiting, withoutVictims } from './steps.ts'
import { transactions } from './transactions.ts'
import { type Program, type Step, torn, workloadNames, workloads } from './workloads.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 60)
const parameters = { numRuns, ...(process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) }) }

/** Up to three steps, and a commit. */
const programs = fc
  .array(fc.record({ is: fc.constantFrom<Step['is']>('read', 'readRows', 'write', 'update'), key: fc.constantFrom<Key>('x', 'y', 'p') }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((steps): Program => [...steps.map((step) => (step.is === 'readRows' ? { ...step, key: null } : step)), { is: 'commit', key: null }])

/** Two transactions each; larger ones take longer. */
const small = workloadNames.filter((name) => workloads[name].length < 4)

describe('what is committed', () => {
  const serializable = controlNames.filter((name) => promises[name] === 'strict-serializable')

  it.each(serializable)('under %s is what some serial order gives, in every workload', (control) => {
    for (const workload of workloadNames) {
      for (const db of endings(control, workloads[workload]))
        expect(serialOrder(db, workloads[workload]), `${workload}: ${text(db)}`).not.toBe(null)
    }
  })

  it.each(['wait-die', 'wound-wait', 'no-wait', 'timeout'] as const)('under two-phase locking with %s, too', (policy) => {
    for (const workload of small) {
      const all = endings('two-phase-locking', workloads[workload], policy)
      expect(all.length).toBeGreaterThan(0)
      for (const db of all) expect(serialOrder(db, workloads[workload]), `${workload}: ${text(db)}`).not.toBe(null)
    }
  })

  it.each(controlNames)('under %s is serializable by the graph exactly if it is so by trying all orders', (control) => {
    for (const workload of small) {
      for (const db of endings(control, workloads[workload])) {
        const done = ids(db.transactions.length).filter((t) => db.transactions[t]?.status === 'committed')
        if (done.some((t) => readsAborted(db, t))) continue
        expect(areSerializable(db, done), `${workload}: ${text(db)}`).toBe(serialOrder(db, workloads[workload]) !== null)
      }
    }
  })

  it.each(serializable)('under %s is so whatever two transactions do, all of which end', (control) => {
    const policies =
      control === 'two-phase-locking' ? deadlockPolicies.filter((policy) => policy !== 'undetected') : (['detection'] as const)
    fc.assert(
      fc.property(fc.array(programs, { minLength: 2, maxLength: 2 }), fc.constantFrom(...policies), (workload, policy) => {
        for (const db of endings(control, workload, policy)) {
          expect(db.transactions.map(({ status }) => status)).not.toContain('running')
          expect(serialOrder(db, workload), text(db)).not.toBe(null)
        }
      }),
      parameters,
    )
  })

  it.each(['snapshot-first-committer-wins', 'snapshot-first-updater-wins'] as const)('under %s has one snapshot each', (control) => {
    fc.assert(
      fc.property(fc.array(programs, { minLength: 2, maxLength: 2 }), (workload) => {
        for (const db of endings(control, workload)) expect(seesOneSnapshot(db), text(db)).toBe(true)
      }),
      parameters,
    )
  })

  it.each(controlNames.filter((name) => !serializable.includes(name)))('under %s need not be serializable', (control) => {
    const broken = small.filter((workload) =>
      endings(control, workloads[workload]).some((db) => serialOrder(db, workloads[workload]) === null),
    )
    expect(broken).toContain('chain')
  })
})

describe('the read-only anomaly, as Fekete and the O’Neils tell it', () => {
  const story = ['begin 0', 'read 0 x', 'read 0 y', 'begin 1', 'update 1 x', 'commit 1', 'begin 2', 'read 2 x', 'read 2 y', 'commit 2']

  it('commits under snapshot isolation', () => {
    const end = told({ control: 'snapshot-first-updater-wins', workload: 'read-only-anomaly' }, [...story, 'write 0 y', 'commit 0'])
    expect(statuses(end)).toEqual(['committed', 'committed', 'committed'])
  })

  it('ends with an abort under serializable snapshot isolation', () => {
    const end = told({ control: 'serializable-snapshot', workload: 'read-only-anomaly' }, [...story, 'write 0 y', 'commit 0'])
    expect(statuses(end)).toEqual(['aborted', 'committed', 'committed'])
  })

  it('cannot happen without who only reads', () => {
    const end = told({ control: 'serializable-snapshot', workload: 'read-only-anomaly' }, [...story.slice(0, 6), 'write 0 y', 'commit 0'])
    expect(statuses(end)).toEqual(['committed', 'committed', 'ready'])
  })
})

describe('the anomalies of Hermitage that are not in the paper', () => {
  const found = (constants: Record<string, string>, property: string): string =>
    check(transactions, { constants, properties: [property] }).verdict

  it('need reads of what is not committed: intermediate reads, circular information flow, and what vanishes', () => {
    for (const [workload, judge, property] of [
      ['intermediate-read', 'read-committed', 'isolated'],
      ['circular-flow', 'read-committed', 'isolated'],
      ['observed-vanishes', 'phenomena', 'OTV'],
    ] as const) {
      const verdicts = ['read-uncommitted', 'read-committed-locking', 'mvcc-read-committed'].map((control) =>
        found({ control, workload, judge }, property),
      )
      expect([workload, ...verdicts]).toEqual([workload, 'violated', 'holds', 'holds'])
    }
  })

  it('in writes happen under read committed, and not with snapshots', () => {
    for (const workload of ['phantom-in-write', 'read-skew-in-write']) {
      const verdicts = ['mvcc-read-committed', 'snapshot-first-updater-wins'].map((control) =>
        found({ control, workload, judge: 'serializable' }, 'isolated'),
      )
      expect([workload, ...verdicts]).toEqual([workload, 'violated', 'holds'])
    }
  })
})

describe('the histories of the paper', () => {
  it('H5, a write skew, are run by snapshot isolation', () => {
    const run = ['begin 0', 'begin 1', 'read 0 x', 'read 1 y', 'write 0 y', 'write 1 x', 'commit 0', 'commit 1']
    expect(statuses(told({ control: 'snapshot-first-committer-wins', workload: 'write-skew' }, run))).toEqual(['committed', 'committed'])
  })

  it('H4, a lost update, end with the abort of the second who commits under snapshot isolation', () => {
    const run = ['begin 0', 'begin 1', 'read 0 x', 'read 1 x', 'write 1 x', 'commit 1', 'write 0 x', 'commit 0']
    expect(statuses(told({ control: 'snapshot-first-committer-wins', workload: 'lost-update' }, run))).toEqual(['aborted', 'committed'])
  })

  it('H1, an inconsistent analysis, are run by read uncommitted; read committed waits', () => {
    const run = ['begin 0', 'write 0 x', 'begin 1', 'read 1 x']
    expect(told({ control: 'read-uncommitted', workload: 'dirty-read' }, run)).not.toBe(null)
    expect(() => told({ control: 'read-committed-locking', workload: 'dirty-read' }, run)).toThrow()
  })

  it('with a cursor that has moved on, let others write where it was', () => {
    const run = ['begin 0', 'fetch 0 x', 'begin 1', 'move 0', 'write 1 x']
    expect(told({ control: 'cursor-stability', workload: 'read-skew-by-cursor' }, run)).not.toBe(null)
    const without = run.filter((step) => step !== 'move 0')
    expect(() => told({ control: 'cursor-stability', workload: 'read-skew-by-cursor' }, without)).toThrow()
  })
})

describe('transactions that want what another one has', () => {
  const crossed = ['begin 0', 'begin 1', 'update 0 x', 'update 1 y']
  const crossing = (deadlocks: DeadlockPolicy) => ({ control: 'two-phase-locking', workload: 'crossing-updates', deadlocks })

  it('wait-die: the older waits, the younger dies', () => {
    expect(() => told(crossing('wait-die'), [...crossed, 'update 0 y'])).toThrow()
    expect(statuses(told(crossing('wait-die'), [...crossed, 'update 1 x']))).toEqual(['running', 'aborted'])
  })

  it('wound-wait: the older has the younger aborted, the younger waits', () => {
    expect(statuses(told(crossing('wound-wait'), [...crossed, 'update 0 y']))).toEqual(['running', 'aborted'])
    expect(() => told(crossing('wound-wait'), [...crossed, 'update 1 x'])).toThrow()
  })

  it('no-wait: whoever asks is aborted', () => {
    expect(statuses(told(crossing('no-wait'), [...crossed, 'update 0 y']))).toEqual(['aborted', 'running'])
    expect(statuses(told(crossing('no-wait'), [...crossed, 'update 1 x']))).toEqual(['running', 'aborted'])
  })

  it('detection: either may be the victim, once there is a circle', () => {
    for (const victim of [0, 1]) {
      expect(statuses(told(crossing('detection'), [...crossed, `breakDeadlock ${victim}`]))[victim]).toBe('aborted')
    }
    expect(() => told(crossing('detection'), [...crossed.slice(0, 3), 'breakDeadlock 0'])).toThrow()
  })

  it('wait for ever if nobody looks', () => {
    const { violations } = check(transactions, { constants: crossing('undetected') })
    expect(violations.map(({ property }) => property)).toEqual(['noDeadlock'])
  })

  it('never do so in a circle, if they want it in the same order', () => {
    const properties = ['noWaitCircle']
    const found = (['crossing-updates', 'ordered-updates'] as const).map(
      (workload) => check(transactions, { constants: { workload, judge: 'costs' }, properties }).verdict,
    )
    expect(found).toEqual(['violated', 'holds'])
  })

  it('lose all that they have done, and not only the statement, if they have waited for too long', () => {
    const run = ['begin 0', 'write 0 y', 'begin 1', 'write 1 x', 'timeOut 1', 'rollback 0', 'begin 2', 'read 2 x', 'read 2 y']
    const [, waited, reader] = told({ control: 'mvcc-read-committed', workload: 'blocked-write', deadlocks: 'timeout' }, run)
    expect(waited?.status).toBe('aborted')
    expect(reader?.reads.map(({ version }) => version)).toEqual([null, null])
  })

  it('come to an end only if those who can go on do so', () => {
    const fair = check(transactions, { constants: crossing('detection') })
    const unfair = check(transactions, { constants: crossing('detection'), fairness: false })
    expect([fair, unfair].map(({ properties }) => properties['everyoneEnds']?.verdict)).toEqual(['holds', 'violated'])
  })
})

describe('the model', () => {
  it.each([
    { control: 'two-phase-locking', workload: 'crossing-updates' },
    { control: 'serializable-snapshot', workload: 'write-skew' },
    { control: 'timestamp-ordering', workload: 'write-skew' },
    { control: 'snapshot-first-committer-wins', workload: 'read-skew', judge: 'phenomena' },
  ])('has as many states as the reference explorer finds: %o', (constants) => {
    const { distinct, generated, depth, terminal } = check(transactions, { constants })
    const reference = referenceExplore(program(transactions, { constants }))
    expect({ distinct, generated, depth, terminal }).toEqual({
      distinct: reference.distinct,
      generated: reference.generated,
      depth: reference.depth,
      terminal: reference.terminal,
    })
  })

  it('lets a single snapshot be taken late, and not one per key', () => {
    const constants = { control: 'snapshot-first-committer-wins', workload: 'read-skew', snapshot: 'at-first-step' }
    expect(check(transactions, { constants }).verdict).toBe('holds')
    expect(check(transactions, { constants, bugs: ['snapshot-at-first-read'] }).verdict).toBe('violated')
  })
})

/** All databases in which a workload can end under a control, found by plain search, without the engine. */
function endings(control: ControlName, programs: readonly Program[], deadlocks: DeadlockPolicy = 'detection'): readonly Database[] {
  const system: System = {
    control: controlOf({ control, deadlocks, snapshot: 'at-begin' }, () => false),
    programs: control === 'none' ? programs.map(torn) : programs,
  }
  const first: Database = { versions: unwritten, locks: [], commits: [], transactions: programs.map(() => ready) }
  const seen = new Map([[text(first), first]])
  const ends: Database[] = []
  for (const db of seen.values()) {
    const next = after(system, db, deadlocks)
    if (next.length === 0) ends.push(db)
    for (const one of next) seen.set(text(one), one)
  }
  return ends
}

function after(system: System, db: Database, deadlocks: DeadlockPolicy): readonly Database[] {
  const stuck = waiting(system, db)
  const steps = ids(db.transactions.length).flatMap((t): Database[] => {
    if (db.transactions[t]?.status === 'ready') return [changed(system.control.begin(db, t), t, { status: 'running' })]
    const step = nextStep(system, db, t)
    return step === null || stuck.some((one) => one.t === t) ? [] : [taken(system, db, t, step)]
  })
  if (deadlocks === 'timeout') return [...steps, ...stuck.map((one) => timedOut(system, db, one, false))]
  return deadlocks === 'detection' ? [...steps, ...circle(stuck).map((victim) => withoutVictims(system, db, [victim]))] : steps
}

function text(db: Database): string {
  return JSON.stringify(db)
}

/** An order of those who have committed in which they would have seen and left the same, run one after the other. */
function serialOrder(db: Database, programs: readonly Program[]): readonly Id[] | null {
  const done = ids(db.transactions.length).filter((t) => db.transactions[t]?.status === 'committed')
  return orders(done).find((order) => isExplained(db, programs, order)) ?? null
}

function isExplained(db: Database, programs: readonly Program[], order: readonly Id[]): boolean {
  const newest: Record<Key, Version> = { x: null, y: null, p: null, q: null }
  for (const t of order) {
    const reads: [Key, Version][] = []
    for (const { is, key } of programs[t] ?? []) {
      if (is === 'readRows') reads.push(['p', newest.p], ['q', newest.q])
      if (key !== null && is !== 'write') reads.push([key, newest[key]])
      // A row that is not there is not written by a statement that would change it.
      if (key !== null && (is === 'write' || (is === 'update' && (!rows.includes(key) || newest[key] !== null)))) newest[key] = t
    }
    const { reads: all } = db.transactions[t] as Transaction
    if (all.some(({ version, isDraft }) => isDraft && version !== t)) return false
    const seen = all.map(({ key, version }) => [key, version])
    if (JSON.stringify(reads) !== JSON.stringify(seen)) return false
  }
  return (['x', 'y', 'p', 'q'] as const).every((key) => (db.versions[key].at(-1) ?? null) === newest[key])
}

function orders(of: readonly Id[]): readonly (readonly Id[])[] {
  if (of.length === 0) return [[]]
  return of.flatMap((first) => orders(of.filter((t) => t !== first)).map((rest) => [first, ...rest]))
}

/** Whether what each transaction has read of others is what was there after the first so many commits. */
function seesOneSnapshot(db: Database): boolean {
  return db.transactions.every(({ reads }, t) =>
    [...db.commits.keys(), db.commits.length].some((count) => {
      const past = db.commits.slice(0, count)
      const shown = (key: Key): Version => past.findLast((writer) => db.transactions[writer]?.writes.includes(key)) ?? null
      return reads.every(({ key, version }) => version === t || version === shown(key))
    }),
  )
}

/** The graph has no place for those who were aborted; to have read from them is what is wrong then. */
function readsAborted(db: Database, t: Id): boolean {
  return (db.transactions[t] as Transaction).reads.some(({ version }) => version !== null && db.transactions[version]?.status === 'aborted')
}

/** The transactions after a run, given as actions with their arguments. It throws where the control does not let a step through. */
function told(constants: Record<string, string>, run: readonly string[]): readonly Transaction[] {
  const model = simulation(program(transactions, { constants }))
  const [initial = []] = model.initialStates()
  const end = run.reduce((state, step) => {
    const [action = '', ...args] = step.split(' ')
    const result = model.take(state, { action, args: args.map((arg): Json => (/^\d$/.test(arg) ? Number(arg) : arg)) })
    if ('refused' in result) throw new Error(`${step}: ${result.refused}`)
    return result.after
  }, initial)
  const slots = model.record(end)
  return Object.keys(slots).flatMap((name) => (name.startsWith('transaction[') ? [slots[name] as unknown as Transaction] : []))
}

function statuses(all: readonly Transaction[]): readonly Transaction['status'][] {
  return all.map(({ status }) => status)
}
