/** Contradictions between orders, in words and as evidence. */
import type { Decision, Violated } from '../decision.ts'
import type { Operation } from '../operation.ts'
import { did } from './phrases.ts'
import type { Problem } from './problem.ts'
import type { RegisterHistory } from './register-history.ts'
import type { Contradiction, Edge } from './saturation.ts'
import { smallCore } from './shrink.ts'

/** A violation with the contradiction as its evidence, made small by deciding parts of the problem again. */
export function contradicted(
  history: RegisterHistory,
  { kind, path, involved }: Contradiction,
  algorithm: string,
  decide: (problem: Problem) => Decision,
): Violated {
  const operation = (i: number): Operation => history.operations[i] as Operation
  const core = smallCore(history.problem, involved.map(operation), decide)
  return { verdict: 'violated', algorithm, sentence: sentenceOf(history, kind, path), failing: failing(history, path, core), core }
}

function sentenceOf(history: RegisterHistory, kind: Contradiction['kind'], path: readonly Edge[]): string {
  const { spec } = history.problem
  const operation = (i: number): Operation => history.operations[i] as Operation
  const say = (i: number): string => did(spec, operation(i))
  const clauses = (edges: readonly Edge[]): string => edges.map(clause).join('; ')
  const last = path.at(-1)
  if (kind === 'initial' && last !== undefined) return `${say(last.to)}, the initial value, too late: ${clauses(path)}`
  const [edge] = path
  if (path.length > 1 && edge?.kind === 'overwritten' && path.every((other, i) => i === 0 || isKnown(other)))
    return `${say(edge.because)}, which had been overwritten before: ${clauses(path.slice(1))}; and the read came after that`
  return `${path.every(isKnown) ? 'these precede each other in a circle' : 'no order explains these'}: ${clauses(path)}`

  function clause({ from, to, kind: why, because }: Edge): string {
    switch (why) {
      case 'program':
        return `${say(from)} before it ${did(spec, operation(to), false)}`
      case 'read':
        return `${say(from)} and ${say(to)} from it`
      case 'overwritten':
        return `${say(from)} before ${say(to)}, since ${say(because)} after the former`
      case 'antidependency':
        return `${say(from)} before ${say(to)} over it`
    }
  }
}

function isKnown({ kind }: Edge): boolean {
  return kind === 'program' || kind === 'read'
}

/** The last operation of the evidence that observed something: a read that returned what it must not. */
function failing(history: RegisterHistory, path: readonly Edge[], core: readonly Operation[]): Operation | null {
  const { access } = history.problem.spec
  const first = path[0]?.kind === 'overwritten' ? history.operations[path[0].because] : undefined
  if (first !== undefined && core.includes(first)) return first
  return core.filter((operation) => access?.(operation).reads !== undefined).at(-1) ?? core.at(-1) ?? null
}
