import { describe, expect, it } from 'vitest'
import type { Refused } from '../../../explorer/api.ts'
import { byGuard, byProcess } from './groups.ts'

const refused = (text: string, source: string | null, process: number | null = 0): Refused => ({
  text,
  process,
  by: 'when',
  source,
  also: '',
  slots: [],
})

describe('groups', () => {
  it('are by process, with the environment last, and in order within', () => {
    const all = [refused('b(1)', null, 1), refused('drop()', null, null), refused('a(0)', null, 0), refused('a(1)', null, 1)]
    expect(byProcess(all).map(({ process, members }) => [process, members.map(({ text }) => text)])).toEqual([
      [0, ['a(0)']],
      [1, ['b(1)', 'a(1)']],
      [null, ['drop()']],
    ])
  })

  it('put together what one guard of one action refuses, and lose nothing', () => {
    const all = [refused('a(0)', 'x'), refused('b(0)', 'x'), refused('a(1)', 'x'), refused('a(2)', 'y')]
    expect(byGuard(all).map(({ action, source, instances }) => [action, source, instances.map(({ text }) => text)])).toEqual([
      ['a', 'x', ['a(0)', 'a(1)']],
      ['b', 'x', ['b(0)']],
      ['a', 'y', ['a(2)']],
    ])
  })
})
