/**
 * A trace of the model of Raft's clients as a plan for a cluster that replicates a register. The model's messages are what links let
 * through: servers that none reaches are cut off, entries go through before what is committed by them, and what acknowledges them is held
 * until the model delivers it. Elections are the servers' own, and so are heartbeats.
 */
import { type Json, UserError } from '../../../checker/index.ts'
import { registerAt } from '../../../models/raft/clients/session.ts'
import type { Log } from '../../../models/raft/log.ts'
import { type HistoryEvent, type LevelName, register, type Value, verify } from '../../../properties/index.ts'
import type { Replay } from '../../replay.ts'
import type { RealStep } from '../adapter.ts'
import type { Judged, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { operationsSeen } from './operations-seen.ts'
import { everybodyElse, type ReadResult, type RegisterMessage } from './register-adapter.ts'
import { appliedName } from './register-nodes.ts'

/** What our oracle is asked of the real history. */
const levels: Readonly<Record<string, LevelName>> = {
  linearizable: 'linearizable',
  readYourWrites: 'read-your-writes',
  monotonicReads: 'monotonic-reads',
}

interface ModelServer {
  readonly log: Log
  readonly commitIndex: number
  readonly lastApplied: number
}

interface ModelClient {
  readonly answers: number
  readonly isWaiting: boolean
}

interface Envelope {
  readonly from: number
  readonly message: { readonly kind: string; readonly entries?: Log }
}

/** @throws UserError `bad-option` for a trace with steps that cannot be taken on real servers, and for properties of their insides */
export function registerPlan(replayed: Replay): Scenario {
  const { trace, states, simulation: sim } = replayed
  // A path is not judged.
  const level = trace.kind === 'path' ? levels['linearizable'] : levels[trace.property]
  const { constants, steps, model, bugs } = trace
  if (level === undefined)
    throw new UserError(
      'bad-option',
      `of ${model}, traces that violate ${Object.keys(levels).join(' or ')} can be replayed; this one violates ${trace.property}`,
    )
  const servers = constants['servers'] as number
  const isKnownAgain = !bugs.includes('duplicated-command-on-retry')
  const slots = states.map((state) => sim.record(state))
  const server = (at: number, i: number): ModelServer => slots[at]?.[`server[${i}]`] as unknown as ModelServer
  const client = (at: number, i: number): ModelClient => slots[at]?.[`client[${i}]`] as unknown as ModelClient
  const deliveries = steps.map(({ action, args }) => (action === 'receive' ? linkOf(args) : null))
  const meets = (from: number, i: number): boolean => deliveries.slice(from).some((link) => link?.includes(i))

  const cut = new Set<number>()
  const held = new Set<string>()
  const planned: PlannedStep[] = []
  const plan = (of: number, step: RealStep, text: string, allowed: readonly Pattern[] = [{ kind: 'ok' }]): void => {
    const isRead = step.kind === 'operation' && step.operation === 'read'
    planned.push({ step, text, of, allowed, ...(isRead && { show: shownRead }) })
  }
  /** Of those that are cut off it is known what they have applied; and of one whose client is answered, or that hears what is committed. */
  const know = (of: number, also: readonly number[]): void => {
    const last = planned.at(-1)
    if (last?.of !== of) return
    const facts = [...cut, ...also].map((i) => {
      const { log, lastApplied } = server(of, i)
      return [appliedName(i), { allowed: [registerAt(log, lastApplied, isKnownAgain)] }] as const
    })
    planned[planned.length - 1] = { ...last, facts: Object.fromEntries(facts) }
  }
  const cutOff = (of: number): void => {
    for (let i = 0; i < servers && servers > 1; i++) {
      if (cut.has(i) || meets(of, i)) continue
      cut.add(i)
      plan(of, { kind: 'link', from: String(i), to: everybodyElse, mode: 'cut' }, `${i}: is cut off`)
    }
  }
  const readsAnsweredBy = (at: number): readonly (readonly [reader: number, server: number])[] =>
    Array.from({ length: constants['clients'] as number }, (_, i) => i).flatMap((reader) => {
      const [before, after] = [client(at, reader), client(at + 1, reader)]
      const isWrite = reader < (constants['writers'] as number) && before.answers < (constants['writes'] as number)
      return after.answers > before.answers && !isWrite ? [[reader, answererOf(steps[at]?.args ?? [])] as const] : []
    })

  cutOff(0)
  for (const [at, { action, args }] of steps.entries()) {
    const of = at + 1
    switch (action) {
      case 'timeout': {
        const node = args[0] as number
        cutOff(at)
        if (!cut.has(node)) plan(of, { kind: 'timer', node: String(node), timer: 'election' }, `${node}: is elected`)
        break
      }
      case 'ask': {
        const [[leader, writer], { f, value }] = args as unknown as [[number, number], { readonly f: string; readonly value: Json }]
        if (f !== 'write') break
        for (let i = 0; i < servers; i++) {
          if (i === leader || cut.has(i) || held.has(`${i} ${leader}`)) continue
          held.add(`${i} ${leader}`)
          plan(of, { kind: 'link', from: String(i), to: String(leader), mode: 'hold' }, `${i} → ${leader}: is held`)
        }
        const step: RealStep = { kind: 'operation', actor: nameOf(writer), node: String(leader), operation: 'write', argument: value }
        const isWaiting = client(of, writer).isWaiting
        plan(of, step, `${nameOf(writer)}: write ${value} at ${leader}`, [
          ...(isWaiting ? [{ kind: 'blocked' } as const] : []),
          { kind: 'ok' },
        ])
        break
      }
      case 'receive': {
        const message = messageOf(args, [server(at, args[0] as number), server(of, args[0] as number)], () => writerAnswered(at))
        if (message === null) break
        const [to, from] = linkOf(args)
        if (message.kind === 'acknowledgement') held.delete(`${from} ${to}`)
        const step: RealStep = { kind: 'deliver', from: String(from), to: String(to), message: message as unknown as Json }
        plan(of, step, `${from} → ${to}: ${message.kind}`)
        know(of, message.kind === 'commit' || (message.kind === 'acknowledgement' && message.answers !== null) ? [to] : [])
        break
      }
      case 'replicate':
      case 'read':
      case 'readIndex':
        break
      default:
        throw new UserError('bad-option', `a step of ${model} that cannot be taken on real servers: ${action}`)
    }
    for (const [reader, at_] of readsAnsweredBy(at)) {
      const { log, lastApplied } = server(of, at_)
      const step: RealStep = { kind: 'operation', actor: nameOf(reader), node: String(at_), operation: 'read', argument: null }
      plan(of, step, `${nameOf(reader)}: read at ${at_}`, [{ kind: 'ok', value: { read: registerAt(log, lastApplied, isKnownAgain) } }])
    }
  }
  function writerAnswered(at: number): string | null {
    const writers = Array.from({ length: constants['writers'] as number }, (_, i) => i)
    const answered = writers.find(
      (i) => client(at + 1, i).answers > client(at, i).answers && client(at, i).answers < (constants['writes'] as number),
    )
    return answered === undefined ? null : nameOf(answered)
  }
  return {
    name: `${trace.property} of ${model}`,
    nodes: servers,
    steps: planned,
    history: operationsSeen,
    judge: (history) => judgeRegister(history, level),
  }
}

/** @param level one of the oracle's */
export function judgeRegister(history: readonly HistoryEvent<Value>[], level: LevelName): Judged {
  const { verdict, decision } = verify(history, register, { level })
  const why = decision.verdict === 'violated' ? `: ${decision.sentence}` : ''
  return { violated: verdict === 'violated', text: `${level} ${verdict}${why}` }
}

/** What a read returned. */
export function shownRead(value: unknown): string {
  const { read } = value as ReadResult
  return read === null ? 'nothing' : JSON.stringify(read)
}

export function nameOf(client: number): string {
  return `client ${client}`
}

/** To whom, and from whom. */
function linkOf(args: readonly Json[]): readonly [to: number, from: number] {
  return [args[0] as number, (args[1] as unknown as Envelope).from]
}

/** The server that takes the step. */
function answererOf(args: readonly Json[]): number {
  return [args[0]].flat()[0] as number
}

/** What a message is to real servers; null for what they do by themselves. */
function messageOf(
  args: readonly Json[],
  [before, after]: readonly [ModelServer, ModelServer],
  answered: () => string | null,
): RegisterMessage | null {
  const { kind, entries = [] } = (args[1] as unknown as Envelope).message
  if (kind === 'appendEntriesResult') return { kind: 'acknowledgement', answers: answered() }
  if (kind !== 'appendEntries') return null
  const isNew = after.log.length > before.log.length && entries.some(({ command }) => command?.f === 'write')
  if (isNew) return { kind: 'entry' }
  return after.commitIndex > before.commitIndex ? { kind: 'commit' } : null
}
