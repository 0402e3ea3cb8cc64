/** Properties of single changes of a cell, judged once per (value before, value after) while successor lists are made. */
import { blame } from '../errors.ts'
import type { Json } from '../language/json.ts'
import type { Program } from '../language/program.ts'
import { type Judgement, requireJudgement, type StepProperty } from '../language/properties.ts'
import { PairMap } from './pair-map.ts'
import type { Laboratory } from './remembered.ts'

export interface StepFailure {
  readonly property: string
  readonly message: string
}

export class StepChecks {
  /** Every failure found so far; lists refer to sets of them by number. */
  readonly failures: (readonly StepFailure[])[] = []
  readonly #properties: readonly (readonly [name: string, property: StepProperty])[]
  readonly #program: Program
  readonly #lab: Laboratory
  readonly #value: (slot: number, id: number) => Json
  readonly #judged: PairMap[]
  readonly #messages: (string | null)[] = [null]
  readonly #sets: Map<string, number> = new Map()

  constructor(program: Program, lab: Laboratory, value: (slot: number, id: number) => Json) {
    this.#program = program
    this.#lab = lab
    this.#value = value
    this.#properties = [...program.properties].flatMap(([name, property]) => (property.kind === 'step' ? [[name, property] as const] : []))
    this.#judged = this.#properties.map(() => new PairMap())
  }

  watches(slot: number): boolean {
    return this.#properties.some(([, { slot: family }]) => family === this.#program.shape.slots[slot]?.family)
  }

  /** The number of the set of properties that these writes violate, or -1. */
  judge(writes: readonly (readonly [slot: number, value: number])[], state: Int32Array): number {
    if (this.#properties.length === 0) return -1
    const failed: StepFailure[] = []
    for (const [slot, after] of writes) {
      const before = state[slot] as number
      if (before === after) continue
      const { name, family } = this.#program.shape.slots[slot] as { name: string; family: string }
      for (const [i, [property, { slot: watched }]] of this.#properties.entries()) {
        if (watched !== family) continue
        const message = this.#message(i, slot, before, after)
        if (message !== null) failed.push({ property, message: `${name}: ${message}` })
      }
    }
    if (failed.length === 0) return -1
    const key = JSON.stringify(failed)
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    this.#sets.set(key, this.failures.length)
    this.failures.push(failed)
    return this.failures.length - 1
  }

  #message(index: number, slot: number, before: number, after: number): string | null {
    const judged = this.#judged[index] as PairMap
    const known = judged.get(before, after)
    if (known >= 0) return this.#messages[known] as string | null
    const [name, { check, sentence }] = this.#properties[index] as readonly [string, StepProperty]
    let judgement: Judgement
    try {
      this.#lab.runs++
      judgement = requireJudgement(check(this.#value(slot, before), this.#value(slot, after)), 'step')
    } catch (error) {
      throw blame(error, `property ${name} of model ${this.#program.model.name}`)
    }
    const message = judgement === true ? null : typeof judgement === 'string' ? judgement : sentence
    if (message === null) judged.set(before, after, 0)
    else judged.set(before, after, this.#messages.push(message) - 1)
    return message
  }
}
