/** What the page of the model says of its bounds. */

export const covers: readonly string[] = [
  'Preference lists: the first N distinct nodes clockwise from the position of a key, with several positions per node (sections 4.2 and 4.3).',
  'Coordinators: any node that keeps the key, or the first one that is up; they gather R answers, and W acknowledgements (section 4.5).',
  'Strict quorums, and sloppy ones with stand-ins, hints and their handoff (section 4.6).',
  'Vector clocks with siblings, contexts of writes, and clock truncation as a mistake; or last-writer-wins by clocks that may be apart (section 4.4).',
  'Read repair: none, after a read has returned, or before it returns, to W nodes, as Attiya, Bar-Noy & Dolev have it.',
  'Timestamps of local clocks, or after the newest that R nodes have, as Lynch & Shvartsman have it.',
  'Anti-entropy: two nodes walk down their hash trees and transfer the keys in which they differ (section 4.7).',
  'Deletions by tombstones, and their collection.',
  'Crashes, lost disks, partitions that heal, lost messages, and failure detectors that err (section 4.8.3), each with a budget.',
  'What clients see: session guarantees of one key, also where reads return siblings; with last-writer-wins, linearizability; reads that are never older than what was acknowledged, with both kinds of versions.',
  'What becomes of data: durability, resurrection, convergence, also in the end; and who has to wait for faults to end.',
]

export const omits: Readonly<Record<string, string>> = {
  'messages with answers':
    'An answer counts when it is given. One that takes its time lets a request take longer, and what overlaps may be in either order: this would excuse histories, not add any that are worse. Of what a node has said to a read, nothing is lost by reading it later.',
  'requests on their way from clients':
    'A request begins when its coordinator has it, and ends when that has what it waits for. Longer requests overlap more, which excuses more.',
  'time and timeouts':
    'Any message may wait for any time, and whoever does not answer may be taken for failed at any moment. A client that gives up is one that does not come back: its request stays open, which says that nobody knows what becomes of it.',
  'messages that come twice':
    'To merge what is there already changes nothing. Without tombstones, or once they are collected, it would: such a message is one that comes late here.',
  'collisions of hashes':
    'A hash stands for its content: two are equal iff that is. A collision, which no run is likely to see, would hide a difference until a key of the same sub-tree changes.',
  'changes of the ring':
    'Nodes neither join nor leave, so gossip about members has nothing to say (sections 4.8.1 and 4.9). The properties are claimed for a ring that stays as it is; while ranges of keys move, R and W count nodes of two lists.',
  'the vector clocks of the paper':
    'A coordinator sends the siblings that it has along with a new version, as Riak does, where the paper sends the new version alone (section 4.5): nodes learn earlier what read repair and anti-entropy would tell them. A clock tells the write that it was made for from those that it has seen by a dot (Almeida et al., Scalable and accurate causality tracking for eventually consistent stores, DAIS 2014); the bug clock-without-dot is without.',
  'keys of other ranges':
    'Nodes keep them apart, and no property is about two ranges. The keys of one range share their nodes and a hash tree.',
  'what clients make of siblings':
    'A write with a context stands for whatever its client has made of what it had read. The values themselves matter to no rule of the store.',
  'load and latency': 'Partitioning schemes, balance and admission control (sections 6.2 to 6.5) change who does how much, and when.',
}
