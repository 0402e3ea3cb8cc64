/** Programs that end, or break the protocol. */
import { afterAll, describe, expect, it } from 'vitest'
import { isUserError } from '../../checker/index.ts'
import { runMaelstrom } from './maelstrom.ts'
import { Programs } from './testing/node-programs.ts'

const programs = new Programs()
afterAll(() => programs.remove())

describe('a node that', () => {
  it.each([
    ['ends', `process.exit(3)`, 'ended', /^n\d has ended with exit status 3$/],
    ['throws', `throw new TypeError('no such thing')`, 'ended', /^n\d has ended with exit status 1: TypeError: no such thing$/],
    ['writes what is not JSON', `console.log('got it')`, 'not-json', /^n\d writes what is not JSON: got it$/],
    [
      'writes no message',
      `console.log('{"src":"n1"}')`,
      'not-a-message',
      /^n\d writes a message whose dest is not as in the protocol: {"src":"n1"}$/,
    ],
    [
      'writes in the name of another one',
      `console.log(JSON.stringify({ src: 'n9', dest: 'n1', body: { type: 'a' } }))`,
      'unknown-sender',
      /^n\d writes in the name of n9: /,
    ],
    ['writes to nobody', `node.send('n9', { type: 'a' })`, 'unknown-receiver', /^n\d writes to n9, which there is not: /],
    [
      'answers what nobody has sent',
      `node.send('c1', { type: 'echo_ok', echo: '', in_reply_to: 77 })`,
      'unasked',
      /^n\d answers message 77 of c1, which c1 has never sent: /,
    ],
    [
      'answers in another way',
      `return { type: 'echo_ok' }`,
      'bad-answer',
      /^n\d answers echo in another way than the workload wants: echo_ok has no echo: {"type":"echo_ok","in_reply_to":1}$/,
    ],
  ] as const)('%s is told of in a line, with the smallest schedule', async (_, act, kind, line) => {
    const bin = programs.node(`node.on('echo', () => { ${act} })`)
    const result = await runMaelstrom({ bin, workload: 'echo', ops: 2, nodes: 2 })
    expect([result.verdict, result.run?.wrong]).toEqual(['violated', kind])
    expect(result.reason).toMatch(line)
    expect(result.document?.steps.map((step) => step.do)).toEqual(['invoke'])
  })

  it.each([
    ['cannot be loaded', 'oh no(', /^--bin .*: n1 has ended with exit status 1: SyntaxError: /],
    ['does not say who it is', 'setInterval(() => {}, 1000)', /^--bin .*: n1 does not answer init$/],
  ])('%s is a mistake of the user', async (_, source, message) => {
    const bin = programs.file('.mjs', `${source}\nprocess.stdin.resume()`)
    const error: unknown = await runMaelstrom({ bin, workload: 'echo' }).catch((thrown: unknown) => thrown)
    expect(isUserError(error) && error.message).toMatch(message)
  })
})
