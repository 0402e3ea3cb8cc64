/**
 * Histories of any length for measurements, one transaction at a time: clients of a store that keeps all versions of a key. As in Elle's
 * workloads a key is retired after some writes, so that lists stay short.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Step, Transaction, TransactionStatus } from '../table/transaction.ts'

export interface LargeOptions {
  readonly kind: 'list' | 'register'
  /** How many transactions. */
  readonly count: number
  /** How many clients; 20 by default. */
  readonly sessions?: number
  /** How many keys are in use at a time; 50 by default. */
  readonly keys?: number
  /** How many steps a transaction has at most; 4 by default. */
  readonly stepsMax?: number
  /**
   * How the store isolates transactions. `serializable` (the default) is strict: each takes effect as a whole at its end. `stale` differs
   * from that in transactions that only read: they see the store as it was some time ago. With `snapshot` each sees what was there at
   * its beginning, and one that would overwrite what it has not seen aborts; with `read-committed` each read sees what is there then.
   */
  readonly isolation?: 'serializable' | 'stale' | 'snapshot' | 'read-committed'
  readonly seed?: number
  /** After how many writes a key is replaced by a new one; 32 by default. */
  readonly rotateKeysAfter?: number
  /** Of 1000 transactions, how many abort without a reason, and of how many nobody learns the outcome; none by default. */
  readonly abortedPerMille?: number
  readonly unknownPerMille?: number
}

interface Key {
  readonly name: number
  /** What was committed, and when. */
  readonly values: number[]
  readonly commits: number[]
  written: number
}

interface Planned {
  readonly key: Key
  /** What it writes; 0: it reads. */
  readonly value: number
}

interface Session {
  process: number
  steps: Planned[]
  done: Step[]
  began: number
  snapshot: number
}

/** In the order in which they end; unknown ones where their clients give up. The same options give the same history. */
export function* generateTransactions(options: LargeOptions): Generator<Transaction> {
  const { kind, count, sessions = 20, keys = 50, stepsMax = 4, isolation = 'serializable', seed = 1, rotateKeysAfter = 32 } = options
  const { abortedPerMille = 0, unknownPerMille = 0 } = options
  const generator = xoroshiro128plus(seed)
  const below = (bound: number): number => uniformInt(generator, 0, bound - 1)

  let keyNumber = 0
  const newKey = (): Key => ({ name: keyNumber++, values: [], commits: [], written: 0 })
  const inUse = Array.from({ length: keys }, newKey)
  const clients = Array.from({ length: sessions }, (_, process): Session => ({ process, steps: [], done: [], began: -1, snapshot: 0 }))
  let position = 0
  let commits = 0

  for (let yielded = 0; yielded < count; ) {
    const client = clients[below(sessions)] as Session
    if (client.began === -1) begin(client)
    else if (isolation === 'read-committed' && client.done.length < client.steps.length) perform(client, commits)
    else {
      yield end(client)
      yielded++
    }
  }

  function begin(client: Session): void {
    client.began = position++
    client.steps = []
    client.done = []
    const length = 1 + below(stepsMax)
    for (let i = 0; i < length; i++) client.steps.push(plan(client.steps))
    const isReader = client.steps.every(({ value }) => value === 0)
    client.snapshot = isolation === 'stale' && isReader ? Math.max(0, commits - below(2 * sessions)) : commits
  }

  function plan(earlier: readonly Planned[]): Planned {
    const slot = below(keys)
    const key = inUse[slot] as Key
    // At read committed a list that was read after an own append could still get others' elements before that.
    const mustWrite = isolation === 'read-committed' && earlier.some((step) => step.key === key && step.value > 0)
    if (below(2) === 0 && !mustWrite) return { key, value: 0 }
    if (++key.written >= rotateKeysAfter) inUse[slot] = newKey()
    return { key, value: key.written }
  }

  /** The next step, which sees what was committed until then and what it wrote itself. */
  function perform({ steps, done }: Session, until: number): void {
    const { key, value } = steps[done.length] as Planned
    if (value > 0) {
      done.push(kind === 'list' ? { f: 'append', key: key.name, value } : { f: 'write', key: key.name, value })
      return
    }
    let length = key.values.length
    while (length > 0 && (key.commits[length - 1] as number) > until) length--
    const isOwn = (step: Planned, i: number): boolean => i < done.length && step.key === key && step.value > 0
    if (kind === 'register') {
      const own = steps.findLast(isOwn)?.value
      done.push({ f: 'read', key: key.name, value: own ?? (length === 0 ? null : (key.values[length - 1] as number)) })
      return
    }
    const list = key.values.slice(0, length)
    for (const [i, step] of steps.entries()) if (isOwn(step, i)) list.push(step.value)
    done.push({ f: 'read', key: key.name, value: list })
  }

  function end(client: Session): Transaction {
    const { process, steps, began, snapshot } = client
    const isReader = steps.every(({ value }) => value === 0)
    const until = isolation === 'snapshot' || (isolation === 'stale' && isReader) ? snapshot : commits
    while (client.done.length < steps.length) perform(client, until)
    const isRefused = isolation === 'snapshot' && steps.some(({ key, value }) => value > 0 && (key.commits.at(-1) ?? 0) > snapshot)
    const draw = abortedPerMille + unknownPerMille === 0 ? 1000 : below(1000)
    const status: TransactionStatus =
      draw < unknownPerMille ? 'unknown' : isRefused || draw < unknownPerMille + abortedPerMille ? 'aborted' : 'committed'
    if (!isRefused && (status === 'committed' || (status === 'unknown' && below(2) === 0))) install(steps)
    client.began = -1
    // As in Jepsen a client whose transaction has an unknown outcome goes on under another name.
    if (status === 'unknown') client.process += sessions
    const results =
      status === 'committed' ? client.done : client.done.map((step): Step => (step.f === 'read' ? { ...step, value: undefined } : step))
    const ended = position++
    return { process, status, steps: results, began, ended: status === 'unknown' ? null : ended }
  }

  function install(steps: readonly Planned[]): void {
    commits++
    for (const { key, value } of steps) {
      if (value === 0) continue
      key.values.push(value)
      key.commits.push(commits)
    }
  }
}
