/**
 * Transactions of registers as AWDIT's tests write them: a step a line, `w key value` or `r key value`, a line `-----` between two
 * transactions of a session, and a line `=====` between two sessions. All have committed, and nothing is said of when. Source: the
 * repository of "AWDIT" (PLDI 2025).
 */
import { scalarOf } from './container-names.ts'
import type { RawEvent } from './raw-event.ts'
import { quoted, type TextSource } from './text-source.ts'
import { committedEvents, type RegisterStep } from './transaction-events.ts'

const stepLine = /^\s*([rw])\s+(-?\d+)\s+(-?\d+)\s*$/

export function isAwditStep(line: string): boolean {
  return stepLine.test(line)
}

export function* awditEvents(source: TextSource): Generator<RawEvent, void, undefined> {
  let session = 0
  let steps: RegisterStep[] = []
  let first = 1
  for (let line = source.nextLine(), number = 1; line !== null; line = source.nextLine(), number++) {
    const match = stepLine.exec(line)
    if (match !== null) {
      const [, f, key = '', value = ''] = match
      if (steps.length === 0) first = number
      steps.push([f as 'r' | 'w', scalarOf(key), scalarOf(value)])
      continue
    }
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    const isSession = /^={3,}$/.test(text)
    if (!isSession && !/^-{3,}$/.test(text))
      throw source.refuse(
        number,
        line.search(/\S/) + 1,
        `found ${quoted(text)}, expected a line such as w 1 2 (key and value), ----- between transactions or ===== between sessions`,
      )
    if (steps.length > 0) yield* committedEvents(session, steps, first, 1)
    steps = []
    if (isSession) session++
  }
  if (steps.length > 0) yield* committedEvents(session, steps, first, 1)
}
