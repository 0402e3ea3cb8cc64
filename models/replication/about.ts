/** What the model covers, and what it leaves out. */

export const covers: readonly string[] = [
  'A primary that takes writes, and replicas that pull them from it by position, each as far behind as it likes.',
  'Asynchronous replication; semi-synchronous, with k acknowledgements of receipt, where a write is shown before or after these (MySQL: AFTER_COMMIT and AFTER_SYNC); synchronous, with all replicas having executed it (PostgreSQL: remote_apply); Redis with WAIT.',
  'That a replica has received a transaction and has not executed it: an acknowledgement promises the one, and a reader sees the other.',
  'Shipping of what transactions wrote, and of their statements.',
  'Reads at the primary, at replicas only, at any server, at the server to which a session sticks, and at any that has executed what the token of the session names.',
  'A monitor that suspects a primary which may only be slow or cut off, stops it or fails to, compares the replicas of which it hears, and promotes the most advanced.',
  'An old primary that does not know that it is deposed, and goes on; and its return as a replica, which throws away what the new primary lacks.',
  'What all this costs: clients that wait for a server that is down, or for a write that is lost.',
  'Divergence as sets of transactions, as GTIDs show it; writes that a failover has lost, and that come back.',
]

export const omits: Readonly<Record<string, string>> = {
  'messages on their way, lost or repeated':
    'a replica asks for what follows its own position over a connection that keeps the order; what is on its way is what it has not pulled yet, and what is lost it asks for again',
  'the time that requests and answers take': 'promises to clients are the harder to keep the shorter their operations are',
  partitions:
    'who is cut off does nothing with the other side for a while, and any server may do nothing for any while; fairness says that it comes to an end',
  'crashes of servers that are not replaced':
    'a server that comes back with what it has on disk is one that was slow; disks that lose what they had are left out',
  'clients that give up on a primary which is up':
    'the write stays where it is, and whether its client waits or has gone away makes no difference to the others',
  'agreement among several monitors':
    'they elect one of themselves for each failover, as Redis Sentinel does by epochs, so that failovers come one after the other',
  'several objects':
    'a server shows the writes of all objects in the order of its log, so that reads of two objects at one server never go backwards where those of one do not',
  'how long replicas lag, in seconds':
    'nothing bounds the lag, so what is promised for a time after a write, such as reads at the primary for a minute, is not promised at all',
}
