import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (folder: string): string => fileURLToPath(new URL(`${folder}/index.ts`, import.meta.url))

export default defineConfig({
  // Tests run the sources, also where a model imports the package by its name.
  resolve: {
    alias: [
      { find: /^counterpoint$/, replacement: source('checker') },
      { find: /^counterpoint\/(models|properties|traces)$/, replacement: `${fileURLToPath(new URL('.', import.meta.url))}$1/index.ts` },
    ],
  },
  test: {
    include: ['*.test.ts', '{checker,properties,models,traces,cli,bench,docs,examples}/**/*.test.ts'],
    clearMocks: true,
    // Exhaustive checks take seconds; these limits only stop what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
