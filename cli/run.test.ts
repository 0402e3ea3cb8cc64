import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../checker/index.ts'
import { models } from '../models/index.ts'
import { twoPhaseCommit } from '../models/two-phase-commit/two-phase-commit.ts'
import { readTrace, writeTrace } from '../traces/index.ts'
import { runCli } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Three resource managers, so that a check takes no time; `allCommit` cannot be reached in nine steps. */
const small = ['two-phase-commit', '--set', 'resourceManagers=3']

/** A witness that the engine has found, as a trace to read. */
const witness = check(twoPhaseCommit, { constants: { resourceManagers: 2 } }).properties['allAbort']?.trace
if (!witness) throw new Error('two-phase commit can abort')
const witnessFile = join(folder, 'witness.json')
writeFileSync(witnessFile, writeTrace(witness))

describe('counterpoint list', () => {
  it('shows constants, bugs and properties', async () => {
    const { status, stdout, stderr } = await runCli(['list', 'two-phase-commit'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatchInlineSnapshot(`
      "two-phase-commit: A transaction manager and resource managers agree to commit or
        to abort a transaction
        source        Gray & Lamport, Consensus on Transaction Commit, ACM TODS 31(1),
                      2006
        constants   resourceManagers  5 (1 to 12); participants of the transaction
        properties  consistent  always: no resource manager commits while another
                                aborts
                    allCommit   sometimes: every resource manager commits
                    allAbort    sometimes: every resource manager aborts
        covers      -  The protocol of the paper, section 3: resource managers prepare
                       or abort on their own, the transaction manager decides, and
                       tells them
                    -  Messages that are lost, repeated or out of order: they are a
                       set that only grows, and nobody has to act on one
        omits       -  crashes: a crashed manager is one that takes no more steps, and
                       no step has to happen
                    -  that a crashed transaction manager blocks the others: that they
                       decide at all is not promised
      "
    `)
  })

  it('lists every model of the package, also as one JSON document', async () => {
    const { status, stdout } = await runCli(['list', '--json'])
    const { models: listed } = JSON.parse(stdout)
    expect(status).toBe(0)
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(models.map(({ name }) => name))
    expect(listed.find(({ name }: { name: string }) => name === 'two-phase-commit')).toMatchObject({
      name: 'two-phase-commit',
      constants: [{ name: 'resourceManagers', default: 5, range: '1 to 12', about: 'participants of the transaction' }],
      bugs: [],
      properties: [{ name: 'consistent', kind: 'always', sentence: 'no resource manager commits while another aborts' }, {}, {}],
    })
    const text = await runCli(['list'])
    for (const { name, bugs } of models) for (const word of [name, ...Object.keys(bugs)]) expect(text.stdout).toContain(word)
    for (const line of text.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })
})

describe('counterpoint check', () => {
  it('reports what holds, what was covered and how to repeat it', async () => {
    const { status, stdout, stderr } = await runCli(['check', ...small])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const stable = stdout.replace(/^\d.*states\/s.*\n.*ran.*$/m, '<what it took>')
    expect(stable).toMatchInlineSnapshot(`
      "two-phase-commit: A transaction manager and resource managers agree to commit or
        to abort a transaction
        constants  resourceManagers=3
        strategy   breadth-first search

      ✓ consistent  holds         no resource manager commits while another aborts
      ✓ allCommit   holds         every resource manager commits (witness in level 11)
      ✓ allAbort    holds         every resource manager aborts (witness in level 4)

      288 distinct states, 1,146 generated, depth 11
      states per level: 1 7 21 38 50 54 49 36 21 9 2

      action           taken  enabled in states
      receivePrepared     96                 56
      commit               1                  1
      abort               64                 64
      prepare            156                128
      chooseToAbort      156                128
      receiveCommit       24                  8
      receiveAbort       648                216

      slot      distinct values
      messages               17
      rm                      4
      tm                      3
      prepared                2

      <what it took>

      ✓ holds: every property holds; all 288 reachable states were seen

      reproduce: counterpoint check two-phase-commit --set resourceManagers=3
      "
    `)
  })

  it('prints the result as one JSON document, with the names that are published', async () => {
    const { status, stdout, stderr } = await runCli(['check', ...small, '--json'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'two-phase-commit',
      constants: { resourceManagers: 3 },
      bugs: [],
      strategy: 'bfs',
      verdict: 'holds',
      distinct: 288,
      generated: 1146,
      depth: 11,
      levels: expect.arrayContaining([1, 7]),
      seconds: expect.any(Number),
      statesPerSecond: expect.any(Number),
      bytesPerState: expect.any(Number),
      modelRuns: expect.any(Number),
      actions: { commit: { taken: 1, enabled: 1 } },
      properties: { allAbort: { kind: 'sometimes', verdict: 'holds', depth: 4, message: expect.any(String), trace: { schema: 1 } } },
    })
  })

  it('ends inconclusive at a limit, and says which and what was covered', async () => {
    const { status, stdout } = await runCli(['check', ...small, '--max-states', '100'])
    expect(status).toBe(3)
    expect(stdout).toMatch(/^\? consistent {2}inconclusive {2}no resource/m)
    expect(stdout).toMatch(/^\? inconclusive: the limit on states was reached; no violation among the \d+\s+states that were seen$/m)
    expect(stdout).toMatch(/^every state of the first \d+ levels was seen$/m)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'reproduce: counterpoint check two-phase-commit --set resourceManagers=3 --max-states 100',
    )
    expect((await runCli(['check', ...small, '--max-depth', '2'])).stdout).toContain(
      '? inconclusive: paths were cut off at the limit on depth',
    )
    const walks = await runCli(['check', ...small, '--strategy', 'random', '--walks', '20', '--seed', '5'])
    expect(walks.stdout).toContain('strategy   random walks: seed 5, 20 walks of at most 100 steps')
    expect(walks.stdout.trimEnd().split('\n').at(-1)).toMatch(/--strategy random --seed 5 --walks 20$/)
  })

  it('prints the guarantee of pct', async () => {
    const { stdout } = await runCli(['check', ...small, '--strategy', 'pct', '--walks', '50'])
    expect(stdout).toMatch(/^guarantee: \S/m)
    expect(stdout).toContain('strategy   PCT walks: seed 1, 50 walks of at most 100 steps, bug depth 3')
  })

  it('checks only the properties that it is asked for', async () => {
    const { status, stdout } = await runCli(['check', ...small, '--property', 'consistent'])
    expect(status).toBe(0)
    expect(stdout).not.toContain('allCommit')
  })

  it('says so where nothing was written', async () => {
    const out = join(folder, 'none.json')
    const { status, stdout } = await runCli(['check', ...small, '--out', out])
    expect(status).toBe(0)
    expect(stdout).toContain(`nothing was written to ${out}: there is no counterexample`)
    expect(existsSync(out)).toBe(false)
  })

  it('prints what is known when it is interrupted', async () => {
    const long = ['check', 'two-phase-commit', '--set', 'resourceManagers=8']
    const { status, stdout, stderr } = await runCli(long, { interruptsAt: [1000] })
    expect(status).toBe(130)
    expect(stderr).toBe('interrupted; ending the search (Ctrl-C again to quit at once)\n')
    expect(stdout).toContain('? inconclusive: interrupted; no violation among the')
    expect(stdout).toContain('\nreproduce: counterpoint check two-phase-commit --set resourceManagers=8\n')
    // One key press may arrive twice; two end the process.
    expect(await runCli(long, { interruptsAt: [1000, 1010] })).toMatchObject({ status: 130, exited: false })
    expect(await runCli(long, { interruptsAt: [1000, 2000] })).toMatchObject({ status: 130, exited: true })
  })

  it('colours only where it is wanted', async () => {
    const coloured = async (options: Parameters<typeof runCli>[1]) => (await runCli(['check', ...small], options)).stdout.includes('\x1b[')
    expect(await coloured({})).toBe(false)
    expect(await coloured({ outputTerminal: 100 })).toBe(true)
    expect(await coloured({ outputTerminal: 100, env: { NO_COLOR: '1' } })).toBe(false)
    expect(await coloured({ outputTerminal: 100, env: { TERM: 'dumb' } })).toBe(false)
    expect(await coloured({ env: { FORCE_COLOR: '1' } })).toBe(true)
    expect(await coloured({ outputTerminal: 100, env: { FORCE_COLOR: '0' } })).toBe(false)
  })

  it('is as wide as the terminal, and 80 columns elsewhere', async () => {
    const widest = async (options: Parameters<typeof runCli>[1]) => {
      const { stdout } = await runCli(['check', 'two-phase-commit', '--max-states', '3000'], options)
      return Math.max(
        ...stdout
          .split('\n')
          .slice(0, -2)
          .map((line) => line.length),
      )
    }
    expect(await widest({})).toBeLessThanOrEqual(80)
    expect(await widest({ outputTerminal: 50, env: { NO_COLOR: '1' } })).toBeLessThanOrEqual(50)
  })
})

describe('counterpoint show and replay', () => {
  it('draw a trace, and say whether what it shows still occurs', async () => {
    const shown = await runCli(['show', witnessFile])
    expect(shown).toMatchObject({ status: 0, stderr: '' })
    expect(shown.stdout).toContain('✓ after step 2, allAbort: every resource manager aborts')
    expect(await runCli(['replay', witnessFile])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: `2 steps of model two-phase-commit replayed\n✓ allAbort is still witnessed: every resource manager aborts\nsee it: counterpoint show ${witnessFile}\n`,
    })
    const { stdout } = await runCli(['replay', 'witness.json', '--json'], { cwd: folder })
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'two-phase-commit',
      property: 'allAbort',
      kind: 'sometimes',
      verdict: 'holds',
      steps: 2,
    })
  })

  it('do not take a trace for a proof that there is no witness', async () => {
    const file = join(folder, 'shorter.json')
    writeFileSync(file, writeTrace({ ...witness, steps: witness.steps.slice(0, 1) }))
    const { status, stdout } = await runCli(['replay', file])
    expect(status).toBe(3)
    expect(stdout).toContain('? allAbort is no longer witnessed by this trace')
    expect((await runCli(['show', file])).stdout).toContain('? allAbort: every resource manager aborts')
  })

  it('draw as wide as asked', async () => {
    const { stdout } = await runCli(['show', witnessFile, '--width', '44'])
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(44)
  })
})

