/**
 * Probabilistic concurrency testing: each walk runs the enabled chain of highest priority, priorities are random, and at
 * d - 1 random moments the running chain falls below all others. A bug that needs d ordering constraints is then found
 * with a known probability, however many interleavings there are.
 *
 * The theorem is about threads that do not choose (Burckhardt et al., A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs, ASPLOS 2010), so each action with its arguments is a chain of its own. Where messages are
 * passed, chains follow causality: a message continues the chain of the event that sent it (PCTCP: Ozkan et al.,
 * Randomized Testing of Distributed Systems with Probabilistic Guarantees, OOPSLA 2018).
 *
 * A chain that leads the walk back to where it has been, such as a clock that ticks while everybody waits, falls below all others, as the
 * priority of a thread that spins does; then nothing is promised any more.
 */
import type { Guarantee } from '../result.ts'
import type { Candidate, Random, Scheduler } from './walks.ts'

export interface PctOptions {
  /** d, the number of ordering constraints that a bug may need. */
  readonly bugDepth: number
  /** The length of a walk at the most. Priority changes fall within the longest walk so far, which is the estimate of k. */
  readonly maxDepth: number
}

export function pct({ bugDepth, maxDepth }: PctOptions, random: Random): Scheduler {
  let priorities = new Map<string, number>()
  let inFlight = new Map<string, string[]>()
  let changes = new Map<number, number>()
  let lowest = 0
  let hasFallen = false
  /** Chains that have changed nothing since somebody else did: they wait, as a thread that is not enabled. */
  const stuck = new Set<string>()
  let step = 0
  let longest = 0
  let chainsMax = 0
  let messages = 0
  let passesMessages = false

  const priorityOf = (chain: string): number => {
    const known = priorities.get(chain)
    if (known !== undefined) return known
    // Above every lowered priority, which are 1 to d - 1; ties have probability 2^-30.
    const priority = bugDepth + random(2 ** 30)
    priorities.set(chain, priority)
    chainsMax = Math.max(chainsMax, priorities.size)
    return priority
  }
  const highestOf = (chains: readonly string[]): number[] => {
    const ranks = chains.map(priorityOf)
    const highest = Math.max(...ranks)
    return chains.flatMap((_, i) => (ranks[i] === highest ? [i] : []))
  }
  const chainOf = (candidate: Candidate): string => {
    for (const key of candidate.takes) {
      const chain = inFlight.get(key)?.[0]
      if (chain !== undefined) return chain
    }
    return `instance ${candidate.instance}`
  }

  return {
    start: () => {
      priorities = new Map()
      inFlight = new Map()
      changes = new Map()
      step = 0
      lowest = 0
      stuck.clear()
      messages = 0
      for (let i = 1; i < bugDepth; i++) changes.set(random(longest || maxDepth), i)
    },
    choose: (all) => {
      const moving = all.map((_, i) => i).filter((i) => !stuck.has(chainOf(all[i] as Candidate)))
      const considered = moving.length > 0 ? moving : all.map((_, i) => i)
      const candidates = considered.map((i) => all[i] as Candidate)
      const chains = candidates.map(chainOf)
      const lowered = changes.get(step)
      if (lowered !== undefined) {
        // Before it runs, so that a message can be held back that was sent just now.
        priorities.set(chains[highestOf(chains)[0] as number] as string, lowered)
        changes.delete(step)
      }
      const best = highestOf(chains)
      return considered[best[random(best.length)] as number] as number
    },
    taken: (candidate, led) => {
      const chain = chainOf(candidate)
      step++
      longest = Math.max(longest, step)
      if (led === 'nowhere') stuck.add(chain)
      else stuck.clear()
      if (led === 'back') {
        priorities.set(chain, --lowest)
        hasFallen = true
      }
      for (const key of candidate.takes) inFlight.get(key)?.shift()
      for (const [i, key] of candidate.sends.entries()) {
        const continues = i === 0 && candidate.takes.length > 0
        passesMessages ||= candidate.takes.length > 0
        const next = continues ? chain : `message ${messages++}`
        const [slot = ''] = key.split(' ')
        // A fifo's takes name the slot only: the message that came first is the one that leaves.
        for (const name of new Set([key, slot])) inFlight.set(name, [...(inFlight.get(name) ?? []), next])
      }
    },
    // The theorem knows no priorities but those that were drawn.
    guarantee: (walks) =>
      hasFallen ? null : guarantee({ walks, chains: Math.max(1, chainsMax), steps: Math.max(1, longest), bugDepth, passesMessages }),
  }
}

function guarantee(of: { walks: number; chains: number; steps: number; bugDepth: number; passesMessages: boolean }): Guarantee {
  const probabilityPerRun = 1 / (of.chains * of.steps ** (of.bugDepth - 1))
  const probability = -Math.expm1(of.walks * Math.log1p(-probabilityPerRun))
  const bound = `1 / (${of.chains} x ${of.steps}^${of.bugDepth - 1})`
  const what = of.passesMessages ? 'chains of messages and actions' : 'actions with their arguments'
  return {
    bugDepth: of.bugDepth,
    probabilityPerRun,
    probability,
    explanation: `each walk finds a bug of depth ${of.bugDepth} with probability at least ${bound}: ${of.chains} ${what} and ${of.steps} steps were the most in any walk; ${of.walks} walks together ${percent(probability)}`,
  }
}

function percent(probability: number): string {
  return `${(100 * probability).toPrecision(3)} %`
}
