import { implementation, type Target } from 'counterpoint/traces'
import type { LeaseLock } from './lease-lock.ts'
import leaseModel, { type LeaseState } from './lease-model.ts'

/** What each action of the model is on a lock, and what of it must be as in the model. */
export function leaseOn(name: string, Lock: new (term: number) => LeaseLock): Target {
  return implementation<LeaseLock, LeaseState>({
    name,
    model: leaseModel,
    start: ({ term }) => new Lock(Number(term)),
    actions: {
      acquire: {
        do: (lock, client: number) => lock.acquire(client),
        returns: ({ after, args: [client] }) => after.lease?.holder === client,
      },
      renew: { do: (lock, client: number) => lock.renew(client), returns: ({ before, args: [client] }) => before.lease?.holder === client },
      release: (lock, client: number) => lock.release(client),
      tick: (lock) => lock.tick(),
    },
    see: { real: (lock) => lock.holder(), model: ({ lease }) => lease?.holder ?? null },
  })
}
