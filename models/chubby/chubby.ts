/**
 * Chubby's locks: clients whose sessions are kept alive by leases take turns to hold a lock, and act under it on a resource, a server
 * that knows nothing of sessions. A request to the resource may be slow, so that it arrives when its sender has long lost the lock;
 * a pause of the client between its look at the lease and the sending is the same. What helps is a sequencer, which the resource
 * checks, or else the lock-delay (section 2.4).
 *
 * The cell has a master, or for a while none; see chubby-cell for how it gets one, chubby-cache for what clients cache, and
 * sessions.ts for sessions, KeepAlives and fail-overs.
 *
 * Source: Burrows, The Chubby lock service for loosely-coupled distributed systems, OSDI 2006.
 */
import { match } from 'ts-pattern'
import { cell, cells, defineModel, type FamilyView, type Id, ids, type Model, network } from '../../checker/index.ts'
import { type Clocks, runAhead, tick } from '../parts/clocks.ts'
import { pairs } from '../parts/links.ts'
import { bugs } from './bugs.ts'
import { instances } from './instances.ts'
import * as sessions from './sessions.ts'
import { isInJeopardy, isOver, isReady, isSafe, type Master, type Session, type SessionMessage, sessionRules } from './sessions.ts'
import { tables } from './tables.ts'

/** Where a client is; it believes that it holds the lock from `holding` on, and may rely on that while its lease has not run out. */
type Place = 'idle' | 'asking' | 'holding' | 'acted' | 'done'

interface Client extends sessions.Client {
  place: Place
  /** The sequencer of the lock that it holds: the generation of the lock. */
  generation: number
}

/** The lock as it is in the database, which outlives masters. */
interface Lock {
  holder: Id | null
  /** How often it has been acquired. */
  generation: number
  /** Ticks of the master's clock for which nobody may acquire it. */
  delay: number
}

/** A request to the resource, with its sequencer. */
interface Request {
  readonly generation: number
  /** Ticks within which it arrives, where that is bounded. */
  left: number
}

type Ask = { kind: 'acquire' | 'release'; epoch: number }
type Message = SessionMessage | Ask | { kind: 'acquired'; generation: number } | { kind: 'refused'; ask: Ask }

