import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { levelNames, specs } from '../properties/index.ts'
import { type Ran, runCli, type TestIoOptions } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-verify-'))
afterAll(() => rmSync(folder, { recursive: true }))

const example = resolve(import.meta.dirname, '../examples/stale-read.edn')

type Event = readonly [process: number, type: string, f: string, value: string]
const edn = (...events: readonly Event[]): string =>
  events.map(([process, type, f, value]) => `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`).join('')
const done = (process: number, f: string, input: string, output = input): Event[] => [
  [process, 'invoke', f, input],
  [process, 'ok', f, output],
]

const written = done(0, 'write', '1')
const good = edn(...written, ...done(1, 'read', 'nil', '1'))
const stale = edn(...written, ...done(0, 'write', '2'), ...done(1, 'read', 'nil', '1'))

/** Pushes and pops all at once, and a pop of what nobody pushed: the search has to see every order of them. */
const hard = ((): string => {
  const values = Array.from({ length: 30 }, (_, i) => i)
  const all = (type: string, f: string, value: (i: number) => string): Event[] => values.map((i) => [i, type, f, value(i)])
  return edn(
    ...all('invoke', 'push', String),
    ...all('ok', 'push', String),
    ...all('invoke', 'pop', () => 'nil'),
    ...all('ok', 'pop', (i) => (i === 29 ? '99' : String(i))),
  )
})()
const unlikely = ['hard.edn', '--model', 'stack', '--algorithm', 'general', '--time', '500ms']

function file(name: string, text: string | Uint8Array): string {
  writeFileSync(join(folder, name), text)
  return name
}

file('good.edn', good)
file('stale.edn', stale)
file('hard.edn', hard)

const verify = (...argv: readonly string[]): Promise<Ran> => runCli(['verify', ...argv], { cwd: folder })
const verifyWith = (options: TestIoOptions, ...argv: readonly string[]): Promise<Ran> =>
  runCli(['verify', ...argv], { cwd: folder, ...options })

async function documentOf(...argv: readonly string[]) {
  return JSON.parse((await verify(...argv, '--json')).stdout)
}

const withoutSeconds = (text: string): string => text.replaceAll(/\d+\.\d+ (ms|s)\b/g, '? s')
const expectNarrow = (text: string): void => {
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
}

