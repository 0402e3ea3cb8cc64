/**
 * A coordinator of reads and writes that R and W of N independent servers have to answer, as in Dynamo: last writer wins, and a sloppy
 * quorum takes the first N servers that can be reached, those beyond the N for others. It is our own, and so small that it can be read;
 * the servers know nothing of each other. A request goes on only by what it is told to do: who asks whom when is up to the caller.
 *
 * Source: DeCandia et al., Dynamo, SOSP 2007, sections 4.5 and 4.6; Attiya, Bar-Noy & Dolev, Sharing memory robustly in
 * message-passing systems, JACM 1995 (write-back); Lynch & Shvartsman, FTCS 1997 (timestamps after the newest).
 */

/** A value with its timestamp. Of two, the later one wins, and of equal timestamps the greater value. */
export interface QuorumVersion {
  readonly time: number
  readonly value: number
}

/** One server, as coordinators see it. */
export interface QuorumReplica {
  /** Whether the coordinator takes it for healthy. */
  isReachable(coordinator: number): boolean
  /** Everything that it has, whomever it is for; null where there is nothing. */
  read(): Promise<QuorumVersion | null>
  /** Keeps the newer one of what it has and this; `owner` is for whom, where it only stands in. */
  keep(version: QuorumVersion, owner: number | null): Promise<void>
}

export interface QuorumOptions {
  /** The first N servers keep the value. */
  readonly N: number
  /** How many have to answer a read. */
  readonly R: number
  /** How many have to store a write. */
  readonly W: number
  readonly quorum: 'strict' | 'sloppy'
  /** What a read does with what it returns: `before` has W servers store it first; `at once` asks them itself, and does not wait to be told. */
  readonly writeBack: 'none' | 'after' | 'before' | 'at once'
  /** Where timestamps come from: the clock of the coordinator, or the newest of R servers; `at once` as above. */
  readonly stamps: 'clock' | 'query' | 'query at once'
}

export type QuorumAnswer = { readonly is: 'waiting'; readonly for: string } | { readonly is: 'done'; readonly value: number | null }

export type QuorumOperation = { readonly f: 'read' } | { readonly f: 'write'; readonly value: number; readonly clock: number }

export class QuorumRequest {
  readonly operation: QuorumOperation
  readonly coordinator: number
  readonly #replicas: readonly QuorumReplica[]
  readonly #options: QuorumOptions
  readonly #answered = new Set<number>()
  /** What the answers have together, and who has answered just that. */
  #newest: QuorumVersion | null = null
  #holders = new Set<number>()
  /** What is being stored, and where: for whom, if a server stands in. */
  #version: QuorumVersion | null = null
  #targets = new Map<number, number | null>()
  #stored = new Set<number>()
  #answer: QuorumAnswer = { is: 'waiting', for: 'its first step' }
  #isAbandoned = false

  /** @param coordinator the number of the server that is the coordinator's own */
  constructor(replicas: readonly QuorumReplica[], options: QuorumOptions, coordinator: number, operation: QuorumOperation) {
    this.operation = operation
    this.coordinator = coordinator
    this.#replicas = replicas
    this.#options = options
  }

  get answer(): QuorumAnswer {
    return this.#answer
  }

  /** What it has stored, or still has; null while it collects. */
  get version(): QuorumVersion | null {
    return this.#version
  }

