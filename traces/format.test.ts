import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUserError } from '../checker/index.ts'
import { readTrace, type TraceDocument, writeTrace } from './format.ts'
import { election } from './testing/models.ts'
import { pathOf } from './testing/paths.ts'

const trace = pathOf(election, { property: 'oneLeader' }, [
  ['timeout', 0],
  ['timeout', 2],
])

/** The error of reading a text, which must be one line. */
function refusal(text: string): string {
  try {
    readTrace(text, 'trace.json')
  } catch (error) {
    expect(isUserError(error) && error.code).toBe('bad-trace')
    expect((error as Error).message).not.toContain('\n')
    return (error as Error).message
  }
  throw new Error('was read')
}

/** The trace with one field changed, as text. */
function withField(name: string, value: unknown): string {
  return JSON.stringify({ ...trace, [name]: value })
}

describe('a trace document', () => {
  it('reads back as it was written', () => {
    expect(readTrace(writeTrace(trace), 'x')).toEqual(trace)
    const extended = { ...trace, file: '../my-model.ts', part: 'one' }
    expect(readTrace(writeTrace(extended), 'x')).toEqual(extended)
  })

  it('reads back whatever values it holds', () => {
    const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as never)
    // No slot is called that: a model cannot read it.
    const name = fc.string().filter((text) => text !== '__proto__')
    const documents = fc.record({
      message: fc.string({ unit: 'binary' }),
      seed: fc.option(fc.integer()),
      constants: fc.dictionary(name, fc.oneof(fc.integer(), fc.boolean(), fc.string())),
      initial: fc.dictionary(name, json),
      steps: fc.array(fc.record({ action: fc.string(), args: fc.array(json), process: fc.option(fc.nat()) })),
    })
    fc.assert(
      fc.property(documents, (fields) => {
        const document: TraceDocument = { ...trace, ...fields }
        const text = writeTrace(document)
        expect(readTrace(text, 'x')).toEqual(JSON.parse(JSON.stringify(document)))
      }),
      { numRuns: 50 },
    )
  })

  it('is written with one line per step', () => {
    expect(writeTrace(trace)).toMatchInlineSnapshot(`
      "{
        "schema": 1,
        "model": "election",
        "constants": {"nodes":3,"order":"unordered","drops":0,"duplicates":0,"partitions":0,"padding":0},
        "bugs": [],
        "strategy": "bfs",
        "seed": null,
        "property": "oneLeader",
        "kind": "always",
        "message": "something that is not so",
        "initial": {
          "server[0]": {"role":"follower","term":0,"votedFor":null,"votes":[]},
          "server[1]": {"role":"follower","term":0,"votedFor":null,"votes":[]},
          "server[2]": {"role":"follower","term":0,"votedFor":null,"votes":[]},
          "net.inbox[0]": [],
          "net.inbox[1]": [],
          "net.inbox[2]": []
        },
        "steps": [
          {"action":"timeout","args":[0],"process":0},
          {"action":"timeout","args":[2],"process":2}
        ]
      }
      "
    `)
  })

  it('leaves out fields that it does not know', () => {
    expect(readTrace(withField('later', 1), 'x')).toEqual(trace)
  })
})

describe('a file that is no trace', () => {
  it('is refused where it is not JSON, with the place', () => {
    expect(refusal('{"schema": 1,\n  "model": }')).toMatch(/^trace\.json: .*is not JSON \(.*\); the file is damaged; write the trace again/)
    expect(refusal(writeTrace(trace).slice(0, 300))).toMatch(/^trace\.json: .*is not JSON/)
    expect(refusal('{"a": 1,\n x}')).toContain('line 2, column 2: is not JSON')
    expect(refusal('')).toContain('is not JSON')
  })

  it.each(['[]', 'null', '3', '"text"', '{}', '{"#meta": {}, "vars": [], "states": []}'])(
    'is refused where it is something else: %s',
    (text) => {
      expect(refusal(text)).toBe('trace.json: is not a Counterpoint trace: it has no "schema"; write one with counterpoint check --out')
    },
  )

  it('is refused where it has another schema version', () => {
    expect(refusal(withField('schema', 2))).toBe(
      'trace.json: schema: expected 1, found 2; read it with the version of counterpoint that wrote it, or check the model again',
    )
    expect(refusal(withField('schema', 'itf'))).toContain('schema: expected 1, found "itf"')
  })

  it('is refused where a field is missing or wrong, with its path', () => {
    const remedy = '; write the trace again with counterpoint check --out'
    expect(refusal(withField('model', undefined))).toBe(`trace.json: model: is missing (expected string)${remedy}`)
    expect(refusal(withField('constants', { nodes: [3] }))).toContain('trace.json: constants.nodes: ')
    expect(refusal(withField('kind', 'never'))).toBe(
      `trace.json: kind: expected one of "always"|"sometimes"|"step"|"deadlock"|"path"|"eventually"|"leadsTo"|"alwaysEventually"|"stabilizes"${remedy}`,
    )
    const steps = [...trace.steps.slice(1), { action: 'timeout', args: [1], process: 'one' }]
    expect(refusal(withField('steps', steps))).toBe(`trace.json: steps[1].process: expected number, received string${remedy}`)
    expect(refusal(withField('steps', [{ action: 'timeout', process: 1 }]))).toBe(
      `trace.json: steps[0].args: is missing (expected array)${remedy}`,
    )
    expect(refusal(withField('steps', [null]))).toContain('steps[0]: expected object, received null')
  })
})
