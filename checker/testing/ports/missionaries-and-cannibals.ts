/** Three missionaries and three cannibals, told apart, cross a river in a boat for two. Source: TLA+ Examples, MissionariesAndCannibals. */
import { cell, cells, defineModel, type Id, ids, type Model } from '../../index.ts'

type Bank = 'east' | 'west'

const people = ids(6)
const isCannibal = (person: Id): boolean => person >= 3
const boatLoads: readonly (readonly Id[])[] = people.flatMap((a) => [[a], ...people.filter((b) => b > a).map((b) => [a, b])])

export const missionariesAndCannibals: Model = defineModel({
  name: 'missionaries-and-cannibals',
  about: 'Nowhere may the cannibals outnumber the missionaries',
  state: () => ({ boat: cell<Bank>('east'), person: cells<Bank>(people.length, 'east') }),
  actions: (on) => ({
    cross: on.action({
      each: boatLoads,
      when: (s, crossing) =>
        crossing.every((person) => s.person[person] === s.boat) &&
        (['east', 'west'] as const).every((bank) =>
          isSafe(people.filter((person) => (crossing.includes(person) ? s.person[person] !== bank : s.person[person] === bank))),
        ),
      then: (s, crossing) => {
        s.boat = s.boat === 'east' ? 'west' : 'east'
        for (const person of crossing) s.person[person] = s.boat
      },
    }),
  }),
  properties: (on) => ({ solved: on.sometimes('everyone is across', (s) => s.person.every((bank) => bank === 'west')) }),
})

function isSafe(group: readonly Id[]): boolean {
  const cannibals = group.filter(isCannibal).length
  return cannibals === group.length || cannibals <= group.length - cannibals
}