describe('the verdict on a file', () => {
  it('that holds shows an order, and ends in 0', async () => {
    const { status, stdout, stderr } = await verify('good.edn')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(withoutSeconds(stdout)).toMatchInlineSnapshot(`
      "✓ linearizable: good.edn
        register · 2 operations · zones (Gibbons & Korach 1997) · ? s
        one order that explains it: write 1, read → 1

      read: 4 events, --fail did-not-happen, --nil unknown
      "
    `)
  })

  it('that is violated says why, draws what matters, and ends in 1', async () => {
    const { status, stdout, stderr } = await runCli(['verify', example], { cwd: resolve(import.meta.dirname, '../examples') })
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(withoutSeconds(stdout.replace(example, 'stale-read.edn'))).toMatchInlineSnapshot(`
      "✗ not linearizable: stale-read.edn
        cas-register · 5 operations · just-in-time linearization · ? s

      the read by process 3 returned 1, but write 3 by process 0 had completed before
      it began and nothing wrote 1 later

      process  time →
            0  ┣━ write 1 ━┫ ┣━ write 3 ━┫
            1               ├─ cas [1 2] → ? ╌╌╌╌╌╌╌╌╌╌╌╌╌ ?
            2                             ├─ read → 3 ─────┤
            3                              ┣━ ✗ read → 1 ━┫

      ✗ cannot be explained   ━ matters   ? never returned

      The possible states then: 3
      The longest linearization found: write 1, write 3, read → 3 (3 operations)

      read: 10 events, --fail did-not-happen, --nil unknown
      "
    `)
  })

  it('that no search has found says how far it came and what to do, and ends in 3', async () => {
    const { status, stdout } = await verify(...unlikely)
    expect(status).toBe(3)
    expect(stdout).toMatch(/^\? unknown whether linearizable: hard\.edn\n/)
    expect(stdout).toMatch(/stopped by the time limit: /)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('hint: raise --time (now 0.5 s) or --memory (now 1 GiB)')
    // The fast procedure for stacks needs no such search.
    expect((await verify('hard.edn', '--model', 'stack')).status).toBe(1)
  })

  it('is in one sentence with its reason where a level does not apply, and ends in 3', async () => {
    const { status, stdout } = await verify('good.edn', '--level', 'exactly-once')
    expect(status).toBe(3)
    expect(stdout).toContain('– exactly-once: does not apply: good.edn')
    expect(stdout).toContain('register has no operation that takes an item out')
  })

  it('has a warning where nothing was judged', async () => {
    const { status, stdout } = await verify(file('nothing.edn', edn([0, 'invoke', 'read', 'nil'], [0, 'info', 'read', ':timeout'])))
    expect(status).toBe(0)
    expect(stdout).toContain('Nothing was judged: no operation that says anything has completed.')
    expect((await verify('nothing.edn', '--stream')).stdout).toContain('Nothing was judged')
    expect((await verify('good.edn')).stdout).not.toContain('Nothing was judged')
  })

  it('is the same of a file that gzip has packed', async () => {
    file('stale.edn.gz', gzipSync(stale))
    const packed = await verify('stale.edn.gz')
    expect(packed.status).toBe(1)
    expect(withoutSeconds(packed.stdout).replace('.gz', '')).toBe(withoutSeconds((await verify('stale.edn')).stdout))
  })

  it('is coloured where a terminal or FORCE_COLOR says so, and not against NO_COLOR', async () => {
    const escape = '\x1b['
    expect((await verify('stale.edn')).stdout).not.toContain(escape)
    expect((await verifyWith({ outputTerminal: 80 }, 'stale.edn')).stdout).toContain(escape)
    expect((await verifyWith({ env: { FORCE_COLOR: '1' } }, 'stale.edn', 'good.edn')).stdout).toContain(escape)
    expect((await verifyWith({ outputTerminal: 80, env: { NO_COLOR: '1' } }, 'stale.edn')).stdout).not.toContain(escape)
  })

  const long = `"${'abc def '.repeat(300)}"`
  const wide: Readonly<Record<string, string>> = {
    'long values': edn(...done(0, 'write', long), ...done(1, 'read', 'nil', '"abc"')),
    'large values': edn(...done(0, 'write', `[${'1 '.repeat(500)}]`), ...done(1, 'read', 'nil', `{${':a 1 '}:b ${long}}`)),
    'control characters': edn(...done(0, 'write', '"\x1b[31m\u202e"'), ...done(1, 'read', 'nil', '"\u0007"')),
    'many processes': edn(...Array.from({ length: 60 }, (_, i) => done(i, 'write', String(i))).flat(), ...done(60, 'read', 'nil', '7')),
    'big integers': edn(...done(0, 'write', '9'.repeat(120)), ...done(1, 'read', 'nil', '8'.repeat(120))),
  }
  it.each(Object.entries(wide))('is never wider than 80 columns: %s', async (name, text) => {
    file('wide.edn', text)
    for (const argv of [
      [],
      ['--level', 'all'],
      ['--stream'],
      ['--algorithm', 'general'],
      ['--initial', '"a long one, longer than a line of eighty columns is, by far and more"'],
    ]) {
      const { status, stdout } = await verify('wide.edn', ...argv)
      expect(status, name).toBe(1)
      expectNarrow(stdout)
      expect(stdout).not.toContain('\x1b')
    }
  })

  it('fits the help that describes it, which names every model and level', async () => {
    const { stdout } = await verify('--help')
    expectNarrow(stdout)
    for (const name of [...specs.keys(), ...levelNames]) expect(stdout).toContain(name)
  })
})

