/** The types, in a strict project: what is right compiles and what is misspelt does not. */
import { bags, type CheckResult, cell, check, defineModel, ids, type Model } from 'counterpoint'
import { models, twoPhaseCommit } from 'counterpoint/models'
import { defineSpec, type Judgement, verify } from 'counterpoint/properties'
import { type Recorder, readTrace, recorder, showTrace } from 'counterpoint/traces'

const model: Model = defineModel({
  name: 'typed',
  about: 'Every part of a model has its type',
  constants: { nodes: 2 },
  state: (c) => ({ leader: cell<number | null>(null), inbox: bags<{ readonly term: number }>(c.nodes) }),
  actions: (on, c) => ({
    elect: on.action({
      each: ids(c.nodes),
      // @ts-expect-error: there is no slot of this name
      when: (s) => s.laeder === null,
      then: (s, i) => {
        s.leader = i
        // @ts-expect-error: a leader is a number
        s.leader = 'first'
      },
    }),
    // @ts-expect-error: there is no constant of this name
    ready: on.action({ each: ids(c.node), when: (s) => s.leader !== null, then: () => {} }),
  }),
  properties: (on) => ({ elected: on.sometimes('there is a leader', (s) => s.leader !== null) }),
})

const result: CheckResult = check(model, { constants: { nodes: 3 } })
const verdict: 'holds' | 'violated' | 'inconclusive' = result.verdict
export const report: readonly string[] = [verdict, twoPhaseCommit.name, ...models.map(({ about }) => about)]

const switchSpec = defineSpec({
  name: 'switch',
  initial: false as boolean,
  operations: { flip: (on) => ({ state: !on, returns: !on }), look: (on) => ({ returns: on }) },
  observers: ['look'],
})

const record: Recorder = recorder({ timeoutMs: 100, errors: (_, { f }) => (f === 'look' ? 'fail' : 'info') })
export const seen: Promise<boolean> = record.client('ada').call('flip', null, async () => true, { result: (on) => on })
// @ts-expect-error: errors are failures or of unknown outcome
recorder({ errors: () => 'ok' })
export const judgement: Judgement = verify(record.history, switchSpec, { limits: { seconds: 1 } })
export { readTrace, showTrace }
