import { describe, expect, it } from 'vitest'
import { isUserError, type Json } from '../../checker/index.ts'
import { raft } from '../../models/index.ts'
import { election } from '../testing/models.ts'
import { readLog } from './log.ts'
import { validate } from './validate.ts'

const event = '{"action":"timeout","args":[0]}'

/** The error of a run, which must be one line. */
function refusal(run: () => unknown, code = 'bad-log'): string {
  try {
    run()
  } catch (error) {
    expect(isUserError(error) && error.code).toBe(code)
    expect((error as Error).message).not.toContain('\n')
    return (error as Error).message
  }
  throw new Error('was accepted')
}

const refused = (...lines: readonly string[]): string => refusal(() => readLog(lines.join('\n'), 'log.jsonl'))

describe('a log', () => {
  it('is read line by line, with what is known of each event', () => {
    const text = [
      '{"model":"raft","constants":{"servers":3},"hidden":["drop"],"maxHidden":2}',
      '',
      '# the election',
      '{"action":"timeout","args":[1],"process":1,"time":"12:00:03.141","note":"node b"}',
      '{"action":"receive","args":{"over":{"from":1}},"state":{"server[2].currentTerm":1}}\r',
      '  {"state":{"server[1]":{"votedFor":null}}}',
      '',
    ].join('\n')
    expect(readLog(text, 'x')).toEqual({
      header: { model: 'raft', constants: { servers: 3 }, hidden: ['drop'], maxHidden: 2 },
      events: [
        { action: 'timeout', args: [1], process: 1, line: 4 },
        { action: 'receive', args: { over: { from: 1 } }, state: { 'server[2].currentTerm': 1 }, line: 5 },
        { state: { 'server[1]': { votedFor: null } }, line: 6 },
      ],
    })
    expect(readLog(event, 'x').header).toEqual({})
  })

  it.each([
    [[event, '{"action":"ti'], /^log\.jsonl:2: is not JSON \(.*\); if the log was cut off here, remove the line$/],
    [[event, '', '[1]'], /^log\.jsonl:3: is not an event; write an object such as /],
    [
      ['{"action":"timeout","arg":[0]}'],
      /^log\.jsonl:1: has an unknown field "arg", did you mean "args"\?; what only people read goes into "note"$/,
    ],
    [['{"action":"timeout","args":0}'], /^log\.jsonl:1: args: expected a list, as in a trace, or an object with "each", "over" or both$/],
    [['{"action":"timeout","args":{"echa":0}}'], /^log\.jsonl:1: args: expected a list, .*"each", "over" or both$/],
    [['{"action":7}'], /^log\.jsonl:1: action: expected string, received number$/],
    [['{"action":"timeout","process":"a"}'], /^log\.jsonl:1: process: expected/],
    [['{"action":"timeout","state":[1]}'], /^log\.jsonl:1: state: expected record/],
    [['{"args":[0]}'], /^log\.jsonl:1: says nothing: an event has an "action", a "state" or both$/],
    [['{"model":"raft","hiden":["drop"]}', event], /^log\.jsonl:1: has an unknown field "hiden", did you mean "hidden"\?/],
    [['{"model":"raft","maxHidden":-1}', event], /^log\.jsonl:1: maxHidden: /],
    [[event, '{"model":"raft"}'], /^log\.jsonl:2: is a header, which only the first line can be/],
    [['{"model":"raft"}', '{"model":"raft"}'], /^log\.jsonl:2: is a header, which only the first line can be/],
    [['{"model":"raft"}', '# nothing'], /^log\.jsonl: has no events; write one a line/],
  ])('is refused where it is wrong: %j', (lines, message) => {
    expect(refused(...lines)).toMatch(message)
  })
})

describe('an event that the model cannot have', () => {
  const against = (line: string): string =>
    refusal(() => validate(election, readLog(`${event}\n${line}`, 'log.jsonl').events, { where: 'log.jsonl' }))

  it.each([
    ['{"action":"timout"}', 'model election has no action "timout", did you mean "timeout"?'],
    ['{"action":"timeout","args":[3]}', 'args[0] of timeout is 3, but the model has 0, 1, 2; correct the log, or set other constants'],
    [
      '{"action":"timeout","args":{"each":"0"}}',
      'args[0] of timeout is "0", but the model has 0, 1, 2; correct the log, or set other constants',
    ],
    ['{"action":"timeout","args":[0,1]}', 'action timeout takes 1 at most, not 2'],
    ['{"action":"timeout","args":{"over":1}}', 'action timeout has no argument "over"; there are each'],
    ['{"action":"timeout","process":7}', 'process of timeout is 7, but the model has 0, 1, 2; correct the log, or set other constants'],
    [
      '{"action":"timeout","args":[1],"process":2}',
      'process of timeout is 2, but the model has 1; correct the log, or set other constants',
    ],
    ['{"state":{"servr[0].term":1}}', 'state: model election has no slot "servr[0].term", did you mean "server[0]"?'],
    ['{"state":{"serve[0]":{}}}', 'state: model election has no slot "serve[0]", did you mean "server[0]"?'],
    ['{"state":{"server[3].term":1}}', 'state: model election has no slot "server[3].term", did you mean "server[0]"?'],
    [
      '{"state":{"server[0]..term":1}}',
      'state: "server[0]..term" is not a path; write names after dots and numbers in brackets, such as server[0].log[1].term',
    ],
    ['{"state":{"server":[{}]}}', 'state: server has 3 members; list the values of all, or some as {"0": ...}'],
    ['{"state":{"server":{"3":{}}}}', 'state: there is no server[3]; there are server[0] to server[2]'],
  ])('is refused with its line: %s', (line, message) => {
    expect(against(line)).toBe(`log.jsonl:2: ${message}`)
  })

  it('is refused by its number where there is no file', () => {
    expect(refusal(() => validate(election, [{ action: 'timeout' }, { action: 'crash' }]))).toBe(
      'log: event 2: model election has no action "crash"; there are timeout, receive',
    )
    expect(
      refusal(() => validate(election, [{ action: 'timeout', state: { 'server[0]': { at: new Date() as unknown as Json } } }])),
    ).toMatch(/^log: event 1: .*Date/)
    expect(refusal(() => validate(election, [{ process: 1, state: { 'server[0]': {} } }]))).toMatch(
      /^log: event 1: "args" and "process" are of/,
    )
    expect(refusal(() => validate(election, [{}]))).toMatch(/^log: event 1: says nothing/)
  })

  it('is refused where what is hidden or allowed is wrong', () => {
    expect(refusal(() => validate(election, [{ action: 'timeout' }], { hidden: ['recieve'] }), 'unknown-action')).toBe(
      'log: hidden: model election has no action "recieve", did you mean "receive"?',
    )
    expect(refusal(() => validate(election, [{ action: 'timeout' }], { maxHidden: 1.5 }), 'bad-option')).toMatch(/^maxHidden must be/)
    expect(refusal(() => validate(election, [{ action: 'timeout' }], { constants: { node: 3 } }), 'unknown-constant')).toMatch(/node/)
  })

  it('is refused where the action has no instances with these constants', () => {
    expect(refusal(() => validate(raft, [{ action: 'retry', args: [[0, 1]] }]))).toBe(
      'log: event 1: action retry cannot happen with these constants; set others',
    )
    expect(validate(raft, [{ action: 'retry', args: [[0, 1]] }], { constants: { drops: 1 } }).verdict).toBe('impossible')
  })
})
