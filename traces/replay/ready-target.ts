/** A target for run after run: its adapter goes back to the initial state between them where it can, and else it is opened anew. */
import { isUserError, type Json, UserError } from '../../checker/index.ts'
import { canonicalKey } from '../../checker/language/json.ts'
import type { Replay } from '../replay.ts'
import type { Adapter } from './adapter.ts'
import type { Scenario } from './scenario.ts'
import type { OpenTarget, Target, TargetOptions } from './target.ts'

interface Opened extends OpenTarget {
  /** What it was opened for: constants, the number of nodes, and the state in which the runs begin. */
  readonly opening: string
  isSetUp: boolean
}

export interface ReadyAdapter {
  readonly adapter: Adapter
  /** Sets it up, where it is not. */
  readonly begin: () => Promise<void>
}

export class ReadyTarget {
  /** What it is called in errors. */
  readonly called: string
  readonly #target: Target
  readonly #options: TargetOptions
  #open: Opened | null = null
  #openings = 0

  constructor(target: Target, options: TargetOptions, called: string = target.name) {
    this.#target = target
    this.#options = options
    this.called = called
  }

  /** How often it had to be opened. */
  get openings(): number {
    return this.#openings
  }

  /** Where what was made stays, if it is kept; empty while nothing is open. */
  get where(): string {
    return this.#open?.where ?? ''
  }

  /**
   * The adapter, with nothing of the run before.
   * @throws UserError where the target cannot be opened, and what the adapter throws as it goes back
   */
  async ready(scenario: Scenario, replayed: Replay): Promise<ReadyAdapter> {
    const { trace, states } = replayed
    const opening = canonicalKey([trace.constants, trace.bugs, scenario.nodes ?? null, (states[0] ?? []) as readonly Json[]])
    const open = this.#open
    if (open?.opening === opening && open.isSetUp && (await open.adapter.reset?.())) return { adapter: open.adapter, begin: async () => {} }
    await this.close()
    const opened: Opened = { ...(await this.#opened(scenario, replayed)), opening, isSetUp: false }
    this.#open = opened
    this.#openings += 1
    const begin = async (): Promise<void> => {
      await opened.adapter.setup()
      opened.isSetUp = true
    }
    return { adapter: opened.adapter, begin }
  }

  async #opened(scenario: Scenario, replayed: Replay): Promise<OpenTarget> {
    try {
      return await this.#target.open(this.#options, scenario, replayed)
    } catch (error) {
      if (isUserError(error)) throw error
      throw new UserError('bad-option', `${this.called}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** @throws UserError where what was made cannot be removed, because the system is gone */
  async close(): Promise<void> {
    const open = this.#open
    this.#open = null
    try {
      await open?.adapter.teardown()
    } catch (error) {
      if (isUserError(error)) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new UserError('bad-option', `${this.called}: what was made there could not be removed: ${reason}`)
    } finally {
      await open?.close()
    }
  }
}
