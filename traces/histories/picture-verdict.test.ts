import { describe, expect, it } from 'vitest'
import type { LevelName } from '../../properties/levels/names.ts'
import { verdictText } from './picture-verdict.ts'

const said = (level: LevelName): string[] =>
  (['holds', 'violated', 'unknown', 'inapplicable'] as const).map((verdict) => {
    const { sign, text } = verdictText({ level, verdict })
    return `${sign} ${text}`
  })

describe('a verdict', () => {
  it('is said of histories, where the level is an adjective', () => {
    expect(said('linearizable')).toEqual([
      '✓ linearizable',
      '✗ not linearizable',
      '? unknown whether linearizable',
      '– linearizable: does not apply',
    ])
    expect(said('causal')[1]).toBe('✗ not causally consistent')
  })

  it('is said of the level, where that is a name', () => {
    expect(said('read-your-writes')).toEqual([
      '✓ read-your-writes holds',
      '✗ read-your-writes is violated',
      '? unknown whether read-your-writes holds',
      '– read-your-writes: does not apply',
    ])
  })
})
