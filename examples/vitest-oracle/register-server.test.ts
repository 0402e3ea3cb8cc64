import { register } from 'counterpoint/properties'
import { type Recorder, recorder } from 'counterpoint/traces'
import { expect, it } from 'vitest'
import 'counterpoint/vitest'
import { startRegisterServer } from './register-server.ts'

it('is a register, whatever its clients do at once', async () => {
  expect(await clientsOf('primary')).toBeLinearizable(register, { save: 'histories/primary.edn' })
})

it('is none while reads come from a replica that lags, and the matcher shows why', async () => {
  const record = await clientsOf('replica')
  expect(() => expect(record).toBeLinearizable(register)).toThrow(/not linearizable[\s\S]*✗ read → /)
})

/** Three clients at once, each of which writes and reads in turn; what they saw. */
async function clientsOf(readsFrom: 'primary' | 'replica'): Promise<Recorder> {
  const server = await startRegisterServer({ readsFrom, lagMs: 50 })
  const record = recorder({ timeoutMs: 5000 })
  const clients = [1, 2, 3].map(async (id) => {
    const client = record.client()
    for (let round = 0; round < 5; round++) {
      await client.call('write', 10 * id + round, () => server.write(10 * id + round))
      await client.call('read', null, () => server.read())
    }
  })
  await Promise.all(clients)
  await server.close()
  return record
}
