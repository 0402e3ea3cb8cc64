/** Which traces of the model dynamo can be taken on servers that keep one value, the last writer's, and know nothing of each other. */
import { UserError } from '../../../checker/index.ts'
import type { TraceDocument } from '../../format.ts'
import { judgedProperties } from './judge-quorum.ts'

/** @throws UserError `bad-option` that says what cannot be taken, and what can */
export function requireReplayable({ property, kind, constants, bugs }: TraceDocument): void {
  if (kind !== 'path' && !judgedProperties.includes(property))
    throw refused(`traces that violate ${judgedProperties.join(', ')} can be replayed; this one violates ${property}`)
  if (bugs.length > 0)
    throw refused(`traces without bugs can be replayed; ${bugs.join(', ')} would be a mistake of nodes, which are Redis servers here`)
  const usual = { versions: 'lww', keys: 1, tokens: 1, deletes: false } as const
  for (const [name, value] of Object.entries(usual))
    if (constants[name] !== value) throw refused(`traces with ${name}=${value} can be replayed; this one has ${name}=${constants[name]}`)
}

export function refusedStep(action: string): UserError {
  return refused(`a step cannot be taken on these servers: ${action}`)
}

function refused(why: string): UserError {
  return new UserError('bad-option', `of dynamo, ${why}`)
}
