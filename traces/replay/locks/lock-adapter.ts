/** Takes the steps of a lock's trace on a service with leases. A client that is paused does nothing until it goes on. */
import type { Adapter, Capability, Facts, Outcome, RealStep, StepResult } from '../adapter.ts'
import { actedFor, heldBy, type LockOperation } from './lock-plan.ts'
import { LockFailure, type LockService } from './lock-service.ts'

export class LockAdapter implements Adapter {
  readonly capabilities: ReadonlySet<Capability> = new Set<Capability>(['operation', 'pause', 'resume', 'expire'])
  readonly #service: LockService
  readonly #paused = new Set<string>()
  /** The token that each client got last. */
  readonly #tokens = new Map<string, number>()
  /** Which holder, from 1, each token is of. */
  readonly #numbers = new Map<number, number>()
  #holder: string | null = null

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
    try {
      return { outcome: await this.#take(step), completed: [] }
    } catch (error) {
      if (error instanceof LockFailure) return { outcome: error.outcome, completed: [] }
      throw error
    }
  }

  async observe(): Promise<Facts> {
    const { holder, acted } = await this.#service.observe()
    return { [heldBy]: holder, [actedFor]: acted === null ? 0 : (this.#numbers.get(acted) ?? `token ${acted}`) }
  }

  async reset(): Promise<boolean> {
    await this.#service.clear()
    this.#paused.clear()
    this.#tokens.clear()
    this.#numbers.clear()
    this.#holder = null
    return true
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
        const number = this.#numbers.size + 1
        this.#numbers.set(token, number)
        return { kind: 'ok', value: number }
      }
      case 'release':
        return { kind: 'ok', value: (await this.#service.release(client, this.#tokenOf(client))) ? 1 : 0 }
      case 'delete':
        if (this.#service.delete === undefined) throw new Error(`${this.name} releases a lock for its owner only`)
        await this.#service.delete(client)
        return done
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
