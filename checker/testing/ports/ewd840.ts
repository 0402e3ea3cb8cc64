/** Dijkstra's termination detection on a ring, from every colouring and token position. Source: TLA+ Examples, EWD840. */
import { anyOf, cell, cells, defineModel, type Id, ids, type Model } from '../../index.ts'

const starts = [false, true].flatMap((active) => [false, true].map((black) => ({ active, black })))

export const ewd840: Model = defineModel({
  name: 'ewd840',
  about: 'A token travels the ring and tells node 0 whether everyone is idle',
  constants: { nodes: { default: 3, min: 2 } },
  state: (c) => ({
    node: cells(c.nodes, anyOf(starts)),
    token: cell(anyOf(ids(c.nodes).map((at) => ({ at, black: true })))),
  }),
  actions: (on, c) => ({
    initiateProbe: on.action({
      when: (s) => s.token.at === 0 && (s.token.black || s.node[0].black),
      then: (s) => {
        s.token = { at: (c.nodes - 1) as Id, black: false }
        s.node[0].black = false
      },
    }),
    passToken: on.action({
      each: ids(c.nodes).slice(1),
      when: (s, i) => s.token.at === i && (!s.node[i].active || s.node[i].black || s.token.black),
      then: (s, i) => {
        s.token = { at: (i - 1) as Id, black: s.node[i].black || s.token.black }
        s.node[i].black = false
      },
    }),
    send: on.action({
      each: ids(c.nodes).flatMap((from) =>
        ids(c.nodes)
          .filter((to) => to !== from)
          .map((to) => [from, to] as const),
      ),
      when: (s, [from]) => s.node[from].active,
      then: (s, [from, to]) => {
        s.node[to].active = true
        if (to > from) s.node[from].black = true
      },
    }),
    deactivate: on.action({
      each: ids(c.nodes),
      when: (s, i) => s.node[i].active,
      then: (s, i) => {
        s.node[i].active = false
      },
    }),
  }),
  properties: (on) => ({
    detection: on.always(
      'when the token says terminated, everyone is idle',
      (s) => s.token.at !== 0 || s.token.black || s.node[0].black || s.node[0].active || s.node.every(({ active }) => !active),
    ),
  }),
})
