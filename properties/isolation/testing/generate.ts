/**
 * Small histories of transactions with much going on. Reads drawn at random are nearly always nonsense, so a database is run that is
 * weak in one of several ways: transactions take effect in some order, and what each of them sees of the earlier ones is drawn in a way
 * that some level allows. Smaller numbers mean a better database, so that examples shrink towards order.
 */
import fc from 'fast-check'
import type { Value } from '../../value.ts'
import type { Step, Transaction, TransactionStatus } from '../table/transaction.ts'

export interface TransactionsOptions {
  /** What the keys are: of `mixed` the first one is a list, the next a register and so on. */
  readonly kind: 'list' | 'register' | 'mixed'
  /** 6 by default. */
  readonly transactionsMax?: number
  /** 4 by default. */
  readonly stepsMax?: number
  /** 3 by default. */
  readonly keys?: number
  /** 4 by default. */
  readonly sessions?: number
  /** Whether some reads see what no level above read uncommitted allows, contradict each other or the own writes. */
  readonly faults?: boolean
  /**
   * How many orders of the writes there may be, if no list shows any of it; 150 by default. Writes beyond that become reads. It bounds
   * the time that reference.ts takes.
   */
  readonly ordersMax?: number
}

/** Histories in which the transactions are in the order in which they ended. Written values are unique in each key, and positive. */
export function transactionsArb(options: TransactionsOptions): fc.Arbitrary<Transaction[]> {
  const { transactionsMax = 6, stepsMax = 4, keys = 3, sessions = 4 } = options
  const bits = fc.nat(2 ** transactionsMax - 1)
  const step = fc.record({ act: fc.nat(9), key: fc.nat(keys - 1), whim: fc.nat(399), choice: bits })
  const plan = fc.record({
    presence: fc.nat(7),
    role: fc.nat(5),
    steps: exactly(stepsMax, step),
    fate: fc.nat(99),
    lag: fc.nat(3),
    unseen: bits,
  })
  const script: fc.Arbitrary<Script> = fc.record({
    database: fc.constantFrom(...databases),
    keys: fc.integer({ min: 1, max: keys }),
    plans: exactly(transactionsMax, plan),
    isDivided: fc.nat(2).map((draw) => draw === 2),
    turns: exactly(2 * transactionsMax, fc.nat(sessions - 1)),
    delay: fc.constantFrom(0, 0, 0, 1, 2),
    seesItsSession: fc.boolean(),
    namesSessions: fc.nat(39).map((draw) => draw < 39),
    tellsTimes: fc.nat(39).map((draw) => draw < 39),
  })
  return fc.noBias(script).map((drawn) => play(drawn, options))
}

function exactly<T>(length: number, item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: length, maxLength: length })
}

/**
 * What a transaction sees of those that took effect before it. Those whose anomalies take several transactions that happen to fit
 * are there more often.
 */
const databases = [
  /** All. */
  'serial',
  /** All before some point, with nothing after it that writes the same keys. */
  'snapshot',
  /** All before some point. */
  'prefix',
  /** Some, with all that those saw, and all that wrote the same keys. */
  'parallel',
  'parallel',
  'parallel',
  /** Some, with all that those saw. */
  'causal',
  'causal',
  /** Some. */
  'atomic',
  'atomic',
  /** From read to read more. */
  'monotonic',
  /** At each read some. */
  'committed',
  'committed',
  /** Also what took effect after it. */
  'circular',
  'circular',
  /** Some, of writes that are in another order in each key. */
  'dirty',
] as const

interface Script {
  readonly database: (typeof databases)[number]
  /** How many keys there are. */
  readonly keys: number
  readonly plans: readonly Plan[]
  /** Each transaction only reads, one key after the other, or only writes, and a single key. */
  readonly isDivided: boolean
  /** Sessions: each turn begins or ends a transaction of that session. */
  readonly turns: readonly number[]
  /** How much earlier than its end a transaction may take effect, which can be before it began. */
  readonly delay: number
  readonly seesItsSession: boolean
  readonly namesSessions: boolean
  readonly tellsTimes: boolean
}

interface Plan {
  /** 0: there is no such transaction. */
  readonly presence: number
  readonly steps: readonly PlannedStep[]
  readonly fate: number
  readonly lag: number
  /** Bit i: does not see transaction i, where the database leaves that open. */
  readonly unseen: number
}

interface PlannedStep {
  /** 0 and 1: there is no such step; up to 5 a read, else a write. */
  readonly act: number
  readonly key: number
  /** What goes wrong with a read; nothing for most numbers. */
  readonly whim: number
  readonly choice: number
}

/** A transaction while the database runs. */
interface Actor {
  readonly steps: readonly Act[]
  readonly lag: number
  readonly unseen: number
  readonly number: number
  readonly session: number
  readonly began: number
  readonly ended: number
  /** Where it stands among the effects. */
  readonly at: number
  readonly status: TransactionStatus
  readonly tookEffect: boolean
}

interface Act extends PlannedStep {
  readonly isWrite: boolean
}

