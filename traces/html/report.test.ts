import { describe, expect, it } from 'vitest'
import { cell, check, defineModel, program } from '../../checker/index.ts'
import { raft } from '../../models/index.ts'
import { replay } from '../replay.ts'
import { checkReport } from './check-report.ts'
import type { ReportDocument } from './document.ts'
import { reportHtml } from './report.ts'
import { browserProgram, browserRemedy, openHtml, seriousFaults, startBrowser } from './testing/browser.ts'
import { traceReport } from './trace-report.ts'

const document = (): ReportDocument => {
  const [violation] = check(raft, { bugs: ['vote-not-persisted'] }).violations
  if (violation === undefined) throw new Error('the bug is not found')
  return traceReport(replay(raft, violation.trace), { command: 'counterpoint check raft --bug vote-not-persisted' })
}

/** Text that would do something, were it taken for markup. */
const hostile =
  '</script><script>document.title="taken"</script><img src=x onerror=document.title="taken"> \u202egnirts\u202c 👩‍💻 "quotes" \u2028 &amp;'

describe('a report', () => {
  it('is one file of under 150 kB beside its data', () => {
    const whole = document()
    expect(reportHtml(whole).length - JSON.stringify(whole).length).toBeLessThan(150_000)
  })

  it('says of which states a verdict is', () => {
    const counting = (max: number) =>
      defineModel({
        name: 'counting',
        about: 'A number grows',
        state: () => ({ n: cell(0), name: cell('' as string) }),
        actions: (on) => ({
          grow: on.action({
            when: (s) => s.n < 3,
            then: (s) => {
              s.n += 1
              s.name = `\u202e${s.n}`
            },
          }),
        }),
        boundary: (s) => s.n <= max,
        properties: (on) => ({ small: on.always('it is small', (s) => s.n < 3 || `it is ${s.name} by now`) }),
        done: () => true,
      })
    const reportOf = (max: number): ReportDocument =>
      checkReport(check(counting(max)), program(counting(max)), 'counterpoint check ./counting.ts')
    expect(reportOf(2).header.sentence).toMatch(/^counting holds: .*, in every state within the model's boundary$/)
    // What a model says cannot turn round what stands beside it.
    expect(reportOf(3).views).toMatchObject([{ kind: 'trace', properties: [{ message: 'it is \\u{202e}3 by now' }] }, {}])
  })
})

describe.skipIf(browserProgram === null)(`a report in a browser${browserProgram === null ? ` (skipped: ${browserRemedy})` : ''}`, () => {
  it('shows its verdict, asks the network for nothing, complains about nothing, and has no serious fault of accessibility', async () => {
    const browser = await startBrowser()
    try {
      const { page, requests, errors, close } = await openHtml(browser, reportHtml(document()))
      expect(await page.locator('h1').textContent()).toContain('electionSafety is violated')
      expect(await seriousFaults(page)).toEqual([])
      expect({ requests, errors }).toEqual({ requests: [], errors: [] })
      await close()
    } finally {
      await browser.close()
    }
  })

  it('shows hostile text as text', async () => {
    const browser = await startBrowser()
    try {
      const { header, views } = document()
      const html = reportHtml({ header: { ...header, title: hostile, sentence: hostile, command: hostile }, views })
      const { page, requests, errors, close } = await openHtml(browser, html)
      expect(await page.title()).toContain('</script>')
      expect(await page.locator('h1 bdi').textContent()).toBe(hostile)
      expect({ requests, errors }).toEqual({ requests: [], errors: [] })
      await close()
    } finally {
      await browser.close()
    }
  })
})
