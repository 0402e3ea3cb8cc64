import { describe, expect, it } from 'vitest'
import { readSchedule, type ScheduleDocument, writeSchedule } from './document.ts'

const document: ScheduleDocument = {
  maelstrom: 1,
  workload: 'lin-kv',
  bin: './node.js',
  args: [],
  nodes: 3,
  clients: 3,
  clock: 'virtual',
  seed: 7,
  found: { kind: 'consistency', reason: 'a stale read' },
  steps: [
    { do: 'invoke', client: 'c1', f: 'write', value: 1, key: 0 },
    { do: 'invoke', client: 'c2', f: 'read', value: null, key: 0 },
    { do: 'deliver', message: 'c1>n1 write 1' },
    { do: 'deliver', message: 'n1>seq-kv read 1', pick: 2 },
    { do: 'drop', message: 'n1>n2 tell 1' },
    { do: 'duplicate', message: 'n1>n3 tell 1' },
    { do: 'partition', groups: [['n1'], ['n2', 'n3']] },
    { do: 'heal' },
    { do: 'advance', ms: 500 },
  ],
}

describe('a schedule as a file', () => {
  it('comes back as it was written, a line for each step', () => {
    const text = writeSchedule(document)
    expect(readSchedule(text, 'a.json')).toEqual(document)
    expect(text.split('\n').filter((line) => line.startsWith('    {'))).toHaveLength(document.steps.length)
  })

  it.each([
    ['what is no JSON', '{', /^a.json: is not JSON; give a file that counterpoint maelstrom --out has written$/],
    ['a trace of a model', '{"schema": 1}', /^a.json: maelstrom is not as in a schedule/],
    ['a step that there is not', writeSchedule(document).replace('"heal"', '"help"'), /^a.json: steps.7.do is not as in a schedule/],
    ['time that goes back', writeSchedule(document).replace('500', '-500'), /^a.json: steps.8.ms is not as in a schedule/],
  ])('%s is refused with its place', (_, text, message) => {
    expect(() => readSchedule(text, 'a.json')).toThrow(message)
  })
})
