import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isolationLevels, levelNames, queue, type Spec } from '../../properties/index.ts'
import { verifyFile } from '../histories/verify-file.ts'
import { verifyTransactionsFile } from '../histories/verify-transactions.ts'
import { verifyWorkloadFile } from '../histories/verify-workload.ts'
import type { HistoryObject, HistoryView, ReportDocument, TransactionsView } from './document.ts'
import { orderPlaces } from './order-places.ts'
import { verdictReport } from './verdict-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'verdict-report-'))
afterAll(() => rmSync(folder, { recursive: true }))
const example = (name: string): string => resolve(import.meta.dirname, '../../examples', name)

type Event = readonly [process: number, type: string, f: string, value: string]

function file(name: string, events: readonly Event[]): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    events.map(([process, type, f, value]) => `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`).join(''),
  )
  return path
}

const done = (process: number, f: string, input: string, output = input): Event[] => [
  [process, 'invoke', f, input],
  [process, 'ok', f, output],
]

const reportOf = (...options: Parameters<typeof verifyFile>): ReportDocument => verdictReport(verifyFile(...options), 'counterpoint verify')

function historyOf({ views: [view] }: ReportDocument): HistoryView {
  if (view?.kind !== 'history') throw new Error('the first view is no history')
  return view
}

function objectOf(report: ReportDocument): HistoryObject {
  const [object] = historyOf(report).objects
  if (object === undefined) throw new Error('there is no object')
  return object
}

/** `write 1: null -> 1` */
function orderTexts({ order, operations }: HistoryObject): (string | undefined)[] {
  return (order?.places ?? []).map(
    ({ id, position, before, after }) => `${position} ${operations.find((one) => one.id === id)?.text}: ${before} -> ${after}`,
  )
}

