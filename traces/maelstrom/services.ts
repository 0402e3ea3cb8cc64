/**
 * The services that Maelstrom offers to nodes, as pure state machines. Where a service may answer in several ways, which of them is a
 * number, the pick, that a schedule chooses: 0 is always the answer of a service that is up to date.
 */
import { equal, keyOf, type Value } from '../../properties/index.ts'
import type { Body } from './message.ts'

export interface Service<S> {
  readonly initial: S
  /** In how many ways it may answer this client now. */
  picks(state: S, client: string): number
  apply(state: S, client: string, request: Body, pick: number): { readonly state: S; readonly reply: Body }
}

/** A service with its state, which changes. */
export interface RunningService {
  picks(client: string): number
  apply(client: string, request: Body, pick: number): Body
}

/** All of them, as they are at the start. */
export function startServices(): ReadonlyMap<string, RunningService> {
  return new Map([
    ['lin-kv', running(linearizable(emptyStore, changeStore))],
    ['seq-kv', running(sequential(emptyStore, changeStore))],
    ['lww-kv', running(lastWriterWins)],
    ['lin-tso', running(linearizable(0, nextTimestamp))],
  ])
}

type Change<S> = (state: S, request: Body) => { readonly state: S; readonly reply: Body }
type Store = ReadonlyMap<string, Value>

const emptyStore: Store = new Map()

/** `read`, `write` and `cas`, as of the workload lin-kv; the same state where nothing has changed. */
export const changeStore: Change<Store> = (state, request) => {
  const { key = null, value = null, from = null, to = null, create_if_not_exists: creates } = request
  const at = keyOf(key)
  const found = state.get(at)
  const stored = (written: Value): Store => (found !== undefined && equal(found, written) ? state : new Map(state).set(at, written))
  switch (request.type) {
    case 'read':
      return { state, reply: found === undefined ? notFound : { type: 'read_ok', value: found } }
    case 'write':
      return { state: stored(value), reply: { type: 'write_ok' } }
    case 'cas':
      if (found === undefined && creates !== true) return { state, reply: notFound }
      if (found !== undefined && !equal(found, from)) return { state, reply: mismatch }
      return { state: stored(to), reply: { type: 'cas_ok' } }
    default:
      return { state, reply: notSupported }
  }
}

const nextTimestamp: Change<number> = (state, { type }) =>
  type === 'ts' ? { state: state + 1, reply: { type: 'ts_ok', ts: state } } : { state, reply: notSupported }

const notFound: Body = { type: 'error', code: 20, text: 'key does not exist' }
const mismatch: Body = { type: 'error', code: 22, text: 'the value is another one' }
const notSupported: Body = { type: 'error', code: 10, text: 'not supported' }

export function linearizable<S>(initial: S, change: Change<S>): Service<S> {
  return { initial, picks: () => 1, apply: (state, _, request) => change(state, request) }
}

/** The states that it went through, the latest last, and how far each client has seen them. */
export interface Timeline<S> {
  readonly states: readonly S[]
  readonly seen: ReadonlyMap<string, number>
}

const statesMax = 32

/**
 * What changes nothing may happen in an earlier state, though for no client before one that it has seen; everything else in the latest.
 * The pick says how many states back.
 */
export function sequential<S>(initial: S, change: Change<S>): Service<Timeline<S>> {
  const oldest = ({ states, seen }: Timeline<S>, client: string): number => Math.max(seen.get(client) ?? 0, states.length - statesMax)
  return {
    initial: { states: [initial], seen: new Map() },
    picks: (timeline, client) => timeline.states.length - oldest(timeline, client),
    apply: (timeline, client, request, pick) => {
      const { states, seen } = timeline
      const last = states.length - 1
      const at = Math.max(last - pick, oldest(timeline, client))
      const before = states[at] as S
      const earlier = change(before, request)
      if (earlier.state === before) return { state: { states, seen: new Map(seen).set(client, at) }, reply: earlier.reply }
      const { state, reply } = change(states[last] as S, request)
      if (state === states[last]) return { state: { states, seen: new Map(seen).set(client, last) }, reply }
      return { state: { states: [...states, state], seen: new Map(seen).set(client, last + 1) }, reply }
    },
  }
}

interface Replica {
  /** A Lamport clock. */
  readonly clock: number
  readonly store: ReadonlyMap<string, { readonly at: number; readonly value: Value }>
}

const replicas = 5

/**
 * Five replicas, each of which takes writes; the later write wins where two of them meet. Pick 0: all have met before, and the first one
 * answers. Any other: one replica learns from another one, or none does, and some replica answers.
 */
export const lastWriterWins: Service<readonly Replica[]> = {
  initial: Array.from({ length: replicas }, () => ({ clock: 0, store: new Map() })),
  picks: () => 1 + replicas ** 3,
  apply: (state, _, request, pick) => {
    const meeting = pick === 0 ? state.map(() => state.reduce(merged)) : state
    const [source, target, at] = pick === 0 ? [0, 0, 0] : digits(pick - 1)
    const learned = meeting.with(target, merged(meeting[source] as Replica, meeting[target] as Replica))
    const { clock, store } = learned[at] as Replica
    const plain: Store = new Map([...store].map(([key, { value }]) => [key, value]))
    const { reply } = changeStore(plain, request)
    if (reply.type !== 'write_ok' && reply.type !== 'cas_ok') return { state: learned, reply }
    const written = (request.type === 'cas' ? request['to'] : request['value']) ?? null
    const after = { clock: clock + 1, store: new Map(store).set(keyOf(request['key'] ?? null), { at: clock, value: written }) }
    return { state: learned.with(at, after), reply }
  },
}

function digits(number: number): [number, number, number] {
  return [number % replicas, Math.floor(number / replicas) % replicas, Math.floor(number / replicas ** 2) % replicas]
}

/** Of two writes at one time, the one whose value is the greater as text. */
function merged(a: Replica, b: Replica): Replica {
  const store = new Map(a.store)
  for (const [key, theirs] of b.store) {
    const ours = store.get(key)
    const wins = ours === undefined || theirs.at > ours.at || (theirs.at === ours.at && keyOf(theirs.value) > keyOf(ours.value))
    if (wins) store.set(key, theirs)
  }
  return { clock: Math.max(a.clock, b.clock), store }
}

function running<S>(service: Service<S>): RunningService {
  let state = service.initial
  return {
    picks: (client) => service.picks(state, client),
    apply: (client, request, pick) => {
      const done = service.apply(state, client, request, pick)
      state = done.state
      return done.reply
    },
  }
}
