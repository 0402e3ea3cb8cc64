/** What servers do for clients: take writes, acknowledge them, and answer reads. */
import { type Id, ids } from '../../checker/index.ts'
import type { Bugs } from './bugs.ts'
import { awaited, newClient, type Operation, positionOf, programs, satisfies } from './clients.ts'
import { isSessionPromise } from './promises.ts'
import { currentPrimary, shown } from './server.ts'
import { isReplicated } from './shipping.ts'
import type { Constants, Draft, View } from './state.ts'

export interface Serving {
  /** Who takes itself for the primary takes writes. Sessions with tokens ask that it has executed what they have seen. */
  mayWrite(s: View, client: Id, at: Id): boolean
  /** The server takes a write. It shows it and acknowledges it, each at once or later. */
  write(s: Draft, client: Id, at: Id, operation: Operation): void
  /** Whether so many replicas have the write for which the client waits as the mode asks for. */
  mayAnswer(s: View, client: Id): boolean
  /** The write for which the client waits is acknowledged, and shown now at the latest. */
  answer(s: Draft, client: Id): void
  /** Whether the policy lets the client read at this server. */
  mayRead(s: View, client: Id, at: Id): boolean
  read(s: Draft, client: Id, at: Id): void
  /** Clients that wait at the server get no answer, and give up: nobody knows what became of their writes. */
  disconnect(s: Draft, at: Id): void
}

export function serving(c: Constants, bug: Bugs): Serving {
  const all = programs(c.clients)
  const operationsOf = (client: Id): readonly Operation[] => all[client] ?? []
  const isAnsweredAtOnce = c.mode === 'async' || bug('acknowledged-before-replicated')
  const isShownAtOnce = c.mode === 'wait' || isAnsweredAtOnce
  const tells = c.promise === 'linearizable' ? 'history' : isSessionPromise(c.promise) ? 'sessions' : null

  /** The client has written, or seen, the transaction `id` at the server, and goes on. */
  const end = (s: Draft, client: Id, at: Id, id: number | null, value: number | null): void => {
    if (tells) s[tells].ok(client, value)
    const { answers, token } = s.client[client]
    const isDone = answers + 1 === operationsOf(client).length
    s.client[client] = {
      answers: answers + 1,
      waitsAt: null,
      home: c.reads === 'sticky' && !isDone ? at : null,
      token: c.reads === 'session-token' && !isDone ? (positionOf(s.server[at], id) ?? token) : null,
    }
  }

  const acknowledge = (s: Draft, client: Id, at: Id, id: number): void => {
    if (c.promise === 'durable') s.acknowledged = [...s.acknowledged, id].sort()
    const isAlone = s.server.every((other, j) => j === at || other.role === 'replica' || !other.isUp)
    if (c.promise === 'onePrimary' && !isAlone) s.sides = [...new Set([...s.sides, at])].sort()
    end(s, client, at, id, null)
  }

  return {
    mayWrite: (s, client, at) => {
      const { role, isUp } = s.server[at]
      return role === 'primary' && isUp && satisfies(s.server[at], s.client[client].token, bug)
    },

    write: (s, client, at, { id }) => {
      if (tells) s[tells].invoke(client, 'write', id)
      const { log, queue, epoch } = s.server[at]
      ;(isShownAtOnce ? log : queue).push({ id, value: id, epoch })
      if (c.promise === 'noResurrection' && epoch < currentPrimary(s.server).epoch) s.lost = [...s.lost, id].sort()
      if (isAnsweredAtOnce) acknowledge(s, client, at, id)
      else s.client[client].waitsAt = at
    },

    mayAnswer: (s, client) => {
      const write = awaited(s.client[client], operationsOf(client))
      if (write === null) return false
      if (bug('semi-sync-timeout')) return true
      return isReplicated(s.server[write.at], write.id, s.server, c)
    },

    answer: (s, client) => {
      const write = awaited(s.client[client], operationsOf(client))
      if (write === null) return
      const { log, queue } = s.server[write.at]
      log.push(...queue.splice(0, queue.findIndex(({ id }) => id === write.id) + 1))
      acknowledge(s, client, write.at, write.id)
    },

    mayRead: (s, client, at) => {
      const { home, token } = s.client[client]
      if (!s.server[at].isUp) return false
      if (c.reads === 'primary' || c.reads === 'replica') return s.server[at].role === c.reads
      if (c.reads === 'session-token') return satisfies(s.server[at], token, bug)
      if (c.reads === 'any-replica' || home === null || home === at) return true
      return bug('sticky-rerouted') && !s.server[home].isUp
    },

    read: (s, client, at) => {
      if (tells) s[tells].invoke(client, 'read')
      end(s, client, at, s.server[at].log.at(-1)?.id ?? null, shown(s.server[at]))
    },

    disconnect: (s, at) => {
      for (const client of ids(all.length)) {
        if (s.client[client].waitsAt !== at) continue
        if (tells) s[tells].info(client)
        s.client[client] = { ...newClient, answers: operationsOf(client).length }
      }
    },
  }
}
