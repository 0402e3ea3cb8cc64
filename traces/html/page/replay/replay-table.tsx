/** A model's trace beside what a real system made of it. */
import type { JSX } from 'preact'
import type { ReplayRow, ReplayView } from '../../document.ts'
import { Scrolled } from '../scrolled.tsx'

interface Properties {
  readonly view: ReplayView
  /** Shows the state of the model after a step. */
  readonly onStep: (step: number) => void
}

export function ReplayTable({ view: { target, rows, firstDifference }, onStep }: Properties): JSX.Element {
  return (
    <Scrolled label="model and system side by side">
      <table class="replay">
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">what is done</th>
            <th scope="col">the model allows</th>
            <th scope="col">
              <bdi>{target}</bdi>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr
              key={`${i} ${row.text}`}
              class={classOf(row, i === firstDifference)}
              aria-current={i === firstDifference ? 'step' : undefined}
            >
              <td>
                {row.model !== '' && row.of > 0 && (
                  <button type="button" aria-label={`show the model after step ${row.of}`} onClick={() => onStep(row.of)}>
                    {row.of}
                  </button>
                )}
              </td>
              <td>
                <bdi>{row.text}</bdi>
              </td>
              <td>
                <bdi>{row.model}</bdi>
              </td>
              <td>
                {i === firstDifference && <strong>first difference: </strong>}
                <bdi>{row.real ?? 'not taken'}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  )
}

function classOf({ real, isAllowed }: ReplayRow, isFirst: boolean): string {
  if (real === null) return 'untaken'
  return isFirst && !isAllowed ? 'differs' : 'taken'
}