describe('several levels', () => {
  it('are a table, worst first in the exit status', async () => {
    const { status, stdout } = await verify('stale.edn', '--level', 'all')
    expect(status).toBe(1)
    const names = stdout.split('\n').flatMap((line) => /^[✓✗?–] (\S+)/u.exec(line)?.[1] ?? [])
    expect(names).toEqual(levelNames)
    expect(stdout).toMatch(/✗ linearizable {2,}the read by process 1 returned 1/)
    expect(stdout).toMatch(/✓ pram {2,}holds/)
    expect(stdout).toMatch(/– exactly-once {2,}does not apply: /)
    expect((await verify('good.edn', '--level', 'all')).status).toBe(0)
  })

  it.each([
    ['counter', 'no-lost-writes', edn(...done(0, 'add', '1'), ...done(0, 'add', '1'), ...done(1, 'read', 'nil', '1'))],
    ['counter', 'exactly-once', edn(...done(0, 'add', '1'))],
    ['grow-only-set', 'at-least-once', edn(...done(0, 'add', '1'))],
    ['key-value', 'no-lost-writes', edn(...done(0, 'append', '"x"'), ...done(1, 'get', 'nil', '""'))],
  ])('of a %s do not include %s, which says nothing of it', async (model, level, text) => {
    file('other.edn', text)
    expect((await documentOf('other.edn', '--model', model, '--level', level)).verdict).toBe('inapplicable')
  })

  it('are entries of one document', async () => {
    const found = await documentOf('stale.edn', '--level', 'all')
    expect(found).toMatchObject({ file: 'stale.edn', model: 'register', level: 'all', verdict: 'violated', operations: 3, objects: 1 })
    expect(found.levels.map(({ level }: { level: string }) => level)).toEqual(levelNames)
    for (const { verdict, algorithm, seconds, evidence } of found.levels)
      expect([verdict, typeof algorithm, typeof seconds, typeof evidence]).toEqual([
        expect.stringMatching(/^(holds|violated|inapplicable)$/),
        'string',
        'number',
        'object',
      ])
  })
})

describe('several files', () => {
  it('are a line each and a summary; a violation is worse than what cannot be read, and that than what is unknown', async () => {
    file('broken.edn', '{:process 0, :type')
    const every = await verify(
      'good.edn',
      'stale.edn',
      'broken.edn',
      ...unlikely.slice(0, 1),
      '--algorithm',
      'general',
      '--time',
      '500ms',
      '--model',
      'register',
    )
    expect(every.status).toBe(1)
    expect(every.stderr.split('\n').filter(Boolean)).toEqual([
      expect.stringMatching(/^error: broken\.edn:1:19: /),
      expect.stringMatching(/^error: hard\.edn: event 0: push is not an operation of register/),
    ])
    expect(withoutSeconds(every.stdout).split('\n')).toEqual([
      '✓ good.edn: linearizable, 2 operations, ? s',
      expect.stringMatching(/^✗ stale\.edn: not linearizable, 3 operations, \? s: the read by process 1 returned 1, but/),
      '',
      '4 files: 1 hold, 1 violated, 0 unknown, 2 could not be read (? s of judging)',
      '',
    ])
    file('push.edn', edn(...done(0, 'push', '1')))
    expect((await verify('push.edn', 'broken.edn', ...unlikely)).status).toBe(2)
    const unknown = await verify('push.edn', ...unlikely)
    expect(unknown.status).toBe(3)
    expect(unknown.stdout).toContain('2 files: 1 hold, 0 violated, 1 unknown')
    expect((await verify('good.edn', 'good.edn')).status).toBe(0)
  })

  it('are one document, which never says that what cannot be read holds', async () => {
    const found = await documentOf('good.edn', 'stale.edn')
    expect(found).toMatchObject({
      verdict: 'violated',
      files: [
        { file: 'good.edn', verdict: 'holds' },
        { file: 'stale.edn', verdict: 'violated' },
      ],
      errors: [],
    })
    const partly = await documentOf('good.edn', 'missing.edn')
    expect(partly).toMatchObject({ verdict: 'unknown', files: [{ verdict: 'holds' }], errors: ['cannot read missing.edn: no such file'] })
  })

  it('are a line each that a terminal can show', async () => {
    const { stdout } = await verifyWith({ outputTerminal: 60, env: { NO_COLOR: '1' } }, 'stale.edn', 'good.edn')
    for (const line of stdout.split('\n').slice(0, 2)) expect(line.length).toBeLessThanOrEqual(60)
  })
})

