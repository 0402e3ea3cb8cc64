import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operations } from '../../properties/history.ts'
import { errorOf, readText, shortly } from './testing/read-text.ts'

describe('a history of PolyLin', () => {
  it('has intervals that touch overlap, unless ties are sequential', () => {
    const text = '# stack\npush 1 0 5\npop 1 5 6\npush 2 6 6\n'
    expect(shortly(readText(text).history)).toEqual([
      '0 invoke push 1',
      '1 invoke pop null',
      '0 ok push null',
      '0 invoke push 2',
      '1 ok pop 1',
      '0 ok push null',
    ])
    expect(shortly(readText(text, { ties: 'sequential' }).history)).toEqual([
      '0 invoke push 1',
      '0 ok push null',
      '0 invoke pop null',
      '0 ok pop 1',
      '0 invoke push 2',
      '0 ok push null',
    ])
  })

  it('keeps the real-time order of its intervals, one open operation a lane', () => {
    const interval = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 6 })).map(([start, length]) => ({ start, end: start + length }))
    fc.assert(
      fc.property(
        fc.array(interval, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('concurrent' as const, 'sequential' as const),
        (intervals, ties) => {
          const text = `# queue\n${intervals.map(({ start, end }, i) => `enq ${i} ${start} ${end}\n`).join('')}`
          const read = operations(readText(text, { ties }).history)
          expect(read).toHaveLength(intervals.length)
          const at = new Map(
            read.map(({ invocation, completion }) => [invocation.value, { call: invocation.index, return: completion?.index ?? 0 }]),
          )
          const touches = (a: number, b: number): boolean => {
            const [x, y] = [intervals[a], intervals[b]]
            return x !== undefined && y !== undefined && x.end === y.start
          }
          for (const [i, a] of intervals.entries())
            for (const [j, b] of intervals.entries()) {
              const [one, other] = [at.get(i), at.get(j)]
              if (i === j || one === undefined || other === undefined) continue
              const precedes = one.return < other.call
              if (!touches(i, j)) expect(precedes).toBe(a.end < b.start)
              else if (ties === 'concurrent') expect(precedes).toBe(false)
              else if (!touches(j, i)) expect(precedes).toBe(true)
            }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('has what a set answers before its times', () => {
    expect(shortly(readText('# set\ninsert 7 1 0 1\nremove 7 0 2 3\ncontains 7 true 4 5\n').history)).toEqual([
      '0 invoke insert 7',
      '0 ok insert true',
      '0 invoke remove 7',
      '0 ok remove false',
      '0 invoke contains 7',
      '0 ok contains true',
    ])
    expect(errorOf(() => readText('# set\ninsert 7 0 5'))).toBe(
      'history-syntax h:2:1: found insert 7 0 5, expected also what a set answered, 0 or 1, as in insert 7 1 0 5',
    )
  })

  it('has operations of deques and priority queues, which say -1 where they are empty', () => {
    const { history, model } = readText('# deque\npush_front 1 0 1\npeek_back 1 2 3\npop_front 1 4 5\npop_back -1 6 7')
    expect(model).toBe('deque')
    expect(shortly(history).filter((_, i) => i % 2)).toEqual([
      '0 ok push-front null',
      '0 ok peek-back 1',
      '0 ok pop-front 1',
      '0 ok pop-back null',
    ])
    const priorities = readText('# pqueue\ninsert -1 0 1\npoll 5 2 3\npeek -1 4 5')
    expect(priorities.model).toBe('priority-queue')
    expect(shortly(priorities.history)).toEqual([
      '0 invoke insert -1',
      '0 ok insert null',
      '0 invoke poll null',
      '0 ok poll 5',
      '0 invoke peek null',
      '0 ok peek null',
    ])
  })

  it('has times of any size', () => {
    const { history } = readText('# queue\nenq 2 9007199254740993 9007199254740994\nenq 1 9007199254740990 9007199254740992\n')
    expect(shortly(history)).toEqual(['0 invoke enqueue 1', '0 ok enqueue null', '0 invoke enqueue 2', '0 ok enqueue null'])
  })
})
