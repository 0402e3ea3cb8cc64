/** Buttons and keys to zoom by. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'

export interface Zoom {
  readonly zoom: number
  readonly closer: () => void
  readonly further: () => void
  /** As large as labels need. */
  readonly plain: () => void
  /** As small as it takes to see everything. */
  readonly whole: () => void
  readonly onWhole: (zoom: number) => void
}

const step = 1.5
const closest = 4
/** Browsers scroll over no more. */
const pixelsMax = 15_000_000

/** @param width of the picture, where labels have the room that they need */
export function useZoom(width: number): Zoom {
  const [zoom, setZoom] = useState(1)
  const least = useRef(1)
  const most = Math.max(1, Math.min(closest, pixelsMax / width))
  const to = (next: number): void => setZoom(Math.min(most, Math.max(Math.min(1, least.current), next)))
  return {
    zoom,
    closer: () => to(zoom * step),
    further: () => to(zoom / step),
    plain: () => to(1),
    whole: () => to(least.current),
    onWhole: (whole) => {
      least.current = whole
    },
  }
}

/** `+`, `-`, `1` and `0`. */
export function zoomKeys({ closer, further, plain, whole }: Zoom): Readonly<Record<string, () => void>> {
  return { '+': closer, '-': further, '1': plain, '0': whole }
}

export function ZoomButtons({ zoom: { closer, further, plain, whole, zoom } }: { readonly zoom: Zoom }): JSX.Element {
  return (
    <>
      <button type="button" aria-label="zoom in" title="+" onClick={closer}>
        +
      </button>
      <button type="button" aria-label="zoom out" title="-" onClick={further}>
        −
      </button>
      <button type="button" title="1" disabled={zoom === 1} onClick={plain}>
        every label
      </button>
      <button type="button" title="0" onClick={whole}>
        show all
      </button>
    </>
  )
}
