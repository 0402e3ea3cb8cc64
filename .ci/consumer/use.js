/** The library in plain JavaScript, by its public names only. */
import assert from 'node:assert/strict'
import { cell, check, defineModel } from 'counterpoint'
import { models, twoPhaseCommit } from 'counterpoint/models'
import { operations, register, verify } from 'counterpoint/properties'
import { readTrace, recorder, writeTrace } from 'counterpoint/traces'

const clock = defineModel({
  name: 'clock',
  about: 'An hour hand',
  state: () => ({ hour: cell(0) }),
  actions: (on) => ({
    tick: on.action({
      then: (s) => {
        s.hour = (s.hour + 1) % 12
      },
    }),
  }),
  properties: (on) => ({ beforeNoon: on.always('the hour is less than 11', (s) => s.hour < 11) }),
})

const result = check(clock)
assert.equal(result.verdict, 'violated')
const trace = result.properties.beforeNoon?.trace
assert.equal(trace?.steps.length, 11)
assert.deepEqual(readTrace(writeTrace(trace)).steps, trace.steps)

// Gray & Lamport, Consensus on Transaction Commit: 288 states with 3 resource managers.
assert.equal(check(twoPhaseCommit, { constants: { resourceManagers: 3 } }).distinct, 288)
assert.ok(models.includes(twoPhaseCommit))

assert.equal(operations([{ index: 0, process: 1, type: 'invoke', f: 'read', value: null }])[0]?.completion, null)

// A register that forgets what was written.
const record = recorder()
const client = record.client()
await client.call('write', 1, () => null)
await client.call('read', null, () => null)
assert.equal(verify(record.history, register).verdict, 'violated')
assert.equal(verify(record.history.slice(0, 2), register).verdict, 'holds')
