/** Published mistakes. Each is planted where a function asks whether it is switched on, and the checker must find that it breaks the named property. */
import type { Bug } from '../../checker/index.ts'

type BugName =
  | 'acknowledged-before-replicated'
  | 'semi-sync-timeout'
  | 'promotes-the-last'
  | 'fencing-assumed'
  | 'rejoin-without-truncating'
  | 'positions-are-counts'
  | 'token-without-epoch'
  | 'token-dropped-on-failover'
  | 'sticky-rerouted'
  | 'non-deterministic-statement'
  | 'applied-out-of-order'

/** Tells whether a bug is switched on. */
export type Bugs = (name: BugName) => boolean

export const bugs: Readonly<Record<BugName, Bug>> = {
  'acknowledged-before-replicated': {
    about: 'A synchronous primary answers a write when it has it itself: the failover loses what no replica has received',
    source: 'PostgreSQL 17 documentation, Write Ahead Log settings: synchronous_commit = local, though there are synchronous standbys',
    violates: 'durable',
    constants: { servers: 2, hears: 1, mode: 'sync', reads: 'primary', failover: 'fenced', clients: 'w', promise: 'durable' },
  },
  'semi-sync-timeout': {
    about: 'A primary that gets no acknowledgement in time goes on without, and tells nobody',
    source:
      'MySQL 8.0 manual, 19.4.10, Semisynchronous Replication: rpl_semi_sync_source_timeout, called rpl_semi_sync_master_timeout before',
    violates: 'durable',
    constants: { servers: 2, hears: 1, mode: 'semi-sync', reads: 'primary', failover: 'fenced', clients: 'w', promise: 'durable' },
  },
  'promotes-the-last': {
    about: 'The monitor promotes any replica that it hears of, such as the one that lags most',
    source:
      'Redis documentation, WAIT: Sentinel makes an effort to promote the best replica, and no more; its replica-priority goes before the offset',
    violates: 'durable',
    constants: { servers: 3, mode: 'semi-sync', reads: 'primary', failover: 'fenced', clients: 'w', promise: 'durable' },
  },
  'fencing-assumed': {
    about: 'The monitor takes the primary for dead because it does not answer; the command to stop it has not reached it',
    source: 'Kleppmann, Designing Data-Intensive Applications, 2017, chapter 5, Handling Node Outages: split brain',
    violates: 'onePrimary',
    constants: { servers: 2, hears: 1, mode: 'async', reads: 'primary', failover: 'fenced', clients: 'ww', promise: 'onePrimary' },
  },
  'rejoin-without-truncating': {
    about: 'The old primary comes back as a replica with the writes that the failover has lost; the next failover brings them back to life',
    source: 'MySQL: errant transactions, which GTID_SUBTRACT shows; PostgreSQL 17 documentation, pg_rewind, which undoes them',
    violates: 'noResurrection',
    constants: {
      servers: 2,
      hears: 1,
      mode: 'async',
      reads: 'primary',
      failover: 'fenced',
      failovers: 2,
      clients: 'w',
      promise: 'noResurrection',
    },
  },
  'positions-are-counts': {
    about: 'A server that returns asks for what follows its own number of transactions, though its last ones are others',
    source:
      'MySQL 8.0 manual, GTID Auto-Positioning (what replaces positions in files); Redis documentation, Replication: an offset means something only together with a replication ID',
    violates: 'convergence',
    constants: { servers: 2, hears: 1, mode: 'async', reads: 'primary', failover: 'unfenced', clients: 'w', promise: 'convergence' },
  },
  'token-without-epoch': {
    about: 'A session remembers its position as a number: after a failover, other transactions fill it up',
    source:
      'Terry et al. 1994 (the sets of a session name its writes); MySQL 8.0 manual: WAIT_FOR_EXECUTED_GTID_SET, and MASTER_POS_WAIT before',
    violates: 'monotonicReads',
    constants: {
      servers: 2,
      hears: 1,
      mode: 'async',
      reads: 'session-token',
      failover: 'unfenced',
      clients: 'w w rrr',
      promise: 'monotonicReads',
    },
  },
  'token-dropped-on-failover': {
    about: 'A session forgets its token when there is a new primary, whose positions are others',
    source: 'Terry et al. 1994: where a guarantee cannot be provided, the session manager says so to the application',
    violates: 'readYourWrites',
    constants: {
      servers: 2,
      hears: 1,
      mode: 'async',
      reads: 'session-token',
      failover: 'fenced',
      clients: 'wr',
      promise: 'readYourWrites',
    },
  },
  'sticky-rerouted': {
    about: 'A session whose server is gone is sent to another one, whatever it has executed so far',
    source: 'Kleppmann 2017, chapter 5, Monotonic Reads: if that replica fails, the queries of the user have to be rerouted',
    violates: 'readYourWrites',
    constants: { servers: 2, hears: 1, mode: 'semi-sync', reads: 'sticky', failover: 'fenced', clients: 'wr', promise: 'readYourWrites' },
  },
  'non-deterministic-statement': {
    about: 'The statement x := UUID() is shipped as it is, and every replica computes another value',
    source: 'MySQL 8.0 manual, Determination of Safe and Unsafe Statements in Binary Logging',
    violates: 'convergence',
    constants: {
      servers: 2,
      hears: 1,
      mode: 'async',
      shipping: 'statement',
      reads: 'primary',
      failover: 'none',
      clients: 'w',
      promise: 'convergence',
    },
  },
  'applied-out-of-order': {
    about: 'A replica with several applier threads executes transactions in another order than its primary',
    source: 'MySQL 8.0 manual, Replication and Transaction Inconsistencies: gaps, without replica_preserve_commit_order',
    violates: 'monotonicWrites',
    constants: { servers: 2, hears: 1, mode: 'async', reads: 'sticky', failover: 'none', clients: 'ww rr', promise: 'monotonicWrites' },
  },
}
