/** Two caches in front of a database with one value. They differ in what they do with a value that was read while it was written. */

export interface Database {
  get(key: 'x'): Promise<number | undefined>
  set(key: 'x', value: number): Promise<unknown>
}

/** Whatever has been read is put into the cache, even if it has been overwritten since: it then stays there. */
export class RacingCache {
  readonly #database: Database
  #cached: number | undefined

  constructor(database: Database) {
    this.#database = database
  }

  async read(): Promise<number> {
    if (this.#cached !== undefined) return this.#cached
    const value = (await this.#database.get('x')) ?? 0
    this.#cached = value
    return value
  }

  async write(value: number): Promise<void> {
    await this.#database.set('x', value)
    this.#cached = undefined
  }
}

/** What has been read is put into the cache only if no write was under way at any time in between. */
export class CarefulCache {
  readonly #database: Database
  #cached: number | undefined
  #writing = 0
  #written = 0

  constructor(database: Database) {
    this.#database = database
  }

  async read(): Promise<number> {
    if (this.#cached !== undefined) return this.#cached
    const written = this.#written
    const value = (await this.#database.get('x')) ?? 0
    if (this.#writing === 0 && this.#written === written) this.#cached = value
    return value
  }

  async write(value: number): Promise<void> {
    // Emptied before, not after: while a write is under way all reads must see the same database.
    this.#cached = undefined
    this.#writing++
    await this.#database.set('x', value)
    this.#writing--
    this.#written++
  }
}