describe('--json', () => {
  it('is one document with the fields that programs rely on', async () => {
    const { status, stdout, stderr } = await verify('stale.edn', '--algorithm', 'general', '--json')
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      file: 'stale.edn',
      model: 'register',
      level: 'linearizable',
      verdict: 'violated',
      operations: 3,
      objects: 1,
      algorithm: 'just-in-time linearization',
      seconds: expect.any(Number),
      evidence: {
        sentence: 'the read by process 1 returned 1, but write 2 by process 0 had completed before it began and nothing wrote 1 later',
        failing: { id: 2, process: 1, f: 'read', input: null, output: 1, completion: 'ok', call: 4, return: 5 },
        prefix: 6,
        core: [{ id: 0 }, { id: 1 }, { id: 2 }].map((operation) => expect.objectContaining(operation)),
        minimal: true,
        longest: [0, 1],
        states: ['2'],
      },
      format: 'jepsen-edn',
      reading: { fail: 'did-not-happen', nil: 'unknown' },
      independent: false,
      events: 6,
      annotations: 0,
    })
  })

  it('has an order of operations, or how far the search came', async () => {
    expect((await documentOf('good.edn')).evidence).toEqual({ witness: [0, 1] })
    expect((await documentOf(...unlikely)).evidence).toEqual({ limit: 'time', reached: expect.any(String) })
    expect(await documentOf('good.edn', '--level', 'at-least-once')).toMatchObject({
      evidence: { reason: 'register has no operation that takes an item out' },
    })
  })

  it('keeps integers that no number holds', async () => {
    file('big.edn', edn(...done(0, 'write', '9007199254740993'), ...done(1, 'read', 'nil', '9007199254740992')))
    const { evidence } = await documentOf('big.edn')
    expect(evidence.failing.output).toEqual({ '#bigint': '9007199254740992' })
  })

  it('records every choice that can flip a verdict', async () => {
    const found = await documentOf('good.edn', '--initial', '7', '--fail', 'observed', '--nil', 'value', '--never-written', 'ignored')
    expect(found.reading).toEqual({ fail: 'observed', nil: 'value', neverWritten: 'ignored', initial: 7 })
    file('queue.txt', '# queue\nenq 1 0 5\ndeq 1 5 6\n')
    expect(await documentOf('queue.txt', '--ties', 'sequential')).toMatchObject({
      format: 'polylin',
      ties: 'sequential',
      reading: { nil: 'value' },
    })
    const { stdout } = await verify('queue.txt')
    expect(stdout).toContain('--ties concurrent')
  })
})

describe('--out', () => {
  it('has the same document, whole', async () => {
    const { status, stdout } = await verify('stale.edn', '--out', 'evidence.json')
    expect(status).toBe(1)
    expect(stdout).toContain('\nevidence: evidence.json\n')
    const saved = JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8'))
    expect({ ...saved, seconds: 0 }).toEqual({ ...(await documentOf('stale.edn')), seconds: 0 })
    expect(readdirSync(folder).filter((name) => name.startsWith('evidence'))).toEqual(['evidence.json'])
  })

  it('of several files has them all', async () => {
    await verify('good.edn', 'stale.edn', '--out', 'both.json')
    expect(JSON.parse(readFileSync(join(folder, 'both.json'), 'utf8')).files).toHaveLength(2)
  })

  it.each([
    ['nowhere/evidence.json', '--out nowhere/evidence.json: there is no folder nowhere; make it first'],
    ['.', '--out .: is not a file; name a file to write'],
    ['./stale.edn', '--out ./stale.edn: is the history itself, which would be lost; name another file'],
  ])('to %s is refused before anything is judged', async (out, message) => {
    expect(await verify('stale.edn', '--out', out)).toMatchObject({ status: 2, stdout: '', stderr: `error: ${message}\n` })
    expect(readFileSync(join(folder, 'stale.edn'), 'utf8')).toBe(stale)
  })
})

