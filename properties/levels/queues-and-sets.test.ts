import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../operation.ts'
import type { Outcome, Spec } from '../spec.ts'
import { brief, columns, problemOf, testQueue, testRegister, testSet } from '../testing/levels-histories.ts'
import * as reference from '../testing/levels-reference.ts'
import { isList, keyOf, type Value } from '../value.ts'
import { delivery } from './delivery.ts'
import { eventuallyConverges } from './eventual.ts'
import { levels } from './index.ts'
import { noLostWrites } from './no-lost-writes.ts'
import { pram } from './pram.ts'
import { sequentiallyConsistent } from './sequential.ts'

interface Draft {
  readonly process: number
  readonly f: string
  readonly pick: number
  readonly length: number
  readonly crashes: boolean
}

/** Histories of a queue or a set: `outputs` lists what an operation may return. */
function histories(most: number, names: readonly string[], outputs: (f: string, pick: number) => Value): fc.Arbitrary<Operation[]> {
  const draft = fc.record({
    process: fc.nat(2),
    f: fc.constantFrom(...names),
    pick: fc.nat(11),
    length: fc.nat(5),
    crashes: fc.nat(9).map((n) => n === 0),
  })
  return fc.array(draft, { minLength: 1, maxLength: most }).map((drafts: readonly Draft[]) => {
    const freeAt = new Map<number, number>()
    const shift = [0, 0, 0]
    let added = 0
    return drafts
      .map(({ process: client, f, pick, length, crashes }, id): Operation => {
        const process = client + 3 * (shift[client] as number)
        const call = Math.max(freeAt.get(process) ?? 0, id * 40)
        const end = call + 10 + 20 * length
        freeAt.set(process, end + 20)
        if (crashes) shift[client] = (shift[client] as number) + 1
        const adds = f === 'enqueue' || f === 'add'
        const input = adds ? (pick === 0 ? 1 : ++added) : null
        const output = crashes ? undefined : adds ? null : outputs(f, pick)
        const times = { call: call + id / 100, return: crashes ? Number.POSITIVE_INFINITY : end + id / 100 }
        return { id, process, key: undefined, f, input, output, completion: crashes ? 'info' : 'ok', ...times }
      })
      .sort((a, b) => a.call - b.call)
  })
}

const queues = histories(7, ['enqueue', 'enqueue', 'dequeue', 'dequeue', 'peek'], (_, pick) => (pick < 4 ? null : (pick % 3) + 1))
const sets = histories(6, ['add', 'read', 'read'], (_, pick) => [[], [1], [1, 2], [1], [2, 1], [1, 2, 3]][pick % 6] as Value)

function verdictsOf(histories: fc.Arbitrary<Operation[]>, spec: Spec, check: (operations: Operation[]) => string): Set<string> {
  const seen = new Set<string>()
  fc.assert(
    fc.property(histories, (operations) => {
      seen.add(check(operations))
    }),
    { numRuns: 600 },
  )
  expect(spec.name).not.toBe('')
  return seen
}

describe('sequential consistency of any object', () => {
  it.each([
    ['queues', queues, testQueue],
    ['sets', sets, testSet],
  ] as const)('agrees with all orders: %s', (_, arbitrary, spec) => {
    const seen = verdictsOf(arbitrary, spec, (operations) => {
      const problem = problemOf(operations, spec)
      const decision = sequentiallyConsistent(problem)
      expect(`${decision.verdict}: ${brief(operations)}`).toBe(
        `${reference.isSequential(problem) ? 'holds' : 'violated'}: ${brief(operations)}`,
      )
      if (decision.verdict === 'violated') expect(reference.isSequential(problemOf(decision.core, spec))).toBe(false)
      if (decision.verdict === 'holds') {
        const order = decision.witness ?? []
        const lined = order.map((operation, i) => ({
          ...operation,
          call: 2 * i,
          return: operation.completion === 'ok' ? 2 * i + 1 : Number.POSITIVE_INFINITY,
        }))
        expect(reference.isLinearizable(problemOf(lined, spec))).toBe(true)
        expect(pram(problem).verdict).toBe('holds')
      }
      return decision.verdict
    })
    expect([...seen].sort()).toEqual(['holds', 'violated'])
  })
})

