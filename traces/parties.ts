/** Who has a lane in a picture, and by what name: the parties of a model's roles, then whoever has a number only. */

import { blame } from '../checker/errors.ts'
import { type Json, type Program, type State, simulation, type Transition, UserError } from '../checker/index.ts'
import { type Call, type Party, roleOf } from '../checker/language/roles.ts'
import type { LaneName } from './lanes.ts'

/** A call, with lanes in place of parties. */
export interface LaneCall {
  readonly from: number
  readonly to: number
  /** Null where the step's arguments say it. */
  readonly message: Json
  readonly is: 'sent' | 'arrived' | 'both'
}

/** A lane is the number of a party, counted through all roles. */
export class Parties {
  readonly #program: Program
  /** A state as the model's functions see it. */
  readonly #view: (state: State) => Record<string, unknown>

  constructor(program: Program) {
    this.#program = program
    const looks = program.calls !== null || program.actions.some(({ by }) => typeof by === 'function')
    const sim = looks ? simulation(program) : null
    this.#view = (state) => sim?.view(state) ?? {}
  }

  /** How many have a name. */
  get count(): number {
    return this.#program.roles.reduce((sum, { count }) => sum + count, 0)
  }

  /** `client 0`; the role alone where it has no numbers; the number where there is no role. */
  nameOf(lane: number): string {
    const place = this.#placeOf(lane)
    return place === null ? String(lane) : place.isNumbered ? `${place.role} ${place.number}` : place.role
  }

  /** `c0`: what tells the role from the others, and the number. */
  shortOf(lane: number): LaneName {
    const place = this.#placeOf(lane)
    if (place === null) return { role: '', number: String(lane) }
    return { role: this.#shortRole(place.role), number: place.isNumbered ? String(place.number) : '' }
  }

  /** The short forms, and what they stand for. */
  legend(): readonly (readonly [short: string, name: string])[] {
    return this.#program.roles.flatMap(({ name, count }) => (count === 0 ? [] : [[this.#shortRole(name), name] as const]))
  }

  /** Whose step it is; `null`: the environment's. */
  laneOf(before: State, { action: name, args, process }: Transition): number | null {
    const by = this.#program.actions.find((action) => action.name === name)?.by ?? null
    if (by === null) return process
    const where = `\`by\` of action ${name} of model ${this.#program.model.name}`
    if (typeof by === 'function') return this.#lane(asking(where, () => by(this.#view(before), ...args)) as Party, where)
    return this.#lane([by, process ?? 0], where)
  }

  /** What passes in a step though no mailbox holds it. */
  callsOf(before: State, after: State, { action, args, process }: Transition): readonly LaneCall[] {
    const { calls, model } = this.#program
    if (calls === null) return []
    const where = `calls of model ${model.name}`
    const said = asking(where, () => calls(this.#view(before), this.#view(after), { action, args, process })) as readonly Call[]
    return said.map(({ from, to, message = null, is }): LaneCall => {
      return { from: this.#lane(from, where), to: this.#lane(to, where), message, is: is ?? 'both' }
    })
  }

  #lane([name, number]: Party, where: string): number {
    const { roles } = this.#program
    const role = roleOf(roles, name, where)
    const first = roles.slice(0, roles.indexOf(role)).reduce((sum, { count }) => sum + count, 0)
    if (!role.isNumbered) return first
    if (Number.isInteger(number) && number >= 0 && number < role.count) return first + number
    throw new UserError('bad-model', `${where}: there is no ${name} ${String(number)}, of ${role.count}`)
  }

  #placeOf(lane: number): { readonly role: string; readonly number: number; readonly isNumbered: boolean } | null {
    let first = 0
    for (const { name, count, isNumbered } of this.#program.roles) {
      if (lane < first + count) return { role: name, number: lane - first, isNumbered }
      first += count
    }
    return null
  }

  #shortRole(role: string): string {
    const others = this.#program.roles.filter(({ name }) => name !== role)
    const length = [...role].findIndex((_, i) => others.every(({ name }) => !name.startsWith(role.slice(0, i + 1)))) + 1
    return length === 0 ? role : role.slice(0, length)
  }
}

function asking<T>(where: string, ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    throw blame(error, where)
  }
}
