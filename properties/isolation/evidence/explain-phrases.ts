/** The phrases of which sentences about steps consist. */

import { initialVersion, readListStep, type TransactionTable } from '../table/transaction-table.ts'
import { type Scene, writeText } from './explain-orders.ts'
import { isAppend, isRead, transactionOfStep } from './explain-steps.ts'
import { keyText, resultText, versionText } from './explain-words.ts'

export class Phrases {
  readonly #scene: Scene
  readonly #steps: readonly number[]

  constructor(scene: Scene, steps: readonly number[]) {
    this.#scene = scene
    this.#steps = steps
  }

  get #table(): TransactionTable {
    return this.#scene.facts.table
  }

  who(step: number): string {
    return this.#scene.cast.name(transactionOfStep(this.#table, step))
  }

  key(step: number): string {
    return keyText(this.#table, this.#table.key[step] as number)
  }

  value(step: number): string {
    return versionText(this.#table, this.#table.version[step] as number)
  }

  isRead(step: number): boolean {
    return step !== -1 && isRead(this.#table, step)
  }

  isList(step: number): boolean {
    return this.#table.kind[step] === readListStep
  }

  verb(step: number): string {
    return isAppend(this.#table, step) ? 'appended' : 'wrote'
  }

  /** `T1's write of 4`. */
  write(step: number): string {
    return writeText(this.#scene, step)
  }

  /** `appended 4 to x`. */
  wrote(step: number): string {
    return `${this.verb(step)} ${this.value(step)} to ${this.key(step)}`
  }

  /** `T1 read x as 4`. */
  read(step: number, verb = 'read'): string {
    const how = this.#isInitial(step) ? initially : this.as(step)
    return `${this.who(step)} ${verb} ${this.key(step)} ${how}`
  }

  /** `as [1 4]`, or that it was what was there before the history. */
  as(step: number): string {
    if (this.#isInitial(step)) return `as it was ${initially}`
    const { versions, version } = this.#table
    const shown = new Set(this.#steps.map((each) => (this.isRead(each) ? -1 : (version[each] as number))))
    return `as ${resultText(this.#table, step, (element) => shown.has(element) || versions.writer[element] === -1)}`
  }

  #isInitial(step: number): boolean {
    return !this.isList(step) && this.#table.version[step] === initialVersion
  }

  /** A step as a sentence. */
  step(step: number): string {
    return this.isRead(step) ? this.read(step) : `${this.who(step)} ${this.wrote(step)}`
  }

  /** Of a list the element that is meant. */
  listed(read: number, write: number): string {
    return this.isList(read) ? `, with ${this.value(write)}` : ''
  }

  /** That a read saw a write. */
  observed(read: number, write: number): string {
    return this.isList(read)
      ? `${this.who(read)} observed ${this.write(write)} to ${this.key(read)}`
      : `${this.read(read)}, which ${this.who(write)} wrote`
  }

  ownWrite(read: number, write: number): string {
    return this.isList(read)
      ? `${this.who(write)} ${this.wrote(write)}, and then read it ${this.as(read)}, which should end with what it had appended.`
      : `${this.who(write)} ${this.wrote(write)}, and then read it ${this.as(read)}.`
  }

  /** What of a read nothing wrote. */
  unwritten(read: number): string {
    const { lists, versions, version } = this.#table
    if (!this.isList(read)) return this.value(read)
    const element = lists.elements(version[read] as number).find((each) => versions.writer[each] === -1)
    return element === undefined ? 'it' : versionText(this.#table, element)
  }

  /** `4 is there 2 times`, of the element that an append appended, or of the first that is there more than once. */
  repeated(read: number, append: number): string {
    const { lists, version } = this.#table
    const elements = lists.elements(version[read] as number)
    const element = append === -1 ? elements.find((each, i) => elements.indexOf(each) < i) : (version[append] as number)
    if (element === undefined) return 'an element is there more than once'
    return `${versionText(this.#table, element)} is there ${elements.filter((each) => each === element).length} times`
  }
}

const initially = 'before anything was written to it'
