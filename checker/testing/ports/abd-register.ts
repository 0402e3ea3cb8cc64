/** The register of Attiya, Bar-Noy and Dolev: a query phase and a record phase at a majority. Source: Stateright, examples/linearizable-register.rs. */
import type { Model } from '../../index.ts'
import { type ClientMessage, type Reaction, registerActors, unwritten } from './register-actors.ts'

type Sequence = readonly [clock: number, id: number]
interface Copy {
  readonly seq: Sequence
  readonly value: string
}
type Phase =
  | {
      readonly kind: 'query'
      readonly req: number
      readonly client: number
      readonly write: string | null
      readonly responses: Readonly<Record<number, Copy>>
    }
  | {
      readonly kind: 'record'
      readonly req: number
      readonly client: number
      readonly read: string | null
      readonly acks: readonly number[]
    }
interface Server extends Copy {
  readonly phase: Phase | null
}
type Internal =
  | { kind: 'Query'; req: number }
  | { kind: 'AckQuery'; req: number; seq: Sequence; value: string }
  | { kind: 'Record'; req: number; seq: Sequence; value: string }
  | { kind: 'AckRecord'; req: number }

export const abdRegister: Model = registerActors<Server, Internal>({
  name: 'abd-register',
  initial: (self) => ({ seq: [0, self], value: unwritten, phase: null }),
  handle: (state, self, servers, from, message) => {
    const { phase } = state
    const others = Array.from({ length: servers }, (_, id) => id).filter((id) => id !== self)
    const quorum = Math.floor(servers / 2) + 1
    switch (message.kind) {
      case 'Put':
      case 'Get': {
        if (phase !== null) return null
        const write = message.kind === 'Put' ? message.value : null
        const responses = { [self]: { seq: state.seq, value: state.value } }
        return {
          state: { ...state, phase: { kind: 'query', req: message.req, client: from, write, responses } },
          sends: others.map((to) => [to, { kind: 'Query', req: message.req }]),
        }
      }
      case 'Query':
        return { state, sends: [[from, { kind: 'AckQuery', req: message.req, seq: state.seq, value: state.value }]] }
      case 'AckQuery': {
        if (phase?.kind !== 'query' || phase.req !== message.req) return null
        const responses = { ...phase.responses, [from]: { seq: message.seq, value: message.value } }
        const next = { ...state, phase: { ...phase, responses } }
        return Object.keys(responses).length === quorum ? startRecord(next, next.phase, self, others) : { state: next, sends: [] }
      }
      case 'Record': {
        const { seq, value } = message
        const next = isLater(seq, state.seq) ? { ...state, seq, value } : state
        return { state: next, sends: [[from, { kind: 'AckRecord', req: message.req }]] }
      }
      case 'AckRecord': {
        if (phase?.kind !== 'record' || phase.req !== message.req || phase.acks.includes(from)) return null
        const acks = [...phase.acks, from].sort((a, b) => a - b)
        if (acks.length !== quorum) return { state: { ...state, phase: { ...phase, acks } }, sends: [] }
        const { req, read } = phase
        const answer: ClientMessage = read === null ? { kind: 'PutOk', req } : { kind: 'GetOk', req, value: read }
        return { state: { ...state, phase: null }, sends: [[phase.client, answer]] }
      }
      default:
        return null
    }
  },
})

function startRecord(state: Server, phase: Phase & { kind: 'query' }, self: number, others: readonly number[]): Reaction<Server, Internal> {
  const { req, client, write } = phase
  const latest = Object.values(phase.responses).reduce((a, b) => (isLater(b.seq, a.seq) ? b : a))
  const { seq, value }: Copy = write === null ? latest : { seq: [latest.seq[0] + 1, self], value: write }
  const copy = isLater(seq, state.seq) ? { seq, value } : { seq: state.seq, value: state.value }
  return {
    state: { ...copy, phase: { kind: 'record', req, client, read: write === null ? value : null, acks: [self] } },
    sends: others.map((to) => [to, { kind: 'Record', req, seq, value }]),
  }
}

function isLater(a: Sequence, b: Sequence): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])
}
