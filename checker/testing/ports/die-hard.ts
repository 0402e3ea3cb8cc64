/** Two jugs of 3 and 5 gallons; measure 4. Source: TLA+ Examples, DieHard. */
import { cell, defineModel, type Model } from '../../index.ts'

export const dieHard: Model = defineModel({
  name: 'die-hard',
  about: 'Measure four gallons with a jug of three and a jug of five',
  state: () => ({ small: cell(0), big: cell(0) }),
  actions: (on) => ({
    fillSmall: on.action({ then: (s) => void (s.small = 3) }),
    fillBig: on.action({ then: (s) => void (s.big = 5) }),
    emptySmall: on.action({ then: (s) => void (s.small = 0) }),
    emptyBig: on.action({ then: (s) => void (s.big = 0) }),
    smallToBig: on.action({
      then: (s) => {
        const poured = Math.min(s.small, 5 - s.big)
        s.small -= poured
        s.big += poured
      },
    }),
    bigToSmall: on.action({
      then: (s) => {
        const poured = Math.min(s.big, 3 - s.small)
        s.big -= poured
        s.small += poured
      },
    }),
  }),
  properties: (on) => ({ measured: on.sometimes('the big jug holds four gallons', (s) => s.big === 4) }),
})
