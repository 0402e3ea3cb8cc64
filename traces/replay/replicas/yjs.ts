/**
 * yjs: documents that merge each other's updates. A register is an entry of a map. A counter, which it does not have, is a map with an entry
 * for each replica, or, as it is often written, one entry that everybody increments.
 */
import { createRequire } from 'node:module'
import type { Replica, ReplicatedData } from './replicated-data.ts'

/** Users have the package only if they want to replay on it: it is loaded when it is asked for. */
const require = createRequire(import.meta.url)

export const yjsRemedy = 'run: npm install yjs'

/** How increments are kept. */
export const yjsCounters = ['entry per replica', 'one entry'] as const

export function hasYjs(): boolean {
  try {
    return require.resolve('yjs') !== ''
  } catch {
    return false
  }
}

export function yjs(counter: string = yjsCounters[0]): ReplicatedData {
  const { Doc, encodeStateAsUpdate, applyUpdate } = require('yjs') as Yjs
  const { version } = require('yjs/package.json') as { readonly version: string }
  return {
    name: `yjs ${version}`,
    counter,
    makeReplica: (self): Replica => {
      const doc = new Doc()
      // Which of two concurrent writes wins depends on it; by itself it is random.
      doc.clientID = self + 1
      const [register, counts] = [doc.getMap('register'), doc.getMap('counts')]
      const entry = counter === 'one entry' ? 'all' : String(self)
      return {
        write: (value) => register.set('value', value),
        increment: () => counts.set(entry, (counts.get(entry) ?? 0) + 1),
        value: () => register.get('value') ?? null,
        count: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
        tell: () => encodeStateAsUpdate(doc),
        hear: (told) => applyUpdate(doc, told),
      }
    },
  }
}

interface Numbers {
  get(key: string): number | undefined
  set(key: string, value: number): void
  values(): Iterable<number>
}

interface Doc {
  clientID: number
  getMap(name: string): Numbers
}

interface Yjs {
  readonly Doc: new () => Doc
  encodeStateAsUpdate(doc: Doc): Uint8Array
  applyUpdate(doc: Doc, update: Uint8Array): void
}
