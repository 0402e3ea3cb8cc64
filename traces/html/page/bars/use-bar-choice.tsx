/** Choosing one bar of many: by keys and buttons; what the mouse is on is looked at meanwhile. */
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { BarLayout } from './layout.ts'
import { barsByRow, nearestBeside } from './search.ts'

export interface BarChoice {
  readonly chosen: number | null
  /** Its index among all; 0 where there are none. */
  readonly at: number
  readonly count: number
  readonly toIndex: (index: number) => void
  /** The index of what the mouse is on, or else of the chosen one; -1: there are none. */
  readonly shown: number
  readonly hover: (id: number | null) => void
  readonly keys: Readonly<Record<string, () => void>>
}

interface Options {
  /** In the order of their calls. */
  readonly bars: readonly { readonly id: number }[]
  readonly layout: BarLayout
  /** May be one that there is not. */
  readonly asked: number | null
  /** What is chosen then. */
  readonly first: number | null
  readonly choose: (id: number) => void
}

export function useBarChoice({ bars, layout, asked, first, choose }: Options): BarChoice {
  const [hovered, hover] = useState<number | null>(null)
  const index = useMemo(() => new Map(bars.map(({ id }, i) => [id, i])), [bars])
  const byRow = useMemo(() => barsByRow(layout), [layout])
  const chosen = asked !== null && index.has(asked) ? asked : first
  const indexOf = (id: number | null): number => (id === null ? -1 : (index.get(id) ?? -1))
  const at = Math.max(0, indexOf(chosen))
  const toIndex = (to: number): void => {
    const next = bars[Math.max(0, Math.min(bars.length - 1, to))]
    if (next !== undefined) choose(next.id)
  }
  const beside = (by: 1 | -1): void => {
    const bar = layout.bars.find(({ item }) => item.id === chosen)
    const next = bar === undefined ? null : nearestBeside(byRow, bar, by)
    if (next !== null) choose(next.item.id)
  }
  const keys = {
    ArrowRight: () => toIndex(at + 1),
    ArrowLeft: () => toIndex(at - 1),
    ArrowDown: () => beside(1),
    ArrowUp: () => beside(-1),
    Home: () => toIndex(0),
    End: () => toIndex(bars.length - 1),
  }
  return { chosen, at, count: bars.length, toIndex, shown: indexOf(hovered ?? chosen), hover, keys }
}

interface ButtonProperties {
  readonly choice: BarChoice
  /** What a bar is: `operation`. */
  readonly what: string
}

export function ChoiceButtons({ choice: { at, count, toIndex }, what }: ButtonProperties): JSX.Element {
  const [isFirst, isLast] = [at === 0, at >= count - 1]
  return (
    <>
      <button type="button" aria-label={`first ${what}`} title="Home" disabled={isFirst} onClick={() => toIndex(0)}>
        |◀
      </button>
      <button type="button" aria-label={`${what} before`} title="←" disabled={isFirst} onClick={() => toIndex(at - 1)}>
        ◀
      </button>
      <output>
        {at + 1} of {count}
      </output>
      <button type="button" aria-label={`next ${what}`} title="→" disabled={isLast} onClick={() => toIndex(at + 1)}>
        ▶
      </button>
      <button type="button" aria-label={`last ${what}`} title="End" disabled={isLast} onClick={() => toIndex(count - 1)}>
        ▶|
      </button>
    </>
  )
}
