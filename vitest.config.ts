import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{checker,properties,models,traces,cli,bench,docs,examples}/**/*.test.ts'],
    clearMocks: true,
    // Exhaustive checks take seconds; these limits only stop what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
