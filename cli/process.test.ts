/** What only a process of its own shows: a user's files, signals, pipes and exit statuses. Runs the build, as users do. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build, shell, start } from './testing/process.ts'
import { lockModel } from './testing/user-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-user-'))
const javascript = lockModel.replace(/^type .*\n/m, '').replace('<Holder>', '')

beforeAll(() => {
  build()
  for (const name of ['lock.ts', 'lock.mts']) writeFileSync(join(folder, name), lockModel)
  for (const name of ['lock.js', 'lock.mjs']) writeFileSync(join(folder, name), javascript)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The one line on standard error of a check that must end with status 2 and print nothing else. */
async function refusal(name: string, text: string): Promise<string> {
  writeFileSync(join(folder, name), text)
  const { status, stdout, stderr } = await start(['check', `./${name}`], folder)
  expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^error: [^\n]+\n$/)
  return stderr.slice('error: '.length, -1)
}

describe("a user's model file, in a folder without this package", () => {
  it.each(['lock.ts', 'lock.mts', 'lock.js', 'lock.mjs'])('is checked without a build step: %s', async (name) => {
    const { status, stdout, stderr } = await start(['check', `./${name}`], folder)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('✓ holds: every property holds; all 3 reachable states were seen')
  })

  it('is found again by a trace that lies elsewhere, and can be replaced', async () => {
    mkdirSync(join(folder, 'traces'))
    const checked = await start(['check', './lock.ts', '--bug', 'no-guard', '--out', 'traces/lock.json'], folder)
    expect({ status: checked.status, stderr: checked.stderr }).toEqual({ status: 1, stderr: '' })
    expect(checked.stdout).toContain('✗ after step 2, exclusive: 2 clients are inside\n\nreplay: counterpoint replay traces/lock.json\n')
    expect(JSON.parse(readFileSync(join(folder, 'traces/lock.json'), 'utf8')).file).toBe('../lock.ts')
    const replayed = await start(['replay', 'lock.json'], join(folder, 'traces'))
    expect(replayed.status).toBe(1)
    expect(replayed.stdout).toContain('✗ exclusive is still violated: 2 clients are inside')

    // The bug is fixed, wherever it is switched on: the trace now stops fitting at the second client.
    writeFileSync(join(folder, 'fixed.ts'), lockModel.replace("bug('no-guard') || ", ''))
    const fixed = await start(['replay', 'lock.json', '--model', '../fixed.ts'], join(folder, 'traces'))
    expect(fixed).toMatchObject({ status: 2, stdout: '' })
    expect(fixed.stderr).toContain('step 2, acquire(0), does not fit: action acquire is not enabled')
    // And where two clients inside are in order, the trace runs but shows nothing any more.
    writeFileSync(join(folder, 'lenient.ts'), lockModel.replace('s.inside < 2', 's.inside < 3'))
    expect((await start(['replay', 'lock.json', '--model', '../lenient.ts'], join(folder, 'traces'))).status).toBe(0)
    rmSync(join(folder, 'lock.ts'))
    const gone = await start(['replay', 'traces/lock.json'], folder)
    expect(gone.stderr).toBe(
      'error: traces/lock.json: its model: lock.ts: there is no such file; give the path of a model file; or name its file with --model\n',
    )
    writeFileSync(join(folder, 'lock.ts'), lockModel)
  })

  it('shows several counterexamples one by one, and writes them to files of their own', async () => {
    const { status, stdout } = await start(
      ['check', './lock.ts', '--bug', 'no-guard', '--max-violations', '2', '--out', 'two.json'],
      folder,
    )
    expect(status).toBe(1)
    expect(stdout).toContain('counterexample 1 of 2\n\n✗ exclusive is violated')
    expect(stdout).toContain('replay: counterpoint replay two.json\n\ncounterexample 2 of 2\n\n✗ exclusive is violated')
    expect(stdout).toContain('replay: counterpoint replay two-2.json\n')
    const [first, second] = ['two.json', 'two-2.json'].map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    expect([first.file, second.file]).toEqual(['lock.ts', 'lock.ts'])
    expect(first.steps).not.toEqual(second.steps)
  })

  it('may print what it likes without getting into the result', async () => {
    writeFileSync(join(folder, 'chatty.ts'), lockModel.replace('export default', "console.log('loaded')\nexport default"))
    const { stdout, stderr } = await start(['check', './chatty.ts', '--json'], folder)
    expect(JSON.parse(stdout)).toMatchObject({ model: 'lock', verdict: 'holds' })
    expect(stderr).toBe('loaded\n')
  })
})

