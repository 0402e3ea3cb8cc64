/**
 * Chubby's cache: clients keep a file that they have read, and read it again without asking, while their lease has not run out. The master
 * knows who may have it cached. Before a write takes effect it tells these clients to drop it, and waits until each of them has
 * acknowledged that by its next KeepAlive, or has lost its session (section 2.7). After a fail-over the new master does not know
 * who has what cached; it tells everybody to drop everything, and waits likewise (section 2.9).
 *
 * Clients read one file, and a writer writes it. Sessions, KeepAlives and fail-overs are those of sessions.ts.
 *
 * Source: Burrows, The Chubby lock service for loosely-coupled distributed systems, OSDI 2006.
 */
import { match } from 'ts-pattern'
import { cell, cells, defineModel, type Id, ids, type Model, monitor, network } from '../../checker/index.ts'
import { history, register } from '../../properties/index.ts'
import type { Content } from '../parts/clients.ts'
import { type Clocks, runAhead, tick } from '../parts/clocks.ts'
import { cacheBugs } from './bugs.ts'
import { cacheInstances } from './instances.ts'
import * as sessions from './sessions.ts'
import { isInJeopardy, isOver, isReady, isSafe, type Master, type Session, type SessionMessage, sessionRules } from './sessions.ts'
import { cacheTables } from './tables.ts'

interface Client extends sessions.Client {
  cached: { readonly value: Content } | null
  /** How many reads it has left. */
  reads: number
  isWaiting: boolean
  /** Whether it may cache the answer that it waits for: not if it has been told meanwhile to drop the file. */
  mayKeep: boolean
  /** The newest value of which an event has told it, and what that was when the read began that it waits for. */
  told: number
  floor: number
  /** Whether it has read an older value than that of which it had been told. */
  isMisled: boolean
}

interface Writer {
  /** How many values it has written, or begun to; they are numbered. */
  writes: number
  isWaiting: boolean
}

type Message =
  | SessionMessage
  | { kind: 'read'; epoch: number }
  | { kind: 'content'; value: Content; isCachable: boolean }
  | { kind: 'refused'; epoch: number }
  | { kind: 'write'; value: number }
  | { kind: 'written' }
  /** The event that the file has been modified (section 2.5). */
  | { kind: 'modified'; value: number }

