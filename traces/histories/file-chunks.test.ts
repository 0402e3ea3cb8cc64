import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { fileChunks } from './file-chunks.ts'
import { readHistoryFile } from './read.ts'
import { errorOf, shortly } from './testing/read-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the chunks of a file', () => {
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251))

  it('are its bytes, a mebibyte at a time', () => {
    writeFileSync(join(folder, 'plain'), bytes)
    const chunks = [...fileChunks(join(folder, 'plain'))]
    expect(chunks.map(({ length }) => length)).toEqual([1048576, 1048576, 902848])
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  })

  it('are what gzip has packed, whatever the file is called', () => {
    const noise = Buffer.from(Array.from({ length: 2_000_000 }, (_, i) => (Math.sin(i) * 1e6) & 255))
    const packed = gzipSync(noise)
    expect(packed.length).toBeGreaterThan(1 << 20)
    writeFileSync(join(folder, 'packed.edn'), packed)
    expect(Buffer.concat([...fileChunks(join(folder, 'packed.edn'))]).equals(noise)).toBe(true)
  })

  it('make a history, which errors call by its path', () => {
    const path = join(folder, 'h.log')
    writeFileSync(path, gzipSync('# queue\nenq 1 0 5\n'))
    expect(shortly(readHistoryFile(path).history)).toEqual(['0 invoke enqueue 1', '0 ok enqueue null'])
    writeFileSync(path, '# queue\nenq 1 6 5\n')
    expect(errorOf(() => readHistoryFile(path))).toContain(`history-syntax ${path}:2:1: found enq`)
    expect(errorOf(() => readHistoryFile(path, { file: 'shown' }))).toContain('history-syntax shown:2:1: found enq')
  })

  it('of a file that cannot be read are an error of one line', () => {
    const missing = join(folder, 'missing')
    expect(errorOf(() => [...fileChunks(missing)])).toBe(`history-syntax cannot read ${missing}: no such file`)
    expect(errorOf(() => [...fileChunks(folder)])).toBe(`history-syntax cannot read ${folder}: it is a directory`)
    const broken = join(folder, 'broken.gz')
    writeFileSync(broken, gzipSync('something').subarray(0, 15))
    expect(errorOf(() => [...fileChunks(broken)])).toMatch(/^history-syntax cannot read .*broken\.gz: it is not gzip to its end \(.*\)$/)
  })
})
