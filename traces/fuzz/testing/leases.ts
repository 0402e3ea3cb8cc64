/** A small model of a lock with a lease, a right implementation of it, and wrong ones. */
import { cell, cells, defineModel, ids, type Model } from '../../../checker/index.ts'
import type { Target } from '../../replay/target.ts'
import { implementation } from '../implementation.ts'

export interface LeaseState {
  readonly holder: number | null
  readonly left: number
  readonly served: readonly number[]
}

/** Two clients, who may hold it for two ticks. */
export const leases: Model = defineModel({
  name: 'leases',
  about: 'Clients take a lock for some time, and give it back',
  constants: { clients: { default: 2, min: 1 }, term: { default: 2, min: 1 } },
  state: (c) => ({ holder: cell<number | null>(null), left: cell(0), served: cells(c.clients, 0) }),
  actions: (on, c) => ({
    acquire: on.action({
      each: ids(c.clients),
      then: (s, i) => {
        if (s.holder !== null) return
        s.holder = i
        s.left = c.term
        s.served[i] = Math.min(3, s.served[i] + 1)
      },
    }),
    release: on.action({
      each: ids(c.clients),
      when: (s, i) => s.holder === i,
      then: (s) => {
        s.holder = null
        s.left = 0
      },
    }),
    tick: on.action({
      when: (s) => s.holder !== null,
      then: (s) => {
        s.left -= 1
        if (s.left === 0) s.holder = null
      },
    }),
  }),
  properties: () => ({}),
})

/** What is wrong with an implementation of it. */
export type Mistake = 'none' | 'takes-what-is-held' | 'never-expires' | 'release-keeps-the-clock' | 'third-time-unlucky'

export class Lease {
  holder: number | null = null
  #left = 0
  #served = new Map<number, number>()
  readonly #term: number
  readonly #mistake: Mistake

  constructor(term: number, mistake: Mistake) {
    this.#term = term
    this.#mistake = mistake
  }

  acquire(client: number): boolean {
    const isFree = this.holder === null || (this.#mistake === 'takes-what-is-held' && this.#left === 1)
    const served = (this.#served.get(client) ?? 0) + (isFree ? 1 : 0)
    if (this.#mistake === 'third-time-unlucky' && served === 3) return false
    this.#served.set(client, served)
    if (!isFree) return false
    this.holder = client
    this.#left = this.#mistake === 'release-keeps-the-clock' && this.#left > 0 ? this.#left : this.#term
    return true
  }

  release(): void {
    this.holder = null
    if (this.#mistake !== 'release-keeps-the-clock') this.#left = 0
  }

  tick(): void {
    this.#left -= 1
    if (this.#left === 0 && this.#mistake !== 'never-expires') this.holder = null
  }
}

export function lease(mistake: Mistake = 'none', onStart: (lease: Lease) => void = () => {}): Target {
  return implementation<Lease, LeaseState>({
    name: mistake,
    model: leases,
    start: ({ term }) => {
      const started = new Lease(Number(term), mistake)
      onStart(started)
      return started
    },
    actions: {
      acquire: {
        do: (one, client: number) => one.acquire(client),
        returns: ({ before, after, args: [client] }) => before.holder === null && after.holder === client,
      },
      release: (one) => one.release(),
      tick: (one) => one.tick(),
    },
    see: { real: (one) => one.holder, model: (s) => s.holder },
  })
}
