import { cell, cells, defineModel, ids, type Model } from 'counterpoint'

/** What the model keeps, as the functions of an implementation see it. */
export interface LeaseState {
  readonly lease: { readonly holder: number; readonly left: number } | null
}

/** A lock that is only lent: it is free again when its time is over, and its holder may ask for more before. */
const leaseModel: Model = defineModel({
  name: 'lease',
  about: 'Clients take a lock for some time, make that longer, and give it back',
  constants: { clients: { default: 3, min: 1, max: 9 }, term: { default: 3, min: 1 } },
  state: (c) => ({
    /** Who holds it, and for how long. */
    lease: cell<LeaseState['lease']>(null),
    /** Whether each client has ever held it. */
    served: cells(c.clients, false as boolean),
  }),
  actions: (on, c) => ({
    /** Anybody may ask; the holder who asks again gets the time that is left, and no more. */
    acquire: on.action({
      each: ids(c.clients),
      then: (s, client) => {
        s.lease ??= { holder: client, left: c.term }
        if (s.lease.holder === client) s.served[client] = true
      },
    }),
    /** The holder has the whole time again. */
    renew: on.action({
      each: ids(c.clients),
      then: (s, client) => {
        if (s.lease?.holder === client) s.lease = { holder: client, left: c.term }
      },
    }),
    /** Who is not the holder, any more or yet, gives nothing back. */
    release: on.action({
      each: ids(c.clients),
      then: (s, client) => {
        if (s.lease?.holder === client) s.lease = null
      },
    }),
    tick: on.action({
      when: (s) => s.lease !== null,
      then: (s) => {
        if (s.lease !== null) s.lease = s.lease.left === 1 ? null : { holder: s.lease.holder, left: s.lease.left - 1 }
      },
    }),
  }),
  properties: (on) => ({
    everybodyServed: on.sometimes('every client has held it', (s) => s.served.every((one) => one)),
  }),
})

export default leaseModel
