/** Small random models: counters that raise, lower and copy each other under guards, and a combination to avoid. */
import fc from 'fast-check'
import { anyOf, cell, cells, defineModel, type Id, ids, type Model } from '../../checker/index.ts'

interface Rule {
  readonly guard: { readonly slot: number; readonly least: number }
  readonly effect: 'raise' | 'reset' | 'copy'
  readonly from: number
  readonly to: number
}

const slots = 4
const top = 3
const slot = fc.nat(slots - 1)
const rule: fc.Arbitrary<Rule> = fc.record({
  guard: fc.record({ slot, least: fc.nat(top - 1) }),
  effect: fc.constantFrom('raise', 'raise', 'reset', 'copy'),
  from: slot,
  to: slot,
})

/** A model with a property `avoided`, which some states violate unless they cannot be reached. */
export const randomModel: fc.Arbitrary<Model> = fc
  .record({
    rules: fc.array(rule, { minLength: 2, maxLength: 7 }),
    avoided: fc.record({ a: slot, b: slot, sum: fc.integer({ min: 2, max: 5 }) }),
  })
  .map(({ rules, avoided }) =>
    defineModel({
      name: 'random',
      about: 'Counters under random rules',
      state: () => ({ n: cells(slots, 0) }),
      actions: (on) => ({
        apply: on.action({
          each: ids(rules.length),
          when: (s, i) => {
            const { guard, effect, to } = rules[i] as Rule
            return s.n[guard.slot as Id] >= guard.least && (effect !== 'raise' || s.n[to as Id] < top)
          },
          then: (s, i) => {
            const { effect, from, to } = rules[i] as Rule
            s.n[to as Id] = effect === 'raise' ? s.n[to as Id] + 1 : effect === 'reset' ? 0 : s.n[from as Id]
          },
        }),
      }),
      properties: (on) => ({
        avoided: on.always('the counters stay low', (s) => s.n[avoided.a as Id] + s.n[avoided.b as Id] < avoided.sum),
      }),
    }),
  )

/** The names of the actions of `randomActions`. */
export const actionNames = ['a', 'b', 'c'] as const

/** The same rules dealt out to three actions, by their numbers, and two initial states: a counter copied from itself takes `start`. */
export const randomActions: fc.Arbitrary<Model> = fc.array(rule, { minLength: 3, maxLength: 7 }).map((rules) =>
  defineModel({
    name: 'random-actions',
    about: 'Counters under random rules of three kinds',
    state: () => ({ n: cells(slots, 0), start: cell(anyOf([0, 2])) }),
    actions: (on) =>
      Object.fromEntries(
        actionNames.map((name, kind) => [
          name,
          on.action({
            each: ids(rules.length).filter((i) => i % actionNames.length === kind),
            when: (s, i) => {
              const { guard, effect, to } = rules[i] as Rule
              return s.n[guard.slot as Id] >= guard.least && (effect !== 'raise' || s.n[to as Id] < top)
            },
            then: (s, i) => {
              const { effect, from, to } = rules[i] as Rule
              const copied = from === to ? s.start : s.n[from as Id]
              s.n[to as Id] = effect === 'raise' ? s.n[to as Id] + 1 : effect === 'reset' ? 0 : copied
            },
          }),
        ]),
      ),
    properties: (on) => ({ low: on.always('counters stay in range', (s) => s.n.every((n) => n <= top)) }),
  }),
)
