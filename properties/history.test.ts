import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HistoryEvent, operations } from './history.ts'

const event = (index: number, process: number, type: HistoryEvent['type'], f = 'read'): HistoryEvent => ({
  index,
  process,
  type,
  f,
  value: null,
})

describe('the operations of a history', () => {
  it('are invocations with their completions, in the order of invocation', () => {
    const history = [event(0, 1, 'invoke'), event(1, 2, 'invoke'), event(2, 2, 'ok'), event(3, 1, 'fail'), event(4, 2, 'invoke')]
    expect(operations(history).map(({ invocation, completion }) => [invocation.index, completion?.index ?? null])).toEqual([
      [0, 3],
      [1, 2],
      [4, null],
    ])
  })

  it('of a process that crashed stay its last', () => {
    const history = [event(0, 1, 'invoke', 'write'), event(1, 1, 'info', 'write'), event(2, 1, 'invoke')]
    expect(() => operations(history)).toThrow('event 2: process 1 invokes read while its write is open')
  })

  it('need an invocation to be completed, and are not completed twice', () => {
    expect(() => operations([event(0, 1, 'ok')])).toThrow('event 0: process 1 completes read, which it has not invoked')
    expect(() => operations([event(0, 1, 'invoke'), event(1, 1, 'ok'), event(2, 1, 'ok')])).toThrow('event 2')
  })

  it('are as many as were invoked, whatever the interleaving', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 60 }), (processes) => {
        const open = new Set<number>()
        const history = processes.map((process, index) => {
          const type = open.has(process) ? 'ok' : 'invoke'
          if (type === 'ok') open.delete(process)
          else open.add(process)
          return event(index, process, type)
        })
        const found = operations(history)
        expect(found.length).toBe(history.filter(({ type }) => type === 'invoke').length)
        expect(found.filter(({ completion }) => completion === null).length).toBe(open.size)
        for (const { invocation, completion } of found) if (completion) expect(completion.process).toBe(invocation.process)
      }),
    )
  })
})
