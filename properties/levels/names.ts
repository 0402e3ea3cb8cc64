/** The names of the levels of consistency, the strongest first as far as they can be compared. */
export const levelNames = [
  'linearizable',
  'sequential',
  'causal',
  'causal-convergence',
  'pram',
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
  'regular',
  'safe',
  'bounded-staleness',
  'k-atomic',
  'eventual',
  'no-lost-writes',
  'at-least-once',
  'at-most-once',
  'exactly-once',
] as const

export type LevelName = (typeof levelNames)[number]