it('does not take a comparison that failed for a write that hides the value', () => {
  const cas = (value: Value, [from, to]: [Value, Value]): Outcome =>
    keyOf(value) === keyOf(from) ? { state: to, returns: true } : { returns: false }
  const spec: Spec = {
    ...testRegister,
    operations: { ...testRegister.operations, cas },
    access: (o) => (o.output === false ? {} : (testRegister.access?.(o) ?? {})),
  }
  const compare: Partial<Operation> = { f: 'cas', input: [0, 6], output: false }
  const operations = columns('A: wx1 . . wx2\nB: . rx5 rx1').map((operation) =>
    operation.output === 5 ? { ...operation, ...compare } : operation,
  )
  expect(sequentiallyConsistent(problemOf(operations, spec)).verdict).toBe('holds')
})

describe('PRAM of any object', () => {
  it.each([
    ['queues', queues, testQueue],
    ['sets', sets, testSet],
  ] as const)('agrees with all orders for each process: %s', (_, arbitrary, spec) => {
    const seen = verdictsOf(arbitrary, spec, (operations) => {
      const holds = [...new Set(operations.map(({ process }) => process))].every((process) =>
        reference.isSequential(
          problemOf(
            operations.flatMap((operation) =>
              operation.process === process ? [operation] : spec.observers.has(operation.f) ? [] : [{ ...operation, output: undefined }],
            ),
            spec,
          ),
        ),
      )
      const { verdict } = pram(problemOf(operations, spec))
      expect(`${verdict}: ${brief(operations)}`).toBe(`${holds ? 'holds' : 'violated'}: ${brief(operations)}`)
      return verdict
    })
    expect([...seen].sort()).toEqual(['holds', 'violated'])
  })
})

describe('delivery', () => {
  const run = (
    f: string,
    process: number,
    at: number,
    input: Value,
    output: Value | undefined,
    completion: Operation['completion'] = 'ok',
  ): Operation => ({
    ...{ id: at, process, key: undefined, f, input, output, completion, call: 10 * at },
    return: completion === 'info' ? Number.POSITIVE_INFINITY : 10 * at + 5,
  })
  const verdicts = (operations: readonly Operation[]): string =>
    ['at-least-once', 'at-most-once', 'exactly-once']
      .map((name) => levels[name]?.decide(problemOf(operations, testQueue)).verdict)
      .join(' ')

  it.each([
    [
      'each item is delivered once',
      'holds holds holds',
      [run('enqueue', 0, 0, 1, null), run('dequeue', 1, 1, null, 1), run('dequeue', 1, 2, null, null)],
    ],
    ['an item is lost', 'violated holds violated', [run('enqueue', 0, 0, 1, null), run('dequeue', 1, 2, null, null)]],
    ['an item may still come', 'holds holds holds', [run('dequeue', 1, 0, null, null), run('enqueue', 0, 1, 1, null)]],
    [
      'a drain misses one',
      'violated holds violated',
      [run('enqueue', 0, 0, 1, null), run('enqueue', 0, 1, 2, null), run('drain', 1, 2, null, [2])],
    ],
    [
      'a crashed dequeue excuses it',
      'holds holds holds',
      [run('enqueue', 0, 0, 1, null), run('dequeue', 2, 1, null, undefined, 'info'), run('dequeue', 1, 2, null, null)],
    ],
    [
      'an item comes twice',
      'holds violated violated',
      [run('enqueue', 0, 0, 1, null), run('dequeue', 1, 1, null, 1), run('dequeue', 2, 2, null, 1)],
    ],
    ['an item is made up', 'violated violated violated', [run('dequeue', 1, 1, null, 1)]],
    ['an item comes too early', 'violated violated violated', [run('dequeue', 1, 1, null, 1), run('enqueue', 0, 2, 1, null)]],
    ['a crashed enqueue is delivered', 'holds holds holds', [run('enqueue', 0, 0, 1, undefined, 'info'), run('dequeue', 1, 1, null, 1)]],
    [
      'a crashed enqueue is delivered twice',
      'holds violated violated',
      [run('enqueue', 0, 0, 1, undefined, 'info'), run('drain', 1, 1, null, [1, 1])],
    ],
  ] as const)('%s', (_, expected, operations) => {
    expect(verdicts(operations)).toBe(expected)
  })

  it('reports overtaking in a note', () => {
    const decision = delivery('exactly-once')(
      problemOf(
        [run('enqueue', 0, 0, 1, null), run('enqueue', 0, 1, 2, null), run('dequeue', 1, 2, null, 2), run('dequeue', 1, 3, null, 1)],
        testQueue,
      ),
    )
    expect(decision).toMatchObject({ verdict: 'holds', note: '1 item dequeued after one that had been enqueued later' })
  })

  it('agrees with every way in which crashed dequeues can have ended', () => {
    const seen = verdictsOf(
      histories(8, ['enqueue', 'enqueue', 'dequeue'], (_, pick) => (pick < 4 ? null : (pick % 4) + 1)),
      testQueue,
      (operations) => {
        const { verdict } = delivery('exactly-once')(problemOf(operations, testQueue))
        expect(`${verdict}: ${brief(operations)}`).toBe(`${isDeliveredOnce(operations) ? 'holds' : 'violated'}: ${brief(operations)}`)
        return verdict
      },
    )
    expect([...seen].sort()).toEqual(['holds', 'violated'])
  })

  /** By giving every crashed dequeue each item, or none. */
  function isDeliveredOnce(operations: readonly Operation[]): boolean {
    const open = operations.find(({ f, completion, output }) => f === 'dequeue' && completion === 'info' && output === undefined)
    if (open !== undefined)
      return [...operations.flatMap(({ f, input }) => (f === 'enqueue' ? [input] : [])), 'nothing'].some((output) =>
        isDeliveredOnce(operations.map((operation) => (operation === open ? { ...open, output } : operation))),
      )
    const enqueued = operations.filter(({ f }) => f === 'enqueue')
    const dequeued = operations.filter(({ f, output }) => f === 'dequeue' && output !== null && output !== 'nothing')
    const lastEmpty = Math.max(-1, ...operations.filter(({ f, output }) => f === 'dequeue' && output === null).map(({ call }) => call))
    const values = new Set([...enqueued.map(({ input }) => input), ...dequeued.map(({ output }) => output)])
    return [...values].every((value) => {
      const added = enqueued.filter(({ input }) => input === value)
      const taken = dequeued.filter(({ output }) => output === value)
      const sure = taken.filter(({ completion }) => completion === 'ok')
      return (
        sure.every((take) => added.some(({ call }) => call < take.return)) &&
        sure.length <= added.length &&
        added.filter(({ completion, return: end }) => completion === 'ok' && end < lastEmpty).length <= taken.length
      )
    })
  }
})

