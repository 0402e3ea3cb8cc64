import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from './testing/io.ts'
import { lockModel } from './testing/user-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-'))
afterAll(() => rmSync(folder, { recursive: true }))

function logFile(name: string, ...lines: readonly object[]): string {
  writeFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return name
}

const header = { model: 'two-phase-commit', constants: { resourceManagers: 2 } }
const prepared = [0, 1].map((rm) => ({ action: 'prepare', args: [rm] }))
const commit = { action: 'commit', state: { tm: 'committed' } }
const partial = logFile('partial.jsonl', header, ...prepared, commit)
const validating = (...argv: readonly string[]) => runCli(['validate', ...argv], { cwd: folder })

describe('counterpoint validate', () => {
  it('says that a log cannot be, at which line, and what the model allows there', async () => {
    const { status, stdout, stderr } = await validating(partial)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout.replace(/\d+\.\d+ s/, '? s')).toMatchInlineSnapshot(`
      "✗ impossible: partial.jsonl:4 commit → {tm: committed}
        two-phase-commit · resourceManagers=2 · 3 pairs of event and state in ? s

      the 2 events before it are explained by 2 steps of the model

      no path of the model explains this event after them
        commit is not enabled there

      the model allows there
        receivePrepared(0)
        receivePrepared(1)
        abort

      actions that may have happened without being logged have to be declared as
        hidden
      "
    `)
  })

  it('finds what a log leaves out, and writes a trace that show draws and replay takes', async () => {
    const { status, stdout, stderr } = await validating(partial, '--hidden', 'receivePrepared,abort', '--out', 'trace.json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('✓ explained: partial.jsonl\n')
    expect(stdout).toContain('see the path: counterpoint show trace.json')
    const shown = await runCli(['show', 'trace.json'], { cwd: folder })
    expect(shown).toMatchObject({ status: 0, stderr: '' })
    expect(shown.stdout).toContain('after step 5: explains all 3 events of the log')
    const replayed = await runCli(['replay', 'trace.json'], { cwd: folder })
    expect(replayed).toMatchObject({ status: 0, stderr: '' })
    expect(replayed.stdout).toContain('✓ the model allows it')
    const onRaft = await runCli(['replay', 'trace.json', '--on', 'liferaft'], { cwd: folder })
    expect(onRaft).toMatchObject({ status: 2, stderr: expect.stringContaining('replays traces of raft') })
  })

  it('prints one JSON document', async () => {
    const { status, stdout } = await validating(partial, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'partial.jsonl',
      model: 'two-phase-commit',
      constants: { resourceManagers: 2 },
      bugs: [],
      verdict: 'impossible',
      limit: null,
      events: 3,
      explained: 2,
      stepEvents: [0, 1],
      failure: {
        event: { ...commit, line: 4 },
        line: 4,
        states: 1,
        isNeverEnabled: true,
        allowed: [
          { action: 'receivePrepared', args: [0], process: 0 },
          { action: 'receivePrepared', args: [1] },
          { action: 'abort', args: [] },
        ],
        more: 0,
        differences: [],
      },
      pairs: 3,
    })
  })

  it('ends with 3 where a limit ended the search', async () => {
    const { status, stdout } = await validating(partial, '--hidden', '*', '--max-hidden', '0')
    expect(status).toBe(3)
    expect(stdout).toContain('? inconclusive: partial.jsonl:4 commit')
    expect(stdout).toContain('the search ended at its limit on hidden steps in a row; allow more')
    expect((await validating(partial, '--hidden', '*', '--max-states', '2')).status).toBe(3)
    const interrupted = await runCli(['validate', partial, '--hidden', '*'], { cwd: folder, interruptsAt: [0] })
    expect([0, 130]).toContain(interrupted.status)
  })

  it('takes what the header says, unless a flag says otherwise', async () => {
    const log = logFile('header.jsonl', { ...header, hidden: ['receivePrepared'], maxHidden: 2 }, ...prepared, commit)
    expect((await validating(log)).status).toBe(0)
    expect((await validating(log, '--max-hidden', '0')).status).toBe(3)
    expect((await validating(log, '--hidden', 'abort')).status).toBe(1)
    expect((await validating(log, '--set', 'resourceManagers=3')).status).toBe(1)
  })

  it('finds the file of a model from where the log lies', async () => {
    mkdirSync(join(folder, 'logs'))
    writeFileSync(join(folder, 'lock.ts'), lockModel)
    const wrong = [
      { action: 'acquire', args: [0] },
      { action: 'acquire', args: [1] },
    ]
    const log = logFile('logs/lock.jsonl', { model: '../lock.ts' }, ...wrong)
    expect((await validating(log)).status).toBe(1)
    expect(await validating(log, '--bug', 'no-guard', '--out', 'logs/lock.json')).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(readFileSync(join(folder, 'logs/lock.json'), 'utf8'))).toMatchObject({
      file: '../lock.ts',
      bugs: ['no-guard'],
      kind: 'path',
    })
    expect((await runCli(['show', 'logs/lock.json'], { cwd: folder })).status).toBe(0)
    expect((await validating(logFile('bare.jsonl', ...wrong), '--model', './lock.ts')).status).toBe(1)
  })

  it.each([
    [['none.jsonl'], 'error: none.jsonl: there is no such file; give the path of a log\n'],
    [['.'], /^error: \.: cannot be read \(.*\); give the path of a log\n$/],
    [[logFile('nameless.jsonl', commit)], 'error: nameless.jsonl: has no header that names a model; name it with --model\n'],
    [
      [logFile('unknown.jsonl', header, { action: 'comit' })],
      'error: unknown.jsonl:2: model two-phase-commit has no action "comit", did you mean "commit"?\n',
    ],
    [
      [logFile('high.jsonl', header, { action: 'prepare', args: [2] })],
      'error: high.jsonl:2: args[0] of prepare is 2, but the model has 0, 1; correct the log, or set other constants\n',
    ],
    [
      [partial, '--hidden', 'comit'],
      'error: partial.jsonl: hidden: model two-phase-commit has no action "comit", did you mean "commit"?\n',
    ],
    [[partial, '--model', 'two-phase'], /^error: there is no model "two-phase"/],
    [[partial, '--set', 'rms=2'], /^error: .*rms/],
    [[partial, '--out', 'none/trace.json'], /^error: --out none\/trace\.json: there is no folder none; make it first\n$/],
    [[partial, '--max-hidden', '-1'], /max-hidden/],
  ])('refuses %j with one line', async (argv, message) => {
    const { status, stdout, stderr } = await validating(...argv)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