  /** Where it reads and stores: each server, and for whom it stands in. */
  get places(): Map<number, number | null> {
    const { N, quorum } = this.#options
    const reachable = [...this.#replicas.keys()].filter((i) => i === this.coordinator || this.#replicas[i]?.isReachable(this.coordinator))
    const owners = reachable.filter((i) => i < N)
    const missing = [...this.#replicas.keys()].filter((i) => i < N && !owners.includes(i))
    const standIns = quorum === 'sloppy' ? reachable.filter((i) => i >= N).slice(0, missing.length) : []
    return new Map([
      ...owners.map((i): [number, null] => [i, null]),
      ...standIns.map((i, at): [number, number | null] => [i, missing[at] ?? null]),
    ])
  }

  /** The coordinator begins, and does what takes nobody else. */
  async begin(): Promise<void> {
    const { operation } = this
    const { stamps } = this.#options
    this.#wait()
    if (operation.f === 'write' && stamps === 'clock') await this.#write({ time: operation.clock, value: operation.value })
    if (operation.f === 'write' && stamps === 'query at once')
      for (const server of this.places.keys()) if (this.#version === null) await this.ask(server)
  }

  /** One server tells what it has. @returns whether it is one that the coordinator asks */
  async ask(server: number): Promise<boolean> {
    const replica = this.places.has(server) ? this.#replicas[server] : undefined
    if (replica === undefined || this.#isAbandoned || this.#version !== null || this.#answer.is === 'done' || this.#answered.has(server))
      return false
    const found = await replica.read()
    this.#answered.add(server)
    if (isNewer(found, this.#newest)) {
      this.#newest = found
      this.#holders = new Set()
    }
    if (isSame(found, this.#newest)) this.#holders.add(server)
    this.#wait()
    if (this.#answered.size >= this.#options.R) await this.#collected()
    return true
  }

  /** Who is back, or stands in by now, is to store it, too. @returns whether it is one of these */
  sendLater(server: number): boolean {
    const { places } = this
    if (this.#version === null || !places.has(server)) return false
    this.#targets.set(server, places.get(server) ?? null)
    return true
  }

  /** One server stores what is to be stored. @returns whether it is one that the coordinator sends it to */
  async send(server: number): Promise<boolean> {
    const replica = this.#targets.has(server) ? this.#replicas[server] : undefined
    if (replica === undefined || this.#version === null) return false
    await replica.keep(this.#version, this.#targets.get(server) ?? null)
    this.learn(server)
    return true
  }

  /** A server has stored it. */
  learn(server: number): void {
    this.#stored.add(server)
    this.#endIfStored()
  }

  /** Its coordinator is gone: nobody will know what becomes of it, though what it has sent may still be stored. */
  abandon(): void {
    if (this.#answer.is === 'waiting') this.#isAbandoned = true
  }

  async #collected(): Promise<void> {
    const { operation } = this
    const { writeBack } = this.#options
    if (operation.f === 'write') return this.#write({ time: (this.#newest?.time ?? 0) + 1, value: operation.value })
    if (this.#newest === null || writeBack === 'none' || writeBack === 'after') {
      this.#answer = { is: 'done', value: this.#newest?.value ?? null }
      if (writeBack === 'after' && this.#newest !== null) await this.#store(this.#newest)
      return
    }
    this.#stored = this.#holders
    await this.#store(this.#newest)
    if (writeBack === 'at once') for (const server of this.places.keys()) if (this.#answer.is === 'waiting') await this.send(server)
  }

  /** What the coordinator's own server has may be newer, and then goes to the others instead. */
  async #write(version: QuorumVersion): Promise<void> {
    const own = (await this.#replicas[this.coordinator]?.read()) ?? null
    await this.#store(own !== null && isNewer(own, version) ? own : version)
  }

  /** Has it stored, first by the coordinator's own server. */
  async #store(version: QuorumVersion): Promise<void> {
    const { places, coordinator } = this
    this.#version = version
    this.#targets = places
    if (places.has(coordinator)) {
      await this.#replicas[coordinator]?.keep(version, places.get(coordinator) ?? null)
      this.#stored.add(coordinator)
    }
    this.#endIfStored()
  }

  #endIfStored(): void {
    if (this.#answer.is === 'done' || this.#isAbandoned) return
    this.#wait()
    if (this.#stored.size < this.#options.W) return
    this.#answer = { is: 'done', value: this.operation.f === 'read' ? (this.#version?.value ?? null) : this.operation.value }
  }

  #wait(): void {
    const { R, W } = this.#options
    const what = this.#version === null ? `${R - this.#answered.size} more to answer` : `${W - this.#stored.size} more to store it`
    this.#answer = { is: 'waiting', for: what }
  }
}

/** Whether the first one wins. */
function isNewer(one: QuorumVersion | null, other: QuorumVersion | null): boolean {
  if (one === null || other === null) return one !== null
  return one.time > other.time || (one.time === other.time && one.value > other.value)
}

function isSame(one: QuorumVersion | null, other: QuorumVersion | null): boolean {
  return one?.time === other?.time && one?.value === other?.value
}
