/** Why a history cannot be linearized, in one sentence about the operations that matter. */
import type { Operation } from '../operation.ts'
import { operationName, operationText, processName } from '../operation-text.ts'
import type { Access, Spec } from '../spec.ts'
import { equal, showValue, type Value } from '../value.ts'
import type { RefusingState } from './search.ts'

/**
 * @param core the operations that matter, `failing` among them
 * @param states what was possible before it, with the reason why it cannot happen there
 */
export function explained(
  spec: Spec,
  core: readonly Operation[],
  failing: Operation,
  initial: Value,
  states: readonly RefusingState[],
): string {
  return staleRead(spec, core, failing, initial) ?? inGeneral(core, failing, states)
}

/** Of register-like objects: where the value that was seen came from, and what had replaced it. */
function staleRead({ access }: Spec, core: readonly Operation[], failing: Operation, initial: Value): string | null {
  if (access === null) return null
  const { reads } = access(failing)
  if (reads === undefined) return null
  const others = core.filter((operation) => operation !== failing)
  const writers = others.filter((operation) => writes(access(operation), reads))
  const saw = `${subject(failing)} ${failing.f === 'read' || failing.f === 'get' ? 'returned' : 'found'} ${showValue(reads)}`
  if (others.length === 0 && !equal(reads, initial)) return `${saw}, which nothing had written before it returned`
  const overwriting = others.filter((operation) => isWrite(access(operation), reads) && operation.return < failing.call)
  const last = overwriting.find((write) => writers.every((writer) => writer.return < write.call))
  if (last === undefined || others.length !== writers.length + 1) return null
  const source = writers.length === 0 ? `${showValue(reads)} was the initial value` : `wrote ${showValue(reads)} later`
  const why = writers.length === 0 ? `, and ${source}` : ` and nothing ${source}`
  return `${saw}, but ${operationText(last)} by ${processName(last.process)} had completed before it began${why}`
}

function writes({ writes: written }: Access, value: Value): boolean {
  return written !== undefined && equal(written, value)
}

function isWrite(access: Access, value: Value): boolean {
  return access.writes !== undefined && access.reads === undefined && !writes(access, value)
}

function subject(operation: Operation): string {
  const { f, key, process } = operation
  const what = f === 'read' || f === 'get' ? `the ${f}` : operationText({ ...operation, key: undefined })
  return `${what}${key === undefined ? '' : ` of ${showValue(key)}`} by ${processName(process)}`
}

function inGeneral(core: readonly Operation[], failing: Operation, states: readonly RefusingState[]): string {
  const name = operationName(failing)
  if (core.length === 1) return `${name} is possible in no order of what had been called by then${because(states)}`
  return `no order of ${core.length === 2 ? 'these two' : `the ${core.length}`} operations leaves a place for ${name}${because(states)}`
}

/** Where it is not known which operations matter. */
export function unplaceable(failing: Operation, states: readonly RefusingState[]): string {
  return `no order of what came before leaves a place for ${operationName(failing)}${because(states)}`
}

function because(states: readonly RefusingState[]): string {
  const reasons = states.slice(0, 3).map(({ state, refusal }) => `in state ${state}, ${refusal}`)
  return reasons.length === 0 ? '' : `: ${reasons.join('; ')}${states.length > 3 ? '; and so on' : ''}`
}
