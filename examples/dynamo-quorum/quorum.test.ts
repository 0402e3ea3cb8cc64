import { register } from 'counterpoint/properties'
import { type QuorumOptions, QuorumRequest, type Recorder, recorder } from 'counterpoint/traces'
import { expect, it } from 'vitest'
import 'counterpoint/vitest'
import { MemoryReplica } from './memory-replica.ts'

const majorities: QuorumOptions = { N: 3, R: 2, W: 2, quorum: 'strict', writeBack: 'none', stamps: 'clock' }

it('is no register, though R + W > N: of two reads one after the other, the second one returns the older value', async () => {
  const record = await readTwice(majorities)
  expect(() => expect(record).toBeLinearizable(register)).toThrow(/not linearizable/)
})

it('is one where reads have W servers store what they return before they return it', async () => {
  expect(await readTwice({ ...majorities, writeBack: 'before' })).toBeLinearizable(register)
})

it('misses what was acknowledged, if R + W <= N', async () => {
  const servers = [new MemoryReplica(), new MemoryReplica(), new MemoryReplica()]
  const record = recorder()
  const options = { ...majorities, R: 1, W: 2 }
  await record.client().call('write', 1, () => write(servers, options, [1]))
  await record.client().call('read', null, () => read(servers, options, [2]))
  expect(() => expect(record).toBeLinearizable(register)).toThrow(/not linearizable/)
})

/** A write that has got to one of three servers, while two clients read one after the other, of two servers each. */
async function readTwice(options: QuorumOptions): Promise<Recorder> {
  const servers = [new MemoryReplica(), new MemoryReplica(), new MemoryReplica()]
  const record = recorder()
  void record.client().call('write', 1, () => write(servers, options, []))
  await record.client().call('read', null, () => read(servers, options, [0, 1]))
  await record.client().call('read', null, () => read(servers, options, [1, 2]))
  return record
}

/** @param stores which servers store it besides the first one, at which it is made; with too few, it never ends */
async function write(servers: readonly MemoryReplica[], options: QuorumOptions, stores: readonly number[]): Promise<void> {
  const request = new QuorumRequest(servers, options, 0, { f: 'write', value: 1, clock: 1 })
  await request.begin()
  for (const server of stores) await request.send(server)
  if (request.answer.is === 'waiting') await new Promise(() => {})
}

/** @param answers which servers answer; they are also those that store what the read returns, where that is asked for */
async function read(servers: readonly MemoryReplica[], options: QuorumOptions, answers: readonly number[]): Promise<number | null> {
  const request = new QuorumRequest(servers, options, answers[0] ?? 0, { f: 'read' })
  await request.begin()
  for (const server of answers) await request.ask(server)
  for (const server of answers) if (request.answer.is === 'waiting') await request.send(server)
  if (request.answer.is === 'waiting') throw new Error(`the read waits for ${request.answer.for}`)
  return request.answer.value
}
