/**
 * The order of the writes of a register that follows if the register by itself is sequentially consistent or linearizable, as an option
 * assumes: what a transaction reads of it comes before what it writes there, and what it leaves behind comes before what transactions
 * after it find, in their session or in real time.
 */

import { committed, readStep, writeStep } from '../table/transaction-table.ts'
import type { InferContext } from './context.ts'
import type { InferOptions } from './inference.ts'
import type { Reads } from './reads.ts'
import { VersionEdges } from './version-edges.ts'
import { VersionTimes } from './version-times.ts'

/** Adds the edges of the assumed order, and reports keys that cannot have one. */
export function orderVersions(context: InferContext, reads: Reads, assumed: NonNullable<InferOptions['versions']>): void {
  const { table, happened, slots } = context
  const { stepsFrom, kind, key, status, session } = table
  const edges = new VersionEdges(context)
  const times = assumed === 'linearizable' && table.hasTimes ? new VersionTimes(context) : null
  /** Of each key: what the transaction of the stamp saw or wrote last, and what its session left behind. */
  const last = new Int32Array(table.keys.length)
  const stamp = new Int32Array(table.keys.length).fill(-1)
  const left = new Int32Array(table.keys.length)
  const leftStamp = new Int32Array(table.keys.length).fill(-1)
  for (const t of bySession(table.session, table.sessions.length)) {
    if (happened[t] === 0) continue
    let read = reads.from[t] as number
    const end = stepsFrom[t + 1] as number
    for (let step = stepsFrom[t] as number; step < end; step++) {
      const isRead = read < (reads.from[t + 1] as number) && reads.step[read] === step
      const slot = isRead ? (reads.slot[read++] as number) : (slots.ofStep[step] as number)
      if (!(kind[step] === readStep && isRead) && !(kind[step] === writeStep && slots.lastStep[slot] === step)) continue
      const k = key[step] as number
      if (stamp[k] === t) edges.add(last[k] as number, slot, step)
      else if (assumed === 'sequential' && session[t] !== -1 && leftStamp[k] === session[t]) edges.add(left[k] as number, slot, step)
      stamp[k] = t
      last[k] = slot
      times?.add(t, slot, step)
      // What nobody has seen end may take effect after what its session does next.
      if (status[t] !== committed) continue
      left[k] = slot
      leftStamp[k] = session[t] as number
    }
  }
  times?.addTo(edges)
  edges.finish(reads)
}

/** The transactions of each session together, in their order. */
function bySession(session: Int32Array, sessions: number): Int32Array {
  const next = new Int32Array(sessions + 2)
  for (const one of session) (next[one + 2] as number)++
  for (let s = 1; s < next.length; s++) next[s] = (next[s] as number) + (next[s - 1] as number)
  const sorted = new Int32Array(session.length)
  for (let t = 0; t < session.length; t++) sorted[(next[(session[t] as number) + 1] as number)++] = t
  return sorted
}
