import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aboutIsolation, implies, isolationLevelOf, isolationLevels, levelNamed, meaningOf, strongest, weakest } from './lattice.ts'
import type { IsolationLevel } from './level.ts'
import type { Step, Transaction } from './table/transaction.ts'
import { transactionsArb } from './testing/generate.ts'
import { referenceLevels } from './testing/reference.ts'

/** Transactions as `process began-ended: steps`, a step as `a x 1`, `w x 1`, `r x 1`, `r x 1,2` or `r x nil`. */
function transactions(...lines: readonly string[]): Transaction[] {
  return lines.map((line) => {
    const [, process = '', began = '', ended = '', steps = ''] = /^(\w+) (\d+)-(\d+): (.*)$/.exec(line) ?? []
    return { process, status: 'committed', began: Number(began), ended: Number(ended), steps: steps.split('; ').map(stepOf) }
  })
}

function stepOf(text: string): Step {
  const [f, key = '', value = ''] = text.split(' ')
  if (f === 'a') return { f: 'append', key, value: Number(value) }
  if (f === 'w') return { f: 'write', key, value: Number(value) }
  return {
    f: 'read',
    key,
    value: value === 'nil' ? null : value.includes(',') ? value.split(',').filter(Boolean).map(Number) : Number(value),
  }
}

/** All transactions run at once, each in a process of its own, where a name does not say otherwise. */
const examples = {
  'dirty writes': transactions('a 0-9: a x 1; a y 1', 'b 0-9: a x 2; a y 2', 'c 0-9: r x 1,2; r y 2,1'),
  'circular information flow': transactions('a 0-9: w x 1; r y 1', 'b 0-9: w y 1; r x 1'),
  'an observed transaction vanishes': transactions('a 0-9: w x 1; w y 1', 'b 0-9: r x 1; r y nil'),
  'a fractured read': transactions('a 0-9: w x 1; w y 1', 'b 0-9: r y nil; r x 1'),
  'a read that does not repeat': transactions('a 0-9: w x 1', 'b 0-9: r x nil; r x 1'),
  'an effect seen without its cause': transactions('a 0-9: w x 1', 'b 0-9: r x 1; w y 1', 'c 0-9: r y 1; r x nil'),
  'a long fork': transactions('a 0-9: w x 1', 'b 0-9: w y 1', 'c 0-9: r x 1; r y nil', 'd 0-9: r x nil; r y 1'),
  'a lost update': transactions('a 0-9: r x nil; w x 1', 'b 0-9: r x nil; w x 2'),
  'write skew': transactions('a 0-9: r x nil; w y 1', 'b 0-9: r y nil; w x 1'),
  'a session that goes back': transactions('a 0-9: w x 1', 'b 0-3: r x 1', 'b 4-9: r x nil'),
  'writes against session order': transactions('a 0-9: a x 2', 'a 0-9: a x 1', 'c 0-9: r x 1,2'),
  'writes against real time': transactions('a 0-3: a x 2', 'b 4-9: a x 1', 'c 0-9: r x 1,2'),
} satisfies Record<string, readonly Transaction[]>

const levelsOf = Object.entries(examples).map(([name, history]) => ({ name, levels: referenceLevels(history) }))

describe('the lattice of isolation levels', () => {
  it('has every variant once, and finds it by its meaning and by its name', () => {
    expect(isolationLevels).toHaveLength(33)
    expect(new Set(isolationLevels).size).toBe(33)
    for (const level of isolationLevels) {
      const { base, order } = meaningOf(level)
      expect(levelNamed(base, order)).toBe(level)
      expect(isolationLevelOf(level)).toBe(level)
    }
    expect(levelNamed('item-cut-isolation', 'session')).toBeNull()
    expect(levelNamed('item-cut-isolation', 'real-time')).toBeNull()
    expect(levelNamed('causal', 'session')).toBeNull()
    expect(levelNamed('serializable', 'real-time')).toBe('strict-serializable')
  })

  it('goes from the weakest to the strongest', () => {
    for (const [i, level] of isolationLevels.entries())
      for (const later of isolationLevels.slice(i + 1))
        if (implies(level, later)) expect([meaningOf(level).base, meaningOf(later).base]).toEqual(['repeatable-read', 'serializable'])
  })

  // What holds in none of the examples is at the least not refuted: each missing implication has its counterexample.
  it.each(isolationLevels)('claims all that %s implies: of what it does not, an example shows why', (level) => {
    const missing = isolationLevels.filter((weaker) => !implies(level, weaker))
    const unrefuted = missing.filter((weaker) => !levelsOf.some(({ levels }) => levels[level] && !levels[weaker]))
    expect(unrefuted).toEqual([])
  })

  it.each(levelsOf)('claims nothing that $name refutes', ({ levels }) => {
    expect(refuted(levels)).toEqual([])
  })

  const seen = new Map<IsolationLevel, number>()

  it.each(['list', 'register', 'mixed'] as const)('claims nothing that a generated history of the kind %s refutes', (kind) => {
    fc.assert(
      fc.property(transactionsArb({ kind, transactionsMax: 6, faults: true }), (history) => {
        const levels = referenceLevels(history)
        expect(refuted(levels)).toEqual([])
        for (const level of isolationLevels) if (levels[level]) seen.set(level, (seen.get(level) ?? 0) + 1)
      }),
      { numRuns: runs },
    )
  })

  it('is tested on histories at each level and on some that are not', () => {
    expect(isolationLevels.map((level) => [level, (seen.get(level) ?? 0) > 0 && (seen.get(level) ?? 0) < 3 * runs])).toEqual(
      isolationLevels.map((level) => [level, true]),
    )
  })
})

