import { describe, expect, it } from 'vitest'
import { errorOf, readText, shortly } from './testing/read-text.ts'

describe('events that no clients can have produced', () => {
  it.each([
    [
      'two returns for one call',
      '{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :ok :f :write :value 1}\n{:process 0 :type :ok :f :write :value 1}',
      'history-events h:3:1: process 0 returns ok of write, but its write (line 1) has returned already (line 2); remove one of the two returns',
    ],
    [
      'a return after a crash',
      '{:process 0 :type :invoke :f :write}\n{:process 0 :type :info :f :write}\n{:process 0 :type :ok :f :write}',
      'history-events h:3:1: process 0 returns ok of write, but its write (line 1) has returned already (line 2); remove one of the two returns',
    ],
    [
      'a return without a call',
      '[{:process 0 :type :ok :f :read :value 1}]',
      'history-events h:1:2: process 0 returns ok of read, but it has called nothing; put the call before it, or remove this event',
    ],
    [
      'a crash without a call',
      '[{:process 0 :type :info :f :read :value 1}]',
      'history-events h:1:2: process 0 returns info of read, but it has called nothing; put the call before it, or remove this event',
    ],
    [
      'a call while another is open',
      '{:process 3 :type :invoke :f :write :value 1}\n  {:process 3 :type :invoke :f :read}',
      'history-events h:2:3: process 3 invokes read, but its write (line 1) is still open; put its return before this call, or give this operation a process of its own',
    ],
    [
      'a call after a crash',
      ';\n;\n{:process 3 :type :invoke :f :write :value 1}\n{:process 3 :type :info :f :write}\n{:process 3 :type :invoke :f :read}',
      'history-events h:5:1: process 3 invokes read, but its write (line 3) crashed; a process invokes nothing after info, so give this operation a fresh one',
    ],
    [
      'a time that runs backwards within a process',
      '{:process 0 :type :invoke :f :read :time 100}\n{:process 1 :type :invoke :f :read :time 150}\n{:process 0 :type :ok :f :read :time 90}',
      'history-events h:3:1: process 0 goes back in time, by 10 ns; put its events in the order of time',
    ],
    [
      'a return of another operation',
      '{"process":0,"type":"invoke","f":"read"}\n{"process":0,"type":"ok","f":"write"}',
      'history-events h:2:1: process 0 returns ok of write, but what it has open is its read (line 1); a return names the operation of its call',
    ],
    [
      'a return with another key',
      '{:process 0 :type :invoke :f :get :key "a"}\n{:process 0 :type :ok :f :get :key "b"}',
      'history-events h:2:1: the get of process 0 returns with key b, expected a as in its call (line 1); a return has the key of its call',
    ],
    [
      'an unknown type',
      '{:process 0 :type :invok :f :read}',
      'history-syntax h:1:1: found the type invok, expected invoke, ok, fail or info; correct it',
    ],
    [
      'no type',
      '{:process 0 :f :read}',
      'history-syntax h:1:1: found an event without a type, expected invoke, ok, fail or info; give it one',
    ],
    [
      'a call without f',
      '{:process 0 :type :invoke :value 1}',
      'history-syntax h:1:1: found a call without f, expected the name of an operation such as read; give it one',
    ],
    [
      'a list without f that is no transaction',
      '{:process 0 :type :invoke :value [[:append 1 2] 3]}',
      'history-syntax h:1:1: found a call without f, expected the name of an operation such as read; give it one',
    ],
    [
      'a transaction whose f is nil',
      '{:process 0 :type :invoke :f nil :value [[:append 1 2]]}',
      'history-syntax h:1:1: found the f null, expected the name of an operation such as read; give it one',
    ],
    [
      'overlapping calls without processes',
      '{:type :invoke :f :read}\n{:type :invoke :f :write :value 1}',
      'history-syntax h:2:1: found an event without a process, called while the read of line 1 is open; give every event its process',
    ],
    [
      'a process that is missing',
      '{:process 1 :type :invoke :f :read}\n{:type :ok :f :read}',
      'history-syntax h:2:1: found an event without a process after others with; give every event its process',
    ],
    [
      'a process that the others do not have',
      '{:type :invoke :f :read}\n{:process 1 :type :ok :f :read}',
      'history-syntax h:2:1: found an event with a process after others without; give every event its process',
    ],
    [
      'a process that is a list',
      '{:process [1] :type :invoke :f :read}',
      'history-syntax h:1:1: found the process [1], expected an integer or a name; correct it',
    ],
    [
      'a time that is a string',
      '{"process":0,"type":"invoke","f":"read","time":"now"}',
      'history-syntax h:1:1: found the time now, expected nanoseconds as a number; correct it',
    ],
    [
      'a field given twice',
      '{:process 0 :type :invoke :f :read :type :ok}',
      'history-syntax h:1:36: found :type a second time, expected it once in an event; remove one',
    ],
    [
      'an event that does not end',
      '{:process 0 :type :invoke :f :read\n{:process 0 :type :ok :f :read}',
      'history-syntax h:2:1: found {, expected a keyword such as :type, or }; close the event before the next one',
    ],
    [
      'a last event that is cut off',
      '{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f',
      'history-syntax h:2:25: the file ends, expected a value; it may have been cut off',
    ],
    [
      'a vector that is cut off',
      '[{:process 0 :type :invoke :f :read}\n',
      'history-syntax h:2:1: the file ends, expected an event or ]; it may have been cut off',
    ],
    [
      'more behind a vector',
      '[{:process 0 :type :invoke :f :read}]\n{:process 0 :type :ok :f :read}',
      'history-syntax h:2:1: found {, expected nothing behind the end of the history; put the events into one vector, or write one a line',
    ],
    [
      'something else between events',
      '{:process 0 :type :invoke :f :read}\n17',
      'history-syntax h:2:1: found 17, expected an event such as {:process 0, :type :invoke, :f :read}',
    ],
    ['a short tuple', '[[0 :invoke]]', 'history-syntax h:1:2: found 2 items, expected an event [process type f value]'],
    [
      'a JSON event that does not end',
      '{"process":0,"type":"invoke","f":"read"\n{"process":0,"type":"ok","f":"read"}\n',
      'history-syntax h:2:1: found {, expected } or ,',
    ],
    [
      'a JSON array without a comma',
      '[{"type":"invoke","f":"read"}\n{"type":"ok"}]',
      'history-syntax h:2:1: found {, expected ] or , and another event',
    ],
    [
      'more behind a JSON array',
      '[{"type":"invoke","f":"read"}] 7',
      'history-syntax h:1:32: found 7, expected nothing behind the end of the array',
    ],
    [
      'a JSON element that is no event',
      '[{"type":"invoke","f":"read"},\n 7]',
      'history-syntax h:2:2: found 7, expected an event such as {"process": 0, "type": "invoke", "f": "read"}',
    ],
    [
      'a value in a log that is no EDN',
      'INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2',
      'history-syntax h:1:36: the file ends inside what starts here, expected ]; it may have been cut off',
    ],
    [
      'an unknown type in a log',
      'INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:okay\t:read\t1\n',
      'history-syntax h:2:1: found the type okay, expected invoke, ok, fail or info; correct it',
    ],
    [
      'a version that is not ours',
      '{"counterpoint": "history", "version": 2, "events": []}',
      'history-syntax h:1:40: version: found 2, expected 1; read it with the version of counterpoint that wrote it',
    ],
    [
      'a field that is not ours',
      '{"counterpoint": "history",\n "versions": 1, "events": []}',
      'history-syntax h:2:2: found the field versions, expected only those of {"counterpoint": "history", "version": 1, "events": [...]}, each once',
    ],
    ['a document without events', '{"counterpoint": "history", "version": 1}', 'history-syntax h:1:41: found }, expected , and "events"'],
    [
      'events that are no array',
      '{"counterpoint": "history", "version": 1, "events": {}}',
      'history-syntax h:1:53: found {, expected an array of events',
    ],
    [
      'a line that LiMo does not have',
      '# @object atomic-stack\n[1] call push(1)\n  return 1\n',
      'history-syntax h:3:3: found return 1, expected a line such as [1] call push(1) or [1] return 1',
    ],
    [
      'a LiMo return without a call',
      '# @object atomic-stack\n[1] return 1\n',
      'history-events h:2:1: process 1 returns ok, but it has called nothing; put the call before it, or remove this event',
    ],
    [
      'a PolyLin line without times',
      '# queue\nenq 1 0 5\nenq 2\n',
      'history-syntax h:3:1: found enq 2, expected a line such as enq 1 0 5 (method value start end) or insert 7 1 0 5',
    ],
    [
      'an interval that ends before it starts',
      '# queue\nenq 1 5 0\n',
      'history-syntax h:2:1: found enq that ends at 0, before it starts at 5; expected start before end',
    ],
  ])('%s: one line says where, what and what to do', (_, text, message) => {
    expect(errorOf(() => readText(text))).toBe(message)
  })
})

