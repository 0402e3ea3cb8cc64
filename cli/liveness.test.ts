import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './testing/io.ts'

describe('counterpoint, of what happens in the end,', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'counterpoint-liveness-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('lists each property with its kind', async () => {
    const { stdout } = await runCli(['list', '--json'])
    const { models } = JSON.parse(stdout) as { models: { name: string; properties: { name: string; kind: string }[] }[] }
    const ring = models.find(({ name }) => name === 'token-ring')
    expect(ring?.properties.map(({ kind }) => kind)).toEqual(['always', 'sometimes', 'leadsTo', 'leadsTo', 'leadsTo', 'alwaysEventually'])
  })

  it('checks, saves the lasso, and replays it', async () => {
    const checked = await runCli(['check', 'token-ring', '--bug', 'token-kept', '--property', 'node0GetsIn', '--out', 'lasso.json'], {
      cwd: folder,
    })
    expect(checked).toMatchObject({ status: 1, stderr: '' })
    expect(checked.stdout.replaceAll(/\s+/g, ' ')).toContain(
      '(2 steps, then 3 steps for ever: asked for after step 2, and never so from then on)',
    )
    expect(checked.stdout).toContain('╰⟲ back to the state after step 2, for ever')
    const replayed = await runCli(['replay', 'lasso.json'], { cwd: folder })
    expect(replayed).toMatchObject({ status: 1, stderr: '' })
    expect(replayed.stdout).toContain('5 steps of model token-ring replayed, those after step 2 for ever\n✗ node0GetsIn is still violated')
    const { stdout } = await runCli(['replay', 'lasso.json', '--json'], { cwd: folder })
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'leadsTo', verdict: 'violated', steps: 5, loop: 2, refused: null })
  })

  it('leaves fairness aside when asked to, and says so wherever the result is repeated', async () => {
    const { status, stdout } = await runCli(['check', 'peterson', '--no-fairness', '--property', 'process1GetsIn'])
    expect(status).toBe(1)
    expect(stdout).toContain('fairness   left aside')
    expect(stdout).toContain('   ⟲  and then nothing, for ever')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('reproduce: counterpoint check peterson --property process1GetsIn --no-fairness')
    expect((await runCli(['check', 'peterson', '--property', 'process1GetsIn'])).status).toBe(0)
  })

  it('does not let walks decide it', async () => {
    const { status, stdout } = await runCli([
      'check',
      'peterson',
      '--strategy',
      'pct',
      '--walks',
      '20',
      '--property',
      'process1GetsIn',
      '--json',
    ])
    expect(status).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'inconclusive', properties: { process1GetsIn: { verdict: 'inconclusive' } } })
  })
})
