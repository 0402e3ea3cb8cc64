import { describe, expect, it } from 'vitest'
import { isUserError } from './errors.ts'
import { defineModel, type Model, type Table } from './language/model.ts'
import { cell } from './language/slots.ts'
import { judgeTable, judgingTable, requireTables, type TableCell } from './table.ts'

/** Counts to `end`, by steps of one or, with the bug, of two. */
function counting(tables: Readonly<Record<string, Partial<Table>>>): Model {
  return defineModel({
    name: 'm',
    about: '',
    constants: { end: { default: 4, min: 0, max: 100_000 }, watched: false },
    bugs: { 'by-twos': { about: 'Skips every other number', constants: { end: 6 } } },
    state: () => ({ n: cell(0) }),
    actions: (on, c, bug) => ({
      up: on.action({
        when: (s) => s.n < c.end,
        then: (s) => {
          s.n += bug('by-twos') ? 2 : 1
        },
      }),
    }),
    properties: (on, c) => ({
      small: on.always('n is less than 5', (s) => s.n < 5),
      tiny: on.always('n is less than 3', (s) => s.n < 3),
      reachesFour: on.sometimes('n is 4', (s) => s.n === 4),
      endsAtFour: on.eventually('n becomes 4', (s) => s.n === 4),
      ...(c.watched && { seen: on.always('somebody watches', () => true) }),
    }),
    done: (s) => s.n === 4,
    tables: tables as Readonly<Record<string, Table>>,
  })
}

const table: Table = {
  about: 'How far it counts',
  rows: { four: {}, nine: { constants: { end: 9 } }, twos: { bugs: ['by-twos'] } },
  columns: { small: { property: 'small' }, tiny: { property: 'tiny', words: { holds: 'yes', violated: 'no' } } },
  expect: { four: ['holds', 'no'], nine: ['violated', 'no'], twos: ['violated', 'no'] },
}

const words = (cells: readonly TableCell[]): (string | null)[] => cells.map(({ word }) => word)

describe('the cells of a table', () => {
  it('are checked with the constants and the bugs of their rows, those of a bug included', () => {
    const { verdict, cells, rows, columns } = judgeTable(counting({ t: table }), 't')
    expect(verdict).toBe('holds')
    expect(words(cells)).toEqual(['holds', 'no', 'violated', 'no', 'violated', 'no'])
    expect(cells.map(({ depth }) => depth)).toEqual([5, 4, 6, 4, 4, 3])
    expect(cells.map(({ checks }) => checks[0]?.trace?.steps.length ?? null)).toEqual([null, 3, 5, 3, 3, 2])
    expect(rows[2]).toEqual({ name: 'twos', constants: {}, bugs: ['by-twos'] })
    expect(columns[0]).toEqual({ name: 'small', property: 'small', sentence: 'n is less than 5' })
  })

  it('ask properties of every kind', () => {
    const kinds: Table = {
      about: '',
      rows: { four: {}, three: { constants: { end: 3 } }, nine: { constants: { end: 9 } } },
      columns: {
        four: { property: 'reachesFour' },
        stuck: { property: 'noDeadlock' },
        atLast: { property: 'endsAtFour' },
        seen: { property: 'seen', variants: [{ constants: { watched: true } }] },
      },
      expect: {
        four: ['holds', 'holds', 'violated', 'holds'],
        three: ['violated', 'violated', 'violated', 'holds'],
        nine: ['holds', 'violated', 'violated', 'holds'],
      },
    }
    const { verdict, cells } = judgeTable(counting({ kinds }), 'kinds')
    expect([verdict, ...words(cells)]).toEqual(['holds', ...Object.values(kinds.expect).flat()])
  })

  it('share the searches that decide several of them, and are the same as each alone', () => {
    const { cells } = judgeTable(counting({ t: table }), 't')
    const alone = Object.entries(table.columns).map(([name, column], i): Table => {
      const expected = Object.entries(table.expect).map(([row, all]) => [row, [all[i] ?? null]] as const)
      return { ...table, columns: { [name]: column }, expect: Object.fromEntries(expected) }
    })
    const apart = alone.flatMap((single) => judgeTable(counting({ single }), 'single').cells)
    const timeless = (all: readonly TableCell[]) =>
      all.map(({ seconds: _, checks, ...cell }) => ({ ...cell, checks: checks.map(({ seconds: __, ...check }) => check) }))
    expect(timeless(apart)).toEqual(
      timeless([...cells.filter(({ column }) => column === 'small'), ...cells.filter(({ column }) => column === 'tiny')]),
    )
  })

  it('differ where the property holds in some variants only', () => {
    const [column] = [
      {
        property: 'small',
        variants: [{ constants: { end: 4 } }, { constants: { end: 5 } }],
        words: { holds: 'a', violated: 'b', differs: 'c' },
      },
    ]
    const differing: Table = { about: '', rows: { one: {} }, columns: { column }, expect: { one: ['c'] } }
    const { verdict, cells } = judgeTable(counting({ differing }), 'differing')
    expect(verdict).toBe('holds')
    expect(cells).toMatchObject([
      { word: 'c', verdict: 'differs', distinct: 11, depth: 6, checks: [{ verdict: 'holds' }, { verdict: 'violated' }] },
    ])
  })

  it('are left out where they do not apply', () => {
    const gaps = {
      ...table,
      rows: { four: {} },
      columns: { ...table.columns, seen: { property: 'seen' } },
      expect: { four: ['holds', null, null] },
    }
    expect(judgeTable(counting({ gaps }), 'gaps').cells).toMatchObject([{ column: 'small' }])
  })

  it('that do not say what is expected make the table violated', () => {
    const wrong = { ...table, expect: { ...table.expect, four: ['violated', 'no'] } }
    const { verdict, cells } = judgeTable(counting({ wrong }), 'wrong')
    expect(verdict).toBe('violated')
    expect(cells[0]).toMatchObject({ row: 'four', column: 'small', expected: 'violated', word: 'holds' })
  })

  it('that reach a limit say nothing, unless it is certain already', () => {
    const limited = judgeTable(counting({ t: table }), 't', { maxStates: 4 })
    expect(limited.verdict).toBe('inconclusive')
    expect(words(limited.cells)).toEqual([null, 'no', null, 'no', 'violated', 'no'])
    expect(limited.cells[0]).toMatchObject({ verdict: 'inconclusive', checks: [{ limit: 'states' }] })
    const wrong = { ...table, expect: { ...table.expect, twos: ['holds', 'no'] } }
    expect(judgeTable(counting({ wrong }), 'wrong', { maxStates: 4 }).verdict).toBe('violated')
  })

  it('share a limit on time, and end when they are interrupted', () => {
    const long: Table = {
      ...table,
      rows: { a: { constants: { end: 100_000 } }, b: {} },
      columns: { reached: { property: 'endsAtFour' } },
      expect: { a: ['violated'], b: ['violated'] },
    }
    const { verdict, cells } = judgeTable(counting({ long }), 'long', { timeMs: 1 })
    expect(verdict).toBe('inconclusive')
    expect(cells.map(({ checks }) => checks[0]?.limit)).toEqual(['time', 'time'])
    const controller = new AbortController()
    controller.abort()
    const interrupted = judgeTable(counting({ t: table }), 't', { signal: controller.signal })
    expect(new Set(interrupted.cells.flatMap(({ checks }) => checks.map(({ limit }) => limit)))).toEqual(new Set(['interrupted']))
  })

  it('are told while they are judged', () => {
    const long = {
      ...table,
      rows: { a: {}, b: { constants: { end: 100_000 } } },
      columns: { reached: { property: 'reachesFour' } },
      expect: { a: ['holds'], b: ['holds'] },
    }
    const first = judgingTable(counting({ long }), 'long').next()
    expect(first).toMatchObject({
      done: false,
      value: { decided: 1, cells: 2, row: 'b', column: 'reached', search: { depth: expect.any(Number) } },
    })
  })
})

