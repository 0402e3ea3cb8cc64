/** Our example nodes, right and wrong, and programs with clocks of their own, as processes. */
import { afterAll, describe, expect, it } from 'vitest'
import { type MaelstromOptions, replayMaelstrom, runMaelstrom } from './maelstrom.ts'
import { example, Programs } from './testing/node-programs.ts'

const programs = new Programs()
afterAll(() => programs.remove())

const faults = { drops: 3, duplicates: 2, partitions: 1 }

describe('a broadcast', () => {
  it('that repeats until it is acknowledged holds, with drops, duplicates and partitions', async () => {
    const result = await runMaelstrom({ bin: example('broadcast.mjs'), workload: 'broadcast', schedules: 4, ops: 12, ...faults })
    expect([result.verdict, result.reason]).toEqual(['holds', 'nothing is wrong in 4 schedules'])
    expect(result.operations).toBeGreaterThan(4 * 12)
  })

  it('that sends everything once loses what is dropped, which a smallest schedule shows and shows again', async () => {
    const result = await runMaelstrom({ bin: example('broadcast-once.mjs'), workload: 'broadcast', ops: 8, drops: 2 })
    expect([result.verdict, result.run?.wrong]).toEqual(['violated', 'consistency'])
    expect(result.reason).toMatch(
      /^n\d: \d+ was added by process c\d, acknowledged at event \d+, but the only read that began later lacks it/,
    )
    const { document, shrunk } = result
    expect(document?.steps.map((step) => step.do)).toEqual(['invoke', 'deliver', 'drop'])
    expect(shrunk?.isMinimal).toBe(true)
    const again = await replayMaelstrom(document as NonNullable<typeof document>)
    expect([again.verdict, again.reason, again.run?.history]).toEqual(['violated', result.reason, result.run?.history])
  })

  it('of that kind holds where nothing is lost', async () => {
    const result = await runMaelstrom({ bin: example('broadcast-once.mjs'), workload: 'broadcast', schedules: 3, ops: 8 })
    expect(result.verdict).toBe('holds')
  })
})

describe('a map', () => {
  it('in a linearizable service holds', async () => {
    const result = await runMaelstrom({ bin: example('lin-kv-proxy.mjs'), workload: 'lin-kv', schedules: 5, ...faults })
    expect([result.verdict, result.run?.judged?.verdict]).toEqual(['holds', 'holds'])
    expect(result.operations).toBeGreaterThan(70)
  })

  it('in a sequential service is found not to be linearizable, by random schedules and by pct', async () => {
    const bin = programs.node(`
      for (const type of ['read', 'write', 'cas'])
        node.on(type, async ({ key, value, from, to }) => {
          const { type: answer, value: found, code } = await node.ask('seq-kv', { type, key, value, from, to })
          return { type: answer, value: found, code }
        })`)
    for (const strategy of ['random', 'pct'] as const) {
      const result = await runMaelstrom({ bin, workload: 'lin-kv', ops: 16, schedules: 30, strategy, shrinkRuns: 4 })
      expect([strategy, result.verdict, result.run?.wrong]).toEqual([strategy, 'violated', 'consistency'])
      expect(result.shrunk).toMatchObject({ runs: 4, isMinimal: false })
      expect(result.document?.steps.some((step) => step.do === 'deliver' && (step.pick ?? 0) > 0)).toBe(true)
    }
  })
})

describe('a run', () => {
  it('of a program with a clock of its own is judged as well', async () => {
    const options = { workload: 'lin-kv', schedules: 1, ops: 6, clock: 'real' } as const
    const result = await runMaelstrom({ bin: example('lin-kv-proxy.mjs'), ...options })
    expect([result.verdict, result.clock]).toEqual(['holds', 'real'])
    expect(result.operations).toBe(6)
  })

  it('of a program in another language goes by real clocks', async () => {
    const bin = programs.file(
      '',
      `#!/bin/sh
while read -r line; do
  id=$(expr "$line" : '.*"msg_id":\\([0-9]*\\)')
  src=$(expr "$line" : '.*"src":"\\([a-z0-9]*\\)"')
  me=$(expr "$line" : '.*"dest":"\\([a-z0-9]*\\)"')
  case $line in
    *'"type":"init"'*) body='"type":"init_ok"' ;;
    *) body=$(expr "$line" : '.*\\("echo":"[a-z0-9 ]*"\\)'); body="\\"type\\":\\"echo_ok\\",$body" ;;
  esac
  echo "{\\"src\\":\\"$me\\",\\"dest\\":\\"$src\\",\\"body\\":{$body,\\"in_reply_to\\":$id}}"
done
`,
    )
    const result = await runMaelstrom({ bin, workload: 'echo', schedules: 1, ops: 4, nodes: 2 })
    expect([result.verdict, result.reason, result.clock, result.operations]).toEqual(['holds', 'nothing is wrong in 1 schedule', 'real', 4])
  })

  it('of which no operation completes is inconclusive, and says what most of them say', async () => {
    const result = await runMaelstrom({ bin: programs.node(''), workload: 'g-set', schedules: 1, ops: 3 })
    expect([result.verdict, result.reason]).toEqual(['inconclusive', 'no operation completed; most say: error 10, not supported'])
  })

  it('that is interrupted is inconclusive', async () => {
    const interrupted = new AbortController()
    const onRun: NonNullable<MaelstromOptions['onRun']> = ({ count }) => count === 1 && interrupted.abort()
    const result = await runMaelstrom({ bin: example('broadcast.mjs'), workload: 'broadcast', ops: 4, signal: interrupted.signal, onRun })
    expect([result.verdict, result.interrupted, result.reason]).toEqual([
      'inconclusive',
      true,
      'it was interrupted after 1 of 20 schedules, in which nothing is wrong',
    ])
  })
})