export const chubbyCache: Model = defineModel({
  name: 'chubby-cache',
  about: 'Clients with leased sessions cache a file, and writes wait until nobody has the old content cached',
  source: 'Burrows, The Chubby lock service for loosely-coupled distributed systems, OSDI 2006',
  covers: [
    'A file that clients cache; writes that wait until all who may have it cached have acknowledged that they dropped it, or lost their session (section 2.7)',
    'While clients have yet to acknowledge, nobody may cache the file, so that one round is enough',
    'The event that a file has been modified, after the fact (section 2.5)',
    'Sessions with leases that KeepAlives extend: the master keeps a call until the lease is about to end, or it has something to tell (section 2.8)',
    'Leases that clients reckon conservatively: from when they called, less the time for which the master kept the call, and shorter by the bound on the rates of clocks',
    'Jeopardy and the grace period; clocks that run at different rates within a bound; messages that take any time and overtake each other',
    'Fail-overs: a new epoch, refusal of calls of earlier ones, leases extended by the new master, which first waits until each session has acknowledged the fail-over or ended (section 2.9)',
  ],
  omits: {
    'the election of the master and the replication of the database':
      'There is one master at a time, which chubby-cell shows; what is in the database survives it, which is a matter of consensus',
    'the clock of the next master': 'It extends all leases to the full when it begins, so that only what its clock does afterwards counts',
    'lost and repeated messages':
      'A message that is lost is one that is delivered too late to count. A client that called again meanwhile would have to tell late replies from others, by numbers; here it calls again once its call is known to be lost, with the master that kept it',
    'new sessions of clients whose session has ended': 'They are as good as other clients',
    'pauses of processes':
      'They are what slow messages are: whatever a client does, it does with a look at its clock, and all that it sends may arrive late',
    'the session of the writer': 'A writer without a session would be refused; what it has written would be the same',
    'several files, meta-data and handles': 'Each is cached and dropped on its own',
    'caches of clients that write': 'A client that writes may be two, one that writes and one that reads',
    'events that travel with KeepAlives':
      'They travel on their own here, which lets them arrive in any order with what the master tells otherwise',
  },
  constants: {
    clients: { default: 1, min: 1, max: 3, about: 'clients that read' },
    reads: { default: 2, min: 1, max: 4, about: 'how often each of them does' },
    writes: { default: 1, min: 1, max: 3, about: 'how often the writer writes' },
    lease: { default: 2, min: 2, max: 12, about: 'ticks for which the master extends the lease of a session' },
    grace: { default: 0, min: 0, max: 12, about: 'ticks for which a client whose lease has run out waits for the master' },
    driftEvery: { default: 0, min: 0, max: 12, about: 'in how many ticks a clock may gain one on another; 0 for never' },
    boundEvery: { default: 0, min: 0, max: 12, about: 'the drift that clients reckon with, likewise' },
    events: { default: false, about: 'whether clients are told of modifications' },
    failovers: { default: 0, min: 0, max: 3, about: 'how often a master fails' },
    prompt: { default: false, about: 'whether messages take no time' },
    deaths: { default: 0, min: 0, max: 2, about: 'how many clients die' },
  },
  bugs: cacheBugs,
  instances: cacheInstances,
  tables: cacheTables,
  state: (c) => {
    sessions.requireTerms(c)
    const client = { cached: null, reads: c.reads, isWaiting: false, mayKeep: false, told: 0, floor: 0, isMisled: false }
    return {
      /** For how many ticks each clock may not run ahead: those of the clients, and then the master's. */
      steady: cells(c.clients + 1, 0),
      master: cell<Master>(sessions.newMaster),
      session: cells<Session | null>(c.clients, sessions.newSession(c)),
      /** Who may have the file cached, as the master remembers. */
      mayCache: cells(c.clients, false as boolean),
      /** The content of the file, in the database. */
      file: cell<Content>(null),
      client: cells<Client>(c.clients, { ...sessions.newClient(c), ...client }),
      writer: cell<Writer>({ writes: 0, isWaiting: false }),
      /** The clients, the master, the writer. */
      net: network<Message>({ nodes: c.clients + 2 }),
      deaths: cell(c.deaths),
      failovers: cell(c.failovers),
      ops: monitor(history(register)),
    }
  },
  roles: (c) => ({ client: c.clients, master: null, writer: null }),
  actions: (on, c, bug) => {
    const clients = ids(c.clients)
    const master = c.clients as Id
    const writer = (c.clients + 1) as Id
    type Receive = Parameters<typeof on.receive<'net'>>[1]
    type Draft = Parameters<Receive['then']>[0]
    type View = Parameters<NonNullable<Receive['when']>>[0]

    const rules = sessionRules<Client, Draft>({
      terms: c,
      flush: (client) => {
        client.cached = null
        client.mayKeep = false
      },
      isLeaseFromReceipt: bug('lease-from-receipt'),
      isEpochIgnored: bug('epoch-not-checked'),
    })

    const isToldToDrop = ({ session }: View, i: Id): boolean => {
      const one = session[i]
      return one !== null && one.seen < one.events
    }

    /** Section 2.7: a write proceeds once nobody can have the old content cached. */
    const mayWrite = (s: View): boolean => clients.every((i) => !s.mayCache[i] || (bug('invalidation-not-awaited') && isToldToDrop(s, i)))

    const isTaken = (s: View, message: Message): boolean => {
      if (!s.master.isUp) return false
      if (message.kind === 'write') return isReady(s) && mayWrite(s)
      return message.kind !== 'read' || message.epoch !== s.master.epoch || isReady(s)
    }

    const mustInvalidate = (s: View): boolean =>
      isReady(s) &&
      clients.some((i) => s.mayCache[i] && !isToldToDrop(s, i)) &&
      s.net.pending(master).some(({ message }) => message.kind === 'write')

    /** Nobody who is up has a message to take or to send, or a session to end. */
    const isQuiet = (s: View): boolean =>
      clients.every((i) => isOver(s.client[i]) || s.net.pending(i).length === 0) &&
      !s.net.pending(master).some(({ message }) => isTaken(s, message)) &&
      !mustInvalidate(s) &&
      !(s.master.isUp && s.session.some((session) => session?.left === 0))

    const clocks: Clocks<View, Draft> = {
      clocks: c.clients + 1,
      driftEvery: c.driftEvery,
      mayPass: (s) => !c.prompt || isQuiet(s),
      isUsed: (s, i) => (i === master ? s.master.isUp && s.session.some((each) => each !== null) : !isOver(s.client[i])),
      advance: (s, i) => {
        if (i === master) rules.passAtMaster(s)
        else rules.passAtClient(s, i)
      },
    }

    const announce = (s: Draft, value: number): void => {
      for (const i of c.events ? clients : []) if (!isOver(s.client[i])) s.net.send(master, i, { kind: 'modified', value })
    }

    const answer = (s: Draft, i: Id, value: Content): void => {
      const client = s.client[i]
      if ((value ?? 0) < client.floor) client.isMisled = true
      client.isWaiting = false
      client.floor = 0
      client.reads -= 1
      s.ops.ok(i, value)
    }

    return {
      tick: on.action(tick(clocks)),
      runAhead: on.action(runAhead(clocks)),
      /** Enabled iff the client is not waiting, has reads left, and its lease has not run out. What is cached it reads at once. */
      read: on.action({
        each: clients,
        when: (s, i) => !s.client[i].isWaiting && s.client[i].reads > 0 && isSafe(s.client[i], c),
        then: (s, i) => {
          const client = s.client[i]
          s.ops.invoke(i, 'read')
          client.floor = client.told
          if (client.cached !== null) answer(s, i, client.cached.value)
          else {
            client.isWaiting = true
            client.mayKeep = true
            s.net.send(i, master, { kind: 'read', epoch: client.epoch })
          }
        },
      }),
      /** Enabled iff the writer is not waiting and has writes left. */
      write: on.action({
        by: 'writer',
        when: (s) => !s.writer.isWaiting && s.writer.writes < c.writes,
        then: (s) => {
          s.writer.writes += 1
          s.writer.isWaiting = true
          s.ops.invoke(writer, 'write', s.writer.writes)
          s.net.send(writer, master, { kind: 'write', value: s.writer.writes })
        },
      }),
      /** Enabled iff a write waits and a client that may have the file cached has not been told to drop it: the master tells all of them. */
      invalidate: on.action({
        by: 'master',
        fair: 'weak',
        when: mustInvalidate,
        then: (s) => {
          for (const i of clients) if (s.mayCache[i] && !isToldToDrop(s, i)) rules.addEvent(s, i)
          if (bug('event-before-write')) announce(s, s.writer.writes)
        },
      }),
      /** Enabled iff a message is on its way, and who gets it is up and can take it now. */
      receive: on.receive('net', {
        fair: 'weak',
        when: (s, to, message) => to !== master || isTaken(s, message),
        then: (s, to, message, from) => {
          match(message)
            .with({ kind: 'keepAlive' }, (call) => {
              const wasToldToDrop = isToldToDrop(s, from)
              rules.takeKeepAlive(s, from, call)
              // The call acknowledges that the client has dropped the file.
              if (wasToldToDrop && !isToldToDrop(s, from)) s.mayCache[from] = false
            })
            .with({ kind: 'extended' }, (reply) => rules.takeExtended(s, to, reply))
            .with({ kind: 'rejected' }, (reply) => rules.takeRejected(s, to, reply))
            .with({ kind: 'ended' }, () => rules.giveUp(s, to))
            .with({ kind: 'read' }, ({ epoch }) => {
              if (s.session[from] === null || isOver(s.client[from])) return
              if (epoch !== s.master.epoch) s.net.send(master, from, { kind: 'refused', epoch: s.master.epoch })
              else {
                // While somebody has yet to drop the file, nobody may cache it, so that one round of invalidations is enough.
                const isCachable = clients.every((i) => !isToldToDrop(s, i))
                if (isCachable) s.mayCache[from] = true
                s.net.send(master, from, { kind: 'content', value: s.file, isCachable })
              }
            })
            .with({ kind: 'content' }, ({ value, isCachable }) => {
              const client = s.client[to]
              if (isOver(client)) return
              answer(s, to, value)
              if (isCachable && (client.mayKeep || bug('late-fill')) && isSafe(client, c)) client.cached = { value }
              client.mayKeep = false
            })
            .with({ kind: 'refused' }, ({ epoch }) => {
              if (!isOver(s.client[to])) s.net.send(to, master, { kind: 'read', epoch })
            })
            .with({ kind: 'write' }, ({ value }) => {
              s.file = value
              s.net.send(master, writer, { kind: 'written' })
              if (!bug('event-before-write')) announce(s, value)
            })
            .with({ kind: 'written' }, () => {
              s.writer.isWaiting = false
              s.ops.ok(writer)
            })
            .with({ kind: 'modified' }, ({ value }) => {
              if (!isOver(s.client[to])) s.client[to].told = Math.max(s.client[to].told, value)
            })
            .exhaustive()
        },
      }),
      /** Enabled iff the lease of a session has run out at the master, which ends the session. The client has nothing cached any more. */
      endSession: on.action({
        each: clients,
        by: 'master',
        fair: 'weak',
        when: (s, i) => s.master.isUp && s.session[i]?.left === 0,
        then: (s, i) => {
          s.session[i] = null
          s.mayCache[i] = false
        },
      }),
      /** Enabled iff there is a master, and failures are left. What is in its memory is lost. */
      fail: on.action({
        by: 'master',
        when: (s) => s.master.isUp && s.failovers > 0,
        then: (s) => {
          s.failovers -= 1
          for (const i of clients) s.mayCache[i] = false
          rules.fail(s)
        },
      }),
      /** Enabled iff there is no master. */
      elect: on.action({ by: 'master', fair: 'weak', when: (s) => !s.master.isUp, then: (s) => rules.elect(s) }),
      /** Enabled iff the client has not given up, and deaths are left. */
      die: on.action({
        each: c.deaths > 0 ? clients : [],
        when: (s, i) => s.deaths > 0 && !isOver(s.client[i]),
        then: (s, i) => {
          s.deaths -= 1
          rules.giveUp(s, i)
        },
      }),
    }
  },
  properties: (on, c) => ({
    linearizable: on.always('reads and writes of the file are linearizable', (s) => s.ops.linearizable),
    cached: on.sometimes('a client has the content cached that the last write has left', (s) =>
      s.client.some(({ cached }) => cached !== null && cached.value === c.writes),
    ),
    ...(c.events && {
      eventsAfter: on.always(
        'a client that has been told of a modification reads what it has been told of, or something newer',
        (s) => !s.client.some(({ isMisled }) => isMisled),
      ),
    }),
    ...(c.failovers > 0 && {
      cachedAgain: on.sometimes('a client has a file cached that it has read from the master after the first', (s) =>
        s.client.some(({ cached, epoch }) => cached !== null && epoch > 1),
      ),
    }),
    ...(c.grace > 0 && {
      jeopardy: on.sometimes('a client that is in jeopardy waits for an answer', (s) =>
        s.client.some((client) => client.isWaiting && isInJeopardy(client, c)),
      ),
    }),
    ...(c.prompt && {
      written: on.leadsTo(
        'a write completes, whoever has the file cached and dies',
        (s) => s.writer.isWaiting,
        (s) => !s.writer.isWaiting,
      ),
    }),
  }),
})
