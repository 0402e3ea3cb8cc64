/** The network between clients, nodes and services: what was sent and has not arrived. Nothing moves by itself. */
import type { Message } from './message.ts'

/** A message on its way. */
export interface Sent extends Message {
  /** `n1>n2 gossip 3`: the third such message from one to the other, which a schedule can name; a copy says `again`. */
  readonly id: string
  /** Of PCT: the chain of events that it continues. */
  readonly chain: string
}

export class Network {
  #pool: Sent[] = []
  #groups: readonly (readonly string[])[] | null = null
  readonly #counts = new Map<string, number>()

  /** In the order in which they were sent. */
  get pool(): readonly Sent[] {
    return this.#pool
  }

  get isParted(): boolean {
    return this.#groups !== null
  }

  /** @returns null where a partition swallows it */
  post(message: Message, chain: string): Sent | null {
    const name = `${message.src}>${message.dest} ${message.body.type}`
    const sent = { ...message, id: `${name} ${this.#next(name)}`, chain }
    if (this.#isCut(sent)) return null
    this.#pool.push(sent)
    return sent
  }

  /** Takes a message out; null where there is none of that name. */
  take(id: string): Sent | null {
    const at = this.#pool.findIndex((sent) => sent.id === id)
    return at < 0 ? null : (this.#pool.splice(at, 1)[0] ?? null)
  }

  /** Puts a copy behind all others. */
  duplicate(id: string): boolean {
    const original = this.#pool.find((sent) => sent.id === id)
    if (original === undefined) return false
    this.#pool.push({ ...original, id: `${id} again` })
    return true
  }

  /** Loses what is on its way between groups, and what is sent there until it heals. */
  part(groups: readonly (readonly string[])[]): void {
    this.#groups = groups
    this.#pool = this.#pool.filter((sent) => !this.#isCut(sent))
  }

  heal(): void {
    this.#groups = null
  }

  #isCut({ src, dest }: Message): boolean {
    if (this.#groups === null) return false
    const [from, to] = [src, dest].map((name) => this.#groups?.findIndex((group) => group.includes(name)))
    return from !== to && from !== -1 && to !== -1
  }

  #next(name: string): number {
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    return count
  }
}
