import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import type { CheckResult } from '../result.ts'
import { defineModel, type Model } from './model.ts'
import { type NetworkOptions, network } from './network.ts'
import { cell, fifo, ids } from './slots.ts'

type Send = readonly [from: 0 | 1 | 2, to: 0 | 1 | 2, message: string]

/** Sends all messages in the first step; what arrives is logged in order. */
function mailing(options: NetworkOptions, sends: readonly Send[]): Model {
  return defineModel({
    name: 'mailing',
    about: '',
    state: () => ({ net: network<string>(options), sent: cell(false as boolean), log: cell<string[]>([]) }),
    actions: (on) => ({
      send: on.action({
        when: (s) => !s.sent,
        then: (s) => {
          s.sent = true
          for (const [from, to, message] of sends) s.net.send(from, to, message)
        },
      }),
      deliver: on.receive('net', {
        then: (s, to, message, from) => {
          s.log.push(`${from}>${to} ${message}`)
        },
      }),
    }),
    properties: (on) => ({ log: on.always((s) => s.log.length === 0 || s.log.join(', ')) }),
  })
}

const whole = { maxViolations: Number.POSITIVE_INFINITY }
const logs = ({ violations }: CheckResult): string[] => [...new Set(violations.map(({ message }) => message))].sort()
/** The longest logs: what can have arrived in the end. */
const ends = (result: CheckResult): string[] => {
  const all = logs(result)
  return all.filter((log) => !all.some((other) => other.startsWith(`${log}, `)))
}

describe('an unordered network', () => {
  it('delivers in any order', () => {
    const result = check(
      mailing({ nodes: 2 }, [
        [0, 1, 'a'],
        [0, 1, 'b'],
      ]),
      whole,
    )
    // Before, sent, a or b arrived first, ab, ba.
    expect(result.distinct).toBe(6)
    expect(ends(result)).toEqual(['0>1 a, 0>1 b', '0>1 b, 0>1 a'])
  })

  it('delivers equal messages as often as they were sent, and offers them once', () => {
    const result = check(
      mailing({ nodes: 2 }, [
        [0, 1, 'a'],
        [0, 1, 'a'],
      ]),
      whole,
    )
    // Before, sent, one arrived, both arrived; a successor each but for the last.
    expect(result).toMatchObject({ distinct: 4, generated: 4, terminal: 1 })
  })

  it('tells equal messages of different senders apart', () => {
    expect(
      ends(
        check(
          mailing({ nodes: 3 }, [
            [0, 2, 'a'],
            [1, 2, 'a'],
          ]),
          whole,
        ),
      ),
    ).toEqual(['0>2 a, 1>2 a', '1>2 a, 0>2 a'])
  })

  it('delivers what a node sends to itself', () => {
    expect(ends(check(mailing({ nodes: 2 }, [[1, 1, 'a']]), whole))).toEqual(['1>1 a'])
  })
})

describe('a fifo network', () => {
  it('keeps the order of a channel', () => {
    const result = check(
      mailing({ nodes: 2, order: 'fifo' }, [
        [0, 1, 'a'],
        [0, 1, 'b'],
      ]),
      whole,
    )
    // Before, sent, a, ab.
    expect(result.distinct).toBe(4)
    expect(ends(result)).toEqual(['0>1 a, 0>1 b'])
  })

  it('keeps no order between channels', () => {
    expect(
      ends(
        check(
          mailing({ nodes: 3, order: 'fifo' }, [
            [0, 2, 'a'],
            [1, 2, 'b'],
          ]),
          whole,
        ),
      ),
    ).toEqual(['0>2 a, 1>2 b', '1>2 b, 0>2 a'])
  })

  it('delivers what a node sends to itself', () => {
    expect(ends(check(mailing({ nodes: 2, order: 'fifo' }, [[1, 1, 'a']]), whole))).toEqual(['1>1 a'])
  })
})

