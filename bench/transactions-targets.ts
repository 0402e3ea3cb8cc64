/** Histories of transactions of which it is known how long others need; the figures of others were measured on a machine like this one. */

export interface TransactionTarget {
  readonly title: string
  /** A file of the published ones, or list-append transactions that are generated and written to a file in Jepsen's EDN. */
  readonly source: { readonly file: string } | { readonly transactions: number }
  readonly level: string
  readonly anomalies: boolean
  readonly expected: 'holds' | 'violated'
  readonly passes: number
  /** What the first pass is to keep below, of reading where others' time for that is known. */
  readonly readTargetMs: number | null
  readonly judgeTargetMs: number
  readonly about: string
}

export function targets(smoke: boolean): TransactionTarget[] {
  if (!smoke) return [lists(100_000), ...snapshots, ...weak]
  return [lists(500), ...snapshots.slice(0, 1), ...weak.slice(0, 1)].map((target) => ({ ...target, passes: 2 }))
}

function lists(transactions: number): TransactionTarget {
  return {
    title: `list-append, ${transactions.toLocaleString('en')} transactions`,
    source: { transactions },
    level: 'strict-serializable',
    anomalies: true,
    expected: 'holds',
    passes: 5,
    readTargetMs: 2100,
    judgeTargetMs: 2750,
    about: 'a quarter of Elle, of 100,000: 8-9 s and 11-18 s, 3,500 MB',
  }
}

const snapshots: readonly TransactionTarget[] = [
  '20_100_15_10000_0.5_zipf',
  '20_100_15_10000_0.5_hotspot',
  '20_100_15_10000_0_uniform',
].map((name) => ({
  title: `PolySI ${name}, 2,000 transactions`,
  source: { file: `txn/valid/polysi-${name}.txt.gz` },
  level: 'strong-session-snapshot-isolation',
  anomalies: false,
  expected: 'holds',
  passes: 5,
  readTargetMs: null,
  judgeTargetMs: 1000,
  about: 'PolySI on one of this shape: 3,400 ms',
}))

/** What AWDIT calls read committed is our monotonic atomic view. */
const weak: readonly TransactionTarget[] = (
  [
    ['strong-session-monotonic-atomic-view', 42],
    ['strong-session-read-atomic', 83],
    ['causal', 210],
  ] as const
).map(([level, ms]) => ({
  title: 'SMT-TC 15_700_15_1000, 10,500 transactions',
  source: { file: 'txn/valid/smttc-15_700_15_1000.txt.gz' },
  level,
  anomalies: false,
  expected: 'holds',
  passes: 5,
  readTargetMs: null,
  judgeTargetMs: 2 * ms,
  about: `twice AWDIT: ${ms} ms`,
}))
