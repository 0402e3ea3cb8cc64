/**
 * A trace of the models of replicated data as a plan for a library: writes, and what replicas tell each other. After each step, what the
 * replica shows is held against the model's state. Partitions are not taken: they make messages wait, as the steps do anyway.
 */
import type { Json, State } from '../../../checker/index.ts'
import { growOnlyCounter, lastWriterWinsRegister } from '../../../models/index.ts'
import type { Replay } from '../../replay.ts'
import type { RealStep } from '../adapter.ts'
import { correctStates } from '../correct-model.ts'
import type { ExpectedFacts, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { judgeReplicas, seenByReplicas } from './judge-replicas.ts'
import type { Kind } from './replica-group.ts'
import { replicaName, shownName } from './replicated-data.ts'

interface Version {
  readonly value: number | null
}
type Counts = readonly number[]

/** The part of a replica's state in the models that it shows. */
interface ModelReplica {
  readonly version?: Version
  readonly counts?: Counts
}

export function replicasPlan(replayed: Replay): Scenario {
  const { trace, states, simulation: sim } = replayed
  const kind = kindOf(trace.model)
  const replicas = trace.constants['replicas'] as number
  const correct = correctStates(kind === 'register' ? lastWriterWinsRegister : growOnlyCounter, replayed)
  const shownIn = (state: State | undefined, replica: number): Json => {
    const { version, counts } = sim.record(state ?? [])[`replica[${replica}]`] as unknown as ModelReplica
    return shownBy(version ?? counts ?? [])
  }

  const factsIn = (state: State | undefined, alone: readonly State[]): ExpectedFacts =>
    Object.fromEntries(
      Array.from({ length: replicas }, (_, replica) => [
        shownName(replica),
        { allowed: [shownIn(state, replica)], refusals: alone.map((one) => shownIn(one, replica)) },
      ]),
    )

  const steps = trace.steps.flatMap(({ action, args }, i): PlannedStep[] => {
    const taken = stepOf(action, args, (replica) => shownIn(states[i + 1], replica))
    if (taken === null) return []
    const { step, text, replica } = taken
    const refusals = (correct[i] ?? []).map((state): Pattern => ({ kind: 'ok', value: shownIn(state, replica) }))
    const value = step.kind === 'duplicate' ? null : shownIn(states[i + 1], replica)
    const facts = factsIn(states[i + 1], correct[i] ?? [])
    return [{ step, text, of: i + 1, allowed: [{ kind: 'ok', value }], refusals, show: shown, facts }]
  })
  const reads = Array.from({ length: replicas }, (_, replica): PlannedStep => {
    const node = replicaName(replica)
    const step: RealStep = { kind: 'operation', actor: node, node, operation: 'read', argument: null }
    const value = shownIn(states.at(-1), replica)
    return { step, text: `${node}: read`, of: trace.steps.length, allowed: [{ kind: 'ok', value }], show: shown }
  })
  return {
    name: `${trace.property} of ${trace.model}`,
    nodes: replicas,
    steps: [...steps, ...reads],
    history: seenByReplicas,
    judge: (history) => judgeReplicas(history, kind, trace.property),
  }
}

export function kindOf(model: string): Kind {
  return model === lastWriterWinsRegister.name ? 'register' : 'counter'
}

function stepOf(
  action: string,
  args: readonly Json[],
  after: (replica: number) => Json,
): { readonly step: RealStep; readonly text: string; readonly replica: number } | null {
  const replica = [args[0]].flat()[0] as number
  const node = replicaName(replica)
  switch (action) {
    case 'write': {
      const argument = after(replica)
      return { replica, step: { kind: 'operation', actor: node, node, operation: 'write', argument }, text: `${node}: write ${argument}` }
    }
    case 'increment':
      return { replica, step: { kind: 'operation', actor: node, node, operation: 'increment', argument: null }, text: `${node}: increment` }
    case 'gossip': {
      const other = (args[0] as readonly number[])[1] as number
      return { replica, step: { kind: 'timer', node, timer: replicaName(other) }, text: `${node}: tell ${other}` }
    }
    case 'receive':
    case 'duplicate': {
      const { from, message } = args[1] as unknown as { from: number; message: Version | Counts }
      const kind = action === 'receive' ? 'deliver' : action
      const told = shownBy(message)
      const step: RealStep = { kind, from: replicaName(from), to: node, message: told }
      return { replica, step, text: `${from} ${kind === 'deliver' ? '→' : '⇉'} ${replica}: ${told}` }
    }
    default:
      return null
  }
}

function shownBy(content: Version | Counts): number | null {
  return 'value' in content ? content.value : content.reduce((sum, count) => sum + count, 0)
}

const shown = (value: unknown): string => `shows ${value}`
