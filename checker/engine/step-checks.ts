/**
 * Properties of single changes of a cell, judged while successor lists are made. To such a check, the values before and
 * after are a state of two slots, so it too runs once for all pairs that agree on what it looks at.
 */
import { invariant } from '../errors.ts'
import type { Json } from '../language/json.ts'
import type { Program } from '../language/program.ts'
import { type Judgement, requireJudgement, type StepProperty } from '../language/properties.ts'
import { Interner } from './interner.ts'
import { Probes } from './projections.ts'
import { type Laboratory, Remembered, Usefulness } from './remembered.ts'
import { Tracker, type Values } from './tracking.ts'
import { Trie } from './trie.ts'

export interface StepFailure {
  readonly property: string
  readonly message: string
}

interface StepCheck {
  readonly property: string
  readonly family: string
  readonly sentence: string
  readonly judgement: Remembered<Judgement>
}

const [before, after] = [0, 1]

export class StepChecks {
  /** Every failure found so far; lists refer to sets of them by number. */
  readonly failures: (readonly StepFailure[])[] = []
  readonly #checks: readonly StepCheck[]
  readonly #program: Program
  readonly #sets: Map<string, number> = new Map()
  readonly #pair: Int32Array = new Int32Array(2)

  constructor(program: Program, lab: Laboratory, value: (slot: number, id: number) => Json) {
    this.#program = program
    const { slots } = program.shape
    this.#checks = [...program.properties].flatMap(([name, property]) => {
      if (property.kind !== 'step') return []
      const slot = slots.findIndex(({ family }) => family === property.slot)
      return [stepCheck(program, lab, name, property, (id) => value(slot, id))]
    })
  }

  watches(slot: number): boolean {
    return this.#checks.some(({ family }) => family === this.#program.shape.slots[slot]?.family)
  }

  /** The number of the set of properties that these writes violate, or -1. */
  judge(writes: readonly (readonly [slot: number, value: number])[], state: Int32Array): number {
    if (this.#checks.length === 0) return -1
    const failed: StepFailure[] = []
    for (const [slot, value] of writes) {
      this.#pair[before] = state[slot] as number
      this.#pair[after] = value
      if (state[slot] === value) continue
      const { name, family: written } = this.#program.shape.slots[slot] as { name: string; family: string }
      for (const { property, family, sentence, judgement } of this.#checks) {
        if (family !== written) continue
        const result = judgement.ask(this.#pair)
        if (result !== true) failed.push({ property, message: `${name}: ${result || sentence}` })
      }
    }
    return failed.length === 0 ? -1 : this.#numberOf(failed)
  }

  #numberOf(failed: readonly StepFailure[]): number {
    const key = JSON.stringify(failed)
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    this.#sets.set(key, this.failures.length)
    this.failures.push(failed)
    return this.failures.length - 1
  }
}

function stepCheck(program: Program, lab: Laboratory, name: string, property: StepProperty, valueOf: (id: number) => Json): StepCheck {
  const impossible = (): never => invariant(false, 'a step check is given values, not slots') as never
  const values: Values = {
    nameOf: (slot) => `${property.slot} ${slot === before ? 'before' : 'after'} the step`,
    valueOf: (_, id) => valueOf(id),
    intern: impossible,
    operation: impossible,
    apply: impossible,
    argument: impossible,
    answer: impossible,
  }
  const probes = new Probes({ slots: 2, domainOf: () => 0, valueOf: values.valueOf, answer: impossible, parts: new Interner() })
  const tracker = new Tracker(values, probes)
  const own: Laboratory = { trie: new Trie(), front: new Trie(), probes, tracker, checkPurity: lab.checkPurity, runs: 0 }
  const run = (): Judgement => {
    lab.runs++
    return requireJudgement(property.check(tracker.get(before), tracker.get(after)), 'step')
  }
  const judgement = new Remembered(own, new Usefulness(true), `property ${name} of model ${program.model.name}`, run, Object.is)
  return { property: name, family: property.slot, sentence: property.sentence, judgement }
}
