import { describe, expect, it } from 'vitest'
import { check } from '../checker/index.ts'
import { peterson, raft, twoPhaseCommit } from '../models/index.ts'
import { traceItf } from './itf.ts'
import { traceMermaid } from './mermaid.ts'
import { type Replay, replay } from './replay.ts'

function counterexample(model: Parameters<typeof check>[0], bug: string): Replay {
  const [violation] = check(model, { bugs: [bug] }).violations
  if (violation === undefined) throw new Error('the bug is not found')
  return replay(model, violation.trace)
}

describe('a trace in Mermaid', () => {
  it('has a participant a node, a message where it arrives, and what is on its way last', () => {
    const lines = traceMermaid(counterexample(raft, 'commit-on-half'))
      .split('\n')
      .map((line) => line.trim())
    expect(lines.slice(0, 4)).toEqual(['sequenceDiagram', 'participant n0 as 0', 'participant n1 as 1', 'participant n2 as 2'])
    const arrival = lines.findIndex((line) => line.startsWith('n0->>n1: requestVote'))
    expect(lines[arrival + 1]).toMatch(/^Note over n1: \d+ receive\(1/)
    expect(lines.filter((line) => line.startsWith('Note over'))).toHaveLength(counterexample(raft, 'commit-on-half').trace.steps.length)
  })

  it('is a loop where the trace is one', () => {
    const replayed = counterexample(peterson, 'after-you')
    const text = traceMermaid(replayed)
    expect(replayed.trace.loop).toBeDefined()
    expect(text.includes('loop for ever') || text.includes('and then nothing, for ever')).toBe(true)
  })
})

describe('a trace in ITF', () => {
  it('has the states of the trace, families as maps, numbers exact, and how each came about', () => {
    const replayed = counterexample(raft, 'commit-on-half')
    const { vars, states } = JSON.parse(traceItf(replayed)) as { vars: string[]; states: Record<string, unknown>[] }
    expect(states).toHaveLength(replayed.trace.steps.length + 1)
    expect(states.every((state) => vars.every((name) => name in state))).toBe(true)
    expect(states[0]).toMatchObject({ action: 'init', '#meta': { index: 0 } })
    const server = states.at(-1)?.['server'] as { '#map': [number, { currentTerm: unknown }][] }
    expect(server['#map'][0]?.[1].currentTerm).toEqual({ '#bigint': expect.stringMatching(/^\d+$/) })
  })

  it('writes sets as sets', () => {
    const { properties } = check(twoPhaseCommit, {})
    const witness = Object.values(properties).find(({ trace }) => trace !== null)?.trace
    if (witness === undefined || witness === null) throw new Error('there is no witness')
    expect(traceItf(replay(twoPhaseCommit, witness))).toContain('"#set"')
  })
})
