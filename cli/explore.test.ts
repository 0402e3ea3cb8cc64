import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { program } from '../checker/index.ts'
import { raft } from '../models/index.ts'
import type { TraceAnswer } from '../traces/explorer/api.ts'
import { Session } from '../traces/explorer/session.ts'
import { runCli } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-explore-'))
afterAll(() => rmSync(folder, { recursive: true }))

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
