/** What of a large picture can be seen: only that is drawn. */
import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export interface Sight {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export function useSight(box: RefObject<HTMLElement | null>): Sight {
  const [sight, setSight] = useState<Sight>({ x: 0, y: 0, width: 900, height: 400 })
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const look = (): void => {
      const { scrollLeft: x, scrollTop: y, clientWidth: width, clientHeight: height } = element
      setSight((was) => (was.x === x && was.y === y && was.width === width && was.height === height ? was : { x, y, width, height }))
    }
    look()
    const resized = new ResizeObserver(look)
    resized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [box])
  return sight
}
