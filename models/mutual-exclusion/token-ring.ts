/**
 * A token ring: nodes on a ring, of which the one that holds the token may be inside its critical section. Who leaves passes
 * the token on, and so does a holder that does not want to be inside.
 *
 * Omitted: that the token is a message, and may be lost; a lost token needs an election (Le Lann, 1977), or a ring that
 * stabilizes by itself (Dijkstra, 1974).
 *
 * Source: Le Lann, Distributed systems: towards a formal approach, IFIP Congress 1977.
 */
import { cell, cells, defineModel, ids, type Model } from '../../checker/index.ts'

export const tokenRing: Model = defineModel({
  name: 'token-ring',
  about: 'Nodes on a ring pass a token, whose holder may be in its critical section',
  source: 'Le Lann, Distributed systems: towards a formal approach, IFIP Congress 1977',
  covers: [
    'Nodes that want to be inside, or not, as they please; the one that holds the token may enter',
    'Passing the token on, from a node that leaves and from one that has no use for it (weak fairness)',
  ],
  omits: {
    'that the token is a message': 'a ring on which it never gets lost behaves as if it were handed over at once',
    'its loss': 'that needs an election (Le Lann, 1977), or a ring that stabilizes by itself (Dijkstra, 1974): other protocols',
  },
  constants: { nodes: { default: 3, min: 2, max: 8, about: 'nodes on the ring' } },
  bugs: {
    'pass-while-inside': {
      about: 'A node passes the token on without leaving the critical section',
      violates: 'mutualExclusion',
      constants: { nodes: 2 },
    },
    'token-kept': {
      about: 'A node that leaves keeps the token, and may be inside again before it passes the token on',
      violates: 'node0GetsIn',
      constants: { nodes: 2 },
    },
  },
  state: (c) => ({
    /** Who holds the token. */
    token: cell<number>(0),
    /** What each node is up to. */
    node: cells<'outside' | 'wants' | 'inside'>(c.nodes, 'outside'),
  }),
  actions: (on, c, bug) => ({
    /** Enabled iff the node is outside. No one has to. */
    want: on.action({
      each: ids(c.nodes),
      when: (s, i) => s.node[i] === 'outside',
      then: (s, i) => {
        s.node[i] = 'wants'
      },
    }),
    /** Enabled iff the node wants to be inside and holds the token. */
    enter: on.action({
      each: ids(c.nodes),
      fair: 'weak',
      when: (s, i) => s.node[i] === 'wants' && s.token === i,
      then: (s, i) => {
        s.node[i] = 'inside'
      },
    }),
    /** Enabled iff the node is inside. */
    leave: on.action({
      each: ids(c.nodes),
      fair: 'weak',
      when: (s, i) => s.node[i] === 'inside',
      then: (s, i) => {
        s.node[i] = 'outside'
        if (!bug('token-kept') && s.token === i) s.token = (i + 1) % c.nodes
      },
    }),
    /** Enabled iff the node holds the token and has no use for it. */
    pass: on.action({
      each: ids(c.nodes),
      fair: 'weak',
      when: (s, i) => s.token === i && (s.node[i] === 'outside' || (bug('pass-while-inside') && s.node[i] === 'inside')),
      then: (s, i) => {
        s.token = (i + 1) % c.nodes
      },
    }),
  }),
  properties: (on, c) => ({
    mutualExclusion: on.always('at most one node is inside', (s) => s.node.filter((place) => place === 'inside').length <= 1),
    lastGetsIn: on.sometimes('the last node is inside', (s) => s.node[c.nodes - 1] === 'inside'),
    ...Object.fromEntries(
      ids(c.nodes).map((i) => [
        `node${i}GetsIn`,
        on.leadsTo(
          `node ${i} gets in when it wants to`,
          (s) => s.node[i] === 'wants',
          (s) => s.node[i] === 'inside',
        ),
      ]),
    ),
    tokenComesRound: on.alwaysEventually('node 0 holds the token again and again', (s) => s.token === 0),
  }),
  // n nodes have 3n 2^(n-1) states: n holders, of whom each is in one of 3 places and each other node in one of 2.
  instances: [
    { constants: { nodes: 2 }, expect: 'holds', distinct: 12, generated: 23, depth: 5 },
    { constants: { nodes: 3 }, expect: 'holds', distinct: 36, generated: 85, depth: 7 },
    { constants: { nodes: 6 }, expect: 'holds', distinct: 576, generated: 2_209, depth: 13 },
    { bugs: ['pass-while-inside'], expect: 'mutualExclusion', depth: 6 },
    { bugs: ['token-kept'], expect: 'node0GetsIn', distinct: 12, generated: 23, depth: 6 },
  ],
})