describe('bad usage', () => {
  /** The one line on standard error of a run that must end with status 2 and print nothing else. */
  async function refusal(...argv: string[]): Promise<string> {
    const { status, stdout, stderr } = await runCli(argv, { cwd: folder })
    expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^error: [^\n]+\n$/)
    return stderr.slice('error: '.length, -1)
  }

  it('is an unknown model, command or option, with the nearest spelling', async () => {
    expect(await refusal('check', 'two-phase-comit')).toBe(
      'there is no model "two-phase-comit", did you mean "two-phase-commit"? (a model of your own is named by its file, such as ./two-phase-comit.ts)',
    )
    expect(await refusal('chekc', 'raft')).toBe("unknown command 'chekc' (Did you mean check?)")
    expect(await refusal('check', 'raft', '--sed', '3')).toBe("unknown option '--sed' (Did you mean one of --seed, --set?)")
    expect(await refusal('check')).toBe("missing required argument 'model'")
    expect(await refusal('check', 'raft', 'more')).toBe("too many arguments for 'check'. Expected 1 argument but got 2.")
    expect(await refusal('check', 'raft', '--seed')).toBe("option '--seed <n>' argument missing")
  })

  it('is an unknown constant, bug or property', async () => {
    expect(await refusal('check', 'two-phase-commit', '--set', 'resourceManager=3')).toBe(
      'model two-phase-commit has no constant "resourceManager", did you mean "resourceManagers"?',
    )
    expect(await refusal('check', 'two-phase-commit', '--bug', 'none')).toBe(
      'model two-phase-commit has no known bug "none"; there are none',
    )
    expect(await refusal('check', 'two-phase-commit', '--property', 'consistant')).toBe(
      'model two-phase-commit has no property "consistant", did you mean "consistent"?',
    )
  })

  it('is a constant that is out of range, or no assignment', async () => {
    for (const value of ['0', '13', '2.5', 'many', '']) {
      expect(await refusal('check', 'two-phase-commit', '--set', `resourceManagers=${value}`)).toBe(
        `constant resourceManagers of model two-phase-commit is 1 to 12, not "${value}"`,
      )
    }
    expect(await refusal('check', 'two-phase-commit', '--set', 'resourceManagers')).toBe(
      '--set resourceManagers: expected name=value, such as --set nodes=3',
    )
    expect(await refusal('check', 'two-phase-commit', '--set', '=3')).toContain('expected name=value')
  })

  it('is a limit that is no number', async () => {
    expect(await refusal('check', 'raft', '--max-states', 'many')).toBe(
      "option '--max-states <n>' argument 'many' is invalid. Expected a whole number of at least 1.",
    )
    expect(await refusal('check', 'raft', '--max-depth', '-1')).toContain('Expected a whole number of at least 0.')
    expect(await refusal('check', 'raft', '--walks', '0')).toContain('Expected a whole number of at least 1.')
    expect(await refusal('check', 'raft', '--time', '30')).toBe(
      "option '--time <duration>' argument '30' is invalid. Expected a duration such as 500ms, 30s, 5m or 2h.",
    )
    expect(await refusal('check', 'raft', '--memory', '4x')).toContain('Expected a size such as 500m or 4g.')
    expect(await refusal('check', 'raft', '--strategy', 'best')).toContain('Allowed choices are bfs, dfs, random, pct.')
  })

  it('is a place to which no trace can be written, before the search', async () => {
    expect(await refusal('check', 'raft', '--out', 'missing/trace.json')).toBe(
      '--out missing/trace.json: there is no folder missing; make it first',
    )
    expect(await refusal('check', 'raft', '--out', 'witness.json/trace.json')).toContain('there is no folder witness.json')
    mkdirSync(join(folder, 'taken'), { recursive: true })
    expect(await refusal('check', 'raft', '--out', 'taken')).toBe('--out taken: is not a file; name a file to write')
  })

  it('is a place where something else would be lost', async () => {
    await runCli(['check', 'peterson', '--bug', 'after-you', '--out', 'kept.json'], { cwd: folder })
    const before = readFileSync(join(folder, 'kept.json'), 'utf8')
    for (const flag of ['--html', '--mermaid', '--itf'])
      expect(await refusal('show', 'kept.json', flag, './kept.json')).toBe(
        `${flag} ./kept.json: is the trace itself, which would be lost; name another file`,
      )
    expect(readFileSync(join(folder, 'kept.json'), 'utf8')).toBe(before)
    expect(await refusal('show', 'kept.json', '--html', 'both', '--itf', './both')).toBe(
      '--itf ./both: is what --html writes, too; name another file',
    )
    expect(await refusal('check', 'peterson', '--out', 'both', '--html', 'both')).toBe(
      '--html both: is what --out writes, too; name another file',
    )
  })

  it('is a trace that is missing, damaged, foreign, or of another version', async () => {
    const written = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return name
    }
    expect(await refusal('show', 'missing.json')).toBe(
      'missing.json: there is no such file; give the path of a trace that counterpoint check --out has written',
    )
    expect(await refusal('show', '.')).toContain('.: cannot be read (EISDIR')
    expect(await refusal('show', written('damaged.json', writeTrace(witness).slice(0, -20)))).toMatch(
      /^damaged\.json: .*is not JSON.*; the file is damaged; write the trace again/,
    )
    expect(await refusal('replay', written('foreign.json', '{"#meta": {}, "vars": [], "states": []}'))).toBe(
      'foreign.json: is not a Counterpoint trace: it has no "schema"; write one with counterpoint check --out',
    )
    expect(await refusal('replay', written('later.json', JSON.stringify({ ...witness, schema: 7 })))).toContain(
      'later.json: schema: expected 1, found 7; ',
    )
    expect(await refusal('replay', written('partial.json', JSON.stringify({ ...witness, steps: undefined })))).toContain(
      'partial.json: steps: is missing',
    )
    expect(await refusal('replay', written('other.json', JSON.stringify({ ...witness, model: 'paxos' })))).toMatch(
      /^other\.json: its model: there is no model "paxos".*; or name its file with --model$/,
    )
    expect(await refusal('replay', 'witness.json', '--model', 'raft')).toBe(
      'witness.json: the trace is of model two-phase-commit, not of model raft',
    )
  })

  it('is a trace that does not fit the model any more, with the step', async () => {
    const steps = witness.steps.map((step, i) => (i === 1 ? { ...step, action: 'giveUp' } : step))
    writeFileSync(join(folder, 'old.json'), writeTrace({ ...witness, steps }))
    expect(await refusal('replay', 'old.json')).toBe(
      'old.json: the trace does not fit model two-phase-commit any more: step 2, giveUp(1), does not fit: the model has no action giveUp; check the model again for a new trace',
    )
  })

  it('is no command at all, which prints the help', async () => {
    const { status, stdout, stderr } = await runCli([])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('Usage: counterpoint [options] [command]')
  })
})

