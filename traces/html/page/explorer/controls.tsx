/** Back and forth along the path, and where it begins. */
import type { JSX } from 'preact'
import { useKeys } from '../use-keys.ts'
import type { Explored } from './use-explorer.ts'

interface Properties {
  readonly explored: Explored
  readonly initial: readonly string[]
  readonly initialTotal: number
}

export function Controls({ explored: { route, moveTo, goTo }, initial, initialTotal }: Properties): JSX.Element {
  const { at, path } = route
  const last = path.length - 1
  const move = (to: number): void => {
    if (to >= 0 && to <= last && to !== at) moveTo(to)
  }
  useKeys({
    ArrowDown: () => move(at + 1),
    ArrowRight: () => move(at + 1),
    j: () => move(at + 1),
    ArrowUp: () => move(at - 1),
    ArrowLeft: () => move(at - 1),
    k: () => move(at - 1),
    Home: () => move(0),
    End: () => move(last),
  })
  return (
    <div class="controls">
      <button type="button" onClick={() => move(0)} disabled={at === 0} aria-label="first state" title="Home">
        |◀
      </button>
      <button type="button" onClick={() => move(at - 1)} disabled={at === 0} aria-label="step back" title="k or ←">
        ◀
      </button>
      <button type="button" onClick={() => move(at + 1)} disabled={at === last} aria-label="step forward" title="j or →">
        ▶
      </button>
      <button type="button" onClick={() => move(last)} disabled={at === last} aria-label="last state" title="End">
        ▶|
      </button>
      <output>
        step {at} of {last}
      </output>
      {initialTotal > 1 && (
        <label>
          begin in{' '}
          <select value={String(path[0] ?? 0)} onChange={(event) => goTo([Number(event.currentTarget.value)])}>
            {initial.map((text, i) => (
              <option key={text} value={String(i)}>
                {text}
              </option>
            ))}
          </select>
          {initialTotal > initial.length && (
            <span class="faint">
              {' '}
              the first {initial.length} of {initialTotal} initial states
            </span>
          )}
        </label>
      )}
    </div>
  )
}
