/** Where a reader is: kept in the hash of the URL, so that a link leads there and the browser's buttons go back and forth. */
import { useCallback, useLayoutEffect, useState } from 'preact/hooks'

export interface Place {
  /** Which tab. */
  readonly view: number
  /** The state that is looked at: 0 is the initial one. */
  readonly step: number
  /** The state that it is compared with; null: the one before. */
  readonly compared: number | null
  /** The id of the operation, or of the transaction, that is looked at; null: none is chosen. */
  readonly operation: number | null
  /** Which dependency; null: none is chosen. */
  readonly edge: number | null
}

/** `#view=1&step=3`; what is missing or makes no sense is left as at first. */
export function readPlace(hash: string): Place {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const maybe = (name: string): number | null => {
    const text = given.get(name)
    return text === null ? null : natural(text)
  }
  return {
    view: natural(given.get('view')),
    step: natural(given.get('step')),
    compared: maybe('with'),
    operation: maybe('operation'),
    edge: maybe('edge'),
  }
}

export function writePlace({ view, step, compared, operation, edge }: Place): string {
  const maybe = (name: string, value: number | null): string => (value === null ? '' : `&${name}=${value}`)
  return `#view=${view}&step=${step}${maybe('with', compared)}${maybe('operation', operation)}${maybe('edge', edge)}`
}

/** The place, and how to go to another one; what is not said stays. */
export function usePlace(): readonly [Place, (to: Partial<Place>) => void] {
  const [place, setPlace] = useState(() => readPlace(location.hash))
  useLayoutEffect(() => {
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
