import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { program } from '../checker/index.ts'
import { raft, tokenRing } from '../models/index.ts'
import type { TraceAnswer } from '../traces/explorer/api.ts'
import { Session } from '../traces/explorer/session.ts'
import { ask } from '../traces/explorer/testing/asking.ts'
import { readTrace } from '../traces/index.ts'
import { runCli } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-explore-'))
afterAll(() => rmSync(folder, { recursive: true }))

const toggle = `import { cell, defineModel } from 'counterpoint'
export default defineModel({
  name: 'toggle',
  about: 'It goes to and fro',
  state: () => ({ x: cell(0) }),
  actions: (on) => ({ flip: on.action({ then: (s) => { s.x = 1 - s.x } }) }),
  properties: (on) => ({ two: on.eventually('x is two', (s) => s.x === 2) }),
})
`

describe('counterpoint explore', () => {
  it('prints the address, and ends with status 0 at Ctrl-C', async () => {
    const { status, stdout, stderr } = await runCli(['explore', 'raft', '--set', 'servers=2'], { interruptsAt: [0] })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^exploring raft; Ctrl-C ends it\nhttp:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}\n$/)
  })

  it.each(['path=0.2.1', '#path=0.2.1', 'http://127.0.0.1:1/?token=gone#path=0.2.1'])('begins where %s leads', async (link) => {
    const { stdout } = await runCli(['explore', 'raft', '--at', link], { interruptsAt: [0] })
    expect(stdout).toMatch(/\?token=[\w-]+#path=0\.2\.1\n$/)
  })

  it.each([
    [['explore', 'raff'], /^error: there is no model "raff", did you mean "raft"\?/],
    [['explore', 'raft', '--bug', 'none'], /^error: model raft has no known bug "none"/],
    [['explore', 'raft', '--set', 'servers'], /^error: --set servers: expected name=value/],
    [['explore', 'raft', '--property', 'none'], /^error: model raft has no property "none"/],
    [['explore', 'raft', '--at', 'step=3'], /^error: --at step=3: is no link of the explorer; expected one that ends in #path=/],
    [['explore', 'raft', '--at', "path=0'$(x)"], /^error: --at .*: is no link of the explorer/],
    [['explore', 'raft', '--out', 'nowhere'], /^error: --out nowhere: there is no such folder; make it first/],
    [['explore', 'raft', '--port', '0'], /Expected a whole number of at least 1/],
    [['explore', 'raft', '--port', '65536'], /^error: --port 65536: there are ports up to 65535/],
  ])('refuses %j in one line', async (argv, said) => {
    const { status, stdout, stderr } = await runCli(argv, { interruptsAt: [0] })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(said)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  it('refuses a port that is taken, in one line', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const { port } = server.address() as AddressInfo
    const { status, stderr } = await runCli(['explore', 'raft', '--port', String(port)], { interruptsAt: [0] })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `error: port ${port} of 127.0.0.1 is taken; choose another one, or leave --port out\n`,
    })
    server.close()
  })

  it("saves a trace of a user's model so that show and replay find the model from wherever the trace lies", async () => {
    const [models, traces] = [join(folder, 'models'), join(folder, 'work', 'traces')]
    mkdirSync(models)
    mkdirSync(traces, { recursive: true })
    writeFileSync(join(models, 'toggle.ts'), toggle)
    const saved = async (argv: readonly string[]): Promise<readonly string[]> => {
      const files: string[] = []
      const { status, stderr } = await runCli(['explore', '../models/toggle.ts', ...argv], {
        cwd: join(folder, 'work'),
        beforeInterrupt: async (stdout) => {
          const url = /http:\S+/.exec(stdout)?.[0] ?? ''
          for (const question of [{ path: [0, 0] }, { path: [0, 0] }, { path: [0, 0, 0], loop: 0 }])
            files.push(((await ask({ url }, 'trace', question)) as TraceAnswer).file ?? 'none')
        },
      })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return files
    }
    expect(await saved([])).toEqual(['toggle-trace.json', 'toggle-trace-2.json', 'toggle-trace-3.json'])
    expect(await saved(['--out', 'traces'])).toEqual([
      'traces/toggle-trace.json',
      'traces/toggle-trace-2.json',
      'traces/toggle-trace-3.json',
    ])
    const { file } = readTrace(readFileSync(join(traces, 'toggle-trace.json'), 'utf8'), 'it')
    expect(file).toBe('../../models/toggle.ts')
    for (const [cwd, name, status] of [
      [join(folder, 'work'), 'toggle-trace.json', 0],
      [join(folder, 'work'), join('traces', 'toggle-trace-2.json'), 0],
      [folder, join('work', 'toggle-trace-3.json'), 1],
      [models, join(traces, 'toggle-trace-3.json'), 1],
    ] as const) {
      expect(await runCli(['replay', name], { cwd })).toMatchObject({ status, stderr: '' })
      expect((await runCli(['show', name], { cwd })).stdout).toContain('toggle · ')
    }
    const lasso = (await runCli(['show', 'toggle-trace-3.json'], { cwd: join(folder, 'work') })).stdout
    expect(lasso).toContain('╰⟲ back to the initial state, for ever')
    expect(lasso).toContain('✗ for ever, two: no state of this execution is such a state')
  })

  it('replays a lasso that violates nothing as it replays a path', async () => {
    const session = new Session(program(tokenRing))
    const path = session.walker.continued(
      [0],
      [0, 1, 2].map((i) => ({ action: 'pass', args: [i] })),
    )
    const { text } = (await session.answer('trace', { path, loop: 0 }, new AbortController().signal)) as TraceAnswer
    writeFileSync(join(folder, 'ring.json'), text)
    const replayed = await runCli(['replay', 'ring.json'], { cwd: folder })
    expect(replayed).toMatchObject({ status: 0, stderr: '' })
    expect(replayed.stdout).toContain('3 steps of model token-ring replayed, those after step 0 for ever')
    expect(replayed.stdout).toContain('the model allows it; it was chosen step by step in the explorer')
    const shown = await runCli(['show', 'ring.json'], { cwd: folder })
    expect(shown.stdout).toContain('╰⟲ back to the initial state, for ever')
    writeFileSync(join(folder, 'open.json'), text.replace('"loop": 0', '"loop": 1'))
    const refused = await runCli(['replay', 'open.json'], { cwd: folder })
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('its last state is not the one after step 1 again')
  })

  it('saves paths that show and replay take', async () => {
    const session = new Session(program(raft))
    const { text } = (await session.answer('trace', { path: [0, 0, 1] }, new AbortController().signal)) as TraceAnswer
    writeFileSync(join(folder, 'trace.json'), text)
    const shown = await runCli(['show', 'trace.json'], { cwd: folder })
    expect(shown.stdout).toMatch(/^raft: a path that it allows\n {2}raft · 2 steps by hand\n/)
    const replayed = await runCli(['replay', 'trace.json'], { cwd: folder })
    expect(replayed).toMatchObject({ status: 0, stderr: '' })
    expect(replayed.stdout).toContain('the model allows it; it was chosen step by step in the explorer')
  })
})
