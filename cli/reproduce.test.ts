import { describe, expect, it } from 'vitest'
import { quoted, reproduceCommand } from './reproduce.ts'

describe('the command that reproduces a check', () => {
  it('says only what differs from the defaults', () => {
    expect(reproduceCommand({ model: 'raft' })).toBe('counterpoint check raft')
    expect(reproduceCommand({ model: 'raft', strategy: 'bfs', seed: 4, constants: {}, bugs: [], checkPurity: true })).toBe(
      'counterpoint check raft',
    )
  })

  it('says the seed where there is chance, even the default one', () => {
    expect(reproduceCommand({ model: 'raft', strategy: 'pct' })).toBe('counterpoint check raft --strategy pct --seed 1')
    expect(reproduceCommand({ model: 'raft', strategy: 'random', seed: 9, walks: 50 })).toBe(
      'counterpoint check raft --strategy random --seed 9 --walks 50',
    )
  })

  it('says every option that was given', () => {
    const command = reproduceCommand({
      model: './my model.ts',
      constants: { nodes: '3', mode: "it's" },
      bugs: ['a', 'b'],
      properties: ['p'],
      strategy: 'dfs',
      maxStates: 10,
      maxDepth: 20,
      time: '30s',
      memory: '4g',
      maxViolations: 2,
      fairness: false,
      checkPurity: false,
      minimize: false,
    })
    expect(command).toBe(
      "counterpoint check './my model.ts' --set nodes=3 --set 'mode=it'\\''s' --bug a --bug b --property p --strategy dfs --max-states 10 --max-depth 20 --time 30s --memory 4g --max-violations 2 --no-fairness --no-purity-check --no-minimize",
    )
  })

  it('quotes what a shell would take apart', () => {
    expect(['a', 'a b', '', '$x', 'é', './a/b-c_1.ts', 'a=b'].map(quoted)).toEqual([
      'a',
      "'a b'",
      "''",
      "'$x'",
      "'é'",
      './a/b-c_1.ts',
      'a=b',
    ])
  })
})
