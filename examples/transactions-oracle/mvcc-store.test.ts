import { type TransactionRecorder, transactionRecorder } from 'counterpoint/traces'
import { expect, it } from 'vitest'
import 'counterpoint/vitest'
import { Conflict, MvccStore } from './mvcc-store.ts'

it('is serializable where it validates reads', async () => {
  expect(await doctorsOn(new MvccStore({ validatesReads: true }))).toBeStrictSerializable({ save: 'histories/validated.edn' })
})

it('has snapshot isolation where it does not', async () => {
  expect(await doctorsOn(new MvccStore({ validatesReads: false }))).toBeSnapshotIsolated({ save: 'histories/snapshot.edn' })
})

it('is not serializable then, and the matcher shows two transactions that overlooked each other', async () => {
  const record = await doctorsOn(new MvccStore({ validatesReads: false }))
  expect(() => expect(record).toBeSerializable()).toThrow(/not serializable[\s\S]*write-skew[\s\S]*a contradiction/)
})

/** Two doctors, each of whom goes off call if both are on call, and later on call again; what their transactions saw. */
async function doctorsOn(store: MvccStore): Promise<TransactionRecorder> {
  const record = transactionRecorder({ isAbort: (error) => error instanceof Conflict })
  const doctors = ['alice', 'bob'].map(async (name) => {
    for (let round = 0; round < 5; round++) {
      await record
        .run(name, async (recorded) => {
          const transaction = store.begin()
          const states: (string | null)[] = []
          for (const key of ['alice', 'bob']) states.push(recorded.read(key, await transaction.get(key)))
          const areBothOnCall = states.every((state) => !state?.startsWith('off'))
          // Each value is written once, so that a read shows whose write it saw.
          const value = `${areBothOnCall ? 'off' : 'on'} since round ${round}`
          recorded.write(name, value)
          await transaction.set(name, value)
          await transaction.commit()
        })
        .catch((error: unknown) => {
          if (!(error instanceof Conflict)) throw error
        })
    }
  })
  await Promise.all(doctors)
  return record
}
