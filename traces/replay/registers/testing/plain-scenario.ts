/** Scenarios of a register that are written by hand: what no trace of a model tells, as nothing that is promised is violated there. */
import type { RealStep } from '../../adapter.ts'
import type { Judged, Pattern, PlannedStep, Scenario } from '../../scenario.ts'
import { operationsSeen } from '../operations-seen.ts'
import { everybodyElse } from '../register-adapter.ts'

type Planned = readonly [text: string, step: RealStep, ...allowed: readonly Pattern[]]

const ok: Pattern = { kind: 'ok' }

/** A client writes, and is answered, or else waits for it. */
export function writes(actor: string, node: number, value: number, allowed: Pattern = ok): Planned {
  return [
    `${actor}: write ${value} at ${node}`,
    { kind: 'operation', actor, node: String(node), operation: 'write', argument: value },
    allowed,
  ]
}

/** A client reads this. */
export function reads(actor: string, node: number, expected: number): Planned {
  return [`${actor}: read at ${node}`, readAt(actor, node), { kind: 'ok', value: { read: expected } }]
}

/** A client waits for an answer, which may come later and is this then. */
export function waits(actor: string, node: number, expected: number): Planned {
  return [`${actor}: read at ${node}`, readAt(actor, node), { kind: 'blocked' }, { kind: 'ok', value: { read: expected } }]
}

function readAt(actor: string, node: number): RealStep {
  return { kind: 'operation', actor, node: String(node), operation: 'read', argument: null }
}

export function cutOff(node: number): Planned {
  return [`${node}: is cut off`, { kind: 'link', from: String(node), to: everybodyElse, mode: 'cut' }, ok]
}

export function isElected(node: number): Planned {
  return [`${node}: is elected`, { kind: 'timer', node: String(node), timer: 'election' }, ok]
}

/** The links of a server pass again, and it applies what it has missed. */
export function returns(node: number): readonly Planned[] {
  return [
    [`${node}: is back`, { kind: 'link', from: String(node), to: everybodyElse, mode: 'pass' }, ok],
    [`${node}: catches up`, { kind: 'settle', node: String(node) }, ok],
  ]
}

export function scenario(name: string, steps: readonly Planned[], judge: Scenario['judge']): Scenario {
  const planned = steps.map(([text, step, ...allowed], i): PlannedStep => ({ text, step, of: i + 1, allowed }))
  return { name, steps: planned, history: operationsSeen, judge }
}

/** A write that a server took is lost: it was never answered, somebody has written since, and nobody has ever read it. */
export function lostWrite(value: number): Scenario['judge'] {
  return (history): Judged => {
    const isAnswered = history.some(({ type, f, value: of }) => type === 'ok' && f === 'write' && of === value)
    const at = history.findIndex(({ f, value: of }) => f === 'write' && of === value)
    const after = history.slice(at + 1).flatMap(({ type, f, value: read }) => (type === 'ok' && f === 'read' ? [read] : []))
    const isLost = at >= 0 && !isAnswered && after.length > 0 && !after.includes(value)
    const text = `the write of ${value} is ${isLost ? 'lost' : 'not lost'}: ${isAnswered ? 'it was answered' : 'it was not answered'}, and after it was read ${after.join(', ') || 'nothing'}`
    return { violated: isLost, text }
  }
}
