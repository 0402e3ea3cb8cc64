import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from './testing/io.ts'
import { tableModel } from './testing/user-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-table-'))
writeFileSync(join(folder, 'counter.ts'), tableModel)
writeFileSync(join(folder, 'wrong.ts'), tableModel.replace("['not possible', 'if", "['possible', 'if"))
afterAll(() => rmSync(folder, { recursive: true }))

const ran = (...argv: string[]) => runCli(['check', ...argv], { cwd: folder })
const untimed = (text: string): string => text.replaceAll(/\d+\.\d+ s\b/g, '? s')

describe('counterpoint check --table', () => {
  it('prints the words under their headings, and what the columns ask', async () => {
    const { status, stdout, stderr } = await ran('./counter.ts', '--table')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(untimed(stdout)).toMatchInlineSnapshot(`
      "counter, locks: What each lock is good for
        source  The textbook

                    lost update   stuck for ever         free
      no lock       possible      if it is not released  holds
      short | lock  possible      if it is not released  -
      long lock     not possible  if it is not released  -

      lost update     noLostUpdate: no update is lost
      stuck for ever  noDeadlock: the system stops only where it is done
      free            unlocked: nobody waits

      7 cells by 8 searches of 73 states, ? s

      ✓ holds: 7 cells as expected

      reproduce: counterpoint check ./counter.ts --table
      "
    `)
    expect(untimed((await ran('./counter.ts', '--table', 'locks')).stdout)).toBe(untimed(stdout).replace(/--table$/m, '--table locks'))
  })

  it('keeps names that are longer than their column apart from what they mean', async () => {
    writeFileSync(join(folder, 'long.ts'), tableModel.replaceAll("'stuck for ever'", "'stuck for ever and a day or longer'"))
    expect((await ran('./long.ts', '--table')).stdout).toContain('stuck for ever and a day or longer  noDeadlock: ')
  })

  it('names the cells that are not as expected, with a command that shows each', async () => {
    const { status, stdout } = await ran('./wrong.ts', '--table')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^long lock +✗ not possible/m)
    expect(stdout).toContain(`row "long lock", column "lost update": not possible, where possible was expected
  see it: counterpoint check ./wrong.ts --property noLostUpdate

✗ violated: 1 of 7 cells not as expected
`)
  })

  it('says of no cell what is not certain', async () => {
    const { status, stdout } = await ran('./counter.ts', '--table', '--max-states', '8')
    expect(status).toBe(3)
    expect(stdout).toMatch(/^long lock +not possible/m)
    expect(stdout).toMatch(/^no lock +\? inconclusive +\? inconclusive +\? inconclusive$/m)
    expect(stdout).toContain(
      'the limit on states was reached: no lock (lost update, stuck for ever, free);\n  short | lock (lost update, stuck for ever)\n',
    )
    expect(stdout).toMatch(/^\? inconclusive: 5 of 7 cells uncertain$/m)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('reproduce: counterpoint check ./counter.ts --max-states 8 --table')
  })

  it('ends when it is interrupted', async () => {
    const { status, stdout } = await runCli(['check', './counter.ts', '--table'], { cwd: folder, interruptsAt: [1000] })
    expect(status).toBe(130)
    expect(stdout).toContain('interrupted: no lock (lost update, stuck for ever, free); short | lock')
  })

  it('is as wide as asked: words are broken at spaces, and columns go below the others', async () => {
    const { stdout } = await runCli(['check', './counter.ts', '--table'], { cwd: folder, outputTerminal: 40, env: { NO_COLOR: '1' } })
    const lines = stdout.split('\n').slice(0, -2)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    expect(stdout.slice(stdout.indexOf('\n\n') + 2, stdout.indexOf('\n\nlost'))).toMatchInlineSnapshot(`
      "              lost      stuck     free
                    update    for ever
      no lock       possible  if it is  holds
                              not
                              released
      short | lock  possible  if it is  -
                              not
                              released
      long lock     not       if it is  -
                    possible  not
                              released"
    `)
  })

  it('prints one JSON document', async () => {
    const { status, stdout, stderr } = await ran('./counter.ts', '--table', '--json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'counter',
      verdict: 'holds',
      tables: [
        {
          table: 'locks',
          verdict: 'holds',
          rows: [{ name: 'no lock', constants: { lock: 'none' }, bugs: [] }, {}, {}],
          columns: [{ name: 'lost update', property: 'noLostUpdate', sentence: 'no update is lost' }, {}, {}],
          cells: [
            { row: 'no lock', column: 'lost update', word: 'possible', expected: 'possible', verdict: 'violated', depth: 5, distinct: 12 },
            {
              word: 'if it is not released',
              verdict: 'differs',
              checks: [{ verdict: 'holds' }, { verdict: 'violated', bugs: ['no-unlock'] }],
            },
            { word: 'holds', seconds: expect.any(Number) },
            {},
            {},
            {},
            {},
          ],
        },
      ],
    })
  })

  it('prints Markdown', async () => {
    expect((await ran('./counter.ts', '--table', '--markdown')).stdout).toMatchInlineSnapshot(`
      "|  | lost update | stuck for ever | free |
      |---|---|---|---|
      | no lock | possible | if it is not released | holds |
      | short \\| lock | possible | if it is not released | - |
      | long lock | not possible | if it is not released | - |
      "
    `)
  })

  it('writes the traces of the cells into a folder', async () => {
    mkdirSync(join(folder, 'traces'))
    const { status, stdout } = await ran('./counter.ts', '--table', '--out', 'traces')
    expect(status).toBe(0)
    expect(stdout).toContain('5 traces in traces; see one: counterpoint show traces/locks-no-lock-lost-update.json\n')
    expect(readdirSync(join(folder, 'traces')).sort()).toEqual([
      'locks-long-lock-stuck-for-ever-2.json',
      'locks-no-lock-lost-update.json',
      'locks-no-lock-stuck-for-ever-2.json',
      'locks-short-lock-lost-update.json',
      'locks-short-lock-stuck-for-ever-2.json',
    ])
    const shown = await runCli(['show', 'traces/locks-no-lock-lost-update.json'], { cwd: folder })
    expect(shown.stdout).toContain('✗ after step 4, noLostUpdate: no update is lost')
    expect(await ran('./counter.ts', '--table', '--out', 'nowhere')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'error: --out nowhere: there is no such folder; make it first\n',
    })
  })

  it('refuses what the cells say themselves', async () => {
    const refusal = async (...argv: string[]): Promise<string> => {
      const { status, stdout, stderr } = await ran(...argv)
      expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: '' })
      return stderr
    }
    const alone = 'does not go with --table, whose cells say themselves what is checked; leave it out\n'
    for (const flags of [
      ['--set', 'rounds=2'],
      ['--bug', 'no-unlock'],
      ['--property', 'x'],
      ['--strategy', 'dfs'],
      ['--seed', '2'],
    ])
      expect(await refusal('./counter.ts', '--table', ...flags)).toBe(`error: ${flags[0]} ${alone}`)
    for (const flag of ['--no-fairness', '--minimize', '--no-minimize'])
      expect(await refusal('./counter.ts', '--table', 'locks', flag)).toBe(`error: ${flag} ${alone}`)
    expect(await refusal('./counter.ts', '--markdown')).toBe('error: --markdown prints tables; add --table, or leave it out\n')
    expect(await refusal('./counter.ts', '--table', '--markdown', '--json')).toContain('leave one out')
    expect(await refusal('./counter.ts', '--table', 'lock')).toBe('error: model counter has no table "lock", did you mean "locks"?\n')
    expect(await refusal('raft', '--table', 'none')).toContain('has no table "none"')
    expect(await refusal('two-phase-commit', '--table')).toBe('error: model two-phase-commit has no tables\n')
  })
})