describe('the ends of the lattice', () => {
  it('are the strongest levels that hold, and the weakest that are violated', () => {
    const { levels } = levelsOf.find(({ name }) => name === 'write skew') as (typeof levelsOf)[number]
    expect(strongest(isolationLevels.filter((level) => levels[level]))).toEqual(['strong-snapshot-isolation'])
    expect(weakest(isolationLevels.filter((level) => !levels[level]))).toEqual(['update-serializable'])
    const fork = levelsOf.find(({ name }) => name === 'a long fork') as (typeof levelsOf)[number]
    expect(strongest(isolationLevels.filter((level) => fork.levels[level]))).toEqual([
      'strong-parallel-snapshot-isolation',
      'strong-update-serializable',
    ])
    expect(weakest(isolationLevels.filter((level) => !fork.levels[level]))).toEqual(['prefix'])
  })

  it('name one of two levels that are the same', () => {
    expect(strongest(isolationLevels)).toEqual(['strict-serializable'])
    expect(weakest(isolationLevels)).toEqual(['read-uncommitted', 'item-cut-isolation'])
    expect(strongest(['serializable', 'repeatable-read'])).toEqual(['serializable'])
    expect(weakest(['serializable', 'repeatable-read'])).toEqual(['repeatable-read'])
    expect(strongest(['serializable', 'strong-repeatable-read'])).toEqual(['strong-repeatable-read'])
    expect(weakest(['strong-repeatable-read', 'serializable'])).toEqual(['serializable'])
    expect(strongest([])).toEqual([])
  })

  it('imply all others of theirs', () => {
    fc.assert(
      fc.property(fc.subarray([...isolationLevels]), (levels) => {
        const top = strongest(levels)
        const bottom = weakest(levels)
        for (const level of levels) {
          expect(top.some((strong) => implies(strong, level))).toBe(true)
          expect(bottom.some((weak) => implies(level, weak))).toBe(true)
        }
        for (const ends of [top, bottom]) for (const level of ends) expect(ends.filter((other) => implies(level, other))).toEqual([level])
      }),
    )
  })
})

describe('names of levels', () => {
  it.each<[string, IsolationLevel | null]>([
    ['PL-1', 'read-uncommitted'],
    ['PL-2', 'read-committed'],
    ['PL-2.99', 'repeatable-read'],
    ['PL-3U', 'update-serializable'],
    ['PL-3', 'serializable'],
    ['PL-SS', 'strict-serializable'],
    ['SI', 'snapshot-isolation'],
    ['snapshot', 'snapshot-isolation'],
    ['PSI', 'parallel-snapshot-isolation'],
    ['strong session SI', 'strong-session-snapshot-isolation'],
    ['strong_SI', 'strong-snapshot-isolation'],
    ['strong-serializable', 'strict-serializable'],
    ['strong-strict-serializable', 'strict-serializable'],
    ['Linearizable transactions', 'strict-serializable'],
    ['strong-session-causal', 'causal'],
    ['strong-session-prefix', 'strong-session-prefix'],
    ['session-serializable', 'strong-session-serializable'],
    ['linearizable', null],
    ['strong-', null],
    ['constructor', null],
    ['strong-constructor', null],
    ['strong-strict-session-serializable', null],
    ['', null],
  ])('%s is %s', (name, level) => {
    expect(isolationLevelOf(name)).toBe(level)
  })

  it('have each one line about what it promises', () => {
    const lines = isolationLevels.map(aboutIsolation)
    expect(new Set(lines).size).toBe(lines.length)
    for (const line of lines) expect(line).toMatch(/^[^\n]{20,150}$/)
    expect(aboutIsolation('strict-serializable')).toBe(
      'all is as if transactions ran one after another; keeps real-time and session order (Adya 1999, PL-3)',
    )
  })
})

const runs = 600

/** Implications of which the first level holds and the second does not. */
function refuted(levels: Readonly<Record<IsolationLevel, boolean>>): string[] {
  return isolationLevels
    .filter((level) => levels[level])
    .flatMap((level) =>
      isolationLevels.filter((weaker) => implies(level, weaker) && !levels[weaker]).map((weaker) => `${level} => ${weaker}`),
    )
}
