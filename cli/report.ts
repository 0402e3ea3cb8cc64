/** The whole report of a check: the summary, the counterexamples, and last the command that repeats it. */
import type { CheckResult, Program } from '../checker/index.ts'
import { showTrace } from '../traces/index.ts'
import { type CheckRequest, quoted, reproduceCommand } from './reproduce.ts'
import { type Printing, summaryText, verdictText } from './summary.ts'

export interface ReportContext {
  readonly request: CheckRequest
  readonly written: readonly string[]
  readonly minimal: boolean | null
  readonly printing: Printing
}

export function reportText(result: CheckResult, instance: Program, { request, written, minimal, printing }: ReportContext): string {
  const parts = [summaryText(result, instance, printing, request.maxViolations)]
  for (const [i, violation] of result.violations.entries()) {
    const number = result.violations.length > 1 ? `counterexample ${i + 1} of ${result.violations.length}\n\n` : ''
    parts.push(
      `${number}${showTrace(instance.model, { ...violation.trace, part: violation.part }, printing)}`,
      // Lassos are not minimized.
      replayHint(written[i], i, request, violation.trace.loop === undefined ? minimal : null),
    )
  }
  if (request.out !== undefined && result.violations.length === 0)
    parts.push(`nothing was written to ${request.out}: there is no counterexample\n`)
  parts.push(verdictText(result, printing))
  return `${parts.join('\n')}\nreproduce: ${reproduceCommand(request)}\n`
}

function replayHint(file: string | undefined, index: number, request: CheckRequest, minimal: boolean | null): string {
  const note =
    minimal === false
      ? 'interrupted while minimizing: steps could be left out\n'
      : minimal
        ? 'minimized: without any one of these steps, it does not happen\n'
        : ''
  if (file !== undefined) return `${note}replay: counterpoint replay ${quoted(file)}\n`
  const name = index === 0 ? 'trace.json' : `trace-${index + 1}.json`
  return `${note}replay: ${reproduceCommand(request)} --out trace.json; counterpoint replay ${name}\n`
}
