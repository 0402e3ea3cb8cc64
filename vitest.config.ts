import { existsSync, statfsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (folder: string): string => fileURLToPath(new URL(`${folder}/index.ts`, import.meta.url))

/** Servers that tests start write much that nobody reads again: where there is room, into memory. */
const memory = '/dev/shm'

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > 4 * 2 ** 30
}

export default defineConfig({
  // Tests run the sources, also where a model or an example imports the package by its name.
  resolve: {
    alias: [
      { find: /^counterpoint$/, replacement: source('checker') },
      { find: /^counterpoint\/(models|properties|traces)$/, replacement: `${fileURLToPath(new URL('.', import.meta.url))}$1/index.ts` },
      { find: /^counterpoint\/(vitest|fast-check)$/, replacement: `${fileURLToPath(new URL('.', import.meta.url))}traces/$1.ts` },
    ],
  },
  test: {
    include: ['*.test.ts', '{checker,properties,models,traces,cli,bench,docs,examples}/**/*.test.ts'],
    setupFiles: ['vitest.setup.ts'],
    clearMocks: true,
    // Vitest would leave one of two cores to itself, which has next to nothing to do.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    env: process.env['TMPDIR'] === undefined && hasRoom(memory) ? { TMPDIR: memory } : {},
    // Exhaustive checks take seconds; these limits only stop what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
})
