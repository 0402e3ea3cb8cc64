/** That a run with a virtual clock is determined by its seed, and by nothing else. */
import { afterAll, describe, expect, it } from 'vitest'
import { Guard } from '../replay/servers/guard.ts'
import { explorer, seeded } from './explorer.ts'
import { NodeProcess } from './node-process.ts'
import { programOf } from './program.ts'
import { scripted } from './schedule.ts'
import { type Simulated, simulate } from './simulation.ts'
import { Programs } from './testing/node-programs.ts'
import { linKv } from './workloads/lin-kv.ts'

const programs = new Programs()
const guard = new Guard()
afterAll(async () => {
  programs.remove()
  await guard.end()
})

/** Everything that Node gives a program of time and of chance. */
const bin = programs.node(`
  import { randomUUID, randomInt } from 'node:crypto'
  import { setTimeout as sleep } from 'node:timers/promises'
  const stored = new Map()
  const said = () => [Date.now(), new Date().toISOString(), performance.now(), process.hrtime(), String(process.hrtime.bigint()), process.uptime(), Math.random(), randomUUID(), randomInt(1000), crypto.randomUUID()]
  node.on('read', ({ key }) => ({ type: 'read_ok', value: stored.get(key) ?? null }))
  node.on('write', async ({ key, value }) => { stored.set(key, value); await sleep(Math.random() * 40); return { type: 'write_ok' } })
  node.on('cas', () => ({ type: 'error', code: Math.random() < 0.5 ? 11 : 14 }))
  node.on('note', async () => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
    node.send('lww-kv', { type: 'write', key: node.id, value: said() })
  })
  setInterval(() => { for (const other of node.others) node.send(other, { type: 'note', said: said() }) }, 100)`)
const program = programOf({ bin, folder: programs.folder })

const nodesOf = (seed: number): readonly NodeProcess[] => [1, 2, 3].map((i) => new NodeProcess(`n${i}`, program, seed * 10 + i, guard))

function run(seed: number): Promise<Simulated> {
  const random = seeded(seed)
  const operations = linKv.operations(random, 8)
  const scheduler = explorer({ strategy: 'random', drops: 3, duplicates: 2, partitions: 1, stepsMax: 150 }, random)
  return simulate({ workload: linKv, nodes: nodesOf(seed), clock: 'virtual', clients: 3, operations }, scheduler)
}

describe('a run with a virtual clock', () => {
  it('is the same for the same seed, message by message, whatever its nodes do with time and chance', async () => {
    const [first, second, other] = [await run(7), await run(7), await run(8)]
    expect(first.fault).toBeNull()
    const steps = new Set(first.log.map(({ step }) => step.do))
    expect([...steps]).toEqual(expect.arrayContaining(['advance', 'deliver', 'drop', 'duplicate', 'heal', 'invoke', 'partition']))
    expect(second).toEqual(first)
    expect(other.log).not.toEqual(first.log)
  })

  it('is repeated by the steps that were taken', async () => {
    const first = await run(3)
    const again = await simulate(
      { workload: linKv, nodes: nodesOf(3), clock: 'virtual', clients: 3, operations: [] },
      scripted(first.steps),
    )
    expect(again).toEqual(first)
  })

  it('takes no time of ours: an hour of the nodes passes in a moment', async () => {
    const slow = programs.node(`
      node.on('read', () => new Promise((resolve) => setTimeout(() => resolve({ type: 'read_ok', value: Date.now() }), 3_600_000)))
      node.on('write', () => ({ type: 'write_ok' }))`)
    const nodes = [new NodeProcess('n1', programOf({ bin: slow, folder: programs.folder }), 1, guard)]
    const steps = [
      { do: 'invoke', client: 'c1', f: 'read', key: 0, value: null },
      { do: 'deliver', message: 'c1>n1 read 1' },
      { do: 'advance', ms: 3_600_000 },
      { do: 'deliver', message: 'n1>c1 read_ok 1' },
    ] as const
    const started = performance.now()
    const { log } = await simulate({ workload: linKv, nodes, clock: 'virtual', clients: 1, operations: [] }, scripted(steps))
    expect(log.at(-1)?.message?.body['value']).toBe(Date.UTC(2020, 0, 1) + 3_600_000)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
