import { describe, expect, it } from 'vitest'
import type { HistoryEvent, Value } from '../../../properties/index.ts'
import { judgeRaft } from './judge-raft.ts'

/** `0 lead 2 1,1`: server 0 was seen to lead term 2 with a log of two entries of term 1. */
const history = (...lines: readonly string[]): readonly HistoryEvent<Value>[] =>
  lines.map((line, index) => {
    const [process = '', f = '', term, log = ''] = line.split(' ')
    const value = { term: Number(term), log: log === '' ? [] : log.split(',').map(Number) }
    return { index, process: `server ${process}`, type: 'ok', f, value }
  })

const judged = (property: string, ...lines: readonly string[]): string => {
  const { violated, text } = judgeRaft(history(...lines), property)
  return violated ? text : 'holds'
}

describe('what real servers have said', () => {
  it('breaks election safety where two have led a term, at any time', () => {
    expect(judged('electionSafety', '0 lead 1', '1 lead 2', '2 lead 1')).toBe('server 0 and server 2 have both led term 1')
    expect(judged('electionSafety', '0 lead 1', '1 lead 2', '0 lead 3', '0 lead 1')).toBe('holds')
  })

  it('breaks leader completeness where a later leader lacks what was committed', () => {
    expect(judged('leaderCompleteness', '0 commit 1 1,1', '2 lead 2 1')).toBe(
      'server 2 has led term 2 without entry 2 of term 1, which server 0 had committed',
    )
    expect(judged('leaderCompleteness', '0 commit 1 1,1', '2 lead 2 1,1,2', '1 lead 1')).toBe('holds')
  })

  it('breaks state machine safety where different entries are committed at an index', () => {
    expect(judged('stateMachineSafety', '0 commit 2 1,2', '1 commit 3 1,3')).toBe(
      'at index 2 server 0 and server 1 have committed entries of the terms 2 and 3',
    )
    expect(judged('stateMachineSafety', '0 commit 2 1,2', '1 commit 2 1')).toBe('holds')
  })
})
