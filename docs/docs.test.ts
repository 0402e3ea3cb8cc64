import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Io, Output } from '../cli/io.ts'
import { run } from '../cli/run.ts'
import { targets } from '../traces/index.ts'

const root = resolve(import.meta.dirname, '..')
const pages = ['README.md', ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))]

interface Snippet {
  readonly page: string
  readonly file: string
  readonly text: string
}

const snippets = pages.flatMap((page): Snippet[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(?:ts|edn|jsonl) file=(\S+)\n(.*?)^```$/gms)].map(
    ([, file = '', text = '']) => ({
      page,
      file,
      text,
    }),
  ),
)

const models = snippets.filter(({ file, text }) => file.endsWith('.ts') && !text.includes('defineSpec'))

/** What the pages show of judging histories, logs and tables: the command, and what it prints. */
const transcripts = pages.flatMap((page) =>
  [
    ...readFileSync(join(root, page), 'utf8').matchAll(
      /^```\n\$ (?:npm start -s --|counterpoint) (verify [^\n]*|validate [^\n]*|check [^\n]* --table)\n(.*?)^```$/gms,
    ),
  ].map(([, command = '', output = '']) => ({ page, command, output })),
)

/** What they show of replays in this process, of a trace that they say how to make. */
const replays = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const [, made = ''] = /^npm start -- (check .* --out trace\.json)$/m.exec(text) ?? []
  const shown = text.matchAll(/^```\n\$ npm start -s -- (replay trace\.json --on (?:liferaft|coaty-raft))\n(.*?)^```$/gms)
  return [...shown].map(([, command = '', output = '']) => ({ page, made, command, output }))
})
/** What they show of walks in this process, in the folder of the package. */
const fuzzed = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```\n\$ counterpoint (fuzz [^\n]*)\n(.*?)^```$/gms)].map(
    ([, command = '', output = '']) => ({ page, command, output }),
  ),
)
const isInstalled = targets.filter(({ isInProcess }) => isInProcess).every((target) => target.missing() === null)

describe('the manual', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'counterpoint-docs-'))
    for (const { file, text } of snippets) writeFileSync(join(folder, file), text)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('has models to read', () => {
    expect(snippets.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['token-ring.ts', 'ping.ts', 'stale-cache.ts', 'lost-update.ts']),
    )
  })

  it.each(models)('$page: $file is a model that can be checked', async ({ file }) => {
    const lines: string[] = []
    const status = await run(['check', `./${file}`], io(folder, lines))
    expect(lines.join('')).toContain('reproduce: counterpoint check')
    expect(status).toBe(file === 'lost-update.ts' ? 1 : 0)
  })

  it.each(transcripts)('$page: $command prints what is shown', async ({ page, command, output }) => {
    const lines: string[] = []
    await run(command.split(' '), io(page === 'README.md' ? root : folder, lines))
    const untimed = (text: string): string => text.replaceAll(/\d+\.\d+ (ms|s)\b/g, '? s')
    expect(untimed(lines.join(''))).toBe(untimed(output))
  })

  it.skipIf(!isInstalled).each(replays)('$page: $command prints what is shown', async ({ made, command, output }) => {
    const lines: string[] = []
    await run(made.split(' '), io(folder, []))
    await run(command.split(' '), io(folder, lines))
    const untimed = (text: string): string => text.replaceAll(/\d+\.\d+ s\b/g, '? s')
    expect(untimed(lines.join(''))).toBe(untimed(output))
  })

  it.skipIf(!isInstalled).each(fuzzed)('$page: $command prints what is shown', async ({ command, output }) => {
    const lines: string[] = []
    await run(command.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [], io(root, lines))
    const untimed = (text: string): string => text.replaceAll(/\d+\.\d+ s\b/g, '? s')
    expect(untimed(lines.join(''))).toBe(untimed(output))
  })

  it('draws a lasso as it is drawn', async () => {
    const [, picture = ''] =
      /^\$ counterpoint check peterson --bug after-you\n(.*?)^```$/ms.exec(readFileSync(join(root, 'docs/checking.md'), 'utf8')) ?? []
    const lines: string[] = []
    await run(['check', 'peterson', '--bug', 'after-you'], io(folder, lines))
    expect(picture).toContain('⟲ back to the state after step 4')
    expect(lines.join('')).toContain(picture)
  })

  it('shows how histories and tables are judged, also by a specification of its own', () => {
    expect(transcripts.map(({ command }) => command)).toEqual(
      expect.arrayContaining([
        'verify examples/stale-read.edn',
        'verify bag.edn --model ./bag.ts',
        'verify register.edn --model ./register.ts',
        'check ./counter.ts --table',
      ]),
    )
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
