import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../../properties/history.ts'
import type { Value } from '../../properties/value.ts'
import { anyDocument, levelVerdicts } from './any-verdict.ts'
import { type VerifyWorkloadOptions, verifyWorkloadFile, type WorkloadVerdict } from './verify-workload.ts'
import { workloadOf } from './workload-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-workload-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function verified(text: string | Uint8Array, options: VerifyWorkloadOptions = {}): WorkloadVerdict {
  const path = join(folder, 'history.txt')
  writeFileSync(path, text)
  return verifyWorkloadFile(path, { file: 'history.txt', ...options })
}

const set = '[0 :invoke :add 1]\n[0 :ok :add 1]\n[:nemesis :info :kill nil]\n[1 :invoke :read nil]\n[1 :ok :read #{}]\n'

describe('a workload in a file', () => {
  it('is judged, with what it was judged by', () => {
    const found = verified(set)
    expect(found).toMatchObject({ kind: 'workload', file: 'history.txt', format: 'jepsen-edn', model: 'set', annotations: 1, options: {} })
    expect(levelVerdicts(found)).toEqual(['violated'])
    expect(anyDocument(found)).toMatchObject({
      model: 'set',
      level: 'invariant',
      verdict: 'violated',
      operations: 2,
      events: 4,
      annotations: 1,
      evidence: {
        note: '1 read of a set with 1 acknowledged element: 0 stay in it to the end',
        counts: { 'lost-element': 1 },
        findings: [
          {
            name: 'lost-element',
            violates: [],
            events: [
              { index: 1, process: 0, type: 'ok', f: 'add', value: 1 },
              { index: 3, process: 1, type: 'ok', f: 'read', value: [] },
            ],
          },
        ],
      },
    })
  })

  it('may be packed, in any format whose order of events is that of time, and tells how far it was read', () => {
    const shares: number[] = []
    const lines = ['invoke', 'ok'].map((type) => `{"process": 0, "type": "${type}", "f": "increment", "value": null}\n`).join('')
    const found = verified(gzipSync(lines), { onProgress: (share) => shares.push(share) })
    expect([found.format, found.model, found.decision.verdict]).toEqual(['jepsen-json', 'counter', 'holds'])
    expect(shares.at(-1)).toBe(1)
  })

  it('that is cut off is refused, at its place', () => {
    expect(() => verified(set.slice(0, -3))).toThrow(/^history\.txt:5:/)
    expect(() => verified('')).toThrow(/^history\.txt:1:1: the file is empty/)
  })
})

describe('the workload of a history', () => {
  const events = (...all: readonly (readonly [HistoryEvent['type'], string, Value])[]): HistoryEvent<Value>[] =>
    all.map(([type, f, value], index) => ({ index, process: 0, type, f, value }))

  it.each<[string | null, string, HistoryEvent<Value>[]]>([
    ['bank', 'transfers', events(['invoke', 'transfer', null])],
    ['bank', 'reads of a map', events(['invoke', 'read', null], ['ok', 'read', { a: 1 }])],
    ['counter', 'decrements', events(['invoke', 'decrement', 1])],
    ['counter', 'reads of a number', events(['invoke', 'add', 1], ['fail', 'add', 1], ['invoke', 'read', null], ['ok', 'read', 0])],
    ['counter', 'reads of a large number', events(['invoke', 'read', null], ['ok', 'read', 2n ** 64n])],
    ['set', 'adds and reads of a list', events(['invoke', 'add', 1], ['invoke', 'read', null], ['ok', 'read', []])],
    ['set', 'elements that look like steps', events(['invoke', 'add', ['r', 1]], ['ok', 'add', ['r', 1]], ['ok', 'read', [['r', 1]]])],
    ['long-fork', 'transactions', events(['invoke', 'write', [['w', 1, 1]]])],
    [null, 'adds alone', events(['invoke', 'add', 1], ['ok', 'add', 1])],
    [null, 'adds, and reads of null', events(['invoke', 'add', 1], ['ok', 'read', null])],
    [null, 'adds, and reads of a map', events(['invoke', 'add', 1], ['ok', 'read', { a: 1 }])],
    [null, 'reads of a list alone', events(['invoke', 'read', null], ['ok', 'read', [1]])],
    [null, 'nothing', []],
  ])('is %s of %s', (name, _, history) => {
    expect(workloadOf(history)).toBe(name)
  })
})
