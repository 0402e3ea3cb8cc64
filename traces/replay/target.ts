/** What a trace can be replayed on: a system that can be opened for a scenario. */
import { randomBytes } from 'node:crypto'
import { UserError } from '../../checker/index.ts'
import type { Replay } from '../replay.ts'
import type { Adapter } from './adapter.ts'
import type { Scenario } from './scenario.ts'
import { Workplace } from './servers/workplace.ts'

export interface TargetOptions {
  /** One of the levels of the target; its default, unless told. */
  readonly level?: string
  /** A server of the user's, where only what is made for the run is touched; a private one by default. */
  readonly url?: string
  /** Leaves what was made where it is. */
  readonly keep?: boolean
}

/** A target that is there, until it is closed. */
export interface OpenTarget {
  readonly adapter: Adapter
  /** Where what was made stays, if it is kept. */
  readonly where: string
  readonly close: () => Promise<void>
}

export interface Target {
  readonly name: string
  readonly about: string
  /** The models whose traces it can replay. */
  readonly models: readonly string[]
  /** Its own words for how it isolates transactions, or keeps data; the first is what it does unless told. */
  readonly levels: readonly string[]
  /** There is no server of the user's to use. */
  readonly isInProcess?: true
  /** What to install where it is not there; null where it is. */
  readonly missing: () => string | null
  readonly plan: (replay: Replay) => Scenario
  readonly open: (options: TargetOptions, scenario: Scenario, replayed: Replay) => Promise<OpenTarget>
}

/** The plan of a trace on a target. A path violates nothing of the model's, and so there is nothing to judge. */
export function scenarioOf(target: Target, replayed: Replay): Scenario {
  const scenario = target.plan(replayed)
  return replayed.trace.kind === 'path' ? { ...scenario, name: `conformance of ${replayed.trace.model}`, judge: null } : scenario
}

/** @throws UserError `bad-option` for a server of the user's, and for what is to be kept: nothing is made outside of the process */
export function openInProcess(name: string, { url, keep }: TargetOptions, make: () => Adapter): OpenTarget {
  const given = url !== undefined ? '--target' : keep ? '--keep' : null
  if (given !== null) throw new UserError('bad-option', `${name} runs in this process; leave ${given} out`)
  return { adapter: make(), where: 'this process', close: async () => {} }
}

/** @throws UserError `bad-option` where only private servers have the data, and these forget it with their process */
export function refuseToKeep(name: string, { url, keep }: TargetOptions): void {
  if (keep && url === undefined) throw new UserError('bad-option', `what private servers of ${name} store ends with them; leave --keep out`)
}

export interface Opened {
  readonly adapter: Adapter
  /** Where it is: `schema counterpoint_1`. */
  readonly where: string
}

/** What a target that starts servers makes its adapter of. */
export interface Making {
  /** A folder for private servers and their data; made when it is first asked for. */
  readonly workplace: () => Workplace
  /** A name that nothing else has, for what is made in a server. */
  readonly name: string
}

/**
 * Opens a target whose servers live in a workplace, which is closed with it, and also where it cannot be opened.
 *
 * @throws what `make` throws
 */
export async function openInWorkplace(
  name: string,
  { keep = false }: TargetOptions,
  make: (making: Making) => Promise<Opened>,
): Promise<OpenTarget> {
  const workplaces: Workplace[] = []
  const workplace = (): Workplace => {
    const [first = new Workplace(name)] = workplaces
    workplaces[0] = first
    return first
  }
  const close = async (): Promise<void> => {
    for (const one of workplaces) await one.close({ keep })
  }
  try {
    const { adapter, where } = await make({ workplace, name: `counterpoint_${randomBytes(6).toString('hex')}` })
    return { adapter, where: [where, ...workplaces.map(({ folder }) => folder)].join(' in '), close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The level of a target whose levels are not all of one model; the first of this one's, unless told.
 *
 * @throws UserError `bad-option` for a level of another model
 */
export function levelFor<Level extends string>(model: string, levels: readonly [Level, ...Level[]], { level }: TargetOptions): Level {
  const found = level === undefined ? levels[0] : levels.find((one) => one === level)
  if (found === undefined)
    throw new UserError('bad-option', `--level ${level} is not for traces of ${model}; for these there is ${levels.join(', ')}`)
  return found
}

/** @throws UserError `bad-option` with what to install */
export function required<T>(programs: T | null, remedy: string): T {
  if (programs === null) throw new UserError('bad-option', `the server is not installed; ${remedy}`)
  return programs
}
