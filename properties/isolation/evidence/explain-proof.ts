/** Why no order of the writes fulfils a level, in words: orders that follow, and proofs by cases. */
import type { CycleStep } from '../anomaly.ts'
import { cycleName } from '../cycles/cycle-name.ts'
import type { Facts } from '../facts.ts'
import type { IsolationLevel } from '../level.ts'
import type { CycleProof, EitherProof, ForcedOrder, OrderProof } from '../order-search/proof.ts'
import { type Story, storyFrom } from './explain.ts'
import { Cast } from './explain-cast.ts'
import { cycleSentences, type ReasonedEdge, reasonedEdges } from './explain-cycle.ts'
import { type Scene, writeText } from './explain-orders.ts'
import { readsOf, seenBy, writesOf } from './explain-steps.ts'
import { titleOf } from './explain-titles.ts'
import { keyText, versionText } from './explain-words.ts'

/** The story of a level that is violated, by the facts that it was decided on. */
export function storyOfProof(level: IsolationLevel, proof: OrderProof, facts: Facts): Story {
  const teller = new Teller(facts)
  const sentences = teller.tell(proof, [])
  const scene = teller.scene([])
  // A cycle that rests on orders which only the level shows has no name: what it is called may not be there.
  const isShown = proof.kind === 'cycle' && proof.orders.every((order) => isOverwritten(facts, order))
  if (!isShown) return storyFrom({ name: level, title: `${level} is violated`, scene, edges: teller.edges, sentences })
  const name = cycleName(proof.cycle)
  return storyFrom({ name, title: titleOf(name), scene, edges: teller.edges, sentences })
}

/** An order of the writes of a key that no read shows, with why it is taken to be so. */
interface ArguedOrder {
  readonly key: number
  readonly before: number
  readonly after: number
  readonly why: 'as shown' | 'as supposed'
}

class Teller {
  readonly cast: Cast
  readonly edges: ReasonedEdge[] = []
  readonly #facts: Facts

  constructor(facts: Facts) {
    this.#facts = facts
    this.cast = new Cast(facts.table)
  }

  /** @param orders what holds where it is told */
  tell(proof: OrderProof, orders: readonly ArguedOrder[]): string[] {
    switch (proof.kind) {
      case 'cycle':
        return this.#cycle(proof, orders)
      case 'either':
        return this.#either(proof, orders)
      case 'searched':
        return [
          `All orders of the writes were searched: each of ${proof.conflicts.toLocaleString('en-US')} combinations led to a forbidden cycle, and none is left.`,
        ]
    }
  }

  scene(orders: readonly ArguedOrder[]): Scene {
    return { facts: this.#facts, cast: this.cast, argued: (before, after, key) => argument(orders, before, after, key) }
  }

  #cycle({ cycle, orders: forced }: CycleProof, orders: readonly ArguedOrder[]): string[] {
    const sentences: string[] = []
    const known = [...orders]
    for (const { key, first, second, otherwise } of forced) {
      if (isOverwritten(this.#facts, { key, first, second })) continue
      const claim = this.#claim(first, second, key)
      const turned: ArguedOrder = { key, before: second, after: first, why: 'as supposed' }
      sentences.push(`${claim}, for otherwise:`, ...indented(this.#contradiction(otherwise, [...known, turned])))
      known.push({ key, before: first, after: second, why: 'as shown' })
    }
    return [...sentences, ...this.#contradiction(cycle, known)]
  }

  #either({ key, first, second, ifBefore, ifAfter }: EitherProof, orders: readonly ArguedOrder[]): string[] {
    const supposed = (before: number, after: number): ArguedOrder => ({ key, before, after, why: 'as supposed' })
    return [
      `Suppose that ${this.#claim(first, second, key)}.`,
      ...indented(this.tell(ifBefore, [...orders, supposed(first, second)])),
      `Suppose instead that ${this.#claim(second, first, key)}.`,
      ...indented(this.tell(ifAfter, [...orders, supposed(second, first)])),
      'There is no third way: a contradiction.',
    ]
  }

  #contradiction(cycle: readonly CycleStep[], orders: readonly ArguedOrder[]): string[] {
    const edges = reasonedEdges(this.scene(orders), cycle)
    this.edges.push(...edges)
    return cycleSentences(this.cast, edges)
  }

  /** `T1's write of 3 to x comes before T2's of 4`. */
  #claim(first: number, second: number, key: number): string {
    const { table } = this.#facts
    const [before = -1, after = -1] = [first, second].map((transaction) => writesOf(table, transaction, key).at(-1) ?? -1)
    this.cast.show(before, after)
    const former = writeText(this.scene([]), before)
    return `${former} to ${keyText(table, key)} comes before ${this.cast.name(second)}'s of ${versionText(table, table.version[after] as number)}`
  }
}

/** Whether the second transaction read what the first wrote, and then wrote itself: the order of the two needs no argument. */
function isOverwritten(facts: Facts, { key, first, second }: Pick<ForcedOrder, 'key' | 'first' | 'second'>): boolean {
  return readsOf(facts.table, second, key).some((step) => seenBy(facts, step) === first)
}

/** Also of orders that follow from several. */
function argument(orders: readonly ArguedOrder[], before: number, after: number, key: number): string | null {
  const direct = orders.findLast((order) => order.key === key && order.before === before && order.after === after)
  if (direct !== undefined) return direct.why
  const later = new Set([before])
  // A set also goes through what is added to it on the way.
  for (const writer of later) for (const order of orders) if (order.key === key && order.before === writer) later.add(order.after)
  return later.has(after) ? 'as follows from the orders of writes above' : null
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