interface Element {
  readonly actor: Actor
  readonly step: number
  readonly value: number
  readonly isLast: boolean
}

function play(script: Script, { kind, ordersMax = 150, faults = false }: TransactionsOptions): Transaction[] {
  const isList = (key: number): boolean => kind === 'list' || (kind === 'mixed' && key % 2 === 0)
  const actors = scheduled(script, actsOf(script, ordersMax))
  const sees = new Map<Actor, ReadonlySet<Actor>>()
  const effects: Actor[] = []
  const refused = new Set<Actor>()
  for (const actor of actors.filter(({ tookEffect }) => tookEffect).sort((a, b) => a.at - b.at)) {
    const visible = visibleTo(script, actor, effects, sees)
    sees.set(actor, visible)
    const isConflict = effects.some((other) => !visible.has(other) && writeSameKey(actor, other))
    if (script.database === 'snapshot' && isConflict) refused.add(actor)
    else effects.push(actor)
  }

  const numbers = new Map<number, number>()
  const written = actors.flatMap((actor) =>
    actor.steps.flatMap(({ key, isWrite }, step): (Element & { key: number })[] => {
      if (!isWrite) return []
      const value = (numbers.get(key) ?? 0) + 1
      numbers.set(key, value)
      return [{ actor, step, key, value, isLast: !actor.steps.some((later, i) => i > step && later.isWrite && later.key === key) }]
    }),
  )
  const contents = (key: number): Element[] => {
    const isDirty = script.database === 'dirty'
    const place = ({ actor, step }: Element): number => effects.indexOf(actor) + (isDirty ? ((actor.steps[step] as Act).choice % 4) - 2 : 0)
    const installed = written.filter((element) => element.key === key && effects.includes(element.actor))
    return installed.filter(({ isLast: isFinal }) => isFinal || isList(key)).sort((a, b) => place(a) - place(b))
  }

  return [...actors]
    .sort((a, b) => a.ended - b.ended)
    .map((actor): Transaction => {
      const status = refused.has(actor) ? 'aborted' : actor.status
      return {
        process: script.namesSessions ? actor.session : null,
        status,
        steps: stepsOf(actor, status),
        began: script.tellsTimes ? actor.began : null,
        ended: script.tellsTimes && status !== 'unknown' ? actor.ended : null,
      }
    })

  function stepsOf(actor: Actor, status: TransactionStatus): Step[] {
    const view = new Set(sees.get(actor))
    const found = new Map<number, readonly Element[]>()
    return actor.steps.map((planned, step): Step => {
      const key = 'xyzuvw'[planned.key] ?? `k${planned.key}`
      const own = written.filter((element) => element.actor === actor && element.step < step && element.key === planned.key)
      if (planned.isWrite) {
        const value = written.find((element) => element.actor === actor && element.step === step)?.value ?? 0
        return { f: isList(planned.key) ? 'append' : 'write', key, value }
      }
      if (status !== 'committed' || planned.whim === 399) return { f: 'read', key, value: undefined }
      const others = own.length === 0 ? othersSeen(actor, planned, view) : othersBeforeOwn(actor, planned, found.get(planned.key))
      found.set(planned.key, others)
      const saw = [...others, ...own]
      const values = saw.map(({ value }) => value)
      return { f: 'read', key, value: shown(faults ? spoiled(actor, planned, step, values, own.length) : values, isList(planned.key)) }
    })
  }

  /** What a read finds before the transaction's own writes. */
  function othersSeen(actor: Actor, { key, whim, choice }: Act, view: Set<Actor>): Element[] {
    const all = contents(key)
    const { database } = script
    const drawn = effects.filter((other) => other.at < actor.at && ((choice >> other.number) & 1) === 1)
    if (database === 'monotonic') for (const other of drawn) view.add(other)
    const isCircular = (database === 'circular' && choice % 2 === 1) || whim >= 395
    const visible = isCircular ? effects.filter((other) => other !== actor) : database === 'committed' ? drawn : [...view]
    const last = isCircular
      ? [undefined, ...all.filter((element) => element.isLast && element.actor !== actor)].at(whim % (all.length + 1))
      : all.findLast((element) => element.isLast && visible.includes(element.actor))
    const before = last === undefined ? [] : all.slice(0, all.indexOf(last) + 1)
    // A transaction cannot see a list with its own appends in the middle.
    const mine = before.findIndex((element) => element.actor === actor)
    return mine === -1 ? before : before.slice(0, mine)
  }

  /** What a transaction that has written a key finds before its own writes: what it found earlier, or what really is before them. */
  function othersBeforeOwn(actor: Actor, { key, choice }: Act, found: readonly Element[] | undefined): readonly Element[] {
    if (found !== undefined && choice % 2 === 0) return found
    const all = contents(key)
    const mine = all.findIndex((element) => element.actor === actor)
    return mine === -1 ? (found ?? []) : all.slice(0, mine)
  }

  /** What a read returns that something goes wrong with. */
  function spoiled(actor: Actor, { key, whim }: Act, step: number, values: readonly number[], own: number): readonly number[] {
    const ofOthers = written.filter((element) => element.key === key && element.actor !== actor)
    const add = (element: Element | undefined, at = values.length): readonly number[] =>
      element === undefined ? values : values.toSpliced(at, 0, element.value)
    const last = values.at(-1)
    switch (whim) {
      case 1:
      case 2:
        return add(ofOthers.find((element) => !effects.includes(element.actor)))
      case 11:
      case 12:
      case 13:
        return add(
          ofOthers.find((element) => !effects.includes(element.actor)),
          0,
        )
      case 3:
      case 4:
        return add(ofOthers.find((element) => !element.isLast && !values.includes(element.value)))
      case 5:
      case 6:
        return own > 0 ? values.slice(0, -1) : values
      case 7:
        return [...values, 99]
      case 8:
        return add(written.find((element) => element.key === key && element.actor === actor && element.step > step))
      case 9:
        return last === undefined ? values : [...values, last]
      case 10:
        return values.toReversed()
      default:
        return values
    }
  }
}