describe('--model', () => {
  const ownSpec = `import { defineSpec } from 'counterpoint/properties'

export default defineSpec<number>({
  name: 'bounded-buffer',
  initial: 0,
  operations: {
    put: (size) => (size < 2 ? { state: size + 1 } : 'the buffer is full'),
    take: (size) => (size > 0 ? { state: size - 1 } : { completes: 'fail', because: 'it is empty' }),
  },
})
`
  it("is a specification of the user's", async () => {
    file('buffer.ts', ownSpec)
    file('buffer.edn', edn(...done(0, 'put', '1'), ...done(0, 'put', '2'), ...done(1, 'put', '3')))
    const { status, stdout } = await verify('buffer.edn', '--model', './buffer.ts')
    expect(status).toBe(1)
    expect(stdout).toContain('bounded-buffer · 3 operations')
    expect(stdout).toContain('the buffer is full')
  })

  it('is what the file says, or its operations fit', async () => {
    file('stack.hist', '# @object atomic-stack\n[1] call push(1)\n[1] return\n')
    expect(await documentOf('stack.hist')).toMatchObject({ model: 'stack', format: 'limo' })
    file('lock.edn', edn(...done(0, 'acquire', 'nil')))
    expect((await verify('lock.edn')).stderr).toMatch(
      /^error: lock\.edn: does not say what it is a history of \(its operations are acquire\); name the model: mutex, /,
    )
  })

  it.each([
    [
      ['--model', 'registr'],
      '--model: there is no model "registr" of histories, did you mean "register"?; they are register, cas-register,',
    ],
    [['--model', './nothing.ts'], './nothing.ts: there is no such file; give the path of a specification file'],
    [['--level', 'linearisable'], 'There is no such level, did you mean "linearizable"?\n'],
    [['--level', 'strongest of all'], 'There is no such level; the levels are linearizable, sequential,'],
    [['--initial', '{x'], 'Expected JSON, such as 0, null, "text" or {"x": 0}.'],
    [['--initial', '1e999'], 'Expected JSON, such as 0, null, "text" or {"x": 0}.'],
    [['--fail', 'perhaps'], 'Expected did-not-happen, observed, or a meaning of one operation, such as cas=observed.'],
    [['--fail', 'observed', '--fail', 'cas=observed'], 'A meaning for all operations stands alone;'],
    [['--model', 'register', '--fail', 'cas=observed'], '--fail cas: is not an operation of register; it has read, write'],
    [['--k', '3'], '--k: is for --level k-atomic and bounded-staleness; name one of them, or leave it out'],
    [['--quiet', '1s', '--level', 'k-atomic'], '--quiet: is for --level eventual, and says nothing to k-atomic'],
    [['--k', '0', '--level', 'k-atomic'], 'Expected a whole number of at least 1.'],
    [
      ['--stream', '--level', 'all'],
      'only linearizability is judged while a file is read, and sequential needs the whole history; leave out --stream',
    ],
    [
      ['--stream', '--never-written', 'ignored'],
      'which values are never written can be told from the whole history only; leave out --stream',
    ],
    [['--format', 'xml'], 'Allowed choices are jepsen-edn,'],
  ])('%j is refused in one line that says what is right', async (argv, message) => {
    const { status, stdout, stderr } = await verify('good.edn', ...argv)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim()).not.toContain('\n')
  })
})

describe('--fail', () => {
  it('says of each operation what its failure means, beside what the format says', async () => {
    file('cas.edn', edn(...written, [1, 'invoke', 'cas', '[1 2]'], [1, 'fail', 'cas', '[1 2]']))
    expect((await verify('cas.edn')).status).toBe(0)
    expect((await verify('cas.edn', '--fail', 'cas=observed')).status).toBe(1)
    expect((await verify('cas.edn', '--fail', 'observed')).status).toBe(1)
    file('etcd.log', 'INFO  jepsen.util - 0\t:invoke\t:write\t1\nINFO  jepsen.util - 0\t:ok\t:write\t1\n')
    expect((await documentOf('etcd.log', '--fail', 'write=observed')).reading.fail).toEqual({ cas: 'observed', write: 'observed' })
  })
})

