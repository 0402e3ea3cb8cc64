/** Which rows of a long list can be seen: others need not be drawn. */
import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export interface VisibleRows {
  readonly from: number
  /** The last one. */
  readonly to: number
}

/** Lists of fewer rows are drawn as a whole; they print, and can be searched. */
const wholeMax = 400
const margin = 40

export function useVisibleRows(box: RefObject<HTMLElement | null>, rows: number, rowHeight: number): VisibleRows {
  const [visible, setVisible] = useState<VisibleRows>({ from: 0, to: wholeMax })
  useEffect(() => {
    const element = box.current
    if (element === null || rows <= wholeMax) return undefined
    const look = (): void => {
      const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - margin)
      const to = Math.min(rows - 1, Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + margin)
      setVisible((was) => (was.from === from && was.to === to ? was : { from, to }))
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      element.removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [box, rows, rowHeight])
  return rows <= wholeMax ? { from: 0, to: rows - 1 } : visible
}
