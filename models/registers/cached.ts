/**
 * A register in a database with a cache before it, as a web server has: reads ask the cache first and fill it after a miss, writes go
 * to the database and then delete what is cached. A miss hands out a lease, which a deletion revokes; only who holds the lease may
 * fill, and while somebody does, other clients that miss come again.
 *
 * Omitted are expiry and eviction, which only delete more, and leases that end by time.
 *
 * Source: Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, section 3.2.1 (leases: stale sets).
 */
import { cell, cells, defineModel, ids, type Model, monitor } from '../../checker/index.ts'
import { history, register } from '../../properties/index.ts'
import { type Client, type Content, idle, next, reads, write } from '../parts/clients.ts'

/** Between its call and its return, a client is before the database or on its way back from it. */
interface Worker extends Client {
  at: 'idle' | 'reading' | 'writing' | 'filling' | 'deleting'
  value: Content
}

export const cachedRegister: Model = defineModel({
  name: 'cached-register',
  about: 'Clients write and read a register in a database with a cache before it',
  source: 'Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, section 3.2.1',
  covers: [
    'Reads that ask the cache first and fill it after a miss; writes that go to the database and then delete what is cached',
    'Leases: only who holds the lease of a miss may fill, and a deletion revokes it (section 3.2.1)',
  ],
  omits: {
    'expiry and eviction': 'they only delete more of what is cached, which a write may do at any time as well',
    'leases that end by time': 'another client may then fill sooner, after a miss of its own, as after a deletion',
  },
  constants: {
    clients: { default: 2, min: 1, max: 4, about: 'clients, each of which writes once' },
    reads: { default: 2, min: 0, max: 4, about: 'and then reads so often' },
  },
  bugs: {
    'no-invalidation': {
      about: 'A write leaves the old value in the cache, where reads find it for ever',
      source: 'the paper, section 2: web servers issue deletes after writes',
      violates: 'linearizable',
      constants: { clients: 2, reads: 1 },
    },
    'fill-without-lease': {
      about: 'A read that missed fills the cache with what it saw in the database, though a write has deleted it meanwhile',
      source: 'the paper, section 3.2.1: a stale set',
      violates: 'linearizable',
      constants: { clients: 2, reads: 1 },
    },
  },
  state: (c) => ({
    database: cell<Content>(null),
    cached: cell<{ readonly value: Content } | null>(null),
    /** Who may fill the cache. */
    lease: cell<number | null>(null),
    client: cells<Worker>(c.clients, { ...idle, at: 'idle', value: null }),
    ops: monitor(history(register)),
  }),
  roles: (c) => ({ client: c.clients }),
  actions: (on, c, bug) => ({
    /** Enabled iff the client is not waiting and has something left to do. */
    call: on.action({
      each: ids(c.clients),
      over: (s, i) => next(s.client[i], [write(i), ...reads(c.reads)]),
      then: (s, i, { f, value }) => {
        s.client[i] = { ...s.client[i], isWaiting: true, at: f === 'write' ? 'writing' : 'reading', value }
        s.ops.invoke(i, f, value)
      },
    }),
    /** Enabled iff the client reads and the value is cached. */
    hit: on.action({
      each: ids(c.clients),
      when: (s, i) => s.client[i].at === 'reading' && s.cached !== null,
      then: (s, i) => {
        s.ops.ok(i, s.cached?.value ?? null)
        s.client[i] = { ...idle, answers: s.client[i].answers + 1, at: 'idle', value: null }
      },
    }),
    /** The client reads the database instead: enabled iff nothing is cached, and nobody else is about to fill the cache. */
    miss: on.action({
      each: ids(c.clients),
      when: (s, i) => s.client[i].at === 'reading' && s.cached === null && (s.lease === null || bug('fill-without-lease')),
      then: (s, i) => {
        s.lease = i
        s.client[i].at = 'filling'
        s.client[i].value = s.database
      },
    }),
    /** The client returns what it read in the database, and caches it if it still may: enabled iff it has missed. */
    fill: on.action({
      each: ids(c.clients),
      when: (s, i) => s.client[i].at === 'filling',
      then: (s, i) => {
        const { answers, value } = s.client[i]
        if (s.lease === i || bug('fill-without-lease')) {
          s.cached = { value }
          s.lease = null
        }
        s.ops.ok(i, value)
        s.client[i] = { ...idle, answers: answers + 1, at: 'idle', value: null }
      },
    }),
    /** Enabled iff the client is about to write the database. */
    store: on.action({
      each: ids(c.clients),
      when: (s, i) => s.client[i].at === 'writing',
      then: (s, i) => {
        s.database = s.client[i].value
        s.client[i].at = 'deleting'
      },
    }),
    /** The write returns once nothing old is cached, or about to be: enabled iff the client has written the database. */
    invalidate: on.action({
      each: ids(c.clients),
      when: (s, i) => s.client[i].at === 'deleting',
      then: (s, i) => {
        if (!bug('no-invalidation')) {
          s.cached = null
          s.lease = null
        }
        s.ops.ok(i)
        s.client[i] = { ...idle, answers: s.client[i].answers + 1, at: 'idle', value: null }
      },
    }),
  }),
  properties: (on, c) => ({
    linearizable: on.always('the register is linearizable', (s) => s.ops.linearizable),
    ...(c.reads > 1 && {
      cached: on.sometimes(
        'a read finds the last value cached',
        (s) => s.cached?.value === s.database && s.client.some(({ at }) => at === 'reading'),
      ),
    }),
  }),
  done: (s, c) => s.client.every(({ answers }) => answers === 1 + c.reads),
  instances: [
    { expect: 'holds', distinct: 364, generated: 619, depth: 16 },
    { constants: { clients: 2, reads: 1 }, expect: 'holds', distinct: 196, generated: 317, depth: 12 },
    { constants: { clients: 3, reads: 1 }, expect: 'holds', distinct: 12_323, generated: 29_623, depth: 18 },
    { bugs: ['no-invalidation'], expect: 'linearizable', depth: 12 },
    { bugs: ['fill-without-lease'], expect: 'linearizable', depth: 12 },
  ],
})