function shown(values: readonly number[], isList: boolean): Value {
  return isList ? values : (values.at(-1) ?? null)
}

/** What a transaction sees from its beginning of those that took effect before it. */
function visibleTo(script: Script, actor: Actor, effects: readonly Actor[], sees: ReadonlyMap<Actor, ReadonlySet<Actor>>): Set<Actor> {
  const { database, delay, seesItsSession } = script
  const isOfSession = (other: Actor): boolean => seesItsSession && other.session === actor.session && other.ended < actor.began
  const drawn = effects.filter((other) => ((actor.unseen >> other.number) & 1) === 0 || isOfSession(other))
  switch (database) {
    case 'serial':
    case 'circular':
      return new Set(effects)
    case 'snapshot':
    case 'prefix': {
      const isDue = (other: Actor): boolean => isOfSession(other) || (delay === 0 && other.ended < actor.began)
      return new Set(effects.slice(0, Math.max(effects.length - actor.lag, effects.findLastIndex(isDue) + 1)))
    }
    case 'parallel':
      return withWhatTheySee([...drawn, ...effects.filter((other) => writeSameKey(other, actor))])
    case 'causal':
      return withWhatTheySee(drawn)
    case 'atomic':
    case 'dirty':
      return new Set(drawn)
    case 'monotonic':
    case 'committed':
      return new Set(effects.filter(isOfSession))
  }

  function withWhatTheySee(some: readonly Actor[]): Set<Actor> {
    return new Set(some.flatMap((other) => [...(sees.get(other) ?? []), other]))
  }
}

function writeSameKey(a: Actor, b: Actor): boolean {
  return a.steps.some((step) => step.isWrite && b.steps.some((other) => other.isWrite && other.key === step.key))
}

/** Who begins and ends when, in which session, and who takes effect when, if at all. */
function scheduled({ plans, turns, delay, seesItsSession }: Script, acts: readonly (readonly Act[])[]): Actor[] {
  const actors: Actor[] = []
  const open = new Map<number, { readonly number: number; readonly began: number }>()
  let position = 0
  let begun = 0
  const turn = (session: number): void => {
    const running = open.get(session)
    if (running === undefined) {
      while (begun < plans.length && acts[begun]?.length === 0) begun++
      if (begun < plans.length) open.set(session, { number: begun++, began: position++ })
      return
    }
    open.delete(session)
    const { fate, lag, unseen } = plans[running.number] as Plan
    const ended = position++
    const previous = actors.findLast((other) => other.session === session)
    const at = ended - lag * delay
    actors.push({
      ...running,
      steps: acts[running.number] ?? [],
      lag,
      unseen,
      session,
      ended,
      at: seesItsSession && previous !== undefined ? Math.max(at, previous.at + 0.001) : at,
      status: fate < 86 ? 'committed' : fate < 93 ? 'unknown' : 'aborted',
      tookEffect: fate < 89,
    })
  }
  for (const session of turns) turn(session)
  while (begun < plans.length || open.size > 0) turn([...open.keys()][0] ?? 0)
  return actors
}

/** What the transactions do: reads instead of writes where there would be more orders of the writes. */
function actsOf({ plans, keys, isDivided }: Script, ordersMax: number): Act[][] {
  const writers = new Map<number, Set<Plan>>()
  let orders = 1
  return plans.map((plan) =>
    plan.steps
      .filter(({ act }) => plan.presence > 0 && act > 1)
      .map((step, i): Act => {
        const first = plan.steps[0] as PlannedStep
        const isReader = first.act < 5
        const key = (isDivided ? first.key + (isReader ? i : 0) : step.key) % keys
        const wishesToWrite = isDivided ? !isReader : step.act > 5
        const ofKey = writers.get(key) ?? new Set()
        const more = ofKey.has(plan) ? 1 : ofKey.size + 1
        const isWrite = wishesToWrite && orders * more <= ordersMax
        if (isWrite) {
          orders *= more
          writers.set(key, ofKey.add(plan))
        }
        return { ...step, key, isWrite }
      }),
  )
}
