/** A model of a few thousand states whose functions read everything, so that remembering what they did is of no use. */
import { bag, cell, cells, defineModel, ids, type Model, set } from '../index.ts'

const digits = 5
const wide = 40

export const wideModel: Model = defineModel({
  name: 'wide',
  about: 'Digits that may change as the sum of all of them allows',
  constants: { base: 4 },
  state: () => ({
    digit: cells(digits, 0),
    /** Read element by element, it has more parts than are worth telling apart. */
    ruler: cell(Array.from({ length: wide }, () => 0)),
    bag: bag<number>(),
    seen: set<{ sum: number }>(),
  }),
  boundary: (s, c) => s.bag.size <= 2 && s.digit.reduce((sum, d) => sum + d, 0) < digits * (c.base - 1) - 4,
  actions: (on, c) => ({
    raise: on.action({
      each: ids(digits),
      when: (s, i) => s.digit[i] < c.base - 1 && s.digit.reduce((sum, d) => sum + d, 0) % 7 !== 6,
      then: (s, i) => {
        s.digit[i] += 1
        s.ruler[s.digit.reduce((sum, d) => sum + d, 0)] = 1
      },
    }),
    lower: on.action({
      each: ids(digits),
      over: (s, i) => s.digit.filter((d, j) => j !== i && d === s.digit[i]),
      when: (s, _i, d) => d > 1 && s.ruler.filter((mark) => mark > 0).length % 2 === 0,
      then: (s, i) => {
        s.digit[i] = 0
      },
    }),
    drop: on.action({ when: (s) => s.digit.every((d) => d === s.digit[0]), then: (s) => s.bag.add(1) }),
    note: on.action({ when: (s) => s.digit[0] === 3, then: (s) => s.seen.add({ sum: s.digit.reduce((sum, d) => sum + d, 0) % 2 }) }),
  }),
  properties: (on) => ({
    marked: on.always(
      'what was reached is marked',
      (s) => s.digit.every((d) => d < 3) || s.ruler[9] === 1 || `no mark among ${s.ruler.length}`,
    ),
    full: on.sometimes('many sums are marked', (s) => s.ruler.filter((mark) => mark > 0).length > 12),
    falls: on.step('digits fall to 0', 'digit', (before, after) => after > before || (after === 0 && before < 3) || `from ${before}`),
  }),
  done: (s) => s.digit.some((d) => d > 0),
})