describe('eventual convergence', () => {
  const decide = (text: string) => eventuallyConverges(problemOf(columns(text)))

  it.each([
    ['reads after the last write agree', 'holds', 'A: wx1 . rx1\nB: . . rx1'],
    ['reads after the last write disagree', 'violated', 'A: wx1 wx2 . rx1\nB: . . . rx2'],
    ['only reads during writes disagree', 'inapplicable', 'A: wx1 wx2\nB: rx0 rx1'],
    ['nobody reads after the last write', 'inapplicable', 'A: wx1\nB: rx0'],
    ['a crashed write takes effect late', 'holds', 'A: wx1?\nB: rx0 rx1 rx0'],
    ['a crashed write does not explain it', 'violated', 'A: wx1 wx2\nB: wx3? . . rx1\nC: . . . rx2'],
    ['a value that nobody wrote', 'violated', 'A: wx1 . rx7'],
    ['nothing is ever written', 'holds', 'A: rx0\nB: rx0'],
  ])('%s: %s', (_, verdict, text) => {
    expect(decide(text).verdict).toBe(verdict)
  })

  it('waits for the quiet time', () => {
    const problem = problemOf(columns('A: wx1 wx2 . . rx2\nB: . . rx1 . rx2'))
    expect(eventuallyConverges(problem).verdict).toBe('violated')
    expect(eventuallyConverges(problem, { quietNs: 200 }).verdict).toBe('holds')
    expect(eventuallyConverges(problem, { quietNs: 2000 })).toMatchObject({
      verdict: 'inapplicable',
      reason: expect.stringContaining('quiet time'),
    })
  })

  it('compares sets whatever the order of their elements, but for additions with an unknown end', () => {
    const seen = verdictsOf(sets, testSet, (operations) => {
      const { verdict } = eventuallyConverges(problemOf(operations, testSet))
      const ends = operations.filter(({ f, completion }) => f === 'add' && completion === 'ok').map((operation) => operation.return)
      const finals = operations.filter(({ f, completion, call }) => f === 'read' && completion === 'ok' && ends.every((end) => end < call))
      const crashed = operations.filter(({ f, completion }) => f === 'add' && completion === 'info').map(({ input }) => keyOf(input))
      const views = finals.map(({ output }) =>
        (isList(output) ? output.map((v) => keyOf(v)) : [])
          .filter((v) => !crashed.includes(v))
          .sort()
          .join(),
      )
      const expected = finals.length === 0 ? 'inapplicable' : new Set(views).size === 1 ? 'holds' : 'violated'
      expect(`${verdict}: ${brief(operations)}`).toBe(`${expected}: ${brief(operations)}`)
      return verdict
    })
    expect(seen.size).toBe(3)
  })
})

