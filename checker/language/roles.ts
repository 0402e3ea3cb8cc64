/**
 * Who takes part in a model, for pictures alone: the search asks nobody. Roles name the numbers by which actions and networks know
 * processes, so that client 0 and node 0 have lanes of their own.
 */
import { suggest, UserError } from '../errors.ts'
import type { Json } from './json.ts'

/** One of those who play a role, from 0; where the role has no numbers, 0. */
export type Party = readonly [role: string, number: number]

/** What passes between two of them in a step, though no mailbox holds it. */
export interface Call {
  readonly from: Party
  readonly to: Party
  /** What it says, where the arguments of the step do not. */
  readonly message?: Json
  /** `sent`: it is on its way from now on, until one between the same two has `arrived`. By default it is there at once. */
  readonly is?: 'sent' | 'arrived'
}

/** A step as `calls` is told of it. */
export interface StepTaken {
  readonly action: string
  readonly args: readonly Json[]
  /** The number of who acts; `null` where it has none. */
  readonly process: number | null
}

/** How many play each role, by its name; null where one does, who has no number. */
export type Roles = Readonly<Record<string, number | null>>

export interface Role {
  readonly name: string
  /** How many play it. */
  readonly count: number
  readonly isNumbered: boolean
}

/** @throws UserError `bad-model` */
export function requireRoles(model: string, declared: Roles): readonly Role[] {
  return Object.entries(declared).map(([name, count]) => {
    if (name === '' || (count !== null && (!Number.isInteger(count) || count < 0))) {
      throw new UserError(
        'bad-model',
        `roles of model ${model}: ${JSON.stringify(name)} is given ${JSON.stringify(count)}; give each name how many play the role, a whole number, or null for one without a number`,
      )
    }
    return { name, count: count ?? 1, isNumbered: count !== null }
  })
}

/** @throws UserError `bad-model` where the model declares no such role */
export function roleOf(roles: readonly Role[], name: unknown, where: string): Role {
  const role = roles.find((one) => one.name === name)
  if (role !== undefined) return role
  const names = roles.map((one) => one.name)
  const hint = names.length === 0 ? '; the model declares no `roles`' : suggest(String(name), names)
  throw new UserError('bad-model', `${where}: there is no role ${JSON.stringify(name) ?? 'undefined'}${hint}`)
}
