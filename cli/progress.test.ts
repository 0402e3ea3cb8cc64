import { describe, expect, it } from 'vitest'
import { progressLine } from './progress.ts'

const progress = { distinct: 1_234_567, generated: 9_876_543, frontier: 4321, depth: 17, seconds: 2, memoryBytes: 256e6 }

/** A line on an output whose clock is at the given milliseconds at each report. */
function drawn(isTTY: boolean, columns: number, times: readonly number[]): string[] {
  const written: string[] = []
  let time = 0
  const line = progressLine({ isTTY, columns, write: (text) => void written.push(text) }, 'bfs', () => time)
  for (time of times) line.report(progress)
  line.clear()
  return written
}

describe('progress', () => {
  it('is one line on a terminal, redrawn at most ten times a second and cleared at the end', () => {
    const written = drawn(true, 120, [50, 100, 150, 199, 200, 900])
    expect(written).toHaveLength(4)
    expect(written[0]).toBe('\r\x1b[2K1,234,567 states (617,284/s), 9,876,543 generated, frontier 4,321, depth 17, 2.00 s, 256 MB')
    expect(written.at(-1)).toBe('\r\x1b[2K')
  })

  it('never fills the last column, where a terminal would wrap', () => {
    expect(drawn(true, 40, [100])[0]).toBe('\r\x1b[2K1,234,567 states (617,284/s), 9,876,54…')
  })

  it('is a plain line every ten seconds elsewhere', () => {
    const written = drawn(false, 80, [100, 5000, 10_000, 15_000, 20_000])
    expect(written).toHaveLength(2)
    for (const line of written) expect(line).toMatch(/^1,234,567 states .*256 MB\n$/)
  })

  it('does not show at all where the search is short', () => {
    expect(drawn(true, 80, [20, 60])).toEqual([])
  })
})