export const chubby: Model = defineModel({
  name: 'chubby',
  about: 'Clients with leased sessions hold a lock in turn and act under it on a resource, while masters fail over',
  source: 'Burrows, The Chubby lock service for loosely-coupled distributed systems, OSDI 2006',
  covers: [
    'An advisory, exclusive lock with its generation; requests to a resource that carry it as a sequencer (section 2.4)',
    'The lock-delay after a session that held the lock has ended, none after a release',
    'Sessions with leases that KeepAlives extend: the master keeps a call until the lease is about to end, or it has something to tell (section 2.8)',
    'Leases that clients reckon conservatively: from when they called, less the time for which the master kept the call, and shorter by the bound on the rates of clocks',
    'Jeopardy and the grace period; clocks that run at different rates within a bound; messages that take any time and overtake each other',
    'Fail-overs: a new epoch, refusal of calls of earlier ones, leases extended by the new master, which first waits until each session has acknowledged the fail-over or ended (section 2.9)',
    'Clients that die, and the next one that gets the lock in the end',
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
    'shared locks, several locks, files and handles':
      'The lock of each node is a matter of its own; readers would hold it together, and be shut out by a writer as writers are',
    'a resource that asks Chubby whether a sequencer is valid':
      'The other way of section 2.4, by the most recent sequencer that it has seen, needs no session and is the weaker one',
    TryAcquire: 'A client that is told that the lock is held asks again later, which is to wait',
  },
  constants: {
    clients: { default: 2, min: 1, max: 3, about: 'clients, each of which acquires the lock once' },
    lease: { default: 2, min: 2, max: 12, about: 'ticks for which the master extends the lease of a session' },
    grace: { default: 0, min: 0, max: 12, about: 'ticks for which a client whose lease has run out waits for the master' },
    driftEvery: { default: 0, min: 0, max: 12, about: 'in how many ticks a clock may gain one on another; 0 for never' },
    boundEvery: { default: 0, min: 0, max: 12, about: 'the drift that clients reckon with, likewise' },
    lockDelay: { default: 0, min: 0, max: 12, about: 'ticks for which a lock that was lost with its session stays free' },
    resource: { default: 'checks', oneOf: ['checks', 'trusts'], about: 'whether the resource checks sequencers' },
    latency: { default: 0, min: 0, max: 12, about: 'ticks within which a request gets to the resource; 0 for any number' },
    failovers: { default: 0, min: 0, max: 3, about: 'how often a master fails' },
    outage: { default: 0, min: 0, max: 24, about: 'ticks after which the next one is elected at the latest; 0 for any number' },
    prompt: { default: false, about: 'whether messages between clients and master take no time' },
    deaths: { default: 0, min: 0, max: 2, about: 'how many clients die' },
    isHeld: { default: false, about: 'whether client 0 holds the lock from the start, which it has just acquired' },
  },
  bugs,
  tables,
  instances,
  state: (c) => {
    sessions.requireTerms(c)
    return {
      /** For how many ticks each clock may not run ahead: those of the clients, and then the master's, by which the resource goes, too. */
      steady: cells(c.clients + 1, 0),
      master: cell<Master>(sessions.newMaster),
      session: cells<Session | null>(c.clients, sessions.newSession(c)),
      lock: cell<Lock>(c.isHeld ? { holder: 0, generation: 1, delay: 0 } : { holder: null, generation: 0, delay: 0 }),
      client: cells<Client>(c.clients, (i) => ({
        ...sessions.newClient(c),
        ...(c.isHeld && i === 0 ? { place: 'holding', generation: 1 } : { place: 'idle', generation: 0 }),
      })),
      net: network<Message>({ nodes: c.clients + 1 }),
      /** On its way to the resource. */
      request: cells<Request | null>(c.clients, null),
      /** The sequencer of the last request on which the resource has acted. */
      resource: cell(0),
      deaths: cell(c.deaths),
      failovers: cell(c.failovers),
    }
  },
  roles: (c) => ({ client: c.clients, master: null, resource: null }),
  /** Requests to the resource may be on their way for long. */
  calls: (before, after, { action, args: [client] }) => {
    const way = { from: ['client', client as Id], to: ['resource', 0] } as const
    if (action === 'act') return [{ ...way, is: 'sent', message: { generation: after.request[client as Id]?.generation ?? 0 } }]
    return action === 'arrive' ? [{ ...way, is: 'arrived', message: { generation: before.request[client as Id]?.generation ?? 0 } }] : []
  },
  actions: (on, c, bug) => {
    const master = c.clients as Id
    const clients = ids(c.clients)
    type Receive = Parameters<typeof on.receive<'net'>>[1]
    type Draft = Parameters<Receive['then']>[0]
    type View = Parameters<NonNullable<Receive['when']>>[0]

    const rules = sessionRules<Client, Draft>({
      terms: c,
      flush: () => {},
      isLeaseFromReceipt: bug('lease-from-receipt'),
      isEpochIgnored: false,
    })

    /** Whether the master takes a message now. A request for the lock waits until it is free. */
    const isTaken = (s: View, message: Message): boolean => {
      if (!s.master.isUp) return false
      if (message.kind === 'keepAlive' || ((message.kind === 'acquire' || message.kind === 'release') && message.epoch !== s.master.epoch))
        return true
      return isReady(s) && (message.kind !== 'acquire' || (s.lock.holder === null && s.lock.delay === 0))
    }

    const clocks: Clocks<View, Draft> = {
      clocks: c.clients + 1,
      driftEvery: c.driftEvery,
      mayPass: (s) => {
        const isLate = c.latency > 0 && s.request.some((request) => request?.left === 0)
        const isOutageOver = c.outage > 0 && s.master.outage === c.outage
        return !isLate && !isOutageOver && (!c.prompt || isQuiet(s))
      },
      isUsed: (s, i) => {
        if (i !== master) return !isOver(s.client[i])
        return (
          (s.master.isUp ? s.lock.delay > 0 || s.session.some((each) => each !== null) : c.outage > 0) ||
          (c.latency > 0 && s.request.some((each) => each !== null))
        )
      },
      advance: (s, i) => {
        if (i !== master) rules.passAtClient(s, i)
        else {
          rules.passAtMaster(s)
          if (!s.master.isUp && c.outage > 0) s.master.outage += 1
          if (s.master.isUp) s.lock.delay = Math.max(0, s.lock.delay - 1)
          for (const j of c.latency > 0 ? clients : []) {
            const request = s.request[j]
            if (request !== null) request.left -= 1
          }
        }
      },
    }

    /** Nobody who is up has a message to take, or a session to end. */
    const isQuiet = (s: View): boolean =>
      clients.every((i) => isOver(s.client[i]) || s.net.pending(i).length === 0) &&
      !s.net.pending(master).some(({ message }) => isTaken(s, message)) &&
      !(s.master.isUp && s.session.some((session) => session?.left === 0))

    return {
      tick: on.action(tick(clocks)),
      runAhead: on.action(runAhead(clocks)),
      /** Enabled iff the client has not asked for the lock yet and its lease has not run out. */
      ask: on.action({
        each: clients,
        fair: 'weak',
        when: (s, i) => s.client[i].place === 'idle' && isSafe(s.client[i], c),
        then: (s, i) => {
          s.client[i].place = 'asking'
          s.net.send(i, master, { kind: 'acquire', epoch: s.client[i].epoch })
        },
      }),
      /**
       * Enabled iff the client holds the lock, its lease has not run out, and it has not acted yet: it sends the resource a request, with
       * its sequencer. Of several requests, what one can do wrong another one could have done alone.
       */
      act: on.action({
        each: clients,
        when: (s, i) => s.client[i].place === 'holding' && isSafe(s.client[i], c),
        then: (s, i) => {
          s.client[i].place = 'acted'
          s.request[i] = { generation: s.client[i].generation, left: c.latency }
        },
      }),
      /** Enabled iff a request is on its way. The resource acts, but not if it has acted under a later sequencer (section 2.4). */
      arrive: on.action({
        each: clients,
        by: 'resource',
        fair: 'weak',
        when: (s, i) => s.request[i] !== null,
        then: (s, i) => {
          const { generation } = s.request[i] as Request
          const isChecked = c.resource === 'checks' && !bug('no-sequencer-check')
          if (!isChecked || generation >= s.resource) s.resource = generation
          s.request[i] = null
        },
      }),
      /** Enabled iff the client holds the lock, its lease has not run out, and no request of its own is on its way. */
      release: on.action({
        each: clients,
        when: (s, i) => holds(s.client[i]) && isSafe(s.client[i], c) && s.request[i] === null,
        then: (s, i) => {
          s.client[i].place = 'done'
          s.client[i].generation = 0
          s.net.send(i, master, { kind: 'release', epoch: s.client[i].epoch })
        },
      }),
      /** Enabled iff a message is on its way, and who gets it is up and can take it now. */
      receive: on.receive('net', {
        fair: 'weak',
        when: (s, to, message) => to !== master || isTaken(s, message),
        then: (s, to, message, from) => {
          match(message)
            .with({ kind: 'keepAlive' }, (call) => rules.takeKeepAlive(s, from, call))
            .with({ kind: 'extended' }, (reply) => rules.takeExtended(s, to, reply))
            .with({ kind: 'rejected' }, (reply) => rules.takeRejected(s, to, reply))
            .with({ kind: 'ended' }, () => rules.giveUp(s, to))
            .with({ kind: 'acquire' }, { kind: 'release' }, (ask) => {
              if (s.session[from] === null) return
              if (ask.epoch !== s.master.epoch) {
                s.net.send(master, from, { kind: 'refused', ask: { kind: ask.kind, epoch: s.master.epoch } })
              } else if (ask.kind === 'release') s.lock.holder = null
              else {
                s.lock.holder = from
                s.lock.generation += 1
                s.net.send(master, from, { kind: 'acquired', generation: s.lock.generation })
              }
            })
            .with({ kind: 'acquired' }, ({ generation }) => {
              if (isOver(s.client[to])) return
              s.client[to].place = 'holding'
              s.client[to].generation = generation
            })
            .with({ kind: 'refused' }, ({ ask }) => {
              if (!isOver(s.client[to])) s.net.send(to, master, ask)
            })
            .exhaustive()
        },
      }),
      /** Enabled iff the lease of a session has run out at the master, which ends the session. Its lock is lost: the lock-delay begins. */
      endSession: on.action({
        each: clients,
        by: 'master',
        fair: 'weak',
        when: (s, i) => s.master.isUp && s.session[i]?.left === 0,
        then: (s, i) => {
          s.session[i] = null
          if (s.lock.holder !== i) return
          s.lock.holder = null
          s.lock.delay = bug('no-lock-delay') ? 0 : c.lockDelay
        },
      }),
      /** Enabled iff there is a master, and failures are left. What is in its memory is lost (section 2.9). */
      fail: on.action({
        by: 'master',
        when: (s) => s.master.isUp && s.failovers > 0,
        then: (s) => {
          s.failovers -= 1
          rules.fail(s)
        },
      }),
      /** Enabled iff there is no master. The next one extends all leases, and begins lock-delays anew. */
      elect: on.action({
        by: 'master',
        fair: 'weak',
        when: (s) => !s.master.isUp,
        then: (s) => {
          rules.elect(s)
          if (s.lock.delay > 0) s.lock.delay = c.lockDelay
        },
      }),
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
    ordered: on.step(
      'the resource never acts for a holder of the lock after it has acted for a later one',
      'resource',
      (before, after) => before <= after || `it has acted for holder ${before} of the lock, and now acts for holder ${after}`,
    ),
    exclusive: on.always('at most one client holds the lock with a lease that has not run out', (s) => {
      const both = pairs(c.clients).find((two) => two.every((i) => holds(s.client[i]) && isSafe(s.client[i], c)))
      return both === undefined || `clients ${both.join(' and ')} both do`
    }),
    // With several clients, exclusive is what this is for.
    ...(c.clients === 1 && {
      conservative: on.always(
        'while the lease of a client has not run out, the master has not ended its session',
        (s) => !isSafe(s.client[0], c) || s.session[0] !== null,
      ),
    }),
    ...(c.clients > 1 && {
      handedOver: on.sometimes('the resource has acted for two holders of the lock', (s) => s.resource > 1),
    }),
    ...(c.prompt &&
      c.outage > 0 &&
      c.deaths === 0 && {
        survival: on.always('no session ends, though masters fail over', (s) => {
          const ended = ids(c.clients).find((i) => isOver(s.client[i]) || s.session[i] === null)
          return ended === undefined || `that of client ${ended} has ended`
        }),
      }),
    ...(c.failovers > 0 &&
      c.grace > 0 && {
        ...((c.outage !== 1 || !c.prompt) && {
          jeopardy: on.sometimes('the lease of a client that holds the lock has run out while there is no master', (s) =>
            s.client.some((client) => holds(client) && isInJeopardy(client, c) && !s.master.isUp),
          ),
        }),
        heldUnderNext: on.sometimes('a client holds the lock with a lease from the master after the first', (s) =>
          s.client.some((client) => holds(client) && isSafe(client, c) && client.epoch > 1 && client.seen > 0),
        ),
      }),
    ...(c.prompt &&
      c.deaths > 0 && {
        handOver: on.leadsTo(
          'a client that waits for the lock gets it, once the holder has died',
          (s) => isHeldByTheDead(s.lock, s.client) && s.client.some((client) => client.place === 'asking' && !isOver(client)),
          (s) => s.client.some((client) => holds(client) && !isOver(client)),
        ),
      }),
  }),
})

/** Whether the client believes that it holds the lock. */
function holds({ place }: Client): boolean {
  return place === 'holding' || place === 'acted'
}

function isHeldByTheDead({ holder }: Lock, client: FamilyView<Client>): boolean {
  return holder !== null && isOver(client[holder])
}
