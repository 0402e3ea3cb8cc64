/** Where a reader is: kept in the hash of the URL, so that a link leads there and the browser's buttons go back and forth. */
import { useCallback, useEffect, useState } from 'preact/hooks'

export interface Place {
  /** Which tab. */
  readonly view: number
  /** The state that is looked at: 0 is the initial one. */
  readonly step: number
  /** The state that it is compared with; null: the one before. */
  readonly compared: number | null
}

/** `#view=1&step=3`; what is missing or makes no sense is left as at first. */
export function readPlace(hash: string): Place {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const compared = given.get('with')
  return { view: natural(given.get('view')), step: natural(given.get('step')), compared: compared === null ? null : natural(compared) }
}

export function writePlace({ view, step, compared }: Place): string {
  return `#view=${view}&step=${step}${compared === null ? '' : `&with=${compared}`}`
}

/** The place, and how to go to another one; what is not said stays. */
export function usePlace(): readonly [Place, (to: Partial<Place>) => void] {
  const [place, setPlace] = useState(() => readPlace(location.hash))
  useEffect(() => {
    const follow = (): void => setPlace(readPlace(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const go = useCallback((to: Partial<Place>) => {
    const next = { ...readPlace(location.hash), ...to }
    history.replaceState(null, '', writePlace(next))
    // Every component that asks for the place hears of it.
    dispatchEvent(new HashChangeEvent('hashchange'))
  }, [])
  return [place, go]
}

function natural(text: string | null): number {
  const value = Number(text ?? '0')
  return Number.isSafeInteger(value) && value >= 0 ? value : 0
}
