import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ReportDocument } from '../traces/html/document.ts'
import { verifyCommand } from './reproduce-verify.ts'
import { runCli } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-html-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const name of ['stale-read.edn', 'write-skew.edn'])
  writeFileSync(join(folder, name), readFileSync(resolve(import.meta.dirname, '../examples', name)))

const verify = (...argv: readonly string[]) => runCli(['verify', ...argv], { cwd: folder })

function documentIn(file: string): ReportDocument {
  const [, data = ''] = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(readFileSync(join(folder, file), 'utf8')) ?? []
  return JSON.parse(data) as ReportDocument
}

describe('verify --html', () => {
  it('writes a page of a history, and says so', async () => {
    const { status, stdout } = await verify('stale-read.edn', '--html', 'page.html')
    expect(status).toBe(1)
    expect(stdout).toMatch(/open page\.html in a browser\n$/)
    const { header, views } = documentIn('page.html')
    expect(header).toMatchObject({ title: 'stale-read.edn', command: 'counterpoint verify stale-read.edn' })
    expect(views.map(({ kind }) => kind)).toEqual(['history'])
  })

  it('writes a page of transactions and of a workload', async () => {
    await verify('write-skew.edn', '--html', 'skew.html')
    expect(documentIn('skew.html').views.map(({ kind }) => kind)).toEqual(['transactions'])
    writeFileSync(
      join(folder, 'set.edn'),
      '{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0, :type :ok, :f :read, :value [3]}\n',
    )
    await verify('set.edn', '--model', 'set', '--level', 'invariant', '--html', 'set.html')
    const { header, views } = documentIn('set.html')
    expect(views.map(({ kind }) => kind)).toEqual(['findings'])
    expect(header.sentence).toBe('the set invariant is violated')
  })

  it('prints with --json the same document as without the page, and nothing else', async () => {
    const withoutSeconds = (text: string): string => text.replaceAll(/"seconds": [\d.e-]+/g, '')
    const { stdout } = await verify('stale-read.edn', '--json')
    const beside = await verify('stale-read.edn', '--json', '--html', 'beside.html')
    expect(withoutSeconds(beside.stdout)).toBe(withoutSeconds(stdout))
    expect(documentIn('beside.html').views).toHaveLength(1)
  })

  it('says in the page which command judges the file again, with whatever options', async () => {
    const options = ['--level', 'k-atomic', '--k', '3', '--initial', '0', '--fail', 'cas=observed', '--no-independent', '--time', '5s']
    const quoted = await verify('stale-read.edn', ...options, '--html', 'first.html')
    expect(quoted.stderr).toBe('')
    const { command } = documentIn('first.html').header
    const again = (command ?? '').split(' ').slice(2)
    expect(again).toContain('--fail')
    await verify(...again, '--html', 'second.html')
    expect(documentIn('second.html').header.command).toBe(command)
    const viewless = ({ header: { sentence, tone } }: ReportDocument): unknown => [sentence, tone]
    expect(viewless(documentIn('second.html'))).toEqual(viewless(documentIn('first.html')))
  })

  it.each([
    [['stale-read.edn', 'write-skew.edn', '--html', 'x.html'], 'error: --html: is of one history'],
    [['./stale-read.edn', '--html', 'stale-read.edn'], '--html stale-read.edn: is the history itself'],
    [['stale-read.edn', '--out', 'x', '--html', './x'], '--html ./x: is what --out writes, too; name another file'],
    [['stale-read.edn', '--html', 'nowhere/x.html'], '--html nowhere/x.html: there is no folder nowhere'],
  ])('says what is wrong with %j in one line', async (argv, message) => {
    const { status, stderr } = await verify(...argv)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('the command that judges again', () => {
  it('has every option, as a shell reads it back', () => {
    const request = {
      algorithm: 'general',
      time: 1500,
      memory: 2 ** 21,
      initial: { a: "it's" },
      negativeBalances: true,
      stream: false,
    } as const
    expect(verifyCommand('my file.edn', request)).toBe(
      `counterpoint verify 'my file.edn' --initial '{"a":"it'\\''s"}' --algorithm general --time 1500ms --memory 2048k --negative-balances --no-stream`,
    )
    expect(
      verifyCommand('h.edn', { algorithm: 'auto', time: 60_000, delta: 20, quiet: 5, fail: 'observed', neverWritten: 'ignored' }),
    ).toBe('counterpoint verify h.edn --never-written ignored --fail observed --delta 20ms --quiet 5ms')
  })
})
