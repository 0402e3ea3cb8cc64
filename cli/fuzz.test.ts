import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { targetNamed } from '../traces/index.ts'
import { runCli } from './testing/io.ts'

const cwd = resolve(import.meta.dirname, '../examples/model-based-testing')
const lease = './lease-model.ts'
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoint-fuzz-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const untimed = (text: string): string => text.replaceAll(/\d+\.\d+ s\b/g, '? s').replaceAll(folder, 'FOLDER')

describe('counterpoint fuzz', () => {
  it('exits with 0 where no walk diverges, and says what was covered', async () => {
    const { status, stdout, stderr } = await runCli(['fuzz', lease, '--on', './right.ts', '--seed', '5'], { cwd })
    expect([status, stderr]).toEqual([0, ''])
    expect(untimed(stdout)).toMatchInlineSnapshot(`
      "model         lease clients=3 term=3
      on            LeaseLock
      runs          100: 100 as in the model
      steps         3,000
      actions       acquire 815, renew 824, release 846, tick 515

      ✓ conforms: every step that was taken came to what the model allows (? s)

      reproduce: counterpoint fuzz ./lease-model.ts --on ./right.ts --seed 5
      "
    `)
  })

  it('prints no password', async () => {
    const on = join(folder, 'remote.mjs')
    const index = JSON.stringify(resolve(import.meta.dirname, '../traces/index.ts'))
    const text = `import { targetNamed } from ${index}
const yjs = targetNamed('yjs')
export default { ...yjs, open: ({ url, ...options }, ...rest) => yjs.open(options, ...rest) }
`
    writeFileSync(on, text)
    const flags = ['--level', 'one entry', '--target', 'http://ada:s3cret@localhost:1', '--out', join(folder, 'remote.json')]
    const { stdout, stderr } = await runCli(['fuzz', 'grow-only-counter', '--on', on, ...flags])
    expect(stderr + stdout).not.toContain('s3cret')
    expect(stdout).toMatch(/^again: .*--target http:\/\/ada@localhost:1$/m)
    expect(stdout).toMatch(/^reproduce: .*--target http:\/\/ada@localhost:1 /m)
  })

  it('exits with 1 where one does, and keeps the smallest, which replay takes again', async () => {
    const out = join(folder, 'diverged.json')
    const { status, stdout } = await runCli(['fuzz', lease, '--on', './wrong.ts', '--seed', '5', '--out', out], { cwd })
    expect(status).toBe(1)
    expect(untimed(stdout)).toMatchInlineSnapshot(`
      "HastyLeaseLock · conformance of lease

                        model          server
         1  acquire(1)  true, shows 1  true, shows 1
         2  release(2)  shows 1        shows null

      ≠ diverged at step 2: release(2): shows null (? s)

      model         lease clients=3 term=3
      on            HastyLeaseLock
      runs          1: 1 diverged
      steps         6
      actions       acquire 3, renew 1, release 2; never: tick
      smallest      2 of 6 steps; made smaller 3 times; it diverges again

      ≠ diverged: HastyLeaseLock: release(2): shows null; the model allows shows 1
                    (? s)

      again: counterpoint replay FOLDER/diverged.json --on ./wrong.ts
      reproduce: counterpoint fuzz ./lease-model.ts --on ./wrong.ts --runs 1 --seed 5
      "
    `)
    expect(await runCli(['replay', out, '--on', './wrong.ts'], { cwd })).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('≠ diverged at step 2: release(2): shows null'),
    })
    expect(await runCli(['replay', out, '--on', './right.ts'], { cwd })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('✓ conforms: every step is as in the model'),
    })
  })

  it('keeps a walk that can be looked at, and that the model allows', async () => {
    const out = join(folder, 'walk.json')
    await runCli(['fuzz', lease, '--on', './wrong.ts', '--seed', '5', '--out', out], { cwd })
    const replayed = await runCli(['replay', out], { cwd })
    expect([replayed.status, untimed(replayed.stdout)]).toMatchInlineSnapshot(`
      [
        0,
        "2 steps of model lease replayed: the model allows them. An implementation did
        not go along: HastyLeaseLock: release(2): shows null; the model allows shows 1
      take them there again: counterpoint replay FOLDER/walk.json --on TARGET
      ",
      ]
    `)
    expect(await runCli(['replay', out, '--json'], { cwd })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('"verdict": "holds"'),
    })
    const shown = await runCli(['show', out], { cwd })
    expect(shown.stdout).toMatch(/^lease: a path that it allows\n/)
    expect(shown.stdout).toContain('≠ diverged: HastyLeaseLock: release(2): shows null; the model allows shows 1')
  })

  it('does the same again by the command that it prints', async () => {
    const first = await runCli(['fuzz', lease, '--on', './wrong.ts', '--seed', '3', '--steps', '4'], { cwd })
    const command = /^reproduce: counterpoint (.*)$/m.exec(first.stdout)?.[1] ?? ''
    expect(command).toMatch(/^fuzz \.\/lease-model\.ts --on \.\/wrong\.ts --runs 1 --steps 4 --seed \d+$/)
    const again = await runCli(command.split(' '), { cwd })
    const picture = (text: string): string => text.slice(0, text.indexOf('≠'))
    expect(picture(again.stdout)).toBe(picture(first.stdout))
  })

  it('prints one JSON document', async () => {
    const { status, stdout, stderr } = await runCli(['fuzz', lease, '--on', './wrong.ts', '--json', '--set', 'clients=2'], { cwd })
    expect([status, stderr]).toEqual([1, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'lease',
      constants: { clients: 2, term: 3 },
      target: 'HastyLeaseLock',
      verdict: 'diverged',
      runs: { diverged: 1, notComparable: 0 },
      divergence: {
        isRepeatable: true,
        trace: { kind: 'path', property: '', steps: [{ action: 'acquire' }, { action: 'release' }] },
      },
    })
  })

  it('ends at Ctrl-C with what is known', async () => {
    const { status, stdout } = await runCli(['fuzz', lease, '--on', './right.ts'], { cwd, interruptsAt: [0] })
    expect(status).toBe(130)
    expect(stdout).toContain('? inconclusive: it was interrupted')
  })

  it.each([
    [[lease], 'there is no implementation; name one with --on: a target, or a file such as ./my-lock.ts'],
    [[lease, '--on', 'oracle'], 'there is no target oracle; there are postgres'],
    [[lease, '--on', './none.ts'], './none.ts: there is no such file; give the path of an implementation file'],
    [
      [lease, '--on', './lease-model.ts'],
      './lease-model.ts: its default export is a value of type object and not an implementation; export what implementation returns',
    ],
    [['raft', '--on', './right.ts'], 'LeaseLock knows the models lease; this one is raft'],
    [[lease, '--on', './right.ts', '--target', 'http://localhost'], 'LeaseLock runs in this process; leave --target out'],
    [[lease, '--on', './right.ts', '--set', 'clients'], '--set clients: expected name=value'],
    [[lease, '--on', './right.ts', '--out', './none/x.json'], 'there is no folder'],
    [[lease, '--on', './right.ts', '--runs', '0'], 'Expected a whole number of at least 1'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await runCli(['fuzz', ...args], { cwd })
    expect([status, stderr.trim().split('\n').length]).toEqual([2, 1])
    expect(stderr).toContain(message)
  })
})