describe('no lost writes', () => {
  it('finds every acknowledged element in every final read of a set', () => {
    const seen = verdictsOf(sets, testSet, (operations) => {
      const { verdict } = noLostWrites(problemOf(operations, testSet))
      const added = operations.filter(({ f, completion }) => f === 'add' && completion === 'ok')
      const finals = operations.filter(
        ({ f, completion, call }) => f === 'read' && completion === 'ok' && added.every((add) => add.return < call),
      )
      const holds = finals.every(({ output }) => isList(output) && added.every(({ input }) => output.includes(input)))
      expect(`${verdict}: ${brief(operations)}`).toBe(
        `${finals.length === 0 ? 'inapplicable' : holds ? 'holds' : 'violated'}: ${brief(operations)}`,
      )
      return verdict
    })
    expect(seen.size).toBe(3)
  })

  it.each([
    ['the last write is read', 'holds', 'A: wx1 wx2 rx2'],
    ['an overwritten value is read', 'violated', 'A: wx1 wx2 rx1'],
    ['the initial value is read', 'violated', 'A: wx1 rx0'],
    ['concurrent writes: either may stay', 'holds', 'A: wx1 rx1\nB: wx2'],
    ['a crashed write stays', 'holds', 'A: wx1? \nB: . wx2 rx1'],
    ['an overwritten value is read before the last write ended', 'inapplicable', 'A: wx1 wx2 wx3\nB: . . rx1'],
  ])('of a register: %s', (_, verdict, text) => {
    expect(noLostWrites(problemOf(columns(text))).verdict).toBe(verdict)
  })

  it('says what was lost', () => {
    expect(noLostWrites(problemOf(columns('A: wx1 wx2\nB: . . rx1')))).toMatchObject({
      sentence: 'process A wrote 2 to x, which was acknowledged, but at the end process B read 1 of x, which it had overwritten',
    })
  })
})

describe('levels', () => {
  it('are inapplicable, with a reason, to what they do not speak of', () => {
    const enqueue = columns('A: wx1').map((operation) => ({ ...operation, f: 'enqueue' }))
    for (const name of [
      'causal',
      'causal-convergence',
      'read-your-writes',
      'regular',
      'k-atomic',
      'bounded-staleness',
      'writes-follow-reads',
    ])
      expect(levels[name]?.decide(problemOf(enqueue, testQueue))).toMatchObject({
        verdict: 'inapplicable',
        reason: expect.stringContaining('test-queue'),
      })
    expect(levels['at-least-once']?.decide(problemOf(columns('A: wx1')))).toMatchObject({ verdict: 'inapplicable' })
  })

  it('hold of the empty history where anything is said of it', () => {
    for (const level of Object.values(levels)) expect(['holds', 'inapplicable']).toContain(level.decide(problemOf([])).verdict)
  })

  it('do not mistake reads of unwritten values for violations if these are to be ignored', () => {
    const problem = problemOf(columns('A: wx1 rx7 rx1'))
    for (const name of ['sequential', 'causal', 'pram', 'regular', 'k-atomic', 'monotonic-reads']) {
      expect(levels[name]?.decide(problem).verdict).toBe('violated')
      expect(levels[name]?.decide({ ...problem, neverWritten: 'ignored' }).verdict).toBe('holds')
    }
  })

  it('say which value stems from nobody knows which write', () => {
    const spec = { ...testRegister }
    const operations = columns(`A: ${'wx1 '.repeat(20)}\nB: ${'rx1 '.repeat(20)}`)
    expect(levels['causal']?.decide(problemOf(operations, spec))).toMatchObject({
      verdict: 'inapplicable',
      reason: expect.stringMatching(/^1 was read of x/),
    })
  })
})