describe('help and version', () => {
  it('go to standard output, with examples', async () => {
    for (const argv of [['--help'], ['check', '--help'], ['list', '--help'], ['show', '--help'], ['replay', '--help'], ['help', 'check']]) {
      const { status, stdout, stderr } = await runCli(argv)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain('Examples:\n  counterpoint ')
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
    }
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(await runCli(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('the whole way', () => {
  it.runIf(models.some(({ name }) => name === 'raft'))('from a known bug to a trace that replays', async () => {
    const raft = models.find(({ name }) => name === 'raft')
    const bug = Object.keys(raft?.bugs ?? {})[0] as string
    const checked = await runCli(['check', 'raft', '--bug', bug, '--strategy', 'pct', '--out', 'raft.json'], { cwd: folder })
    expect({ status: checked.status, stderr: checked.stderr }).toEqual({ status: 1, stderr: '' })
    expect(checked.stdout).toContain(
      'minimized: without any one of these steps, it does not happen\nreplay: counterpoint replay raft.json\n',
    )
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    const { property } = readTrace(readFileSync(join(folder, 'raft.json'), 'utf8'), 'raft.json')
    expect(checked.stdout.trimEnd().split('\n').slice(-3)).toEqual([
      `✗ violated: ${property}`,
      '',
      `reproduce: counterpoint check raft --bug ${bug} --strategy pct --seed 1`,
    ])
    expect((await runCli(['replay', 'raft.json'], { cwd: folder })).status).toBe(1)
    const picture = await runCli(['show', 'raft.json'], { cwd: folder })
    expect(picture.status).toBe(0)
    expect(checked.stdout).toContain(picture.stdout)
  })
})
