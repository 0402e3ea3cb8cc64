/** Keys that work wherever the focus is, but where it has a use for them itself. */
import { useLayoutEffect } from 'preact/hooks'

export function useKeys(keys: Readonly<Record<string, () => unknown>>): void {
  // Before anything is painted: the next key may come sooner, and must not act on what was there before this one.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const act = keys[event.key]
      if (act === undefined || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
      const { target } = event
      if (target instanceof Element && target.matches('input, select, textarea, [role=tab]')) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
