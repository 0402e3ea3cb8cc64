/** Drives an implementation by calling functions: one for each step. */
import type { Json } from '../../checker/index.ts'
import { isPlainContainer, plain } from '../../checker/language/json.ts'
import type { Adapter, Capability, Outcome, RealStep, StepResult } from '../replay/adapter.ts'

export interface CalledSystem {
  readonly start: () => unknown
  /** By its name, what an operation calls, and whether what that returns is compared. */
  readonly calls: ReadonlyMap<
    string,
    { readonly do: ((system: unknown, ...args: readonly never[]) => unknown) | null; readonly isCompared: boolean }
  >
  readonly see?: ((system: unknown) => unknown) | undefined
  readonly isRefusal?: ((error: unknown) => boolean) | undefined
  readonly stop?: ((system: unknown) => unknown) | undefined
}

export class CallAdapter implements Adapter {
  readonly name: string
  readonly capabilities: ReadonlySet<Capability> = new Set(['operation'] as const)
  readonly #called: CalledSystem
  /** What was started; in a box, since it may be anything. */
  #running: { readonly system: unknown } | null = null

  constructor(name: string, called: CalledSystem) {
    this.name = name
    this.#called = called
  }

  async setup(): Promise<void> {
    this.#running = { system: await this.#called.start() }
  }

  async step(step: RealStep): Promise<StepResult> {
    if (step.kind !== 'operation' || this.#running === null) throw new Error(`${this.name} takes operations, once it is set up`)
    return { outcome: await this.#call(this.#running.system, step.operation, step.argument as readonly never[]), completed: [] }
  }

  /** What was started is stopped, and another one started. */
  async reset(): Promise<boolean> {
    await this.teardown()
    await this.setup()
    return true
  }

  async teardown(): Promise<void> {
    const running = this.#running
    this.#running = null
    if (running !== null) await this.#called.stop?.(running.system)
  }

  async #call(system: unknown, operation: string, args: readonly never[]): Promise<Outcome> {
    const { calls, see, isRefusal } = this.#called
    const call = calls.get(operation)
    if (call === undefined) throw new Error(`${this.name} has no ${operation}`)
    let returned: unknown
    try {
      returned = await call.do?.(system, ...args)
    } catch (error) {
      const { code, name, message } =
        error instanceof Error ? (error as Error & { code?: unknown }) : { code: null, name: 'thrown', message: String(error) }
      return { kind: 'error', code: typeof code === 'string' ? code : name, message, definite: isRefusal?.(error) ?? false }
    }
    return {
      kind: 'ok',
      value: {
        ...(call.isCompared && { returned: plainOf(returned, `${this.name}: what ${operation} returned`) }),
        ...(see !== undefined && { seen: plainOf(await see(system), `${this.name}: what see.real returned`) }),
      },
    }
  }
}

/**
 * Data that compare: nothing is null, keys are in order, and the families of a model's state are lists. A copy, since an implementation
 * may go on to change what it has shown.
 *
 * @throws UserError `not-plain-data` with what is not and where it comes from
 */
export function plainOf(value: unknown, what: string): Json {
  return plain(copied(value ?? null), what)
}

function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.prototype.isPrototypeOf.call(Array.prototype, value)) return Array.from(value as ArrayLike<unknown>, copied)
  return isPlainContainer(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)])) : value
}
