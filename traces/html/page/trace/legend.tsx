/** What the signs of a diagram mean: of those that are in it. */
import type { JSX } from 'preact'
import type { TraceView } from '../../document.ts'

export function Legend({ view: { steps, messages, partitions, lanes } }: { readonly view: TraceView }): JSX.Element {
  const has = (mark: string): boolean => steps.some((step) => step.mark === mark)
  const signs = [
    ['●', 'takes a step', steps.length > 0],
    ['◆', 'a timer or a timeout', has('timer')],
    ['✗', 'a crash, or a message that is lost', has('crash') || messages.some(({ isLost }) => isLost)],
    ['→', 'a message, from sending to arrival', messages.some(({ ended, isLost }) => ended !== null && !isLost)],
    ['┄○', 'a message that is still on its way', messages.some(({ ended }) => ended === null)],
    ['▨', 'cut off by a partition', partitions.length > 0],
    ['env', 'what happens to them from outside', lanes.some(({ kind }) => kind === 'environment')],
  ] as const
  return (
    <p class="faint legend">
      {signs.flatMap(([sign, meaning, isThere]) =>
        isThere
          ? [
              <span key={sign}>
                <b>{sign}</b> {meaning}
              </span>,
            ]
          : [],
      )}
    </p>
  )
}
