import { describe, expect, it } from 'vitest'
import { isUserError, program, simulation } from '../../checker/index.ts'
import { raft } from '../../models/index.ts'
import { predicateOf } from './predicate.ts'

const sim = simulation(program(raft))
const [initial = []] = sim.initialStates()
const test = (text: string, limitMs = 1000): number => predicateOf(text, sim, limitMs)([initial])

function refused(text: string): string {
  try {
    test(text, 100)
  } catch (error) {
    if (isUserError(error)) return error.message
    throw error
  }
  return 'it was taken'
}

describe('a predicate', () => {
  it('is an expression over the state and the constants, as in a property of the model', () => {
    expect(test('s.server.every((one) => one.currentTerm === 0)')).toBe(0)
    expect(test("s.server.some(({ role }) => role.is === 'leader')")).toBe(-1)
    expect(test('s.server.length === c.servers && s.crashes === c.crashes')).toBe(0)
    expect(test('s.server[0].log.length === 0 // nothing yet')).toBe(0)
  })

  it.each([
    ['', /is empty; type an expression/],
    ['s.server[', /cannot be read \(Unexpected token '?\)'?\)|cannot be read \(.+\)/],
    ['let x = 1', /cannot be read \(.+\); expected an expression/],
    ['s.nothing.at', /predicate s\.nothing\.at of model raft threw: TypeError: Cannot read properties of undefined \(reading 'at'\)$/],
    ['s.crashes', /gives a number; expected true or false/],
    ['s.server[0]', /gives an object; expected true or false/],
    ['undefined', /gives undefined; expected true or false/],
    ['s.crashes = 0', /assigns crashes; only `then` may change the state/],
    ['s.server[0].log.push(1) === 1', /threw: Cannot add property 0, object is not extensible/],
    ['missing > 1', /threw: ReferenceError: missing is not defined/],
    ['process.exit(3)', /threw: ReferenceError: process is not defined/],
    ["require('node:fs') !== null", /threw: ReferenceError: require is not defined/],
    ['(() => { while (true); })()', /takes more than 100 ms; it may never end/],
    ["import('node:fs') !== null", /it cannot wait for anything; leave import out/],
    ['Promise.reject(1) !== null', /it cannot wait for anything; leave Promise out/],
    ['eval("imp" + "ort(1)") !== null', /threw: EvalError: Code generation from strings disallowed/],
    ['(async () => true)()', /it cannot wait for anything; leave async out/],
    ['(() => { throw { get message() { while (true); } } })()', /threw|takes more than/],
    ['(() => { throw null })()', /threw: null/],
    ['((f) => f(f))((f) => f(f))', /Maximum call stack size exceeded/],
    ['"\u202e<img>\nx', /^the predicate .* cannot be read/],
  ])('that is wrong is refused in one line: %j', (text, said) => {
    const message = refused(text)
    expect(message).toMatch(said)
    expect(message).not.toContain('\n')
    expect(message.length).toBeLessThan(300)
  })

  it('leaves nothing behind that a later one could see', () => {
    expect(test('(() => { globalThis.left = 1; return true })()')).toBe(0)
    expect(test("typeof globalThis.left === 'undefined'")).toBe(0)
  })
})
