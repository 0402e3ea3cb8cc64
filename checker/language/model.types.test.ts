import { describe, expect, it } from 'vitest'
import { anyOf, bags, cell, cells, defineModel, fifo, type Id, ids, network, set } from '../index.ts'

interface Node {
  role: 'follower' | 'leader'
  term: number
  log: { term: number }[]
}
interface Message {
  kind: 'vote'
  term: number
}

const follower: Node = { role: 'follower', term: 0, log: [] }

describe('the model language', () => {
  it('infers the state in tests of liveness properties', () => {
    const model = defineModel({
      name: 'types',
      about: 'type tests',
      state: () => ({ phase: cell<'init' | 'done'>('init') }),
      actions: (on) => ({
        // @ts-expect-error -- not a kind of fairness
        rest: on.action({ fair: 'very', then: () => {} }),
      }),
      properties: (on) => ({
        ends: on.eventually('it ends', (s) => s.phase === 'done'),
        follows: on.leadsTo(
          'the end follows',
          (s) => s.phase === 'init',
          // @ts-expect-error -- no such phase
          (s) => s.phase === 'over',
        ),
        // @ts-expect-error -- no such slot
        again: on.alwaysEventually('again', (s) => s.face === 'done'),
        // @ts-expect-error -- a test answers true or false
        stays: on.stabilizes('stays', () => 'yes'),
      }),
    })
    expect(model.name).toBe('types')
  })

  it('infers the state, the arguments, the constants and the bugs', () => {
    const model = defineModel({
      name: 'types',
      about: 'type tests',
      constants: { nodes: 3, mode: { default: 'a', oneOf: ['a', 'b'] }, fast: false, terms: { default: 2, min: 1, max: 5 } },
      bugs: { forgetful: 'forgets', eager: { about: 'too early', violates: 'safe' } },
      state: (c) => ({
        node: cells(c.nodes, follower),
        inbox: bags<Message>(c.nodes),
        queue: fifo<number>(),
        seen: set<string>(),
        phase: cell<'init' | 'done'>('init'),
        start: cell(anyOf([1, 2])),
        net: network<Message>({ nodes: c.nodes }),
      }),
      actions: (on, c, bug) => ({
        timeout: on.action({
          each: ids(c.nodes),
          when: (s, i) => s.node[i].term < c.terms && s.node[i].role === 'follower' && s.phase === 'init',
          then: (s, i) => {
            s.node[i].term += 1
            s.node[i].log.push({ term: bug('forgetful') ? 0 : s.node[i].term })
            s.phase = 'done'
            s.node[i] = follower
            s.net.broadcast(i, { kind: 'vote', term: 1 })
          },
        }),
        receive: on.action({
          each: ids(c.nodes),
          over: (s, i) => s.inbox[i],
          when: (s, i, message) => message.term > s.node[i].term,
          then: (s, i, message) => {
            s.inbox[i].remove(message)
            s.queue.push(message.term)
          },
        }),
        dynamic: on.action({
          over: (s) => s.queue.front,
          then: (s, n) => {
            s.queue.shift()
            s.seen.add(n.toFixed())
          },
        }),
        plain: on.action({
          when: (s) => s.start === 1,
          then: (s) => {
            s.start = 2
          },
        }),
        pair: on.action({
          each: [
            [0, 1],
            [1, 0],
          ],
          then: (s, [i, j]) => {
            s.node[i].term = s.node[j].term
          },
        }),
        deliver: on.receive('net', {
          then: (s, to, message, from) => {
            s.node[to].term = message.term + from
          },
        }),
        wrong: on.action({
          each: ids(c.nodes),
          // @ts-expect-error a misspelt field
          when: (s, i) => s.node[i].trem > 0,
          then: (s, i) => {
            // @ts-expect-error not a value of the cell
            s.phase = 'finished'
            // @ts-expect-error not a message
            s.inbox[i].add({ kind: 'vote' })
            // @ts-expect-error accumulators are not assigned
            s.queue = []
            // @ts-expect-error not a declared bug
            bug('unknown')
            // @ts-expect-error not a declared constant
            c.unknown
          },
        }),
        readOnly: on.action({
          when: (s) => {
            // @ts-expect-error guards do not assign
            s.phase = 'done'
            // @ts-expect-error guards do not operate
            s.queue.push(1)
            return c.mode === 'a'
          },
          then: () => {},
        }),
        // @ts-expect-error not a choice of the constant
        choice: on.action({ when: () => c.mode === 'c', then: () => {} }),
        // @ts-expect-error not a network slot
        noNetwork: on.receive('queue', { then: () => {} }),
      }),
      properties: (on) => ({
        safe: on.always('terms agree', (s) => s.node.every((n) => n.term >= 0) || 'a negative term'),
        parts: on.always({ one: (s) => s.node[0].term >= 0, two: (s) => s.seen.size >= 0 }),
        reached: on.sometimes((s) => s.phase === 'done'),
        monotonic: on.step('terms never fall', 'node', (before, after) => after.term >= before.term),
        // @ts-expect-error a misspelt slot
        typo: on.always((s) => s.nodes.length > 0),
      }),
      done: (s) => s.phase === 'done',
      boundary: (s, c) => s.node[0].term <= c.terms,
    })
    expect(Object.keys(model.bugs)).toEqual(['forgetful', 'eager'])
    const index: Id = 2
    expect(index).toBe(2)
  })
})
