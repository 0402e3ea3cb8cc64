/** Who appears in an explanation: transactions under short names, in the order in which they are first spoken of. */
import { processName } from '../../operation-text.ts'
import { aborted, type TransactionTable, unknownOutcome } from '../table/transaction-table.ts'
import { stepText, withGaps } from './explain-words.ts'

/** Steps of a transaction that are shown without leaving any out. */
const wholeTransactionMax = 6

export interface ShownStep {
  /** A step of the table; -1: some that do not matter, left out. */
  readonly step: number
  /** Such as `append x 4`. */
  readonly text: string
}

export class Cast {
  readonly table: TransactionTable
  readonly #names = new Map<number, string>()
  readonly #steps = new Set<number>()

  constructor(table: TransactionTable, transactions: readonly number[] = []) {
    this.table = table
    for (const transaction of transactions) this.name(transaction)
  }

  /** Its name, such as `T1`; from now on it is one of the cast. */
  name(transaction: number): string {
    const known = this.#names.get(transaction)
    if (known !== undefined) return known
    const name = `T${this.#names.size + 1}`
    this.#names.set(transaction, name)
    return name
  }

  has(transaction: number): boolean {
    return this.#names.has(transaction)
  }

  get transactions(): number[] {
    return [...this.#names.keys()]
  }

  /** Steps that what is said rests on: they are shown however long their transactions are. */
  show(...steps: readonly number[]): void {
    for (const step of steps) if (step !== -1) this.#steps.add(step)
  }

  /** Who each of them is, such as `T1 = process 3, events 4 and 9: append x 4, read y [1 2]`. */
  lets(): string[] {
    return this.transactions.map((transaction) => {
      const steps = this.steps(transaction).map(({ text }) => text)
      return `${this.name(transaction)} = ${transactionText(this.table, transaction)}: ${steps.length === 0 ? 'nothing' : steps.join(', ')}`
    })
  }

  /** The steps of a transaction as they are shown. */
  steps(transaction: number): ShownStep[] {
    const { stepsFrom } = this.table
    const from = stepsFrom[transaction] as number
    const steps = Array.from({ length: (stepsFrom[transaction + 1] as number) - from }, (_, i) => from + i)
    const isShort = steps.length <= wholeTransactionMax
    return withGaps<number, ShownStep>(steps, {
      isShown: (i) => isShort || this.#steps.has(from + i),
      show: (step) => ({ step, text: stepText(this.table, step, (version) => this.#isMeant(version)) }),
      gap: { step: -1, text: '…' },
    })
  }

  #isMeant(version: number): boolean {
    return this.#steps.has(this.table.versions.writer[version] as number)
  }
}

/** Where a transaction is in the history; without events, its number in its session, from 1. */
export function transactionText(table: TransactionTable, transaction: number): string {
  const session = table.session[transaction] as number
  const process = session === -1 ? null : processName(table.sessions[session] as number | string)
  const began = table.began[transaction] as number
  const ended = table.ended[transaction] as number
  const fate = fateOf(table.status[transaction] as number)
  if (began === -1 && ended === -1)
    return process === null ? `transaction ${transaction + 1}${fate}` : `transaction ${ordinal(table, transaction)} of ${process}${fate}`
  const events = ended === -1 ? `from event ${began}` : began === -1 ? `until event ${ended}` : `events ${began} and ${ended}`
  return `${process === null ? events : `${process}, ${events}`}${fate}`
}

function fateOf(status: number): string {
  return status === aborted ? ', aborted' : status === unknownOutcome ? ', outcome unknown' : ''
}

function ordinal({ session }: TransactionTable, transaction: number): number {
  let before = 1
  for (let t = 0; t < transaction; t++) if (session[t] === session[transaction]) before++
  return before
}
