/** Servers that each keep a copy and never talk to each other. Source: Stateright, examples/single-copy-register.rs. */
import type { Model } from '../../index.ts'
import { registerActors, unwritten } from './register-actors.ts'

export const singleCopyRegister: Model = registerActors<string, never>({
  name: 'single-copy-register',
  initial: () => unwritten,
  handle: (value, _self, _servers, from, message) => {
    if (message.kind === 'Put') return { state: message.value, sends: [[from, { kind: 'PutOk', req: message.req }]] }
    if (message.kind === 'Get') return { state: value, sends: [[from, { kind: 'GetOk', req: message.req, value }]] }
    return null
  },
})
