/**
 * Isolation levels of the transactions of a model, judged while they run. The value is what the oracle needs of the transactions and
 * nothing else: of a level without an order, the set of those that took effect, whoever ran them and when; of one that keeps session
 * order, those of each session in order; of one in real time, which of them had ended before which others began.
 */
import { HistoryError } from '../errors.ts'
import { storyOfLevel } from '../isolation/evidence/story-of-level.ts'
import { judgeIsolation } from '../isolation/judge-isolation.ts'
import { meaningOf } from '../isolation/lattice.ts'
import type { IsolationLevel } from '../isolation/level.ts'
import { tableOf } from '../isolation/table/table-builder.ts'
import type { Step, Transaction, TransactionStatus } from '../isolation/table/transaction.ts'
import { keyOf } from '../value.ts'
import { type Answer, impossible, inserted, openOf, type Plain, type Process, without } from './monitor.ts'

interface Running {
  readonly process: Process
  readonly steps: readonly Read[]
  readonly began: number
}

/** A step as in histories of Jepsen: `['r' or 'w', key, value]`. */
type Read = readonly ['r' | 'w', Plain, Plain]

interface Ended {
  /** `null` where the level does not ask for it. */
  readonly process: Process | null
  readonly status: TransactionStatus
  readonly steps: readonly Read[]
  readonly began: number
  readonly ended: number
}

export interface TransactionsValue {
  readonly running: readonly Running[]
  /** In session order, where that matters. */
  readonly ended: readonly Ended[]
  /** Goes up when a transaction begins after others have ended; 0 where the level does not ask for it. */
  readonly time: number
}

export interface TransactionsMonitor {
  readonly name: string
  readonly initial: TransactionsValue
  readonly events: {
    readonly begin: (value: TransactionsValue, process: Process) => TransactionsValue
    /** Null is what was there before anything was written. */
    readonly read: (value: TransactionsValue, process: Process, key: Plain, seen: Plain) => TransactionsValue
    readonly write: (value: TransactionsValue, process: Process, key: Plain, written: Plain) => TransactionsValue
    readonly commit: (value: TransactionsValue, process: Process) => TransactionsValue
    readonly abort: (value: TransactionsValue, process: Process) => TransactionsValue
    /** Nobody will know whether it took effect. The process goes on as if it were another one. */
    readonly info: (value: TransactionsValue, process: Process) => TransactionsValue
  }
  readonly questions: {
    /** Whether what was committed so far is at the level. */
    readonly isolated: (value: TransactionsValue) => Answer
    readonly isQuiet: (value: TransactionsValue) => boolean
  }
}

/** Watches transactions that read and write registers. Every write of a key has to write another value, so that it is known who read what. */
export function transactions(level: IsolationLevel = 'serializable'): TransactionsMonitor {
  const { order, base } = meaningOf(level)
  // Causal consistency has session order in all its variants.
  const keepsSessions = order !== 'none' || base === 'causal'
  const keepsTime = order === 'real-time'
  const add = (value: TransactionsValue, process: Process, step: Read): TransactionsValue => {
    const transaction = runningOf(value, process)
    return { ...value, running: inserted(without(value.running, process), { ...transaction, steps: [...transaction.steps, step] }) }
  }
  const end = (value: TransactionsValue, process: Process, status: TransactionStatus): TransactionsValue => {
    const { steps, began } = runningOf(value, process)
    const one: Ended = { process: keepsSessions ? process : null, status, steps, began, ended: keepsTime ? value.time : 0 }
    return { ...value, running: without(value.running, process), ended: inOrder([...value.ended, one], keepsSessions) }
  }
  return {
    name: `${level} transactions`,
    initial: { running: [], ended: [], time: 0 },
    events: {
      begin: (value, process) => {
        if (openOf(value.running, process)) impossible(process, 'begins a transaction while another is running')
        const time = keepsTime && value.ended.some(({ ended }) => ended === value.time) ? value.time + 1 : value.time
        return { ...value, time, running: inserted(value.running, { process, steps: [], began: time }) }
      },
      read: (value, process, key, seen) => add(value, process, ['r', key, seen]),
      write: (value, process, key, written) => add(value, process, ['w', key, written]),
      commit: (value, process) => end(value, process, 'committed'),
      abort: (value, process) => end(value, process, 'aborted'),
      info: (value, process) => crashed(end(value, process, 'unknown'), process, keepsSessions),
    },
    questions: {
      isolated: (value) => answer(value, level, keepsTime),
      isQuiet: ({ running }) => running.length === 0,
    },
  }
}

function runningOf({ running }: TransactionsValue, process: Process): Running {
  return openOf(running, process) ?? impossible(process, 'has no transaction running')
}

/** The session is over; another may begin under its name. */
function crashed(value: TransactionsValue, process: Process, keepsSessions: boolean): TransactionsValue {
  if (!keepsSessions) return value
  const taken = new Set(value.ended.map((one) => one.process))
  let name = `${process} crashed`
  while (taken.has(name)) name += ' again'
  const ended = value.ended.map((one) => (one.process === process ? { ...one, process: name } : one))
  return { ...value, ended: inOrder(ended, true) }
}

/** By session, or by what they did. */
function inOrder(ended: readonly Ended[], keepsSessions: boolean): readonly Ended[] {
  const named = ended.map((one, at) => ({ one, at, name: keyOf(keepsSessions ? one.process : one) }))
  return named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.at - b.at)).map(({ one }) => one)
}

function answer({ running, ended }: TransactionsValue, level: IsolationLevel, keepsTime: boolean): Answer {
  // The oracle does not say of a history without transactions whether it is at a level of real time.
  if (running.length === 0 && ended.length === 0) return true
  const open = running.map((one): Ended => ({ ...one, status: 'unknown', ended: 0 }))
  const judgement = judgeIsolation(tableOf([...ended, ...open].map((one, at) => transactionOf(one, keepsTime, at >= ended.length))), {
    levels: [level],
  })
  const [found] = judgement.levels
  if (found?.verdict === 'holds') return true
  if (found?.verdict !== 'violated') throw new HistoryError('option', `whether the transactions are ${level} cannot be told`)
  const story = storyOfLevel(found, judgement)
  if (story === null) return `the transactions are not ${level}`
  const { title, lets, because, conclusion } = story.explanation
  return [`${title}. Let ${lets.map(trimmed).join('; ')}.`, ...because.map(trimmed), conclusion].join(' ').trim()
}

function trimmed(text: string): string {
  return text.trim()
}

/** What is not over, or nobody knows the end of, read nobody knows what. */
function transactionOf({ process, status, steps, began, ended }: Ended, keepsTime: boolean, isRunning: boolean): Transaction {
  const known = status === 'committed'
  return {
    process,
    status,
    steps: steps.map(
      ([f, key, value]): Step => (f === 'w' ? { f: 'write', key, value } : { f: 'read', key, value: known ? value : undefined }),
    ),
    // Those that ended at a time ended before those that began at a later one, and after those that began at it.
    began: keepsTime ? 2 * began : null,
    ended: keepsTime && !isRunning && status !== 'unknown' ? 2 * ended + 1 : null,
  }
}
