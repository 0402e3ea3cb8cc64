/**
 * Schedules by chance. `random`: of all that could happen next, each is as likely. `pct`: chains of events have random priorities, the
 * highest goes on, and at a few random moments the one that runs falls below all others (Burckhardt et al., ASPLOS 2010; chains of messages
 * as in Ozkan et al., OOPSLA 2018). Faults and the passing of time come in between, now and then, while there are some left.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Scheduler, Step, View } from './schedule.ts'
import type { Random } from './workloads/workload.ts'

export const strategies = ['random', 'pct'] as const
export type Strategy = (typeof strategies)[number]

/** How many of each there are at the most in one run. */
export interface Faults {
  /** Messages of nodes, to each other and to services, that are lost. */
  readonly drops: number
  /** Messages between nodes that arrive twice. */
  readonly duplicates: number
  /** Times that the nodes are parted into two groups. */
  readonly partitions: number
}

export interface ExplorerOptions extends Faults {
  readonly strategy: Strategy
  /** Steps after which the rest of a run goes in order. */
  readonly stepsMax: number
}

export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  return (count) => uniformInt(generator, 0, count - 1)
}

/** One in so many steps. */
const rarity = { time: 16, fault: 8, heal: 12 } as const
/** Of PCT: the ordering constraints that a bug may need. */
const bugDepth = 3

export function explorer(options: ExplorerOptions, random: Random): Scheduler {
  const left = { drops: options.drops, duplicates: options.duplicates, partitions: options.partitions }
  const choose = options.strategy === 'pct' ? byPriority(options.stepsMax, random) : (ready: readonly Ready[]) => random(ready.length)
  let steps = 0
  return {
    next: (view) => {
      const ready = readyIn(view, random)
      const isDone = view.open === 0 && view.idle.every(({ operation }) => operation === null)
      const canFail = view.isParted || left.drops + left.duplicates + left.partitions > 0
      if (steps++ >= options.stepsMax || (isDone && (view.pool.length === 0 || !canFail))) return null
      if (view.isParted && random(rarity.heal) === 0) return { do: 'heal' }
      const fault = random(rarity.fault) === 0 ? faultIn(view, left, random) : null
      if (fault !== null) return fault
      // While anything else can happen, time passes for the nodes alone: clients that give up tell nothing.
      const timer = ready.length === 0 ? view.timer : random(rarity.time) === 0 ? view.nodeTimer : null
      if (timer !== null) return { do: 'advance', ms: timer }
      return ready.length === 0 ? null : (ready[choose(ready)] as Ready).step
    },
  }
}

interface Ready {
  readonly chain: string
  readonly step: Step
}

function readyIn(view: View, random: Random): readonly Ready[] {
  const calls = view.idle.flatMap(({ client, operation }): Ready[] =>
    operation === null ? [] : [{ chain: client, step: { do: 'invoke', client, ...operation } }],
  )
  const arrivals = view.pool.map((sent): Ready => {
    const picks = view.picks(sent)
    const pick = picks > 1 ? random(picks) : 0
    return { chain: sent.chain, step: { do: 'deliver', message: sent.id, ...(pick > 0 && { pick }) } }
  })
  return [...calls, ...arrivals]
}

function faultIn(view: View, left: { drops: number; duplicates: number; partitions: number }, random: Random): Step | null {
  const losable = view.pool.filter(
    ({ src, dest }) => (view.isNode(src) || view.isNode(dest)) && !view.isClient(src) && !view.isClient(dest),
  )
  const doubled = losable.filter(({ src, dest, id }) => view.isNode(src) && view.isNode(dest) && !id.endsWith('again'))
  const kinds: (() => Step)[] = []
  if (left.drops > 0 && losable.length > 0)
    kinds.push(() => {
      left.drops--
      return { do: 'drop', message: one(losable, random).id }
    })
  if (left.duplicates > 0 && doubled.length > 0)
    kinds.push(() => {
      left.duplicates--
      return { do: 'duplicate', message: one(doubled, random).id }
    })
  if (left.partitions > 0 && !view.isParted && view.nodes.length > 1)
    kinds.push(() => {
      left.partitions--
      return { do: 'partition', groups: partition(view.nodes, random) }
    })
  return kinds.length === 0 ? null : one(kinds, random)()
}

/** Two groups, neither of them empty. */
function partition(nodes: readonly string[], random: Random): readonly (readonly string[])[] {
  const shuffled = [...nodes]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random(i + 1)
    ;[shuffled[i], shuffled[j]] = [shuffled[j] as string, shuffled[i] as string]
  }
  const size = 1 + random(nodes.length - 1)
  return [shuffled.slice(0, size).sort(), shuffled.slice(size).sort()]
}

function byPriority(stepsMax: number, random: Random): (ready: readonly Ready[]) => number {
  const priorities = new Map<string, number>()
  const changes = new Map<number, number>()
  for (let i = 1; i < bugDepth; i++) changes.set(random(stepsMax), i)
  let step = 0
  const priorityOf = (chain: string): number => {
    const priority = priorities.get(chain) ?? bugDepth + random(2 ** 30)
    priorities.set(chain, priority)
    return priority
  }
  return (ready) => {
    const ranks = ready.map(({ chain }) => priorityOf(chain))
    const best = ranks.indexOf(Math.max(...ranks))
    const lowered = changes.get(step++)
    if (lowered !== undefined) priorities.set((ready[best] as Ready).chain, lowered)
    return best
  }
}

function one<T>(of: readonly T[], random: Random): T {
  return of[random(of.length)] as T
}
