/** How wide a place is, so that what stands in it can be drawn to fit. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

/**
 * In pixels, without its border and scroll bar; 0 before it is there.
 * @param isThere whether it is drawn, where that may change
 */
export function useWidth(place: RefObject<HTMLElement | null>, isThere = true): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = place.current
    if (!isThere || element === null) return undefined
    const look = (): void => setWidth(element.clientWidth)
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [place, isThere])
  return width
}
