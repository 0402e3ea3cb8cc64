/** `counterpoint maelstrom`: exit statuses, files and what is left behind. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { example, Programs } from '../traces/maelstrom/testing/node-programs.ts'
import { runCli } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-maelstrom-'))
const programs = new Programs()
afterAll(() => {
  programs.remove()
  rmSync(folder, { recursive: true, force: true })
})

const maelstrom = (...args: readonly string[]) => runCli(['maelstrom', ...args], { cwd: folder })

describe('counterpoint maelstrom', () => {
  it('exits with 0 where nothing is wrong, and says by which clock', async () => {
    const { status, stdout } = await maelstrom(
      '--bin',
      example('lin-kv-proxy.mjs'),
      '--workload',
      'lin-kv',
      '--schedules',
      '2',
      '--ops',
      '6',
    )
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^✓ holds: nothing is wrong in 2 schedules\n {2}lin-kv · 3 nodes · virtual clock · 2 schedules · \d+ operations · [\d.]+\n? *s\n$/,
    )
  })

  it('exits with 1 where a cache is stale, shows why, and writes a schedule that shows it again', async () => {
    const bin = ['--bin', example('lin-kv-cached.mjs'), '--workload', 'lin-kv']
    const { status, stdout } = await maelstrom(...bin, '--nodes', '2', '--ops', '12', '--out', 'stale.json')
    expect(status).toBe(1)
    expect(stdout).toContain('✗ not linearizable')
    expect(stdout).toMatch(/the smallest schedule found, \d+ of \d+ steps; none can be left out/)
    expect(stdout).toContain('again: counterpoint maelstrom --replay stale.json')

    const again = await maelstrom('--replay', 'stale.json', '--json')
    expect(again.status).toBe(1)
    const { verdict, wrong, schedule } = JSON.parse(again.stdout)
    expect([verdict, wrong]).toEqual(['violated', 'consistency'])
    expect(schedule.steps).toEqual(JSON.parse(readFileSync(join(folder, 'stale.json'), 'utf8')).steps)

    const right = await maelstrom('--replay', 'stale.json', '--bin', example('lin-kv-proxy.mjs'))
    expect([right.status, right.stdout.includes('nothing is wrong')]).toEqual([0, true])
  })

  it('exits with 3 where the time is up', async () => {
    const { status, stdout } = await maelstrom(
      '--bin',
      example('broadcast.mjs'),
      '--workload',
      'broadcast',
      '--time-limit',
      '1ms',
      '--ops',
      '4',
    )
    expect([status, stdout.split('\n')[0]]).toEqual([3, '? inconclusive: the time limit was reached after 0 of 20 schedules, in which'])
  })

  it('hands what is behind -- to the program', async () => {
    const bin = programs.node(`node.on('generate', () => ({ type: 'generate_ok', id: process.argv[2] }))`)
    const { status, stdout } = await maelstrom('--bin', bin, '--workload', 'unique-ids', '--ops', '2', '--', '--same')
    expect(status).toBe(1)
    expect(stdout).toMatch(/the identifier "--same" was given to c\d and again to c\d/)
  })

  it.each([
    ['no program', ['--workload', 'echo'], 'there is no program; name one with --bin, or a schedule with --replay'],
    [
      'a program that is not there',
      ['--bin', 'no.js', '--workload', 'echo'],
      '--bin no.js: there is no such file; give a file of JavaScript or a program',
    ],
    ['no workload', ['--bin', 'no.js'], 'there is no workload; choose one with --workload: echo, unique-ids, broadcast, g-set,'],
    ['another workload', ['--bin', 'no.js', '--workload', 'mutex'], "option '--workload <name>' argument 'mutex' is invalid."],
    [
      'another level',
      ['--bin', 'no.js', '--workload', 'txn-list-append', '--level', 'serialisable'],
      'there is no isolation level serialisable, did you mean "serializable"?',
    ],
    [
      'a level of a workload that has none',
      ['--bin', 'no.js', '--workload', 'echo', '--level', 'serializable'],
      'the workload echo has no isolation levels; leave level out',
    ],
    ['a file that is not there', ['--replay', 'no.json'], '--replay no.json: cannot be read'],
    ['a file that is none', ['--replay', 'none.json'], 'none.json: is not JSON; give a file that counterpoint maelstrom --out has written'],
    ['what the file says already', ['--replay', 'none.json', '--nodes', '3'], '--nodes is said by the file that is replayed; leave it out'],
    ['a file that cannot be written', ['--out', 'no/a.json'], '--out no/a.json: there is no folder no; make it first'],
  ])('exits with 2 for %s', async (_, args, message) => {
    writeFileSync(join(folder, 'none.json'), 'none')
    const { status, stderr } = await maelstrom(...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('helps, in lines that fit', async () => {
    const { status, stdout } = await maelstrom('--help')
    expect([status, stdout.includes('Examples:\n  counterpoint maelstrom ')]).toEqual([0, true])
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
  })

  it('exits with 130 after Ctrl-C', async () => {
    const { status } = await runCli(['maelstrom', '--bin', example('broadcast.mjs'), '--workload', 'broadcast'], {
      cwd: folder,
      interruptsAt: [0],
    })
    expect(status).toBe(130)
  })

  it('leaves no node behind when it is killed itself', async () => {
    const said = join(folder, 'pids')
    const bin = programs.node(`
      import { appendFileSync } from 'node:fs'
      appendFileSync(${JSON.stringify(said)}, process.pid + '\\n')
      node.on('echo', () => new Promise(() => {}))`)
    const main = fileURLToPath(new URL('./main.ts', import.meta.url))
    const args = ['--import', 'tsx', main, 'maelstrom', '--bin', bin, '--workload', 'echo', '--clock', 'real']
    const run = spawn(process.execPath, args, { stdio: 'ignore' })
    await until(() => pidsIn(said).length >= 3)
    run.kill('SIGKILL')
    await until(() => pidsIn(said).every((pid) => !isAlive(pid)))
  })
})

function pidsIn(file: string): readonly number[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').map(Number)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!isTrue()) {
    if (performance.now() > end) throw new Error('it has not come true')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
