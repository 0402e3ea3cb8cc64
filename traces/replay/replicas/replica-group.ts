/** Drives replicas inside this process: what one tells another waits in a pool until a step delivers it. */
import type { Json } from '../../../checker/index.ts'
import type { Adapter, Capability, Facts, Outcome, RealStep, StepResult } from '../adapter.ts'
import { type Replica, type ReplicatedData, replicaName, shownName } from './replicated-data.ts'

/** What a replica shows: the value of a register, or a count. */
export type Kind = 'register' | 'counter'

export class ReplicaGroup implements Adapter {
  readonly name: string
  readonly capabilities: ReadonlySet<Capability> = new Set(['operation', 'timer', 'deliver', 'duplicate'] as const)
  readonly #library: ReplicatedData
  readonly #kind: Kind
  readonly #size: number
  #replicas: Replica[] = []
  #pool: Told[] = []

  constructor(library: ReplicatedData, kind: Kind, size: number) {
    this.name = [library.name, ...(kind === 'counter' ? [library.counter] : []), `${size} replicas`].join(', ')
    this.#library = library
    this.#kind = kind
    this.#size = size
  }

  async setup(): Promise<void> {
    this.#pool = []
    this.#replicas = Array.from({ length: this.#size }, (_, self) => this.#library.makeReplica(self))
  }

  async step(step: RealStep): Promise<StepResult> {
    return { outcome: this.#take(step), completed: [] }
  }

  async observe(): Promise<Facts> {
    return Object.fromEntries(this.#replicas.map((replica, self) => [shownName(self), this.#shown(replica)]))
  }

  async reset(): Promise<boolean> {
    await this.setup()
    return true
  }

  async teardown(): Promise<void> {
    this.#replicas = []
    this.#pool = []
  }

  #take(step: RealStep): Outcome {
    switch (step.kind) {
      case 'operation': {
        const replica = this.#replica(step.node ?? '')
        if (step.operation === 'write') replica.write(step.argument as number)
        if (step.operation === 'increment') replica.increment()
        return { kind: 'ok', value: this.#shown(replica) }
      }
      case 'timer': {
        const replica = this.#replica(step.node)
        this.#pool.push({ from: step.node, to: step.timer, shown: this.#shown(replica), update: replica.tell() })
        return { kind: 'ok', value: this.#shown(replica) }
      }
      case 'deliver':
      case 'duplicate': {
        const { from, to, message } = step
        const told = this.#pool.find((one) => one.from === from && one.to === to && one.shown === message)
        if (told === undefined) return { kind: 'error', code: 'no-message', message: `${from} has told no such thing`, definite: false }
        if (step.kind === 'duplicate') {
          this.#pool.push(told)
          return { kind: 'ok', value: null }
        }
        this.#pool.splice(this.#pool.indexOf(told), 1)
        const replica = this.#replica(to)
        replica.hear(told.update)
        return { kind: 'ok', value: this.#shown(replica) }
      }
      default:
        throw new Error(`replicas cannot do this: ${step.kind}`)
    }
  }

  #shown(replica: Replica): Json {
    return this.#kind === 'register' ? replica.value() : replica.count()
  }

  #replica(name: string): Replica {
    const replica = this.#replicas.find((_, self) => replicaName(self) === name)
    if (replica === undefined) throw new Error(`there is no ${name}`)
    return replica
  }
}

interface Told {
  readonly from: string
  readonly to: string
  /** What the replica showed when it told it. */
  readonly shown: Json
  readonly update: Uint8Array
}
