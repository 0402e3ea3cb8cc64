/** A store of versions in memory: transactions read a snapshot of it, and commit if nothing that they wrote has changed since. */

/** The transaction was rolled back, because of what another has committed. */
export class Conflict extends Error {}

export interface StoreTransaction {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  /** @throws Conflict */
  commit(): Promise<void>
}

interface Options {
  /** Whether a commit also asks that nothing has changed that the transaction read; to leave that out is snapshot isolation. */
  readonly validatesReads: boolean
}

export class MvccStore {
  readonly #versions = new Map<string, { readonly value: string; readonly commit: number }[]>()
  readonly #validatesReads: boolean
  #commits = 0

  constructor({ validatesReads }: Options) {
    this.#validatesReads = validatesReads
  }

  begin(): StoreTransaction {
    const snapshot = this.#commits
    const read = new Set<string>()
    const written = new Map<string, string>()
    return {
      get: async (key) => {
        await network()
        read.add(key)
        return written.get(key) ?? this.#versionsOf(key).findLast(({ commit }) => commit <= snapshot)?.value ?? null
      },
      set: async (key, value) => {
        await network()
        written.set(key, value)
      },
      commit: async () => {
        await network()
        const mustBeAsBefore = this.#validatesReads ? [...read, ...written.keys()] : [...written.keys()]
        const changed = mustBeAsBefore.find((key) => (this.#versionsOf(key).at(-1)?.commit ?? 0) > snapshot)
        if (changed !== undefined) throw new Conflict(`another transaction has written ${changed}`)
        this.#commits++
        for (const [key, value] of written) this.#versionsOf(key).push({ value, commit: this.#commits })
      },
    }
  }

  #versionsOf(key: string): { readonly value: string; readonly commit: number }[] {
    const versions = this.#versions.get(key) ?? []
    this.#versions.set(key, versions)
    return versions
  }
}

/** As if the store were far away: meanwhile others go on. */
function network(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
