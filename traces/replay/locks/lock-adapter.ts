/** Takes the steps of a lock's trace on a service with leases. A client that is paused does nothing until it goes on. */
import type { Adapter, Capability, Outcome, RealStep, StepResult } from '../adapter.ts'
import type { LockOperation } from './lock-plan.ts'

/** A service with locks that end with a lease, and a resource that holders act on. */
export interface LockService {
  /** With version and level: `etcd 3.4.23, fenced`. */
  readonly name: string
  ready(): Promise<void>
  /** A token that is greater than all before it; null where another client holds the lock. */
  acquire(client: string): Promise<number | null>
  /** Whether the client held it. */
  release(client: string, token: number): Promise<boolean>
  /** Ends the lease of the client that holds the lock. */
  expire(client: string, token: number): Promise<void>
  /** Acts on the resource. Returns why the resource refuses; null where it does not. */
  use(client: string, token: number): Promise<string | null>
  /** Ends connections and removes what was made. Safe to call more than once. */
  remove(): Promise<void>
}

export class LockAdapter implements Adapter {
  readonly capabilities: ReadonlySet<Capability> = new Set<Capability>(['operation', 'pause', 'resume', 'expire'])
  readonly #service: LockService
  readonly #paused = new Set<string>()
  /** The token that each client got last. */
  readonly #tokens = new Map<string, number>()
  #holder: string | null = null
  #holders = 0

  constructor(service: LockService) {
    this.#service = service
  }

  get name(): string {
    return this.#service.name
  }

  async setup(): Promise<void> {
    await this.#service.ready()
  }

  async step(step: RealStep): Promise<StepResult> {
    return { outcome: await this.#take(step), completed: [] }
  }

  async teardown(): Promise<void> {
    await this.#service.remove()
  }

  async #take(step: RealStep): Promise<Outcome> {
    switch (step.kind) {
      case 'operation':
        if (this.#paused.has(step.actor)) throw new Error(`${step.actor} is paused, and cannot do anything`)
        return this.#operate(step.actor, step.operation as LockOperation)
      case 'pause':
        this.#paused.add(step.node)
        return done
      case 'resume':
        this.#paused.delete(step.node)
        return done
      case 'expire':
        if (this.#holder === null) throw new Error('nobody holds the lock, and no lease can end')
        await this.#service.expire(this.#holder, this.#tokenOf(this.#holder))
        return done
      default:
        throw new Error(`a lock cannot ${step.kind}`)
    }
  }

  async #operate(client: string, operation: LockOperation): Promise<Outcome> {
    switch (operation) {
      case 'acquire': {
        const token = await this.#service.acquire(client)
        if (token === null) return done
        const others = [...this.#tokens.values()]
        if (others.some((other) => other >= token))
          return { kind: 'error', code: 'TOKEN', message: `${token} is not the greatest`, definite: false }
        this.#tokens.set(client, token)
        this.#holder = client
        this.#holders += 1
        return { kind: 'ok', value: this.#holders }
      }
      case 'release':
        return { kind: 'ok', value: (await this.#service.release(client, this.#tokenOf(client))) ? 1 : 0 }
      case 'delete':
        throw new Error(`${this.name} releases a lock for its owner only`)
      case 'use': {
        const refusal = await this.#service.use(client, this.#tokenOf(client))
        return refusal === null ? done : { kind: 'error', code: 'FENCED', message: refusal, definite: true }
      }
    }
  }

  #tokenOf(client: string): number {
    const token = this.#tokens.get(client)
    if (token === undefined) throw new Error(`${client} has never had the lock`)
    return token
  }
}

const done: Outcome = { kind: 'ok', value: null }
