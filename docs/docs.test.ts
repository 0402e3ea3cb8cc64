import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Io, Output } from '../cli/io.ts'
import { run } from '../cli/run.ts'

const root = resolve(import.meta.dirname, '..')
const pages = ['README.md', ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))]

interface Snippet {
  readonly page: string
  readonly file: string
  readonly text: string
}

const snippets = pages.flatMap((page): Snippet[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts file=(\S+)\n(.*?)^```$/gms)].map(([, file = '', text = '']) => ({
    page,
    file,
    text,
  })),
)

describe('the manual', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'counterpoint-docs-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('has models to read', () => {
    expect(snippets.map(({ file }) => file)).toEqual(expect.arrayContaining(['token-ring.ts', 'ping.ts', 'lost-update.ts']))
  })

  it.each(snippets)('$page: $file is a model that can be checked', async ({ file, text }) => {
    writeFileSync(join(folder, file), text)
    const lines: string[] = []
    const status = await run(['check', `./${file}`], io(folder, lines))
    expect(lines.join('')).toContain('reproduce: counterpoint check')
    expect(status).toBe(file === 'lost-update.ts' ? 1 : 0)
  })

  it('shows in README.md the example that is in examples/', () => {
    const shown = snippets.find(({ page, file }) => page === 'README.md' && file === 'lost-update.ts')?.text
    expect(shown).toBe(readFileSync(join(root, 'examples/lost-update.ts'), 'utf8'))
  })
})

function io(cwd: string, lines: string[]): Io {
  const output: Output = { write: (text) => void lines.push(text), isTTY: false, columns: 80 }
  return { stdout: output, stderr: output, env: { NO_COLOR: '1' }, cwd, onInterrupt: () => () => {}, exitNow: () => {} }
}
