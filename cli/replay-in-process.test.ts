/** Replays on libraries that run in this process; those on servers are beside the servers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTrace, targets } from '../traces/index.ts'
import { runCli } from './testing/io.ts'

const missing = targets.flatMap((target) => (target.isInProcess ? [target.missing() ?? []].flat() : []))

describe.skipIf(missing.length > 0)(`counterpoint replay --on${missing.length > 0 ? ` (skipped: ${missing.join('; ')})` : ''}`, () => {
  let folder = ''
  const replay = (file: string, ...args: readonly string[]) => runCli(['replay', file, ...args], { cwd: folder })
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counterpoint-replay-on-'))
    for (const bug of ['votes-counted-not-voters', 'vote-not-persisted'])
      await runCli(['check', 'raft', '--bug', bug, '--out', `${bug}.json`], { cwd: folder })
    await runCli(['check', 'grow-only-counter', '--bug', 'one-entry', '--out', 'one-entry.json'], { cwd: folder })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('exits with 1 where the trace is reproduced, 0 where it is prevented, 3 where it goes another way', async () => {
    expect(await replay('votes-counted-not-voters.json', '--on', 'liferaft')).toMatchObject({ status: 1, stderr: '' })
    expect(await replay('votes-counted-not-voters.json', '--on', 'coaty-raft')).toMatchObject({ status: 0, stderr: '' })
    expect(await replay('vote-not-persisted.json', '--on', 'liferaft')).toMatchObject({ status: 3, stderr: '' })
  })

  it('tells as JSON what was done, and writes what was seen', async () => {
    const { stdout } = await replay('one-entry.json', '--on', 'yjs', '--level', 'one entry', '--json', '--out', 'seen.edn')
    const { verdict, steps, judged } = JSON.parse(stdout) as { verdict: string; steps: { isAllowed: boolean }[]; judged: object }
    expect({ verdict, judged }).toEqual({
      verdict: 'reproduced',
      judged: { violated: true, text: 'in the end the replicas count 1 and 1 of 2 increments' },
    })
    expect(steps.every(({ isAllowed }) => isAllowed)).toBe(true)
    expect(readFileSync(join(folder, 'seen.edn'), 'utf8')).toContain('{:process "replica 1", :type :ok, :f :read, :value 1, :index 11}')
  })

  it('records the run as a trace that show draws beside the model and replay takes again, and as a page', async () => {
    const args = ['--on', 'coaty-raft', '--record', 'real.json', '--html', 'real.html']
    const { stdout } = await replay('votes-counted-not-voters.json', ...args)
    const { real } = readTrace(readFileSync(join(folder, 'real.json'), 'utf8'), 'real.json')
    expect(real).toMatchObject({ verdict: 'prevented', at: expect.any(Number) })
    expect(real?.rows.find(({ isAllowed }) => !isAllowed)?.real).not.toBeNull()
    const [picture = ''] = stdout.split('the trace with what was done')
    expect((await runCli(['show', 'real.json'], { cwd: folder })).stdout).toContain(picture)
    expect(await replay('real.json')).toMatchObject({ status: 1 })
    expect(readFileSync(join(folder, 'real.html'), 'utf8')).toContain('"kind":"replay"')
  })

  it.each([
    [['one-entry.json', '--on', 'liferaft'], '--on liferaft replays traces of raft; this one is of grow-only-counter'],
    [['one-entry.json', '--on', 'yjs', '--level', 'two'], 'yjs has no level "two"; it has entry per replica, one entry'],
    [['one-entry.json', '--on', 'yjs', '--target', 'http://localhost'], 'yjs runs in this process; leave --target out'],
    [['one-entry.json', '--on', 'yjs', '--keep'], 'yjs runs in this process; leave --keep out'],
    [['vote-not-persisted.json', '--on', 'liferaft', '--level', 'any'], 'liferaft has no level "any"; it has none'],
  ])('refuses %j', async ([file = '', ...args], message) => {
    const { status, stderr } = await replay(file, ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})
