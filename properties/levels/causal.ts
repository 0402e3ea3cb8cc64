/**
 * Causal consistency, in the three forms of Bouajjani, Enea, Guerraoui & Hamza, On verifying causal consistency (POPL 2017).
 * The causal order contains program order and puts each read after its write; each operation has to be explained by the
 * operations that precede it causally:
 *
 * - weak (CC): by some order of them for each operation, in which only the operation itself has to return what it returned;
 * - causal memory (CM; Ahamad, Neiger, Burns, Kohli & Hutto 1995): in which the earlier operations of its process have to, too;
 * - causal convergence (CCv): by one order of all operations that every process agrees on.
 *
 * All are decided by the bad patterns of section 5, found by saturation (section 6); CM and CCv each imply CC and are
 * otherwise unrelated. Values that were written more than once are told apart by trying the assignments, if they are few.
 */
import type { Decision } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { contradicted } from './explain-order.ts'
import { deadlineOf, outOfTime, type Problem } from './problem.ts'
import { fromInitial, judgeRegisters, type RegisterHistory } from './register-history.ts'
import { type Rules, saturate } from './saturation.ts'

const everything = (): boolean => true
/** Clocks of more entries than these are not held at once. */
const mostDirectEntries = 1 << 25

/** Weak causal consistency (CC): patterns CyclicCO, ThinAirRead, WriteCOInitRead, WriteCORead. */
export function weaklyCausal(problem: Problem): Decision {
  return judgeRegisters(problem, weakName, false, (history) => judgeOnce(history, 'direct', weakName, weaklyCausal))
}

/** Causal convergence (CCv): the patterns of CC and CyclicCF. With equal values, too, a violation is one of every assignment. */
export function causalConvergence(problem: Problem): Decision {
  return judgeRegisters(problem, convergenceName, true, (history) => judgeOnce(history, 'once', convergenceName, causalConvergence))
}

/** Causal memory (CM): the patterns of CC, WriteHBInitRead and CyclicHB. */
export function causallyConsistent(problem: Problem): Decision {
  return judgeRegisters(problem, memoryName, false, (history) => judgeViews(history, everything, memoryName, causallyConsistent))
}

const weakName = 'causal bad patterns, CC (Bouajjani et al. 2017)'
const convergenceName = 'causal bad patterns, CCv (Bouajjani et al. 2017)'
const memoryName = 'causal bad patterns, CM (Bouajjani et al. 2017)'

/**
 * Whether every process can order the operations so that its own reads return what it last saw. Reads that `follows` does not
 * name are ordered after their writes only in the view of their own process.
 */
export function judgeViews(
  history: RegisterHistory,
  follows: (operation: number) => boolean,
  algorithm: string,
  decide: (problem: Problem) => Decision,
): Decision {
  const deadline = deadlineOf(history.problem.limits)
  // One order for all processes explains each of them; where there is none, those that contradict it are looked at first.
  const all = saturate(history, { follows: everything, forces: everything, antidependencies: false, depth: 'fixpoint' }, deadline)
  if (all.contradiction === null && !all.interrupted) return { verdict: 'holds', algorithm, witness: null }
  if (follows === everything && history.operations.length * history.chains.length <= mostDirectEntries) {
    // The simplest pattern makes the simplest evidence.
    const weak = judgeOnce(history, 'direct', algorithm, decide)
    if (weak.verdict === 'violated') return weak
  }
  const processes = new Set((all.contradiction?.involved ?? []).map((i) => (history.operations[i] as Operation).process))
  const readers = new Set(history.operations.filter((_, i) => (history.source[i] as number) >= fromInitial).map(({ process }) => process))
  for (const process of readers) processes.add(process)
  let judged = 0
  for (const process of processes) {
    const isOwn = (i: number): boolean => history.operations[i]?.process === process
    const rules: Rules = { follows: (i) => isOwn(i) || follows(i), forces: isOwn, antidependencies: false, depth: 'fixpoint' }
    const view = saturate(history, rules, deadline)
    if (view.contradiction !== null) return contradicted(history, view.contradiction, algorithm, decide)
    if (view.interrupted) return outOfTime(algorithm, `the views of ${judged} of ${processes.size} processes hold`)
    judged++
  }
  return { verdict: 'holds', algorithm, witness: null }
}

function judgeOnce(
  history: RegisterHistory,
  depth: 'direct' | 'once',
  algorithm: string,
  decide: (problem: Problem) => Decision,
): Decision {
  const rules: Rules = { follows: everything, forces: everything, antidependencies: false, depth }
  const { contradiction, interrupted } = saturate(history, rules, deadlineOf(history.problem.limits))
  if (contradiction !== null) return contradicted(history, contradiction, algorithm, decide)
  if (interrupted) return outOfTime(algorithm, 'the causal order is not complete')
  return { verdict: 'holds', algorithm, witness: null }
}
