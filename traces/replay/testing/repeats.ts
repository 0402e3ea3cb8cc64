/** How often a scenario on a real system runs again after it has passed, for `repeats` of a test: CI runs each ten times in a row. */
export const repeats: number = Math.max(1, Number(process.env['REPLAY_RUNS'] ?? '1')) - 1
