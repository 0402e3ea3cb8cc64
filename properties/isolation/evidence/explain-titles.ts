/** What anomalies are called. */
import type { AnomalyName, CycleName } from '../anomaly.ts'

/** Such as `G-single (read skew)`; a cycle that needs session order or real time says so. */
export function titleOf(name: AnomalyName): string {
  const plain = name.replace(/-(session|realtime)$/, '') as CycleName
  const order = name.endsWith('-session') ? ', with session order' : name.endsWith('-realtime') ? ', with real-time order' : ''
  return `${name} (${known[plain as AnomalyName] ?? 'anomaly'}${order})`
}

/** Names that people know from Berenson et al. and Adya, or what it is in few words. */
const known: Readonly<Partial<Record<AnomalyName, string>>> = {
  G0: 'dirty writes',
  G1c: 'circular information flow',
  'G-single': 'read skew',
  'G-nonadjacent': 'anti-dependencies, no two in a row',
  'G2-item': 'anti-dependency cycle',
  G1a: 'aborted read',
  G1b: 'intermediate read',
  internal: 'own writes not seen',
  'future-read': 'read before the write',
  'thin-air-read': 'read of what nothing wrote',
  'dirty-update': 'update of what was aborted',
  'duplicate-elements': 'appended once, there more often',
  'incompatible-order': 'lists that contradict each other',
  'cyclic-versions': 'versions that each precede the other',
  'lost-update': 'P4',
  'fractured-read': 'part of a transaction seen',
  'non-repeatable-read': 'P2',
  'long-fork': 'two reads see two writes in opposite orders',
  'write-skew': 'A5B',
}
