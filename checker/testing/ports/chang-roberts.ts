/** Leader election on a ring with identities 1 to N clockwise; any subset of the nodes initiates. Source: TLA+ Examples, ChangRoberts. */
import { anyOf, cells, defineModel, type Id, ids, type Model, sets } from '../../index.ts'

interface Node {
  initiator: boolean
  state: 'candidate' | 'lost' | 'won'
  started: boolean
}

const starts: readonly Node[] = [
  { initiator: false, state: 'lost', started: false },
  { initiator: true, state: 'candidate', started: false },
]

export const changRoberts: Model = defineModel({
  name: 'chang-roberts',
  about: 'The initiator with the smallest identity wins',
  constants: { nodes: { default: 3, min: 2 } },
  state: (c) => ({ node: cells<Node>(c.nodes, anyOf(starts)), messages: sets<number>(c.nodes) }),
  actions: (on, c) => {
    const next = (i: Id): Id => ((i + 1) % c.nodes) as Id
    return {
      start: on.action({
        each: ids(c.nodes),
        when: (s, i) => !s.node[i].started,
        then: (s, i) => {
          s.node[i].started = true
          if (s.node[i].initiator) s.messages[next(i)].add(i + 1)
        },
      }),
      receive: on.action({
        each: ids(c.nodes),
        over: (s, i) => s.messages[i],
        when: (s, i) => s.node[i].started,
        then: (s, i, identity) => {
          s.messages[i].delete(identity)
          if (s.node[i].state !== 'lost' && identity < i + 1) s.node[i].state = 'lost'
          else if (s.node[i].state !== 'lost') {
            if (identity === i + 1) s.node[i].state = 'won'
            return
          }
          s.messages[next(i)].add(identity)
        },
      }),
    }
  },
  properties: (on) => ({
    correct: on.always('the winner is the initiator with the smallest identity, and everyone else knows that they lost', (s) =>
      s.node.every(
        (winner, i) =>
          winner.state !== 'won' ||
          (winner.initiator && s.node.every((other, j) => j === i || (other.state === 'lost' && (!other.initiator || j > i)))),
      ),
    ),
    elected: on.sometimes('someone wins', (s) => s.node.some(({ state }) => state === 'won')),
  }),
})
