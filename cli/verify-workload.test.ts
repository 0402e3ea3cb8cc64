import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from './testing/io.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-workload-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each event as `process type f value`. */
function file(name: string, ...events: readonly string[]): string {
  const lines = events.map((event) => {
    const [process, type, f, ...value] = event.split(' ')
    return `{:process ${process}, :type :${type}, :f :${f}, :value ${value.length === 0 ? 'nil' : value.join(' ')}}\n`
  })
  writeFileSync(join(folder, name), lines.join(''))
  return name
}

const verify = (...argv: readonly string[]) => runCli(['verify', ...argv], { cwd: folder })
const documentOf = async (...argv: readonly string[]) => JSON.parse((await verify(...argv, '--json')).stdout)
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')

const opening = ['0 invoke read', '0 ok read {0 50, 1 50}']
const moved = ['1 invoke transfer {:from 0, :to 1, :amount 5}', '1 ok transfer {:from 0, :to 1, :amount 5}']
const shows = (balances: string): string[] => ['0 invoke read', `0 ok read {${balances}}`]
const added = (process: number, value: number): string[] => [`${process} invoke add ${value}`, `${process} ok add ${value}`]
const sees = (process: number, value: string): string[] => [`${process} invoke read`, `${process} ok read ${value}`]
const txn = (process: number, steps: string): string[] => [
  `${process} invoke txn ${steps.replaceAll(/(\[:r \S+) [^\]]+/g, '$1 nil')}`,
  `${process} ok txn ${steps}`,
]

const good = {
  bank: file('bank-good.edn', ...opening, ...moved, ...shows('0 45, 1 55')),
  counter: file('counter-good.edn', ...added(0, 2), ...sees(1, '2')),
  set: file('set-good.edn', ...added(0, 2), ...sees(1, '[2]')),
  'long-fork': file(
    'fork-good.edn',
    ...txn(0, '[[:w 0 1]]'),
    ...txn(1, '[[:w 1 1]]'),
    ...txn(2, '[[:r 0 1] [:r 1 nil]]'),
    ...txn(3, '[[:r 0 1] [:r 1 1]]'),
  ),
}

const planted = [
  [
    'a lost transfer',
    'bank',
    [...opening, ...moved, ...shows('0 45, 1 50')],
    'wrong-total',
    'account 0 shows the transfer of 5 from 0 to 1 (event 2), account 1 does not',
  ],
  [
    'a doubled transfer',
    'bank',
    [...opening, ...moved, ...shows('0 45, 1 60')],
    'wrong-total',
    'account 1 shows the transfer of 5 from 0 to 1 (event 2) twice, account 0 once',
  ],
  [
    'a read skew',
    'bank',
    [...opening, ...moved, ...shows('0 45, 1 50'), ...shows('0 45, 1 55')],
    'wrong-total',
    'totals 100 again: a read skew',
  ],
  ['an overdraft', 'bank', [...opening, ...shows('0 101, 1 -1')], 'negative-balance', 'shows -1 in account 1'],
  [
    'an account of nobody',
    'bank',
    [...opening, ...shows('0 50, 1 40, 2 10')],
    'wrong-accounts',
    'shows account 2, which nobody named before',
  ],
  ['a lost add', 'counter', [...added(0, 2), ...added(0, 3), ...sees(1, '3')], 'read-too-low', 'makes at least 5: it misses 2'],
  ['an add twice', 'counter', [...added(0, 2), ...sees(1, '4')], 'read-too-high', 'makes at most 2: it has 2 too much'],
  [
    'a lost element',
    'set',
    [...added(0, 2), ...added(0, 3), ...sees(1, '[3]')],
    'lost-element',
    '2 was added by process 0, acknowledged at event 1',
  ],
  [
    'a failed element',
    'set',
    ['0 invoke add 2', '0 fail add 2', ...added(1, 3), ...sees(1, '[3 2]')],
    'G1a',
    'whose addition by process 0 (event 0) failed',
  ],
  ['an element twice', 'set', [...added(0, 2), ...sees(1, '[2 2]')], 'duplicate-elements', 'has 2 more than once, which was added once'],
  [
    'a long fork',
    'long-fork',
    [...txn(0, '[[:w 0 1]]'), ...txn(1, '[[:w 1 1]]'), ...txn(2, '[[:r 0 1] [:r 1 nil]]'), ...txn(3, '[[:r 0 nil] [:r 1 1]]')],
    'long-fork',
    'no order of the two writes explains both',
  ],
] as const