describe('events of clients', () => {
  it('may go back in time across processes, as the clocks of Jepsen do', () => {
    const text =
      '{:process 0 :type :invoke :f :read :time 100}\n{:process 1 :type :invoke :f :read :time 90}\n{:process 1 :type :ok :f :read :time 90}'
    expect(shortly(readText(text).history)).toEqual(['0 invoke read null at 0', '1 invoke read null at -10', '1 ok read null at -10'])
  })

  it('have times relative to the first, exact beyond 2^53', () => {
    const text = '{:process 0 :type :invoke :f :read :time 9007199254740993000}\n{:process 0 :type :ok :f :read :time 9007199254740993001}'
    expect(readText(text).history.map(({ time }) => time)).toEqual([0, 1])
  })

  it('without a process are one client that does one thing after another, and a fresh one after a crash', () => {
    const text = ['invoke', 'ok', 'invoke', 'info', 'invoke', 'fail', 'invoke'].map((type) => `{:type :${type} :f :read}`).join('\n')
    expect(shortly(readText(text).history)).toEqual([
      '0 invoke read null',
      '0 ok read null',
      '0 invoke read null',
      '0 info read null',
      '1 invoke read null',
      '1 fail read null',
      '1 invoke read null',
    ])
  })

  it('take the operation of a return that names none from its call', () => {
    expect(shortly(readText('{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :value 1}').history)[1]).toBe('0 ok read 1')
  })

  it('exclude the nemesis and whoever only reports, which become annotations', () => {
    const text = [
      '{:process :nemesis :type :info :f :start :time 5}',
      '{:process 0 :type :invoke :f :read :time 15}',
      '{:process -1 :type :info :f :kill :value "n1"}',
      '{:process "monitor" :type :info :value 7}',
      '{:process 0 :type :ok :f :read :time 25}',
    ].join('\n')
    const { history, annotations } = readText(text)
    expect(shortly(history)).toEqual(['0 invoke read null at 10', '0 ok read null at 20'])
    expect(annotations).toEqual([
      { index: 0, process: 'nemesis', type: 'info', f: 'start', value: null, time: 0 },
      { index: 1, process: -1, type: 'info', f: 'kill', value: 'n1' },
      { index: 1, process: 'monitor', type: 'info', f: '', value: 7 },
    ])
  })

  it('are checked although there is a process for every operation', () => {
    const operation = (i: number): string =>
      `{:process ${i} :type :invoke :f :write :value 1}\n{:process ${i} :type :${i === 5 ? 'info' : 'ok'} :f :write}\n`
    const text = `${Array.from({ length: 70_000 }, (_, i) => operation(i)).join('')}{:process 5 :type :invoke :f :read}`
    expect(errorOf(() => readText(text))).toContain('h:140001:1: process 5 invokes read, but its write (line 11) crashed;')
  })
})