const libraries = ['yjs', 'liferaft', 'coaty-raft'] as const
const missing = libraries.flatMap((name) => [targetNamed(name).missing() ?? []].flat())

describe.skipIf(missing.length > 0)(
  `counterpoint fuzz --on libraries${missing.length > 0 ? ` (skipped: ${missing.join('; ')})` : ''}`,
  () => {
    it.each<readonly [string, readonly string[], number, readonly string[]]>([
      ['counters of yjs that keep an entry for each replica', ['grow-only-counter', '--on', 'yjs'], 0, []],
      [
        'counters of yjs with one entry',
        ['grow-only-counter', '--on', 'yjs', '--level', 'one entry'],
        1,
        ['increment', 'increment', 'gossip', 'receive'],
      ],
      ['registers of two replicas in yjs', ['last-writer-wins-register', '--on', 'yjs', '--set', 'replicas=2'], 0, []],
      ['elections of liferaft', ['raft', '--on', 'liferaft', '--set', 'maxLog=0', '--set', 'crashes=0'], 0, []],
      ['liferaft, which forgets its vote', ['raft', '--on', 'liferaft', '--set', 'maxLog=0'], 1, ['timeout', 'restart']],
      ['elections of coaty in one term', ['raft', '--on', 'coaty-raft', '--set', 'maxLog=0', '--set', 'maxTerm=1'], 0, []],
    ])('%s', async (_, args, status, smallest) => {
      const ran = await runCli(['fuzz', ...args, '--runs', '15', '--json'])
      expect(ran.status).toBe(status)
      const { divergence } = JSON.parse(ran.stdout) as { divergence: { trace: { steps: { action: string }[] } } | null }
      expect(divergence?.trace.steps.map(({ action }) => action) ?? []).toEqual(smallest)
    })
  },
)