describe('verify of workloads', () => {
  it.each(Object.entries(good))('finds the invariant of a %s kept, and ends in 0', async (model, name) => {
    const { status, stdout, stderr } = await verify(name, '--model', model, '--level', 'invariant')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^✓ the ${model} invariant holds: ${name}\n`))
  })

  it.each(planted)('tells of %s in a %s, with the events that show it, and ends in 1', async (what, model, events, name, sentence) => {
    const planted = file(`${what.replaceAll(' ', '-')}.edn`, ...events)
    const { status, stdout } = await verify(planted, '--model', model, '--level', 'invariant')
    expect(status).toBe(1)
    expect(stdout).toMatch(new RegExp(`^✗ the ${model} invariant is violated: ${planted}\n`))
    expect(stdout).toMatch(new RegExp(`^${name}(,|$)`, 'm'))
    expect(oneLine(stdout)).toContain(sentence)
    expect(stdout).toContain(`event ${events.length - 1}  process `)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    const { verdict, level, evidence } = await documentOf(planted, '--model', model, '--level', 'invariant')
    expect({ verdict, level }).toEqual({ verdict: 'violated', level: 'invariant' })
    expect(evidence.sentence).toContain(sentence)
    expect(evidence.counts).toEqual({ [name]: 1 })
    const [finding] = evidence.findings
    expect(finding.name).toBe(name)
    const shown = finding.events.map(({ index, type }: { index: number; type: string }) => [index, type])
    expect(shown).toContainEqual([events.length - 1, 'ok'])
  })

  it.each(Object.entries(good))('tells a %s by its operations and what is read', async (model, name) => {
    expect((await documentOf(name, '--level', 'invariant')).model).toBe(model)
  })

  it('leaves the models of these names to linearizability unless the level is asked for', async () => {
    // Stale: the second read began after the first, which saw more, had ended.
    const stale = file('stale.edn', ...added(0, 2), ...sees(1, '[]'), ...sees(1, '[2]'))
    expect(await documentOf(stale, '--model', 'set')).toMatchObject({ level: 'linearizable', verdict: 'violated' })
    expect(await documentOf(stale, '--model', 'set', '--level', 'invariant')).toMatchObject({ verdict: 'holds' })
    expect(await documentOf(good.bank, '--model', 'bank')).toMatchObject({ level: 'linearizable', verdict: 'holds' })
    expect(await documentOf(good['long-fork'], '--model', 'long-fork')).toMatchObject({ level: 'invariant', verdict: 'holds' })
    expect(await documentOf(good['long-fork'])).toMatchObject({ model: 'rw-register', level: 'serializable' })
  })

  it('holds where nothing was read of a counter, and is unknown of a set, which ends in 3', async () => {
    const adds = file('adds.edn', ...added(0, 2))
    const counter = await verify(adds, '--model', 'counter', '--level', 'invariant')
    expect(counter.status).toBe(0)
    expect(counter.stdout).toContain('no read completed of a counter with 1 add: nothing contradicts them')
    const set = await verify(adds, '--model', 'set', '--level', 'invariant')
    expect(set.status).toBe(3)
    expect(set.stdout).toContain('? unknown whether the set invariant holds: adds.edn')
    expect(set.stdout).toContain('no read completed of a set with 1 acknowledged element')
  })

  it('takes overdrafts, and what there is at first, from the options', async () => {
    const overdrawn = file('overdrawn.edn', ...opening, ...shows('0 101, 1 -1'))
    const bank = (...argv: string[]) => documentOf(...argv, '--model', 'bank', '--level', 'invariant')
    expect((await bank(overdrawn, '--negative-balances')).verdict).toBe('holds')
    expect((await bank(good.bank, '--initial', '100')).verdict).toBe('holds')
    expect((await bank(good.bank, '--initial', '101')).verdict).toBe('violated')
    expect((await bank(good.bank, '--initial', '{"0": 100, "1": 0}')).verdict).toBe('holds')
    expect((await bank(good.bank, '--initial', '{"0": 100}')).evidence.counts).toEqual({ 'wrong-accounts': 1 })
    expect((await documentOf(good.counter, '--level', 'invariant', '--initial', '1')).verdict).toBe('violated')
    const filled = file('filled.edn', ...added(0, 2), ...sees(1, '[2 7]'), ...sees(1, '[2]'))
    expect((await documentOf(filled, '--level', 'invariant')).evidence.counts).toEqual({ 'unexpected-element': 1 })
    expect((await documentOf(filled, '--level', 'invariant', '--initial', '[7]')).evidence.sentence).toContain('7 was in it at first')
    const { stdout } = await verify(overdrawn, '--model', 'bank', '--level', 'invariant', '--negative-balances', '--initial', '100')
    expect(stdout).toContain('read: 4 events, --initial 100, --negative-balances')
  })

  it('shows three findings of a name, and gives ten as JSON with the count of all', async () => {
    const lost = file('lost.edn', ...Array.from({ length: 12 }, (_, i) => added(0, i)).flat(), ...sees(1, '[]'))
    const { stdout } = await verify(lost, '--model', 'set', '--level', 'invariant')
    expect(stdout).toContain('lost-element (12)\n')
    expect(stdout.match(/was added by process 0/g)).toHaveLength(3)
    expect(stdout).toContain('7 more of these are told in --json')
    const { evidence } = await documentOf(lost, '--model', 'set', '--level', 'invariant')
    expect([evidence.findings.length, evidence.counts['lost-element']]).toEqual([10, 12])
  })

  it('counts what is late in a set without calling it wrong', async () => {
    const late = file('late.edn', ...added(0, 2), ...sees(1, '[]'), ...sees(1, '[2]'))
    const { status, stdout } = await verify(late, '--model', 'set', '--level', 'invariant')
    expect(status).toBe(0)
    expect(stdout).toContain('also counted, and not wrong: stale-element 1')
  })

  it('tells several files in a line each', async () => {
    const lost = file('one-lost.edn', ...added(0, 2), ...sees(1, '[]'))
    const never = file('never.edn', ...added(0, 2), '1 invoke add 3', '1 info add 3')
    const { status, stdout } = await verify(good.set, lost, never, '--model', 'set', '--level', 'invariant')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^✓ set-good\.edn: the set invariant holds, 2 operations, \d+\.\d+ s$/m)
    expect(stdout).toMatch(/^✗ one-lost\.edn: the set invariant is violated, 2 operations, \d+\.\d+ s: 2 was added by process 0/m)
    expect(stdout).toMatch(/^\? never\.edn: unknown whether the set invariant holds, 2 operations, \d+\.\d+ s: no read completed/m)
    expect(stdout).toMatch(/3 files: 1 hold, 1 violated, 1 unknown/)
  })

  it('has colours only where they are wanted', async () => {
    const argv = ['verify', good.set, '--model', 'set', '--level', 'invariant']
    expect((await runCli(argv, { cwd: folder, env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[')
    expect((await runCli(argv, { cwd: folder, outputTerminal: 80, env: { NO_COLOR: '1' } })).stdout).not.toContain('\x1b[')
  })

  it('judges each key of its own', async () => {
    const keys = file('keys.edn', '0 invoke add [:x 2]', '0 ok add [:x 2]', '1 invoke read [:y nil]', '1 ok read [:y 0]')
    const { stdout, status } = await verify(keys, '--model', 'counter', '--level', 'invariant', '--independent')
    expect(status).toBe(0)
    expect(stdout).toContain('read: 4 events, keys split')
  })

  writeFileSync(join(folder, 'plume.txt'), 'w(1,1,0,0)\nr(1,1,1,0)\n')
  const adds = file('only-adds.edn', ...added(0, 2))
  const torn = file('torn.edn', ...opening, '1 invoke transfer {:from 0}', '1 ok transfer {:from 0}')
  const words = file('words.edn', ...sees(0, '"a"'))
  writeFileSync(join(folder, 'evil.edn'), '{:process 0, :type :invoke, :f "a\\u001b[31mb", :value 1}\n')

  it.each([
    [[adds], 'only-adds.edn: does not say which workload it is of (its operations are add); name the model: bank, counter, set, long-fork'],
    [[torn], 'torn.edn: event 2: transfer {from: 0}, expected {from, to, amount} with an integer amount, in the smallest unit'],
    [[words, '--model', 'counter'], 'words.edn: event 1: a counter is read as a, expected an integer'],
    [[good.bank, '--model', 'set'], 'bank-good.edn: event 2: transfer is not an operation of the set workload; it has add and read'],
    [[good.bank, '--model', 'queue'], '--level invariant: is for bank, counter, set, long-fork; the model is queue'],
    [[good.counter, '--initial', '0.5'], '--initial 0.5: a counter starts from an integer'],
    [[good.bank, '--initial', '"a"'], '--initial a: a bank starts from balances such as {"0": 50, "1": 50}, or their total, an integer'],
    [[good.bank, '--initial', '{"a": "b"}'], 'bank-good.edn: the initial balances of a bank are a map of integers by account'],
    [[good.set, '--initial', '1'], '--initial 1: a set starts from the list of its elements, such as [1, 2]'],
    [[good['long-fork'], '--initial', '1'], '--initial: says nothing to a long fork, whose keys are not there at first'],
    [[good.set, '--negative-balances'], '--negative-balances: is for a bank; this is a set workload'],
    [[good.set, '--never-written', 'ignored'], '--never-written: is for other levels; leave it out'],
    [[good['long-fork'], '--graph', 'fork.dot'], '--graph: is for other levels; leave it out'],
    [['plume.txt', '--model', 'long-fork'], 'plume.txt: has transactions without times'],
    [['evil.edn', '--model', 'set'], 'evil.edn: event 0: '],
  ])('says what is wrong with %j in one line', async (argv, message) => {
    const { status, stderr } = await verify(...argv, '--level', 'invariant')
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('\u001b')
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    [['--model', 'long-fork', '--level', 'linearizable'], '--level linearizable: is not for long-fork, which has an invariant'],
    [['--model', 'bank', '--negative-balances'], '--negative-balances: is for --level invariant; leave it out'],
    [['--level', 'serializable', '--negative-balances'], '--negative-balances: is for --level invariant; leave it out'],
    [['--level', 'invariants'], 'did you mean "invariant"?'],
  ])('says so where %j do not go together', async (argv, message) => {
    const { status, stderr } = await verify(good.bank, ...argv)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  const published = join(import.meta.dirname, '../../shared/data/elle-cli/jepsen')

  // Skipped where the histories are not beside the repository: they are not ours to publish.
  it.skipIf(!existsSync(published)).each([
    ['bank', 'bank.edn', 0],
    ['bank', 'bank.json', 0],
    ['bank', 'bank-negative-balances.json', 1],
    ['counter', 'counter.edn', 0],
    ['counter', 'counter.json', 0],
    ['set', 'set.edn', 0],
    ['long-fork', 'long-fork.edn', 1],
  ])('of a published %s history, %s, ends in %i', async (model, name, expected) => {
    const { status, stdout } = await verify(join(published, name), '--model', model, '--level', 'invariant')
    expect(status).toBe(expected)
    expect(stdout).toContain(`the ${model} invariant ${expected === 0 ? 'holds' : 'is violated'}:`)
  })

  it('is in the help', async () => {
    const { stdout } = await verify('--help')
    expect(oneLine(stdout)).toContain('with an invariant: bank, counter, set, long-fork.')
    expect(stdout).toMatch(/^ {2}invariant {12}reads of a bank/m)
  })
})
