/** Collects the lists that were read, each as the beginning of a branch of its key; and makes of them the lists of the table. */
import type { Value } from '../../value.ts'
import { type Branch, commonLength, extendedBranch, longestBranch } from './table-builder-branches.ts'
import { Column } from './table-builder-column.ts'
import type { Lists } from './transaction-table.ts'

/** A list in the table that is empty because null was read. */
export const nullRead = -1

export class ListReads {
  /** Of each list, in the order in which they come. */
  readonly #branch = new Column(Int32Array)
  readonly #length = new Column(Int32Array)
  readonly #branches: Branch[] = []
  /** Of each key of which lists were read. */
  readonly #branchesOf = new Map<number, Branch[]>()

  /** The number of the list. */
  add(key: number, list: readonly Value[]): number {
    const number = this.#branch.length
    let branches = this.#branchesOf.get(key)
    if (branches === undefined) {
      branches = []
      this.#branchesOf.set(key, branches)
    }
    let branch = extendedBranch(branches, list, number)
    if (branch === undefined) {
      branch = { number: this.#branches.length, key, elements: list, since: number }
      branches.push(branch)
      this.#branches.push(branch)
    }
    this.#branch.push(branch.number)
    this.#length.push(list.length)
    return number
  }

  elements(list: number): readonly Value[] {
    const { elements } = this.#branches[this.#branch.array[list] as number] as Branch
    return elements.slice(0, this.#length.array[list])
  }

  /**
   * The lists of the table, numbered anew.
   * @param key of each list of the table
   * @param read of each, the number that it has here, or `nullRead`
   * @param keys how many
   * @param versionOf the version of a key that has this value
   */
  finish(key: Int32Array, read: Int32Array, keys: number, versionOf: (key: number, value: Value) => number): Lists {
    const length = new Int32Array(key.length)
    const isPrefix = new Uint8Array(key.length).fill(1)
    const concerned = new Uint8Array(keys)
    for (const of of key) concerned[of] = 1
    const { chainFrom, chain, common, apartFrom, apart } = this.#chains(concerned, versionOf)
    /** Where lists that begin no chain are. */
    const from = new Map<number, number>()
    for (let list = 0; list < key.length; list++) {
      const number = read[list] as number
      if (number === nullRead) continue
      const branch = this.#branch.array[number] as number
      length[list] = this.#length.array[number] as number
      if ((length[list] as number) <= (common[branch] as number)) continue
      isPrefix[list] = 0
      from.set(list, apartFrom[branch] as number)
    }
    return {
      count: key.length,
      key,
      length,
      isPrefix,
      chainFrom,
      chain,
      elements: (list) => {
        const start = from.get(list)
        const first = start ?? (chainFrom[key[list] as number] as number)
        return (start === undefined ? chain : apart).subarray(first, first + (length[list] as number))
      },
    }
  }

  /** The longest list of each key, and apart from them the other branches; with how many elements each shares with the longest list. */
  #chains(concerned: Uint8Array, versionOf: (key: number, value: Value) => number): Chains {
    const chainFrom = new Int32Array(concerned.length + 1)
    const chain = new Column(Int32Array)
    const common = new Int32Array(this.#branches.length)
    const apartFrom = new Int32Array(this.#branches.length)
    const apart = new Column(Int32Array)
    for (let key = 0; key < concerned.length; key++) {
      chainFrom[key] = chain.length
      const branches = (concerned[key] === 1 && this.#branchesOf.get(key)) || []
      const longest = longestBranch(branches)
      for (const { number, elements } of branches) {
        const isLongest = number === longest?.number
        const column = isLongest ? chain : apart
        common[number] = isLongest ? elements.length : commonLength(elements, longest?.elements ?? [])
        apartFrom[number] = apart.length
        for (const element of elements) column.push(versionOf(key, element))
      }
    }
    chainFrom[concerned.length] = chain.length
    return { chainFrom, chain: chain.take(), common, apartFrom, apart: apart.take() }
  }
}

interface Chains {
  readonly chainFrom: Int32Array
  readonly chain: Int32Array
  /** Of each branch. */
  readonly common: Int32Array
  readonly apartFrom: Int32Array
  readonly apart: Int32Array
}