describe('the report of a history', () => {
  it('escapes what would turn the sentence round', () => {
    const report = reportOf(file('turned.edn', [...done(0, 'write', '1'), ...done(1, 'read', 'nil', '"\u202egnirts"')]))
    expect(historyOf(report).sentence).toContain('"\\u{202e}gnirts"')
    expect(historyOf(report).sentence).not.toContain('\u202e')
  })

  it('has the longest linearization with the states of the specification along it, and what cannot be placed after it', () => {
    const report = reportOf(example('stale-read.edn'))
    const object = objectOf(report)
    expect(report.header).toMatchObject({ tone: 'bad', sentence: 'not linearizable' })
    expect(historyOf(report).sentence).toContain('process 3 returned 1')
    expect(orderTexts(object)).toEqual(['1 write 1: null -> 1', '2 write 3: 1 -> 3', '3 read → 3: 3 -> 3'])
    expect(object.order).toMatchObject({ isWhole: false, length: 3 })
    const failing = object.operations.find(({ id }) => id === object.failing)
    expect(failing).toMatchObject({ text: 'read → 1', process: '3', call: 7, return: 8, callTime: 16_000_000, isCore: true })
    expect(object.possible).toEqual(['3'])
    expect(object.operations.find(({ text }) => text.startsWith('cas'))).toMatchObject({ return: null, isCore: false })
  })

  it('has the whole order of one that holds, from the initial state of each key', () => {
    const report = reportOf(
      file('queues.edn', [...done(0, 'enqueue', '[:a 1]'), ...done(1, 'enqueue', '[:b 2]'), ...done(0, 'dequeue', '[:a nil]', '[:a 1]')]),
      { spec: queue as unknown as Spec, independent: true },
    )
    expect(report.header).toMatchObject({ tone: 'good', sentence: 'linearizable' })
    expect(historyOf(report).objects.map((object) => [object.name, object.order?.isWhole, orderTexts(object)])).toEqual([
      [':a', true, ['1 enqueue 1: [] -> [1]', '2 dequeue → 1: [1] -> []']],
      [':b', true, ['1 enqueue 2: [] -> [2]']],
    ])
  })

  it('begins with the key that fails, and tells of no order of the others', () => {
    const events = [...done(0, 'write', '[:a 1]'), ...done(0, 'write', '[:b 1]'), ...done(1, 'read', '[:b nil]', '[:b 7]')]
    const { objects, notes } = historyOf(reportOf(file('keys.edn', events), { independent: true }))
    expect(objects.map(({ name, failing, order }) => [name, failing !== null, order !== null])).toEqual([
      [':b', true, expect.any(Boolean)],
      [':a', false, false],
    ])
    expect(notes.join(' ')).toContain('One of 2 keys fails')
  })

  it('holds of a large history what is around the operation that fails, and says so', () => {
    const many = Array.from({ length: 24_000 }, (_, i) => done(i % 3, 'write', String(i))).flat()
    const report = reportOf(file('many.edn', [...many, ...done(4, 'read', 'nil', '5')]))
    const { operations, failing, order } = objectOf(report)
    expect(operations).toHaveLength(20_000)
    expect(operations.map(({ id }) => id)).toContain(failing)
    expect(operations.filter(({ isCore }) => isCore).map(({ text }) => text)).toContain('write 5')
    expect(historyOf(report).notes.join(' ')).toContain('Of 24,001 operations 20,000 are in this page')
    // Those that are not shown count, too.
    expect(order?.places.at(-1)?.position).toBe(order?.length)
    for (const { id, position, after } of order?.places ?? []) expect([position, after]).toEqual([id + 1, String(id)])
  })

  it('holds of one that was judged while it was read what the violation takes, and says so', () => {
    const report = reportOf(example('stale-read.edn'), { stream: true })
    expect(objectOf(report).operations.map(({ text }) => text)).toEqual(['write 1', 'write 3', 'read → 1'])
    expect(objectOf(report).order).toBeNull()
    expect(historyOf(report).notes.join(' ')).toContain('only the operations that the violation takes')
    const good = reportOf(file('good.edn', done(0, 'write', '1')), { stream: true })
    expect(historyOf(good)).toMatchObject({ objects: [], notes: [expect.stringContaining('nothing to draw')] })
  })

  it('says that nothing was judged where nothing has completed', () => {
    const open = file('open.edn', [[0, 'invoke', 'read', 'nil']])
    expect(historyOf(reportOf(open)).sentence).toBe('nothing was judged: no operation has completed')
    const txn = verifyTransactionsFile(file('open-txn.edn', [[0, 'invoke', 'txn', '[[:w :x 1]]']]))
    expect(verdictReport(txn, '').views).toMatchObject([{ sentence: 'nothing was judged: no transaction has committed' }])
  })

  it('has a view of each level that is violated, and of one where all hold', () => {
    const report = reportOf(example('stale-read.edn'), { levels: levelNames })
    expect(report.views.map((view) => (view.kind === 'history' ? [view.level, view.tone] : []))).toEqual(
      ['linearizable', 'regular', 'eventual', 'no-lost-writes'].map((level) => [level, 'bad']),
    )
    expect(report.header.facts).toContainEqual({ name: 'violated', value: 'linearizable, regular, eventual, no-lost-writes' })
    const good = reportOf(file('one.edn', done(0, 'write', '1')), { levels: levelNames })
    expect(good.views).toHaveLength(1)
    expect(good.header.tone).toBe('good')
  })

  it('has an order that need not agree with time, of a level that asks for no more', () => {
    const stale = [...done(0, 'write', '1'), ...done(0, 'write', '2'), ...done(1, 'read', 'nil', '1')]
    const object = objectOf(reportOf(file('sequential.edn', stale), { levels: ['sequential'] }))
    expect(orderTexts(object)).toEqual(['1 write 1: null -> 1', '2 read → 1: 1 -> 1', '3 write 2: 1 -> 2'])
  })

  it('tells no states from where on the specification does not allow an order', () => {
    const events = [...done(0, 'write', '1'), ...done(0, 'write', '2'), ...done(1, 'read', 'nil', '1'), ...done(0, 'write', '3')]
    const { operations, spec } = verifyFile(file('order.edn', events))
    expect(orderPlaces(operations ?? [], spec, null).map(({ after }) => after)).toEqual(['1', '2', null, null])
  })
})