describe('--stream', () => {
  it.each([
    ['a register', stale, []],
    ['a register, by search alone', stale, ['--algorithm', 'general']],
    ['what holds', good, ['--algorithm', 'general']],
    ['the example', readFileSync(example, 'utf8'), []],
    [
      'several keys',
      edn(...done(0, 'write', '[1 1]'), ...done(0, 'write', '[2 1]'), ...done(0, 'write', '[2 2]'), ...done(1, 'read', '[2 nil]', '[2 1]')),
      ['--independent'],
    ],
    ['a failure that is known later', edn([0, 'invoke', 'write', '1'], ...done(1, 'read', 'nil', '1'), [0, 'fail', 'write', '1']), []],
  ])('finds the same of %s as in memory', async (_, text, argv) => {
    file('streamed.edn', text)
    const [held, streamed] = [await documentOf('streamed.edn', ...argv), await documentOf('streamed.edn', ...argv, '--stream')]
    const { witness: _witness, ...evidence } = held.evidence
    expect(streamed).toMatchObject({ ...held, algorithm: 'just-in-time linearization, streamed', seconds: expect.any(Number), evidence })
  })
})

describe('what is not a history', () => {
  const other = `${good.trimEnd().replaceAll('}\n', ', :time 5}\n').slice(0, -1)}, :time 4}\n`
  it.each([
    [
      'two returns for one call',
      `${good}${edn([1, 'ok', 'read', '1'])}`,
      ':5:1: process 1 returns ok of read, but its read (line 3) has returned already (line 4); ',
    ],
    ['a return without a call', `${edn([7, 'ok', 'read', '1'])}${good}`, ':1:1: process 7 returns ok of read, but it has called nothing; '],
    [
      'two open calls of a process',
      edn([0, 'invoke', 'write', '1'], [0, 'invoke', 'write', '2']),
      ':2:1: process 0 invokes write, but its write (line 1) is still open; ',
    ],
    ['a time that runs backwards', other, ':4:1: process 1 goes back in time, by 1 ns; '],
    ['a broken line', `${good}{:process 0, :type :invoke, :f :write, :value [1 2}\n`, ':5:51: found }, expected a value'],
    ['a file that was cut off', `${good}{:process 0, :type :inv`, ':5:1: the file ends inside the event that starts here, expected }; '],
    ['an empty file', '', ':1:1: the file is empty, expected a history; '],
    ['a number that is none', '{"process":0,"type":"invoke","f":"write","value":1e999}\n', ':1:50: found 1e999, expected a value'],
    [
      'an operation that the model does not have',
      edn(...done(0, 'wriet', '1')),
      ': event 0: wriet is not an operation of register; it has read, write; did you mean write?',
    ],
    ['text', 'Dear diary,\n', ':1:1: its format cannot be told, '],
  ])('%s is one line that names the place', async (_, text, message) => {
    file('bad', text)
    const argv = text.includes('wriet') ? ['--model', 'register'] : []
    for (const flags of [[], ['--json'], ['--stream'], ['--level', 'all']]) {
      const { status, stdout, stderr } = await verify('bad', ...argv, ...flags)
      expect({ status, stdout }, flags[0]).toEqual({ status: 2, stdout: '' })
      expect(stderr).toContain(`error: bad${message}`)
      expect(stderr.trim()).not.toMatch(/\n|^ +at /m)
    }
  })

  it('is named as the user names it', async () => {
    mkdirSync(join(folder, 'folder.edn'))
    expect(await verify('folder.edn')).toMatchObject({ status: 2, stderr: 'error: cannot read folder.edn: it is a directory\n' })
    expect(await verify('missing.edn')).toMatchObject({ status: 2, stderr: 'error: cannot read missing.edn: no such file\n' })
    file('cut.edn.gz', gzipSync(stale).subarray(0, 40))
    expect((await verify('cut.edn.gz')).stderr).toMatch(/^error: cannot read cut\.edn\.gz: it is not gzip to its end/)
  })

  // The superuser may read everything, also what nobody may.
  it('may be a file that nobody may read', async () => {
    chmodSync(join(folder, file('secret.edn', good)), 0)
    const denied = { status: 2, stderr: 'error: cannot read secret.edn: permission denied\n' }
    expect(await verify('secret.edn')).toMatchObject(process.getuid?.() === 0 ? { status: 0, stderr: '' } : denied)
  })
})
