import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-transactions-'))
afterAll(() => rmSync(folder, { recursive: true }))
const example = resolve(import.meta.dirname, '../examples/write-skew.edn')
writeFileSync(join(folder, 'plume.txt'), 'w(1,1,0,0)\nr(1,1,1,0)\n')
writeFileSync(join(folder, 'twice.txt'), 'w(1,1,0,0)\nw(1,1,1,0)\n')

describe('verify of transactions', () => {
  it('judges serializability unless told otherwise, and exits with the verdict', async () => {
    const { status, stdout } = await runCli(['verify', example])
    expect(status).toBe(1)
    expect(stdout).toContain('not serializable')
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(': a contradiction.')
    expect(await runCli(['verify', example, '--level', 'SI'])).toMatchObject({ status: 0 })
  })

  it('prints all levels with the strongest that hold', async () => {
    const { status, stdout } = await runCli(['verify', example, '--level', 'all'])
    expect(status).toBe(1)
    expect(stdout).toContain('strongest that hold: strong-snapshot-isolation')
    expect(stdout).toContain('weakest violated: update-serializable')
  })

  it('prints what was found at whatever level', async () => {
    const { stdout } = await runCli(['verify', example, '--level', 'read-committed', '--anomalies'])
    expect(stdout).toContain('no anomaly was found')
  })

  it('gives the proof as JSON', async () => {
    const { stdout } = await runCli(['verify', example, '--json'])
    const { verdict, level, evidence, transactions } = JSON.parse(stdout)
    expect({ verdict, level, transactions }).toEqual({
      verdict: 'violated',
      level: 'serializable',
      transactions: { committed: 3, aborted: 0, unknown: 0 },
    })
    expect(evidence.name).toBe('write-skew')
    expect(evidence.cycle.map(({ kind }: { kind: string }) => kind)).toEqual(['rw', 'rw'])
  })

  it.each([
    ['skew.dot', /^digraph \{\n {2}label="write-skew \(A5B\)"[\s\S]*-> [\s\S]*\}\n$/],
    ['skew.mmd', /^---\ntitle: "write-skew \(A5B\)"\n---\nflowchart LR\n[\s\S]*==>/],
  ])('draws the cycle into %s', async (file, picture) => {
    const { status, stdout } = await runCli(['verify', example, '--graph', file], { cwd: folder })
    expect(status).toBe(1)
    expect(stdout).toMatch(new RegExp(`graph: ${file}\n$`))
    expect(readFileSync(join(folder, file), 'utf8')).toMatch(picture)
  })

  it('draws nothing of what holds, and says so', async () => {
    const { status, stdout } = await runCli(['verify', example, '--level', 'snapshot-isolation', '--graph', 'none.dot'], { cwd: folder })
    expect(status).toBe(0)
    expect(stdout).toContain('no graph: nothing is violated by a cycle')
    expect(existsSync(join(folder, 'none.dot'))).toBe(false)
  })

  it('takes a transaction without steps for one, also where it comes first', async () => {
    const events = ['[]', '[[:append :x 1] [:r :x [1]]]'].flatMap((steps, process) =>
      ['invoke', 'ok'].map((type) => `{:process ${process}, :type :${type}, :f :txn, :value ${steps}}`),
    )
    writeFileSync(join(folder, 'first-empty.edn'), events.join('\n'))
    expect((await runCli(['verify', 'first-empty.edn'], { cwd: folder })).stdout).toContain('list-append · 2 committed transactions')
    writeFileSync(join(folder, 'all-empty.edn'), events.slice(0, 2).join('\n'))
    expect((await runCli(['verify', 'all-empty.edn'], { cwd: folder })).stdout).toContain('✓ serializable')
  })

  it('calls nothing a dirty write whose order only a stronger level shows', async () => {
    const steps = ['[[:w :x 1] [:w :y 1]]', '[[:w :x 2] [:w :y 2]]', '[[:r :x 1] [:r :y 2]]']
    const events = steps.flatMap((step, process) =>
      ['invoke', 'ok'].map((type) => `{:process ${process}, :type :${type}, :f :txn, :value ${step}}`),
    )
    writeFileSync(join(folder, 'read-skew.edn'), events.join('\n'))
    const { status, stdout } = await runCli(['verify', 'read-skew.edn', '--level', 'snapshot-isolation'], { cwd: folder })
    expect(status).toBe(1)
    expect(stdout).toContain('snapshot-isolation is violated\nLet')
    expect(stdout).not.toContain('G0')
  })

  it('says by which initial value it was judged', async () => {
    const steps = ['[[:r :x 0] [:w :x 1]]', '[[:r :x 1]]']
    const events = steps.flatMap((step, process) =>
      ['invoke', 'ok'].map((type) => `{:process ${process}, :type :${type}, :f :txn, :value ${step}}`),
    )
    writeFileSync(join(folder, 'zero.edn'), events.join('\n'))
    expect((await runCli(['verify', 'zero.edn'], { cwd: folder })).status).toBe(1)
    const { status, stdout } = await runCli(['verify', 'zero.edn', '--initial', '0'], { cwd: folder })
    expect(status).toBe(0)
    expect(stdout).toContain('--initial 0')
  })

  it('says that nothing was judged where nothing has committed', async () => {
    writeFileSync(join(folder, 'open.edn'), '{:process 0, :type :invoke, :f :txn, :value [[:w :x 1]]}\n')
    const { status, stdout } = await runCli(['verify', 'open.edn'], { cwd: folder })
    expect(status).toBe(0)
    expect(stdout).toContain('Nothing was judged: no transaction has completed.')
  })

  it('does not judge by real time what has no times', async () => {
    expect(await runCli(['verify', 'plume.txt'], { cwd: folder })).toMatchObject({ status: 0 })
    expect(await runCli(['verify', 'plume.txt', '--level', 'strict-serializable'], { cwd: folder })).toMatchObject({ status: 3 })
  })

  it.each([
    [['verify', 'plume.txt', '--level', 'linearizable'], 'error: plume.txt: has transactions without times'],
    [['verify', 'twice.txt'], 'error: twice.txt: '],
    [['verify', example, '--level', 'serializable', '--nil', 'value'], 'error: --nil: is for histories of single operations'],
    [['verify', example, '--model', 'list-append'], `error: ${example}: event `],
    [['verify', example, '--model', 'register', '--level', 'serializable'], 'error: --level serializable: is for transactions'],
    [['verify', example, '--model', 'rw-register', '--level', 'linearizable'], 'error: --level linearizable: is not for transactions'],
    [['verify', example, '--level', 'seralizable'], 'did you mean "serializable"'],
    [['verify', 'first-empty.edn', '--initial', '[9]'], 'error: --initial: is the value of registers at first'],
    [['verify', example, '--graph', 'skew.png'], 'Expected a file name that ends in .dot or .gv'],
    [['verify', example, '--graph', 'nowhere/skew.dot'], '--graph nowhere/skew.dot: there is no folder nowhere'],
    [['verify', example, 'plume.txt', '--graph', 'skew.dot'], '--graph: is of one history'],
    [['verify', './mine.dot', '--graph', 'mine.dot'], '--graph mine.dot: is the history itself'],
  ])('says what is wrong with %j in one line', async (argv, message) => {
    const { status, stderr } = await runCli(argv, { cwd: folder })
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