describe('a table that does not fit its model is refused', () => {
  const refusal = (broken: Partial<Table>): string => {
    try {
      requireTables(counting({ t: { ...table, ...broken } }))
    } catch (error) {
      if (isUserError(error)) return `${error.code}: ${error.message}`
      throw error
    }
    return 'accepted'
  }
  const place = 'table t of model m, row "four", column "small"'

  it.each<readonly [string, Partial<Table>, string]>([
    ['rows', { rows: {} }, 'bad-model: table t of model m: it has no rows, or no columns'],
    [
      'a row',
      { expect: { four: ['holds', 'no'], nine: ['violated', 'no'] } },
      'bad-model: table t of model m: expect lacks the row "twos"',
    ],
    [
      'a word',
      { expect: { ...table.expect, four: ['holds'] } },
      'bad-model: table t of model m: expect has 1 words in row "four", for 2 columns',
    ],
    [
      'words that a column has',
      { expect: { ...table.expect, four: ['hods', 'no'] } },
      `bad-model: ${place}: expect says "hods", which is none of the column's words: holds, violated, differs`,
    ],
    [
      'a row that it names',
      { expect: { ...table.expect, fourth: [] } },
      'bad-model: table t of model m: expect has the row "fourth", which the table has not, did you mean "four"?',
    ],
    [
      'a property',
      { columns: { small: { property: 'smal' }, tiny: { property: 'tiny' } }, expect: { ...table.expect, four: ['holds', 'violated'] } },
      `unknown-property: ${place}: model m has no property "smal", did you mean "small"?`,
    ],
    [
      'a constant',
      { rows: { ...table.rows, four: { constants: { ends: 4 } } } },
      `unknown-constant: ${place}: model m has no constant "ends", did you mean "end"?`,
    ],
    [
      'a bug',
      { rows: { ...table.rows, four: { bugs: ['by-two'] } } },
      `unknown-bug: ${place}: model m has no known bug "by-two", did you mean "by-twos"?`,
    ],
    [
      'a variant',
      { columns: { ...table.columns, small: { property: 'small', variants: [] } } },
      'bad-model: table t of model m: column "small" has no variants; leave them out to check the rows as they are',
    ],
    [
      'different words',
      { columns: { ...table.columns, small: { property: 'small', words: { holds: 'yes', violated: 'yes' } } } },
      'bad-model: table t of model m: column "small" says the same word for different verdicts',
    ],
  ])('for lack of %s', (_, broken, message) => {
    expect(refusal(broken)).toBe(message)
  })

  it('as is a name that there is none of', () => {
    expect(() => judgeTable(counting({ verdicts: table }), 'verdict')).toThrow('model m has no table "verdict", did you mean "verdicts"?')
    expect(() => judgeTable(counting({}), 'toString')).toThrow('model m has no table "toString"; there are none')
  })
})