describe('the report of transactions', () => {
  const viewOf = (report: ReportDocument, i = 0): TransactionsView => {
    const view = report.views[i]
    if (view?.kind !== 'transactions') throw new Error('it is no view of transactions')
    return view
  }

  it('has the cycle with the reasons of its edges, and the operations that prove them', () => {
    const report = verdictReport(verifyTransactionsFile(example('write-skew.edn')), 'counterpoint verify')
    const { transactions, edges, sentence, explanation, hasTimes } = viewOf(report)
    expect(report.header.sentence).toBe('not serializable')
    expect({ sentence, hasTimes }).toEqual({ sentence: 'write-skew (A5B)', hasTimes: true })
    expect(explanation.at(-1)).toContain('a contradiction')
    const byId = new Map(transactions.map((one) => [one.id, one]))
    const proof = edges.filter(({ isProof }) => isProof)
    expect(proof.map(({ from, to, kind, key }) => [byId.get(from)?.name, byId.get(to)?.name, kind, key])).toEqual([
      ['T1', 'T2', 'rw', ':bob'],
      ['T2', 'T1', 'rw', ':alice'],
    ])
    for (const { from, to, key, fromOperation, toOperation, reason } of proof) {
      expect(byId.get(from)?.operations[fromOperation ?? -1]).toContain(`read ${key}`)
      expect(byId.get(to)?.operations[toOperation ?? -1]).toContain(`write ${key}`)
      expect(reason).toContain(String(key))
    }
    for (const { from, to } of edges) expect([byId.has(from), byId.has(to)]).toEqual([true, true])
  })

  it('has a view of each level that is violated by itself, not of those that these imply', () => {
    const found = verifyTransactionsFile(example('write-skew.edn'), { levels: isolationLevels })
    const report = verdictReport(found, 'counterpoint verify')
    const levels = report.views.map((_, i) => viewOf(report, i).level)
    expect(levels.length).toBeGreaterThan(0)
    expect(levels.length).toBeLessThanOrEqual(4)
    const kinds = new Map(found.judgement.levels.map(({ level, because }) => [level as string, because.kind]))
    for (const level of levels) expect(kinds.get(level)).not.toBe('implied')
  })

  it('holds of many transactions those nearest to the cycle, and says so', () => {
    const txn = (process: number, steps: string, result = steps): Event[] => done(process, 'txn', steps, result)
    const fill = (from: number): Event[] => Array.from({ length: 1500 }, (_, i) => txn(9, `[[:w ${from + i} 1]]`)).flat()
    const skew: Event[] = [
      [0, 'invoke', 'txn', '[[:r :x nil] [:w :y 1]]'],
      [1, 'invoke', 'txn', '[[:r :y nil] [:w :x 1]]'],
      [0, 'ok', 'txn', '[[:r :x nil] [:w :y 1]]'],
      [1, 'ok', 'txn', '[[:r :y nil] [:w :x 1]]'],
    ]
    const report = verdictReport(verifyTransactionsFile(file('many-txn.edn', [...fill(0), ...skew, ...fill(5000)])), 'counterpoint verify')
    const { transactions, notes } = viewOf(report)
    expect(transactions).toHaveLength(2000)
    expect(transactions.filter(({ name }) => name !== null)).toHaveLength(2)
    const calls = transactions.map(({ call }) => call)
    expect(calls).toEqual([...calls].sort((a, b) => a - b))
    // As many before as after.
    expect(transactions.findIndex(({ name }) => name !== null)).toBeGreaterThan(990)
    expect(transactions.findIndex(({ name }) => name !== null)).toBeLessThan(1010)
    expect(notes.join(' ')).toContain('Of 3,002 transactions 2,000 are in this page')
  })

  it('says where positions mean nothing but the order within a lane', () => {
    const path = join(folder, 'plume.txt')
    writeFileSync(path, 'w(1,1,0,0)\nr(1,1,1,0)\nw(2,1,1,1)\n')
    const { hasTimes, notes, transactions } = viewOf(verdictReport(verifyTransactionsFile(path), 'counterpoint verify'))
    expect(hasTimes).toBe(false)
    expect(notes.join(' ')).toContain('only the order within a lane')
    const ofProcess = (wanted: string): unknown[] =>
      transactions.flatMap(({ process, call, operations }) => (process === wanted ? [[call, ...operations]] : []))
    expect([ofProcess('0'), ofProcess('1')]).toEqual([
      [[0, 'write 1 1']],
      [
        [0, 'read 1 1'],
        [2, 'write 2 1'],
      ],
    ])
  })
})

describe('the report of a workload', () => {
  it('has what was found with the events that show it', () => {
    const path = file('set.edn', [...done(0, 'add', '2'), ...done(1, 'read', 'nil', '[]')])
    const found = verifyWorkloadFile(path, { model: 'set' })
    const report = verdictReport(found, 'counterpoint verify')
    expect(report.header).toMatchObject({ tone: 'bad', sentence: 'the set invariant is violated' })
    const [view] = report.views
    expect(view).toMatchObject({
      kind: 'findings',
      findings: found.decision.findings.map(({ name, sentence }) => ({ name, sentence })),
    })
    expect(view?.kind === 'findings' && view.findings[0]?.events.map(({ text }) => text).join()).toContain('add 2')
  })
})
