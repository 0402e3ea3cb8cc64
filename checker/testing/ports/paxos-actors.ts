/** Single-decree Paxos as a register: the first value put is the only one ever read. Source: Stateright, examples/paxos.rs. */
import type { Model } from '../../index.ts'
import { type Reaction, registerActors } from './register-actors.ts'

type Ballot = readonly [round: number, id: number]
interface Proposal {
  readonly req: number
  readonly client: number
  readonly value: string
}
interface Accepted {
  readonly ballot: Ballot
  readonly proposal: Proposal
}
interface Server {
  readonly ballot: Ballot
  readonly proposal: Proposal | null
  readonly prepares: Readonly<Record<number, Accepted | null>>
  readonly accepts: readonly number[]
  readonly accepted: Accepted | null
  readonly decided: boolean
}
type Internal =
  | { kind: 'Prepare'; ballot: Ballot }
  | { kind: 'Prepared'; ballot: Ballot; last: Accepted | null }
  | { kind: 'Accept'; ballot: Ballot; proposal: Proposal }
  | { kind: 'Accepted'; ballot: Ballot }
  | { kind: 'Decided'; ballot: Ballot; proposal: Proposal }

export const paxosActors: Model = registerActors<Server, Internal>({
  name: 'paxos',
  initial: () => ({ ballot: [0, 0], proposal: null, prepares: {}, accepts: [], accepted: null, decided: false }),
  handle: (state, self, servers, from, message) => {
    const quorum = Math.floor(servers / 2) + 1
    const broadcast = (sent: Internal) =>
      Array.from({ length: servers }, (_, id) => id).flatMap((id) => (id === self ? [] : [[id, sent] as const]))
    if (state.decided) {
      if (message.kind !== 'Get' || state.accepted === null) return null
      return { state, sends: [[from, { kind: 'GetOk', req: message.req, value: state.accepted.proposal.value }]] }
    }
    switch (message.kind) {
      case 'Put': {
        if (state.proposal !== null) return null
        const ballot: Ballot = [state.ballot[0] + 1, self]
        const proposal = { req: message.req, client: from, value: message.value }
        return {
          state: { ...state, proposal, prepares: { [self]: state.accepted }, accepts: [], ballot },
          sends: broadcast({ kind: 'Prepare', ballot }),
        }
      }
      case 'Prepare': {
        const { ballot } = message
        if (compare(state.ballot, ballot) >= 0) return null
        return { state: { ...state, ballot }, sends: [[from, { kind: 'Prepared', ballot, last: state.accepted }]] }
      }
      case 'Prepared': {
        if (compare(state.ballot, message.ballot) !== 0) return null
        const next = { ...state, prepares: { ...state.prepares, [from]: message.last } }
        return Object.keys(next.prepares).length === quorum ? propose(next, self, broadcast) : { state: next, sends: [] }
      }
      case 'Accept': {
        const { ballot, proposal } = message
        if (compare(state.ballot, ballot) > 0) return null
        return { state: { ...state, ballot, accepted: { ballot, proposal } }, sends: [[from, { kind: 'Accepted', ballot }]] }
      }
      case 'Accepted': {
        const { ballot } = message
        if (compare(state.ballot, ballot) !== 0) return null
        const accepts = [...new Set([...state.accepts, from])].sort((a, b) => a - b)
        const { proposal } = state
        if (accepts.length !== quorum || proposal === null) return { state: { ...state, accepts }, sends: [] }
        return {
          state: { ...state, accepts, decided: true },
          sends: [...broadcast({ kind: 'Decided', ballot, proposal }), [proposal.client, { kind: 'PutOk', req: proposal.req }]],
        }
      }
      case 'Decided': {
        const { ballot, proposal } = message
        return { state: { ...state, ballot, accepted: { ballot, proposal }, decided: true }, sends: [] }
      }
      default:
        return null
    }
  },
})

/** A quorum has prepared: proposes what was accepted last among it, or else the server's own proposal. */
function propose(state: Server, self: number, broadcast: (sent: Internal) => (readonly [number, Internal])[]): Reaction<Server, Internal> {
  const latest = Object.values(state.prepares).reduce((a, b) => (b !== null && (a === null || compare(b.ballot, a.ballot) > 0) ? b : a))
  const proposal = latest?.proposal ?? state.proposal
  if (proposal === null) return { state, sends: [] }
  const { ballot } = state
  const accepts = [...new Set([...state.accepts, self])].sort((a, b) => a - b)
  return { state: { ...state, proposal, accepted: { ballot, proposal }, accepts }, sends: broadcast({ kind: 'Accept', ballot, proposal }) }
}

function compare(a: Ballot, b: Ballot): number {
  return a[0] - b[0] || a[1] - b[1]
}