describe('a model file that cannot be used', () => {
  it('is missing, or no file of code', async () => {
    const missing = await start(['check', './missing.ts'], folder)
    expect(missing).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'error: ./missing.ts: there is no such file; give the path of a model file\n',
    })
    expect(await refusal('model.txt', 'hello')).toBe('./model.txt: is not a model file; give the path of a .ts, .mts, .js or .mjs file')
  })

  it('has a syntax error', async () => {
    const broken = 'const a = 1\nexport default { b: 1,, }\n'
    expect(await refusal('broken.ts', broken)).toBe('./broken.ts:2:23: syntax error: Expected identifier but found ","')
    expect(await refusal('broken.js', broken)).toBe("./broken.js:2: syntax error: Unexpected token ','")
    expect(await refusal('broken.mjs', broken)).toBe("./broken.mjs:2: syntax error: Unexpected token ','")
  })

  it('throws while loading', async () => {
    const throwing = "\nconst table = undefined\nexport default table['x']\n"
    expect(await refusal('throws.ts', `interface Unused {\n}\n${throwing}`)).toBe(
      "./throws.ts:5:16: threw while loading: TypeError: Cannot read properties of undefined (reading 'x')",
    )
    expect(await refusal('throws.mjs', throwing)).toBe(
      "./throws.mjs:3:21: threw while loading: TypeError: Cannot read properties of undefined (reading 'x')",
    )
    expect(await refusal('throws-text.mjs', "throw 'away'")).toBe('./throws-text.mjs: threw away while loading; correct the file')
  })

  it('imports what is not there', async () => {
    expect(await refusal('imports.mjs', "import 'no-such-package'")).toContain(
      "./imports.mjs: Cannot find package 'no-such-package' imported from ",
    )
    expect(await refusal('names.mjs', "import { defineModell } from 'counterpoint'\nexport default defineModell({})")).toMatch(
      /^\.\/names\.mjs:1: The requested module 'counterpoint' does not provide an export named 'defineModell'$/,
    )
  })

  it('has no model as its default export', async () => {
    expect(await refusal('named.ts', lockModel.replace('export default', 'export const lock ='))).toBe(
      './named.ts: has no default export; add: export default lock',
    )
    expect(await refusal('nothing.ts', 'export const a = 1')).toBe(
      './nothing.ts: has no default export; add: export default defineModel({ ... })',
    )
    expect(await refusal('number.ts', 'export default 3')).toBe(
      './number.ts: its default export is a value of type number and not a model; export what defineModel returns',
    )
    expect(await refusal('list.mjs', 'export default []')).toContain('its default export is an array and not a model')
  })

  it('throws while it is checked', async () => {
    writeFileSync(join(folder, 'guard.ts'), lockModel.replace('s.holder === i,', "{ throw new Error('oops\\nand more') },"))
    const { status, stderr } = await start(['check', './guard.ts', '--json'], folder)
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: when of action release of model lock threw: oops\n' })
  })
})

describe('the process', () => {
  const long = ['check', 'two-phase-commit', '--set', 'resourceManagers=12']

  it('ends with the status that the verdict has', async () => {
    expect((await start(['check', './lock.ts', '--max-states', '1'], folder)).status).toBe(3)
    expect((await start(['list'], folder)).status).toBe(0)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('prints the summary so far on Ctrl-C, and ends with status 130: %s', async (how) => {
    const { status, signal, stdout, stderr } = await start([...long, '--time', '60s'], folder, (text, kill) => {
      if (text.includes('strategy')) setTimeout(() => kill(how), 500)
    })
    expect({ status, signal }).toEqual({ status: 130, signal: null })
    expect(stderr).toContain('interrupted; ending the search')
    expect(stdout).toMatch(/^[\d,]+ distinct states, [\d,]+ generated/m)
    expect(stdout).toContain('? inconclusive: interrupted;')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('reproduce: counterpoint check two-phase-commit --set resourceManagers=12 --time 60s')
  })

  it('prints one whole JSON document on Ctrl-C, too', () => {
    const { stdout, stderr } = shell(`timeout --signal INT --preserve-status 2 $COUNTERPOINT ${long.join(' ')} --json; echo $?`, folder)
    expect(stderr).toBe('interrupted; ending the search (Ctrl-C again to quit at once)\n')
    const end = stdout.trimEnd().lastIndexOf('\n')
    expect(JSON.parse(stdout.slice(0, end)), stdout).toMatchObject({ verdict: 'inconclusive', limit: 'interrupted' })
    expect(stdout.slice(end).trim()).toBe('130')
  })

  it('does not mind a reader that goes away', () => {
    const { stdout, stderr } = shell('$COUNTERPOINT check two-phase-commit | head -1; echo "$' + '{PIPESTATUS[0]}"', folder)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^two-phase-commit: .*\n0\n$/)
    expect(shell('$COUNTERPOINT list | true', folder).stderr).toBe('')
  })
})

describe('the explorer', () => {
  it('serves the page of the built package, with a model of a user, until Ctrl-C ends it', async () => {
    const pages: Promise<number>[] = []
    const { status, signal, stdout, stderr } = await start(['explore', './lock.ts', '--bug', 'no-guard'], folder, (text, kill) => {
      const [url] = /http:\S+/.exec(text) ?? []
      if (url !== undefined)
        pages.push(
          fetch(url)
            .then((response) => response.status)
            .finally(() => kill('SIGINT')),
        )
    })
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
    expect(stdout).toMatch(/^exploring lock; Ctrl-C ends it\nhttp:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+\n$/)
    expect(await Promise.all(pages)).toEqual([200])
  })
})
