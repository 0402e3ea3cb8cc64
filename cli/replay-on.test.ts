import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { targetNamed } from '../traces/index.ts'
import { withoutPassword } from './replay-on.ts'
import { runCli } from './testing/io.ts'

let folder = ''
let lostUpdate = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoint-replay-on-'))
  lostUpdate = join(folder, 'lost-update.json')
  const constants = ['control=mvcc-read-committed', 'workload=lost-update', 'judge=serializable'].flatMap((one) => ['--set', one])
  await runCli(['check', 'transactions', ...constants, '--out', lostUpdate])
})
afterAll(() => rmSync(folder, { recursive: true }))

const refusal = async (...args: string[]): Promise<string> => {
  const { status, stderr } = await runCli(['replay', ...args])
  expect(status).toBe(2)
  return stderr.trim().replace(/^error: /, '')
}

describe('counterpoint replay --on refuses, in one line,', () => {
  it('targets that there are not, and levels that they have not', async () => {
    expect(await refusal(lostUpdate, '--on', 'oracle')).toMatch(/^there is no target oracle; there are postgres, mariadb, /)
    expect(await refusal(lostUpdate, '--on', 'postgres', '--level', 'snapshot')).toBe(
      'postgres has no level "snapshot"; it has read committed, read uncommitted, repeatable read, serializable',
    )
  })

  it('traces of models that the target knows nothing of', async () => {
    const file = join(folder, 'raft.json')
    await runCli(['check', 'raft', '--bug', 'vote-not-persisted', '--out', file])
    expect(await refusal(file, '--on', 'postgres')).toBe('--on postgres replays traces of transactions; this one is of raft')
  })

  it('flags that are for real systems where there is none, servers that are not there, and files that cannot be written', async () => {
    expect(await refusal(lostUpdate, '--level', 'serializable')).toBe('--level is for a real system; name one with --on, or leave it out')
    expect(await refusal(lostUpdate, '--on', 'postgres', '--target', 'postgres://nobody@127.0.0.1:1/none')).toMatch(
      /^--on postgres: .*ECONNREFUSED/,
    )
    expect(await refusal(lostUpdate, '--on', 'postgres', '--out', join(folder, 'none', 'history.edn'))).toContain('there is no folder')
  })
})

describe('the command on a page', () => {
  it('has no password of the server in it', () => {
    expect(withoutPassword('postgres://ada:s3cr:et@db.example:5432/shop')).toBe('postgres://ada@db.example:5432/shop')
    expect(withoutPassword('http://127.0.0.1:2379')).toBe('http://127.0.0.1:2379')
    expect(withoutPassword('postgres://ada@db.example/shop')).toBe('postgres://ada@db.example/shop')
  })
})

const noRedis = targetNamed('redis-lock').missing()

describe.skipIf(noRedis !== null)(`counterpoint replay --on redis-lock${noRedis === null ? '' : ` (skipped: ${noRedis})`}`, () => {
  it('has nothing to keep of a private server', async () => {
    const file = join(folder, 'holders.json')
    await runCli(['check', 'chubby', '--bug', 'no-sequencer-check', '--property', 'ordered', '--out', file])
    expect(await refusal(file, '--on', 'redis-lock', '--keep')).toBe(
      'what private servers of redis-lock store ends with them; leave --keep out',
    )
  })

  it('heads its picture within the width', async () => {
    const { stdout } = await runCli(['replay', join(folder, 'holders.json'), '--on', 'redis-lock', '--level', 'Redlock'])
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
  })
})

const missing = targetNamed('postgres').missing()

describe.skipIf(missing !== null)(`counterpoint replay --on postgres${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it('reproduces, and writes what the clients saw, which verify judges in the same way', async () => {
    const history = join(folder, 'history.edn')
    const { status, stdout } = await runCli(['replay', lostUpdate, '--on', 'postgres', '--out', history])
    expect(status).toBe(1)
    const untimed = stdout
      .replace(/PostgreSQL \S+,/, 'PostgreSQL,')
      .replace(/\(\S+ s\)/, '(? s)')
      .replace(folder, 'FOLDER')
    expect(untimed).toMatchInlineSnapshot(`
      "PostgreSQL, read committed · isolated of transactions

                              model  server
         1  T1: begin         ok     ok
         2  T1: read x        0      0
         3  T1: write x := 1  ok     ok
         4  T2: begin         ok     ok
         5  T2: read x        0      0
         6  T1: commit        ok     ok
         7  T2: write x := 2  ok     ok
         8  T2: commit        ok     ok

      ✗ reproduced: serializable violated: lost-update, G2-item (? s)
      what the clients saw: FOLDER/history.edn
      "
    `)
    const verified = await runCli(['verify', history, '--model', 'rw-register', '--level', 'serializable'])
    expect([verified.status, verified.stdout.includes('lost-update')]).toEqual([1, true])
  })

  it('is prevented at a level that has no lost updates, and says so as JSON', async () => {
    const { status, stdout } = await runCli(['replay', lostUpdate, '--on', 'postgres', '--level', 'repeatable read', '--json'])
    const { steps, ...document } = JSON.parse(stdout)
    expect([status, document]).toMatchObject([0, { verdict: 'prevented', step: 7, kept: null, judged: null }])
    expect(steps.at(-1)).toMatchObject({ step: 7, outcome: { kind: 'error', code: '40001' }, isAllowed: false })
  })

  it('takes a trace so often as told, from the initial state each time, and records what the server said of its own state', async () => {
    const record = join(folder, 'record.json')
    const { status, stdout } = await runCli(['replay', lostUpdate, '--on', 'postgres', '--runs', '3', '--record', record])
    expect([status, stdout.includes('\n3 runs: 3 reproduced\n')]).toEqual([1, true])
    const { rows } = JSON.parse(readFileSync(record, 'utf8')).real
    expect(rows.map(({ facts }: { facts?: object }) => facts)).toEqual([
      { 'x: committed': 0, 'y: committed': 0, 'p: committed': null, 'q: committed': null },
      ...[undefined, undefined, undefined, undefined, { 'x: committed': 1 }, undefined, { 'x: committed': 2 }],
    ])
    expect((await runCli(['show', record])).status).toBe(0)
  })

  it('leaves what it made where it is, if asked to, and nothing otherwise', async () => {
    const { stdout } = await runCli(['replay', lostUpdate, '--on', 'postgres', '--keep', '--json'])
    const kept = /in (\S+)$/.exec(JSON.parse(stdout).kept)?.[1] ?? ''
    expect(existsSync(kept)).toBe(true)
    rmSync(kept, { recursive: true })
    expect(readFileSync(lostUpdate, 'utf8')).toContain('lost-update')
  })
})
