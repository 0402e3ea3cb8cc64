/** Published histories of Jepsen's workloads (elle-cli): each is judged as known, as `counterpoint verify` does it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type WorkloadName, workloads } from '../../properties/isolation/workloads/index.ts'
import { verifyWorkloadFile, type WorkloadVerdict } from './verify-workload.ts'

const folder = join(import.meta.dirname, '../../../shared/data')
const isHere = existsSync(join(folder, 'verdicts.json'))

interface Entry {
  readonly file: string
  readonly family: string
  readonly model: string
  readonly expected: string
}

// Skipped where the histories are not beside the repository: they are not ours to publish.
describe.skipIf(!isHere)('published histories of workloads', () => {
  const entries = isHere ? (JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Entry[]) : []
  const ofWorkloads = entries.flatMap(({ file, family, model, expected }) => {
    const name = model.split(' ')[0] as string
    return family === 'elle-cli' && name in workloads ? [{ file, expected, name: name as WorkloadName }] : []
  })

  const judged = (file: string): WorkloadVerdict => verifyWorkloadFile(join(folder, 'elle-cli/jepsen', file))
  const sentences = (file: string): string[] => judged(file).decision.findings.map(({ sentence }) => sentence)

  it('are seven', () => {
    expect(ofWorkloads).toHaveLength(7)
  })

  it.each(ofWorkloads)('such as $file, a $name, are $expected', ({ file, expected, name }) => {
    const { model, decision } = verifyWorkloadFile(join(folder, file), { model: name })
    expect([model, decision.verdict]).toEqual([name, expected === 'valid' ? 'holds' : 'violated'])
  })

  it('are judged for the reason for which they are wrong', () => {
    expect(sentences('bank-negative-balances.json')).toEqual(['the read at event 3 by process 0 shows -1 in account 7'])
    expect(sentences('long-fork.edn')).toEqual([
      'the read at event 1 by process 0 sees the write of key 1 but not that of 2, and the read at event 3 by process 0 sees that of 2 but not that of 1: no order of the two writes explains both',
    ])
  })

  it('tell their workload by themselves, but for those that only add', () => {
    const files = ['bank.edn', 'bank.json', 'set.edn', 'long-fork.edn', 'bank-negative-balances.json']
    expect(files.map((file) => judged(file).model)).toEqual(['bank', 'bank', 'set', 'long-fork', 'bank'])
    for (const file of ['counter.edn', 'counter.json'])
      expect(() => judged(file)).toThrow('does not say which workload it is of (its operations are add); name the model')
  })
})
