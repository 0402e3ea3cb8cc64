/** Why a level that is decided by forced orders of writes does not hold, in words. */

import type { Facts } from '../facts.ts'
import type { IsolationLevel } from '../level.ts'
import type { ForcedOrder, WeakDecision } from '../weak-levels/decision.ts'
import { type Story, storyOfCycle } from './explain.ts'
import { accountOf } from './explain-anomalies.ts'
import { Cast } from './explain-cast.ts'
import { reasonedPath } from './explain-cycle.ts'
import type { Scene } from './explain-orders.ts'
import { lastVersion } from './explain-steps.ts'
import { keyText, versionText } from './explain-words.ts'

/** The story of a level that is violated, by the facts that it was decided on. */
export function storyOfWeak(level: IsolationLevel, decision: Extract<WeakDecision, { readonly holds: false }>, facts: Facts): Story {
  const title = `${level} is violated`
  if (decision.proof === 'reads') {
    const { transaction, steps, key } = decision
    const cast = new Cast(facts.table, [transaction])
    const account = accountOf({ facts, cast }, { name: 'non-repeatable-read', transactions: [transaction], steps, key })
    return { name: level, facts, cast, edges: [], explanation: { title, lets: cast.lets(), ...account } }
  }
  const { cycle, forced } = decision
  return storyOfCycle({ name: level, title, cycle }, facts, (cast) => (before, after, key) => {
    const order = forced.find((one) => one.before === before && one.after === after && one.key === key)
    return order === undefined ? null : forcedText({ facts, cast }, order)
  })
}

/** The reader saw the later write although the level made the earlier one visible to it. */
function forcedText(scene: Scene, { before, after, key, reader, because }: ForcedOrder): string {
  const { cast, facts } = scene
  const { table } = facts
  const path = reasonedPath(scene, because, reader).map(({ text }) => text)
  const value = (transaction: number): string => versionText(table, lastVersion(table, transaction, key))
  const visible = `${cast.name(before)}'s ${value(before)}`
  const saw = `${cast.name(after)}'s ${value(after)}`
  return `${path.join('; ')}; so of ${keyText(table, key)}, ${cast.name(reader)} had to see ${visible} or what comes after it, and it saw ${saw}`
}
