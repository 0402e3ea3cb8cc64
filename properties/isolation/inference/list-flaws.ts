import { type InferContext, transactionAt } from './context.ts'

/** Finds what is wrong with a list that was read, whoever read it: elements that should not be there, or not in this order. */
export class ListFlaws {
  readonly #context: InferContext
  /** Of each key: where in its chain the first element is that was aborted, that nothing appended, that was there before. */
  readonly #abortedFrom: Int32Array
  readonly #thinAirFrom: Int32Array
  readonly #repeatedFrom: Int32Array

  constructor(context: InferContext) {
    const { table, chains, slots } = context
    this.#context = context
    this.#abortedFrom = chains.to.slice()
    this.#thinAirFrom = chains.to.slice()
    this.#repeatedFrom = chains.to.slice()
    for (let key = 0; key < table.keys.length; key++)
      for (let i = (chains.to[key] as number) - 1; i >= (chains.from[key] as number); i--) {
        const element = chains.elements[i] as number
        const write = table.versions.writer[element] as number
        if (write === -1) this.#thinAirFrom[key] = i
        else if (slots.ofStep[write] === -1) this.#abortedFrom[key] = i
        if (chains.at[element] !== i) this.#repeatedFrom[key] = i
      }
  }

  judge(reader: number, step: number): void {
    const { table, chains } = this.#context
    const list = table.version[step] as number
    if (chains.isPrefix[list] === 1) this.#judgeBeginning(reader, step, list)
    else this.#judgeOther(reader, step, list)
  }

  #judgeBeginning(reader: number, step: number, list: number): void {
    const { table, chains } = this.#context
    const key = table.key[step] as number
    const to = (chains.from[key] as number) + (table.lists.length[list] as number)
    const aborted = this.#abortedFrom[key] as number
    const repeated = this.#repeatedFrom[key] as number
    if (aborted < to) this.#foundAborted(reader, step, chains.elements[aborted] as number)
    if ((this.#thinAirFrom[key] as number) < to) this.#foundThinAir(reader, step)
    if (repeated < to) this.#foundTwice(reader, step, chains.elements[repeated] as number)
  }

  #judgeOther(reader: number, step: number, list: number): void {
    const { table, chains, slots, tally } = this.#context
    const { versions } = table
    const key = table.key[step] as number
    const other = chains.reader[key] as number
    tally.add('incompatible-order', key, [reader, transactionAt(table, other)], [step, other])
    const seen = new Set<number>()
    let aborted = -1
    let thinAir = -1
    let repeated = -1
    for (const element of table.lists.elements(list)) {
      const write = versions.writer[element] as number
      if (seen.has(element)) {
        if (repeated === -1) repeated = element
      } else if (write === -1) thinAir = element
      else if (versions.transaction[element] === reader) {
        if (write > step) tally.add('future-read', key, [reader], [step, write])
      } else if (slots.ofStep[write] === -1 && aborted === -1) aborted = element
      seen.add(element)
    }
    if (aborted !== -1) this.#foundAborted(reader, step, aborted)
    if (thinAir !== -1) this.#foundThinAir(reader, step)
    if (repeated !== -1) this.#foundTwice(reader, step, repeated)
  }

  #foundAborted(reader: number, step: number, element: number): void {
    const { table, tally } = this.#context
    const { writer, transaction } = table.versions
    tally.add('G1a', table.key[step] as number, [reader, transaction[element] as number], [step, writer[element] as number])
  }

  #foundThinAir(reader: number, step: number): void {
    const { table, tally, isPartial } = this.#context
    if (!isPartial) tally.add('thin-air-read', table.key[step] as number, [reader], [step])
  }

  #foundTwice(reader: number, step: number, element: number): void {
    const { table, tally } = this.#context
    const write = table.versions.writer[element] as number
    const key = table.key[step] as number
    if (write === -1) tally.add('duplicate-elements', key, [reader], [step])
    else tally.add('duplicate-elements', key, [reader, table.versions.transaction[element] as number], [step, write])
  }
}
