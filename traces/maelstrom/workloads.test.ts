/** Each workload with a program that is right and one that is not. */
import { afterAll, describe, expect, it } from 'vitest'
import { runMaelstrom } from './maelstrom.ts'
import { Programs } from './testing/node-programs.ts'

const programs = new Programs()
afterAll(() => programs.remove())

const run = (bin: string, workload: string, more: { readonly level?: string; readonly schedules?: number } = {}) =>
  runMaelstrom({ bin, workload, ops: 12, schedules: 2, drops: 1, partitions: 1, shrinkRuns: 0, ...more })

/** Every node adds up what it was told, and tells the others its own sum now and then. */
const counter = (merge: string): string =>
  programs.node(`
    const sums = {}
    node.on('add', ({ delta }) => { sums[node.id] = (sums[node.id] ?? 0) + delta; return { type: 'add_ok' } })
    node.on('read', () => ({ type: 'read_ok', value: Object.values(sums).reduce((a, b) => a + b, 0) }))
    node.on('sum', ({ sum }, src) => { sums[src] = ${merge} })
    setInterval(() => { for (const other of node.others) node.send(other, { type: 'sum', sum: sums[node.id] ?? 0 }) }, 500)`)

/** Logs in a service, a list for each key. */
const logs = (append: string): string =>
  programs.node(`
    const load = async (key) => (await node.ask('lin-kv', { type: 'read', key })).value
    node.on('send', async ({ key, msg }) => { for (;;) { const before = await load(key) ?? []; ${append} } })
    node.on('poll', async ({ offsets }) => {
      const msgs = {}
      for (const [key, from] of Object.entries(offsets)) msgs[key] = (await load(key) ?? []).map((msg, i) => [i, msg]).slice(from)
      return { type: 'poll_ok', msgs }
    })
    node.on('commit_offsets', async ({ offsets }) => {
      for (const [key, value] of Object.entries(offsets)) await node.ask('lin-kv', { type: 'write', key: 'c' + key, value })
      return { type: 'commit_offsets_ok' }
    })
    node.on('list_committed_offsets', async ({ keys }) => {
      const offsets = {}
      for (const key of keys) { const found = await load('c' + key); if (found !== undefined) offsets[key] = found }
      return { type: 'list_committed_offsets_ok', offsets }
    })`)

describe.each([
  ['echo', programs.node(`node.on('echo', ({ echo }) => ({ type: 'echo_ok', echo }))`)],
  ['unique-ids', programs.node(`let last = 0; node.on('generate', () => ({ type: 'generate_ok', id: node.id + '-' + last++ }))`)],
  ['g-counter', counter('Math.max(sums[src] ?? 0, sum)')],
  ['pn-counter', counter('sum')],
  [
    'kafka',
    logs(`
      const { type } = await node.ask('lin-kv', { type: 'cas', key, from: before, to: [...before, msg], create_if_not_exists: true })
      if (type === 'cas_ok') return { type: 'send_ok', offset: before.length }`),
  ],
])('%s', (workload, bin) => {
  it('holds of a right program', async () => {
    const { verdict, reason, operations } = await run(bin, workload)
    expect([verdict, reason]).toEqual(['holds', 'nothing is wrong in 2 schedules'])
    expect(operations).toBeGreaterThan(12)
  })
})

describe.each([
  [
    'echo',
    programs.node(
      `let last = ''; node.on('echo', ({ echo }) => { const before = last; last = echo; return { type: 'echo_ok', echo: before } })`,
    ),
    /^c\d sent "please echo/,
  ],
  [
    'unique-ids',
    programs.node(`node.on('generate', () => ({ type: 'generate_ok', id: Date.now() }))`),
    /^the identifier \d+ was given to c\d and again to c\d/,
  ],
  ['g-counter', counter('(sums[src] ?? 0) + sum'), /^the read at event \d+ by process c\d returns \d+, but all that may have been added/],
  ['pn-counter', counter('Math.max(sums[src] ?? 0, sum)'), /^the read at event \d+ by process c\d returns -?\d+, but/],
  [
    'kafka',
    logs(`
      await node.ask('lin-kv', { type: 'write', key, value: [...before, msg] })
      return { type: 'send_ok', offset: before.length }`),
    /^offset \d+ of k\d holds \d+ for c\d, who sent it, but \d+ for c\d/,
  ],
])('%s', (workload, bin, reason) => {
  it('is violated by a wrong program', async () => {
    const result = await run(bin, workload, { schedules: 10 })
    expect([result.verdict, result.run?.wrong]).toEqual(['violated', 'consistency'])
    expect(result.reason).toMatch(reason)
  })
})

describe('txn-list-append', () => {
  // Transactions that only read may be served by an old state.
  const bin = programs.node(`
    node.on('txn', async ({ txn }) => {
      const { value: before } = await node.ask('seq-kv', { type: 'read', key: 'all' })
      const lists = structuredClone(before ?? {})
      const done = txn.map(([f, key, value]) => {
        if (f === 'r') return [f, key, lists[key] ?? null]
        lists[key] = [...(lists[key] ?? []), value]
        return [f, key, value]
      })
      if (txn.every(([f]) => f === 'r')) return { type: 'txn_ok', txn: done }
      const { type } = await node.ask('seq-kv', { type: 'cas', key: 'all', from: before ?? {}, to: lists, create_if_not_exists: true })
      return type === 'cas_ok' ? { type: 'txn_ok', txn: done } : { type: 'error', code: 30, text: 'conflict' }
    })`)

  it('is judged strictly, or at the level that is asked for', async () => {
    const strict = await run(bin, 'txn-list-append', { schedules: 20 })
    expect([strict.verdict, strict.document?.level]).toEqual(['violated', 'strict-serializable'])
    expect(strict.reason).toMatch(/real-time/)
    const { verdict, schedules } = await run(bin, 'txn-list-append', { schedules: strict.schedules, level: 'serializable' })
    expect([verdict, schedules]).toEqual(['holds', strict.schedules])
  })
})