describe('counterpoint list', () => {
  it('shows the tables of a model, and what it covers and omits where it is asked for alone', async () => {
    const { status, stdout } = await runCli(['list', './counter.ts'], { cwd: folder })
    expect(status).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "counter: Two workers increment a counter
        constants   lock    long (none | short | long)
                    rounds  1 (1 to 9)
        bugs        no-unlock  A worker never releases the lock
        properties  noLostUpdate  always: no update is lost
                    bothWrite     sometimes: both workers write
        tables      locks  What each lock is good for (3 rows, 3 columns)
        covers      -  Workers that read the counter and write it back
                    -  locks that are held while a worker writes, or from its read to
                       its write
        omits       -  more workers: two are enough for an update to be lost
      "
    `)
    const listed = JSON.parse((await runCli(['list', './counter.ts', '--json'], { cwd: folder })).stdout)
    expect(listed.models[0]).toMatchObject({
      covers: ['Workers that read the counter and write it back', expect.any(String)],
      omits: [{ what: 'more workers', why: 'two are enough for an update to be lost' }],
      tables: [
        {
          name: 'locks',
          about: 'What each lock is good for',
          rows: ['no lock', 'short | lock', 'long lock'],
          columns: ['lost update', 'stuck for ever', 'free'],
        },
      ],
    })
  })
})
