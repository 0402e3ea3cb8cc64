/** Keeps a row of a list in sight. */
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { rowHeight } from './trace/diagram.tsx'

/** @param rows how many there are, where that may change without the row */
export function useScrollToRow(box: RefObject<HTMLElement | null>, row: number, rows?: number): void {
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const y = row * rowHeight
    if (y < element.scrollTop || y > element.scrollTop + element.clientHeight - 3 * rowHeight)
      element.scrollTop = y - element.clientHeight / 2
  }, [box, row, rows])
}
