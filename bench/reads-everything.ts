/** The worst case for remembering: every action reads the whole state, so that every input of every function is new. */
import { cells, defineModel, ids, type Model } from 'counterpoint'

export const readsEverything: Model = defineModel({
  name: 'reads-everything',
  about: 'Cells of which each step of one depends on all',
  constants: { cells: { default: 6, min: 1, max: 9 }, values: { default: 6, min: 2, max: 9 } },
  state: (c) => ({ cell: cells(c.cells, 0) }),
  actions: (on, c) => ({
    turn: on.action({
      each: ids(c.cells),
      then: (s, i) => {
        const total = s.cell.reduce((sum, value) => sum + value, 0)
        s.cell[i] = (s.cell[i] + (total % 3) + 1) % c.values
      },
    }),
  }),
  properties: (on, c) => ({ inRange: on.always((s) => s.cell.every((value) => value < c.values)) }),
})
