import fc from 'fast-check'

/** A test judges the change, not the luck of the day: every run draws the same values, and FUZZ_SEED draws others. */
fc.configureGlobal({ seed: Number(process.env['FUZZ_SEED'] ?? 2026) })