describe.each(['unordered', 'fifo'] as const)('in an %s network', (order) => {
  it('a drop loses one message and spends the budget', () => {
    const result = check(
      mailing({ nodes: 2, order, drops: 1 }, [
        [0, 1, 'a'],
        [0, 1, 'b'],
      ]),
      whole,
    )
    const either = order === 'fifo' ? [] : ['0>1 b, 0>1 a']
    // Nothing shows of a log that is the beginning of another: a alone too may be the end.
    expect(ends(result)).toEqual(['0>1 a, 0>1 b', ...(order === 'fifo' ? ['0>1 b'] : either)])
    // unordered: before; both in flight, budget 1: logs -, budget 0: a or b in flight; and so on, by hand:
    //   budget 1: {}, {a,b}/-, {b}/a, {a}/b, {}/ab, {}/ba = 6;  budget 0: {b}/-, {a}/-, {}/a, {}/b = 4
    // fifo: budget 1: before, ab/-, b/a, /ab = 4;  budget 0: b/- (a dropped), /b, /a (b dropped after a arrived) = 3
    expect(result.distinct).toBe(order === 'fifo' ? 7 : 10)
    expect(result.actions['drop']?.taken).toBeGreaterThan(0)
  })

  it('a duplicate arrives a second time, within the budget', () => {
    const result = check(mailing({ nodes: 2, order, duplicates: 1 }, [[0, 1, 'a']]), whole)
    expect(ends(result)).toEqual(['0>1 a, 0>1 a'])
    // budget 1: before, a/-, /a; budget 0: aa/-, a/a, /aa
    expect(result.distinct).toBe(6)
  })

  it('nothing is dropped or duplicated without a budget', () => {
    expect(Object.keys(check(mailing({ nodes: 2, order }, [])).actions)).toEqual(['send', 'deliver'])
  })

  it('messages across a cut wait until it heals, others pass', () => {
    const model = mailing({ nodes: 3, order, partitions: 1 }, [
      [0, 1, 'a'],
      [1, 2, 'b'],
    ])
    const cutOff = defineModel({
      name: 'cut',
      about: '',
      state: () => ({ net: network<string>({ nodes: 3, order, partitions: 1 }), at: cell('start'), got: cell<string[]>([]) }),
      actions: (on) => ({
        send: on.action({
          when: (s) => s.at === 'start' && !s.net.connected(0, 1) && s.net.connected(1, 2),
          then: (s) => {
            s.at = 'sent'
            s.net.send(0, 1, 'a')
            s.net.send(1, 2, 'b')
          },
        }),
        deliver: on.receive('net', {
          then: (s, _to, message) => {
            s.got.push(message)
          },
        }),
      }),
      properties: (on) => ({
        waits: on.always((s) => !s.got.includes('a') || s.net.connected(0, 1)),
        passes: on.sometimes((s) => s.got.includes('b') && !s.net.connected(0, 1)),
        arrives: on.sometimes((s) => s.got.includes('a')),
        all: on.sometimes((s) => s.got.length === 2),
      }),
    })
    expect(check(cutOff)).toMatchObject({ verdict: 'holds' })
    expect(ends(check(model, whole))).toHaveLength(2)
  })

  it('a network splits in every way but none, heals, and splits no oftener than the budget says', () => {
    for (const [nodes, ways] of [
      [2, 1],
      [3, 3],
      [4, 7],
    ] as const) {
      for (const partitions of [1, 2]) {
        const result = check(mailing({ nodes, order, partitions }, []), whole)
        // Sent or not; per budget spent, cut in one of the ways or healed.
        expect(result.distinct).toBe(2 * (1 + partitions * (ways + 1)))
      }
    }
  })

  it('a message that is refused stays, and is delivered when it is no longer refused', () => {
    const model = defineModel({
      name: 'refusing',
      about: '',
      state: () => ({
        net: network<string>({ nodes: 2, order }),
        open: cell(false as boolean),
        got: cell(0),
        sent: cell(false as boolean),
      }),
      actions: (on) => ({
        send: on.action({
          when: (s) => !s.sent,
          then: (s) => {
            s.sent = true
            s.net.send(0, 1, 'a')
          },
        }),
        open: on.action({
          when: (s) => !s.open,
          then: (s) => {
            s.open = true
          },
        }),
        deliver: on.receive('net', {
          when: (s) => s.open,
          then: (s) => {
            s.got += 1
          },
        }),
      }),
      properties: (on) => ({
        closed: on.always((s) => s.open || s.got === 0),
        got: on.sometimes((s) => s.got === 1),
        once: on.always((s) => s.got < 2),
      }),
    })
    // (sent, open) in 4 ways, and got.
    expect(check(model)).toMatchObject({ verdict: 'holds', distinct: 5 })
  })

  it('a broadcast goes to all but the sender', () => {
    const model = defineModel({
      name: 'broadcast',
      about: '',
      state: () => ({ net: network<string>({ nodes: 4, order }), sent: cell(false as boolean), log: fifo<number>() }),
      actions: (on) => ({
        send: on.action({
          when: (s) => !s.sent,
          then: (s) => {
            s.sent = true
            s.net.broadcast(1, 'm')
          },
        }),
        deliver: on.receive('net', {
          then: (s, to) => {
            s.log.push(to)
          },
        }),
      }),
      properties: (on) => ({ all: on.always((s) => s.log.length < 3 || [...s.log].sort().join()) }),
    })
    expect(logs(check(model, whole))).toEqual(['0,2,3'])
  })

  it('`pending` shows what is on its way to a node', () => {
    const model = defineModel({
      name: 'pending',
      about: '',
      state: () => ({ net: network<string>({ nodes: 3, order }), sent: cell(false as boolean) }),
      actions: (on) => ({
        send: on.action({
          when: (s) => !s.sent,
          then: (s) => {
            s.sent = true
            s.net.send(0, 2, 'a')
            s.net.send(1, 2, 'b')
            s.net.send(2, 1, 'c')
          },
        }),
      }),
      properties: (on) => ({
        shows: on.always(
          (s) =>
            !s.sent ||
            ids(3)
              .map((to) =>
                s.net
                  .pending(to)
                  .map(({ from, message }) => `${from}${message}`)
                  .join(),
              )
              .join(' '),
        ),
      }),
    })
    expect(check(model).violations[0]?.message).toBe(' 2c 0a,1b')
  })

  it.each<[string, number, number]>([
    ['to', 0, 3],
    ['from', 3, 0],
    ['to', 0, -1],
  ])('a message %s a node that does not exist is refused', (_, from, to) => {
    const model = mailing({ nodes: 3, order }, [[from, to, 'a'] as unknown as Send])
    expect(() => check(model)).toThrow(/action send of model mailing.*node/)
  })
})

describe('fault actions of two networks', () => {
  it('have names of their own', () => {
    const model = defineModel({
      name: 'two',
      about: '',
      state: () => ({ up: network<string>({ nodes: 2, drops: 1 }), down: network<string>({ nodes: 2, drops: 1 }) }),
      actions: () => ({}),
      properties: () => ({}),
    })
    expect(Object.keys(check(model).actions)).toEqual(['drop', 'down.drop'])
  })
})

describe('options that make no sense', () => {
  it.each<[string, NetworkOptions]>([
    ['no nodes', { nodes: 0 }],
    ['a fraction of nodes', { nodes: 1.5 }],
    ['a negative budget', { nodes: 2, drops: -1 }],
    ['a fraction of a budget', { nodes: 2, duplicates: 0.5 }],
    ['an unknown order', { nodes: 2, order: 'lifo' as 'fifo' }],
  ])('are refused: %s', (_, options) => {
    expect(() => check(mailing(options, []))).toThrow(/network|nodes|budget|drops|duplicates|order/)
  })
})
