/** A lock with a lease: what is to be tested. Time is a count of ticks, so that a test can let it pass. */
export class LeaseLock {
  #holder: number | null = null
  #until = 0
  #now = 0
  readonly #term: number

  constructor(term: number) {
    this.#term = term
  }

  /** Whether the client holds it now. */
  acquire(client: number): boolean {
    if (this.holder() === null) this.#lend(client)
    return this.#holder === client
  }

  /** Whether there was something to make longer. */
  renew(client: number): boolean {
    if (this.holder() !== client) return false
    this.#lend(client)
    return true
  }

  release(client: number): void {
    if (this.holder() === client) this.#holder = null
  }

  tick(): void {
    this.#now += 1
  }

  holder(): number | null {
    if (this.#now >= this.#until) this.#holder = null
    return this.#holder
  }

  #lend(client: number): void {
    this.#holder = client
    this.#until = this.#now + this.#term
  }
}

/** The same by somebody in a hurry: whoever releases it frees it, also a client whose lease is over and is another's now. */
export class HastyLeaseLock extends LeaseLock {
  override release(_client: number): void {
    const holder = this.holder()
    if (holder !== null) super.release(holder)
  }
}
